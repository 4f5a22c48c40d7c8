"""Write people's files: the only code that does, for every command and the desk, all of a change or nothing.

New files are written aside and synced, old ones get a second name, and a journal is written before anything moves. On
failure everything is put back; after a crash the next run does it.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import re
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import EEXIST, ELOOP
from pathlib import Path
from typing import TYPE_CHECKING

from campaign.cache.atomic import RETRY_TIMEOUT_S, WORK, move, work_folder

if TYPE_CHECKING:
    from filelock import FileLock

JOURNAL_FOLDER = f"{WORK}/writing"
JOURNAL = f"{JOURNAL_FOLDER}/journal.json"
# Without this a folder isn't a campaign.
REQUIRED_FILE = "mkdocs.yml"
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_local = threading.local()


class _Change:
    """A change in progress.

    `backups`: changed file -> its backup ('' if new) and the new content's hash ('' if renamed); `moved`: new names of
    renamed files; `folders`: created for it.
    """

    def __init__(self, root: Path) -> None:
        self.root, self.count = root, 0
        self.backups: list[tuple[str, str, str]] = []
        self.moved: set[str] = set()
        self.folders: list[Path] = []

    def _backup_path(self, path: Path, suffix: str) -> Path:
        self.count += 1
        place, name = self.root / JOURNAL_FOLDER, f"{self.count}.{suffix}"
        if place.stat().st_dev == path.parent.stat().st_dev:
            return place / name
        return path.with_name(f".{path.name}.{name}")  # a link or mount: renaming needs one disk


@contextmanager
def all_or_none(root: Path) -> Iterator[None]:
    """Make everything written inside take effect together; nested changes join the outer one."""
    root = root.resolve()
    changes: dict[Path, _Change] = _local.__dict__.setdefault("begun", {})
    if root in changes:
        yield
        return
    with _lock(root):
        _undo_journal(root)
        change = changes[root] = _Change(root)
        try:
            yield
            _forget(change)
        except BaseException:
            _undo(change)
            raise
        finally:
            del changes[root]


def write_files(root: Path, files: Mapping[Path, bytes | None]) -> None:
    """Write files, or remove those that map to None; all or none. Unchanged files aren't touched."""
    data_by_path = {_place(root, path): data for path, data in files.items()}
    data_by_path = {path: data for path, data in data_by_path.items() if _read(path) != data}
    if not data_by_path:
        return
    if root.resolve() in _fresh():
        for path, data in data_by_path.items():
            _write_plainly(path, data)
        return
    with all_or_none(root):
        change: _Change = _local.begun[root.resolve()]
        new: dict[Path, Path] = {}
        try:
            for path, data in data_by_path.items():
                if data is not None:
                    _make_folder(change, path.parent)
                    new[path] = change._backup_path(path, "new")
                    _write_synced(new[path], data, path)
            count = len(change.backups)
            for path, data in data_by_path.items():
                change.backups.append((os.path.relpath(path, change.root), _keep(change, path), _hash(data)))
            _note(change.root, change.backups)
            try:
                for path in data_by_path:
                    _replace_or_delete(new.get(path), path)
                for folder in {path.parent for path in data_by_path}:
                    sync_folder(folder)
            except OSError:
                _restore(change.root, change.backups[count:])
                raise
        finally:
            for leftover in new.values():
                with suppress(OSError):
                    leftover.unlink(missing_ok=True)


def write_file(root: Path, path: Path, data: bytes) -> None:
    """Write one file; see `write_files`."""
    write_files(root, {path: data})


def ignored_folder(root: Path, name: str) -> Path:
    """Make a folder with its .gitignore."""
    folder = root / name
    folder.mkdir(exist_ok=True)
    if not (folder / ".gitignore").is_file():
        write_file(root, folder / ".gitignore", b"*\n")
    return folder


def rename_file(root: Path, old: Path, new: Path) -> None:
    """Rename a file or folder; after a crash the old name is restored. Raise OSError if the name is taken."""
    old, new = _inside(root, old), _inside(root, new)
    if os.path.lexists(new) and not new.samefile(old):
        raise FileExistsError(EEXIST, os.strerror(EEXIST), str(new))
    with all_or_none(root):
        change: _Change = _local.begun[root.resolve()]
        _make_folder(change, new.parent)
        was, now = (os.path.relpath(path, change.root) for path in (old, new))
        change.backups.append((was, now, ""))
        change.moved.add(now)
        _note(change.root, change.backups)
        os.replace(old, new)  # noqa: PTH105
        for folder in {old.parent, new.parent}:
            sync_folder(folder)


def finish_writing(root: Path) -> None:
    """Undo what a killed run or a power cut left half written."""
    if (root / JOURNAL).is_file() and root.resolve() not in getattr(_local, "begun", {}):
        with _lock(root.resolve()):
            _undo_journal(root.resolve())


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Yield a temporary folder that gets its name once everything in it is synced; on failure it is removed."""
    target = target.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir()
        _fresh().add(part)
        yield part
        for folder, _, names in os.walk(part):
            for name in names:
                _sync(Path(folder, name))
            sync_folder(Path(folder))
        if target.is_dir():  # it may be another program's current folder
            for item in sorted(part.iterdir(), key=lambda path: path.name == REQUIRED_FILE):
                move(item, target / item.name, time.monotonic() + RETRY_TIMEOUT_S)
            part.rmdir()
        else:
            move(part, target, time.monotonic() + RETRY_TIMEOUT_S)
        sync_folder(target.parent)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    finally:
        _fresh().discard(part)


def encoded_like(original: bytes | None, text: str) -> bytes:
    """Encode a text like the file it replaces: with its byte order mark and its line ends."""
    old = (original or b"").decode("utf-8", errors="replace")
    mark = "\ufeff" if old.startswith("\ufeff") and not text.startswith("\ufeff") else ""
    if "\r" not in old:
        return (mark + text).encode()
    lines = LINE.findall(old.removeprefix("\ufeff"))
    ends = [line[len(line.rstrip("\r\n")) :] for line in lines]
    line_ending = max(("\n", "\r\n", "\r"), key=ends.count)
    new_lines = LINE.findall(text.replace("\r\n", "\n").replace("\r", "\n"))
    lines_made = [line.replace("\n", line_ending) for line in new_lines]
    stripped_lines = [line.rstrip("\r\n") for line in lines]
    matcher = difflib.SequenceMatcher(None, stripped_lines, [line.rstrip("\n") for line in new_lines], autojunk=False)
    for old_index, to, length in matcher.get_matching_blocks():
        for step in range(length):
            if ends[old_index + step] and new_lines[to + step].endswith("\n"):
                lines_made[to + step] = lines[old_index + step]
    return (mark + "".join(lines_made)).encode()


def read_text(path: Path) -> str:
    """Read a text file with plain line ends and without a byte order mark, see `encoded_like`."""
    return path.read_text(encoding="utf-8-sig")


def _sync(path: Path) -> None:
    with suppress(OSError), path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Sync a folder's entries, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _fresh() -> set[Path]:
    paths: set[Path] = _local.__dict__.setdefault("fresh", set())
    return paths


def _write_plainly(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _inside(root: Path, path: Path) -> Path:
    resolved = root.resolve() / os.path.relpath(path, root)
    if not _is_inside(root.resolve(), resolved):
        raise OSError(ELOOP, "this is a link out of the campaign. Put the file itself here", str(path))
    return resolved


def _is_inside(root: Path, path: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(root)


def _place(root: Path, path: Path) -> Path:
    resolved = _inside(root, path)
    return resolved.resolve() if resolved.is_symlink() else resolved


def _lock(root: Path) -> FileLock:
    from filelock import FileLock  # every command imports this module, few write

    (work_folder(root) / "writing").mkdir(exist_ok=True)
    return FileLock(root / WORK / "writing.lock")


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _make_folder(change: _Change, folder: Path) -> None:
    missing = [item for item in (folder, *folder.parents) if not item.is_dir()]
    for item in reversed(missing):
        item.mkdir()
        change.folders.append(item)
        sync_folder(item.parent)


def _write_synced(temporary: Path, data: bytes, path: Path) -> None:
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
    try:
        unwritten = memoryview(data)
        while unwritten:
            unwritten = unwritten[os.write(descriptor, unwritten) :]
        if path.is_file():
            with suppress(OSError):
                shutil.copymode(path, temporary)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keep(change: _Change, path: Path) -> str:
    if not path.is_file():
        return ""
    name = change._backup_path(path, "old")
    name.unlink(missing_ok=True)
    try:
        os.link(path, name)
    except OSError:  # a disk without hard links
        _write_synced(name, path.read_bytes(), path)
    sync_folder(name.parent)
    return os.path.relpath(name, change.root)


def _note(root: Path, moves: list[tuple[str, str, str]]) -> None:
    journal = root / JOURNAL
    temporary = journal.with_suffix(".part")
    _write_synced(temporary, json.dumps(moves).encode(), journal)
    os.replace(temporary, journal)  # noqa: PTH105
    sync_folder(journal.parent)


def _replace_or_delete(new: Path | None, path: Path) -> None:
    if new is None:
        path.unlink(missing_ok=True)
    else:
        move(new, path, time.monotonic() + RETRY_TIMEOUT_S)


def _restore(root: Path, moves: list[tuple[str, str, str]]) -> None:
    for name, old, new in reversed(moves):
        path = root / name
        if _is_edited(root, name, old, new):
            continue
        if not old:
            path.unlink(missing_ok=True)
        elif (root / old).exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            move(root / old, path, time.monotonic() + RETRY_TIMEOUT_S)
        sync_folder(path.parent)


def _undo(change: _Change) -> None:
    _restore(change.root, change.backups)
    _forget(change)
    for folder in reversed(change.folders):
        with suppress(OSError):
            folder.rmdir()


def _forget(change: _Change) -> None:
    journal = change.root / JOURNAL
    if change.backups:
        journal.unlink(missing_ok=True)
        sync_folder(journal.parent)
    moves, change.backups = change.backups, []
    for _, old, _ in moves:
        if old and old not in change.moved:
            with suppress(OSError):
                (change.root / old).unlink(missing_ok=True)


def _undo_journal(root: Path) -> None:
    place = root / JOURNAL_FOLDER
    try:
        moves = [(str(name), str(old), str(new)) for name, old, new in json.loads((root / JOURNAL).read_bytes())]
    except FileNotFoundError:
        moves = []
    except (ValueError, TypeError):  # the journal was edited by hand: ours is moved into place whole
        moves = []
    if not all(_is_inside_campaign(root, name) for *names, _ in moves for name in names):
        moves = []  # outside the folder, so not ours
    _restore(root, moves)
    (root / JOURNAL).unlink(missing_ok=True)
    sync_folder(place)
    for leftover in place.iterdir():
        with suppress(OSError):
            leftover.unlink()


def _hash(data: bytes | None) -> str:
    return "-" if data is None else hashlib.sha256(data).hexdigest()


def _is_edited(root: Path, name: str, old: str, new: str) -> bool:
    data = _read(root / name)
    return bool(new) and data is not None and _hash(data) not in (new, _hash(_read(root / old) if old else None))


def _is_inside_campaign(root: Path, name: str) -> bool:
    path = Path(name)
    if path.is_absolute() or ".." in path.parts:
        return False
    return path.parts[:2] == Path(JOURNAL_FOLDER).parts or _is_inside(root, root / path.parent)
