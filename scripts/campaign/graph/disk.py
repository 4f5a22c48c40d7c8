"""Record which files builders read, in addition to the loaded campaign."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from campaign.graph.tracking import Tracker, is_recording

_tracker: Tracker | None = None
NAME = "disk"


@dataclass(frozen=True)
class Disk:
    """Files below a folder: the tracker's object NAME."""

    root: Path

    def is_file(self, path: str) -> bool:
        """Whether there is an ordinary file."""
        return (self.root / path).is_file()

    def endings_of(self, stem: str, endings: tuple[str, ...]) -> list[str]:
        """Return the endings with which there is an ordinary file."""
        return [ending for ending in endings if os.path.isfile(f"{self.root}/{stem}{ending}")]  # noqa: PTH113

    def digest(self, path: str) -> str:
        """Return the hash of a file; '' if it doesn't exist."""
        try:
            with (self.root / path).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return ""


def use_tracker(tracker: Tracker | None) -> None:
    """Record requests for files with a tracker from now on, in all threads of this process."""
    global _tracker
    _tracker = tracker


def is_file(path: Path | str) -> bool:
    """Whether there is an ordinary file, which is recorded."""
    _record("is_file", path)
    return os.path.isfile(path)  # noqa: PTH113


def endings_of(root: Path, stem: str, endings: tuple[str, ...]) -> list[str]:
    """Return the endings with which there is an ordinary file, recorded as one. `stem` is below the root."""
    _record("endings_of", f"{root}/{stem}", endings)
    return Disk(root).endings_of(stem, endings)


def record_content(path: Path | str) -> None:
    """Record that a file's content is used."""
    _record("digest", path)


def _record(method: str, path: Path | str, *arguments: object) -> None:
    if _tracker and is_recording():
        name = os.path.relpath(path, _tracker.root) if os.path.isabs(path) else str(path)  # noqa: PTH117
        _tracker.record((("of", NAME), ("ask", method, (name.replace(os.sep, "/"), *arguments))))
