"""Store finished files under the hash of their inputs, so that only what changed is built again."""

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
from campaign.models.outputs import Artifact, Output

FOLDER = f"{WORK}/store"
OUTPUTS = ("site/", "dist/")
# The database's space with hashes of files.
FILES = "files"
MIN_FILE_AGE_NS = 3_000_000_000
# Rows are deleted by `Store.prune`, not by their number.
MAX_ROWS = 10_000_000
# Seconds of work that a crash may lose.
SAVE_INTERVAL_S = 2.0


class DamagedFilesError(Exception):
    """Stored files differ from what was built. They have been deleted, so that they are built again."""


class Store:
    """A folder of finished files, each under its key; their sizes and hashes are in the database."""

    def __init__(self, root: Path, memo: Memo | None = None) -> None:
        """Open the store of a campaign.

        Args:
            root: the campaign folder.
            memo: its database, if it is open.
        """
        self.folder = root / FOLDER
        self._folder = str(self.folder)
        self.memo = (memo or Memo.of(root)).namespace("store", MAX_ROWS)
        self._saved = time.monotonic()

    def file(self, key: str, output: Output) -> Path:
        """Return the path for an output with this key."""
        return stored_file(self.folder, key, output)

    def find(self, key: str, output: Output) -> Artifact | None:
        """Return the output with this key if a file of the right size exists; call `check` before reading it."""
        name = f"{key}.{output.ending}"
        note, file = self.memo.get(name), f"{self._folder}/{key[:2]}/{name}"
        with suppress(OSError):
            if note and os.stat(file).st_size == note["bytes"]:  # noqa: PTH116  thousands: a Path takes twice as long
                return artifact_of(note, output, Path(file))
        return None

    def check(self, artifacts: Iterable[Artifact]) -> None:
        """Compare files with the hashes recorded when they were built.

        Raises:
            DamagedFilesError: some differ.
        """
        damaged = [artifact.file for artifact in artifacts if hash_content(artifact.file) != artifact.sha256]
        for file in damaged:
            file.unlink(missing_ok=True)
        if damaged:
            raise DamagedFilesError

    def keep(self, artifact: Artifact) -> None:
        """Record a finished file."""
        self.memo.put(artifact.file.name, note_of(artifact))
        if time.monotonic() - self._saved > SAVE_INTERVAL_S:
            self.save()

    def forget(self, outputs: Iterable[Artifact]) -> None:
        """Let the next build make these outputs again."""
        self.memo.keep_only(self.memo.keys() - {output.file.name for output in outputs})
        self.save()

    def save(self) -> None:
        """Write the records to the database."""
        self.memo.save()
        self._saved = time.monotonic()

    def prune(self, keys: set[str]) -> int:
        """Delete the files that no output uses.

        Args:
            keys: of all current outputs.

        Returns:
            The number of deleted files.
        """
        deleted_count, used_names = 0, set()
        for name, entry in files_below(self.folder):
            file = name.rpartition("/")[2]
            if file.rpartition(".")[0] in keys:
                used_names.add(file)
            else:
                Path(entry.path).unlink(missing_ok=True)
                deleted_count += 1
        self.memo.keep_only(used_names)
        return deleted_count


def stored_file(folder: Path, key: str, output: Output) -> Path:
    """Return the path of an output in the store at `folder`."""
    return folder / key[:2] / f"{key}.{output.ending}"


def note_of(artifact: Artifact) -> dict[str, Any]:
    """Return the record of a finished file as plain JSON."""
    record: dict[str, Any] = {
        "bytes": artifact.bytes,
        "sha256": artifact.sha256,
        "width": artifact.width,
        "height": artifact.height,
    }
    return {**record, "lacks": artifact.lacks} if artifact.lacks else record


def artifact_of(note: dict[str, Any], output: Output, file: Path) -> Artifact:
    """Return the finished file that a record describes."""
    size = note["width"], note["height"]
    return Artifact(output, file, note["bytes"], note["sha256"], *size, tuple(note.get("lacks", ())))


def hash_content(file: Path) -> str:
    """Return the hash of a file's content; '' if it can't be read."""
    with suppress(OSError):
        if file.is_file():
            with file.open("rb") as content:
                return hashlib.file_digest(content, "sha256").hexdigest()
    return ""


def hash_file(path: Path | str, name: str, memo: Memo) -> str:
    """Return the hash of a file's content, from the database if its size and times are unchanged.

    Raises:
        OSError: it can't be read, or isn't a regular file.
    """
    info = os.stat(path)  # noqa: PTH116
    if not stat.S_ISREG(info.st_mode):
        raise OSError(EINVAL, "not an ordinary file")  # reading a pipe may block forever
    return hash_stamped(path, name, info, memo)


def hash_stamped(path: Path | str, name: str, status: os.stat_result, memo: Memo) -> str:
    """Like `hash_file`, for a regular file whose `os.stat` result is `status`."""
    files = memo.namespace(FILES)
    row, size, mtime = files.get(name), status.st_size, status.st_mtime_ns
    # Some programs write a file and set its old time again. Links to outputs change this time without a new content.
    ctime = 0 if name.startswith(OUTPUTS) else status.st_ctime_ns
    if row and [row[0], row[1], *row[3:]] == [size, mtime, ctime]:
        return str(row[2])
    with open(path, "rb") as file:  # noqa: PTH123  a Path takes twice as long
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        after = os.fstat(file.fileno())
    # File systems have coarse clocks: a new file may change again without a new modification time.
    if time.time_ns() - mtime > MIN_FILE_AGE_NS and (after.st_size, after.st_mtime_ns) == (size, mtime):
        remember_hash(name, size, mtime, digest, memo, ctime)
    return digest


def remember_hash(name: str, size: int, mtime: int, digest: str, memo: Memo, ctime: int = 0) -> None:
    """Record a file's hash for `hash_file`.

    Args:
        name: the file's name in the database.
        size: bytes.
        mtime: modification time in nanoseconds since 1970.
        digest: SHA-256 in hexadecimal.
        memo: the database.
        ctime: time of the last change of content or permissions; 0 if it doesn't matter.
    """
    memo.namespace(FILES).put(name, [size, mtime, digest, ctime])


def hash_text(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
