"""The store shared by the computers of a cluster: a folder or bucket with files by key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import msgspec

from campaign.cache.atomic import write_whole
from campaign.cache.store import artifact_of, note_of, stored_file
from campaign.models.outputs import Artifact, Output
from campaign.publishing.bucket_store import Bucket

BUCKET = "s3://"
# Extension of the metadata next to each file, since a shared folder can't hold a SQLite database.
ENDING = ".json"


class SharedStore(Protocol):
    """A store into which workers put outputs, and from which the requesting computer fetches them."""

    def find(self, key: str, output: Output) -> Artifact | None:
        """Return the stored output of a key, if any."""

    def put(self, artifact: Artifact) -> Artifact:
        """Upload a file atomically, then its metadata."""

    def read(self, artifact: Artifact) -> bytes:
        """Return the content of a stored file."""

    def forget(self, artifact: Artifact) -> None:
        """Delete a damaged file."""


def shared_store(address: str) -> SharedStore:
    """Return the store of an address: a folder, or `s3://bucket/folder` with the usual credentials."""
    return _InBucket(address) if address.startswith(BUCKET) else _InFolder(Path(address))


class _InFolder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, key: str, output: Output) -> Artifact | None:
        file = stored_file(self._folder, key, output)
        try:
            result = _artifact_from(file.with_suffix(ENDING).read_bytes(), output, file)
            return result if result and file.stat().st_size == result.bytes else None
        except OSError:
            return None

    def put(self, artifact: Artifact) -> Artifact:
        file = stored_file(self._folder, artifact.file.stem, artifact.output)
        write_whole(file, artifact.file.read_bytes())
        write_whole(file.with_suffix(ENDING), _encoded_record(artifact))
        return replace(artifact, file=file)

    def read(self, artifact: Artifact) -> bytes:
        return artifact.file.read_bytes()

    def forget(self, artifact: Artifact) -> None:
        artifact.file.unlink(missing_ok=True)


class _InBucket:
    def __init__(self, address: str) -> None:
        # No lock, because everyone writes the same bytes under a key.
        self._bucket = Bucket(address, "", "")

    def find(self, key: str, output: Output) -> Artifact | None:
        note = self._bucket.read(f"{_name(key)}{ENDING}")
        return _artifact_from(note, output, Path(f"{key}.{output.ending}")) if note else None

    def put(self, artifact: Artifact) -> Artifact:
        key = artifact.file.stem
        self._bucket.write(f"{_name(key)}.{artifact.output.ending}", artifact.file, {})
        self._bucket.write(f"{_name(key)}{ENDING}", _encoded_record(artifact), {})
        return replace(artifact, file=Path(artifact.file.name))

    def read(self, artifact: Artifact) -> bytes:
        return self._bucket.read(f"{_name(artifact.file.stem)}.{artifact.output.ending}") or b""

    def forget(self, artifact: Artifact) -> None:
        for suffix in (ENDING, f".{artifact.output.ending}"):
            self._bucket.delete(f"{_name(artifact.file.stem)}{suffix}")


def _name(key: str) -> str:
    return f"{key[:2]}/{key}"


def _encoded_record(artifact: Artifact) -> bytes:
    return msgspec.json.encode({"key": artifact.file.stem, **note_of(artifact)})


def _artifact_from(note: bytes, output: Output, file: Path) -> Artifact | None:
    """Return the metadata of a file; None if it is damaged or belongs to another key."""
    try:
        record = msgspec.json.decode(note, type=dict[str, Any])
        return artifact_of(record, output, file) if record["key"] == file.stem else None
    except (msgspec.MsgspecError, KeyError):
        return None
