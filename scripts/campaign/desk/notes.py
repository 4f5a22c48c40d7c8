"""JSON files in .build/desk, which may be deleted or damaged at any time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

from campaign.cache.atomic import WORK, write_whole

T = TypeVar("T", dict[str, Any], list[Any])
BUILT_FILE = f"{WORK}/desk/built.json"


def read_note(path: Path, empty: T) -> T:
    """Return a file's content, or `empty` if it isn't there or of another type."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return empty
    return data if isinstance(data, type(empty)) else empty


def write_note(path: Path, data: object) -> None:
    """Write a file atomically."""
    write_whole(path, json.dumps(data, ensure_ascii=False).encode())


def built_at(root: Path) -> float:
    """Return when the site was last built, even if no page changed: seconds since 1970, or 0."""
    site = root / "site"
    if not (site / "index.html").is_file():
        return 0.0
    site_time = max(path.stat().st_mtime for path in (site, site / "index.html"))
    try:
        start_time, end_time = map(float, built_note(root)[:2])
    except (ValueError, TypeError):
        return site_time
    return start_time if site_time <= end_time else site_time


def built_note(root: Path) -> list[Any]:
    """Return the record of the last build: when it started, when it ended, and whether it was for release."""
    return read_note(root / BUILT_FILE, [])
