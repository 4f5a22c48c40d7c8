"""Recordings: a sound file with a page's name, next to the page, is the page read aloud."""

from __future__ import annotations

from posixpath import basename, splitext
from typing import Any

from campaign.content.clean_files import cleaned_file
from campaign.graph.disk import record_content
from campaign.plan.site_files import recordings_of
from campaign.website.components import draw
from campaign.website.view import View
from campaign.website.words import size_words

TYPES = {".opus": "audio/ogg; codecs=opus", ".ogg": "audio/ogg", ".mp3": "audio/mpeg"}


def small_player(view: View, name: str) -> str:
    """Return a player for a named recording next to a page, or ''."""
    files = recordings_of(view.campaign, view.page, name)
    return draw(view.campaign, "recording/small", _data(view, files)) if files else ""


def player(view: View) -> str:
    """Return a player that loads nothing until it is started, or '' if the page has no recording."""
    files = recordings_of(view.campaign, view.page)
    return draw(view.campaign, "recording/player", _data(view, files)) if files else ""


def _data(view: View, files: list[str]) -> dict[str, Any]:
    """Return the data of a player; `files` are paths below the campaign's root."""
    language, last = view.text_language, files[-1]
    words, href = language.strings, _href(view, last)
    return {
        "title": words["listen"].replace("{size}", size_words(language, _size(view, files[0]))),
        "sources": [{"to": _href(view, file), "type": TYPES[_ending(file)]} for file in files],
        "to": href,
        "name": basename(href),
        "download": words["download"],
        "facts": f"{_ending(last).lstrip('.').upper()}, {size_words(language, _size(view, last))}",
        "text": words["listen-text"],
    }


def _href(view: View, file: str) -> str:
    return view.link(file.removeprefix("docs/"))


def _ending(file: str) -> str:
    return splitext(file)[1]


def _size(view: View, file: str) -> int:
    """Return the size of the published file in bytes, or of the original if it can't be used (a check reports that)."""
    record_content(view.campaign.root / file)
    try:
        return cleaned_file(view.campaign.root, file).stat().st_size
    except ValueError:
        return (view.campaign.root / file).stat().st_size
