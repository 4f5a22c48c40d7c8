"""Moves what was built into place whole: an interrupted build leaves the last good one.

`site/` and `dist/` are made in `.build/new/` on the same disk and renamed at the end. A journal names what is being
moved; the next run finishes what it finds there. Windows renames no folder in which a program has a file open, or which
Explorer shows: there the files that differ are moved one by one, and where one of them is open, none. So are they where
`site/`, `dist/` or `.build/` is a mount, or a link to a folder on another disk.
"""

from __future__ import annotations

import errno
import filecmp
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from errno import ENOSPC, EXDEV
from pathlib import Path
from typing import IO, TYPE_CHECKING

from campaign.models.problem import CampaignError, Problem

if TYPE_CHECKING:
    from filelock import FileLock

WORK = ".build"
OUTPUTS = ("site", "dist")
# Below dist/: what was handed over once, and cannot be made as its text is now.
OUTDATED = "outdated"
# Seconds: virus scanners and indexes open what is new, and let go of it soon.
RETRY_TIMEOUT_S, RETRY_INTERVAL_S = 2.0, 0.05
# Windows has no EDQUOT, a user's full quota.
DISK_FULL = {ENOSPC, getattr(errno, "EDQUOT", ENOSPC)}
# So many files go to the disk one by one; more, all at once.
SYNC_ALL_THRESHOLD_FILES = 200


def work_folder(root: Path) -> Path:
    """`.build/`, made where it is missing."""
    folder = root / WORK
    folder.mkdir(exist_ok=True)
    return folder


def fresh_folder(root: Path, name: str) -> Path:
    """An empty `.build/new/<name>` to build into.

    Raises:
        CampaignError: what an interrupted run left there is open.
    """
    folder = work_folder(root) / "new" / name
    _clear(folder)
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise CampaignError(
            [file_in_use(f"{WORK}/new/{file}") for file, _ in files_below(folder, f"{name}/")]
        ) from None
    return folder


def publish(root: Path, files: Iterable[str], begun: int = 0) -> None:
    """Moves `.build/new/site` and `dist` into place, both or, after an interruption, at the next run.

    Args:
        root: the campaign's folder.
        files: paths of those in them that may not be on the disk yet.
        begun: nanoseconds since 1970; what was written before stood already, and is on the disk.

    Raises:
        CampaignError: a file that would be replaced is open; what stood there stands there still.
        OSError: another disk that they stand on has too little room; what stood there stands there still.
    """
    _clear(root / WORK / "old")
    for name in OUTPUTS:
        _need_room(*_three(root, name))
    _settle_new(files, begun)
    with place_lock(root):
        write_whole(_journal(root), json.dumps(OUTPUTS).encode())
        _place(root)


def place_lock(root: Path) -> FileLock:
    """Holds what stands in `site/` while somebody reads all of it, or puts another one there: each waits for the other.

    It is held for that alone: whoever publishes what stands does not wait for a build to end.
    """
    from filelock import FileLock  # what it listens to makes each further import slower

    return FileLock(work_folder(root) / "place.lock")


def is_publishing(root: Path) -> bool:
    """Whether something is being moved into place."""
    return (root / WORK / "journal.json").exists()


def finish_publishing(root: Path) -> bool:
    """Finishes what an interrupted run began to move; whether there was anything.

    Raises:
        CampaignError: see `place`.
    """
    if not _journal(root).is_file():
        return False
    with place_lock(root):
        try:
            is_whole = json.loads(_journal(root).read_bytes()) == list(OUTPUTS)
        except FileNotFoundError:  # whoever had begun has ended
            return False
        except ValueError:
            is_whole = False
        if is_whole:
            _place(root)
        else:
            # Nobody knows whether what is new is whole.
            _put_back(root)
    return True


def file_in_use(name: str) -> Problem:
    """What is said of a file that cannot be replaced."""
    what = "The file cannot be replaced: another program has it open, or you may not write there."
    return Problem("file-in-use", name, what, "Close it there, and start again.")


def _is_disk_full(error: OSError) -> bool:
    """Whether a disk or a user's quota is full; shutil.copytree reports that as a list of texts without an errno."""
    if isinstance(error, shutil.Error) and isinstance(error.args[0], list):
        return any(f"[Errno {number}]" in why for *_, why in error.args[0] for number in DISK_FULL)
    return error.errno in DISK_FULL


def refused_by_system(error: OSError) -> Problem:
    """What the computer did not allow, as a sentence."""
    name = str(error.filename or ".")
    if _is_disk_full(error):
        return Problem("disk-full", name, "The disk is full.", "Make room on it; nothing is lost.")
    if isinstance(error, FileExistsError | NotADirectoryError | IsADirectoryError) and WORK in name:
        what = "Something lies where a build keeps what it makes, and it did not make that."
        fix = f"Delete {WORK}; nothing that anybody wrote is in it, and the next build makes it anew."
        return Problem("work-folder-foreign", name, what, fix)
    what = f"The computer did not allow it: {error.strerror or error}."
    return Problem("system-refused", name, what, "Look who may read and write there.")


def _journal(root: Path) -> Path:
    return work_folder(root) / "journal.json"


def _three(root: Path, name: str) -> tuple[Path, Path, Path]:
    """Where a folder is made, where it stands in the end (where a link leads), and where the old one goes."""
    target = root / name
    return root / WORK / "new" / name, target.resolve() if target.is_symlink() else target, root / WORK / "old" / name


def _clear(path: Path) -> None:
    """Takes away what an earlier run left, whatever it is."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _need_room(new: Path, target: Path, old: Path) -> None:
    """Raises OSError where files would be copied to another disk that has no room for them."""
    if not new.exists() or not target.exists() or _disk(new) == _disk(target):
        return
    differing = [name for name, _ in files_below(new) if not _are_alike(new / name, target / name)]
    for folder, source in ((target, new), (old, target)):
        needed = sum((source / name).stat().st_size for name in differing if (source / name).is_file())
        if needed > shutil.disk_usage(folder if folder.exists() else new).free:
            raise OSError(ENOSPC, os.strerror(ENOSPC), str(folder))


def _disk(path: Path) -> int:
    return path.stat().st_dev


def _place(root: Path) -> None:
    until = time.monotonic() + RETRY_TIMEOUT_S
    names = [name for name in OUTPUTS if (root / WORK / "new" / name).exists()]
    problems = [file_in_use(f"{name}/{file}") for name in names for file in _move_aside(*_three(root, name), until)]
    if problems:
        _put_back(root)
        raise CampaignError(problems)
    for name in names:
        _move_in(*_three(root, name)[:2], until)
    _journal(root).unlink()
    _clear(root / WORK / "old")  # a number that was withdrawn is kept nowhere


def _move_aside(new: Path, target: Path, old: Path, until: float) -> list[str]:
    """Makes room: the folder as a whole, else each file in it that is not in the new one too. Those that are open."""
    if not target.exists() or (not old.exists() and _is_moved(target, old, until)):
        return []
    differing = [
        name
        for name, _ in files_below(target)
        if not (new / name).is_file() or not _are_alike(new / name, target / name)
    ]
    return [name for name in differing if not _is_moved(target / name, old / name, until)]


def _move_in(new: Path, target: Path, until: float) -> None:
    if not target.exists() and _is_moved(new, target, until):
        return
    for name, _ in files_below(new):
        if not (target / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            _copy(new / name, target / name)
    for folder in sorted((path for path in target.rglob("*") if path.is_dir()), reverse=True):
        with suppress(OSError):
            folder.rmdir()  # what is not empty stays
    shutil.rmtree(new, ignore_errors=True)


def _put_back(root: Path) -> None:
    """Undoes `_move_aside`."""
    until = time.monotonic() + RETRY_TIMEOUT_S
    for name in OUTPUTS:
        _, target, old = _three(root, name)
        if old.exists() and not target.exists() and _is_moved(old, target, until):
            continue
        for file, _ in list(files_below(old)):
            (target / file).parent.mkdir(parents=True, exist_ok=True)
            move(old / file, target / file, until)
    _journal(root).unlink()


def _are_alike(one: Path, other: Path) -> bool:
    try:
        return filecmp.cmp(one, other, shallow=False)
    except OSError:
        return False


def _is_moved(path: Path, target: Path, until: float) -> bool:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        move(path, target, until)
    except OSError:
        return False
    return True


def move(path: Path, target: Path, until: float) -> None:
    """Rename a file or folder; what another program has open is tried again until a moment of `time.monotonic`."""
    while True:
        try:
            path.replace(target)
            return
        except PermissionError:
            if time.monotonic() >= until:
                raise
            time.sleep(RETRY_INTERVAL_S)
        except OSError as error:
            if error.errno != EXDEV or path.is_dir():
                raise
            _copy(path, target)
            path.unlink()
            return


def _copy(path: Path, target: Path) -> None:
    """Copies a file so that whoever reads the target sees all of it or none."""
    aside = _aside(target)
    try:
        shutil.copy2(path, aside)
        aside.replace(target)
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def _aside(path: Path) -> Path:
    return path.with_name(f"{path.name}.{os.getpid()}.new")


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file aside and moves it in, so that a reader sees the old one or the new one.

    Raises:
        PermissionError: another program has the file open, on Windows.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = _aside(path)
    try:
        with aside.open("wb") as file:
            file.write(data)
            _settle(file)
        move(aside, path, time.monotonic() + RETRY_TIMEOUT_S)
    except OSError:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise


def _settle(file: IO[bytes]) -> None:
    """Waits until a file is on the disk: what takes its place by a name may be there before what it holds."""
    file.flush()
    with suppress(OSError):
        os.fsync(file.fileno())


def _settle_new(files: Iterable[str], begun: int) -> None:
    """Waits until the disk has every file that was written since."""
    new = [path for path in files if os.stat(path).st_mtime_ns >= begun]  # noqa: PTH116
    if len(new) > SYNC_ALL_THRESHOLD_FILES and hasattr(os, "sync"):
        os.sync()
        return
    for path in new:
        with suppress(OSError), Path(path).open("rb+") as file:
            _settle(file)


def snapshot(folder: Path) -> dict[str, list[int]]:
    """Size and time of each file below a folder: enough to see that somebody changed or deleted one.

    Returns:
        By the file's name from the folder on: [bytes, nanoseconds since 1970].
    """
    found = ((name, entry.stat()) for name, entry in files_below(folder))
    return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in sorted(found)}


def is_text(name: str) -> bool:
    """Whether a file's name is text: on Linux it may be any bytes (PEP 383)."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def files_below(folder: Path | str, name: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Each file below a folder, in no order, with its name from there ('en/index.html'); of links to folders nothing.

    Many times as fast as Path.rglob, which counts where there are thousands.
    """
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from files_below(entry.path, f"{name}{entry.name}/")
            elif entry.is_file():
                yield name + entry.name, entry
