"""A long list on several pages, each light enough for a slow line."""

from __future__ import annotations

import gzip
from collections import ChainMap
from collections.abc import MutableMapping, Sequence
from typing import cast

from campaign.graph.tracking import with_changes
from campaign.models.campaign import Campaign, Language
from campaign.models.page import DesignOptions, Page

# Bytes of a list that travel with one page, gzipped.
MAX_PART_BYTES = 4000


def spread(texts: Sequence[str], most: int = MAX_PART_BYTES) -> list[slice]:
    """Split a list into as few parts as the weight budget allows, about equal; one part if it is empty.

    Args:
        texts: entries of the list, in order.
        most: gzipped bytes of a part.
    """
    sizes = [len(text.encode()) for text in texts]
    whole = sum(sizes)
    count = -(-packed("".join(texts)) // most) if whole else 1
    ends, before = [0] * count, 0
    for number, size in enumerate(sizes):
        ends[before * count // whole] = number + 1
        before += size
    # A part that got nothing ends where the one before it does.
    for number in range(1, count):
        ends[number] = max(ends[number], ends[number - 1])
    return [slice(begin, end) for begin, end in zip([0, *ends], ends, strict=False) if end > begin or not whole]


def made_page(language: Language, path: str, title: str, description: str = "") -> Page:
    """Return a page without a file: a part of a list.

    Args:
        language: of the page.
        path: like that of a page's file.
        title: with its number, if there are several.
        description: for search engines; default: its title.
    """
    return Page(
        language=language.code,
        path=path,
        title=title,
        description=description or title,
        audiences=(),
        formats=(),
        options=DesignOptions(),
        translation=None,
        where="",
    )


def with_pages(campaign: Campaign, pages: dict[tuple[str, str], Page]) -> Campaign:
    """Return a campaign with generated pages added."""
    written = cast("MutableMapping[tuple[str, str], Page]", campaign.pages)  # it is only read
    return with_changes(campaign, pages=ChainMap(pages, written))


def packed(text: str) -> int:
    """Bytes of a text that travel."""
    return len(gzip.compress(text.encode(), mtime=0))
