"""Read what people write: Markdown, strings, contacts, art."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from campaign.content.folder import load

__all__ = ["find_root", "load"]
SETTINGS = "mkdocs.yml"


def find_root(start: Path) -> Path:
    """Return the folder with mkdocs.yml, here or above; else `start`."""
    for folder in (start, *start.parents):
        if (folder / SETTINGS).is_file():
            return folder
    return start


def __getattr__(name: str) -> object:
    # Other modules of this package can be imported without all readers.
    if name == "load":
        from campaign.content.folder import load

        return load
    raise AttributeError(f"module `campaign.content` has no attribute `{name}`")
