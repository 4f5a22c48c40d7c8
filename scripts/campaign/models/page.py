"""A Markdown file: its front matter, its tree, its translation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import chain

import msgspec

from campaign.models.names import is_among
from campaign.models.nodes import Block, Document, Outline, Text, sections, walk, words

# Folders whose pages have their own layout.
ANSWER = "answer"
LAYOUT_FOLDERS = {
    "answers": ANSWER,
    "leaflets": "leaflet",
    "posters": "poster",
    "releases": "release",
    "courses": "course",
}
ANSWERS = "answers/"  # pages about what to do in one situation
# The format of releases, and the panel above their first heading.
RELEASE = "release"
OPENING_SECTION = "opening"
# The translator of a machine translation.
MACHINE_TRANSLATOR = "machine"
NO_OUTLINE = Outline()


def address_of(code: str, path: str) -> str:
    """Return a page's path below the site's root."""
    return f"{code}/{path.removesuffix('.md')}.html"


@dataclass(frozen=True)
class Translation:
    """The source text's fingerprint, the translator, and the reviewer with the date ('' and None if missing)."""

    source: str
    by: str
    reviewed_by: str = ""
    reviewed_on: date | None = None
    is_outdated: bool = False

    @property
    def is_reviewed(self) -> bool:
        """Return whether another person has reviewed it against the current source."""
        return bool(self.reviewed_by and self.source) and not self.is_outdated and not self.is_own_review

    @property
    def is_own_review(self) -> bool:
        """Whether its translator reviewed it."""
        return bool(self.reviewed_by) and self.is_translated_by(self.reviewed_by)

    @property
    def is_by_machine(self) -> bool:
        """Whether a machine translated any of it."""
        return self.by.partition(",")[0].strip() == MACHINE_TRANSLATOR

    def is_translated_by(self, name: str) -> bool:
        """Return whether a person is among its translators, however the name is written."""
        return is_among(name, self.by)


@dataclass(frozen=True)
class Pretest:
    """A test of a piece: how many of how many people understood it."""

    on: date
    understood: int
    asked: int
    where: str  # file and line

    @property
    def is_passed(self) -> bool:
        """Whether 16 of 20 understood it."""
        return self.understood * 20 >= self.asked * 16


@dataclass(frozen=True)
class Cover:
    """One of several covers to compare."""

    letter: str  # 'a' for the first
    art: str  # folder of assets/posters/
    tested: Pretest | None = None


@dataclass(frozen=True)
class DesignOptions:
    """A page's options for its design."""

    art: str = ""  # a poster's folder; '' for the page's name
    link: str = ""  # target of the QR code; '' for the page
    has_places: bool = True  # made for each place
    order: tuple[str, ...] = ()  # sections
    without: tuple[str, ...] = ()  # sections, `credit`, `sources` or `partners` to leave out on paper
    colours: tuple[tuple[str, str], ...] = ()  # replaced tokens
    inks: tuple[str, ...] = ()  # the two colours of a T-shirt
    spots: tuple[str, ...] = ()  # what the printer calls them
    typed_keys: tuple[str, ...] = ()  # typed keys


@dataclass(frozen=True)
class Answer:
    """How readers reach an answer: its place in lists, whom to call, and the pieces whose codes lead to it."""

    pictogram: str = ""  # name, or ''
    group: str = ""  # a code with strings (answers-…), or ''
    order: int | None = None  # in the group
    call: str = ""  # id or kind of a contact; '' for the main number
    sources: tuple[str, ...] = ()  # pages that lead to it: pieces by their code, others by a sign; maybe with #section
    where: str = ""  # file and line


@dataclass(frozen=True)
class Release:
    """The data of a press release."""

    headline: str = ""
    dateline: str = ""
    contact: str = ""  # a role
    issued: datetime | None = None  # None if invalid
    embargo: datetime | None = None  # until when it is withheld
    languages: tuple[str, ...] = ()  # required ones; () if it doesn't say


@dataclass(frozen=True)
class Panel:
    """A `## Title {#id}` section of a piece."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    line: int  # of its heading, from 1


@lru_cache(maxsize=500)
def _document(tree: str) -> Document:
    return msgspec.json.decode(tree, type=Document) if tree else Document()


@dataclass(frozen=True)
class Page:
    """A Markdown file."""

    language: str
    path: str  # below the language's folder, POSIX ('leaflets/know-the-signs.md')
    title: str
    description: str
    audiences: tuple[str, ...]
    formats: tuple[str, ...]  # () if it isn't printed
    options: DesignOptions
    translation: Translation | None  # None in the source language
    where: str  # file
    alt: str = ""  # of its picture
    layout_name: str = ""  # as typed
    release: Release | None = None  # of releases
    tree: str = ""  # a Document as JSON, decoded on first use
    outline: Outline = NO_OUTLINE  # its references
    search: tuple[str, ...] = ()  # what people type to find it
    needs: tuple[str, ...] = ()  # codes with strings (need-…); the source page's apply to all languages
    answer: Answer | None = None  # only in the source language; applies to all
    tested: Pretest | None = None  # its pretest
    covers: tuple[Cover, ...] = ()  # to compare; everybody gets the first
    # If a format has alternatives, each format with those, in the order in which they are tried until the text fits.
    fallbacks: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def digest(self) -> str:
        """A hash of the page."""
        parts = (self.title, self.description, *self.search, *self.formats, self.tree)
        return sha256("\0".join(parts).encode()).hexdigest()

    @property
    def all_formats(self) -> tuple[str, ...]:
        """Its formats, and those that may replace them."""
        return tuple(dict.fromkeys((*self.formats, *chain.from_iterable(self.fallbacks))))

    def with_formats(self, chosen: Mapping[str, str]) -> Page:
        """Return the page with the first of each of its `fallbacks`, or the one chosen in place of that first."""
        formats = [name if (name := chosen.get(names[0])) in names else names[0] for names in self.fallbacks]
        others = [name for name in self.formats if not any(name in names for names in self.fallbacks)]
        return replace(self, formats=tuple(dict.fromkeys((*formats, *others))))

    @property
    def document(self) -> Document:
        """The text as a tree. It takes five times the memory of `tree`, so only the last 500 are cached."""
        return _document(self.tree)

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        """The `## Title {#id}` sections; a release's first one is the text above them."""
        return tuple(self._panels()) if self.formats else ()

    def _panels(self) -> Iterator[Panel]:
        for section in sections(self.document.blocks):
            if section.heading:
                title = words(section.heading.children).strip()
                yield Panel(section.heading.id, title, section.blocks, self.document.line(section.heading.start))
            elif section.blocks and RELEASE in self.formats:
                yield Panel(OPENING_SECTION, "", section.blocks, self.document.first_line)

    @cached_property
    def cites(self) -> tuple[str, ...]:
        """The ids of cited sources and footnotes, in order."""
        return tuple(dict.fromkeys(note.to for note in self.outline.notes))

    def line(self, position: int) -> str:
        """Return path and line of a byte, for a problem."""
        return f"{self.where}:{self.document.line(position)}"

    def find(self, text: str) -> str:
        """Return path and line of some words, or the path."""
        for node in walk((*self.document.blocks, *self.document.notes)):
            if isinstance(node, Text) and (position := node.text.find(text)) >= 0:
                return self.line(node.start + len(node.text[:position].encode()))
        return self.where

    @property
    def stem(self) -> str:
        """A piece's name: its path below the first folder ('meetings/camps/handout.md' is 'camps-handout')."""
        return self.path.removesuffix(".md").split("/", 1)[-1].replace("/", "-")

    @property
    def layout(self) -> str:
        """The page's layout: typed, else from its folder or content."""
        if self.layout_name:
            return self.layout_name
        if self.release:
            return "release"
        return LAYOUT_FOLDERS.get(self.path.split("/", 1)[0], "page") if "/" in self.path else "page"

    @property
    def art(self) -> str:
        """The folder of its drawing in assets/posters/."""
        return self.covers[0].art if self.covers else self.options.art or self.stem

    def cover(self, part: str) -> Cover | None:
        """Return the cover of a part with a cover's letter."""
        return next((cover for cover in self.covers if cover.letter == part), None)

    def art_of(self, part: str) -> str:
        """Return the folder with a part's drawing."""
        cover = self.cover(part)
        return cover.art if cover else self.art

    @property
    def headline(self) -> str:
        """The title for lists and messages."""
        return (self.release.headline if self.release else "") or self.title

    @property
    def address(self) -> str:
        """Its path below the site's root."""
        return f"{self.language}/{self.path.removesuffix('.md')}.html"
