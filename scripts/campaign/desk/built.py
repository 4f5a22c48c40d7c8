"""As of when the site and the prints are that stand there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from campaign.cache.atomic import WORK
from campaign.desk.notes import read_note

# When the build that went well last was asked for here, when it had ended, and whether it was for release.
BUILT = f"{WORK}/desk/built.json"


def built_at(root: Path) -> float:
    """As of when the site is that stands there, in seconds since 1970; 0 where there is none.

    Pages that stay as they are keep their time, and a build that has nothing to do touches none: when it was begun
    here is noted.
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
    """What is noted of the last build."""
    return read_note(root / BUILT, [])
