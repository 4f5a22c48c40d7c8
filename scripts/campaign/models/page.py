"""One Markdown file: its front matter, its text as a tree, its translation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256

import msgspec

from campaign.models.names import is_among
from campaign.models.nodes import Block, Document, Outline, Text, sections, walk, words

# Kinds of pages on the site, and the folders whose pages are of a kind.
LAYOUTS = ("page", "leaflet", "poster", "release", "course")
LAYOUT_FOLDERS = {"leaflets": "leaflet", "posters": "poster", "releases": "release", "courses": "course"}
# The format of releases, and the panel of what stands above a release's first heading.
RELEASE, OPENING = "release", "opening"
# Who made a translation, where no person did.
MACHINE = "machine"
NO_OUTLINE = Outline()


def address_of(code: str, path: str) -> str:
    """Where a page of a language stands below the site's root."""
    return f"{code}/{path.removesuffix('.md')}.html"


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
        """Whether somebody else has reviewed the text that it is translated from as it is now."""
        return bool(self.reviewed_by) and not self.is_outdated and not self.is_own_review

    @property
    def is_own_review(self) -> bool:
        """Whether a translator reviewed it: whoever wrote a mistake reads over it."""
        return bool(self.reviewed_by) and self.is_by(self.reviewed_by)

    @property
    def is_by_machine(self) -> bool:
        """Whether a machine made it, or made some of it."""
        return self.by.partition(",")[0].strip() == MACHINE

    def is_by(self, name: str) -> bool:
        """Whether somebody is among those who translated it, however the name is written."""
        return is_among(name, self.by)


@dataclass(frozen=True)
class Pretest:
    """That a piece was tried out: how many of how many people understood it.

    Attributes:
        where: file and line, for problems.
    """

    on: date
    understood: int
    asked: int
    where: str

    @property
    def is_passed(self) -> bool:
        """Whether 16 of 20 understood it."""
        return self.understood * 20 >= self.asked * 16


@dataclass(frozen=True)
class Cover:
    """One of the covers of a piece that are tried beside each other.

    Attributes:
        letter: 'a' for the first.
        art: the folder of assets/posters/ with its drawing.
    """

    letter: str
    art: str
    tested: Pretest | None = None


@dataclass(frozen=True)
class DesignOptions:
    """What a printed page asks of its design.

    Attributes:
        art: a poster's folder; '' for the one of the page's own name.
        link: the page that the QR code leads to; '' for the page itself.
        has_places: whether it is made for each place.
        order: sections in the order wished.
        without: sections, `credit`, `sources` or `partners` that paper leaves out.
        colours: tokens that take the colour of others.
        inks: the two colours of a T-shirt; spots: what the printer calls them.
        given: the keys that were typed.
    """

    art: str = ""
    link: str = ""
    has_places: bool = True
    order: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    colours: tuple[tuple[str, str], ...] = ()
    inks: tuple[str, ...] = ()
    spots: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


@dataclass(frozen=True)
class Release:
    """What a release for the press says of itself.

    Attributes:
        contact: a role.
        issued: when it is issued; None where that was not said rightly.
        embargo: until when it is withheld.
        languages: in which it has to be issued; () where that is not said.
    """

    headline: str = ""
    dateline: str = ""
    contact: str = ""
    issued: datetime | None = None
    embargo: datetime | None = None
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Panel:
    """A `## Title {#id}` section of a piece.

    Attributes:
        line: of its heading in the file, from 1.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    line: int


@dataclass(frozen=True)
class Page:
    """One Markdown file.

    Attributes:
        language: code.
        path: from the language's folder, POSIX ('leaflets/know-the-signs.md').
        formats: in which it is printed; () where it is not.
        translation: None in the source language.
        where: the file, for problems.
        alt: what its picture shows.
        layout_name: the layout that was typed.
        release: of a release alone.
        tree: its text as JSON of a Document, which is decoded when it is first asked for.
        outline: what the text refers to.
        tested: None of a piece that nobody tried out.
        covers: that are tried beside each other; the first is the one that everybody gets.
        needs: codes of what somebody wants who wants it, which _strings.yml puts in words (need-…); those of the source
            language's page hold for all.
    """

    language: str
    path: str
    title: str
    description: str
    audiences: tuple[str, ...]
    formats: tuple[str, ...]
    options: DesignOptions
    translation: Translation | None
    where: str
    alt: str = ""
    layout_name: str = ""
    release: Release | None = None
    tree: str = ""
    outline: Outline = NO_OUTLINE
    needs: tuple[str, ...] = ()
    tested: Pretest | None = None
    covers: tuple[Cover, ...] = ()

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
    def layout(self) -> str:
        """Which kind of page it is on the site: as its front matter says, else as its folder or its words show."""
        if self.layout_name:
            return self.layout_name
        if self.release:
            return "release"
        return LAYOUT_FOLDERS.get(self.path.split("/", 1)[0], "page") if "/" in self.path else "page"

    @property
    def art(self) -> str:
        """The folder of assets/posters/ with its drawing."""
        return self.covers[0].art if self.covers else self.options.art or self.stem

    def cover(self, part: str) -> Cover | None:
        """The cover that a part of the piece has by its letter; None where it is no cover's."""
        return next((cover for cover in self.covers if cover.letter == part), None)

    def art_of(self, part: str) -> str:
        """The folder with the drawing of a part of the piece."""
        cover = self.cover(part)
        return cover.art if cover else self.art

    @property
    def headline(self) -> str:
        """What a release, or else any page, is called in lists and messages."""
        return (self.release.headline if self.release else "") or self.title

    @property
    def address(self) -> str:
        """Its address below the site's root, the language's folder included."""
        return f"{self.language}/{self.path.removesuffix('.md')}.html"
