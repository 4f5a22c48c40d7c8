"""Unredacted originals of photos, in `originals/`: ignored by git and left out of every copy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from filecmp import cmp
from pathlib import Path

from campaign.cache.atomic import files_below
from campaign.cache.external_programs import ProgramTimeout, run_program
from campaign.content.writing import ignored_folder
from campaign.models.problem import CampaignError, Problem

ORIGINALS = "originals"
FOLDERS = ("docs", "assets", "public", "handed-out")
GIT_TIMEOUT_S = 120


def originals_folder(root: Path) -> Path:
    """Return the folder, with its .gitignore."""
    return ignored_folder(root, ORIGINALS)


def original_of(root: Path, name: str) -> Path | None:
    """Return a photo's original, if there is one."""
    results = sorted(path for path in (root / ORIGINALS).glob(f"{name}.*") if path.stem == name)
    return results[0] if results else None


def check_originals(root: Path) -> Iterator[Problem]:
    """Yield originals that git would push, and copies in folders that are published."""
    folder = root / ORIGINALS
    if not folder.is_dir():
        return
    sizes = {entry.stat().st_size: Path(entry.path) for _, entry in files_below(folder)}
    for top in FOLDERS:
        for name, entry in files_below(root / top, f"{top}/"):
            original = sizes.get(entry.stat().st_size)
            if original and cmp(original, entry.path, shallow=False):
                message = f"This is a copy of {ORIGINALS}/{original.name}, an original with parts to cover."
                yield Problem("original-exposed", name, message, "Delete it, or move it out of the campaign.")
    yield from _check_tracked(root)


def _check_tracked(root: Path) -> Iterator[Problem]:
    if (root / ORIGINALS).is_dir() and (tracked := _tracked(root)):
        message = f"git tracks {len(tracked)} originals of photos with covered faces."
        fix = f"Run `git rm --cached -r {ORIGINALS}`, and delete them from the history before you push."
        yield Problem("original-exposed", tracked[0], message, fix)


def _tracked(root: Path) -> list[str]:
    # A received campaign's git settings may run programs.
    quiet = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
    try:
        completed = run_program(
            ["git", *quiet, "ls-files", "-z", "--", ORIGINALS], folder=root, timeout_s=GIT_TIMEOUT_S
        )
    except (OSError, ProgramTimeout):
        return []
    names = completed.stdout.decode(errors="replace").split("\0") if completed.returncode == 0 else []
    return [name for name in names if name and not name.endswith(".gitignore")]


def refuse_exposed(problems: Iterator[Problem]) -> None:
    """Raise CampaignError if there are problems, before a campaign is handed over."""
    if results := list(problems):
        raise CampaignError(results)
