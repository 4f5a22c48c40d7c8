"""The page with everything from A to Z: where the search field leads when no script runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape

from campaign.model import Campaign, Page
from campaign.website.entries import Entry
from campaign.website.folding import initial, sort_key
from campaign.website.view import A_TO_Z, View, address_of

Render = Callable[[View, str, str], str]


def a_to_z_pages(campaign: Campaign, found: Mapping[str, list[Entry]], render: Render) -> dict[str, str]:
    """One for each language, by address.

    found: language -> what can be found; render: makes a page of a view, a lead and a text.
    """
    added = {(code, A_TO_Z): _page(campaign, code) for code in campaign.languages}
    whole = replace(campaign, pages={**campaign.pages, **added})
    pages = {}
    for language in whole.languages.values():
        view = View(whole, language, whole.pages[language.code, A_TO_Z])
        lead = f'<p class="lead">{escape(language.strings["a-z-help"])}</p>'
        pages[address_of(language.code, A_TO_Z)] = render(view, lead, _list(view, found[language.code]))
    return pages


def _page(campaign: Campaign, code: str) -> Page:
    words = campaign.languages[code].strings
    return Page(
        language=code,
        path=A_TO_Z,
        title=words["a-z"],
        description=words["a-z-help"],
        audiences=(),
        formats=(),
        options={},
        body="",
        html="",
        panels=(),
        cites=(),
        translation=None,
        where="",
    )


def _list(view: View, found: list[Entry]) -> str:
    letters: dict[str, list[Entry]] = {}
    for entry in sorted(found, key=lambda entry: (sort_key(entry.title), entry.note)):
        if not entry.is_local:
            letters.setdefault(initial(entry.title), []).append(entry)
    links = "".join(f'<li><a href="#letter-{n}">{escape(letter)}</a></li>' for n, letter in enumerate(letters))
    sections = "".join(
        f'<section><h2 id="letter-{n}">{escape(letter)}</h2><ul class="titles">'
        + "".join(_item(view, entry) for entry in inside)
        + "</ul></section>"
        for n, (letter, inside) in enumerate(letters.items())
    )
    return f'<ul class="letters">{links}</ul><div class="all">{sections}</div>'


def _item(view: View, entry: Entry) -> str:
    note = f"<small>{escape(entry.note)}</small>" if entry.note else ""
    return f'<li><a href="{escape(view.link(entry.address))}">{escape(entry.title)}</a> {note}</li>'
