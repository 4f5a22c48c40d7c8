"""What people wrote, as plain frozen data: what every maker reads. Nothing here touches the disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from campaign.models.contact import BESIDE_MAIN, EMERGENCY, OFFICE, Contact, Place
from campaign.models.formats import DESTINATIONS, PHONE, Destination, Format
from campaign.models.media import Message, Partner, Photo, Poster
from campaign.models.outputs import OFFICE as OFFICE_PRINTER
from campaign.models.outputs import PHOTOCOPY
from campaign.models.own_shortcode import OwnShortcode
from campaign.models.page import Page, Translation
from campaign.models.theme import Identity

# What stands for the whole country where a place could stand: in names of files and folders, and in tables.
NATIONAL = "national"
# The page that each language begins with.
FRONT = "index.md"
# The page on getting help, where the campaign gives it no other name.
HELP_PAGE = "get-help.md"


@dataclass(frozen=True)
class Language:
    """A language of the campaign.

    Attributes:
        code: BCP 47, as in the folder's name.
        name: its own, as in 'Português'.
        direction: 'ltr' or 'rtl', read off its own name.
        is_source: whether the others are translated from it.
        is_first: whether it is offered first.
        strings: the interface's words by their keys.
        is_whole: whether it has the whole site, with stand-ins for missing pages; else only its own pieces and pages.
        terms: what the glossary accepts in it.
        is_asked: whether a phone that is set to it says little of who holds it: the site's root asks then.
        has_words: whether any of `strings` is its own; what is made leaves a language without them out (`as_built`).
    """

    code: str
    name: str
    direction: str
    is_source: bool
    is_first: bool
    strings: Mapping[str, str]
    is_whole: bool = True
    terms: tuple[str, ...] = ()
    is_asked: bool = False
    has_words: bool = True


@dataclass(frozen=True)
class Source:
    """What a fact rests on.

    Attributes:
        short: for a line in print; the title where none was typed.
        language: code, of its title; '' where nobody has said.
        titles: in other languages, by their codes.
        shorts: likewise, for a line in print.
    """

    id: str
    title: str
    publisher: str
    date: str
    url: str
    short: str
    language: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    shorts: Mapping[str, str] = field(default_factory=dict)

    def said_in(self, language: str) -> Source:
        """The same with its title in a language; where it has none there, its own stands in, and `language` says so."""
        title = self.titles.get(language)
        if not title:
            return self
        return replace(self, title=title, short=self.shorts.get(language, title), language=language)


@dataclass(frozen=True)
class Reading:
    """When somebody read a source last, and when it is to be read again.

    Attributes:
        where: file and line, for problems.
    """

    read: date | None
    again: date | None
    where: str


@dataclass(frozen=True)
class Term:
    """A word of the glossary.

    Attributes:
        forms: language -> what may stand in a text, the first one preferred.
        source: id in _sources.yml.
        searches: language -> what people type who look for it.
        leads_to: the page that they look for, with the id of a section where it is one ('signs.md#papers').
    """

    id: str
    forms: Mapping[str, tuple[str, ...]]
    source: str
    certainty: str
    searches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    leads_to: str = ""


@dataclass(frozen=True)
class PrintOrder:
    """A line of assets/print-run.yml: copies of one file for the print shop.

    Attributes:
        piece: the name of its page.
        place: code; None for the whole country.
    """

    piece: str
    format: str
    language: str
    place: str | None
    copies: int
    paper: str


@dataclass(frozen=True)
class Pack:
    """What is handed over to partners of one kind: a row of `packs:` in mkdocs.yml.

    Attributes:
        audiences: what is for them is in it, beside what is for everybody.
        printers: for whom its pieces are made to be printed (FLAVOURS).
        pictures: the destinations whose pictures are in it.
        has_kit: whether press kits are in it.
        has_site: whether the site is in it, to be put on a stick.
    """

    name: str
    audiences: tuple[str, ...]
    printers: tuple[str, ...] = (OFFICE_PRINTER, PHOTOCOPY)
    pictures: tuple[str, ...] = (PHONE,)
    has_kit: bool = False
    has_site: bool = True


@dataclass(frozen=True)
class Campaign:
    """Everything that people wrote, read once.

    Attributes:
        root: the campaign's folder.
        pages: by language and path from that language's folder.
        press_contacts: who answers journalists, which nobody in need should dial.
        offices: who issues the campaign and hears what its readers say; likewise.
        country: ISO 3166-1 code of the country whose numbering plan national numbers follow; '' where none is named.
        retired: contacts that were taken out, of which their numbers alone are known still.
        logos: drawings by name.
        withheld: releases under embargo, which are in no `pages`; keys as there.
        preview_for: for whom those are made all the same.
        word_origins: who translated the interface's words, by language.
        caption_origins: who translated the words of photos, by language.
        messages: the texts that go with pictures, by language and name.
        message_origins: who translated those, by language.
        destinations: where pictures go, by name.
        silence: ids of notes that are not to be shown, each with the reason.
        names: of the campaign, by language.
        help_page: the page that every other leads to for help, where there is one.
        publishes_all_places: whether the site offers editions that differ from the whole country's in a name alone.
        waits_for_places: whether other editions than those that the site offers are made when somebody asks for them.
        partners: those whose marks pieces show, in their order.
        packs: what is handed over, by name.
        formats: how pieces are laid out, by name: ours, those of packages and of the campaign's own folder.
        shortcodes: those of packages and of the campaign's own folder, by name.
        templates: the folder of templates of its own that mkdocs.yml names (`custom_dir`); None where it names none.
    """

    root: Path
    name: str
    version: str
    date: date
    site_url: str
    languages: Mapping[str, Language]
    places: Mapping[str, Place]
    contacts: tuple[Contact, ...]
    audiences: tuple[str, ...]
    avoided_words: tuple[str, ...]
    pages: Mapping[tuple[str, str], Page]
    navigation: tuple[str, ...]
    sources: Mapping[str, Source]
    readings: Mapping[str, Reading]
    posters: Mapping[str, Poster]
    pictograms: Mapping[str, Path]
    identity: Identity
    fonts: tuple[Path, ...] = ()
    glossary: tuple[Term, ...] = ()
    press_contacts: tuple[Contact, ...] = ()
    offices: tuple[Contact, ...] = ()
    country: str = ""
    retired: tuple[Contact, ...] = ()
    logos: Mapping[str, Path] = field(default_factory=dict)
    withheld: Mapping[tuple[str, str], Page] = field(default_factory=dict)
    preview_for: str = ""
    word_origins: Mapping[str, Translation | None] = field(default_factory=dict)
    photos: Mapping[str, Photo] = field(default_factory=dict)
    caption_origins: Mapping[str, Translation | None] = field(default_factory=dict)
    messages: Mapping[tuple[str, str], Message] = field(default_factory=dict)
    message_origins: Mapping[str, Translation | None] = field(default_factory=dict)
    destinations: Mapping[str, Destination] = field(default_factory=lambda: DESTINATIONS)
    print_run: tuple[PrintOrder, ...] = ()
    silence: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    publishes_all_places: bool = False
    waits_for_places: bool = False
    help_page: str = HELP_PAGE
    partners: tuple[Partner, ...] = ()
    packs: Mapping[str, Pack] = field(default_factory=dict)
    templates: Path | None = None
    formats: Mapping[str, Format] = field(default_factory=dict)
    shortcodes: Mapping[str, OwnShortcode] = field(default_factory=dict)

    # By itself, so that what is worked out from the whole of it can be remembered.
    __hash__ = object.__hash__

    @property
    def source_language(self) -> Language:
        """The one that the others are translated from."""
        return next(language for language in self.languages.values() if language.is_source)

    def is_public(self, page: Page) -> bool:
        """Whether a page is for everybody: for the first audience, for nobody in particular, or the front page."""
        return page.path == FRONT or not page.audiences or bool({*self.audiences[:1]} & {*page.audiences})

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its formats, each once, in their order."""
        return tuple(dict.fromkeys(format.kind for format in self.formats.values()))

    @property
    def first_language(self) -> Language:
        """The one that is offered first."""
        return next(language for language in self.languages.values() if language.is_first)

    def name_in(self, language: str) -> str:
        """The campaign's name in a language; `name` stands in where it has none there."""
        return self.names.get(language, self.name)

    def stand_in(self, language: str) -> str:
        """The language of a name that stands in, where names differ by language; '' for a language's own."""
        source = self.source_language.code
        return "" if not self.names or language in (source, *self.names) else source

    @property
    def is_published(self) -> bool:
        """Whether somebody has set a real address: `.example` names are reserved and lead nowhere (RFC 2606)."""
        host = self.site_url.split("//", 1)[-1].split("/", 1)[0]
        return not host.endswith(".example")

    @property
    def base(self) -> str:
        """The path below which the site will be: '/', '/help/'."""
        return urlsplit(self.site_url).path

    @property
    def emergency(self) -> Contact | None:
        """The national contact that every page and piece offers: the one that says so, else emergencies, else any."""
        able = [contact for contact in self.contacts if contact.is_printed]
        wanted = (*(c for c in able if c.is_main), *(c for c in able if c.kind == EMERGENCY), *able)
        return wanted[0] if wanted else None

    def page(self, language: str, path: str) -> Page | None:
        """The page in that language, else its stand-in in the source language, else None."""
        own = self.pages.get((language, path))
        return (
            own if own or not self.languages[language].is_whole else self.pages.get((self.source_language.code, path))
        )

    @property
    def mark(self) -> str:
        """The campaign's own small mark among its logos: the one called so, else the first; '' where there is none."""
        called = (name for name in self.logos if name == "mark" or name.endswith("-mark"))
        return next(called, next(iter(self.logos), ""))

    @property
    def everybody(self) -> tuple[Contact, ...]:
        """National contacts first, then those of each place; not those for journalists, nor who issues the campaign."""
        return (*self.contacts, *(contact for place in self.places.values() for contact in place.contacts))

    @property
    def whole_register(self) -> tuple[Contact, ...]:
        """All that are written down."""
        return (*self.everybody, *self.press_contacts, *self.offices)

    @property
    def with_former(self) -> tuple[Contact, ...]:
        """All that have or had numbers which are nobody's any more."""
        return tuple(contact for contact in (*self.whole_register, *self.retired) if contact.former)

    @property
    def fresh(self) -> list[str]:
        """What the days alone change: of which numbers somebody made sure lately, and which may be printed."""
        return [
            f"{contact.id} {at} {number.is_fresh} {number.is_printed}"
            for contact in self.whole_register
            for at, number in enumerate(contact.numbers)
        ]

    def regions_of(self, place: str) -> list[Place]:
        """The places that a place is part of, the nearest first."""
        found: list[Place] = []
        region = self.places.get(self.places[place].region)
        while region and region not in found and region.code != place:
            found.append(region)
            region = self.places.get(region.region)
        return found

    def local_contacts(self, place: str) -> tuple[Contact, ...]:
        """A place's own contacts, then those of the region that it is part of."""
        wider = self.regions_of(place)
        return (*self.places[place].contacts, *(contact for region in wider for contact in region.contacts))

    def is_on_site(self, place: str | None) -> bool:
        """Whether the site offers what is printed for a place: it has contacts of its own, or all are wanted."""
        return place is None or self.publishes_all_places or bool(self.places[place].contacts)

    def needs_sheet(self, place: str | None) -> bool:
        """Whether a leaflet may have no room for all numbers, so that a sheet of their own has them."""
        printed = [contact for contact in self.contacts_for(place) if contact.is_printed]
        return len(printed) > 1 + BESIDE_MAIN or any(len(contact.numbers) > 1 for contact in printed)

    def contacts_for(self, place: str | None, kind: str | None = None) -> tuple[Contact, ...]:
        """National contacts first, then the place's own and its region's. kind: those of it alone, `OFFICE` too."""
        national = self.offices if kind == OFFICE else self.contacts
        found = (*national, *(self.local_contacts(place) if place else ()))
        return tuple(contact for contact in found if kind in (None, contact.kind))
