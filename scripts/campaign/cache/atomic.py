"""Move finished builds into place in one step: an interrupted build leaves the last good one.

`site/` and `dist/` are built in `.build/new/` on the same disk and renamed at the end. A journal lists what is being
moved, and the next run completes it. Windows can't rename a folder that Explorer shows or in which a program has a
file open: there, files that differ are moved one by one, or none if one of them is open. The same happens if `site/`,
`dist/` or `.build/` is a mount or a link to another disk.
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
# In dist/: earlier outputs that can't be built from the current text.
OUTDATED = "outdated"
# Virus scanners and indexers open new files for a moment.
RETRY_TIMEOUT_S = 2.0
RETRY_INTERVAL_S = 0.05
# Windows has no EDQUOT, a user's full quota.
DISK_FULL = {ENOSPC, getattr(errno, "EDQUOT", ENOSPC)}
# Up to this number, files are synced one by one; above it, with a single os.sync().
SYNC_ALL_THRESHOLD_FILES = 200


def work_folder(root: Path) -> Path:
    """Return `.build/`, created if missing."""
    folder = root / WORK
    folder.mkdir(exist_ok=True)
    return folder


def fresh_folder(root: Path, name: str) -> Path:
    """Return an empty `.build/new/<name>` to build into.

    Raises:
        CampaignError: a file that an interrupted run left there is open.
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


def publish(root: Path, files: Iterable[str], start_ns: int = 0) -> None:
    """Move `.build/new/site` and `dist` into place: both, or after an interruption at the next run.

    Args:
        root: the campaign folder.
        files: paths of new files that may not be on the disk yet.
        start_ns: start of the build in nanoseconds since 1970; older files are on the disk already.

    Raises:
        CampaignError: a file to be replaced is open; the old folders are unchanged.
        OSError: too little space on the disk of the outputs; the old folders are unchanged.
    """
    _clear(root / WORK / "old")
    for name in OUTPUTS:
        _need_room(*_three(root, name))
    _settle_new(files, start_ns)
    with place_lock(root):
        write_whole(_journal(root), json.dumps(OUTPUTS).encode())
        _place(root)


def place_lock(root: Path) -> FileLock:
    """Return the lock for reading or replacing the finished `site/`.

    It is held only for that: publishing doesn't wait for a build to end.
    """
    from filelock import FileLock  # its import of asyncio is slow

    return FileLock(work_folder(root) / "place.lock")


def is_publishing(root: Path) -> bool:
    """Return whether outputs are being moved into place."""
    return (root / WORK / "journal.json").exists()


def finish_publishing(root: Path) -> bool:
    """Complete an interrupted move; return whether there was one.

    Raises:
        CampaignError: see `publish`.
    """
    if not _journal(root).is_file():
        return False
    with place_lock(root):
        try:
            is_whole = json.loads(_journal(root).read_bytes()) == list(OUTPUTS)
        except FileNotFoundError:  # another process has completed it
            return False
        except ValueError:
            is_whole = False
        if is_whole:
            _place(root)
        else:
            # The new folders may be incomplete.
            _restore_old(root)
    return True


def file_in_use(name: str) -> Problem:
    """Return the problem of a file that can't be replaced."""
    message = "The file can't be replaced: another program has it open, or you have no permission."
    return Problem("file-in-use", name, message, "Close it there and try again.")


def _is_disk_full(error: OSError) -> bool:
    """Return whether a disk or quota is full; shutil.copytree reports that as a list of texts without errno."""
    if isinstance(error, shutil.Error) and isinstance(error.args[0], list):
        return any(f"[Errno {number}]" in why for *_, why in error.args[0] for number in DISK_FULL)
    return error.errno in DISK_FULL


def refused_by_system(error: OSError) -> Problem:
    """Describe an error of the operating system."""
    name = str(error.filename or ".")
    if _is_disk_full(error):
        return Problem("disk-full", name, "The disk is full.", "Free some space; nothing is lost.")
    if isinstance(error, FileExistsError | NotADirectoryError | IsADirectoryError) and WORK in name:
        message = "A file or folder of something else is in the build folder."
        fix = f"Delete {WORK}; it contains only build results, and the next build creates it again."
        return Problem("work-folder-foreign", name, message, fix)
    message = f"The system refused: {error.strerror or error}."
    return Problem("system-refused", name, message, "Check its permissions.")


def _journal(root: Path) -> Path:
    return work_folder(root) / "journal.json"


def _three(root: Path, name: str) -> tuple[Path, Path, Path]:
    """Return where an output folder is built, where it belongs (links resolved), and where the old one goes."""
    target = root / name
    return root / WORK / "new" / name, target.resolve() if target.is_symlink() else target, root / WORK / "old" / name


def _clear(path: Path) -> None:
    """Delete a file or folder left by an earlier run."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _need_room(new: Path, target: Path, old: Path) -> None:
    """Raise OSError if files would be copied to another disk without enough space."""
    if not new.exists() or not target.exists() or _disk(new) == _disk(target):
        return
    changed_names = [name for name, _ in files_below(new) if not _are_alike(new / name, target / name)]
    for folder, source in ((target, new), (old, target)):
        needed = sum((source / name).stat().st_size for name in changed_names if (source / name).is_file())
        if needed > shutil.disk_usage(folder if folder.exists() else new).free:
            raise OSError(ENOSPC, os.strerror(ENOSPC), str(folder))


def _disk(path: Path) -> int:
    return path.stat().st_dev


def _place(root: Path) -> None:
    until = time.monotonic() + RETRY_TIMEOUT_S
    names = [name for name in OUTPUTS if (root / WORK / "new" / name).exists()]
    problems = [file_in_use(f"{name}/{file}") for name in names for file in _move_old_away(*_three(root, name), until)]
    if problems:
        _restore_old(root)
        raise CampaignError(problems)
    for name in names:
        _move_new_in(*_three(root, name)[:2], until)
    _journal(root).unlink()
    _clear(root / WORK / "old")  # no copy of a withdrawn number may remain


def _move_old_away(new: Path, target: Path, old: Path, until: float) -> list[str]:
    """Move the old folder away, or each file in it that differs from the new one; return the names of open files."""
    if not target.exists() or (not old.exists() and _is_moved(target, old, until)):
        return []
    changed_names = [
        name
        for name, _ in files_below(target)
        if not (new / name).is_file() or not _are_alike(new / name, target / name)
    ]
    return [name for name in changed_names if not _is_moved(target / name, old / name, until)]


def _move_new_in(new: Path, target: Path, until: float) -> None:
    if not target.exists() and _is_moved(new, target, until):
        return
    for name, _ in files_below(new):
        if not (target / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            _copy(new / name, target / name)
    for folder in sorted((path for path in target.rglob("*") if path.is_dir()), reverse=True):
        with suppress(OSError):
            folder.rmdir()  # folders with files stay
    shutil.rmtree(new, ignore_errors=True)


def _restore_old(root: Path) -> None:
    """Undo `_move_old_away`."""
    until = time.monotonic() + RETRY_TIMEOUT_S
    for name in OUTPUTS:
        _, target, old = _three(root, name)
        if old.exists() and not target.exists() and _is_moved(old, target, until):
            continue
        for file, _ in list(files_below(old)):
            (target / file).parent.mkdir(parents=True, exist_ok=True)
            move(old / file, target / file, until)
    _journal(root).unlink()


def _are_alike(path: Path, other: Path) -> bool:
    try:
        return filecmp.cmp(path, other, shallow=False)
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
    """Rename a file or folder; retry while another program has it open, until a `time.monotonic` value."""
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
    """Copy a file so that readers of the target see all of it or nothing."""
    temporary = _temporary_path(target)
    try:
        shutil.copy2(path, temporary)
        temporary.replace(target)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _temporary_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.{os.getpid()}.new")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file under a temporary name and rename it, so that readers see the old or the new one.

    Raises:
        PermissionError: another program has the file open (Windows).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _temporary_path(path)
    try:
        with temporary.open("wb") as file:
            file.write(data)
            _settle(file)
        move(temporary, path, time.monotonic() + RETRY_TIMEOUT_S)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _settle(file: IO[bytes]) -> None:
    """Sync a file: without it, its new name can reach the disk before its content."""
    file.flush()
    with suppress(OSError):
        os.fsync(file.fileno())


def _settle_new(files: Iterable[str], start_ns: int) -> None:
    """Sync the files that were written since `start_ns`."""
    new = [path for path in files if os.stat(path).st_mtime_ns >= start_ns]  # noqa: PTH116
    if len(new) > SYNC_ALL_THRESHOLD_FILES and hasattr(os, "sync"):
        os.sync()
        return
    for path in new:
        with suppress(OSError), Path(path).open("rb+") as file:
            _settle(file)


def snapshot(folder: Path) -> dict[str, list[int]]:
    """Return size and modification time of each file below a folder, to detect changes and deletions.

    Returns:
        [bytes, nanoseconds since 1970] by the path relative to the folder.
    """
    results = ((name, entry.stat()) for name, entry in files_below(folder))
    return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in sorted(results)}


def is_text(name: str) -> bool:
    """Return whether a file name is valid text: on Linux it may contain any bytes (PEP 383)."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def files_below(folder: Path | str, name: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield each file below a folder with its relative path ('en/index.html'), unsorted; linked folders are skipped.

    Much faster than Path.rglob, which matters for thousands of files.
    """
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from files_below(entry.path, f"{name}{entry.name}/")
            elif entry.is_file():
                yield name + entry.name, entry
