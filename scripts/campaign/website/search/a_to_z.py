"""The pages with everything from A to Z: where the search field leads when no script runs.

A long list is laid out over several pages, each light enough for a slow line; every one begins with all letters, which
lead to the page that has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from itertools import groupby

from campaign.models.campaign import Campaign, Language
from campaign.models.page import Page
from campaign.website.parts import made_page, spread
from campaign.website.search.entries import Entry
from campaign.website.search.normalise import initial, sort_key
from campaign.website.view import View, a_to_z_path, address_of

Render = Callable[[View, str, str], str]


@dataclass(frozen=True)
class Part:
    """One page of the list.

    Attributes:
        number: from 1 on.
        title: with its first and last letter, where there are several.
    """

    number: int
    title: str
    entries: tuple[Entry, ...]

    @cached_property
    def letters(self) -> list[str]:
        """The initials of its entries, each once."""
        return list(dict.fromkeys(initial(entry.title) for entry in self.entries))


def a_to_z_pages(campaign: Campaign, language: Language, found: list[Entry], render: Render) -> dict[str, str]:
    """The pages with everything from A to Z of a language, by address.

    Args:
        campaign: whose pages stand around them.
        language: whose list it is.
        found: what can be found.
        render: makes a page of a view, a lead and a text.
    """
    parts = _parts(language, found)
    # Every language has the first of them; the row of languages leads there.
    added = [_page(each, Part(1, "", ())) for each in campaign.languages.values()] + [_page(language, p) for p in parts]
    whole = replace(campaign, pages={**campaign.pages, **{(page.language, page.path): page for page in added}})
    lead = f'<p class="lead">{escape(language.strings["a-z-help"])}</p>'
    views = [View(whole, language, whole.pages[language.code, a_to_z_path(part.number)]) for part in parts]
    return {view.address: render(view, lead, _list(view, part, parts)) for view, part in zip(views, parts, strict=True)}


def _parts(language: Language, found: list[Entry]) -> list[Part]:
    """As few as keep their weight, about equal."""
    listed = sorted((entry for entry in found if not entry.is_local), key=_order)
    parts = [listed[part] for part in spread([f"{entry.title}{entry.note}{entry.address}" for entry in listed])]
    count = len(parts)
    title = language.strings["a-z"]
    named = [f"{title}: {_range(some)}" if count > 1 else title for some in parts]
    return [Part(n, name, tuple(some)) for n, (name, some) in enumerate(zip(named, parts, strict=True), 1)]


def _order(entry: Entry) -> tuple[object, ...]:
    return sort_key(entry.title), entry.note


def _range(some: list[Entry] | tuple[Entry, ...]) -> str:
    return " – ".join(dict.fromkeys(initial(entry.title) for entry in (some[0], some[-1])))


def _page(language: Language, part: Part) -> Page:
    return made_page(language, a_to_z_path(part.number), part.title, language.strings["a-z-help"])


def _list(view: View, part: Part, parts: list[Part]) -> str:
    anchors: dict[str, str] = {}
    for each in parts:
        page = "" if each is part else view.link(address_of(view.language.code, a_to_z_path(each.number)))
        for letter in each.letters:
            anchors.setdefault(letter, f"{page}#letter-{len(anchors)}")
    links = "".join(f'<li><a href="{href}">{escape(letter)}</a></li>' for letter, href in anchors.items())
    sections = "".join(_sections(view, part, anchors))
    return f'<ul class="letters">{links}</ul><div class="all">{sections}</div>{_way_on(view, part, parts)}'


def _sections(view: View, part: Part, anchors: Mapping[str, str]) -> Iterator[str]:
    for letter, some in groupby(part.entries, key=lambda entry: initial(entry.title)):
        items = "".join(_item(view, entry) for entry in some)
        # A letter that goes on from the page before is led to there.
        id = f' id="{anchors[letter][1:]}"' if anchors[letter].startswith("#") else ""
        yield f'<section><h2{id}>{escape(letter)}</h2><ul class="titles">{items}</ul></section>'


def _way_on(view: View, part: Part, parts: list[Part]) -> str:
    """A link to the page that goes on where this one ends."""
    if part is parts[-1]:
        return ""
    after = parts[part.number]
    href = view.link(address_of(view.language.code, a_to_z_path(after.number)))
    return f'<p class="way-on"><a href="{href}" rel="next">{escape(after.title)}</a></p>'


def _item(view: View, entry: Entry) -> str:
    note = f"<small>{escape(entry.note)}</small>" if entry.note else ""
    return f'<li><a href="{escape(view.link(entry.address))}">{escape(entry.title)}</a> {note}</li>'
