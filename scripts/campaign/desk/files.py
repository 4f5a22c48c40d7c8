"""The campaign's files as the desk changes them: all or none, and never over other people's changes.

Plain files stay the source of truth. Each save names the version that the editor saw; if a file has changed since,
nothing is written. Earlier contents are kept, so that every save can be undone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from campaign.cache.atomic import WORK
from campaign.content.originals import ORIGINALS
from campaign.content.writing import all_or_none, finish_writing, rename_file, write_files
from campaign.desk.notes import write_note
from campaign.desk.words import TranslatableText
from campaign.models.names import is_portable

SETTINGS = "mkdocs.yml"
# A table of places next to mkdocs.yml.
PLACES_TABLE = re.compile(r"\w[\w -]*\.csv")
HAND_OUT_FOLDER = "handed-out"
EDITABLE_FOLDERS = ("docs", "assets", HAND_OUT_FOLDER, ORIGINALS)
HISTORY = f"{WORK}/desk/history"
MAX_SAVES = 500
NO_FILE = "-"
# See TranslatableText.
TITLE_PARTS: dict[str, Any] = {"key": str, "given": dict, "names": dict}
T = TypeVar("T")


class ForeignFileError(Exception):
    """The desk may not open a file of this name."""


class ConflictError(Exception):
    """Another program changed a file since it was read; data is the current content."""

    def __init__(self, name: str, data: bytes | None) -> None:
        super().__init__(name)
        self.name, self.data = name, data


class NameTakenError(Exception):
    """The new name is taken."""


class InvalidNameError(Exception):
    """Some computers can't have a file of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class Change:
    """New content for a file."""

    version: str  # of the content that the editor saw
    data: bytes | None  # None deletes the file


@dataclass(frozen=True)
class Saved:
    """A save that can be undone."""

    number: int  # consecutive
    title: (
        str  # in the language of the person who saved; `key`, `given` and `names` are its parts, see TranslatableText
    )
    by: str
    at: str
    files: tuple[str, ...]
    undoes: int = 0  # the number of the save that it undid, or 0
    is_undo: bool = False  # whether it undid something, rather than redid it
    is_undone: bool = False  # whether a later save undid it
    can_be_undone: bool = True  # whether its files are as it left them
    missing_file: str = ""  # a file of it that has disappeared since, other than by a save
    key: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def version_of(data: bytes | None) -> str:
    """Return a hash of a file's content, or NO_FILE."""
    return NO_FILE if data is None else hashlib.sha256(data).hexdigest()[:20]


def below(folder: Path, name: str) -> Path | None:
    """Return a file below a folder that isn't the campaign's own, or None."""
    parts = name.split("/")
    path = folder.joinpath(*parts)
    is_plain = not any(part in ("", ".", "..") or set(part) & set("\\:\0") for part in parts)
    return path if is_plain and path.is_file() and path.resolve().is_relative_to(folder.resolve()) else None


class Files:
    """The files of a campaign that the desk reads and writes."""

    def __init__(self, root: Path, changed: Callable[[Iterable[str]], None] = lambda _: None) -> None:
        """Open a campaign's folder; `changed` is called with the names of written files."""
        self.root, self._changed = root.resolve(), changed
        self._lock = threading.Lock()
        finish_writing(self.root)
        self._put_back_what_was_begun()

    def path(self, name: str) -> Path:
        """Return the path of a file. Raise ForeignFileError if it isn't the campaign's, or is behind a link."""
        parts = PurePosixPath(name).parts
        is_plain = name == "/".join(parts) and not any(
            part.startswith(".") or set(part) & set('\\:\0*?"<>|') for part in parts
        )
        is_top = len(parts) == 1 and (name == SETTINGS or PLACES_TABLE.fullmatch(name))
        if not is_plain or not (is_top or (parts[:1] and parts[0] in EDITABLE_FOLDERS and len(parts) > 1)):
            raise ForeignFileError(name)
        path = self.root
        for part in parts:
            path /= part
            if path.is_symlink():
                raise ForeignFileError(name)
        return path

    def read(self, name: str) -> bytes | None:
        """Return a file's content, or None."""
        try:
            return self.path(name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (IsADirectoryError, ValueError):
            raise ForeignFileError(name) from None

    def change(self, name: str, data: bytes | None) -> dict[str, Change]:
        """Return a change of a file's current version."""
        return {name: Change(version_of(self.read(name)), data)}

    def save(self, title: str, user: str, changes: Mapping[str, Change], undoes: int = 0) -> int:
        """Write files, all or none, and return the number of the save.

        `undoes`: the number of the save that this one undoes, or 0. Raise ConflictError if a file has changed;
        ForeignFileError (see `path`); InvalidNameError if some computers can't have a new file's name; OSError if
        nothing could be written, for example on a full disk.
        """
        for name, change in changes.items():
            if change.version == NO_FILE and change.data is not None:
                _refuse_name(name)
        with self._lock:
            before = {name: self.read(name) for name in changes}
            for name, change in changes.items():
                if version_of(before[name]) != change.version:
                    raise ConflictError(name, before[name])
            number, note = self._new_note(title, user, before, {name: change.data for name, change in changes.items()})
            note |= {"is_done": False, "undoes": undoes}
            write_note(self._file(number), note)
            try:
                with all_or_none(self.root):
                    write_files(self.root, {self.path(name): change.data for name, change in changes.items()})
                    write_note(self._file(number), note | {"is_done": True})
            except OSError:
                self._file(number).unlink(missing_ok=True)
                raise
            self._forget()
            self._changed(changes)
            return number

    def record(self, title: str, user: str, names: Iterable[str], change: Callable[[], T]) -> tuple[T, int]:
        """Let `change` change some files, all or none; return its result and the number of the save, or 0."""
        with self._lock:
            before = {name: self.read(name) for name in names}
            with all_or_none(self.root):
                result = change()
            after = {name: self.read(name) for name in before}
            before = {name: data for name, data in before.items() if after[name] != data}
            if not before:
                return result, 0
            number, note = self._new_note(title, user, before, after)
            write_note(self._file(number), note)
            self._forget()
            self._changed(before)
            return result, number

    def rename(self, title: str, user: str, path: str, new_path: str, undoes: int = 0) -> int:
        """Rename a file or folder and return the number of the save.

        Raise LookupError if it doesn't exist; NameTakenError if something has the new path; ForeignFileError (see
        `path`, or it contains a symbolic link); OSError if the system refuses; nothing has changed.
        """
        with self._lock:
            old, new = self.path(path), self.path(new_path)
            if not old.exists():
                raise LookupError(path)
            if not undoes:
                _refuse_name(new_path)
            if any(item.is_symlink() for item in old.rglob("*")):
                raise ForeignFileError(path)
            if os.path.lexists(new) and not new.samefile(old):
                raise NameTakenError(new_path)
            number, note = self._new_note(title, user, {}, {})
            note |= {"is_done": False, "undoes": undoes, "renamed": [path, new_path]}
            write_note(self._file(number), note)
            try:
                rename_file(self.root, old, new)
            except OSError:
                self._file(number).unlink(missing_ok=True)
                raise
            write_note(self._file(number), note | {"is_done": True})
            self._forget()
            return number

    def _new_note(
        self, title: str, user: str, before: Mapping[str, bytes | None], after: Mapping[str, bytes | None]
    ) -> tuple[int, dict[str, Any]]:
        """Return the number of a new save, and the record of it."""
        files = [
            {
                "name": name,
                "before": None if data is None else base64.b64encode(data).decode(),
                "after": version_of(after[name]),
            }
            for name, data in before.items()
        ]
        title_parts = (
            {"key": title.key, "given": title.given, "names": title.names}
            if isinstance(title, TranslatableText)
            else {}
        )
        timestamp = datetime.now().isoformat(timespec="seconds")
        note = {"title": title, **title_parts, "by": user, "at": timestamp, "is_done": True, "files": files}
        return 1 + max(self._numbers(), default=0), note

    def history(self) -> list[Saved]:
        """Return every save that can be undone, newest first."""
        saves = [saved for number in sorted(self._numbers(), reverse=True) if (saved := self.find(number))]
        versions: dict[str, str] = {}
        undone_numbers: set[int] = set()
        removed_names: set[str] = set()  # by a later save, which must be undone first
        saves_shown = []
        for save in saves:  # newest first: what undid a save may have been undone itself
            if save.number not in undone_numbers:
                undone_numbers.add(save.undoes)
            is_undone, is_back = save.number in undone_numbers, self.root_save(save.number)[1] % 2 == 1
            can_undo, missing_file = self._undo_state(save.number, versions)
            missing_file = "" if missing_file in removed_names else missing_file
            saves_shown.append(
                replace(save, is_undo=is_back, is_undone=is_undone, can_be_undone=can_undo, missing_file=missing_file)
            )
            files = (self._read_note(save.number) or {"files": ()})["files"]
            removed_names.update(file["name"] for file in files if file["after"] == NO_FILE)
        return saves_shown

    def _undo_state(self, number: int, versions: dict[str, str]) -> tuple[bool, str]:
        note = self._read_note(number)
        if note and "renamed" in note:
            return self._is_renamed(note), ""
        for item in note["files"] if note else ():
            name = item["name"]
            if name not in versions:
                try:
                    versions[name] = version_of(self.read(name))
                except (ForeignFileError, OSError):
                    versions[name] = ""
            if versions[name] != item["after"]:
                return False, name if versions[name] == NO_FILE else ""
        return note is not None, ""

    def _is_renamed(self, note: Mapping[str, Any]) -> bool:
        try:
            old, new = map(self.path, note["renamed"])
        except ForeignFileError:
            return False
        return new.exists() and (not os.path.lexists(old) or old.samefile(new))

    def find(self, number: int) -> Saved | None:
        """Return a save, or None if it can no longer be undone."""
        note = self._read_note(number)
        if note is None:
            return None
        names = tuple(item["name"] for item in note["files"]) or tuple(note.get("renamed", ()))
        undoes = note.get("undoes", 0) if isinstance(note.get("undoes"), int) else 0
        title_parts = {key: note.get(key, kind()) for key, kind in TITLE_PARTS.items()}
        is_known = all(isinstance(title_parts[key], kind) for key, kind in TITLE_PARTS.items())
        return Saved(number, note["title"], note["by"], note["at"], names, undoes, **(title_parts if is_known else {}))

    def root_save(self, number: int) -> tuple[Saved | None, int]:
        """Return the save that a chain of undos leads back to, and the chain's length."""
        undo_count = 0
        while (save := self.find(number)) and 0 < save.undoes < number:
            number, undo_count = save.undoes, undo_count + 1
        return save, undo_count

    def undo(self, number: int, title: str, user: str) -> int:
        """Undo a save, which is a save itself. Raise LookupError without it, ConflictError if a file has changed."""
        note = self._read_note(number)
        if note is None:
            raise LookupError(number)
        if "renamed" in note:
            old, new = note["renamed"]
            if not self._is_renamed(note):
                raise ConflictError(new, None)
            return self.rename(title, user, new, old, number)
        changes = {item["name"]: Change(item["after"], _decoded(item["before"])) for item in note["files"]}
        return self.save(title, user, changes, number)

    def _restore(self, note: Mapping[str, Any]) -> None:
        if "renamed" in note and self._is_renamed(note):
            with suppress(OSError):
                rename_file(self.root, *map(self.path, reversed(note["renamed"])))
        for item in note["files"]:
            with suppress(OSError, ForeignFileError):
                if version_of(self.read(item["name"])) == item["after"]:
                    write_files(self.root, {self.path(item["name"]): _decoded(item["before"])})

    def _put_back_what_was_begun(self) -> None:
        for number in self._numbers():
            note = self._read_note(number)
            if note and not note["is_done"]:
                self._restore(note)
                self._file(number).unlink(missing_ok=True)

    def _numbers(self) -> list[int]:
        return [int(path.stem) for path in (self.root / HISTORY).glob("*.json") if path.stem.isdecimal()]

    def _file(self, number: int) -> Path:
        return self.root / HISTORY / f"{number:06}.json"

    def _forget(self) -> None:
        for old in sorted(self._numbers())[:-MAX_SAVES]:
            self._file(old).unlink(missing_ok=True)

    def _read_note(self, number: int) -> dict[str, Any] | None:
        try:
            note: dict[str, Any] = json.loads(self._file(number).read_bytes())
            _ = [(item["name"], item["before"], item["after"]) for item in note["files"]], note["title"], note["by"]
            old, new = note.get("renamed", ("", ""))
            is_whole = "at" in note and "is_done" in note and isinstance(old, str) and isinstance(new, str)
            return note if is_whole else None
        except (OSError, ValueError, KeyError, TypeError):
            return None


def _refuse_name(name: str) -> None:
    for part in PurePosixPath(name).parts:
        if not is_portable(part):
            raise InvalidNameError(part)


def _decoded(data: str | None) -> bytes | None:
    return None if data is None else base64.b64decode(data)
