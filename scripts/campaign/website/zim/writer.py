"""Write one ZIM file: a separate program, run by the campaign's Python with a job on its standard input.

libzim has a licence (GPL 3), threads and C++ that must stay out of the process that builds a campaign; this file knows
nothing about campaigns.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from libzim.writer import Creator, FileProvider, Hint, IndexData, Item, StringProvider


class Words(IndexData):  # type: ignore[misc]  # libzim brings no types
    """What search finds a page by."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.title, self.text = title, text

    def has_indexdata(self) -> bool:
        """Whether a page is found at all."""
        return bool(self.text)

    def get_title(self) -> str:
        """Words that count more."""
        return self.title

    def get_content(self) -> str:
        """All words."""
        return self.text

    def get_keywords(self) -> str:
        """Return no keywords."""
        return ""

    def get_wordcount(self) -> int:
        """How many there are."""
        return len(self.text.split())

    def get_geoposition(self) -> None:
        """None."""


class Entry(Item):  # type: ignore[misc]
    """A page or another file."""

    def __init__(self, entry: dict[str, Any]) -> None:
        super().__init__()
        self.entry = entry

    def get_path(self) -> str:
        """Its address."""
        return str(self.entry["path"])

    def get_title(self) -> str:
        """What lists show."""
        return str(self.entry["title"])

    def get_mimetype(self) -> str:
        """Its kind."""
        return str(self.entry["type"])

    def get_hints(self) -> dict[Hint, bool]:
        """Whether readers look for it."""
        return {Hint.FRONT_ARTICLE: bool(self.entry["words"])}

    def get_contentprovider(self) -> object:
        """What it holds."""
        text = self.entry["text"]
        return StringProvider(text) if text is not None else FileProvider(Path(self.entry["file"]))

    def get_indexdata(self) -> Words:
        """What search finds it by."""
        return Words(self.entry["found_title"], self.entry["words"])


def write(job: dict[str, Any]) -> None:
    """Writes the file that a job names."""
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
