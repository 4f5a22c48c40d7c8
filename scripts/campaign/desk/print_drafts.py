"""Why a print shouldn't be handed out: it is marked as a draft, or has outdated numbers; and what would change that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from campaign.content import clock
from campaign.content.contacts import FOLDER as CONTACTS
from campaign.content.known_numbers import doubtful_numbers
from campaign.content.numbers import digits_of
from campaign.content.releases import embargo_of, is_example
from campaign.desk.files import SETTINGS
from campaign.desk.naming import contact_name
from campaign.desk.print_paper import opened_pdf
from campaign.models.campaign import NATIONAL, Campaign, Language
from campaign.models.contact import Contact
from campaign.models.outputs import Output
from campaign.models.page import Page
from campaign.packs.correction import DIGIT_SEPARATORS
from campaign.printing.piece import find_piece

INVISIBLE = re.compile(r"[\s\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufffe]")
MAX_NAMED_NUMBERS = 3
UNCHECKED_REASON = "unchecked-number"
WITHHELD = "absent-withheld"
UNTRANSLATED = "absent-untranslated"
NOT_INTENDED = "absent-not-meant"


@dataclass(frozen=True)
class OutdatedNumber:
    """A number on a print (`was`), and the current one (`now`); '' if unknown."""

    name: str
    was: str
    now: str
    checked: date | None = None  # when the printed number was last verified
    is_sure: bool = True  # whether that was recent when the file was made


@dataclass(frozen=True)
class PrintedContent:
    """The digits in PDFs, and whether these are marked as drafts."""

    figures: str
    is_draft: bool

    def has(self, phone: str) -> bool:
        """Return whether a number is printed."""
        return _occurs(phone, self.figures)


def on_paper(files: Iterable[Path], language: Language) -> PrintedContent | None:
    """Read the existing files of a piece; None if none exists."""
    marks = tuple(_plain(language.strings[key]) for key in ("draft", "draft-picture") if key in language.strings)
    read = [_read(file, file.stat().st_mtime_ns, marks) for file in files if file.is_file()]
    return (
        PrintedContent("\n".join(item.figures for item in read), any(item.is_draft for item in read)) if read else None
    )


def differing(campaign: Campaign, ui_language: Language, pieces: Iterable[Output], file: Path) -> list[OutdatedNumber]:
    """Return the numbers on a file of dist/ that have changed since it was made."""
    pieces, made_at = [*pieces], file.stat().st_mtime
    if not any(path.is_file() and path.stat().st_mtime > made_at for path in _numbers_of(campaign, pieces)):
        return []  # reading a hundred files takes three seconds
    text, day = _read(file, file.stat().st_mtime_ns, ()).figures, date.fromtimestamp(made_at)
    register = {contact.id: contact for contact in campaign.whole_register}
    results = dict(_former(campaign.with_former, ui_language, text, day))
    for id, phone in _numbers_shown(campaign, pieces):
        if id in register and id not in results and not _occurs(phone, text):
            results[id] = OutdatedNumber(contact_name(register[id], ui_language, id), "", phone)
    return [*results.values()]


def _numbers_of(campaign: Campaign, pieces: Iterable[Output]) -> Iterator[Path]:
    contacts, places = campaign.root / CONTACTS, set[str | None]()
    yield campaign.root / SETTINGS
    for piece in pieces:
        with suppress(LookupError):
            yield campaign.root / find_piece(campaign, piece).page.where
        if piece.place not in places:
            places.add(piece.place)
            place_codes = (
                [piece.place, *(region.code for region in campaign.regions_of(piece.place))] if piece.place else []
            )
            # National pieces may list every place's contacts.
            yield from (
                (contacts / f"{code}.yml" for code in (*place_codes, NATIONAL))
                if place_codes
                else contacts.glob("*.yml")
            )


def _former(
    register: Iterable[Contact], ui_language: Language, text: str, day: date
) -> Iterator[tuple[str, OutdatedNumber]]:
    for contact in register:
        current_numbers = [number.phone for number in contact.numbers]
        for former in sorted(contact.former, key=lambda item: item.until, reverse=True):
            is_current_number = digits_of(former.phone) in map(digits_of, current_numbers)
            if not is_current_number and _occurs(former.phone, text):
                name = contact_name(contact, ui_language, contact.id)
                is_sure = former.was_fresh(day)
                current = next(iter(current_numbers), "")
                yield contact.id, OutdatedNumber(name, former.phone, current, former.checked, is_sure)
                break


def described(campaign: Campaign, piece: Output) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
    """Return the description of a piece and the contacts in it, or None if it can't be printed: Today says why."""
    from campaign.printing.layout import describe  # slow to import: it reads pictures
    from campaign.printing.services import printed_contacts

    try:
        description = describe(campaign, piece)
    except LookupError:
        return None
    blocks = [block for panel in description["panels"].values() for block in panel["blocks"]]
    return description, [*printed_contacts([*blocks, *([description["contacts"]] if description["contacts"] else [])])]


def _numbers_shown(campaign: Campaign, pieces: Iterable[Output]) -> Iterator[tuple[str, str]]:
    """Yield the contact ids and numbers that pieces show now."""
    for _, contacts in filter(None, (described(campaign, piece) for piece in pieces)):
        for contact in contacts:
            if contact["dial"]:
                # Layout characters.
                yield contact["id"], re.sub(r"[\u2060-\u2069]", "", contact["phone"]).replace("\xa0", " ")


def _occurs(phone: str, text: str) -> bool:
    return bool(re.search(rf"(?<!\d)(?<!\d\s){DIGIT_SEPARATORS.join(digits_of(phone))}(?!\d)", text))


@lru_cache(maxsize=1024)
def _read(file: Path, _: int, marks: tuple[str, ...]) -> PrintedContent:
    with opened_pdf(file) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document or ())
    plain_text = _plain(text)
    # Right-to-left text may be extracted in visual order.
    is_draft = any(mark in plain_text or mark[::-1] in plain_text for mark in marks)
    return PrintedContent(re.sub(r"[^\d\s\u2060.()/-]+", "|", text), is_draft)


def _plain(text: str) -> str:
    return INVISIBLE.sub("", text)


@dataclass(frozen=True)
class Draft:
    """Reasons (printing's codes), and unverified numbers with links."""

    reasons: frozenset[str] = frozenset()
    numbers: tuple[tuple[str, str], ...] = ()
    more: int = 0  # unverified numbers that aren't listed
    translation: str = ""  # link to the review
    gaps: str = ""  # link to a text with open questions


@dataclass(frozen=True)
class _Reason:
    """The reasons of one piece.

    `contacts` are ids of unverified contacts, `typed` are unverified numbers in its text.
    """

    reasons: frozenset[str]
    contacts: tuple[str, ...] = ()
    typed: tuple[tuple[str, str], ...] = ()
    translation: str = ""
    gaps: str = ""


def draft_of(campaign: Campaign, pieces: Iterable[Output], paper: PrintedContent | None = None) -> Draft:
    """Return why a piece, or a file of several, is a draft. `paper`: the print, which may have other numbers."""
    known_before, draft_reasons = _draft_reasons(campaign), list[_Reason]()
    for piece in pieces:
        if piece not in known_before:
            known_before[piece] = _reason(campaign, piece)
        draft_reasons.append(known_before[piece])
    contacts = dict.fromkeys(id for item in draft_reasons for id in item.contacts)
    contacts_by_id = {contact.id: contact for contact in campaign.whole_register}
    values = dict.fromkeys(number for item in draft_reasons for number in item.typed)
    numbers = [*(item for id in contacts if id in contacts_by_id for item in _doubtful(contacts_by_id[id])), *values]
    reasons, doubted = frozenset[str]().union(*(item.reasons for item in draft_reasons)), bool(numbers)
    numbers = [number for number in numbers if paper is None or paper.has(number[0])]
    if doubted and not numbers:  # none of the unverified numbers is printed
        reasons -= {UNCHECKED_REASON}
    return Draft(
        reasons,
        tuple(numbers[:MAX_NAMED_NUMBERS]),
        len(numbers[MAX_NAMED_NUMBERS:]),
        next((item.translation for item in draft_reasons if item.translation), ""),
        next((item.gaps for item in reversed(draft_reasons) if item.gaps), ""),
    )


@lru_cache(maxsize=1)
def _draft_reasons(campaign: Campaign) -> dict[Output, _Reason]:  # noqa: ARG001  # of the campaign as it is now
    return {}


def _reason(campaign: Campaign, piece: Output) -> _Reason:
    result = described(campaign, piece)
    if result is None:
        return _Reason(frozenset())
    page, reasons = find_piece(campaign, piece).page, frozenset(result[0]["draft"]["reasons"])
    address, is_unchecked, translation = f"{page.language}/{page.path}", UNCHECKED_REASON in reasons, ""
    if "unreviewed-translation" in reasons:
        is_text = (page.language, page.path) in campaign.pages  # a sheet of contacts has no text
        translation = f"/translate/{address if is_text else page.language}"
    numbers = doubtful_numbers(campaign, page, page.panels) if is_unchecked else ()
    return _Reason(
        reasons,
        tuple(dict.fromkeys(item["id"] for item in result[1] if is_unchecked and not item["fresh"])),
        tuple((number, f"/texts/{address}") for number in numbers),
        translation,
        f"/texts/{address}" if is_example(page) or "open-question" in reasons else "",
    )


def _doubtful(contact: Contact) -> Iterator[tuple[str, str]]:
    for number in contact.numbers:
        if number.is_printed and not number.is_fresh:
            yield number.phone, f"/contacts/{contact.place or 'national'}/{contact.id}"


@dataclass(frozen=True)
class MissingRelease:
    """A release that is missing; `why` is a key of the desk's words, `to` a link."""

    title: str
    why: str
    to: str
    until: datetime | None = None


def absent_releases(campaign: Campaign, language: str) -> Iterator[MissingRelease]:
    """Yield releases that are embargoed or missing in a language."""
    source, now = campaign.source_language.code, clock.now()
    pages = {**campaign.pages, **campaign.withheld}
    for path in sorted({path for (_, path), page in pages.items() if page.release}):
        original = pages.get((source, path))
        page = pages.get((language, path)) or original
        if page is None:
            continue
        # An embargo in one language withholds the release in all.
        withheld_pages = (item for (_, page_path), item in campaign.withheld.items() if page_path == path)
        late = ((item, until) for item in (page, *withheld_pages) if (until := embargo_of(item)) and until > now)
        if result := next(late, None):
            why, until = result
            yield MissingRelease(page.title, WITHHELD, _gap_url(campaign, why, "embargo"), until)
        elif (language, path) not in pages and original and original.release:
            language_codes = original.release.languages
            if language_codes and language not in language_codes:
                yield MissingRelease(page.title, NOT_INTENDED, _gap_url(campaign, original, "languages"))
            elif campaign.languages[language].is_whole:
                yield MissingRelease(page.title, UNTRANSLATED, f"/translate/{language}/{quote(path)}")


def _gap_url(campaign: Campaign, page: Page, key: str) -> str:
    lines = (campaign.root / page.where).read_text(encoding="utf-8-sig", errors="replace").splitlines()
    line_number = next((number for number, line in enumerate(lines, 1) if line.startswith(f"{key}:")), 1)
    return f"/texts/{page.language}/{quote(page.path)}?line={line_number}"
