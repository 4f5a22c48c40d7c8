"""The declarations of every kind of file that people write. kinds.toml describes their keys, with examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta, field

from campaign.schema.declaration import Declared
from campaign.schema.interface_words import declare_words


def _keys(declaration: type[Declared]) -> Meta:
    """Declare the mapping below an `Any` key."""
    return Meta(extra={"keys": declaration})


class Review(Declared, frozen=True, kw_only=True):
    """Who reviewed a translation, and when."""

    by: str
    on: date | None


class TranslationNote(Declared, frozen=True, kw_only=True):
    """The source version of a translation, its translator and its reviewer."""

    source: str = ""
    by: str
    reviewed: Annotated[Any, _keys(Review)] = None


class TranslatedWords(Declared, frozen=True, kw_only=True):
    """A word file next to pages: the translation note, and keys of the file's kind."""

    translation: Annotated[Any, _keys(TranslationNote)] = None


InterfaceWords = declare_words(TranslatedWords)


class Clear(Declared, frozen=True, kw_only=True):
    """Percent of a picture at each side that apps cover."""

    top: float | None = None
    right: float | None = None
    bottom: float | None = None
    left: float | None = None


class DestinationRow(Declared, frozen=True, kw_only=True):
    """A destination of pictures: their shape and size there."""

    width: Annotated[int, Meta(ge=16, le=8000)] | None = None
    height: Annotated[int, Meta(ge=16, le=8000)] | None = None
    ending: Literal["jpeg", "png"] | None = None
    most_bytes: Annotated[int, Meta(ge=2000, le=100_000_000)] | None = None
    quality: Annotated[int, Meta(ge=30, le=95)] | None = None
    baseline: bool | None = None
    use: Literal["site", "social", "press", "print"] | None = None
    clear: Clear | None = None
    public: bool | None = None


class PackRow(Declared, frozen=True, kw_only=True):
    """The files that partners of one kind receive in addition to the public ones."""

    audiences: tuple[str, ...] = field(name="for", default=())
    printers: tuple[Literal["office", "print-shop", "photocopy"], ...] = ()
    pictures: tuple[str, ...] | None = None
    press_kit: bool | None = None
    site: bool | None = None


class CampaignSettings(Declared, frozen=True, kw_only=True):
    """mkdocs.yml, below `plugins: - campaign:`"""

    version: str
    date: date | None
    names: dict[str, str] = field(default_factory=dict)
    first_language: str = ""
    ask_phones_in: tuple[str, ...] = ()
    pieces_only: tuple[str, ...] = ()
    places: tuple[str, ...] | str = ()
    audiences: tuple[str, ...] = ()
    place_editions: Literal["own-contacts", "all", "when-asked", "none"] | None = None
    readers: Literal["private", "school", "open"] | None = None
    help_page: str = ""
    listen: bool | None = None
    partners: tuple[str, ...] = ()
    avoid_in_file_names: tuple[str, ...] = ()
    country: str = ""
    country_words: tuple[str, ...] = ()
    destinations: dict[str, Annotated[Any, Meta(extra={"keys": DestinationRow})]] = field(default_factory=dict)
    packs: dict[str, Annotated[Any, Meta(extra={"keys": PackRow})]] = field(default_factory=dict)
    silence: dict[str, str] = field(default_factory=dict)


class DesignOptions(Declared, frozen=True, kw_only=True):
    """`options:` of a printed page: settings of its design."""

    art: str = ""
    link: str = ""
    places: bool | None = None
    order: Any = None
    without: Any = None
    colours: Any = None
    inks: Any = None
    spots: Any = None


class TestedNote(Declared, frozen=True, kw_only=True):
    """A test of a piece before printing. It isn't printed."""

    on: date | None
    group: str = field(name="with")
    understood: str


class CoverNote(Declared, frozen=True, kw_only=True):
    """One of several covers to compare."""

    art: str
    tested: TestedNote | None = None


class AnswerNote(Declared, frozen=True, kw_only=True):
    """`answer:` of a page in answers/: how readers reach it. Only in the source language; the others inherit it."""

    pictogram: str = ""
    group: str = ""
    order: Annotated[int, Meta(ge=1, le=9999)] | None = None
    call: str = ""
    sources: tuple[str, ...] = field(name="from", default=())


class PageFront(Declared, frozen=True, kw_only=True):
    """The front matter of a page, between its two `---` lines."""

    title: str
    description: str = ""
    audiences: tuple[str, ...] = field(name="for", default=())
    needs: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    answer: AnswerNote | None = None
    formats: tuple[Any, ...] = ()
    options: DesignOptions | None = None
    alt: str = ""
    layout: Literal["page", "answer", "leaflet", "poster", "release", "course"] | None = None
    translation: Annotated[Any, _keys(TranslationNote)] = None
    tested: TestedNote | None = None
    covers: tuple[CoverNote, ...] = ()
    headline: str = ""
    dateline: str = ""
    contact: str = ""
    release_date: str = ""
    embargo: str = ""
    languages: tuple[str, ...] = ()


class CheckedNote(Declared, frozen=True, kw_only=True):
    """When a number was verified, and how."""

    on: date | None
    how: Literal["called", "official-source"]


class AgreedNote(Declared, frozen=True, kw_only=True):
    """The service's consent to be named: from whom, and when. Never published."""

    by: str
    on: date | None


class CallNote(Declared, frozen=True, kw_only=True):
    """A call to verify a number. Never published."""

    on: date | None
    by: str
    answered: bool | None
    languages: tuple[str, ...] = ()
    said: str = ""


class SecondTyping(Declared, frozen=True, kw_only=True):
    """The same number, typed by a second person from the source and not from the line above."""

    phone: str
    by: str
    first: str


class FormerNote(Declared, frozen=True, kw_only=True):
    """A former number of a contact, so that it is recognised in texts. Never published."""

    phone: str
    until: date | None
    corrected: date | None = None
    checked: date | None = None
    source: str = ""
    printed: bool | None = None


class RetiredNote(FormerNote, frozen=True, kw_only=True):
    """A number of a removed contact, so that it is recognised in texts."""

    name: str = ""


class NumberEntry(Declared, frozen=True, kw_only=True):
    """A telephone number with its verification."""

    phone: str = ""
    extension: str = ""
    letters: str = ""
    uses: Any = field(name="for", default=None)
    free: bool | None = None
    checked: Annotated[Any, _keys(CheckedNote)] = None
    reported: date | None = None
    calls: tuple[CallNote, ...] = ()
    agreed: AgreedNote | None = None
    again: SecondTyping | None = None


class HoursRow(Declared, frozen=True, kw_only=True):
    """When a service answers on some days."""

    days: str
    open: tuple[str, ...]


class ContactEntry(NumberEntry, frozen=True, kw_only=True):
    """A service to call."""

    id: str
    kind: str
    main: bool | None = None
    name: Any = None
    does: tuple[str, ...] = ()
    service: Any = None
    numbers: tuple[NumberEntry, ...] = ()
    former: tuple[FormerNote, ...] = ()
    hours: Annotated[Any, _keys(HoursRow)] = None
    languages: tuple[str, ...] = ()
    email: str = ""
    web: str = ""
    messenger: dict[str, str] = field(default_factory=dict)
    source: str
    town: str = ""
    address: str = ""
    keeper: str = ""


# Kinds in the order that a person in danger needs them.
URGENT_KINDS = ("emergency", "police", "health", "shelter", "legal")


class NationalContacts(Declared, frozen=True, kw_only=True):
    """assets/contacts/national.yml: services for the whole country."""

    order: tuple[str, ...] = URGENT_KINDS
    contacts: tuple[ContactEntry, ...] = ()
    retired: tuple[RetiredNote, ...] = ()


class PlaceFile(Declared, frozen=True, kw_only=True):
    """assets/contacts/<place>.yml: a place and its services."""

    names: dict[str, str] = field(default_factory=dict)
    region: str = ""
    iso: str = ""
    column: float | None = None
    row: float | None = None
    contacts: tuple[ContactEntry, ...] = ()
    retired: tuple[RetiredNote, ...] = ()


class PlaceRow(Declared, frozen=True, kw_only=True):
    """A row of the table that `places:` names: CSV from Excel or LibreOffice, with headings.

    A place needs a file `assets/contacts/<id>.yml` only for its own contacts.
    """

    id: str
    name: str = ""
    region: str = ""
    iso: str = ""
    column: float | None = None
    row: float | None = None


class RightsNote(Declared, frozen=True, kw_only=True):
    """The author and licence of a work."""

    credit: str
    licence: str
    licence_url: str = ""
    maker: Literal["person", "organisation"] | None = None


class Focus(Declared, frozen=True, kw_only=True):
    """The point that crops keep: percent from the left and from the top."""

    x: float | None = None
    y: float | None = None


class Area(Declared, frozen=True, kw_only=True):
    """A part of a picture: percent of its width and height, from its left and top edge."""

    x: float | None = None
    y: float | None = None
    width: float | None = None
    height: float | None = None


class MeaningNote(Area, frozen=True, kw_only=True):
    """A part of a picture without which its point is lost: percent of its width and height."""

    label: str = ""


class DrawnMeaningNote(MeaningNote, frozen=True, kw_only=True):
    """A part of a drawing without which its point is lost."""

    drawing: str = ""


class PosterFile(RightsNote, frozen=True, kw_only=True):
    """assets/posters/<name>/poster.yml: the author of the art, and what must stay visible of it."""

    focus: Focus | None = None
    scene: Area | None = None
    meaning: tuple[DrawnMeaningNote, ...] = ()
    photo: str = ""
    photo_state: str = ""


class PartnerFile(RightsNote, frozen=True, kw_only=True):
    """assets/partners/<name>.yml: the owner of the logo; `partners:` in mkdocs.yml puts it on pieces."""

    name: str
    clear: float | None = None


class ConsentNote(Declared, frozen=True, kw_only=True):
    """The consent of the people in a photo."""

    form: str
    scope: tuple[str, ...] = ()
    until: date | None = None


class Region(Declared, frozen=True, kw_only=True):
    """A covered region: percent from the left and from the top."""

    left: float | None = None
    top: float | None = None
    right: float | None = None
    bottom: float | None = None


class PhotoFile(RightsNote, frozen=True, kw_only=True):
    """assets/photos/<name>.yml: the photographer, and the consent."""

    taken: str = ""
    use: tuple[str, ...] = ()
    shows: Literal["nobody", "people"] | None = None
    consent: ConsentNote | None = None
    focus: Focus | None = None
    meaning: tuple[MeaningNote, ...] = ()
    redact: tuple[Region, ...] = ()


class Caption(Declared, frozen=True, kw_only=True):
    """The words of a photo in one language."""

    caption: str
    alt: str


class Approval(Declared, frozen=True, kw_only=True):
    """The approval of a text by a reader of the language."""

    by: str
    on: date | None


class MessageWords(Declared, frozen=True, kw_only=True):
    """Texts for a picture in one language, with the placeholders {number} and {link}."""

    post: str = ""
    sms: str = ""
    plain: str = ""
    approved: Approval | None = None


class ReadNote(Declared, frozen=True, kw_only=True):
    """When it was read, and when to read it again."""

    read_on: date | None = field(name="read", default=None)
    again: date | None = None


class SourceEntry(ReadNote, frozen=True, kw_only=True):
    """docs/_sources.yml: what a fact rests on, below its id."""

    title: str
    publisher: str = ""
    date: str = ""
    url: str = ""
    short: str = ""
    language: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    shorts: dict[str, str] = field(default_factory=dict)
    ask: str = ""


class GlossaryTerm(Declared, frozen=True, kw_only=True):
    """docs/_glossary.yml, below a term: accepted forms, by language code."""

    source: str = ""
    certainty: Literal["high", "medium", "low"] | None = None
    search: dict[str, tuple[str, ...]] = field(default_factory=dict)
    leads_to: str = ""


class SearchFile(Declared, frozen=True, kw_only=True):
    """docs/<language>/_search.yml: how search compares words in a language, and where urgent words lead."""

    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    alike: dict[str, str] = field(default_factory=dict)
    same: tuple[str, ...] = ()
    first: dict[str, tuple[str, ...]] = field(default_factory=dict)


class ColourToken(Declared, frozen=True, kw_only=True):
    """A colour on screens and in print."""

    hex: str
    cmyk: tuple[str, ...] = ()
    grey: float | None = None
    name: Any = None


class Press(Declared, frozen=True, kw_only=True, rename="kebab"):
    """The paper and press of the print shop."""

    profile: str = ""
    condition: str = ""
    ink_limit: float | None = None


class IdentityFile(Declared, frozen=True, kw_only=True):
    """assets/identity.yml: the look as tokens, for site and print."""

    colours: dict[str, ColourToken] = field(default_factory=dict)
    dark: dict[str, str] = field(default_factory=dict)
    type: dict[str, float] = field(default_factory=dict)
    fonts: tuple[str, ...] = ()
    print: Press | None = None
    pattern: str = ""


class PrintRow(Declared, frozen=True, kw_only=True):
    """assets/print-run.yml, below a piece and a format: copies for the print shop."""

    paper: str = ""
    copies: Any = None


class FormatRow(Declared, frozen=True, kw_only=True):
    """The layout of a piece. Keys at the top of the file apply to all its formats."""

    kind: str = ""
    design: str = ""
    names: dict[str, str] = field(default_factory=dict)
    width: Annotated[float, Meta(ge=20, le=2000)] | None = None
    height: Annotated[float, Meta(ge=20, le=2000)] | None = None
    sides: Annotated[int, Meta(ge=0, le=2)] | None = None
    panels: tuple[str, ...] | None = None
    free: bool | None = None
    sheets: tuple[Any, ...] = ()
    runs: Any = None
    small_print: str | None = None
    drawing: Literal["art.svg", "cover.svg", "shirt.svg"] | None = None
    places: bool | None = None
    names_place: bool | None = None
    printers: tuple[Literal["office", "print-shop", "photocopy"], ...] | None = None
    parts: tuple[Literal["text", "word", "script", "sheets", "notes", "picture"], ...] | None = None
    turn: Literal["short", "long"] | None = None
    preview: bool | None = None
    options: tuple[str, ...] | None = None
    waives: dict[str, str] = field(default_factory=dict)
    least_text: Annotated[float, Meta(ge=4, le=72)] | None = None
    least_ppi: Annotated[int, Meta(ge=50, le=600)] | None = None
    clear: bool | None = None
    queue: Annotated[int, Meta(ge=0, le=99)] | None = None
    press_kit: bool | None = None
    imposed: bool | None = None
    spot_inks: bool | None = None
    taught: bool | None = None
    finishing: str | None = None
    shows: tuple[Literal["lists", "scenes", "answers"], ...] | None = None
    bands: dict[str, Annotated[float, Meta(ge=1, le=100)]] = field(default_factory=dict)
    band_ends: Literal["paper", "frame", "card"] | None = None
    upright_bands: dict[str, Annotated[float, Meta(ge=1, le=100)]] = field(default_factory=dict)
    partner_marks: bool | None = None
    campaign_mark: bool | None = None
    tells_addresses: bool | None = None


class CountryGroup(Declared, frozen=True, kw_only=True):
    """docs/_country.yml, below a group's name: words of this country only, which `campaign adopt` replaces."""

    names: tuple[str, ...] = ()
    ask: str = ""
    in_place: bool | None = None
    becomes: dict[str, dict[str, str]] = field(default_factory=dict)
    pages: tuple[str, ...] = ()
    language: str = ""


class AnswerSource(Declared, frozen=True, kw_only=True):
    """The source of an answer."""

    title: str
    publisher: str = ""
    date: str = ""
    url: str = ""


class QuestionEntry(Declared, frozen=True, kw_only=True):
    """A question of an adopted campaign, with its answer."""

    ask: str = ""
    answer: Any = None
    source: AnswerSource | None = None


class QuestionFile(Declared, frozen=True, kw_only=True):
    """docs/_questions.yml of an adopted campaign; with choices, the answers for `campaign adopt --answers`."""

    languages: tuple[str, ...] = ()
    new_languages: dict[str, str] = field(default_factory=dict)
    source: str = ""
    first: str = ""
    country: str = ""
    readers: Literal["private", "school", "open"] | None = None
    pattern: str = ""
    questions: dict[str, QuestionEntry] = field(default_factory=dict)


class CheckFile(Declared, frozen=True, kw_only=True):
    """Words to avoid in the campaign's texts, and replacements."""

    avoid: tuple[str, ...]
    instead: str
    languages: tuple[str, ...] = ()
    stops: bool | None = None


class FormatFile(FormatRow, frozen=True, kw_only=True):
    """The layout of a design's pieces: one row for each format, next to design.typ."""

    order: Annotated[int, Meta(ge=1, le=999)] | None = None
    formats: Annotated[Any, _keys(FormatRow)] = None


@dataclass(frozen=True)
class Kind:
    """A kind of file."""

    name: str
    path: str  # <name> for variable parts
    declaration: type[Declared]
    names_above: int = 0  # levels of names above the declared mapping
    is_open: bool = False  # other keys are allowed
    is_translated: bool = False  # may have `translation:`
    below: tuple[str, ...] = ()  # entry of `plugins:` that contains it
    is_table: bool = False  # CSV, without a schema


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("campaign", "mkdocs.yml", CampaignSettings, below=("campaign",)),
        Kind("page", "docs/<language>/<name>.md", PageFront),
        Kind("contacts", "assets/contacts/national.yml", NationalContacts),
        Kind("place", "assets/contacts/<place>.yml", PlaceFile),
        Kind("places", "places.csv", PlaceRow, is_table=True),
        Kind("poster", "assets/posters/<name>/poster.yml", PosterFile),
        Kind("partner", "assets/partners/<name>.yml", PartnerFile),
        Kind("photo", "assets/photos/<name>.yml", PhotoFile),
        Kind("captions", "docs/<language>/_photos.yml", Caption, names_above=1, is_translated=True),
        Kind("messages", "docs/<language>/_messages.yml", MessageWords, names_above=1, is_translated=True),
        Kind("strings", "docs/<language>/_strings.yml", InterfaceWords, is_open=True),
        Kind("search", "docs/<language>/_search.yml", SearchFile),
        Kind("glossary", "docs/_glossary.yml", GlossaryTerm, names_above=1, is_open=True),
        Kind("sources", "docs/_sources.yml", SourceEntry, names_above=1),
        Kind("country", "docs/_country.yml", CountryGroup, names_above=1),
        Kind("questions", "docs/_questions.yml", QuestionFile),
        Kind("identity", "assets/identity.yml", IdentityFile),
        Kind("format", "formats/<name>/format.yml", FormatFile),
        Kind("check", "checks/<name>.yml", CheckFile),
        Kind("print-run", "assets/print-run.yml", PrintRow, names_above=2),
    )
}
