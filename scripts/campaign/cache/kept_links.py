"""Empty a folder except for links to the current outputs, so that the next build needn't make those again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def keep_links(folder: Path, target: Path) -> set[str]:
    """Delete everything below a folder except links to the files of the same names below another.

    Returns:
        The names of the links, relative to the folder. If it is empty, the caller deletes the folder.
    """
    with suppress(OSError):
        is_folder = folder.is_dir() and not folder.is_symlink()
        if is_folder and folder.stat().st_dev == target.stat().st_dev and _has_inodes(folder):
            return set(_keep_links(str(folder), str(target), ""))
    return set()


def _has_inodes(folder: Path) -> bool:
    """Return whether the file system tells which names are links to the same file."""
    file, link = folder / ".probe", folder / ".probe-link"
    for path in (file, link):
        path.unlink(missing_ok=True)
    file.touch()
    link.hardlink_to(file)
    numbers = [path.stat().st_ino for path in (file, link, folder)]
    file.unlink()
    link.unlink()
    return numbers[0] == numbers[1] != numbers[2]


def _keep_links(folder: str, target: str, name: str) -> Iterator[str]:
    inodes: dict[str, int] = {}
    with suppress(OSError), os.scandir(target) as entries:
        inodes = {entry.name: entry.inode() for entry in entries if entry.is_file(follow_symlinks=False)}
    with os.scandir(folder) as entries:
        present = list(entries)
    for entry in present:
        if entry.is_dir(follow_symlinks=False):
            yield from _keep_links(entry.path, f"{target}/{entry.name}", f"{name}{entry.name}/")
        elif entry.is_file(follow_symlinks=False) and inodes.get(entry.name) == entry.inode():
            yield name + entry.name
        else:
            os.unlink(entry.path)  # noqa: PTH108
    with suppress(OSError):
        os.rmdir(folder)  # noqa: PTH106  if it's empty
