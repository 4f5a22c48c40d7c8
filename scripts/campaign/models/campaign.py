"""What people wrote, as plain frozen data: what every maker reads. Nothing here touches the disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from campaign.models.formats import DESTINATIONS, Destination
from campaign.models.media import Photo, Poster
from campaign.models.nodes import Block, Document, Outline, Text, sections, walk, words
from campaign.models.theme import Identity

# The kind of contacts that are for journalists only.
PRESS = "press"
EMERGENCY = "emergency"
# The format of releases, and the panel of what stands above a release's first heading.
RELEASE, OPENING = "release", "opening"
NO_OUTLINE = Outline()

# Kinds of pages on the site, and the folders whose pages are of a kind.
LAYOUTS = ("page", "leaflet", "poster", "release", "course")
LAYOUT_FOLDERS = {"leaflets": "leaflet", "posters": "poster", "releases": "release", "courses": "course"}


@dataclass(frozen=True)
class Language:
    """code: BCP 47, as in the folder's name; direction: 'ltr' or 'rtl', read off its own name.

    is_whole: whether it has the whole site, with stand-ins for missing pages; else only its own pieces and pages.
    terms: what the glossary accepts in it.
    """

    code: str
    name: str
    direction: str
    is_source: bool
    is_first: bool
    strings: Mapping[str, str]
    is_whole: bool = True
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """When somebody last made sure of a contact, and how ('called' or 'official-source')."""

    on: date
    how: str


@dataclass(frozen=True)
class Contact:
    """Who to call. `kind` and `does` are codes that _strings.yml puts in words (kind-…, does-…).

    phone is as typed, so that no zero is lost; '' where no number is known. source: id in _sources.yml.
    """

    id: str
    kind: str
    name: str
    does: tuple[str, ...]
    phone: str
    hours: str
    languages: tuple[str, ...]
    free: bool | None
    source: str
    checked: Checked | None
    place: str | None
    where: str

    def is_fresh(self, today: date, days: int = 180) -> bool:
        """Whether somebody made sure of it within so many days."""
        return self.checked is not None and 0 <= (today - self.checked.on).days <= days

    @property
    def dial(self) -> str:
        """The number for a tel: link: digits and a leading plus only."""
        return "".join(c for c in self.phone if c.isdigit() or c == "+")


@dataclass(frozen=True)
class Place:
    """A municipality or the like. column and row: its tile on the map, from 1, or None."""

    code: str
    names: Mapping[str, str]
    iso: str
    column: int | None
    row: int | None
    contacts: tuple[Contact, ...]

    def name(self, language: str, source: str) -> str:
        """Its name in a language, else in the source language, else its code."""
        return self.names.get(language) or self.names.get(source) or self.code


@dataclass(frozen=True)
class Translation:
    """Of which source text (fingerprint), made by whom, reviewed by whom and when ('' and None: nobody yet)."""

    source: str
    by: str
    reviewed_by: str = ""
    reviewed_on: date | None = None
    is_outdated: bool = False

    @property
    def is_reviewed(self) -> bool:
        return bool(self.reviewed_by) and not self.is_outdated


@dataclass(frozen=True)
class Panel:
    """A `## Title {#id}` section of a piece. line: of its heading in the file."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    line: int


@dataclass(frozen=True)
class Page:
    """One Markdown file. path: from the language's folder, POSIX ('leaflets/know-the-signs.md').

    tree: its text as JSON of a Document, which is decoded when it is first asked for. outline: what the text refers to.
    translation: None in the source language.
    """

    language: str
    path: str
    title: str
    description: str
    audiences: tuple[str, ...]
    formats: tuple[str, ...]
    options: Mapping[str, object]
    translation: Translation | None
    where: str
    tree: str = ""
    outline: Outline = NO_OUTLINE

    @cached_property
    def digest(self) -> str:
        """A hash of all that it says."""
        said = (self.title, self.description, *self.formats, self.tree)
        return sha256("\0".join(said).encode()).hexdigest()

    @cached_property
    def document(self) -> Document:
        """The text as a tree."""
        return msgspec.json.decode(self.tree, type=Document) if self.tree else Document()

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        """The `## Title {#id}` sections of a piece; of a release, first what stands above them."""
        return tuple(self._panels()) if self.formats else ()

    def _panels(self) -> Iterator[Panel]:
        for section in sections(self.document.blocks):
            if section.heading:
                title = words(section.heading.children).strip()
                yield Panel(section.heading.id, title, section.blocks, self.document.line(section.heading.at))
            elif section.blocks and RELEASE in self.formats:
                yield Panel(OPENING, "", section.blocks, self.document.first_line)

    @cached_property
    def cites(self) -> tuple[str, ...]:
        """The ids of the sources and notes that it cites, in the order in which it first does."""
        return tuple(dict.fromkeys(note.to for note in self.outline.notes))

    def line(self, at: int) -> str:
        """Where a byte of its file stands, for a problem: path and line."""
        return f"{self.where}:{self.document.line(at)}"

    def find(self, text: str) -> str:
        """Where some words stand, for a problem: path and line, or the path alone."""
        for node in walk((*self.document.blocks, *self.document.notes)):
            if isinstance(node, Text) and (at := node.text.find(text)) >= 0:
                return self.line(node.at + len(node.text[:at].encode()))
        return self.where

    @property
    def stem(self) -> str:
        """A piece's name: its path below the first folder ('meetings/camps/handout.md' is 'camps-handout')."""
        return self.path.removesuffix(".md").split("/", 1)[-1].replace("/", "-")

    @property
    def has_places(self) -> bool:
        """Whether its pieces are made for each place: not where `options: {places: no}` says otherwise."""
        return str(self.options.get("places", "yes")).lower() not in ("no", "false")

    @property
    def layout(self) -> str:
        """Which kind of page it is on the site: as its front matter says, else as its folder or its words show."""
        if self.options.get("layout"):
            return str(self.options["layout"])
        if self.options.get("release_date") or self.options.get("headline") or self.options.get("embargo"):
            return "release"
        return LAYOUT_FOLDERS.get(self.path.split("/", 1)[0], "page") if "/" in self.path else "page"

    @property
    def address(self) -> str:
        """Its address below the site's root, the language's folder included."""
        return f"{self.language}/{self.path.removesuffix('.md')}.html"


@dataclass(frozen=True)
class Source:
    """What a fact rests on. short: for a line in print; language: of its title, '' where nobody has said."""

    id: str
    title: str
    publisher: str
    date: str
    url: str
    short: str
    language: str = ""


@dataclass(frozen=True)
class Term:
    """A word of the glossary. forms: language -> what may stand in a text, the first one preferred."""

    id: str
    forms: Mapping[str, tuple[str, ...]]
    source: str
    certainty: str


@dataclass(frozen=True)
class PrintOrder:
    """A line of assets/print-run.yml: copies of one file for the print shop. place: None for the whole country."""

    piece: str
    format: str
    language: str
    place: str | None
    copies: int
    paper: str


@dataclass(frozen=True)
class Campaign:
    """Everything that people wrote, read once. word_origins and caption_origins: who translated the interface's words
    and those of photos, by language.

    press_contacts: who answers journalists, which nobody in need should dial; logos: drawings by name
    withheld: releases under embargo, which are in no `pages`; preview_for: for whom they are made all the same
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
    posters: Mapping[str, Poster]
    pictograms: Mapping[str, Path]
    identity: Identity
    fonts: tuple[Path, ...] = ()
    glossary: tuple[Term, ...] = ()
    press_contacts: tuple[Contact, ...] = ()
    logos: Mapping[str, Path] = field(default_factory=dict)
    withheld: Mapping[tuple[str, str], Page] = field(default_factory=dict)
    preview_for: str = ""
    word_origins: Mapping[str, Translation | None] = field(default_factory=dict)
    photos: Mapping[str, Photo] = field(default_factory=dict)
    caption_origins: Mapping[str, Translation | None] = field(default_factory=dict)
    destinations: Mapping[str, Destination] = field(default_factory=lambda: DESTINATIONS)
    print_run: tuple[PrintOrder, ...] = ()

    @property
    def source_language(self) -> Language:
        return next(language for language in self.languages.values() if language.is_source)

    @property
    def first_language(self) -> Language:
        return next(language for language in self.languages.values() if language.is_first)

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
        """The national number that every page and piece offers: the first for emergencies, else the first."""
        numbers = [contact for contact in self.contacts if contact.phone]
        return next((contact for contact in numbers if contact.kind == EMERGENCY), numbers[0] if numbers else None)

    def page(self, language: str, path: str) -> Page | None:
        """The page in that language, else its stand-in in the source language, else None."""
        own = self.pages.get((language, path))
        return (
            own if own or not self.languages[language].is_whole else self.pages.get((self.source_language.code, path))
        )

    def contacts_for(self, place: str | None) -> tuple[Contact, ...]:
        """National contacts first, then the place's own."""
        return self.contacts + (self.places[place].contacts if place else ())
