"""Recordings: a file beside a page, by the page's name, is the page read aloud."""

from __future__ import annotations

from html import escape
from pathlib import Path
from posixpath import basename

from campaign.models.campaign import Campaign
from campaign.models.page import Page
from campaign.website.view import View
from campaign.website.words import size_text

# The smallest first: a browser takes the first that it can play.
TYPES = {".opus": "audio/ogg; codecs=opus", ".ogg": "audio/ogg", ".mp3": "audio/mpeg"}


def recordings(campaign: Campaign, page: Page, name: str = "") -> list[Path]:
    """The recordings of a page, or of that name beside it, in the order in which they are offered."""
    stem = campaign.root / "docs" / page.language / page.path.removesuffix(".md")
    files = (stem.with_name((name or stem.name) + ending) for ending in TYPES)
    return [file for file in files if file.is_file()]


def small_player(view: View, name: str) -> str:
    """A player of what stands beside a page under a name of its own; '' where nothing does."""
    files = recordings(view.campaign, view.page, name)
    if not files:
        return ""
    title = view.text_language.strings["listen"].replace(
        "{size}", size_text(view.text_language, files[0].stat().st_size)
    )
    return (
        f'<figure class="recording"><audio controls preload="none" aria-label="{escape(title)}">'
        f"{_sources(view, files)}</audio></figure>"
    )


def _sources(view: View, files: list[Path]) -> str:
    return "".join(f'<source src="{escape(_href(view, file))}" type="{TYPES[file.suffix]}">' for file in files)


def _href(view: View, file: Path) -> str:
    folder = view.page.address.rsplit("/", 1)[0]
    return view.link(f"{folder}/{file.name}")


def player(view: View) -> str:
    """A player that fetches nothing before it is asked to; '' where the page has no recording."""
    files = recordings(view.campaign, view.page)
    if not files:
        return ""
    words, last = view.text_language.strings, files[-1]
    href, first = _href(view, last), files[0].stat().st_size
    title = escape(words["listen"]).replace("{size}", size_text(view.text_language, first))
    kind, size = last.suffix.lstrip(".").upper(), size_text(view.text_language, last.stat().st_size)
    return (
        f'<figure class="recording"><figcaption id="page-listen">{title}</figcaption>'
        f'<audio controls preload="none" aria-labelledby="page-listen">{_sources(view, files)}</audio>'
        f'<p><a href="{escape(href)}" download="{escape(basename(href))}">{escape(words["download"])}</a> '
        f"<small>{kind}, {size}</small> {escape(words['listen-text'])}</p></figure>"
    )
