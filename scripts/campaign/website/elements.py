"""Headings, links and numbers that call as HTML; each is noted in the page's view first (website/describe.py)."""

from __future__ import annotations

from html import escape

from campaign.models.contact import Contact
from campaign.website.view import View
from campaign.website.words import with_number


def heading(view: View, level: int, words: str, id: str = "", to: str = "", before: str = "") -> str:
    """A heading. to: where its words lead; before: a drawing, as HTML."""
    view.show(heading=words, level=level)
    anchor = f' id="{escape(id)}"' if id else ""
    return f"<h{level}{anchor}>{before}{link(view, words, to) if to else escape(words)}</h{level}>"


def link(view: View, words: str, to: str) -> str:
    """A link."""
    view.show(link=words, to=to)
    return f'<a href="{escape(to)}">{escape(words)}</a>'


def download(view: View, label: str, to: str, name: str = "", kind: str = "") -> str:
    """A link to a file. name: under which it is saved, if not its own; kind: of the link, for style sheets."""
    view.show(download=label, to=to)
    kind, name = (f' class="{kind}"' if kind else ""), (f'="{escape(name)}"' if name else "")
    return f'<a{kind} href="{escape(to)}" download{name}>{escape(label)}</a>'


def call_link(view: View, contact: Contact, button: str = "") -> str:
    """A link that dials. button: the drawing on it, as HTML, where it is the large one of a page."""
    view.show(number=contact.phone, dials=contact.dial)
    label, dials = with_number(view.language.strings["call"], contact.phone), escape(contact.dial)
    if button:
        return f'<a class="call-button" href="tel:{dials}">{button}<span>{label}</span></a>'
    return f'<a href="tel:{dials}">{label}</a>'
