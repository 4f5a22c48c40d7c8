"""Why a piece is marked as a draft, with links to what would change that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

from campaign.content import clock
from campaign.content.known_numbers import doubtful_numbers
from campaign.content.releases import embargo_of, is_example
from campaign.desk.print_numbers import OnPaper, described
from campaign.models.campaign import Campaign
from campaign.models.contact import Contact
from campaign.models.outputs import Output
from campaign.models.page import Page
from campaign.printing.piece import find_piece

MAX_NAMED_NUMBERS = 3
UNCHECKED = "unchecked-number"
WITHHELD, UNTRANSLATED, NOT_MEANT = "absent-withheld", "absent-untranslated", "absent-not-meant"


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


def draft_of(campaign: Campaign, pieces: Iterable[Output], paper: OnPaper | None = None) -> Draft:
    """Return why a piece, or a file of several, is a draft. `paper`: the print, which may have other numbers."""
    known_before, said = _found(campaign), list[_Reason]()
    for piece in pieces:
        if piece not in known_before:
            known_before[piece] = _reason(campaign, piece)
        said.append(known_before[piece])
    contacts = dict.fromkeys(id for each in said for id in each.contacts)
    known = {contact.id: contact for contact in campaign.whole_register}
    typed = dict.fromkeys(number for each in said for number in each.typed)
    numbers = [*(each for id in contacts if id in known for each in _doubtful(known[id])), *typed]
    reasons, doubted = frozenset[str]().union(*(each.reasons for each in said)), bool(numbers)
    numbers = [each for each in numbers if paper is None or paper.has(each[0])]
    if doubted and not numbers:  # none of the unverified numbers is printed
        reasons -= {UNCHECKED}
    return Draft(
        reasons,
        tuple(numbers[:MAX_NAMED_NUMBERS]),
        len(numbers[MAX_NAMED_NUMBERS:]),
        next((each.translation for each in said if each.translation), ""),
        next((each.gaps for each in reversed(said) if each.gaps), ""),
    )


@lru_cache(maxsize=1)
def _found(campaign: Campaign) -> dict[Output, _Reason]:  # noqa: ARG001  # of the campaign as it is now
    return {}


def _reason(campaign: Campaign, piece: Output) -> _Reason:
    found = described(campaign, piece)
    if found is None:
        return _Reason(frozenset())
    page, reasons = find_piece(campaign, piece).page, frozenset(found[0]["draft"]["reasons"])
    address, is_unchecked, translation = f"{page.language}/{page.path}", UNCHECKED in reasons, ""
    if "unreviewed-translation" in reasons:
        is_text = (page.language, page.path) in campaign.pages  # a sheet of contacts has no text
        translation = f"/translate/{address if is_text else page.language}"
    typed = doubtful_numbers(campaign, page, page.panels) if is_unchecked else ()
    return _Reason(
        reasons,
        tuple(dict.fromkeys(each["id"] for each in found[1] if is_unchecked and not each["fresh"])),
        tuple((number, f"/texts/{address}") for number in typed),
        translation,
        f"/texts/{address}" if is_example(page) or "open-question" in reasons else "",
    )


def _doubtful(contact: Contact) -> Iterator[tuple[str, str]]:
    for number in contact.numbers:
        if number.is_printed and not number.is_fresh:
            yield number.phone, f"/contacts/{contact.place or 'national'}/{contact.id}"


@dataclass(frozen=True)
class Absent:
    """A release that is missing; `why` is a key of the desk's words, `to` a link."""

    title: str
    why: str
    to: str
    until: datetime | None = None


def absent_releases(campaign: Campaign, language: str) -> Iterator[Absent]:
    """Yield releases that are embargoed or missing in a language."""
    source, now = campaign.source_language.code, clock.now()
    pages = {**campaign.pages, **campaign.withheld}
    for path in sorted({path for (_, path), page in pages.items() if page.release}):
        original = pages.get((source, path))
        page = pages.get((language, path)) or original
        if page is None:
            continue
        # An embargo in one language withholds the release in all.
        held = (each for (_, other), each in campaign.withheld.items() if other == path)
        late = ((each, until) for each in (page, *held) if (until := embargo_of(each)) and until > now)
        if found := next(late, None):
            why, until = found
            yield Absent(page.title, WITHHELD, _way(campaign, why, "embargo"), until)
        elif (language, path) not in pages and original and original.release:
            named = original.release.languages
            if named and language not in named:
                yield Absent(page.title, NOT_MEANT, _way(campaign, original, "languages"))
            elif campaign.languages[language].is_whole:
                yield Absent(page.title, UNTRANSLATED, f"/translate/{language}/{quote(path)}")


def _way(campaign: Campaign, page: Page, key: str) -> str:
    lines = (campaign.root / page.where).read_text(encoding="utf-8-sig", errors="replace").splitlines()
    at = next((number for number, line in enumerate(lines, 1) if line.startswith(f"{key}:")), 1)
    return f"/texts/{page.language}/{quote(page.path)}?line={at}"
