"""Why a piece says of itself that it is a draft, with the way to what would end that: as its own line is decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from campaign.content.known_numbers import doubtful_numbers
from campaign.content.releases import is_example
from campaign.models.campaign import Campaign
from campaign.models.contact import Contact
from campaign.models.outputs import Output
from campaign.printing.piece import find_piece

# So many numbers are named.
NAMED = 3


@dataclass(frozen=True)
class Draft:
    """Reasons (codes, those of printing), and the numbers that nobody made sure of: (number, where it is mended).

    Attributes:
        more: so many numbers besides.
        translation: where the text is reviewed; ''.
        gaps: where a text is that has words to fill in; ''.
    """

    reasons: frozenset[str] = frozenset()
    numbers: tuple[tuple[str, str], ...] = ()
    more: int = 0
    translation: str = ""
    gaps: str = ""


def draft_of(campaign: Campaign, pieces: Iterable[Output]) -> Draft:
    """Why a piece, or a file of several, is one; nothing where all of it may be handed out."""
    from campaign.printing.layout import describe  # it loads what reads pictures: 4 MB
    from campaign.printing.services import printed_contacts

    reasons: set[str] = set()
    doubtful: dict[str, None] = {}
    typed: dict[tuple[str, str], None] = {}
    translation, unfilled = "", ""
    for piece in pieces:
        try:
            said = describe(campaign, piece)
        except LookupError:  # what keeps it from being made stands on Today
            continue
        page = find_piece(campaign, piece).page
        reasons |= {*said["draft"]["reasons"]}
        if "unchecked-number" in said["draft"]["reasons"]:
            blocks = [block for panel in said["panels"].values() for block in panel["blocks"]]
            shown = printed_contacts([*blocks, *([said["contacts"]] if said["contacts"] else [])])
            doubtful |= dict.fromkeys(contact["id"] for contact in shown if not contact["fresh"])
            address = f"/texts/{page.language}/{page.path}"
            typed |= {(number, address): None for number in doubtful_numbers(campaign, page, page.panels)}
        if not translation and "unreviewed-translation" in said["draft"]["reasons"]:
            is_text = (page.language, page.path) in campaign.pages  # a sheet of contacts has none
            translation = f"/translate/{page.language}" + f"/{page.path}" * is_text
        if is_example(page) or "open-question" in said["draft"]["reasons"]:
            unfilled = f"/texts/{page.language}/{page.path}"
    known = {contact.id: contact for contact in campaign.whole_register}
    numbers = [*(each for id in doubtful if id in known for each in _doubtful(known[id])), *typed]
    return Draft(frozenset(reasons), tuple(numbers[:NAMED]), len(numbers[NAMED:]), translation, unfilled)


def _doubtful(contact: Contact) -> Iterator[tuple[str, str]]:
    for number in contact.numbers:
        if number.is_printed and not number.is_fresh:
            yield number.phone, f"/contacts/{contact.place or 'national'}/{contact.id}"
