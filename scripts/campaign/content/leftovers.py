"""Find files that systems, editors and sync programs leave behind, and delete or move them."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from campaign.content.clock import now
from campaign.content.writing import ignored_folder, rename_file
from campaign.models.leftovers import can_hold_work, is_leftover, original_of

FOLDERS = ("docs", "assets", "public", "overrides", "formats", "shortcodes", "checks")
TIDIED_FOLDER = "tidied"  # not in .build/, because it may be the only copy


def leftovers(root: Path) -> list[str]:
    """Return their paths, except of second versions; a folder is one. Links aren't followed."""
    return [name for name in _all_leftovers(root) if not _is_second_version(root, name)]


def second_versions(root: Path) -> list[str]:
    """Return the files that hold another person's version of a file, as sync programs keep it after a conflict."""
    return [name for name in _all_leftovers(root) if _is_second_version(root, name)]


def _all_leftovers(root: Path) -> list[str]:
    return sorted(
        name for top in FOLDERS if not (root / top).is_symlink() for name in _leftovers_below(root / top, f"{top}/")
    )


def _is_second_version(root: Path, name: str) -> bool:
    path, original = root / name, root / original_of(name)
    if not original.is_file() or path.is_symlink() or not path.is_file():
        return False
    return not filecmp.cmp(path, original, shallow=False)


def _leftovers_below(folder: Path | str, parent: str) -> Iterator[str]:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if is_leftover(entry.name):
                yield parent + entry.name
            elif entry.is_dir(follow_symlinks=False):
                yield from _leftovers_below(entry.path, f"{parent}{entry.name}/")


def tidy_leftovers(root: Path, names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Delete what systems wrote, and move possible work of people to `tidied/`; return both lists."""
    allowed_names, deleted_names, moved_names = set(leftovers(root)), list[str](), list[str]()
    for name in names:
        path = root / name
        if name not in allowed_names or not os.path.lexists(path):
            continue
        if can_hold_work(name) and not path.is_symlink():
            moved_names.append(_keep(root, name))
        else:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
            deleted_names.append(name)
    return deleted_names, moved_names


def _keep(root: Path, name: str) -> str:
    day = ignored_folder(root, TIDIED_FOLDER) / now().date().isoformat()
    target, count = day / name, 1
    while os.path.lexists(target):
        count += 1
        target = day / f"{count}" / name
    rename_file(root, root / name, target)
    return target.relative_to(root).as_posix()
