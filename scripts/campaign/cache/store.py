"""What has been made before, by the hash of all that it is made from: only what changed is made again."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterable
from contextlib import suppress
from errno import EINVAL
from pathlib import Path
from typing import Any

from campaign.cache.atomic import WORK, files_below
from campaign.cache.memo import Memo
from campaign.models.outputs import Made, Output

FOLDER = f"{WORK}/store"
# The space of the memo with hashes of files.
FILES = "files"
MIN_FILE_AGE_NS = 3_000_000_000  # nanoseconds
# Rows of the memo that are kept whether a run asks for them or not: `Store.prune` says which go.
MAX_ROWS = 10_000_000
# Seconds of work that a sudden end may cost.
SAVE_INTERVAL_S = 2.0


class Damaged(Exception):
    """Files of the store are not as they were made. They are gone from it, so that they are made again."""


class Store:
    """A folder of finished files, each under its key; what tells them again is in the memo."""

    def __init__(self, root: Path, memo: Memo | None = None) -> None:
        """Opens that of a campaign.

        Args:
            root: the campaign's folder.
            memo: that of the campaign, where it is at hand.
        """
        self.folder = root / FOLDER
        self._folder = str(self.folder)
        self.memo = (memo or Memo.of(root)).beside("store", MAX_ROWS)
        self._saved = time.monotonic()

    def file(self, key: str, output: Output) -> Path:
        """Where the file of an output with this key stands, or will."""
        return stored_file(self.folder, key, output)

    def find(self, key: str, output: Output) -> Made | None:
        """What was made under this key, by its note and size; whoever reads the file asks `check` first."""
        name = f"{key}.{output.ending}"
        note, file = self.memo.get(name), f"{self._folder}/{key[:2]}/{name}"
        with suppress(OSError):
            if note and os.stat(file).st_size == note["bytes"]:  # noqa: PTH116  thousands: a Path takes twice as long
                return made_of(note, output, Path(file))
        return None

    def check(self, made: Iterable[Made]) -> None:
        """Compares files with the hashes that were noted when they were made.

        Raises:
            Damaged: some differ.
        """
        damaged = [each.file for each in made if hash_content(each.file) != each.sha256]
        for file in damaged:
            file.unlink(missing_ok=True)
        if damaged:
            raise Damaged

    def keep(self, made: Made) -> None:
        """Notes what was made; call it once the file stands."""
        self.memo.put(made.file.name, note_of(made))
        if time.monotonic() - self._saved > SAVE_INTERVAL_S:
            self.save()

    def forget(self, outputs: Iterable[Made]) -> None:
        """Lets the next build make some anew."""
        self.memo.keep_only(self.memo.keys() - {each.file.name for each in outputs})
        self.save()

    def save(self) -> None:
        """Writes the notes down."""
        self.memo.save()
        self._saved = time.monotonic()

    def prune(self, keys: set[str]) -> int:
        """Deletes what no output has any more.

        Args:
            keys: of all outputs that there are.

        Returns:
            How many files went.
        """
        gone, kept = 0, set()
        for name, entry in files_below(self.folder):
            file = name.rpartition("/")[2]
            if file.rpartition(".")[0] in keys:
                kept.add(file)
            else:
                Path(entry.path).unlink(missing_ok=True)
                gone += 1
        self.memo.keep_only(kept)
        return gone


def stored_file(folder: Path, key: str, output: Output) -> Path:
    """Where a store in this folder has the file of an output."""
    return folder / key[:2] / f"{key}.{output.ending}"


def note_of(made: Made) -> dict[str, Any]:
    """What tells a finished file again, as plain JSON."""
    known: dict[str, Any] = {"bytes": made.bytes, "sha256": made.sha256, "width": made.width, "height": made.height}
    return {**known, "lacks": made.lacks} if made.lacks else known


def made_of(note: dict[str, Any], output: Output, file: Path) -> Made:
    """What a note says of a file."""
    size = note["width"], note["height"]
    return Made(output, file, note["bytes"], note["sha256"], *size, tuple(note.get("lacks", ())))


def hash_content(file: Path) -> str:
    """The hash of what a file holds; '' where it cannot be read."""
    with suppress(OSError):
        if file.is_file():
            with file.open("rb") as content:
                return hashlib.file_digest(content, "sha256").hexdigest()
    return ""


def hash_file(path: Path | str, name: str, memo: Memo) -> str:
    """The hash of a file's content; the one that was noted, where the file's size and time are what they were.

    Raises:
        OSError: it cannot be read, or is no ordinary file.
    """
    found = os.stat(path)  # noqa: PTH116
    if not stat.S_ISREG(found.st_mode):
        raise OSError(EINVAL, "not an ordinary file")  # who reads a pipe waits for ever
    return hash_stamped(path, name, found, memo)


def hash_stamped(path: Path | str, name: str, found: os.stat_result, memo: Memo) -> str:
    """The same of an ordinary file that somebody has looked at. found: what the system says of it."""
    files = memo.beside(FILES)
    known, size, changed = files.get(name), found.st_size, found.st_mtime_ns
    if known and known[0] == size and known[1] == changed:
        return str(known[2])
    with open(path, "rb") as file:  # noqa: PTH123  a Path takes twice as long
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        after = os.fstat(file.fileno())
    # Clocks of disks tick slowly: what was written just now may be written again at the same time.
    if time.time_ns() - changed > MIN_FILE_AGE_NS and (after.st_size, after.st_mtime_ns) == (size, changed):
        remember_hash(name, size, changed, digest, memo)
    return digest


def remember_hash(name: str, size: int, changed: int, digest: str, memo: Memo) -> None:
    """Notes a file's hash for `hash_file`.

    Args:
        name: what the hash is found by.
        size: bytes.
        changed: when it was last written, in nanoseconds since 1970.
        digest: SHA-256 in hexadecimal.
        memo: where it is noted.
    """
    memo.beside(FILES).put(name, [size, changed, digest])


def hash_text(text: str) -> str:
    """The hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
