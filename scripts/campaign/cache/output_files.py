"""Replace single files of `dist/`, and refuse outputs that are links into other people's folders."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from campaign.cache.atomic import OUTDATED, OUTPUTS, RETRY_TIMEOUT_S, WORK, file_in_use, move, write_whole
from campaign.models.problem import CampaignError, Problem

# Targets of linked outputs, by name; empty when a link is first seen.
LINKS_FILE = f"{WORK}/linked-outputs.json"
# Marks a `.build` behind a link as filled by a build.
CACHE_FILE = "memo.sqlite"
LINK_FIX = "Remove the link, or let it lead to an empty folder."


def refuse_foreign_links(root: Path) -> None:
    """Refuse outputs that are links to folders which we didn't fill.

    A link may lead to an empty folder (on another disk, say), which is recorded; from then on the folder is ours.

    Raises:
        CampaignError: a link leads to a folder with other files, or is inside an output.
    """
    recorded_links = _recorded_links(root)
    problems = [*_linked_outputs(root, recorded_links), *_linked_inside(root)]
    if problems:
        raise CampaignError(problems)
    current_links = {name: os.path.realpath(root / name) for name in OUTPUTS if (root / name).is_symlink()}
    if current_links != recorded_links:
        write_whole(root / LINKS_FILE, json.dumps(current_links).encode())


def replace_file(root: Path, name: str, data: bytes) -> bool:
    """Put a file into `dist/` and return whether it changed; its copy in `dist/outdated/` is deleted.

    Raises:
        CampaignError: it is open in another program.
    """
    target, outdated = root / "dist" / name, root / "dist" / OUTDATED / name
    _refuse_links_between(root, target, outdated)
    try:
        if is_new := not target.is_file() or target.read_bytes() != data:
            write_whole(target, data)
        outdated.unlink(missing_ok=True)
    except PermissionError:
        raise CampaignError([file_in_use(f"dist/{name}")]) from None
    with suppress(OSError):
        for folder in outdated.relative_to(root / "dist").parents[:-1]:
            (root / "dist" / folder).rmdir()  # until one is not empty
    return is_new


def move_to_outdated(root: Path, name: str) -> bool:
    """Move a file of `dist/` to `dist/outdated/`, so that it isn't mistaken for a valid one; return whether it existed.

    Raises:
        CampaignError: it is open in another program.
    """
    target, outdated = root / "dist" / name, root / "dist" / OUTDATED / name
    _refuse_links_between(root, target, outdated)
    try:
        if target.is_file():
            outdated.parent.mkdir(parents=True, exist_ok=True)
            move(target, outdated, time.monotonic() + RETRY_TIMEOUT_S)
    except PermissionError:
        raise CampaignError([file_in_use(f"dist/{name}")]) from None
    return outdated.is_file()


def _refuse_links_between(root: Path, *paths: Path) -> None:
    """Raise CampaignError if a folder on the way to an output file is a link."""
    for path in paths:
        for parent in path.relative_to(root).parents:
            if len(parent.parts) > 1 and (root / parent).is_symlink():
                raise CampaignError([_linked(parent.as_posix())])


def _linked_outputs(root: Path, recorded_links: dict[str, str]) -> Iterator[Problem]:
    for name in (*OUTPUTS, WORK):
        folder = root / name
        if not folder.is_symlink() or not folder.is_dir() or recorded_links.get(name) == os.path.realpath(folder):
            continue
        existing = {entry.name for entry in os.scandir(folder)} - {"lock"}
        if existing and not (name == WORK and CACHE_FILE in existing):
            yield _linked(name)


def _linked_inside(root: Path) -> Iterator[Problem]:
    for name in OUTPUTS:
        if (root / name).is_dir():
            yield from (
                _linked(f"{name}/{entry.name}")
                for entry in os.scandir(root / name)
                if entry.is_symlink() and entry.is_dir()
            )


def _linked(name: str) -> Problem:
    return Problem(
        "output-linked", name, "This link leads to a folder with other files; a build would replace it.", LINK_FIX
    )


def _recorded_links(root: Path) -> dict[str, str]:
    try:
        data = json.loads((root / LINKS_FILE).read_bytes())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
