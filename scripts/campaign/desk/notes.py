"""JSON files in .build/desk, which may be deleted or damaged at any time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

from campaign.cache.atomic import write_whole

T = TypeVar("T", dict[str, Any], list[Any])


def read_note(path: Path, empty: T) -> T:
    """Return a file's content, or `empty` if it isn't there or of another type."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return empty
    return found if isinstance(found, type(empty)) else empty


def write_note(path: Path, said: object) -> None:
    """Write a file atomically."""
    write_whole(path, json.dumps(said, ensure_ascii=False).encode())
