"""Write reproducible zip files: sorted names, one time, one set of permissions.

Packs aren't compressed: the output of deflate depends on the version of zlib, and the large files in a pack (PDF, PNG,
JPEG) are compressed already.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

CHECKSUM_FILE = "SHA256SUMS"
ZIP_EPOCH = date(1980, 1, 1)  # the first day that a zip can store
# -rw-r--r-- of an ordinary file, as Unix writes it; the high half of the field.
PERMISSIONS = 0o100644 << 16
UNIX = 3


class Content(Protocol):
    """The content of a file in a zip."""

    @property
    def sha256(self) -> str:
        """Its hash, in hexadecimal."""

    def read(self) -> bytes:
        """Its bytes."""


@dataclass(frozen=True)
class StoredFile:
    """A file of this computer that goes into a zip."""

    path: Path

    @property
    def sha256(self) -> str:
        """Its hash, in hexadecimal."""
        return hashlib.sha256(self.read()).hexdigest()

    def read(self) -> bytes:
        """Its bytes."""
        return self.path.read_bytes()


def zip_bytes(members: Mapping[str, bytes], day: date, is_small: bool = False) -> bytes:
    """Return a zip file.

    Args:
        members: content of each file by its name in the zip.
        day: modification date of all members, at midnight.
        is_small: whether to compress them.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(members):
            archive.writestr(_entry(name, day), members[name], zipfile.ZIP_DEFLATED if is_small else zipfile.ZIP_STORED)
    return buffer.getvalue()


def write_zip(target: Path, members: Mapping[str, Content], folder: str, day: date) -> None:
    """Write a zip of members below one folder, and the list of their checksums, file by file.

    Args:
        target: the file to write.
        members: by their names inside the folder.
        folder: the first part of every name.
        day: the modification time of all of them, at midnight.
    """
    checksums = "".join(f"{members[name].sha256}  {name}\n" for name in sorted(members)).encode()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted((*members, CHECKSUM_FILE)):
            data = checksums if name == CHECKSUM_FILE else members[name].read()
            archive.writestr(_entry(f"{folder}/{name}", day), data)


def _entry(name: str, day: date) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (max(day.year, ZIP_EPOCH.year), day.month, day.day, 0, 0, 0))
    entry.external_attr, entry.create_system = PERMISSIONS, UNIX
    return entry


def unzip(data: bytes) -> dict[str, bytes]:
    """The members of a zip that we made ourselves."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_checksums(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """The members and a list of their sums, as `sha256sum -c` reads it."""
    lines = (f"{hashlib.sha256(members[name]).hexdigest()}  {name}\n" for name in sorted(members))
    return {**members, CHECKSUM_FILE: "".join(lines).encode()}
