"""Reads what people wrote: Markdown, words, contacts, art."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from campaign.content.folder import load

__all__ = ["find_root", "load"]
SETTINGS = "mkdocs.yml"


def find_root(start: Path) -> Path:
    """The folder with mkdocs.yml, here or above; `start` itself where there is none."""
    for folder in (start, *start.parents):
        if (folder / SETTINGS).is_file():
            return folder
    return start


def __getattr__(name: str) -> object:
    # Whoever asks for a folder, or for a module in this room, need not wait for all that reads.
    if name == "load":
        from campaign.content.folder import load

        return load
    raise AttributeError(f"module `campaign.content` has no attribute `{name}`")
