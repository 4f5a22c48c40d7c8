"""Generate a public awareness campaign: Markdown and poster art in; website, leaflets, posters and pictures out.

This module is the Python API:

    import campaign

    if __name__ == "__main__":  # printing starts processes that import this file again
        report = campaign.build("my-campaign")
        for problem in report.problems:
            print(problem)

ARCHITECTURE.md follows one build through the packages; contracts in pyproject.toml restrict their imports.
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

# Imported on first use: each command imports this module, and few need all of it.
_HOMES = {
    "Campaign": "campaign.models.campaign",
    "CampaignError": "campaign.models.problem",
    "Problem": "campaign.models.problem",
    "Report": "campaign.pipeline.report",
}


def load(root: str | Path) -> tuple[Campaign, list[Problem]]:
    """Read a campaign without building anything.

    Example:
        >>> found, problems = campaign.load("my-campaign")
        >>> [page.title for page in found.pages.values() if page.language == "en"]

    Args:
        root: the campaign folder, which contains mkdocs.yml.

    Returns:
        The campaign and the problems in its files. A campaign with problems that stop a build may lack the parts
        concerned.

    Raises:
        CampaignError: the folder has no mkdocs.yml or no language.
    """
    from campaign.content import load as read

    return read(Path(root).resolve())


def check(root: str | Path) -> list[Problem]:
    """Check everything that people wrote, and the last build if there is one.

    Example:
        >>> for problem in campaign.check("my-campaign"):
        ...     print(problem.where, problem.message, problem.fix)

    Args:
        root: the campaign folder, which contains mkdocs.yml.

    Returns:
        The problems; those with `stops` prevent a build.
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
    """Build what changed into site/ and dist/ of the campaign folder, like `campaign build`.

    If a problem stops the build, the last good site/ and dist/ are left untouched.

    Example:
        >>> report = campaign.build("my-campaign")
        >>> report.stops, len(report.made), [str(problem) for problem in report.problems]

    Args:
        root: the campaign folder, which contains mkdocs.yml.
        is_release: refuse unreviewed translations, unverified numbers and pages over their weight budget.
        is_trusted: run the campaign's own programs and templates instead of refusing them.
        progress: called with the step's name, how much of it is done, and its total.

    Returns:
        The outputs and the problems.
    """
    from campaign.models.problem import CampaignError
    from campaign.pipeline.build import build as run
    from campaign.pipeline.report import Report, quiet
    from campaign.pipeline.unchanged_build import report_if_unchanged

    try:
        with _safe_workers():
            folder = Path(root).resolve()
            report = None if is_release else report_if_unchanged(folder, is_trusted)
            return report or run(folder, progress or quiet, is_release, is_trusted)
    except CampaignError as error:
        return Report(problems=list(error.problems))


@contextmanager
def _safe_workers() -> Iterator[None]:
    """Worker processes look for Python's own modules where Python is, not in the campaign's folder first."""
    old_value = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if old_value is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = old_value


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("campaign")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module `campaign` has no attribute `{name}`")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
