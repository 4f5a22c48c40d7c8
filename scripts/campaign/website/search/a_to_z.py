"""The pages with everything from A to Z, for the search field without scripts.

A long list is split over several pages, and each links all letters to their pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from campaign.graph.tracking import derived
from campaign.models.campaign import Campaign, Language
from campaign.models.page import address_of
from campaign.website.components import draw
from campaign.website.parts import GeneratedPage, made_page, spread
from campaign.website.search.entries import Entry
from campaign.website.search.normalise import initial, sort_key
from campaign.website.view import View, a_to_z_path


@dataclass(frozen=True)
class ListPage:
    """One page of the list."""

    number: int  # from 1
    title: str  # with its first and last letter if there are several
    entries: tuple[Entry, ...]
    is_whole: bool = False  # of the list that includes pages for staff and the press

    @cached_property
    def letters(self) -> list[str]:
        """The initials of its entries."""
        return list(dict.fromkeys(initial(entry.title) for entry in self.entries))


def a_to_z_pages(campaign: Campaign, language: Language, entries: list[Entry]) -> dict[str, GeneratedPage]:
    """Return the pages of a language by address."""
    # In every language, even without entries, because pages and the language menu link to it.
    has_more = not _is_all_public(campaign)
    lists = [_parts(language, entries, is_whole) for is_whole in (False, True)[: 1 + has_more]]
    lead, help = draw(campaign, "titles/lead", {"words": language.strings["a-z-help"]}), language.strings["a-z-help"]
    pages = {}
    for parts in lists:
        for part in parts:
            path, first_path = a_to_z_path(part.number, part.is_whole), a_to_z_path(1, part.is_whole)
            view = View(campaign, language, made_page(language, path, part.title, help))
            text = _list(view, part, parts, has_more)
            codes = tuple(campaign.languages)
            pages[view.address] = GeneratedPage(language.code, path, part.title, codes, lead, text, help, first_path)
    return pages


@derived
def _is_all_public(campaign: Campaign) -> bool:
    return all(map(campaign.is_public, campaign.pages.values()))


def _parts(language: Language, entries: list[Entry], is_whole: bool) -> list[ListPage]:
    """Return the parts of a list, about equal."""
    entries_listed = [entry for entry in entries if not entry.is_local and (is_whole or entry.is_public)]
    entries_listed.sort(key=lambda entry: (sort_key(entry.title), entry.note))
    parts = [
        entries_listed[part]
        for part in spread([f"{entry.title}{entry.note}{entry.address}" for entry in entries_listed])
    ]
    count = len(parts)
    title = language.strings["search-all" if is_whole else "a-z"]
    ranges = (" – ".join(dict.fromkeys(initial(item.title) for item in (group[0], group[-1]))) for group in parts)
    titles = [f"{title}: {item}" for item in ranges] if count > 1 else [title]
    return [
        ListPage(n, name, tuple(group), is_whole) for n, (name, group) in enumerate(zip(titles, parts, strict=True), 1)
    ]


def _list(view: View, part: ListPage, parts: list[ListPage], has_more: bool) -> str:
    anchors: dict[str, str] = {}
    for item in parts:
        page = (
            "" if item is part else view.link(address_of(view.language.code, a_to_z_path(item.number, item.is_whole)))
        )
        for letter in item.letters:
            anchors.setdefault(letter, f"{page}#letter-{len(anchors)}")
    data = {
        "letters": [{"words": letter, "to": anchor} for letter, anchor in anchors.items()],
        "sections": list(_sections(view, part, anchors)),
        "on": list(_next_links(view, part, parts, has_more)),
    }
    return draw(view.campaign, "titles/a-z", data)


def _sections(view: View, part: ListPage, anchors: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for letter, group in groupby(part.entries, key=lambda entry: initial(entry.title)):
        entries = [{"words": item.title, "to": view.link(item.address), "note": item.note} for item in group]
        # A letter that continues from the previous page has its anchor there.
        id = anchors[letter][1:] if anchors[letter].startswith("#") else ""
        yield {"letter": letter, "id": id, "entries": entries}


def _next_links(view: View, part: ListPage, parts: list[ListPage], has_more: bool) -> Iterator[dict[str, Any]]:
    """Yield the links to the next page, and from public lists to the complete one."""

    def address(item: ListPage) -> str:
        return view.link(address_of(view.language.code, a_to_z_path(item.number, item.is_whole)))

    if part is not parts[-1]:
        after = parts[part.number]
        yield {"to": address(after), "words": after.title, "is_next": True}
    if has_more and not part.is_whole:
        first = ListPage(1, "", (), is_whole=True)
        yield {"to": address(first), "words": view.language.strings["search-all"], "is_next": False}
