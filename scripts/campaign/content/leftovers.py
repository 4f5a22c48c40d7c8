"""Finds and deletes what operating systems, editors and sync programs left in a campaign's folders."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from campaign.models.leftovers import is_leftover

FOLDERS = ("docs", "assets", "public", "overrides")


def leftovers(root: Path) -> list[str]:
    """Their paths below the root, folders as one; links are not followed."""
    return sorted(name for top in FOLDERS if not (root / top).is_symlink() for name in _below(root / top, f"{top}/"))


def _below(folder: Path | str, above: str) -> Iterator[str]:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if is_leftover(entry.name):
                yield above + entry.name
            elif entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path, f"{above}{entry.name}/")


def delete_leftovers(root: Path, names: Iterable[str]) -> list[str]:
    """Deletes those of these names that are leftovers still; returns which."""
    known, deleted = set(leftovers(root)), []
    for name in names:
        if name in known:
            path = root / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
            deleted.append(name)
    return deleted
