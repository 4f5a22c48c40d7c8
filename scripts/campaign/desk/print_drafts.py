"""Why a piece is marked as a draft, with links to what would change that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from campaign.content.known_numbers import doubtful_numbers
from campaign.content.releases import is_example
from campaign.desk.print_numbers import OnPaper
from campaign.models.campaign import Campaign
from campaign.models.contact import Contact
from campaign.models.outputs import Output
from campaign.printing.piece import find_piece

NAMED = 3
UNCHECKED = "unchecked-number"


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
    """What is said of one piece. contacts: ids of those of which nobody made sure; typed: such numbers in its words."""

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
        tuple(numbers[:NAMED]),
        len(numbers[NAMED:]),
        next((each.translation for each in said if each.translation), ""),
        next((each.gaps for each in reversed(said) if each.gaps), ""),
    )


@lru_cache(maxsize=1)
def _found(campaign: Campaign) -> dict[Output, _Reason]:  # noqa: ARG001  # of the campaign as it is now
    return {}


def _reason(campaign: Campaign, piece: Output) -> _Reason:
    from campaign.printing.layout import describe  # slow to import: it reads pictures
    from campaign.printing.services import printed_contacts

    try:
        said = describe(campaign, piece)
    except LookupError:  # Today reports it
        return _Reason(frozenset())
    page = find_piece(campaign, piece).page
    reasons, address = frozenset(said["draft"]["reasons"]), f"{page.language}/{page.path}"
    contacts: dict[str, None] = {}
    typed: list[str] = []
    if UNCHECKED in reasons:
        blocks = [block for panel in said["panels"].values() for block in panel["blocks"]]
        shown = printed_contacts([*blocks, *([said["contacts"]] if said["contacts"] else [])])
        contacts = dict.fromkeys(contact["id"] for contact in shown if not contact["fresh"])
        typed = doubtful_numbers(campaign, page, page.panels)
    translation = ""
    if "unreviewed-translation" in reasons:
        is_text = (page.language, page.path) in campaign.pages  # a sheet of contacts has no text
        translation = f"/translate/{address if is_text else page.language}"
    return _Reason(
        reasons,
        tuple(contacts),
        tuple((number, f"/texts/{address}") for number in typed),
        translation,
        f"/texts/{address}" if is_example(page) or "open-question" in reasons else "",
    )


def _doubtful(contact: Contact) -> Iterator[tuple[str, str]]:
    for number in contact.numbers:
        if number.is_printed and not number.is_fresh:
            yield number.phone, f"/contacts/{contact.place or 'national'}/{contact.id}"
