"""The declarations of every kind of file that people write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta, field

from campaign.schema.declaration import Declared
from campaign.schema.interface_words import declare_words


def _about(description: str, *examples: object, keys: type[Declared] | None = None) -> Meta:
    """Return the description of a key. `keys` declares the mapping below an `Any` key."""
    return Meta(description=description, examples=list(examples) or None, extra={"keys": keys} if keys else None)


Id = Annotated[str, _about("Lower-case letters, digits and hyphens.", "police-north")]


class Review(Declared, frozen=True, kw_only=True):
    """Who reviewed a translation, and when."""

    by: Annotated[str, _about("Name of the reviewer.", "Ana José")]
    on: Annotated[date | None, _about("Day of the review.", "2026-11-25")]


class TranslationNote(Declared, frozen=True, kw_only=True):
    """The source version of a translation, its translator and its reviewer."""

    source: Annotated[str, _about("The state of the source text; `campaign translate stamp` writes it.")] = ""
    by: Annotated[str, _about("Who made it: a name, or `machine`.", "machine")]
    reviewed: Annotated[
        Any, _about("`no`, or who and when; `campaign translate accept` writes it.", "no", keys=Review)
    ] = None


class TranslatedWords(Declared, frozen=True, kw_only=True):
    """A word file next to pages: the translation note, and keys of the file's kind."""

    translation: Annotated[Any, _about("Who made and reviewed the translation.", keys=TranslationNote)] = None


InterfaceWords = declare_words(TranslatedWords)


class Clear(Declared, frozen=True, kw_only=True):
    """Percent of a picture at each side that apps cover."""

    top: float | None = None
    right: float | None = None
    bottom: float | None = None
    left: float | None = None


class DestinationRow(Declared, frozen=True, kw_only=True):
    """A destination of pictures: their shape and size there."""

    width: Annotated[Annotated[int, Meta(ge=16, le=8000)] | None, _about("Pixels.", 1080)] = None
    height: Annotated[Annotated[int, Meta(ge=16, le=8000)] | None, _about("Pixels.", 1920)] = None
    ending: Annotated[Literal["jpeg", "png"] | None, _about("Kind of file.", "png")] = None
    most_bytes: Annotated[Annotated[int, Meta(ge=2000, le=100_000_000)] | None, _about("At most.", 60000)] = None
    quality: Annotated[Annotated[int, Meta(ge=30, le=95)] | None, _about("Of a JPEG.", 80)] = None
    baseline: Annotated[bool | None, _about("Whether old phones read it: a JPEG that is not progressive.")] = None
    use: Annotated[
        Literal["site", "social", "press", "print"] | None, _about("Required consent for photos.", "social")
    ] = None
    clear: Annotated[Clear | None, _about("Percent at each side to keep free of words.")] = None
    public: Annotated[bool | None, _about("Whether the site offers the pictures.")] = None


class PackRow(Declared, frozen=True, kw_only=True):
    """The files that partners of one kind receive in addition to the public ones."""

    audiences: Annotated[tuple[str, ...], _about("The audiences it is for. Default: the row's name.", ["police"])] = (
        field(name="for", default=())
    )
    printers: Annotated[
        tuple[Literal["office", "print-shop", "photocopy"], ...],
        _about("The flavours it contains. Default: `office` and `photocopy`.", ["print-shop"]),
    ] = ()
    pictures: Annotated[
        tuple[str, ...] | None,
        _about("The destinations whose pictures it contains. Default: those for chats.", ["mms"]),
    ] = None
    press_kit: Annotated[bool | None, _about("Whether press kits are in it.")] = None
    site: Annotated[
        bool | None, _about("Whether it contains the website, for a stick. Default: if it contains office prints.")
    ] = None


class CampaignSettings(Declared, frozen=True, kw_only=True):
    """mkdocs.yml, below `plugins: - campaign:`"""

    version: Annotated[str, _about("Printed on everything; raise it with each edition.", "2026.1")]
    date: Annotated[date | None, _about("Printed next to it.", "2026-11-25")]
    names: Annotated[
        dict[str, str],
        _about("The campaign's name in other languages. Default: `site_name`.", {"fil": "Ligtas na tubig"}),
    ] = field(default_factory=dict)
    first_language: Annotated[str, _about("The language that is offered first.", "fil")] = ""
    ask_phones_in: Annotated[
        tuple[str, ...],
        _about("Languages that many phones are set to by default: the first page asks instead of redirecting.", ["en"]),
    ] = ()
    pieces_only: Annotated[tuple[str, ...], _about("Languages with only their own prints and pages.", ["zh"])] = ()
    places: Annotated[
        tuple[str, ...] | str,
        _about(
            "Files in assets/contacts/; or the name of a table with a row for each place, here or in assets/.",
            ["north", "south"],
            "places.csv",
        ),
    ] = ()
    audiences: Annotated[tuple[str, ...], _about("Whom a page may be for; the first can be saved.", ["public"])] = ()
    place_editions: Annotated[
        Literal["own-contacts", "all", "when-asked", "none"] | None,
        _about(
            "The editions that the site offers; dist/ has all of them. Default: `own-contacts`. With `when-asked`, "
            "places without their own contacts get theirs from `campaign prints --place`. With `none`, only the "
            "edition for the whole country is made.",
            "all",
        ),
    ] = None
    readers: Annotated[
        Literal["private", "school", "open"] | None,
        _about(
            "Who reads the pages. `private`: people who may be watched; pages have Leave and Forget, and names and "
            "titles of copies reveal nothing. `school`: people who share computers; pages have Forget. `open`: "
            "everybody; neither. Default: `private`.",
            "open",
        ),
    ] = None
    help_page: Annotated[str, _about("The page about getting help. Default: `get-help.md`.", "numbers.md")] = ""
    listen: Annotated[
        bool | None,
        _about(
            "Whether public pages have a button that reads them aloud, or plays their recording. Default: yes.", "no"
        ),
    ] = None
    partners: Annotated[
        tuple[str, ...], _about("Logos of assets/partners/ to print, in this order. Default: none.", ["health"])
    ] = ()
    avoid_in_file_names: Annotated[tuple[str, ...], _about("Words that a phone's history shouldn't show.")] = ()
    country: Annotated[
        str,
        _about("The country whose numbering plan national numbers follow: two letters of ISO 3166-1.", "LK"),
    ] = ""
    country_words: Annotated[
        tuple[str, ...],
        _about(
            "Names of the country, in every language: `campaign adopt` puts the other country's name in their place.",
            ["Testland"],
        ),
    ] = ()
    destinations: Annotated[
        dict[str, Annotated[Any, Meta(extra={"keys": DestinationRow})]],
        _about("Destinations for pictures, to add or change; `no` removes one.", {"x-header": "no"}),
    ] = field(default_factory=dict)
    packs: Annotated[
        dict[str, Annotated[Any, Meta(extra={"keys": PackRow})]],
        _about("Packs for partners, a row for each kind.", {"police": {"for": ["police"]}}),
    ] = field(default_factory=dict)
    silence: Annotated[
        dict[str, str],
        _about(
            "Silenced notes: id, or id and file, with the reason.",
            {"sentences-long docs/en/law.md": "The law is quoted word for word."},
        ),
    ] = field(default_factory=dict)


class DesignOptions(Declared, frozen=True, kw_only=True):
    """`options:` of a printed page: settings of its design."""

    art: Annotated[str, _about("A folder of assets/posters/. Default: the page's name.", "ask-first")] = ""
    link: Annotated[str, _about("The page that the QR code leads to.", "signs.md")] = ""
    places: Annotated[bool | None, _about("Whether it is made for each place.", "no")] = None
    order: Annotated[Any, _about("The order of sections.", ["right", "left"])] = None
    without: Annotated[Any, _about("Sections, `credit`, `sources` or `partners` left out.", ["sources"])] = None
    colours: Annotated[Any, _about("Replaced colours.", {"band": "indigo"})] = None
    inks: Annotated[Any, _about("Two colours of a T-shirt.", ["night", "marigold"])] = None
    spots: Annotated[Any, _about("The printer's names for them.", ["PANTONE 286 C"])] = None


class TestedNote(Declared, frozen=True, kw_only=True):
    """A test of a piece before printing. It isn't printed."""

    on: Annotated[date | None, _about("The day.", "2026-11-20")]
    group: Annotated[str, _about("Who saw it, without names.", "two groups of ten, Ermera")] = field(name="with")
    understood: Annotated[str, _about("How many of how many understood it.", "17/20")]


class CoverNote(Declared, frozen=True, kw_only=True):
    """One of several covers to compare."""

    art: Annotated[str, _about("A folder of assets/posters/.", "ask-first")]
    tested: Annotated[TestedNote | None, _about("The test of the piece with this cover.", {"understood": "17/20"})] = (
        None
    )


class AnswerNote(Declared, frozen=True, kw_only=True):
    """`answer:` of a page in answers/: how readers reach it. Only in the source language; the others inherit it."""

    pictogram: Annotated[str, _about("A pictogram of assets/pictograms/, in lists.", "passport")] = ""
    group: Annotated[str, _about("Its group in lists: a code with words in _strings.yml (`answers-...`).", "work")] = ""
    order: Annotated[Annotated[int, Meta(ge=1, le=9999)] | None, _about("Its position in the group.", 10)] = None
    call: Annotated[
        str, _about("Whom to call: the id or kind of a contact. Default: the main number.", "police-north")
    ] = ""
    sources: Annotated[
        tuple[str, ...],
        _about(
            "Posters and leaflets whose code leads to it, and pages (or sections) whose sign with its pictogram does.",
            ["posters/no-pay.md", "signs.md#at-work"],
        ),
    ] = field(name="from", default=())


class PageFront(Declared, frozen=True, kw_only=True):
    """The front matter of a page, between its two `---` lines."""

    title: Annotated[str, _about("The title in menus and above the text.", "Signs to see")]
    description: Annotated[str, _about("One sentence for search and messages.")] = ""
    audiences: Annotated[tuple[str, ...], _about("Its audiences, from mkdocs.yml.", ["public"])] = field(
        name="for", default=()
    )
    needs: Annotated[
        tuple[str, ...],
        _about("The needs it answers: codes with words in _strings.yml (`need-...`).", ["going"]),
    ] = ()
    search: Annotated[
        tuple[str, ...],
        _about("What people type to find it, in its language: everyday words, misspellings.", ["pasport", "no papers"]),
    ] = ()
    answer: Annotated[
        AnswerNote | None, _about("How readers reach an answer.", {"pictogram": "passport", "group": "work"})
    ] = None
    formats: Annotated[
        tuple[Any, ...],
        _about(
            "Its printed formats; after one, `or:` names others to make if the text doesn't fit.",
            ["tri-fold"],
            ["tri-fold", {"or": ["tri-fold-a3", "booklet"]}],
        ),
    ] = ()
    options: Annotated[DesignOptions | None, _about("Settings of its design.")] = None
    alt: Annotated[str, _about("The text alternative of its picture.")] = ""
    layout: Annotated[
        Literal["page", "answer", "leaflet", "poster", "release", "course"] | None,
        _about("A layout other than its folder's."),
    ] = None
    translation: Annotated[Any, _about("Who made and reviewed a translation.", keys=TranslationNote)] = None
    tested: Annotated[TestedNote | None, _about("The test of the piece.", {"understood": "17/20"})] = None
    covers: Annotated[tuple[CoverNote, ...], _about("Covers to compare: A, B.", [{"art": "ask-first"}])] = ()
    headline: Annotated[str, _about("Of a release.", "Ask first: a campaign starts")] = ""
    dateline: Annotated[str, _about("The place of a release.", "CAPITAL CITY")] = ""
    contact: Annotated[str, _about("Of a release: a role.", "Press officer")] = ""
    release_date: Annotated[str, _about("Of a release: day, hour, zone.", "2026-11-25T09:00+09:00")] = ""
    embargo: Annotated[str, _about("Of a release: it is withheld until then.", "2026-11-27T06:00+09:00")] = ""
    languages: Annotated[tuple[str, ...], _about("The languages of a release.", ["en", "pt"])] = ()


class CheckedNote(Declared, frozen=True, kw_only=True):
    """When a number was verified, and how."""

    on: Annotated[date | None, _about("The day.", "2026-11-25")]
    how: Annotated[Literal["called", "official-source"], _about("Never call an emergency number to test it.")]


class AgreedNote(Declared, frozen=True, kw_only=True):
    """The service's consent to be named: from whom, and when. Never published."""

    by: Annotated[str, _about("Who said so.", "Head of the clinic")]
    on: Annotated[date | None, _about("The day.", "2026-11-02")]


class CallNote(Declared, frozen=True, kw_only=True):
    """A call to verify a number. Never published."""

    on: Annotated[date | None, _about("The day.", "2026-11-25")]
    by: Annotated[str, _about("Who called.", "Ana José")]
    answered: Annotated[bool | None, _about("Whether they answered, and offer what we say.", "yes")]
    languages: Annotated[tuple[str, ...], _about("Codes of the languages spoken.", ["fil"])] = ()
    said: Annotated[str, _about("The answer, without names of people.", "Answers on workdays only.")] = ""


class SecondTyping(Declared, frozen=True, kw_only=True):
    """The same number, typed by a second person from the source and not from the line above."""

    phone: Annotated[str, _about("In quotes.", "112")]
    by: Annotated[str, _about("Who typed it.", "João Maria")]
    first: Annotated[str, _about("Who typed it first.", "Ana José")]


class FormerNote(Declared, frozen=True, kw_only=True):
    """A former number of a contact, so that it is recognised in texts. Never published."""

    phone: Annotated[str, _about("As it was printed.", "07700 900188")]
    until: Annotated[date | None, _about("The day it was withdrawn.", "2026-11-28")]
    corrected: Annotated[
        date | None, _about("When labels and notices were in place. Written by the desk.", "2026-12-05")
    ] = None
    checked: Annotated[date | None, _about("When it was last checked. Written by the desk.", "2026-11-20")] = None
    source: Annotated[
        str,
        _about("Its source, if the new number wasn't found there. It isn't printed then.", "health-2025"),
    ] = ""
    printed: Annotated[bool | None, _about("`no` where nothing was printed with it; the desk writes it.")] = None


class RetiredNote(FormerNote, frozen=True, kw_only=True):
    """A number of a removed contact, so that it is recognised in texts."""

    name: Annotated[str, _about("Its owner.", "North Clinic")] = ""


RETIRED = "Numbers of removed contacts, written by the desk. Never published."


class NumberEntry(Declared, frozen=True, kw_only=True):
    """A telephone number with its verification."""

    phone: Annotated[str, _about("In quotes, as people dial it. Leave it out if it is unknown.", "112")] = ""
    extension: Annotated[str, _about("What to dial after it.", "204")] = ""
    letters: Annotated[str, _about("The number as letters on the keys; its digits have to agree.", "0800 WATER")] = ""
    uses: Annotated[Any, _about("Its purpose: a text, or one for each language.", {"en": "At night"})] = field(
        name="for", default=None
    )
    free: Annotated[bool | None, _about("Whether calls are free. Leave it out if it is unknown.")] = None
    checked: Annotated[
        Any, _about("The verification, or `no`.", {"on": "2026-11-25", "how": "called"}, keys=CheckedNote)
    ] = None
    calls: Annotated[tuple[CallNote, ...], _about("Calls to verify it; an answered one counts.")] = ()
    agreed: Annotated[AgreedNote | None, _about("The service's consent to be named.")] = None
    again: Annotated[SecondTyping | None, _about("The same number, typed by a second person.")] = None


class HoursRow(Declared, frozen=True, kw_only=True):
    """When a service answers on some days."""

    days: Annotated[str, _about("One day, or from one to another: mon, tue, wed, thu, fri, sat, sun.", "mon-fri")]
    open: Annotated[tuple[str, ...], _about("From when to when; two of them leave a break.", ["8:00-12:00"])]


class ContactEntry(NumberEntry, frozen=True, kw_only=True):
    """A service to call."""

    id: Annotated[Id, _about("A short name that you choose.", "police-north")]
    kind: Annotated[str, _about("A code that _strings.yml puts in words (`kind-...`).", "police")]
    main: Annotated[bool | None, _about("Whether it is the large number on every piece; one national contact.")] = None
    name: Annotated[Any, _about("Its own name: a text, or one for each language.", "North Clinic")] = None
    does: Annotated[tuple[str, ...], _about("Codes that _strings.yml puts in words (`does-...`).", ["care"])] = ()
    service: Annotated[
        Any, _about("What it does in words, instead of codes: a text, or one for each language.", {"en": "Clean water"})
    ] = None
    numbers: Annotated[
        tuple[NumberEntry, ...], _about("Several numbers, instead of `phone`; the first is the one to call.")
    ] = ()
    former: Annotated[tuple[FormerNote, ...], _about("Former numbers, written by the desk.")] = ()
    hours: Annotated[
        Any, _about("`always`, or when it answers; or a list of days with their times.", "8:00-16:00", keys=HoursRow)
    ] = None
    languages: Annotated[tuple[str, ...], _about("Codes of the languages spoken.", ["fil", "en"])] = ()
    email: Annotated[str, _about("Its address.", "help@clinic.example")] = ""
    web: Annotated[str, _about("Its website, without https://.", "clinic.example")] = ""
    messenger: Annotated[dict[str, str], _about("App -> number or name there.", {"Signal": "07700 900000"})] = field(
        default_factory=dict
    )
    source: Annotated[str, _about("Its source: an id of docs/_sources.yml.", "health-2025")]
    town: Annotated[str, _about("The address; never of a shelter.")] = ""
    address: Annotated[str, _about("The address; never of a shelter.")] = ""
    keeper: Annotated[str, _about("Who verifies it, see `campaign contacts due`. Never published.")] = ""


# Kinds in the order that a person in danger needs them.
URGENT_KINDS = ("emergency", "police", "health", "shelter", "legal")
ORDER = (
    "Kinds in the order in which readers see contacts, on the site and on paper; others follow as they are listed. "
    f"Default: {', '.join(URGENT_KINDS)}. `[]` keeps the order of the files."
)


class NationalContacts(Declared, frozen=True, kw_only=True):
    """assets/contacts/national.yml: services for the whole country."""

    order: Annotated[tuple[str, ...], _about(ORDER, ["emergency", "health"])] = URGENT_KINDS
    contacts: Annotated[tuple[ContactEntry, ...], _about("Each begins with a dash.")] = ()
    retired: Annotated[tuple[RetiredNote, ...], _about(RETIRED)] = ()


REGION = "The place it belongs to. Its contacts appear too, after the place's own."


class PlaceFile(Declared, frozen=True, kw_only=True):
    """assets/contacts/<place>.yml: a place and its services."""

    names: Annotated[dict[str, str], _about("Its name in each language.", {"en": "The North"})] = field(
        default_factory=dict
    )
    region: Annotated[str, _about(REGION, "north")] = ""
    iso: Annotated[str, _about("Its ISO 3166-2 code.", "XX-NO")] = ""
    column: Annotated[float | None, _about("Its tile on a simple map, from 1.", 1)] = None
    row: Annotated[float | None, _about("Its tile on a simple map, from 1.", 1)] = None
    contacts: Annotated[tuple[ContactEntry, ...], _about("Each begins with a dash.")] = ()
    retired: Annotated[tuple[RetiredNote, ...], _about(RETIRED)] = ()


class PlaceRow(Declared, frozen=True, kw_only=True):
    """A row of the table that `places:` names: CSV from Excel or LibreOffice, with headings.

    A place needs a file `assets/contacts/<id>.yml` only for its own contacts.
    """

    id: Annotated[str, _about("Its code: lower-case letters, digits and hyphens.", "laga")]
    name: Annotated[
        str, _about("Its name in the source language; `name pt` and the like in others, a column for each.", "Laga")
    ] = ""
    region: Annotated[str, _about(REGION, "baucau")] = ""
    iso: Annotated[str, _about("Its ISO 3166-2 code.", "XX-NO")] = ""
    column: Annotated[float | None, _about("Its tile on a simple map, from 1.", 1)] = None
    row: Annotated[float | None, _about("Its tile on a simple map, from 1.", 1)] = None


class RightsNote(Declared, frozen=True, kw_only=True):
    """The author and licence of a work."""

    credit: Annotated[str, _about("As it is printed.", "Ana José")]
    licence: Annotated[str, _about("Any; of Creative Commons one that there is.", "CC-BY-4.0")]
    licence_url: Annotated[str, _about("Where another licence can be read.", "https://example.org/licence")] = ""
    maker: Annotated[Literal["person", "organisation"] | None, _about("For search engines.")] = None


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

    label: Annotated[str, _about("What it shows, in a few words.", "hand that pays")] = ""


class DrawnMeaningNote(MeaningNote, frozen=True, kw_only=True):
    """A part of a drawing without which its point is lost."""

    drawing: Annotated[str, _about("The drawing that it is in, if that isn't art.svg.", "cover")] = ""


class PosterFile(RightsNote, frozen=True, kw_only=True):
    """assets/posters/<name>/poster.yml: the author of the art, and what must stay visible of it."""

    focus: Annotated[Focus | None, _about("What a scene keeps of the cover.", {"x": 50, "y": 60})] = None
    scene: Annotated[Area | None, _about("The part of art.svg that pictures of other shapes may show.")] = None
    meaning: Annotated[tuple[DrawnMeaningNote, ...], _about("What every picture of it has to show.")] = ()
    photo: Annotated[str, _about("The photo that its drawings hold, of assets/photos/.", "market")] = ""
    photo_state: Annotated[str, _about("Shows the desk whether that photo has changed.")] = ""


class PartnerFile(RightsNote, frozen=True, kw_only=True):
    """assets/partners/<name>.yml: the owner of the logo; `partners:` in mkdocs.yml puts it on pieces."""

    name: Annotated[str, _about("The partner's name, as text alternative.", "Ministry of Health")]
    clear: Annotated[float | None, _about("Room around it: percent of its height.", 25)] = None


class ConsentNote(Declared, frozen=True, kw_only=True):
    """The consent of the people in a photo."""

    form: Annotated[str, _about("Where the signed form is kept; never published.", "Office, folder 7")]
    scope: Annotated[tuple[str, ...], _about("What they agreed to: site, social, press, print.", ["site"])] = ()
    until: Annotated[date | None, _about("Until when.", "2030-12-31")] = None


class Region(Declared, frozen=True, kw_only=True):
    """A covered region: percent from the left and from the top."""

    left: float | None = None
    top: float | None = None
    right: float | None = None
    bottom: float | None = None


class PhotoFile(RightsNote, frozen=True, kw_only=True):
    """assets/photos/<name>.yml: the photographer, and the consent."""

    taken: Annotated[str, _about("Year and month; a day can reveal where someone was.", "2026-05")] = ""
    use: Annotated[tuple[str, ...], _about("What it is good for, if not for everything.", ["site", "press"])] = ()
    shows: Annotated[Literal["nobody", "people"] | None, _about("Instead of `consent:`.", "nobody")] = None
    consent: Annotated[ConsentNote | None, _about("What those who are shown agreed to.")] = None
    focus: Annotated[Focus | None, _about("The point that crops keep.", {"x": 40, "y": 60})] = None
    meaning: Annotated[tuple[MeaningNote, ...], _about("What every crop of it has to show.")] = ()
    redact: Annotated[tuple[Region, ...], _about("Regions to cover.")] = ()


class Caption(Declared, frozen=True, kw_only=True):
    """The words of a photo in one language."""

    caption: Annotated[str, _about("Below the photo.")]
    alt: Annotated[str, _about("What it shows, for people who cannot see it.")]


class Approval(Declared, frozen=True, kw_only=True):
    """The approval of a text by a reader of the language."""

    by: Annotated[str, _about("A person's name.", "Ana José")]
    on: Annotated[date | None, _about("The day.", "2026-11-25")]


class MessageWords(Declared, frozen=True, kw_only=True):
    """Texts for a picture in one language, with the placeholders {number} and {link}."""

    post: Annotated[str, _about("For chats and posts.", "Too good? Ask first. Free call: {number}")] = ""
    sms: Annotated[str, _about("For a short message: 160 letters, 70 where an accent forces it.", "Call {number}")] = ""
    plain: Annotated[str, _about("The short message without accents, once approved.")] = ""
    approved: Annotated[Approval | None, _about("Who approved `plain`.", {"by": "Ana José", "on": "2026-11-25"})] = None


class ReadNote(Declared, frozen=True, kw_only=True):
    """When it was read, and when to read it again."""

    read_on: Annotated[date | None, _about("When it was last read.", "2026-11-26")] = field(name="read", default=None)
    again: Annotated[date | None, _about("When to read it again. Default: a year later.", "2027-05-26")] = None


class SourceEntry(ReadNote, frozen=True, kw_only=True):
    """docs/_sources.yml: what a fact rests on, below its id."""

    title: Annotated[str, _about("Its own title, in its own language.")]
    publisher: Annotated[str, _about("Who published it.", "UNODC")] = ""
    date: Annotated[str, _about("Its own date.", "2023-06")] = ""
    url: Annotated[str, _about("Its address.", "https://example.org/report")] = ""
    short: Annotated[str, _about("For a line in print.")] = ""
    language: Annotated[str, _about("Of its title.", "en")] = ""
    titles: Annotated[
        dict[str, str], _about("Its title in other languages that it was published in.", {"pt": "Relatório"})
    ] = field(default_factory=dict)
    shorts: Annotated[dict[str, str], _about("For a line in print, in those.", {"pt": "Relatório 2023"})] = field(
        default_factory=dict
    )
    ask: Annotated[
        str,
        _about(
            "The question that another country's office must answer, if it holds in this country only.",
            "Which law forbids it in your country?",
        ),
    ] = ""


class GlossaryTerm(Declared, frozen=True, kw_only=True):
    """docs/_glossary.yml, below a term: accepted forms, by language code."""

    source: Annotated[str, _about("Its source: an id of docs/_sources.yml.", "health-2025")] = ""
    certainty: Annotated[Literal["high", "medium", "low"] | None, _about("How sure we are.", "medium")] = None
    search: Annotated[
        dict[str, tuple[str, ...]],
        _about("What people type who look for it, by language.", {"en": ["they took my passport"]}),
    ] = field(default_factory=dict)
    leads_to: Annotated[str, _about("The page that they look for, or a section of it.", "signs.md#papers")] = ""


class SearchFile(Declared, frozen=True, kw_only=True):
    """docs/<language>/_search.yml: how search compares words in a language, and where urgent words lead."""

    prefixes: Annotated[tuple[str, ...], _about("Beginnings that search ignores, without accents.", ["un", "re"])] = ()
    suffixes: Annotated[tuple[str, ...], _about("Endings that search ignores, without accents.", ["s", "ing"])] = ()
    alike: Annotated[
        dict[str, str], _about("Letters that people confuse, and the one that search compares.", {"z": "s"})
    ] = field(default_factory=dict)
    same: Annotated[
        tuple[str, ...], _about("Words with one meaning: each line is a group.", ["boss employer manager"])
    ] = ()
    first: Annotated[
        dict[str, tuple[str, ...]],
        _about("Words that put a page first, whatever else is typed.", {"get-help.md": ["die", "missing child"]}),
    ] = field(default_factory=dict)


class ColourToken(Declared, frozen=True, kw_only=True):
    """A colour on screens and in print."""

    hex: Annotated[str, _about("In quotes.", "#14213d")]
    cmyk: Annotated[tuple[str, ...], _about("Percent of four inks; left out, the profile says.", [90, 70, 30, 40])] = ()
    grey: Annotated[float | None, _about("Percent of black on a one-ink printer.", 87)] = None
    name: Annotated[Any, _about("What the desk calls one of your own: a text, or one for each language.", "Sea")] = None


class Press(Declared, frozen=True, kw_only=True, rename="kebab"):
    """The paper and press of the print shop."""

    profile: Annotated[str, _about("FOGRA39, FOGRA47 or an ICC file below assets/.", "FOGRA39")] = ""
    condition: Annotated[str, _about("As the shop calls it.", "FOGRA51")] = ""
    ink_limit: Annotated[float | None, _about("The most ink on any spot, in percent.", 300)] = None


class IdentityFile(Declared, frozen=True, kw_only=True):
    """assets/identity.yml: the look as tokens, for site and print."""

    colours: Annotated[dict[str, ColourToken], _about("Name -> colour.")] = field(default_factory=dict)
    dark: Annotated[dict[str, str], _about("The same, after dark.", {"night": "#e8e4da"})] = field(default_factory=dict)
    type: Annotated[dict[str, float], _about("Sizes in points.", {"text": 11})] = field(default_factory=dict)
    fonts: Annotated[tuple[str, ...], _about("Families of assets/fonts/, the first preferred.", ["Andika"])] = ()
    print: Annotated[Press | None, _about("Paper and press.", {"profile": "FOGRA39"})] = None
    pattern: Annotated[
        str,
        _about(
            "Of the bands on the website and on prints: woven, waves, zigzag, triangles, diamonds, checks, dots, "
            "stripes, bars, chevrons, steps, bricks, rings or none; or an SVG in assets/, squares on seven rows.",
            "waves",
        ),
    ] = ""


class PrintRow(Declared, frozen=True, kw_only=True):
    """assets/print-run.yml, below a piece and a format: copies for the print shop."""

    paper: Annotated[str, _about("As the shop calls it.", "115 g coated")] = ""
    copies: Annotated[Any, _about("By language, and by place in it.", {"en": {"national": 500}, "pt": 200})] = None


class FormatRow(Declared, frozen=True, kw_only=True):
    """The layout of a piece. Keys at the top of the file apply to all its formats."""

    kind: Annotated[str, _about("The group that lists of pieces show it in.", "leaflet")] = ""
    design: Annotated[str, _about("The design, if the folder has no design.typ.", "poster")] = ""
    names: Annotated[Any, _about("What it is called: code of a language -> words.")] = None
    width: Annotated[Annotated[float, Meta(ge=20, le=2000)] | None, _about("Of the trimmed page, mm.", 210)] = None
    height: Annotated[Annotated[float, Meta(ge=20, le=2000)] | None, _about("Of the trimmed page, mm.", 297)] = None
    sides: Annotated[
        Annotated[int, Meta(ge=0, le=2)] | None, _about("Printed sides; 0 for as many as the words need.", 1)
    ] = None
    panels: Annotated[tuple[str, ...] | None, _about("Sections that a page needs.", ["title"])] = None
    free: Annotated[bool | None, _about("Whether a page may have other sections, in any order.")] = None
    sheets: Annotated[Any, _about("Of folded pieces: for each side, panels from left to right and their mm.")] = None
    runs: Annotated[Any, _about("Of folded pieces: panels among which their sections are divided.")] = None
    small_print: Annotated[str | None, _about("The panel with the imprint at its foot.", "back")] = None
    drawing: Annotated[
        Literal["art.svg", "cover.svg", "shirt.svg"] | None, _about("The art that it shows.", "art.svg")
    ] = None
    places: Annotated[bool | None, _about("Whether each place has one.")] = None
    names_place: Annotated[bool | None, _about("Whether it says which place it is for.")] = None
    printers: Annotated[
        tuple[Literal["office", "print-shop", "photocopy"], ...] | None, _about("For whom it is made.", ["office"])
    ] = None
    parts: Annotated[
        tuple[Literal["text", "word", "script", "sheets", "notes", "picture"], ...] | None, _about("More files.")
    ] = None
    turn: Annotated[Literal["short", "long"] | None, _about("The edge on which office printers turn it.")] = None
    preview: Annotated[bool | None, _about("Whether the site shows a picture of it.")] = None
    options: Annotated[tuple[str, ...] | None, _about("What `options:` of a page may ask.", ["art", "link"])] = None
    waives: Annotated[Any, _about("What it doesn't place (draft, imprint, sender, link) -> the reason.")] = None
    least_text: Annotated[Annotated[float, Meta(ge=4, le=72)] | None, _about("Smallest letters, in points.")] = None
    least_ppi: Annotated[Annotated[int, Meta(ge=50, le=600)] | None, _about("Dots to an inch of its pictures.")] = None
    clear: Annotated[bool | None, _about("Whether what it is printed on shows through.")] = None
    queue: Annotated[Annotated[int, Meta(ge=0, le=99)] | None, _about("Position in print queues; 0 for none.", 50)] = (
        None
    )
    press_kit: Annotated[bool | None, _about("Whether press kits hold it.")] = None
    imposed: Annotated[bool | None, _about("Whether its pages are imposed as a booklet.")] = None
    spot_inks: Annotated[bool | None, _about("Whether it is printed in a few special inks.")] = None
    taught: Annotated[bool | None, _about("Whether a machine's translation is marked across it.")] = None
    finishing: Annotated[str | None, _about("What a print shop does with it.", "Cut to size.")] = None
    shows: Annotated[
        tuple[Literal["lists", "scenes", "answers"], ...] | None, _about("Long content that it has room for.")
    ] = None
    bands: Annotated[Any, _about("Woven bands: name -> height in mm.")] = None
    band_ends: Annotated[Literal["paper", "frame", "card"] | None, _about("Where bands end.")] = None
    upright_bands: Annotated[Any, _about("Bands from top to foot: name -> width in mm.")] = None
    partner_marks: Annotated[bool | None, _about("Whether it has a place for marks of partners.")] = None
    campaign_mark: Annotated[bool | None, _about("Whether it has a place for the campaign's mark.")] = None
    tells_addresses: Annotated[bool | None, _about("Whether it prints addresses of links.")] = None


class CountryGroup(Declared, frozen=True, kw_only=True):
    """docs/_country.yml, below a group's name: words of this country only, which `campaign adopt` replaces."""

    names: Annotated[tuple[str, ...], _about("Names to ask for, in any language.", ["Water Trust"])] = ()
    ask: Annotated[str, _about("The question for another country.", "Who repairs wells in your country?")] = ""
    in_place: Annotated[
        bool | None, _about("Whether only the word is replaced by the question. Default: its whole sentence.")
    ] = None
    becomes: Annotated[
        dict[str, dict[str, str]],
        _about(
            "Neutral words by language, for words that need no answer.", {"en": {"Water Trust": "the water office"}}
        ),
    ] = field(default_factory=dict)
    pages: Annotated[
        tuple[str, ...],
        _about("Pages with such facts in tables: the question replaces the rows.", ["card.md"]),
    ] = ()
    language: Annotated[str, _about("Only if this language isn't kept: its name, phrases in it.", "fil")] = ""


class AnswerSource(Declared, frozen=True, kw_only=True):
    """The source of an answer."""

    title: Annotated[str, _about("Its own title, in its own language.")]
    publisher: Annotated[str, _about("Who published it.", "Ministry of Health")] = ""
    date: Annotated[str, _about("Its own date.", "2026-01")] = ""
    url: Annotated[str, _about("Its address.", "https://example.org/report")] = ""


class QuestionEntry(Declared, frozen=True, kw_only=True):
    """A question of an adopted campaign, with its answer."""

    ask: Annotated[str, _about("The question.")] = ""
    answer: Annotated[
        Any, _about("A text for each language; or one text, used in every language as it is.", {"en": "The Water Act."})
    ] = None
    source: Annotated[AnswerSource | None, _about("What the answer rests on.")] = None


class QuestionFile(Declared, frozen=True, kw_only=True):
    """docs/_questions.yml of an adopted campaign; with choices, the answers for `campaign adopt --answers`."""

    languages: Annotated[tuple[str, ...], _about("Languages to keep. Default: all.", ["en", "pt"])] = ()
    new_languages: Annotated[dict[str, str], _about("Languages to add, with their own names.", {"fr": "Français"})] = (
        field(default_factory=dict)
    )
    source: Annotated[str, _about("The language that is written first, from which others are translated.", "en")] = ""
    first: Annotated[str, _about("The language that is offered first. Default: the source.", "pt")] = ""
    country: Annotated[str, _about("Two letters of ISO 3166-1, for its phone numbers.", "LK")] = ""
    readers: Annotated[
        Literal["private", "school", "open"] | None, _about("Who reads the pages. Default: as before.", "open")
    ] = None
    pattern: Annotated[str, _about("Of the bands: a name, or an SVG to copy. Default: waves.", "zigzag")] = ""
    questions: Annotated[dict[str, QuestionEntry], _about("The questions by id, with answers.")] = field(
        default_factory=dict
    )


class CheckFile(Declared, frozen=True, kw_only=True):
    """Words to avoid in the campaign's texts, and replacements."""

    avoid: Annotated[tuple[str, ...], _about("Whole words or phrases, in any case.", ["free of charge"])]
    instead: Annotated[str, _about("What to write instead.", "Say what it costs.")]
    languages: Annotated[tuple[str, ...], _about("Only in these languages; else in all.", ["en"])] = ()
    stops: Annotated[bool | None, _about("Whether nothing is published while a text says them.")] = None


class FormatFile(FormatRow, frozen=True, kw_only=True):
    """The layout of a design's pieces: one row for each format, next to design.typ."""

    order: Annotated[Annotated[int, Meta(ge=1, le=999)] | None, _about("Position in lists.", 100)] = None
    formats: Annotated[Any, _about("The formats, by name.", keys=FormatRow)] = None


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
