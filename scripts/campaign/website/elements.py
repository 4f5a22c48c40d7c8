"""Headings, links, files and dialable numbers for components; each is recorded in the page's view.

Their HTML is in components/elements.html.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from campaign.content.number_doubts import number_doubt
from campaign.models.contact import Contact
from campaign.website.view import View

Element = dict[str, Any]


def heading(view: View, level: int, words: str, id: str = "", to: str = "", before: str = "") -> Element:
    """A heading. to: where its words lead; before: a drawing, as HTML."""
    view.show(heading=words, level=level)
    if to:
        link(view, words, to)
    return {"level": level, "words": words, "id": id, "to": to, "before": Markup(before)}


def link(view: View, words: str, to: str) -> Element:
    """A link."""
    view.show(link=words, to=to)
    return {"words": words, "to": to}


def download(view: View, words: str, to: str, facts: str = "", name: str = "", kind: str = "") -> Element:
    """Return a link to a file.

    Args:
        view: of the page.
        words: the link's text.
        to: the file.
        facts: its kind and size, after the link.
        name: suggested file name, if not its own.
        kind: of the link, for style sheets.
    """
    view.show(download=words, to=to)
    return {"words": words, "to": to, "facts": facts, "name": name, "kind": kind}


def call(view: View, contact: Contact) -> Element:
    """A link that dials."""
    said = view.show(number=contact.phone, dials=contact.dial)
    doubt = number_doubt(view.language, contact)
    return {**said, "label": view.language.strings["call"], "doubt": doubt}
