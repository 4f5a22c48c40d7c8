"""The campaign as plain frozen data: what every maker reads. Nothing here touches the disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from campaign.formats import DESTINATIONS, Destination

OFFICE = "office"
PRINT_SHOP = "print-shop"
PHOTOCOPY = "photocopy"
# The kind of contacts that are for journalists only.
PRESS = "press"
EMERGENCY = "emergency"
# The ending of a part of a piece that is no PDF.
PART_ENDINGS = {"picture": "png", "text": "txt", "word": "docx"}
FLAVOURS = (OFFICE, PRINT_SHOP, PHOTOCOPY)
PLACEHOLDER = "placeholder"


# Kinds of pages on the site, and the folders whose pages are of a kind.
LAYOUTS = ("page", "leaflet", "poster", "release", "course")
LAYOUT_FOLDERS = {"leaflets": "leaflet", "posters": "poster", "releases": "release", "courses": "course"}


@dataclass(frozen=True)
class Language:
    """code: BCP 47, as in the folder's name; direction: 'ltr' or 'rtl', read off its own name.

    is_whole: whether it has the whole site, with stand-ins for missing pages; else only its own pieces and pages.
    """

    code: str
    name: str
    direction: str
    is_source: bool
    is_first: bool
    strings: Mapping[str, str]
    is_whole: bool = True


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
    """A `## Title {#id}` section of a piece: its title and its safe HTML (shortcodes still in place)."""

    id: str
    title: str
    html: str
    line: int


@dataclass(frozen=True)
class Page:
    """One Markdown file. path: from the language's folder, POSIX ('leaflets/know-the-signs.md').

    html: safe HTML of the body; shortcodes are `<div class="shortcode" data-name="contacts" data-place="dili">`,
    pictograms `<span class="pictogram" data-name="offer">`. translation: None in the source language.
    first_line: the body's, in the file.
    """

    language: str
    path: str
    title: str
    description: str
    audiences: tuple[str, ...]
    formats: tuple[str, ...]
    options: Mapping[str, object]
    body: str
    html: str
    panels: tuple[Panel, ...]
    cites: tuple[str, ...]
    translation: Translation | None
    where: str
    first_line: int = 1

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
class Colour:
    """hex: '#rrggbb' for screens; cmyk: percent of four inks, or () where the profile is to say; grey: percent of
    black, for a one-ink printer.
    """

    hex: str
    cmyk: tuple[int, ...]
    grey: int


@dataclass(frozen=True)
class Profile:
    """The paper and press that inks are meant for.

    condition: as print shops name it; file: an ICC profile of four inks; ink_limit: percent that a spot may bear in all
    """

    condition: str
    about: str
    file: Path
    ink_limit: int


@dataclass(frozen=True)
class Identity:
    """The look, from assets/identity.yml. colours and dark share their names; sizes are points in print."""

    colours: Mapping[str, Colour]
    dark: Mapping[str, str]
    type: Mapping[str, float]
    fonts: tuple[str, ...]
    profile: Profile


@dataclass(frozen=True)
class Rights:
    """Whose a work is. credit: as it is printed; url: where the licence can be read, or ''; maker: person,
    organisation, or '' where nobody says."""

    credit: str = ""
    licence: str = ""
    url: str = ""
    maker: str = ""

    @property
    def line(self) -> str:
        """Both in one line, for machines."""
        return f"{self.credit} · {self.licence}" if self.licence else self.credit


@dataclass(frozen=True)
class Poster:
    """One design: its art, an SVG with `<rect id="slot-…">` where words go; who made it, under which licence."""

    name: str
    art: Path
    rights: Rights
    where: str

    @property
    def credit(self) -> str:
        return self.rights.credit

    @property
    def licence(self) -> str:
        return self.rights.licence


@dataclass(frozen=True)
class Consent:
    """That those who are shown agreed. form: where it is kept; scope: some of formats.USES; until: its last day."""

    form: str
    scope: tuple[str, ...]
    until: date | None


@dataclass(frozen=True)
class Photo:
    """A photo that somebody took: assets/photos/<name>.jpg, the .yml beside it, and docs/<language>/_photos.yml.

    captions, alts: by language; taken: '2026-05', never a day, '' if nobody knows; consent: None where it shows nobody
    use: what it is for, some of formats.USES; consent may allow less
    focus: what a crop keeps, x and y from 0 to 1; redact: left, top, right, bottom from 0 to 1, painted over
    """

    name: str
    file: Path
    captions: Mapping[str, str]
    alts: Mapping[str, str]
    rights: Rights
    taken: str
    use: tuple[str, ...]
    consent: Consent | None
    focus: tuple[float, float]
    redact: tuple[tuple[float, float, float, float], ...]
    where: str

    def may_be(self, use: str) -> bool:
        """Whether it may be used so: it shows nobody, or who is shown has agreed. An old consent is a Problem."""
        return self.consent is None or use in self.consent.scope

    def is_for(self, use: str) -> bool:
        """Whether it is meant for that, and may be used so."""
        return use in self.use and self.may_be(use)


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


@dataclass(frozen=True)
class Output:
    """One file that will be made, decided before any is made.

    kind:   that of its format ('leaflet', 'handout', …), 'preview' (PNG of a piece) or 'screen' (PNG of a poster laid
            out anew; neither is handed over), or 'picture'
    name:   the piece or the picture
    format: row of formats.py ('tri-fold', 'a3'), or for a picture its ending ('avif', 'webp', 'jpeg', 'png')
    part:   which file of the piece: '' itself, 'notes', 'sheets', or one of PART_ENDINGS; of a photo: PLACEHOLDER, a
            few pixels that stand in a page's own text until the photo has come
    destination: row of Campaign.destinations, for a picture that is sent somewhere; '' for the site's own
    path:   where it goes below dist/ ('' when it is not handed over)
    public: where it goes below site/ ('' when it is not published)
    """

    kind: str
    name: str
    language: str | None
    place: str | None
    format: str
    flavour: str | None = None
    width: int | None = None
    path: str = ""
    public: str = ""
    part: str = ""
    destination: str = ""

    @property
    def ending(self) -> str:
        """What its file's name ends in."""
        if self.kind == "picture":
            return self.format
        if self.kind == "press-kit":
            return "zip"
        return "png" if self.kind in ("preview", "screen", "logo") else PART_ENDINGS.get(self.part, "pdf")


@dataclass(frozen=True)
class Made:
    """An output that stands on the disk. width and height: pixels for pictures, millimetres of trim for PDFs."""

    output: Output
    file: Path
    bytes: int
    sha256: str
    width: float
    height: float
