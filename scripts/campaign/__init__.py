"""Makes a public awareness campaign: Markdown and poster art in, website, leaflets, posters and pictures out.

For programs of your own, this module is the way in:

    import campaign

    if __name__ == "__main__":  # what is printed is made by several processes, which read this file again
        report = campaign.build("my-campaign")
        for problem in report.problems:
            print(problem)

ARCHITECTURE.md goes through one build and draws the rooms; the contracts in pyproject.toml hold imports to it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from campaign.models.campaign import Campaign
    from campaign.models.problem import CampaignError, Problem
    from campaign.pipeline.report import Progress, Report

    __version__: str

__all__ = ["Campaign", "CampaignError", "Problem", "Report", "__version__", "build", "check", "load"]

# Loaded when somebody asks for them: each command imports this module, and few need all of it.
_HOMES = {
    "Campaign": "campaign.models.campaign",
    "CampaignError": "campaign.models.problem",
    "Problem": "campaign.models.problem",
    "Report": "campaign.pipeline.report",
}


def load(root: str | Path) -> tuple[Campaign, list[Problem]]:
    """Reads all that people wrote for a campaign, and makes nothing.

    Example:
        >>> found, problems = campaign.load("my-campaign")
        >>> [page.title for page in found.pages.values() if page.language == "en"]

    Args:
        root: the campaign's folder, the one with mkdocs.yml.

    Returns:
        The campaign, and what is wrong with its files. A campaign with problems that stop a build may lack what they
        are about.

    Raises:
        CampaignError: there is no campaign to speak of: no mkdocs.yml, or no language.
    """
    from campaign.content import load as read

    return read(Path(root).resolve())


def check(root: str | Path) -> list[Problem]:
    """Looks through all that was written, and through the site that was built last, where one stands.

    Example:
        >>> for problem in campaign.check("my-campaign"):
        ...     print(problem.where, problem.what, problem.fix)

    Args:
        root: the campaign's folder, the one with mkdocs.yml.

    Returns:
        Everything to mend; a build refuses where one of them `stops`. [] where there is nothing.
    """
    from campaign.models.problem import CampaignError
    from campaign.pipeline.build import check as run

    try:
        with _safe_workers():
            return run(Path(root).resolve())[1]
    except CampaignError as error:
        return list(error.problems)


def build(
    root: str | Path, *, is_release: bool = False, is_trusted: bool = False, progress: Progress | None = None
) -> Report:
    """Makes what changed, into site/ and dist/ of the campaign's folder, as `campaign build` does.

    Where a problem stops it, the last good site/ and dist/ stay as they are.

    Example:
        >>> report = campaign.build("my-campaign")
        >>> report.stops, len(report.made), [str(problem) for problem in report.problems]

    Args:
        root: the campaign's folder, the one with mkdocs.yml.
        is_release: refuse what rests on translations that nobody reviewed or numbers that nobody checked, and pages
            that are too heavy.
        is_trusted: run the programs and templates that the campaign brings along, instead of refusing them.
        progress: called with a step's name, how much of it is done, and how much it is in all.

    Returns:
        What was made, and everything to mend.
    """
    from campaign.models.problem import CampaignError
    from campaign.pipeline.build import build as run
    from campaign.pipeline.report import Report, quiet
    from campaign.pipeline.untouched import untouched

    try:
        with _safe_workers():
            folder = Path(root).resolve()
            found = None if is_release else untouched(folder, is_trusted)
            return found or run(folder, progress or quiet, is_release, is_trusted)
    except CampaignError as error:
        return Report(problems=list(error.problems))


@contextmanager
def _safe_workers() -> Iterator[None]:
    """Worker processes look for Python's own modules where Python is, not in the campaign's folder first."""
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("campaign")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module `campaign` has no attribute `{name}`")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
