"""Everything that search finds in a language: its own pages and their sections, contacts, places, files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from posixpath import basename
from typing import Any

from campaign.cache.memo import Memo
from campaign.cache.store import hash_text
from campaign.content.number_doubts import number_doubt
from campaign.document.text import plain_text
from campaign.models.campaign import Campaign, Language
from campaign.models.contact import Contact
from campaign.models.nodes import sections, words
from campaign.models.page import Page, address_of
from campaign.plan.outputs import CONTACT_SHEET, sheet_page
from campaign.website.components.directory import contact_anchor, place_anchor
from campaign.website.pictures import PublicAssets
from campaign.website.search.normalise import Stemmer
from campaign.website.view import SERVICES

PAGE = "page"
SECTION = "section"
CONTACT = "contact"
PLACE = "place"
FILE = "file"


@dataclass(frozen=True)
class Entry:
    """A search result."""

    kind: str  # PAGE, SECTION, CONTACT, PLACE or FILE
    title: str
    address: str  # below the site's root, with an anchor
    note: str  # the line below the title
    dial: str  # a phone number
    is_local: bool  # left out of the list from A to Z
    searches: str  # what people type to find it, as "one|two words"
    words: str  # stems of its text, without those of title, note and searches
    is_public: bool = False  # else for staff and the press


def as_listed(entry: Entry) -> list[str | bool]:
    """Return what the list from A to Z shows of an entry."""
    return [entry.title, entry.address, entry.note, entry.is_local, entry.is_public]


def from_listed(row: list[Any]) -> Entry:
    """Return an entry with only the data of `as_listed`."""
    title, address, note, is_local, is_public = row
    return Entry("", title, address, note, "", is_local, "", "", is_public)


def entries(campaign: Campaign, language: Language, assets: PublicAssets, memo: Memo) -> list[Entry]:
    """Return all entries of a language. The caller saves `memo`, a cache of pages."""
    pages = [page for (code, _), page in campaign.pages.items() if code == language.code]
    order = {path: n for n, path in enumerate(campaign.navigation)}
    pages.sort(key=lambda page: order.get(page.path, len(order)))
    maker = _Maker(Stemmer(language.search), hash_text(repr(language.search)), _searches(campaign, language.code))
    return [
        *(
            replace(entry, is_public=campaign.is_public(page))
            for page in pages
            for entry in maker.known_page(page, memo)
        ),
        *(replace(entry, is_public=True) for entry in _contacts(campaign, language, maker)),
        *_files(campaign, language, assets, maker),
    ]


def _searches(campaign: Campaign, code: str) -> dict[str, list[str]]:
    """Return what people type to find an address, from the glossary."""
    results: dict[str, list[str]] = {}
    for term in campaign.glossary:
        path, hash_, anchor = term.leads_to.partition("#")
        if path and term.searches.get(code):
            results.setdefault(f"{address_of(code, path)}{hash_}{anchor}", []).extend(term.searches[code])
    return results


@dataclass(frozen=True)
class _Maker:
    """Makes entries by the rules of a language."""

    stemmer: Stemmer
    rules: str  # their hash
    searches: Mapping[str, list[str]]  # address -> what people type to find it

    def entry(
        self, kind: str, title: str, address: str, note: str = "", text: str = "", dial: str = "",
        is_local: bool = False, searches: Iterable[str] = (),
    ) -> Entry:  # fmt: skip
        """Return an entry; `text` has more words to find it by."""
        phrases = "|".join(phrase.replace("|", " ") for phrase in (*searches, *self.searches.get(address, ())))
        # The browser finds these words separately, and a section also by its page's title, its note.
        shown_words = self.stemmer.stems(f"{title} {note} {phrases} {dial}")
        return Entry(
            kind,
            title,
            address,
            note,
            dial,
            is_local,
            phrases,
            " ".join(sorted(self.stemmer.stems(text) - shown_words)),
        )

    def known_page(self, page: Page, memo: Memo) -> list[Entry]:
        """Return the entries of a page, from the cache if nothing changed."""
        address = address_of(page.language, page.path)
        searches = [item for item in self.searches.items() if item[0].partition("#")[0] == address]
        key = hash_text(f"{page.address} {page.digest} {self.rules} {searches}")
        result = memo.get(key)
        if result is None:
            entries_made = list(self._page(page))
            memo.put(key, [list(vars(entry).values()) for entry in entries_made])
            return entries_made
        return [Entry(*item) for item in result]

    def _page(self, page: Page) -> Iterator[Entry]:
        address = address_of(page.language, page.path)
        sections = _sections(page)
        # Only the page of a piece: its panels mean nothing on their own.
        text = " ".join(f"{title} {text}" for _, title, text in sections) if page.formats else sections[0][2]
        yield self.entry(PAGE, page.title, address, page.description, text, searches=page.search)
        for id, title, text in sections[1:] if not page.formats else ():
            yield self.entry(SECTION, title, f"{address}#{id}", page.title, text)


def _sections(page: Page) -> list[tuple[str, str, str]]:
    """Return (id, title, text) of the part before the first heading ('', '', text) and of each section."""
    return [
        (
            section.heading.id if section.heading else "",
            " ".join(words(section.heading.children).split()) if section.heading else "",
            " ".join(plain_text(section.blocks).split()),
        )
        for section in sections(page.document.blocks, (2, 3))
    ]


def _contacts(campaign: Campaign, language: Language, maker: _Maker) -> Iterator[Entry]:
    """Yield contacts and places on the page of all services, else on the help page."""
    path = next((path for path in (SERVICES, campaign.help_page) if campaign.page(language.code, path)), "")
    if not path:
        return
    page = campaign.page(language.code, path)
    address, is_directory = address_of(language.code, path), path == SERVICES
    source = campaign.source_language.code
    for contact in campaign.contacts:
        yield _contact(contact, language, address, is_directory, "", maker)
    for place in campaign.places.values():
        name = place.name(language.code, source)
        anchor = place_anchor(place.code) if is_directory else place.code
        note = page.title if page else ""
        yield maker.entry(PLACE, name, f"{address}#{anchor}", note, searches=place.names.values())
        for contact in place.contacts:
            yield _contact(contact, language, address, is_directory, name, maker)


def _contact(
    contact: Contact, language: Language, address: str, is_directory: bool, place: str, maker: _Maker
) -> Entry:
    words = language.strings
    kind = words.get(f"kind-{contact.kind}", contact.kind)
    does = [words.get(f"does-{code}", code) for code in contact.does]
    anchor = f"#{contact_anchor(contact)}" if is_directory else ""
    name = contact.name_in(language.code)
    note = ", ".join(part for part in (kind if name else "", *does, place) if part)
    note = ". ".join(part for part in (note, number_doubt(language, contact)) if part)
    searches = [contact.phone] if contact.phone and contact.phone != contact.dial else []
    return maker.entry(CONTACT, name or kind, address + anchor, note, dial=contact.dial, searches=searches)


def _files(campaign: Campaign, language: Language, assets: PublicAssets, maker: _Maker) -> Iterator[Entry]:
    titles = {(CONTACT_SHEET, CONTACT_SHEET): sheet_page(campaign, language.code)}
    titles |= {(page.stem, name): page for page in campaign.pages.values() for name in page.formats}
    titles |= {
        (page.stem, name): page
        for (code, _), page in campaign.pages.items()
        for name in page.formats
        if code == language.code
    }
    source = campaign.source_language.code
    for files in assets.pieces(language.code).values():
        for artifact in files:
            output = artifact.output
            page = titles.get((output.name, output.format))
            place = campaign.places.get(output.place or "")
            name = place.name(language.code, source) if place else ""
            label = language.strings.get(f"format-{output.format}", output.format)
            parts = (label, name, f"{output.ending.upper()}, {escape(assets.size(language, artifact))}")
            title = page.title if page else basename(output.public)
            note = " · ".join(part for part in parts if part)
            yield maker.entry(FILE, title, output.public, note, language.strings["download"], is_local=bool(place))
