"""Contacts and their places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

# Kinds of contacts for journalists, and of the publisher: not for people in need.
PRESS = "press"
OFFICE = "office"
EMERGENCY = "emergency"
# Days for which a number counts as verified, may be printed, and is fresh enough for a release.
DAYS_FRESH = 180
DAYS_PRINTED = 365
DAYS_TO_RELEASE = 30
# Contacts on a leaflet in addition to the main one; others follow if there is room, and on the contact sheet.
MAX_NEXT_TO_MAIN = 3
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS_OPEN = "always"


@dataclass(frozen=True)
class Checked:
    """When a contact was last verified, and how ('called' or 'official-source')."""

    on: date
    how: str

    def is_fresh(self, today: date, days: int = DAYS_FRESH) -> bool:
        """Return whether it is recent. In other time zones it may be tomorrow already."""
        return -1 <= (today - self.on).days <= days


@dataclass(frozen=True)
class Call:
    """A call to verify a number. Caller and answer are never published."""

    on: date
    by: str
    is_answered: bool
    languages: tuple[str, ...] = ()
    answer: str = ""


@dataclass(frozen=True)
class Hours:
    """Opening hours: days from 'mon' to 'sun', and times like '8:00-12:00'."""

    days: tuple[str, ...]
    times: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """A telephone number."""

    phone: str  # for readers, with every zero
    extension: str = ""  # dialled afterwards, or ''
    letters: str = ""  # the number in letters, or ''
    uses: Mapping[str, str] = field(default_factory=dict)  # its purpose by language
    free: bool | None = None  # whether calls are free; None if unknown
    checked: Checked | None = None  # the last verification
    reported: date | None = None  # the last check that someone claims, without a call or a source
    calls: tuple[Call, ...] = ()
    is_agreed: bool = False  # the service wants it printed
    is_typed_twice: bool = False  # two people typed the same
    is_fresh: bool = False  # verified recently, when the campaign was read
    is_due: bool = True  # to verify again before a release
    is_printed: bool = True  # False if the verification is too old
    where: str = ""  # file and line
    dialled: str = ""  # as dialled, with the country code if possible; '' for the digits of phone
    doubt: str = ""  # see content.phones

    @property
    def dial(self) -> str:
        """For a tel: link: digits, a leading plus, and the extension after a pause."""
        number = self.dialled or "".join(c for c in self.phone if c.isdigit() or c == "+")
        return f"{number},{self.extension}" if self.extension else number


@dataclass(frozen=True)
class Former:
    """A number that a contact had, as typed."""

    phone: str
    until: date
    corrected: date | None = None  # when pieces with it were corrected
    checked: date | None = None  # its last verification
    source: str = ""  # its source, if the new number wasn't found there
    is_printed: bool = True  # whether something may have been printed with it
    is_reused: bool = False  # the contact has it again, perhaps written differently

    def was_fresh(self, on: date) -> bool:
        """Return whether it counted as verified on a day."""
        return self.checked is not None and Checked(self.checked, "called").is_fresh(on)


@dataclass(frozen=True)
class Contact:
    """An organisation or service to call."""

    id: str
    kind: str  # a code with a string (kind-…)
    name: str  # in the source language, or the same everywhere
    does: tuple[str, ...]  # codes with strings (does-…)
    numbers: tuple[Number, ...]  # the first is the one to call
    hours: str | tuple[Hours, ...]  # as typed, 'always', or by days
    languages: tuple[str, ...]  # codes of those spoken
    source: str  # id in _sources.yml
    place: str | None  # code; None for the whole country
    where: str  # file and line
    names: Mapping[str, str] = field(default_factory=dict)  # by language
    services: Mapping[str, str] = field(default_factory=dict)  # what it does, by language
    email: str = ""
    web: str = ""
    messengers: Mapping[str, str] = field(default_factory=dict)  # app -> number or name
    town: str = ""
    address: str = ""
    is_main: bool = False  # the large number on every piece
    urgency: int = 0  # place of its kind in the campaign's order, from 0; the main contact has -1
    keeper: str = ""  # who verifies it; never published
    former: tuple[Former, ...] = ()  # never published

    @property
    def is_retired(self) -> bool:
        """Whether it was removed, and only its numbers are known."""
        return not self.kind

    @property
    def phone(self) -> str:
        """The number to call, or ''."""
        return self.numbers[0].phone if self.numbers else ""

    @property
    def dial(self) -> str:
        """The number for a tel: link."""
        return self.numbers[0].dial if self.numbers else ""

    @property
    def free(self) -> bool | None:
        """Whether calls are free; None if unknown."""
        return self.numbers[0].free if self.numbers else None

    @property
    def checked(self) -> Checked | None:
        """The last verification of its number."""
        return self.numbers[0].checked if self.numbers else None

    @property
    def is_fresh(self) -> bool:
        """Whether all its numbers are verified."""
        return bool(self.numbers) and all(number.is_fresh for number in self.numbers)

    @property
    def is_printed(self) -> bool:
        """Whether it has a number that may be printed."""
        return any(number.is_printed for number in self.numbers)

    @property
    def former_numbers(self) -> tuple[Former, ...]:
        """Numbers that it no longer has."""
        return tuple(item for item in self.former if not item.is_reused)

    @property
    def shown_source(self) -> str:
        """Its source; '' if the current number wasn't found there."""
        is_old = self.phone and any(item.source == self.source for item in self.former_numbers)
        return "" if is_old else self.source

    def name_in(self, language: str) -> str:
        """Return its name in a language, else in the source language."""
        return self.names.get(language) or self.name


def valid_until(contacts: Iterable[Contact]) -> date | None:
    """Return until when all numbers of some contacts count as verified, or None."""
    numbers = [number for contact in contacts for number in contact.numbers if number.is_printed]
    if not numbers or not all(number.is_fresh and number.checked for number in numbers):
        return None
    return min(number.checked.on for number in numbers if number.checked) + timedelta(DAYS_FRESH)


def order_for(contacts: Iterable[Contact], main: Contact | None, language: str) -> list[Contact]:
    """Return contacts to call: the main one first, then near, urgent, free and in the reader's language."""
    printable = [contact for contact in contacts if contact.is_printed]
    # A place's contacts come before those of its region.
    distance_of_place = {
        place: index for index, place in enumerate(dict.fromkeys(item.place for item in printable if item.place))
    }
    return sorted(
        printable,
        key=lambda item: (
            main is None or item.id != main.id,
            distance_of_place.get(item.place or "", len(distance_of_place)),
            item.urgency,
            not item.free,
            language not in item.languages,
        ),
    )


@dataclass(frozen=True)
class Place:
    """A municipality or the like."""

    code: str
    names: Mapping[str, str]  # by language
    iso: str  # ISO 3166-2, or ''
    column: int | None  # of its tile on the map, from 1
    row: int | None  # of its tile on the map, from 1
    contacts: tuple[Contact, ...]
    region: str = ""  # place whose contacts it shares, or ''
    where: str = ""  # file and line

    def name(self, language: str, source: str) -> str:
        """Return its name in a language, else in the source language, else its code."""
        return self.names.get(language) or self.names.get(source) or self.code
