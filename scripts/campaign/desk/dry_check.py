"""Check files before they are saved, in a temporary folder."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from campaign.models.problem import Problem

T = TypeVar("T")


@contextmanager
def folder_with(files: Mapping[str, str | bytes]) -> Iterator[Path]:
    """Return a temporary folder with some files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        yield Path(folder)


def problems_in(files: Mapping[str, str | bytes], read: Callable[[Path, list[Problem]], object]) -> list[Problem]:
    """Return the problems that a reader finds in a folder with some files."""
    problems: list[Problem] = []
    with folder_with(files) as folder:
        read(folder, problems)
    return problems


def new_problems(read: Callable[[T], list[Problem]], before: T, after: T) -> list[Problem]:
    """Return the problems that a change adds; line numbers don't count."""
    before_keys = {(item.id, item.message) for item in read(before)}
    return [item for item in read(after) if (item.id, item.message) not in before_keys]
