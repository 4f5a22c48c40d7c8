"""A campaign as people wrote it: frozen data for everything that makes outputs. Nothing here reads files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from campaign.models.addresses import is_private
from campaign.models.contact import EMERGENCY, MAX_NEXT_TO_MAIN, OFFICE, Contact, Place
from campaign.models.formats import DESTINATIONS, PHONE, Destination, Format
from campaign.models.media import Message, Partner, Photo, Poster
from campaign.models.outputs import OFFICE as OFFICE_PRINTER
from campaign.models.outputs import PHOTOCOPY
from campaign.models.own_shortcode import OwnShortcode
from campaign.models.page import Page, Translation
from campaign.models.search_rules import SearchRules
from campaign.models.theme import Identity

NATIONAL = "national"  # the whole country in file names and tables
# The places that get editions of prints.
PlaceEditions = Literal["own-contacts", "all", "when-asked", "none"]
Readers = Literal["private", "school", "open"]
MAX_SLUG = 60  # a part of a host's name has at most 63 characters
FRONT = "index.md"  # the first page of each language
HELP_PAGE = "get-help.md"  # the default page about getting help
SAFETY = "safety.md"  # the page about Leave, saving and forgetting


@dataclass(frozen=True)
class Language:
    """A language of the campaign."""

    code: str  # BCP 47, as in the folder's name
    name: str  # its own, as in 'Português'
    direction: str  # 'ltr' or 'rtl'
    is_source: bool
    is_first: bool  # whether it is the default
    strings: Mapping[str, str]  # the interface's, by key
    is_whole: bool = True  # the whole site, with the source filling gaps; else only its own pieces and pages
    terms: tuple[str, ...] = ()  # forms in the glossary
    is_asked: bool = False  # the first page asks phones in it which language to show
    search: SearchRules = field(default_factory=SearchRules)  # how search compares words
    has_words: bool = True  # whether any string is translated; outputs leave out a language without
    country: str = ""  # the campaign's, for formats of dates and numbers


@dataclass(frozen=True)
class Source:
    """A source of facts."""

    id: str
    title: str
    publisher: str
    date: str
    url: str
    short: str  # for a line in print; by default the title
    language: str = ""  # code of the title's language, or ''
    titles: Mapping[str, str] = field(default_factory=dict)  # in other languages
    shorts: Mapping[str, str] = field(default_factory=dict)  # in other languages

    def localised(self, language: str) -> Source:
        """Return it with its title in a language if it has one; `language` says which it is in."""
        title = self.titles.get(language)
        if not title:
            return self
        return replace(self, title=title, short=self.shorts.get(language, title), language=language)


@dataclass(frozen=True)
class SourceReading:
    """When a source was last read, by whom, and when to read it again."""

    read: date | None
    again: date | None
    where: str  # file and line


@dataclass(frozen=True)
class Term:
    """A term of the glossary."""

    id: str
    forms: Mapping[str, tuple[str, ...]]  # language -> accepted forms, preferred first
    source: str  # id in _sources.yml
    certainty: str
    searches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # language -> search words
    leads_to: str = ""  # the page for these, as 'signs.md#papers'


@dataclass(frozen=True)
class PrintOrder:
    """A line of assets/print-run.yml."""

    piece: str  # name of its page
    format: str
    language: str
    place: str | None  # code; None for the whole country
    copies: int
    paper: str


@dataclass(frozen=True)
class Pack:
    """The files that partners of one kind receive: a row of `packs:` in mkdocs.yml."""

    name: str
    audiences: tuple[str, ...]  # besides public pieces
    printers: tuple[str, ...] = (OFFICE_PRINTER, PHOTOCOPY)  # flavours of its prints
    pictures: tuple[str, ...] = (PHONE,)  # destinations of its pictures
    has_kit: bool = False  # with press kits
    has_site: bool = True  # with the site, for a stick


@dataclass(frozen=True, kw_only=True)
class MainSettings:
    """The settings in mkdocs.yml that are about the whole campaign."""

    name: str
    version: str
    date: date
    site_url: str
    audiences: tuple[str, ...]
    avoided_words: tuple[str, ...]
    navigation: tuple[str, ...]
    country: str = ""  # ISO 3166-1 code for national numbers, or ''
    destinations: Mapping[str, Destination] = field(default_factory=lambda: DESTINATIONS)
    silence: Mapping[str, str] = field(default_factory=dict)  # silenced notes -> reason
    names: Mapping[str, str] = field(default_factory=dict)  # by language
    place_editions: PlaceEditions = "own-contacts"
    readers: Readers = "private"
    help_page: str = HELP_PAGE
    reads_aloud: bool = True  # public pages have the button "Listen"
    packs: Mapping[str, Pack] = field(default_factory=dict)
    templates: Path | None = None  # the folder in `custom_dir`


@dataclass(frozen=True, kw_only=True)
class Campaign(MainSettings):
    """Everything that people wrote."""

    root: Path
    languages: Mapping[str, Language]
    places: Mapping[str, Place]
    contacts: tuple[Contact, ...]
    pages: Mapping[tuple[str, str], Page]  # by language, and path below its folder
    sources: Mapping[str, Source]
    readings: Mapping[str, SourceReading]
    posters: Mapping[str, Poster]
    pictograms: Mapping[str, Path]
    identity: Identity
    fonts: tuple[Path, ...] = ()
    glossary: tuple[Term, ...] = ()
    press_contacts: tuple[Contact, ...] = ()  # for journalists, not for people in need
    offices: tuple[Contact, ...] = ()  # of the publisher, not for people in need
    retired: tuple[Contact, ...] = ()  # removed contacts, for their numbers
    logos: Mapping[str, Path] = field(default_factory=dict)  # drawings by name
    # embargoed releases, which aren't in `pages`
    withheld: Mapping[tuple[str, str], Page] = field(default_factory=dict)
    left_out: Mapping[tuple[str, str], Page] = field(default_factory=dict)  # pages with a problem, not in `pages`
    preview_for: str = ""  # who gets previews of embargoed releases
    word_origins: Mapping[str, Translation | None] = field(default_factory=dict)  # translators of the strings
    photos: Mapping[str, Photo] = field(default_factory=dict)
    caption_origins: Mapping[str, Translation | None] = field(default_factory=dict)  # translators of captions
    messages: Mapping[tuple[str, str], Message] = field(default_factory=dict)  # by language and name
    message_origins: Mapping[str, Translation | None] = field(default_factory=dict)  # translators of messages
    print_run: tuple[PrintOrder, ...] = ()
    partners: tuple[Partner, ...] = ()  # whose logos pieces show
    formats: Mapping[str, Format] = field(default_factory=dict)  # built-in, of packages and its own
    shortcodes: Mapping[str, OwnShortcode] = field(default_factory=dict)  # of packages and its own

    # By identity, so that results can be cached by campaign.
    __hash__ = object.__hash__

    def with_left_out(self) -> Campaign:
        """Return the campaign with the pages that were left out, for lists of what is missing and for previews."""
        return replace(self, pages={**self.pages, **self.left_out}, left_out={}) if self.left_out else self

    @property
    def source_language(self) -> Language:
        """The language that the others are translated from."""
        return next(language for language in self.languages.values() if language.is_source)

    @property
    def may_be_watched(self) -> bool:
        """Whether pages have "Leave", and titles and file names of copies reveal nothing."""
        return self.readers == "private"

    @property
    def shares_devices(self) -> bool:
        """Whether pages have "Forget this site", and hosts tell browsers to keep no page."""
        return self.readers != "open"

    def is_public(self, page: Page) -> bool:
        """Return whether a page is for everybody: the front page, or one for the first or no audience."""
        return page.path == FRONT or not page.audiences or bool({*self.audiences[:1]} & {*page.audiences})

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its formats, in their order."""
        return tuple(dict.fromkeys(format.kind for format in self.formats.values()))

    @property
    def first_language(self) -> Language:
        """The default language."""
        return next(language for language in self.languages.values() if language.is_first)

    @property
    def slug(self) -> str:
        """The name in up to 60 lower-case Latin letters, digits and hyphens, or 'campaign'."""
        plain = unicodedata.normalize("NFKD", self.name.lower()).encode("ascii", "ignore").decode()
        slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "campaign"
        return slug if len(slug) <= MAX_SLUG else slug[:MAX_SLUG].rpartition("-")[0] or slug[:MAX_SLUG]

    def name_in(self, language: str) -> str:
        """Return the campaign's name in a language, else `name`."""
        return self.names.get(language, self.name)

    def fallback_language(self, language: str) -> str:
        """Return the language of `name_in` if it isn't the language itself, else ''."""
        source = self.source_language.code
        return "" if not self.names or language in (source, *self.names) else source

    @property
    def is_published(self) -> bool:
        """Whether the site has an address that everyone can open; `.example` is reserved (RFC 2606)."""
        host = self.site_url.split("//", 1)[-1].split("/", 1)[0]
        return not host.endswith(".example") and not is_private(self.site_url)

    @property
    def base(self) -> str:
        """The path of the site: '/', '/help/'."""
        return urlsplit(self.site_url).path

    @property
    def emergency(self) -> Contact | None:
        """The contact on every page and piece: the main one, else an emergency number, else any national one."""
        printable = [contact for contact in self.contacts if contact.is_printed]
        candidates = (*(c for c in printable if c.is_main), *(c for c in printable if c.kind == EMERGENCY), *printable)
        return candidates[0] if candidates else None

    def page(self, language: str, path: str) -> Page | None:
        """Return a page in a language, else in the source language, else None."""
        own_page = self.pages.get((language, path))
        return (
            own_page
            if own_page or not self.languages[language].is_whole
            else self.pages.get((self.source_language.code, path))
        )

    @property
    def mark(self) -> str:
        """Return the small logo: the one named `mark`, otherwise the first, or ''."""
        called = (name for name in self.logos if name == "mark" or name.endswith("-mark"))
        return next(called, next(iter(self.logos), ""))

    @property
    def all_contacts(self) -> tuple[Contact, ...]:
        """National contacts, then those of places, without press and office."""
        return (*self.contacts, *(contact for place in self.places.values() for contact in place.contacts))

    @property
    def whole_register(self) -> tuple[Contact, ...]:
        """All contacts."""
        return (*self.all_contacts, *self.press_contacts, *self.offices)

    @property
    def with_former(self) -> tuple[Contact, ...]:
        """All contacts with former numbers."""
        return tuple(contact for contact in (*self.whole_register, *self.retired) if contact.former)

    @property
    def fresh(self) -> list[str]:
        """The parts that change with the date: verified numbers, and printable ones."""
        return freshness(self.whole_register)

    def regions_of(self, place: str) -> list[Place]:
        """Return the places that a place is part of, nearest first."""
        places: list[Place] = []
        region = self.places.get(self.places[place].region)
        while region and region not in places and region.code != place:
            places.append(region)
            region = self.places.get(region.region)
        return places

    def local_contacts(self, place: str) -> tuple[Contact, ...]:
        """Return a place's contacts, then those of its regions."""
        wider = self.regions_of(place)
        return (*self.places[place].contacts, *(contact for region in wider for contact in region.contacts))

    def is_on_site(self, place: str | None) -> bool:
        """Return whether the site offers a place's prints."""
        return place is None or self.place_editions == "all" or bool(self.places[place].contacts)

    def needs_sheet(self, place: str | None) -> bool:
        """Return whether leaflets may lack room for all numbers, so that a contact sheet is made."""
        printed_contacts = [contact for contact in self.contacts_for(place) if contact.is_printed]
        return len(printed_contacts) > 1 + MAX_NEXT_TO_MAIN or any(
            len(contact.numbers) > 1 for contact in printed_contacts
        )

    def contacts_for(self, place: str | None, kind: str | None = None) -> tuple[Contact, ...]:
        """Return national contacts, then a place's and its regions'; with `kind` only these, even OFFICE."""
        national = self.offices if kind == OFFICE else self.contacts
        results = (*national, *(self.local_contacts(place) if place else ()))
        return tuple(contact for contact in results if kind in (None, contact.kind))


def freshness(contacts: Iterable[Contact]) -> list[str]:
    """Return what changes with the date about contacts: which numbers count as verified, and which may be printed."""
    return [
        f"{contact.id} {index} {number.is_fresh} {number.is_printed}"
        for contact in contacts
        for index, number in enumerate(contact.numbers)
    ]
