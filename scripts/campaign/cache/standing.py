"""What stands in site/ or dist/ already: a file that stays as it is gets a second name in the new folder, and no copy.

The new folder is the one that was replaced by what stands, where that is left: most files in it have such names. So
whoever puts a file there puts it in the place of another one and writes into none, and `sweep` takes away what nobody
put there again. The store shares no file with either: somebody may write into what is handed over, and into nothing
else by that.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from campaign.cache.atomic import WORK, files_below, fresh_folder, old_folder, reused_folder, snapshot
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
        self.name, self._root, self._folder = name, root, (root / name).resolve()
        self._known = rows(memo, name)
        self._hashes: dict[str, str] = {}
        self._noted: dict[str, _Row] = {}
        self._linked: set[str] = set()
        self._folders: set[str] = set()
        self._looked_at: dict[str, os.stat_result] = {}
        self.new = reused_folder(root, name)
        probe = self.new / ".probe"
        probe.mkdir()
        mode = probe.stat().st_mode
        probe.rmdir()
        probe.touch()
        found = probe.stat()
        probe.unlink()
        self._mode = found.st_mode
        is_there = self._folder.is_dir()
        self._is_near = is_there and self._folder.stat().st_dev == found.st_dev
        # On another disk it gets copies of whatever differs.
        self._is_far = is_there and not self._is_near
        # What lies there from before and nobody has put there again.
        left = _left_below(str(self.new), mode)
        if left is None:
            self.new = fresh_folder(root, name)
        self._rest = left or {}
        for name in self._rest:
            folder = name.rpartition("/")[0]
            while folder and f"{self.new}/{folder}" not in self._folders:
                self._folders.add(f"{self.new}/{folder}")
                folder = folder.rpartition("/")[0]

    @property
    def folders(self) -> set[str]:
        """The first part of the name of each file that was put into the new folder."""
        return {name.partition("/")[0] for name in self._hashes}

    def holds(self, name: str, sha256: str) -> bool:
        """Whether a file stands there as it was put there, and is what it should be now."""
        return self._held(name, sha256) is not None

    def _held(self, name: str, sha256: str) -> os.stat_result | None:
        known = self._known.get(name)
        if not self._is_near or not sha256 or not known or known[2] != sha256:
            return None
        if name in self._looked_at:
            return self._looked_at[name]
        try:
            found = os.lstat(f"{self._folder}/{name}")  # thousands: a Path takes five times as long
        except OSError:
            return None
        # Whoever may read it is decided by how the system is set now, as for a new file.
        if [found.st_size, found.st_mtime_ns, found.st_mode] != [*known[:2], self._mode]:
            return None
        self._looked_at[name] = found
        return found

    def place(self, name: str, source: Path, sha256: str) -> None:
        """Puts a file into the new folder.

        Args:
            name: from there.
            source: where it is copied from, if it is not there as it should be.
            sha256: of what it holds.
        """
        target = self._free(name, sha256)
        if not target:
            return
        if self._is_far and source.is_relative_to(self._root / WORK):
            with suppress(OSError):
                os.link(source, target)
                return
        shutil.copyfile(source, target)
        # Who changed it while it was copied finds it copied again.
        self._hashes[name] = hash_content(Path(target))

    def write(self, name: str, data: bytes) -> None:
        """Puts a file that holds this into the new folder."""
        if target := self._free(name, hashlib.sha256(data).hexdigest()):
            Path(target).write_bytes(data)

    def keep(self, name: str, sha256: str) -> bool:
        """Whether a file stands as it should be, and so is put into the new folder."""
        return self.holds(name, sha256) and not self._free(name, sha256)

    def make_room(self, name: str) -> None:
        """Lets somebody else put a file into the new folder."""
        self._free(name, "")

    def note(self, name: str, sha256: str, stamp: list[int]) -> None:
        """Says what a file holds that somebody else has put there.

        Args:
            name: from there.
            sha256: of what it holds.
            stamp: bytes, nanoseconds since 1970; where they are others in the end, so is what it holds.
        """
        self._noted[name] = [*stamp, sha256]

    def sweep(self) -> None:
        """Takes away what lay there from before and nobody put there again."""
        folders = dict[str, None]()
        for name in self._rest:
            self._clear(f"{self.new}/{name}")
            folders[name.rpartition("/")[0]] = None
        self._rest.clear()
        for folder in folders:
            with suppress(OSError):
                while folder:
                    (self.new / folder).rmdir()  # until one is not empty
                    self._folders.discard(f"{self.new}/{folder}")
                    folder = folder.rpartition("/")[0]

    def trim(self) -> None:
        """Leaves of what was replaced what stands still: what was taken back lies nowhere, and takes no room.

        Where that is little, as after the first build, all that stands gets its second names now: the next change, for
        which somebody waits, finds them.
        """
        old = str(old_folder(self._root, self.name))
        if len(self._known) >= 2 * len(self._linked):
            shutil.rmtree(old, ignore_errors=True)
            with suppress(OSError):  # a disk without second names, or another one
                self._name_again(old)
            return
        for name, entry in list(files_below(old)):
            if name not in self._linked:
                self._clear(entry.path)

    def _name_again(self, folder: str) -> None:
        """Gives all that stands a second name in another folder."""
        for name, entry in files_below(self._folder):
            target = f"{folder}/{name}"
            try:
                os.link(entry.path, target)
            except FileNotFoundError:
                os.makedirs(target.rpartition("/")[0])  # noqa: PTH103
                os.link(entry.path, target)

    def _free(self, name: str, sha256: str) -> str:
        """Where a file is to be written, which has its folder and is not there; '' once it has its second name."""
        target = f"{self.new}/{name}"
        self._make_folder(target.rpartition("/")[0])
        there = self._rest.pop(name, None)
        self._hashes[name] = sha256
        self._linked.discard(name)
        held = self._held(name, sha256)
        if held:
            with suppress(OSError):
                if there != (held.st_dev, held.st_ino):
                    self._clear(target)
                    os.link(f"{self._folder}/{name}", target)
                self._linked.add(name)
                return ""
        self._clear(target)
        return target

    def _make_folder(self, folder: str) -> None:
        if folder not in self._folders and folder != str(self.new):
            self._make_folder(folder.rpartition("/")[0])
            try:
                os.mkdir(folder)  # noqa: PTH102  hundreds: a Path takes five times as long
            except FileExistsError:
                if not os.path.isdir(folder):  # noqa: PTH112
                    self.sweep()
                    os.mkdir(folder)  # noqa: PTH102
            self._folders.add(folder)

    def _clear(self, target: str) -> None:
        """Nobody writes into what was put there first: it may have a second name."""
        try:
            os.unlink(target)  # noqa: PTH108
        except FileNotFoundError:
            return
        except OSError:
            if not os.path.isdir(target):  # noqa: PTH112
                raise
            self.sweep()

    def close(self) -> list[str]:
        """Looks once at what is in the new folder, before it comes into place.

        Returns:
            The paths of files that may not be on the disk yet: what has its second name stood there before.
        """
        self._names = sorted(name for name, _ in files_below(self.new))
        return [f"{self.new}/{name}" for name in self._names if name not in self._linked]

    def is_as_it_stands(self) -> bool:
        """Whether the folder that stands holds just what the new one does; to be asked after `close`."""
        names = {name: row[:2] for name, row in self._known.items()}
        is_same = names.keys() == set(self._names) and self._linked >= names.keys()
        return is_same and bool(names) and names == snapshot(self._folder)

    def rows(self) -> dict[str, _Row]:
        """What is to be noted once the new folder is in place.

        Of a file that has its second name, what was noted before: who wrote into it meanwhile wrote into both. Of one
        that somebody took away by then, what no file has, so that the next build puts it there again.
        """
        found: dict[str, _Row] = {}
        for name in self._names:
            if name in self._linked:
                found[name] = self._known[name]
                continue
            stamp = [-1, -1]
            with suppress(OSError):
                stat = os.stat(f"{self._folder}/{name}")  # noqa: PTH116
                stamp = [stat.st_size, stat.st_mtime_ns]
            noted = self._noted.get(name)
            if noted and noted[:2] == stamp:
                found[name] = noted
            else:
                found[name] = [*stamp, self._hashes.get(name) or hash_content(self._folder / name)]
        return found

    def changed(self, rows: dict[str, _Row]) -> set[str]:
        """The names, from the campaign's folder on, of files that are not as they were. rows: see `rows`."""
        names = (name for name in rows.keys() | self._known.keys() if not self._is_same(name, rows))
        return {f"{self.name}/{name}" for name in names}

    def _is_same(self, name: str, rows: dict[str, _Row]) -> bool:
        before, now = self._known.get(name), rows.get(name)
        return bool(before and now and before[2] == now[2] != "")


def _left_below(folder: str, mode: int, name: str = "") -> dict[str, tuple[int, int]] | None:
    """Each file below a folder, which loses all that is none, and folders that hold none.

    Args:
        folder: where they lie.
        mode: who may read a new folder; where one of them is for others, there is None.
        name: of the folder, with a slash, from where names begin.

    Returns:
        Device and number of each by its name: no other file has both.
    """
    found: dict[str, tuple[int, int]] = {}
    try:
        here, entries = os.lstat(folder), list(os.scandir(folder))
    except OSError:
        return {}
    if name and here.st_mode != mode:
        return None
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            below = _left_below(entry.path, mode, f"{name}{entry.name}/")
            if below is None:
                return None
            found |= below
            if not below:
                shutil.rmtree(entry.path, ignore_errors=True)
        elif entry.is_file(follow_symlinks=False):
            found[name + entry.name] = here.st_dev, entry.inode()
        else:
            os.unlink(entry.path)  # noqa: PTH108
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
