"""Who to call, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

# Kinds of contacts that nobody in need should dial: for journalists; whoever issues the campaign and hears its readers.
PRESS, OFFICE = "press", "office"
EMERGENCY = "emergency"
# For how many days a number counts as checked; for how many it may be printed at all; what a print shop's run and a
# release ask of the main number.
DAYS_FRESH, DAYS_PRINTED, DAYS_TO_RELEASE = 180, 365, 30
# Beside the main contact, as many stand on a leaflet; the others where there is room, and on the contact sheet.
BESIDE_MAIN = 3
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = "always"


@dataclass(frozen=True)
class Checked:
    """When somebody last made sure of a contact, and how ('called' or 'official-source')."""

    on: date
    how: str

    def is_fresh(self, today: date, days: int = DAYS_FRESH) -> bool:
        """Whether that is recent enough to rest on. Where it is evening already it may be tomorrow."""
        return -1 <= (today - self.on).days <= days


@dataclass(frozen=True)
class Call:
    """Somebody called a number to make sure of it. Who did, and what was said, is never published."""

    on: date
    by: str
    is_answered: bool
    languages: tuple[str, ...] = ()
    said: str = ""


@dataclass(frozen=True)
class Hours:
    """When somebody answers on some days: 'mon' to 'sun', and the times, '8:00-12:00'."""

    days: tuple[str, ...]
    times: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """A telephone number.

    Attributes:
        phone: as readers see it, no zero lost.
        extension: what to dial then; '' for none.
        letters: the same as letters on the keys, as typed; '' for none.
        uses: whom and what it is for, by language.
        free: whether the call costs nothing; None where nobody knows.
        checked: the last time that somebody made sure of it.
        calls: those that were made for that.
        is_agreed: whether the service wants it to be printed.
        is_typed_twice: whether two people typed the same.
        is_fresh: whether somebody made sure of it lately, when the campaign was read.
        is_due: whether that has to be done again before anything is released.
        is_printed: False where the last time is so long ago that it may not be printed.
        where: file and line, for problems.
        dialled: the number with its country's code, or as it is dialled inside the country; '' for the digits of phone.
        doubt: why no number of the country is like it: see `content.phones`; '' where there is no reason.
    """

    phone: str
    extension: str = ""
    letters: str = ""
    uses: Mapping[str, str] = field(default_factory=dict)
    free: bool | None = None
    checked: Checked | None = None
    calls: tuple[Call, ...] = ()
    is_agreed: bool = False
    is_typed_twice: bool = False
    is_fresh: bool = False
    is_due: bool = True
    is_printed: bool = True
    where: str = ""
    dialled: str = ""
    doubt: str = ""

    @property
    def dial(self) -> str:
        """For a tel: link: digits and a leading plus only, after a pause the extension."""
        number = self.dialled or "".join(c for c in self.phone if c.isdigit() or c == "+")
        return f"{number},{self.extension}" if self.extension else number


@dataclass(frozen=True)
class Former:
    """A number that a contact had, as typed, and the day on which it was taken back.

    corrected: the day by which somebody had put right what bore it; None before.
    checked: the last day on which somebody had made sure of it; None where nobody had, or nobody knows.
    source: id of what it was from, where nobody has found there the number that took its place.
    is_printed: whether something may have been printed with it.
    is_again: whether the contact has it again, or still, written in another way.
    """

    phone: str
    until: date
    corrected: date | None = None
    checked: date | None = None
    source: str = ""
    is_printed: bool = True
    is_again: bool = False

    def was_fresh(self, on: date) -> bool:
        """Whether what was made of it on a day could rest on it."""
        return self.checked is not None and Checked(self.checked, "called").is_fresh(on)


@dataclass(frozen=True)
class Contact:
    """Who to call.

    Attributes:
        kind: a code that _strings.yml puts in words (kind-…).
        name: in the source language, or where it has one name for all.
        does: codes that _strings.yml puts in words (does-…).
        numbers: the first is the one to call; () where no number is known.
        hours: as typed, 'always', or by days.
        languages: codes of those that are spoken there.
        source: id in _sources.yml.
        place: code; None for the whole country.
        where: file and line, for problems.
        names: by language, where it has more than one.
        services: what it does in words, by language.
        messengers: app -> number or name there.
        is_main: whether it is the large number of every piece.
        keeper: who makes sure of it; never published.
        former: numbers that it had before; never published.
    """

    id: str
    kind: str
    name: str
    does: tuple[str, ...]
    numbers: tuple[Number, ...]
    hours: str | tuple[Hours, ...]
    languages: tuple[str, ...]
    source: str
    place: str | None
    where: str
    names: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)
    email: str = ""
    web: str = ""
    messengers: Mapping[str, str] = field(default_factory=dict)
    town: str = ""
    address: str = ""
    is_main: bool = False
    keeper: str = ""
    former: tuple[Former, ...] = ()

    @property
    def is_retired(self) -> bool:
        """Whether it was taken out, and its numbers alone are known still."""
        return not self.kind

    @property
    def phone(self) -> str:
        """The number to call, as typed; '' where none is known."""
        return self.numbers[0].phone if self.numbers else ""

    @property
    def dial(self) -> str:
        """The number for a tel: link."""
        return self.numbers[0].dial if self.numbers else ""

    @property
    def free(self) -> bool | None:
        """Whether a call costs nothing; None where nobody knows."""
        return self.numbers[0].free if self.numbers else None

    @property
    def checked(self) -> Checked | None:
        """When somebody last made sure of its number."""
        return self.numbers[0].checked if self.numbers else None

    @property
    def is_fresh(self) -> bool:
        """Whether somebody made sure of all its numbers lately."""
        return bool(self.numbers) and all(number.is_fresh for number in self.numbers)

    @property
    def is_printed(self) -> bool:
        """Whether it has a number that may be printed."""
        return any(number.is_printed for number in self.numbers)

    @property
    def before(self) -> tuple[Former, ...]:
        """Numbers that it had, and has no more."""
        return tuple(each for each in self.former if not each.is_again)

    @property
    def shown_source(self) -> str:
        """Its source; '' where it is that of a number before, and nobody has found there the one that it has now."""
        is_old = self.phone and any(each.source == self.source for each in self.before)
        return "" if is_old else self.source

    def name_in(self, language: str) -> str:
        """What it is called in a language, else in the source language."""
        return self.names.get(language) or self.name


def valid_until(contacts: Iterable[Contact]) -> date | None:
    """The day until which the numbers of some contacts count as checked; None where one of them does not."""
    numbers = [number for contact in contacts for number in contact.numbers if number.is_printed]
    if not numbers or not all(number.is_fresh and number.checked for number in numbers):
        return None
    return min(number.checked.on for number in numbers if number.checked) + timedelta(DAYS_FRESH)


def order_for(contacts: Iterable[Contact], main: Contact | None, language: str) -> list[Contact]:
    """Who can be called, the main contact first, then those that are nearest, free and in the reader's language."""
    able = [contact for contact in contacts if contact.is_printed]
    # A place's own stand before those of its region.
    near = {place: at for at, place in enumerate(dict.fromkeys(each.place for each in able if each.place))}
    return sorted(
        able,
        key=lambda each: (
            main is None or each.id != main.id,
            near.get(each.place or "", len(near)),
            not each.free,
            language not in each.languages,
        ),
    )


@dataclass(frozen=True)
class Place:
    """A municipality or the like.

    Attributes:
        names: by language.
        iso: ISO 3166-2 code, or ''.
        column: of its tile on the map, from 1, or None.
        row: of its tile, likewise.
        region: code of the place that it is part of, whose contacts are its own too; '' for none.
        where: file and line, for problems.
    """

    code: str
    names: Mapping[str, str]
    iso: str
    column: int | None
    row: int | None
    contacts: tuple[Contact, ...]
    region: str = ""
    where: str = ""

    def name(self, language: str, source: str) -> str:
        """Its name in a language, else in the source language, else its code."""
        return self.names.get(language) or self.names.get(source) or self.code
