"""The fields above the list of prints, from an address or a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from campaign.desk.desk import field_text
from campaign.desk.print_paper import MOST_COPIES, SIDES
from campaign.models.campaign import NATIONAL, Campaign
from campaign.models.outputs import FLAVOURS

ALL = "all"


@dataclass(frozen=True)
class Chosen:
    """What somebody prints."""

    place: str
    language: str
    printer: str
    what: str
    copies: int
    sides: str

    @staticmethod
    def of(campaign: Campaign, asked: Mapping[str, Any]) -> Chosen:
        """Read them, with defaults."""
        return Chosen(
            _known(field_text(asked, "place"), (NATIONAL, *campaign.places)),
            _known(field_text(asked, "language"), tuple(campaign.languages)),
            _known(field_text(asked, "printer"), FLAVOURS),
            _known(field_text(asked, "what"), (ALL, *campaign.kinds)),
            copies_asked(asked),
            _known(field_text(asked, "sides"), SIDES),
        )

    @property
    def address(self) -> str:
        """Where they are shown."""
        return f"/print?{urlencode(asdict(self))}"


def _known(typed: str, known: tuple[str, ...]) -> str:
    return typed if typed in known else known[0]


def copies_asked(asked: Mapping[str, Any]) -> int:
    """Return the number of copies, at least one."""
    typed = field_text(asked, "copies")
    return min(max(1, int(typed)), MOST_COPIES) if typed.isdecimal() and len(typed) < 9 else 1
