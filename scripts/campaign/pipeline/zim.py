"""`campaign zim`: the site as a Kiwix file per language, in dist/copies/ until the next build."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

from campaign.cache.atomic import fresh_folder
from campaign.cache.external_programs import last_line, run_program
from campaign.cache.output_files import replace_file
from campaign.content import load
from campaign.content.languages import as_built
from campaign.content.releases import refuse_withheld
from campaign.models.optional_parts import PARTS
from campaign.models.problem import CampaignError, Problem, unsilenced
from campaign.pipeline.locking import lock
from campaign.pipeline.report import Progress, quiet
from campaign.website import site_copy
from campaign.website.one_file import copy_name
from campaign.website.zim import WRITER, with_one_identity, zim_book


def make_zims(root: Path, languages: Collection[str] = (), progress: Progress = quiet) -> dict[str, int]:
    """Make Kiwix files from the last built site.

    Args:
        root: the campaign's folder.
        languages: codes; () for all.
        progress: called at each step.

    Returns:
        Their sizes in bytes, by path below dist/.

    Raises:
        CampaignError: nothing was built, or libzim is missing or fails.
    """
    if find_spec("libzim") is None:
        message, fix = "Files for Kiwix need a part that is not here.", f"Run: {PARTS['zim'].remedy}"
        raise CampaignError([Problem("zim-missing", "libzim", message, fix)])
    campaign, problems = load(root)
    if any(problem.stops for problem in problems):
        raise CampaignError(unsilenced(problems, campaign.silence))
    books = {}
    with lock(root):
        if not (root / "site/index.html").is_file():
            raise CampaignError([Problem("zim-nothing", "site", "No site was built yet.", "Run: campaign build")])
        refuse_withheld(campaign, root / "site")
        campaign = as_built(campaign)
        folder = fresh_folder(root, "zim")
        selected_languages = [
            language for code, language in campaign.languages.items() if not languages or code in languages
        ]
        for count, language in enumerate(selected_languages, 1):
            progress("zim", count, len(selected_languages))
            copy = site_copy(root / "site", [language.code], [*campaign.languages], has_files=False)
            book = zim_book(campaign, language, copy)
            if book is None:
                continue
            target = folder / f"{language.code}.zim"
            job = asdict(book) | {"illustration": book.illustration.hex(), "target": str(target)}
            _write(job)
            name = f"copies/{copy_name(campaign)}-{language.code}.zim"
            data = with_one_identity(target.read_bytes())
            replace_file(root, name, data)
            books[name] = len(data)
    return books


def _write(job: dict[str, object]) -> None:
    """Run the writer with `-P`, so that no file in its folder can replace a module of Python."""
    command = [sys.executable, "-P", str(WRITER)]
    completed = run_program(command, stdin_data=json.dumps(job).encode())
    if completed.returncode:
        message = f"libzim could not write the file: {last_line(completed.stderr)}"
        raise CampaignError(
            [Problem("zim-failed", str(job["main"]), message, "Make room on the disk, then try again.")]
        )
