"""When the site and the prints were last built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from campaign.cache.atomic import WORK
from campaign.desk.notes import read_note

BUILT = f"{WORK}/desk/built.json"


def built_at(root: Path) -> float:
    """Return when the site was last built, in seconds since 1970, or 0.

    Unchanged pages keep their modification time, so the start of each build at the desk is recorded too.
    """
    site = root / "site"
    if not (site / "index.html").is_file():
        return 0.0
    stood = max(path.stat().st_mtime for path in (site, site / "index.html"))
    try:
        begun, ended = map(float, built_note(root)[:2])
    except (ValueError, TypeError):
        return stood
    return begun if stood <= ended else stood


def built_note(root: Path) -> list[Any]:
    """Return the record of the last build: when it started, when it ended, and whether it was for release."""
    return read_note(root / BUILT, [])
