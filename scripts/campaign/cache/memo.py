"""The build's database: results by the hash of their inputs. The file may be deleted or damaged at any time."""

from __future__ import annotations

import shutil
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import msgspec

from campaign.cache.atomic import WORK
from campaign.cache.program import Part, program_hash

NAME = "memo.sqlite"
# Seconds to wait while another process writes.
BUSY_TIMEOUT_S = 120  # on a busy computer, another process may keep it for long
# Errors of a busy file or disk; all others mean that the file is damaged.
BUSY_ERRORS = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PERM,
}
# sqlite3 fails to decode SQLite's messages if they quote a damaged name.
READ_ERRORS = (sqlite3.Error, UnicodeDecodeError)
_Row = tuple[int, bytes]
# One table for all spaces, because SQLite reads the schema each time that a build opens the file.
# Space (up to a slash) -> part of the program that writes it; default: the whole program.
PARTS: dict[str, Part] = {
    **dict.fromkeys(("files", "made of", "placed", "store"), "store"),
    **dict.fromkeys(
        ("articles", "audits", "beside", "frames", "inputs", "pages", "small pictures", "styles", "texts"), "site"
    ),
    "keys": "keys",
}
TABLES = (
    "CREATE TABLE programs (space TEXT PRIMARY KEY, hash TEXT)",
    "CREATE TABLE known (space TEXT, key TEXT, sum INTEGER, value BLOB, PRIMARY KEY (space, key))",
)


class Memo:
    """A namespace of results, by the hash of their inputs.

    A row with a wrong checksum, or written by another version of that part of the program, doesn't exist. Rows that
    complete runs no longer use are deleted once they make up a third of the space, or at a fixed number of rows.
    """

    def __init__(self, file: Path | None, space: str = "read", max_rows: int = 0) -> None:
        """Open a space; it is read at its first use.

        Args:
            file: the database; None to keep nothing.
            space: its name.
            max_rows: how many rows are kept, used or not; 0: those that runs use.
        """
        self.file, self.space, self.max_rows = file, space, max_rows
        self._used_values: dict[str, Any] = {}
        self._new_rows: dict[str, _Row] = {}
        self._deleted_keys: set[str] = set()
        self._stored: dict[str, _Row] | None = None
        self._all: dict[str, Memo] = {space: self}

    @staticmethod
    def of(root: Path) -> Memo:
        """Open the database of a campaign."""
        file = root / WORK / NAME
        _replace_if_damaged(file)
        return Memo(file)

    def namespace(self, name: str, max_rows: int = 0) -> Memo:
        """Return another space of the same file; both are saved together."""
        if name not in self._all:
            memo = Memo(self.file, name, max_rows)
            memo._all = self._all
            self._all[name] = memo
        return self._all[name]

    def read_only(self) -> Self:
        """Return this database for workers, which never write it."""
        for item in self._all.values():
            _ = item._stored_rows
            item.file = None
        return self

    @property
    def _stored_rows(self) -> dict[str, _Row]:
        if self._stored is None:
            self._stored = _rows(self.file, self.space) if self.file else {}
        return self._stored

    def get(self, key: str, decode: Callable[[bytes], Any] = msgspec.json.decode) -> Any | None:
        """Return the value of a key, or None."""
        if key not in self._used_values:
            total, data = self._stored_rows.get(key, (-1, b""))
            if total != self._checksum(key, data):
                return None
            self._used_values[key] = decode(data)
        return self._used_values[key]

    def put(self, key: str, value: Any) -> None:
        """Store a value of plain dicts, lists, texts and numbers."""
        data = msgspec.json.encode(value)
        row = (self._checksum(key, data), data)
        if self._stored_rows.get(key) != row:
            self._new_rows[key] = row
        self._used_values[key] = value

    def get_or_make(self, key: str, make: Callable[[], Any]) -> Any:
        """Return the value of a key, made and stored if it is missing."""
        value = self.get(key)
        if value is None:
            value = make()
            self.put(key, value)
        return value

    def _checksum(self, key: str, data: bytes) -> int:
        return zlib.crc32(data, zlib.crc32(f"{self.space}\0{key}".encode()))

    def used(self) -> list[Any]:
        """Return the values that this run has read or written."""
        return [*self._used_values.values()]

    def keys(self) -> set[str]:
        """Return the keys of all rows."""
        return self._stored_rows.keys() | self._used_values.keys()

    def keep_only(self, keys: set[str]) -> None:
        """Delete all other rows with the next `save`."""
        self._deleted_keys = self.keys() - keys

    def forget(self, *prefixes: str) -> None:
        """Delete all spaces whose names begin with one of these."""
        with suppress(OSError, *READ_ERRORS):
            if self.file and self.file.is_file():
                _write(self.file, [], prefixes)

    def save(self, is_last: bool = False) -> None:
        """Write the new rows of all spaces in one transaction. Disk errors are ignored.

        Args:
            is_last: whether the run has read everything that it needs from the spaces it used.
        """
        changes = [item._changes(is_last) for item in self._all.values() if item._new_rows or item._stored]
        changes = [change for change in changes if change.new_rows or change.deleted_keys]
        if not self.file or not changes:
            return
        with suppress(OSError, *READ_ERRORS):
            _write(self.file, changes)
        for item in self._all.values():
            item._new_rows.clear()
            item._deleted_keys.clear()

    def _changes(self, is_last: bool) -> _Change:
        new = dict(self._new_rows)
        for key in new:  # the latest are the last
            self._stored_rows.pop(key, None)
        self._stored_rows.update(new)
        keys = set(self._deleted_keys)
        if self.max_rows:
            keys |= {*[*self._stored_rows][: -self.max_rows]}
        elif is_last and len(idle := self._stored_rows.keys() - self._used_values.keys()) > len(self._stored_rows) / 3:
            keys |= idle
        for key in keys:
            self._stored_rows.pop(key, None)
            self._used_values.pop(key, None)
        return _Change(self.space, new, keys)


@dataclass(frozen=True)
class _Change:
    """Changes of a space: rows to write and keys to delete."""

    space: str
    new_rows: dict[str, _Row]
    deleted_keys: set[str]


def _rows(file: Path, space: str) -> dict[str, _Row]:
    """Return the rows of a space by key; {} if it can't be read."""
    result: dict[str, _Row] = {}
    if file.is_file():
        with suppress(OSError, *READ_ERRORS), closing(_open(file, "ro")) as db:
            if _program(db, space) == _program_now(space):
                rows = db.execute("SELECT rowid, key, sum, value FROM known WHERE space = ?", (space,)).fetchall()
                # The latest are the last.
                result = {key: (total, data) for _, key, total, data in sorted(rows) if isinstance(data, bytes)}
    return result


def _replace_if_damaged(file: Path) -> None:
    """Delete a database whose structure is damaged, so that this run starts a new one.

    SQLite reads and writes such a file without an error, but rows behind a damaged page are never found again.
    """
    with suppress(OSError):
        stat = file.stat()
        if not _is_sound(file, stat.st_ino, stat.st_size, stat.st_mtime_ns):
            _delete(file)


@lru_cache(maxsize=8)  # a build opens the file several times before it writes
def _is_sound(file: Path, *_stamp: int) -> bool:
    try:
        with closing(_open(file, "ro")) as db:
            # Not quick_check, which takes a quarter of the time: it finds no damage of the index.
            return bool(db.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except READ_ERRORS as error:
        return _is_busy(error)


def _is_busy(error: Exception) -> bool:
    """Return whether another process or the disk is the cause; the file itself may be sound."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in BUSY_ERRORS


def _delete(file: Path) -> None:
    for path in (file, file.with_name(f"{NAME}-journal")):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _open(file: Path, mode: str) -> sqlite3.Connection:
    address = f"file:{quote(file.as_posix())}?mode={mode}"
    db = sqlite3.connect(address, timeout=BUSY_TIMEOUT_S, isolation_level=None, uri=True)
    # Damaged text may be invalid UTF-8: its row then fails its checksum instead of the whole query.
    db.text_factory = lambda data: data.decode("utf-8", "replace")
    return db


def _program(db: sqlite3.Connection, space: str) -> str:
    """Return the fingerprint of the program that wrote a space."""
    return str(next(db.execute("SELECT hash FROM programs WHERE space = ?", (space,)), ("",))[0])


def _program_now(space: str) -> str:
    return program_hash(PARTS.get(space.partition("/")[0], "everything"))


def _write(file: Path, changes: list[_Change], deleted_spaces: tuple[str, ...] = ()) -> None:
    """Change the file in one transaction; a damaged one is replaced."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        _change(file, changes, deleted_spaces)
    except READ_ERRORS as error:
        if _is_busy(error):
            raise
        _delete(file)
        _change(file, changes)


def _change(file: Path, changes: list[_Change], deleted_spaces: tuple[str, ...] = ()) -> None:
    with closing(_open(file, "rwc")) as db:
        db.execute("BEGIN IMMEDIATE")
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        if set(tables) != {"programs", "known"}:
            for name in tables:
                db.execute('DROP TABLE "' + name.replace('"', '""') + '"')
            for table in TABLES:
                db.execute(table)
        for beginning in deleted_spaces:
            db.execute("DELETE FROM known WHERE substr(space, 1, ?) = ?", (len(beginning), beginning))
        for change in changes:
            if _program(db, change.space) != _program_now(change.space):
                db.execute("DELETE FROM known WHERE space = ?", (change.space,))
                db.execute("INSERT OR REPLACE INTO programs VALUES (?, ?)", (change.space, _program_now(change.space)))
            keys = ((change.space, key) for key in change.deleted_keys)
            db.executemany("DELETE FROM known WHERE space = ? AND key = ?", keys)
            rows = ((change.space, key, *row) for key, row in change.new_rows.items())
            db.executemany("INSERT OR REPLACE INTO known VALUES (?, ?, ?, ?)", rows)
        db.execute("COMMIT")
