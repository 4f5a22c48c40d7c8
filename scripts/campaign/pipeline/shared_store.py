"""The store shared by the computers of a cluster: a folder or bucket with files by key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import msgspec

from campaign.cache.atomic import write_whole
from campaign.cache.store import made_of, note_of, stored_file
from campaign.models.outputs import Made, Output
from campaign.publishing.bucket_store import Bucket

BUCKET = "s3://"
# Extension of the metadata next to each file, since a shared folder can't hold a SQLite database.
ENDING = ".json"


class SharedStore(Protocol):
    """Where workers put outputs, and the requesting computer fetches them."""

    def find(self, key: str, output: Output) -> Made | None:
        """Return the stored output of a key, if any."""

    def put(self, made: Made) -> Made:
        """Upload a file atomically, then its metadata."""

    def read(self, made: Made) -> bytes:
        """Return the content of a stored file."""

    def forget(self, made: Made) -> None:
        """Delete a damaged file."""


def shared_store(address: str) -> SharedStore:
    """Return the store of an address: a folder, or `s3://bucket/folder` with the usual credentials."""
    return _InBucket(address) if address.startswith(BUCKET) else _InFolder(Path(address))


class _InFolder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, key: str, output: Output) -> Made | None:
        file = stored_file(self._folder, key, output)
        try:
            found = _made_of(file.with_suffix(ENDING).read_bytes(), output, file)
            return found if found and file.stat().st_size == found.bytes else None
        except OSError:
            return None

    def put(self, made: Made) -> Made:
        file = stored_file(self._folder, made.file.stem, made.output)
        write_whole(file, made.file.read_bytes())
        write_whole(file.with_suffix(ENDING), _written(made))
        return replace(made, file=file)

    def read(self, made: Made) -> bytes:
        return made.file.read_bytes()

    def forget(self, made: Made) -> None:
        made.file.unlink(missing_ok=True)


class _InBucket:
    def __init__(self, address: str) -> None:
        # No lock, because everyone writes the same bytes under a key.
        self._bucket = Bucket(address, "", "")

    def find(self, key: str, output: Output) -> Made | None:
        note = self._bucket.read(f"{_name(key)}{ENDING}")
        return _made_of(note, output, Path(f"{key}.{output.ending}")) if note else None

    def put(self, made: Made) -> Made:
        key = made.file.stem
        self._bucket.write(f"{_name(key)}.{made.output.ending}", made.file, {})
        self._bucket.write(f"{_name(key)}{ENDING}", _written(made), {})
        return replace(made, file=Path(made.file.name))

    def read(self, made: Made) -> bytes:
        return self._bucket.read(f"{_name(made.file.stem)}.{made.output.ending}") or b""

    def forget(self, made: Made) -> None:
        for ending in (ENDING, f".{made.output.ending}"):
            self._bucket.delete(f"{_name(made.file.stem)}{ending}")


def _name(key: str) -> str:
    return f"{key[:2]}/{key}"


def _written(made: Made) -> bytes:
    return msgspec.json.encode({"key": made.file.stem, **note_of(made)})


def _made_of(note: bytes, output: Output, file: Path) -> Made | None:
    """Return the metadata of a file; None if it is damaged or belongs to another key."""
    try:
        known = msgspec.json.decode(note, type=dict[str, Any])
        return made_of(known, output, file) if known["key"] == file.stem else None
    except (msgspec.MsgspecError, KeyError):
        return None
