"""What the desk notes for itself in .build/desk, as JSON: it may be deleted or spoilt at any time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

from campaign.cache.atomic import write_whole

T = TypeVar("T", dict[str, Any], list[Any])


def read_note(path: Path, empty: T) -> T:
    """What a file says; `empty` where there is none, or none of this kind."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return empty
    return found if isinstance(found, type(empty)) else empty


def write_note(path: Path, said: object) -> None:
    """Write a file whole."""
    write_whole(path, json.dumps(said, ensure_ascii=False).encode())
