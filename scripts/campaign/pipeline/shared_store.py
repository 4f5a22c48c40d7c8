"""The store that all computers of a cluster share: a folder or a bucket, where files are got and put by their key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

from campaign.cache.atomic import write_whole
from campaign.cache.store import Store, made_of_note, note_of
from campaign.models.outputs import Made, Output
from campaign.publishing.bucket_store import Bucket

BUCKET = "s3://"


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


class _InFolder(Store):
    def put(self, made: Made) -> Made:
        file = self.file(made.file.stem, made.output)
        write_whole(file, made.file.read_bytes())
        kept = replace(made, file=file)
        self.keep(kept)
        return kept

    def read(self, made: Made) -> bytes:
        return made.file.read_bytes()

    def forget(self, made: Made) -> None:
        made.file.unlink(missing_ok=True)


class _InBucket:
    def __init__(self, address: str) -> None:
        # Nobody is kept out: a file is the same whoever puts it there.
        self._bucket = Bucket(address, "", "")

    def find(self, key: str, output: Output) -> Made | None:
        note = self._bucket.read(f"{_name(key)}.json")
        return made_of_note(note, output, Path(f"{key}.{output.ending}")) if note else None

    def put(self, made: Made) -> Made:
        key = made.file.stem
        self._bucket.write(f"{_name(key)}.{made.output.ending}", made.file, {})
        self._bucket.write(f"{_name(key)}.json", note_of(made), {})
        return replace(made, file=Path(made.file.name))

    def read(self, made: Made) -> bytes:
        return self._bucket.read(f"{_name(made.file.stem)}.{made.output.ending}") or b""

    def forget(self, made: Made) -> None:
        for ending in ("json", made.output.ending):
            self._bucket.delete(f"{_name(made.file.stem)}.{ending}")


def _name(key: str) -> str:
    return f"{key[:2]}/{key}"
