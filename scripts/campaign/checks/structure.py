"""The structure of pages: titles, headings, notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from campaign.models.campaign import Campaign
from campaign.models.page import Page
from campaign.models.problem import Problem


def check_structure(campaign: Campaign) -> Iterator[Problem]:
    """Yield headings and titles that confuse menus and readers who navigate by headings."""
    for page in campaign.pages.values():
        yield from _check_text(page)
        yield from _check_levels(page)
        for note in page.outline.note_texts:
            if note.to in campaign.sources:
                message = f"The note `{note.to}` has the id of a source: the page would show the source in its place."
                yield Problem("note-hides", page.line(note.start), message, f"Rename it, as in `[^{note.to}-own]`.")
    yield from _check_titles(campaign)
    yield from _check_places(campaign)


def _check_text(page: Page) -> Iterator[Problem]:
    if page.outline.is_empty:
        yield Problem("page-empty", page.where, "The page has no text.", "Write it, or delete the file.")


def _check_levels(page: Page) -> Iterator[Problem]:
    level = 1
    for heading in page.outline.headings:
        if heading.level > level + 1:
            message = f"“{heading.words}” has level {heading.level}, but the heading before it has level {level}."
            fix = f"Write it with {level + 1} `#` signs."
            yield Problem("heading-skips", page.line(heading.start), message, fix)
        level = heading.level


def _check_titles(campaign: Campaign) -> Iterator[Problem]:
    pages_by_title: dict[tuple[str, str], list[Page]] = defaultdict(list)
    for page in campaign.pages.values():
        if page.title.strip() and not page.formats:
            pages_by_title[page.language, page.title.casefold()].append(page)
    for pages in pages_by_title.values():
        first, *other_pages = pages
        for page in other_pages:
            if {*first.audiences} & {*page.audiences}:
                message = f"{first.where} is called “{page.title}” too."
                yield Problem("title-twice", page.where, message, "Give each page its own title.")


def _check_places(campaign: Campaign) -> Iterator[Problem]:
    names: dict[tuple[str, str], str] = {}
    tiles: dict[tuple[int, int], str] = {}
    for place in campaign.places.values():
        where = place.where
        for language, name in place.names.items():
            first = names.setdefault((language, name.casefold()), place.code)
            if first != place.code:
                message = f"The place `{first}` is called “{name}” too."
                yield Problem("place-name-twice", where, message, "Give each place its own name.")
        if place.column is not None and place.row is not None:
            first = tiles.setdefault((place.column, place.row), place.code)
            if first != place.code:
                message = f"The place `{first}` has the same tile of the map: column {place.column}, row {place.row}."
                yield Problem("place-tile-twice", where, message, "Give each place its own tile.")
