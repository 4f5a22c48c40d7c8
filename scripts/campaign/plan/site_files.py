"""Files of docs/ that the site serves beside its pages: recordings, and what pages link to. No others."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname, join, normpath
from urllib.parse import unquote, urlsplit

from campaign.graph.disk import is_file
from campaign.models.campaign import Campaign
from campaign.models.page import Page

PUBLIC = "public"
# The smallest first: a browser takes the first that it can play.
SOUNDS = (".opus", ".ogg", ".mp3")
# What a page may link to beside itself: kinds that are published without metadata. All else goes into public/.
LINKABLE = (*SOUNDS, ".pdf", ".png", ".webp")


def site_files(campaign: Campaign) -> dict[str, str]:
    """Address below the site's root -> path below the campaign's."""
    found = {path for page in campaign.pages.values() for path in page_files(campaign, page)}
    return {path.removeprefix("docs/"): path for path in sorted(found)}


def page_files(campaign: Campaign, page: Page) -> Iterator[str]:
    """Those of one page: it read aloud, recordings that it plays, files that it links to."""
    yield from recordings_of(campaign, page)
    for shortcode in page.outline.shortcodes:
        if shortcode.to == "recording" and (name := dict(shortcode.pairs).get("name")):
            yield from recordings_of(campaign, page, name)
    for link in page.outline.links:
        path = linked_file(campaign, page, link.to)
        if path.startswith("docs/") and path.endswith(LINKABLE):
            yield path


def recordings_of(campaign: Campaign, page: Page, name: str = "") -> list[str]:
    """The recordings of a page, or of that name beside it, by their paths below the campaign's root."""
    beside = f"docs/{page.language}/{page.path.removesuffix('.md')}"
    # A name that is being typed leads to no other folder.
    stem = join(dirname(beside), basename(name)) if name else beside
    return [stem + ending for ending in SOUNDS if is_file(f"{campaign.root}/{stem}{ending}")]


def linked_file(campaign: Campaign, page: Page, to: str) -> str:
    """The file, no page, that a link leads to, by its path below the campaign's root; '' where there is none.

    `table.pdf` lies beside the page, or in the same place of the source language; `/table.csv` in public/.
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
    return next((each for each in places if each.startswith(tops) and is_file(f"{campaign.root}/{each}")), "")
