"""Moves what was built into place whole: an interrupted build leaves the last good one.

`site/` and `dist/` are made in `.build/new/` on the same disk and renamed at the end. A journal names what is being
moved; the next run finishes what it finds there.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

WORK = ".build"


def work_folder(root: Path) -> Path:
    """`.build/`, made where it is missing."""
    folder = root / WORK
    folder.mkdir(exist_ok=True)
    return folder


def fresh_folder(root: Path, name: str) -> Path:
    """An empty `.build/new/<name>` to build into."""
    folder = work_folder(root) / "new" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def place(root: Path, names: Iterable[str]) -> None:
    """Renames `.build/new/<name>` to `<name>` for each, all or, after an interruption, at the next run."""
    names = list(names)
    journal = work_folder(root) / "journal.json"
    write_whole(journal, json.dumps(names).encode())
    for name in names:
        _swap(root, name)
    journal.unlink()


def finish_placing(root: Path) -> bool:
    """Finishes what an interrupted run began to move; whether there was anything."""
    journal = root / WORK / "journal.json"
    if not journal.is_file():
        return False
    for name in json.loads(journal.read_bytes()):
        _swap(root, name)
    journal.unlink()
    return True


def _swap(root: Path, name: str) -> None:
    new, target, old = root / WORK / "new" / name, root / name, root / WORK / "old" / name
    if not new.exists():
        return
    shutil.rmtree(old, ignore_errors=True)
    old.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file aside and moves it in, so that a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}.new")
    aside.write_bytes(data)
    aside.replace(path)


def snapshot(folder: Path) -> dict[str, list[int]]:
    """Size and time of each file below a folder: enough to see that somebody changed or deleted one."""
    found = ((name, entry.stat()) for name, entry in files_below(folder))
    return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in sorted(found)}


def files_below(folder: Path | str, name: str = "") -> Iterator[tuple[str, os.DirEntry]]:
    """Each file below a folder, in no order, with its name from there ('en/index.html'); of links to folders nothing.

    Many times as fast as Path.rglob, which counts where there are thousands.
    """
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from files_below(entry.path, f"{name}{entry.name}/")
            elif entry.is_file():
                yield name + entry.name, entry
