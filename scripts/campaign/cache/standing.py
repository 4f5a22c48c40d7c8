"""What stands in site/ or dist/ already: a file that stays as it is gets a second name in the new folder, and no copy.

The store shares no file with either: somebody may write into what is handed over, and into nothing else by that.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from campaign.cache.atomic import WORK, fresh_folder, snapshot
from campaign.cache.memo import Memo
from campaign.cache.store import hash_content

# The space of the memo with what was put into place.
SPACE = "placed"
_Row = list[Any]  # bytes, nanoseconds since 1970, SHA-256 or '' where nobody knows it


class Standing:
    """One of the two folders, as it stands and as it is filled anew.

    Attributes:
        new: the folder that is filled.
    """

    def __init__(self, root: Path, name: str, memo: Memo) -> None:
        """Looks at what was noted when the folder was put into place.

        Args:
            root: the campaign's folder.
            name: 'site' or 'dist'.
            memo: that of the campaign.
        """
        self.name, self.new = name, fresh_folder(root, name)
        self._root, self._folder = root, (root / name).resolve()
        self._known = rows(memo, name)
        self._hashes: dict[str, str] = {}
        self._linked: set[str] = set()
        self._folders: set[str] = set()
        probe = self.new / ".probe"
        probe.touch()
        found = probe.stat()
        probe.unlink()
        self._mode = found.st_mode
        is_there = self._folder.is_dir()
        self._is_near = is_there and self._folder.stat().st_dev == found.st_dev
        # On another disk it gets copies of whatever differs.
        self._is_far = is_there and not self._is_near

    def holds(self, name: str, sha256: str) -> bool:
        """Whether a file stands there as it was put there, and is what it should be now."""
        known = self._known.get(name)
        if not self._is_near or not known or known[2] != sha256:
            return False
        try:
            found = os.lstat(f"{self._folder}/{name}")  # thousands: a Path takes five times as long
        except OSError:
            return False
        # Whoever may read it is decided by how the system is set now, as for a new file.
        return [found.st_size, found.st_mtime_ns, found.st_mode] == [*known[:2], self._mode]

    def place(self, name: str, source: Path, sha256: str) -> None:
        """Puts a file into the new folder.

        Args:
            name: from there.
            source: where it is copied from, if it is not there as it should be.
            sha256: of what it holds.
        """
        target = self._target(name, sha256)
        if self._is_linked(name, sha256, target):
            return
        self._clear(target)
        if self._is_far and source.is_relative_to(self._root / WORK):
            with suppress(OSError):
                os.link(source, target)
                return
        shutil.copyfile(source, target)
        # Who changed it while it was copied finds it copied again.
        self._hashes[name] = hash_content(Path(target))

    def write(self, name: str, data: bytes) -> None:
        """Puts a file that holds this into the new folder."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self._target(name, sha256)
        if not self._is_linked(name, sha256, target):
            self._clear(target)
            Path(target).write_bytes(data)

    def _target(self, name: str, sha256: str) -> str:
        target = f"{self.new}/{name}"
        folder = target.rpartition("/")[0]
        self._make_folder(folder)
        self._hashes[name] = sha256
        self._linked.discard(name)
        return target

    def _make_folder(self, folder: str) -> None:
        if folder not in self._folders and folder != str(self.new):
            self._make_folder(folder.rpartition("/")[0])
            with suppress(FileExistsError):
                os.mkdir(folder)  # noqa: PTH102  hundreds: a Path takes five times as long
            self._folders.add(folder)

    def _is_linked(self, name: str, sha256: str, target: str) -> bool:
        if self.holds(name, sha256):
            with suppress(OSError):
                try:
                    os.link(f"{self._folder}/{name}", target)
                except FileExistsError:
                    self._clear(target)
                    os.link(f"{self._folder}/{name}", target)
                self._linked.add(name)
                return True
        return False

    @staticmethod
    def _clear(target: str) -> None:
        """Nobody writes into what was put there first: it may have a second name."""
        with suppress(FileNotFoundError):
            os.unlink(target)  # noqa: PTH108

    def rows(self) -> dict[str, _Row]:
        """What is to be noted once the new folder is in place.

        Of a file that has its second name, what was noted before: who wrote into it meanwhile wrote into both.
        """
        found: dict[str, _Row] = {}
        for name, stamp in snapshot(self._root / self.name).items():
            found[name] = self._known[name] if name in self._linked else [*stamp, self._hashes.get(name, "")]
        return found


def rows(memo: Memo, name: str) -> dict[str, _Row]:
    """What was noted of each file of 'site' or 'dist' when it was put into place."""
    space, found = memo.beside(SPACE), dict[str, _Row]()
    for group in space.get(name) or ():
        found.update(space.get(f"{name}/{group}") or {})
    return found


def note_rows(memo: Memo, name: str, files: dict[str, _Row]) -> None:
    """Notes it, by folders: what does not change is not written again."""
    groups: dict[str, dict[str, _Row]] = {}
    for file, row in files.items():
        groups.setdefault("/".join(file.split("/", 2)[:-1]), {})[file] = row
    space = memo.beside(SPACE)
    for key, value in [(name, [*groups]), *((f"{name}/{group}", found) for group, found in groups.items())]:
        space.put(key, value)


def stands(root: Path, memo: Memo, name: str) -> bool:
    """Whether each file of 'site' or 'dist' stands as it was put there, and no other."""
    known = rows(memo, name)
    return bool(known) and {file: row[:2] for file, row in known.items()} == snapshot(root / name)
