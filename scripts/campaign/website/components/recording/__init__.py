"""Recordings: a file beside a page, by the page's name, is the page read aloud."""

from __future__ import annotations

from os.path import isfile
from pathlib import Path
from posixpath import basename, dirname, join
from typing import Any

from campaign.models.campaign import Campaign
from campaign.models.page import Page
from campaign.website.components import draw
from campaign.website.view import View
from campaign.website.words import size_words

# The smallest first: a browser takes the first that it can play.
TYPES = {".opus": "audio/ogg; codecs=opus", ".ogg": "audio/ogg", ".mp3": "audio/mpeg"}


def recordings(campaign: Campaign, page: Page, name: str = "") -> list[Path]:
    """The recordings of a page, or of that name beside it, in the order in which they are offered."""
    beside = f"{campaign.root}/docs/{page.language}/{page.path.removesuffix('.md')}"
    # A name that is being typed leads nowhere else.
    stem = join(dirname(beside), basename(name)) if name else beside
    # Most of thousands of pages have none: a Path takes several times as long to say so.
    return [Path(stem + ending) for ending in TYPES if isfile(stem + ending)]  # noqa: PTH113


def small_player(view: View, name: str) -> str:
    """A player of what stands beside a page under a name of its own; '' where nothing does."""
    files = recordings(view.campaign, view.page, name)
    return draw(view.campaign, "recording/small", _data(view, files)) if files else ""


def player(view: View) -> str:
    """A player that fetches nothing before it is asked to; '' where the page has no recording."""
    files = recordings(view.campaign, view.page)
    return draw(view.campaign, "recording/player", _data(view, files)) if files else ""


def _data(view: View, files: list[Path]) -> dict[str, Any]:
    language, last = view.text_language, files[-1]
    words, href = language.strings, _href(view, last)
    return {
        "title": words["listen"].replace("{size}", size_words(language, files[0].stat().st_size)),
        "sources": [{"to": _href(view, file), "type": TYPES[file.suffix]} for file in files],
        "to": href,
        "name": basename(href),
        "download": words["download"],
        "facts": f"{last.suffix.lstrip('.').upper()}, {size_words(language, last.stat().st_size)}",
        "text": words["listen-text"],
    }


def _href(view: View, file: Path) -> str:
    folder = view.page.address.rsplit("/", 1)[0]
    return view.link(f"{folder}/{file.name}")
