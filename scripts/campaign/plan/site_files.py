"""Files of docs/ that the site publishes in addition to pages: recordings, and files that pages link to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from posixpath import basename, dirname, join, normpath, splitext
from urllib.parse import unquote, urlsplit

from campaign.graph.disk import endings_of, is_file
from campaign.models.campaign import Campaign
from campaign.models.page import Page

PUBLIC = "public"
# Smallest first, because browsers take the first format that they can play.
SOUNDS = (".opus", ".ogg", ".mp3")
# Extensions that a page may link to, which are published without metadata. Other files go into public/.
LINKABLE = (*SOUNDS, ".pdf", ".png", ".webp")


def site_files(campaign: Campaign) -> dict[str, str]:
    """Return the path in the campaign of each published file, by its address in the site."""
    return {path.removeprefix("docs/"): path for path in sorted(files_of_pages(campaign))}


def files_of_pages(campaign: Campaign) -> set[str]:
    """Return `page_files` of all pages; each folder is listed once, because few of thousands of pages are recorded."""

    @cache
    def recorded(folder: str) -> set[str]:
        names = os.listdir(folder) if os.path.isdir(folder) else []  # noqa: PTH112, PTH208
        return {splitext(name)[0] for name in names if name.endswith(SOUNDS)}

    results = set[str]()
    for page in campaign.pages.values():
        folder, _, stem = f"{campaign.root}/{_stem(page)}".rpartition("/")
        results.update(recordings_of(campaign, page) if stem in recorded(folder) else (), _named_files(campaign, page))
    return results


def page_files(campaign: Campaign, page: Page) -> Iterator[str]:
    """Return the files of one page: its recording, recordings it plays, and files it links to."""
    yield from recordings_of(campaign, page)
    yield from _named_files(campaign, page)


def _named_files(campaign: Campaign, page: Page) -> Iterator[str]:
    for shortcode in page.outline.shortcodes:
        if shortcode.to == "recording" and (name := dict(shortcode.pairs).get("name")):
            yield from recordings_of(campaign, page, name)
    for link in page.outline.links:
        path = linked_file(campaign, page, link.to)
        if path.startswith("docs/") and path.endswith(LINKABLE):
            yield path


def recordings_of(campaign: Campaign, page: Page, name: str = "") -> list[str]:
    """Return the paths of a page's recordings, or of recordings with a name next to it."""
    page_base = _stem(page)
    # A name must not lead to another folder.
    stem = join(dirname(page_base), basename(name)) if name else page_base
    return [stem + suffix for suffix in endings_of(campaign.root, stem, SOUNDS)]


def _stem(page: Page) -> str:
    return f"docs/{page.language}/{page.path.removesuffix('.md')}"


def linked_file(campaign: Campaign, page: Page, to: str) -> str:
    """Return the path of the file that a link leads to, below the campaign's root; '' for pages and missing files.

    `table.pdf` is next to the page or at the same place in the source language; `/table.csv` is in public/.
    """
    parts = urlsplit(to)
    path = unquote(parts.path)
    if parts.scheme or parts.netloc or not path or path.endswith(".md") or basename(path).startswith("_"):
        return ""
    if path.startswith("/"):
        places = [join(PUBLIC, normpath(path).lstrip("/"))]
    else:
        languages = dict.fromkeys((page.language, campaign.source_language.code))
        places = [normpath(join("docs", code, dirname(page.path), path)) for code in languages]
    tops = (f"{PUBLIC}/", "docs/")
    return next((place for place in places if place.startswith(tops) and is_file(f"{campaign.root}/{place}")), "")
