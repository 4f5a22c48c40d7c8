"""Split a long list over several pages, each small enough for a slow line."""

from __future__ import annotations

import gzip
from collections import ChainMap
from collections.abc import Callable, MutableMapping, Sequence
from typing import NamedTuple, cast

from campaign.graph.tracking import with_changes
from campaign.models.campaign import Campaign, Language
from campaign.models.page import DesignOptions, Page
from campaign.website.view import View

# Gzipped bytes of a list on one page.
MAX_PART_BYTES = 4000
Render = Callable[[View, str, str], str]


class GeneratedPage(NamedTuple):
    """The parts of a page that has no file, as far as they differ between such pages.

    Attributes:
        language: code of its text's language.
        codes: the languages that have such a page, so that the row of languages leads there.
        lead: HTML before the text.
        content: HTML of the text.
        description: for search engines, '' for the title.
        first_path: where the row of languages leads, '' for the page's own path.
    """

    language: str
    path: str
    title: str
    codes: tuple[str, ...]
    lead: str
    content: str
    description: str = ""
    first_path: str = ""


def spread(texts: Sequence[str], max_size: int = MAX_PART_BYTES) -> list[slice]:
    """Return the slices of as few parts as possible, about equal; one for an empty list."""
    sizes = [len(text.encode()) for text in texts]
    total = sum(sizes)
    count = -(-packed("".join(texts)) // max_size) if total else 1
    ends, before = [0] * count, 0
    for number, size in enumerate(sizes):
        ends[before * count // total] = number + 1
        before += size
    # An empty part ends where the previous one does.
    for number in range(1, count):
        ends[number] = max(ends[number], ends[number - 1])
    return [slice(start, end) for start, end in zip([0, *ends], ends, strict=False) if end > start or not total]


def made_page(language: Language, path: str, title: str, description: str = "") -> Page:
    """Return a page without a file: part of a list."""
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


def render_made(campaign: Campaign, language: Language, made: GeneratedPage, render: Render) -> str:
    """Return a page of a language that no file has."""
    pages = {
        (code, path): made_page(campaign.languages[code], path, made.title, made.description)
        for path in (made.path, made.first_path or made.path)
        for code in (*made.codes, made.language)
    }
    campaign_with_page = with_pages(campaign, {key: page for key, page in pages.items() if key[0] in made.codes})
    return render(View(campaign_with_page, language, pages[made.language, made.path]), made.lead, made.content)


def with_pages(campaign: Campaign, pages: dict[tuple[str, str], Page]) -> Campaign:
    """Return the campaign with added pages."""
    mutable_pages = cast("MutableMapping[tuple[str, str], Page]", campaign.pages)  # it is only read
    return with_changes(campaign, pages=ChainMap(pages, mutable_pages))


def packed(text: str) -> int:
    """Return the gzipped size."""
    return len(gzip.compress(text.encode(), mtime=0))
