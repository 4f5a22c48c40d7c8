"""Who to call, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

# The kind of contacts that are for journalists only.
PRESS = "press"
EMERGENCY = "emergency"
# For how long a number counts as checked.
DAYS_FRESH = 180


@dataclass(frozen=True)
class Checked:
    """When somebody last made sure of a contact, and how ('called' or 'official-source')."""

    on: date
    how: str

    def is_fresh(self, today: date) -> bool:
        """Whether that is recent enough to rest on."""
        return 0 <= (today - self.on).days <= DAYS_FRESH


@dataclass(frozen=True)
class Contact:
    """Who to call.

    Attributes:
        kind: a code that _strings.yml puts in words (kind-…).
        does: codes that _strings.yml puts in words (does-…).
        phone: as typed, so that no zero is lost; '' where no number is known.
        languages: codes of those that are spoken there.
        free: whether the call costs nothing; None where nobody knows.
        source: id in _sources.yml.
        place: code; None for the whole country.
        where: file and line, for problems.
        is_fresh: whether somebody made sure of it lately, when the campaign was read.
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
    is_fresh: bool = False

    @property
    def dial(self) -> str:
        """The number for a tel: link: digits and a leading plus only."""
        return "".join(c for c in self.phone if c.isdigit() or c == "+")


@dataclass(frozen=True)
class Place:
    """A municipality or the like.

    Attributes:
        names: by language.
        iso: ISO 3166-2 code, or ''.
        column: of its tile on the map, from 1, or None.
        row: of its tile, likewise.
    """

    code: str
    names: Mapping[str, str]
    iso: str
    column: int | None
    row: int | None
    contacts: tuple[Contact, ...]

    def name(self, language: str, source: str) -> str:
        """Its name in a language, else in the source language, else its code."""
        return self.names.get(language) or self.names.get(source) or self.code
