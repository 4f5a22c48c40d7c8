"""Write a ZIM file: a separate program that reads a job from standard input.

libzim is GPL 3 and brings threads, so it is kept out of the process that builds a campaign.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from libzim.writer import Creator, FileProvider, Hint, IndexData, Item, StringProvider


class Words(IndexData):  # type: ignore[misc]  # libzim brings no types
    """The words of a page in the index."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.title, self.text = title, text

    def has_indexdata(self) -> bool:
        """Return whether the page is indexed."""
        return bool(self.text)

    def get_title(self) -> str:
        """Return words with more weight."""
        return self.title

    def get_content(self) -> str:
        """Return all words."""
        return self.text

    def get_keywords(self) -> str:
        """Return no keywords."""
        return ""

    def get_wordcount(self) -> int:
        """Return the number of words."""
        return len(self.text.split())

    def get_geoposition(self) -> None:
        """Return no position."""


class Entry(Item):  # type: ignore[misc]
    """A page or another file."""

    def __init__(self, entry: dict[str, Any]) -> None:
        super().__init__()
        self.entry = entry

    def get_path(self) -> str:
        """Return its address."""
        return str(self.entry["path"])

    def get_title(self) -> str:
        """Return its title."""
        return str(self.entry["title"])

    def get_mimetype(self) -> str:
        """Return its type."""
        return str(self.entry["type"])

    def get_hints(self) -> dict[Hint, bool]:
        """Return whether readers search for it."""
        return {Hint.FRONT_ARTICLE: bool(self.entry["words"])}

    def get_contentprovider(self) -> object:
        """Return its content."""
        text = self.entry["text"]
        return StringProvider(text) if text is not None else FileProvider(Path(self.entry["file"]))

    def get_indexdata(self) -> Words:
        """Return its words."""
        return Words(self.entry["found_title"], self.entry["words"])


def write(job: dict[str, Any]) -> None:
    """Write the file of a job."""
    creator = Creator(Path(job["target"]))
    # One thread keeps the pages in order, so that two runs write the same file.
    creator.config_indexing(True, job["language"]).config_nbworkers(1).set_mainpath(job["main"])
    with creator:
        creator.add_illustration(48, bytes.fromhex(job["illustration"]))
        for entry in job["entries"]:
            creator.add_item(Entry(entry))
        for name, value in job["metadata"].items():
            creator.add_metadata(name, value)


if __name__ == "__main__":
    write(json.load(sys.stdin))
