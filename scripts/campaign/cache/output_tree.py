"""Fill new `site/` and `dist/` folders: unchanged files are hard-linked from the current ones, not copied.

A linked file has two names until the new folder replaces the old one. Never write into a file of the new folder, only
replace it. The store shares no file with either folder, because people may edit outputs.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from campaign.cache.atomic import files_below, fresh_folder, snapshot
from campaign.cache.memo import Memo
from campaign.cache.store import hash_content

# The database's space with the files of the current outputs.
NAMESPACE = "placed"
_Row = list[Any]  # bytes, nanoseconds since 1970, SHA-256 ('' if unknown)


@dataclass
class PlacedFiles:
    """Files put into a new folder.

    Attributes:
        hashes: by name.
        linked: names of hard links to the current output.
        stamps: bytes and nanoseconds since 1970 of files written by other code.
    """

    hashes: dict[str, str] = field(default_factory=dict)
    linked: set[str] = field(default_factory=set)
    stamps: dict[str, list[int]] = field(default_factory=dict)


class OutputTree:
    """One of the two output folders.

    Attributes:
        new: the folder being filled.
        placed_files: the files in it.
    """

    def __init__(self, root: Path, name: str, memo: Memo) -> None:
        """Begin with an empty folder.

        Args:
            root: the campaign folder.
            name: 'site' or 'dist'.
            memo: the campaign's database.
        """
        self.name, self._current = name, (root / name).resolve()
        self._rows = rows(memo, name)
        self.placed_files, self._folders = PlacedFiles(), set[str]()
        # A build asks for most files twice. A change in between is found by the next build.
        self._is_current: dict[str, bool] = {}
        self.new = fresh_folder(root, name)
        probe = self.new / ".probe"
        probe.touch()
        stat = probe.stat()
        probe.unlink()
        # Permissions of new files under the current umask.
        self._mode = stat.st_mode
        self._is_same_disk = self._current.is_dir() and self._current.stat().st_dev == stat.st_dev

    @property
    def folders(self) -> set[str]:
        """Return the first path component of each file in the new folder."""
        return {name.partition("/")[0] for name in self.placed_files.hashes}

    def part(self) -> Self:
        """Return this folder for another process, which fills it and returns its `placed_files`."""
        clone = copy(self)
        clone.placed_files = PlacedFiles()
        return clone

    def merge(self, put: PlacedFiles) -> None:
        """Add the files that another process has put into the new folder."""
        self.placed_files.linked -= put.hashes.keys()
        self.placed_files.linked |= put.linked
        self.placed_files.hashes |= put.hashes
        self.placed_files.stamps |= put.stamps

    def is_current(self, name: str, sha256: str) -> bool:
        """Return whether a file of the current output is unchanged and has this hash."""
        row = self._rows.get(name)
        if not self._is_same_disk or not sha256 or not row or row[2] != sha256:
            return False
        if name not in self._is_current:
            self._is_current[name] = self._is_as_placed(name, row)
        return self._is_current[name]

    def _is_as_placed(self, name: str, row: _Row) -> bool:
        try:
            stat = os.lstat(f"{self._current}/{name}")  # thousands: a Path takes five times as long
        except OSError:
            return False
        return [stat.st_size, stat.st_mtime_ns, stat.st_mode] == [*row[:2], self._mode]

    def keep(self, name: str, sha256: str) -> bool:
        """Hard-link a file of the current output if it has this hash; return whether it does."""
        self.record(name, sha256)
        target = self._prepare(name)
        if self.is_current(name, sha256) and self._is_linked(name, target):
            self.placed_files.linked.add(name)
            return True
        Path(target).unlink(missing_ok=True)
        return False

    def _is_linked(self, name: str, target: str) -> bool:
        """Link a new file to that of the current output; return whether it succeeded."""
        for _ in range(2):
            try:
                os.link(f"{self._current}/{name}", target)
                return True
            except FileExistsError:
                os.unlink(target)  # noqa: PTH108
            except OSError:
                break
        return False

    def place(self, name: str, source: Path, sha256: str) -> None:
        """Put a file into the new folder.

        Args:
            name: relative to the folder.
            source: copied if the current output doesn't have it.
            sha256: of the content.
        """
        if not self.keep(name, sha256):
            shutil.copyfile(source, self.new / name)
            # Hash the copy: the source may have changed meanwhile.
            self.placed_files.hashes[name] = hash_content(self.new / name)

    def write(self, name: str, data: bytes) -> None:
        """Put a file with this content into the new folder."""
        if not self.keep(name, hashlib.sha256(data).hexdigest()):
            (self.new / name).write_bytes(data)

    def record(self, name: str, sha256: str, stamp: list[int] | None = None) -> None:
        """Record the content of a file of the new folder.

        Args:
            name: relative to the folder.
            sha256: of the content.
            stamp: bytes and nanoseconds since 1970 of a file written by other code; if they differ once it is in place,
                the file is hashed again.
        """
        self.placed_files.hashes[name] = sha256
        self.placed_files.linked.discard(name)
        if stamp:
            self.placed_files.stamps[name] = stamp

    def _prepare(self, name: str) -> str:
        """Return the path for a new file, after creating its folder."""
        target = f"{self.new}/{name}"
        folder = target.rpartition("/")[0]
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
            self._folders.add(folder)
        return target

    def close(self) -> list[str]:
        """List the new folder once, before it is moved into place.

        Returns:
            The paths of files that may not be on the disk yet; linked ones are.
        """
        self._names = sorted(name for name, _ in files_below(self.new))
        return [f"{self.new}/{name}" for name in self._names if name not in self.placed_files.linked]

    def is_unchanged(self) -> bool:
        """Return whether both folders have the same files; call it after `close`."""
        names = {name: row[:2] for name, row in self._rows.items()}
        is_same = names.keys() == set(self._names) and self.placed_files.linked >= names.keys()
        return is_same and bool(names) and names == snapshot(self._current)

    def rows(self) -> dict[str, _Row]:
        """Return the rows to record once the new folder is in place.

        A linked file keeps its row: a change meanwhile affects both names. A file that was deleted meanwhile gets a row
        that matches no file, so that the next build restores it.
        """
        result: dict[str, _Row] = {}
        for name in self._names:
            if name in self.placed_files.linked:
                result[name] = self._rows[name]
                continue
            stamp = [-1, -1]
            with suppress(OSError):
                stat = os.stat(f"{self._current}/{name}")  # noqa: PTH116
                stamp = [stat.st_size, stat.st_mtime_ns]
            is_recorded = name in self.placed_files.hashes and self.placed_files.stamps.get(name, stamp) == stamp
            result[name] = [
                *stamp,
                self.placed_files.hashes[name] if is_recorded else hash_content(self._current / name),
            ]
        return result

    def changed(self, rows: dict[str, _Row]) -> set[str]:
        """Return the paths relative to the campaign of files that changed. rows: see `rows`."""
        names = (name for name in rows.keys() | self._rows.keys() if not self._is_same(name, rows))
        return {f"{self.name}/{name}" for name in names}

    def _is_same(self, name: str, rows: dict[str, _Row]) -> bool:
        before, now = self._rows.get(name), rows.get(name)
        return bool(before and now and before[2] == now[2] != "")


def rows(memo: Memo, name: str) -> dict[str, _Row]:
    """Return the recorded row of each file of 'site' or 'dist'."""
    space, result = memo.namespace(NAMESPACE), dict[str, _Row]()
    for group in space.get(name) or ():
        result.update(space.get(f"{name}/{group}") or {})
    return result


def record_rows(memo: Memo, name: str, files: dict[str, _Row]) -> None:
    """Record the rows by folder, so that unchanged folders aren't written again."""
    groups: dict[str, dict[str, _Row]] = {}
    for file, row in files.items():
        groups.setdefault("/".join(file.split("/", 2)[:-1]), {})[file] = row
    space = memo.namespace(NAMESPACE)
    for key, value in [(name, [*groups]), *((f"{name}/{group}", row) for group, row in groups.items())]:
        space.put(key, value)


def is_unchanged(root: Path, memo: Memo, name: str) -> bool:
    """Return whether 'site' or 'dist' has exactly the recorded files."""
    recorded = rows(memo, name)
    return bool(recorded) and {file: row[:2] for file, row in recorded.items()} == snapshot(root / name)
