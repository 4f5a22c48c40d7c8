"""The store that all computers of a cluster share: a folder or a bucket, where files are got and put by their key."""

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
# Of the note beside each file: a folder that many computers write into holds no memo.
ENDING = ".json"


class SharedStore(Protocol):
    """Where a worker puts what it made, and whoever asked for it gets it."""

    def find(self, key: str, output: Output) -> Made | None:
        """What stands there under a key already."""

    def put(self, made: Made) -> Made:
        """Brings a file there, whole, and then the note of it."""

    def read(self, made: Made) -> bytes:
        """What a file that stands there holds."""

    def forget(self, made: Made) -> None:
        """Takes a file away that is not as it was made."""


def shared_store(address: str) -> SharedStore:
    """The store of an address: a folder, or `s3://bucket/folder` with the keys that programs for buckets read."""
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
        # Nobody is kept out: a file is the same whoever puts it there.
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
    """What a note says of a file; None where it is damaged, or of another key than the file's name."""
    try:
        known = msgspec.json.decode(note, type=dict[str, Any])
        return made_of(known, output, file) if known["key"] == file.stem else None
    except (msgspec.MsgspecError, KeyError):
        return None
