"""What has been made before, by the hash of all that it is made from: only what changed is made again."""

from __future__ import annotations

import hashlib
import json
import os
import time
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from errno import EINVAL
from pathlib import Path
from typing import Any

import msgspec

from campaign.cache.atomic import write_whole
from campaign.models.outputs import Made, Output

READER = json.JSONDecoder()
RECENT = 3_000_000_000  # nanoseconds
SUM = 8


class Damaged(Exception):
    """Files of the store are not as they were made. They are gone from it, so that they are made again."""


@dataclass(frozen=True)
class Store:
    """A folder of finished files, each under its key, with its size and hash beside it."""

    folder: Path

    def file(self, key: str, output: Output) -> Path:
        """Where the file of an output with this key stands, or will."""
        return self.folder / key[:2] / f"{key}.{output.ending}"

    def find(self, key: str, output: Output) -> Made | None:
        """What was made under this key, by its note and size; whoever reads the file asks `check` first."""
        file = self.file(key, output)
        try:
            found = made_of_note(file.with_suffix(".json").read_bytes(), output, file)
            return found if found and file.stat().st_size == found.bytes else None
        except OSError:
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
        """Memo what was made; call it once the file stands."""
        write_whole(made.file.with_suffix(".json"), note_of(made))

    def prune(self, keys: set[str]) -> int:
        """Deletes what no output has any more.

        Args:
            keys: of all outputs that there are.

        Returns:
            How many files went, memo on them not counted.
        """
        gone = 0
        for path in self.folder.glob("*/*"):
            if path.stem not in keys:
                path.unlink(missing_ok=True)
                gone += path.suffix != ".json"
        return gone


def note_of(made: Made) -> bytes:
    """What is noted beside a finished file, whose name is its key."""
    known: dict[str, Any] = {"bytes": made.bytes, "sha256": made.sha256, "width": made.width, "height": made.height}
    if made.lacks:
        known["lacks"] = made.lacks
    return _line(made.file.stem.encode(), known)


def made_of_note(note: bytes, output: Output, file: Path) -> Made | None:
    """What a note says of a file; None where it is damaged, or of another key than the file's name."""
    known = _value(file.stem.encode(), note)
    if not known:
        return None
    size = known["width"], known["height"]
    return Made(output, file, known["bytes"], known["sha256"], *size, tuple(known.get("lacks", ())))


def write_made(file: Path, made: list[Made]) -> None:
    """Writes down what stands in the store, for `read_made`."""
    data = msgspec.json.encode(made, enc_hook=lambda path: path.relative_to(file.parent).as_posix())
    if not file.is_file() or file.read_bytes() != data:
        write_whole(file, data)


def read_made(file: Path) -> list[Made]:
    """What was written down, but for what stands there no more."""
    try:
        made = msgspec.json.decode(file.read_bytes(), type=list[Made], dec_hook=lambda _, name: file.parent / name)
    except (OSError, msgspec.MsgspecError):
        return []
    return [each for each in made if each.file.is_file()]


def hash_content(file: Path) -> str:
    """The hash of what a file holds; '' where it cannot be read."""
    with suppress(OSError):
        if file.is_file():
            with file.open("rb") as content:
                return hashlib.file_digest(content, "sha256").hexdigest()
    return ""


def hash_files(paths: list[Path]) -> str:
    """One hash of many files' names and contents, in the order given."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def hash_file(path: Path, name: str, memo: Memo) -> str:
    """The hash of a file's content; the one that was noted, where the file's size and time are what they were.

    Raises:
        OSError: it cannot be read, or is no ordinary file.
    """
    stamp = _stamp(path)
    if not path.is_file():
        raise OSError(EINVAL, "not an ordinary file")  # who reads a pipe waits for ever
    known = memo.get(name)
    if known and known[:2] == [*stamp]:
        return str(known[2])
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    # Clocks of disks tick slowly: what was written just now may be written again at the same time.
    if time.time_ns() - stamp[1] > RECENT and stamp == _stamp(path):
        remember_hash(name, *stamp, digest, memo)
    return digest


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def remember_hash(name: str, size: int, changed: int, digest: str, memo: Memo) -> None:
    """Memo a file's hash for `hash_file`.

    Args:
        name: what the hash is found by.
        size: bytes.
        changed: when it was last written, in nanoseconds since 1970.
        digest: SHA-256 in hexadecimal.
        memo: where it is noted.
    """
    memo.put(name, [size, changed, digest])


def hash_text(text: str) -> str:
    """The hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


class Memo:
    """What was worked out before, by the hash of all that it was worked out from.

    A file of lines: key, tab, checksum, plain JSON; a later line of a key counts, a damaged one does not. New ones are
    added at its end. What runs do not ask for any more is forgotten, with the lines that no longer count, once it is a
    third of all, or as soon as there are too many.
    """

    def __init__(self, file: Path | None, most: int = 0) -> None:
        """Reads what was noted.

        Args:
            file: None for memo that nobody keeps.
            most: how many stay, whether a run asks for them or not; 0: those that runs ask for.
        """
        self.file, self.most = file, most
        self._used: dict[str, Any] = {}
        self._new: set[str] = set()
        self._known: dict[bytes, bytes] = {}
        self._lines, self._is_whole = 0, True
        with suppress(OSError), (file or Path(os.devnull)).open("rb") as lines:
            for line in lines:
                key, _, value = line.partition(b"\t")
                # A line whose end is missing was cut off by a sudden end: nothing may be added to it.
                self._is_whole = value.endswith(b"\n")
                if self._is_whole:
                    self._known[key] = value
                self._lines += 1

    def read_only(self) -> Memo:
        """This memo, never to be written where it was read."""
        self.file = None
        return self

    def get(self, key: str) -> Any | None:
        """What was noted under a key, or None."""
        if key not in self._used:
            value = _value(key.encode(), self._known.get(key.encode(), b""))
            if value is None:
                return None
            self._used[key] = value
        return self._used[key]

    def put(self, key: str, value: Any) -> None:
        """Memo a value of plain dicts, lists, texts and numbers."""
        self._used[key] = value
        self._new.add(key)

    def has_used(self, key: str) -> bool:
        """Whether this run asked for a key that is known, or noted it."""
        return key in self._used

    def save(self) -> None:
        """Writes what is new. A disk that refuses is no harm."""
        new = {key.encode(): _line(key.encode(), self._used[key]) for key in self._new}
        kept = {**self._known, **new}
        if self.most:
            wanted = dict([*kept.items()][-self.most :])
        else:
            wanted = {used: kept[used] for key in self._used if (used := key.encode()) in kept}
        self._lines += len(new)
        is_anew = len(wanted) < self._lines * 2 / 3 or not self._is_whole
        if not self.file or not (new or is_anew):
            return
        lines = b"".join(b"%b\t%b" % line for line in (wanted if is_anew else new).items())
        with suppress(OSError):
            if is_anew:
                write_whole(self.file, lines)
                self._lines = len(wanted)
            else:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                with self.file.open("ab", buffering=0) as end:
                    end.write(lines)
        self._known, self._new, self._is_whole = kept, set(), True


def _line(key: bytes, value: Any) -> bytes:
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    return _sum(key, data) + data


def _value(key: bytes, line: bytes) -> Any | None:
    """What `_line` was given; None where the line is not as it was written."""
    total, data = line[:SUM], line[SUM:]
    return READER.raw_decode(data.decode())[0] if total == _sum(key, data) else None


def _sum(key: bytes, data: bytes) -> bytes:
    return b"%08x" % zlib.crc32(data, zlib.crc32(key))
