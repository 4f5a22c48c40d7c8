"""Headings, links, files and phone links for components, recorded in the view. HTML: components/elements.html."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from campaign.content.number_doubts import number_doubt
from campaign.models.contact import Contact
from campaign.website.view import View

Element = dict[str, Any]


def heading(view: View, level: int, words: str, id: str = "", to: str = "", before: str = "") -> Element:
    """Return a heading; `to` links its words, `before` is HTML."""
    view.record(heading=words, level=level)
    if to:
        link(view, words, to)
    return {"level": level, "words": words, "id": id, "to": to, "before": Markup(before)}


def link(view: View, words: str, to: str) -> Element:
    """Return a link."""
    view.record(link=words, to=to)
    return {"words": words, "to": to}


def download(view: View, words: str, to: str, facts: str = "", name: str = "", kind: str = "") -> Element:
    """Return a link to a file, with its facts (kind and size), file name and kind of link for style sheets."""
    view.record(download=words, to=to)
    return {"words": words, "to": to, "facts": facts, "name": name, "kind": kind}


def call(view: View, contact: Contact) -> Element:
    """Return a phone link."""
    attributes = view.record(number=contact.phone, dials=contact.dial)
    doubt = number_doubt(view.language, contact)
    return {**attributes, "label": view.language.strings["call"], "doubt": doubt}
