"""Read contacts (assets/contacts/national.yml and the files of places), and write their texts in a language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from campaign.content.locale_format import format_date, format_time_range, joined, locale_format
from campaign.content.misnamed import rename_or
from campaign.content.numbers import note_stray_checks, read_number, texts_by_language
from campaign.content.phones import plain_text
from campaign.content.places import PLACE_CODE
from campaign.content.typed_hours import read_hours
from campaign.content.typed_numbers import is_same
from campaign.models.campaign import Language
from campaign.models.contact import ALWAYS_OPEN, DAYS, Contact, Former, Hours, Number, Place
from campaign.models.leftovers import is_leftover
from campaign.models.names import plain_name
from campaign.models.problem import Problem
from campaign.schema import kinds
from campaign.schema.declaration import bind
from campaign.schema.yaml_reader import EMPTY_VALUE, Fields, read_yaml

FOLDER = "assets/contacts"
EMPTY_ROWS: Mapping[str, Place] = {}
TIMES = re.compile(r"(\d{1,2})[:.](\d\d) ?[-–] ?(\d{1,2})[:.](\d\d)")
# A time of day.
TIME = re.compile(r"(?<![\d:.])(\d{1,2})[:.h](\d\d)(?![\d:.]?\d)")
HOUR = 60
DAY = 24 * 60
EMAIL = re.compile(r"[^\s@<>,;]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
WEB = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[\w./~%+-]*)?", re.IGNORECASE)
SHELTER = "shelter"
HOURS_FIX = "Write 8:00-12:00, 13:00-17:00; for a night 17:00-24:00, 0:00-8:00; for day and night `always`."


class ContactReader:
    """Reads contacts. `words` are the source language's strings; the age of verifications is counted until `today`."""

    def __init__(
        self,
        root: Path,
        words: Mapping[str, str],
        sources: Mapping[str, object],
        problems: list[Problem],
        today: date,
        languages: tuple[str, ...] = (),
        source_language: str = "",
        country: str = "",
    ) -> None:
        self.root, self.sources, self.problems, self.today = root, sources, problems, today
        self.languages, self.source_language, self.country = languages, source_language, country
        self.kinds = tuple(key.removeprefix("kind-") for key in words if key.startswith("kind-"))
        self.services = tuple(key.removeprefix("does-") for key in words if key.startswith("does-"))
        self.seen: dict[str, str] = {}
        self.main = ""
        self.retired: list[Contact] = []
        self.order: tuple[str, ...] = kinds.URGENT_KINDS

    def read_national(self) -> tuple[Contact, ...]:
        """Return the contacts for the whole country."""
        where = f"{FOLDER}/national.yml"
        if not (self.root / where).is_file():
            fix = rename_or(self.root / where, "Add the file with `contacts: []`.")
            self.problems.append(Problem("contacts-missing", where, "The national contacts are missing.", fix))
            return ()
        file = bind(kinds.NationalContacts, read_yaml(self.root / where, where, self.problems), where, self.problems)
        self._retire(file.retired, None)
        self._read_order(file)
        return self._contacts(file.contacts, None)

    def read_place(self, code: str, languages: tuple[str, ...], line: str, row: Place | None = None) -> Place | None:
        """Return a place, or None and a problem if its file is missing. `row`, from a table, overrides the file."""
        where = f"{FOLDER}/{code}.yml"
        exists = (self.root / where).is_file()
        if not exists and row is None:
            fix = f"Add {where}, or take it off the list."
            self.problems.append(Problem("place-no-file", line, f"The place `{code}` has no file.", fix))
            return None
        value = read_yaml(self.root / where, where, self.problems) if exists else EMPTY_VALUE
        if exists and value is EMPTY_VALUE:
            return None
        file = bind(kinds.PlaceFile, value, where, self.problems)
        if file.names:
            Fields(file.value("names"), where, self.problems, languages)
        self._retire(file.retired, code)
        place = row or Place(code, {}, "", None, None, (), where=where)
        names = {**{language: name for language, name in file.names.items() if language in languages}, **place.names}
        if not names:
            message, fix = "The place has no name.", "Add its name in each language: `names: {en: ...}`, or `name en`."
            self.problems.append(Problem("place-no-name", place.where, message, fix))
        return Place(
            code=code,
            names=names,
            iso=place.iso or file.iso,
            column=place.column or (int(file.column) if file.column else None),
            row=place.row or (int(file.row) if file.row else None),
            contacts=self._contacts(file.contacts, code),
            region=place.region or file.region,
            where=place.where,
        )

    def _read_order(self, file: kinds.NationalContacts) -> None:
        """Read the order of kinds, which holds for places too."""
        self.order = file.order
        unknown = [kind for kind in file.order if kind not in self.kinds] if file.has("order") else []
        if unknown:
            fix = f"Choose from: {', '.join(self.kinds)}."
            file.complain("value-unknown", "order", f"`{unknown[0]}` isn't a valid value of `order`.", fix)

    def _contacts(self, entries: tuple[kinds.ContactEntry, ...], place: str | None) -> tuple[Contact, ...]:
        """Return the contacts in the order in which readers see them."""
        contacts = (self._contact(entry, place) for entry in entries if entry.is_map)
        return tuple(sorted(contacts, key=lambda contact: contact.urgency))

    def _urgency(self, kind: str) -> int:
        return self.order.index(kind) if kind in self.order else len(self.order)

    def _check_entry(self, entry: kinds.ContactEntry) -> None:
        if entry.id in self.seen:
            fix = "Choose another."
            entry.complain("name-taken", "id", f"The id `{entry.id}` is taken by {self.seen[entry.id]}.", fix)
        self.seen[entry.id] = entry.line()
        if entry.id and not PLACE_CODE.fullmatch(entry.id):
            id_base = plain_name(entry.id) or entry.kind or "contact"
            fix = f"Write `id: {id_base}` (lower-case letters, digits and hyphens); readers never see it."
            entry.complain("name-not-plain", "id", f"`{entry.id}` is not a plain name.", fix)
        if entry.source and entry.source not in self.sources:
            fix = "Add it there."
            entry.complain("source-unknown", "source", f"`{entry.source}` is not in docs/_sources.yml.", fix)
        for service in entry.does:
            if service not in self.services:
                fix = f"Choose from: {', '.join(self.services)}; or add `does-{service}` to each _strings.yml."
                entry.complain("service-no-words", "does", f"`does: {service}` has no words for readers.", fix)

    def _contact(self, entry: kinds.ContactEntry, place: str | None) -> Contact:
        kind = entry.kind if self._is_known(entry) else ""
        self._hide_shelters(entry, kind, place)
        self._check_entry(entry)
        names, numbers = self._texts(entry, "name"), tuple(self._numbers(entry))
        return Contact(
            id=entry.id,
            kind=kind,
            name=names.get(self.source_language) or next(iter(names.values()), ""),
            does=tuple(service for service in entry.does if service in self.services),
            numbers=numbers,
            hours=self._hours(entry),
            languages=entry.languages,
            source=entry.source,
            place=place,
            where=entry.line(),
            names=names,
            services=self._texts(entry, "service"),
            email=self._matching(entry, "email", entry.email, EMAIL, "name@clinic.example"),
            web=self._matching(entry, "web", entry.web, WEB, "clinic.example, without https://"),
            messengers=entry.messenger,
            town=entry.town,
            address=entry.address,
            is_main=(is_main := self._is_main(entry, place)),
            urgency=-1 if is_main else self._urgency(kind),
            keeper=entry.keeper,
            former=tuple(
                replace(former, is_reused=any(is_same(former.phone, number.phone) for number in numbers))
                for item in entry.former
                if (former := _former(item, item.source))
            ),
        )

    def _retire(self, notes: tuple[kinds.RetiredNote, ...], place: str | None) -> None:
        for note in notes:
            if former := _former(note):
                name, where = note.name or note.phone, note.line()
                self.retired.append(Contact(where, "", name, (), (), "", (), "", place, where, former=(former,)))

    def _texts(self, entry: kinds.ContactEntry | kinds.NumberEntry, key: str) -> dict[str, str]:
        return texts_by_language(entry, key, self.languages, self.source_language)

    def _numbers(self, entry: kinds.ContactEntry) -> Iterator[Number]:
        if entry.numbers and entry.phone:
            fix = "Put it first below `numbers:`."
            entry.complain("number-twice", "phone", "There is a number here, and others below `numbers:`.", fix)
        note_stray_checks(entry, bool(entry.numbers))
        for item in entry.numbers or (entry,):
            number = read_number(item, entry.kind, self.today, self._texts(item, "for"), self.country)
            if number:
                yield number

    def _is_main(self, entry: kinds.ContactEntry, place: str | None) -> bool:
        if not entry.main:
            return False
        if place:
            message = "A contact of one place cannot be the main one of every piece."
            entry.complain("main-not-one", "main", message, "Move it to national.yml, or take `main` out.")
        elif self.main:
            entry.complain("main-not-one", "main", f"{self.main} is the main contact too.", "Keep one of them.")
        elif not entry.phone and not entry.numbers:
            entry.complain("main-not-one", "main", "The main contact has no number.", "Add it, or take `main` out.")
        self.main = self.main or entry.line("main")
        return not place

    def _hours(self, entry: kinds.ContactEntry) -> str | tuple[Hours, ...]:
        if not entry.has("hours"):
            return ""
        value = entry.value("hours")
        if value.items is None:
            if value.text is None:
                fix = "Write `always`, 8:00-16:00, or a list: `- {days: mon-fri, open: [8:00-12:00, 13:00-17:00]}`."
                entry.complain("hours-wrong", "hours", "This does not say when it is open.", fix)
            raw = self._hours_text(entry, (value.text or "").strip())
            hours = read_hours(raw)
            return tuple(_hours_of(row) for row in hours) if isinstance(hours, list) else hours or raw
        rows = (bind(kinds.HoursRow, item, entry.file, self.problems) for item in value.items)
        return tuple(row for row in map(_hours_row, rows) if row)

    def _hours_text(self, entry: kinds.ContactEntry, raw: str) -> str:
        plain_hours = plain_text(raw)
        invalid = [match[0] for match in TIME.finditer(plain_hours) if _minutes(*match.groups()) < 0]
        invalid = invalid or [match[0] for match in TIMES.finditer(plain_hours) if not _is_span(match)]
        if invalid:
            entry.complain("hours-wrong", "hours", f"`{invalid[0]}` is no {_wrong_time(invalid[0])}.", HOURS_FIX)
        return raw

    def _matching(self, entry: kinds.ContactEntry, key: str, raw: str, form: re.Pattern[str], example: str) -> str:
        if raw and not form.fullmatch(raw):
            entry.complain("address-wrong", key, f"`{raw}` is no address of this kind.", f"Write it as {example}.")
            return ""
        return raw

    def _is_known(self, entry: kinds.ContactEntry) -> bool:
        if entry.kind and entry.kind not in self.kinds:
            fix = f"Choose from: {', '.join(self.kinds)}."
            entry.complain("value-unknown", "kind", f"`{entry.kind}` isn't a valid value of `kind`.", fix)
        return entry.kind in self.kinds

    def _hide_shelters(self, entry: kinds.ContactEntry, kind: str, place: str | None) -> None:
        """Report every place, town or address of a shelter, which has to stay secret."""
        if kind != SHELTER:
            return
        hidden_keys = [key for key, value in (("town", entry.town), ("address", entry.address)) if value]
        if place or hidden_keys:
            message = "A shelter may not be located: this one has " + (" and ".join(hidden_keys) or "a place") + "."
            fix = "Move it to national.yml, without town and address, or leave it out."
            entry.complain("shelter-located", hidden_keys[0] if hidden_keys else "kind", message, fix)


def _former(note: kinds.FormerNote, source: str = "") -> Former | None:
    if not note.phone or not note.until:
        return None
    return Former(note.phone, note.until, note.corrected, note.checked, source, note.printed is not False)


def _hours_of(row: dict[str, Any]) -> Hours:
    first, _, last = row["days"].partition("-")
    return Hours(_days_between(first, last or first), tuple(part.strip() for part in row["open"]))


def _days_between(first: str, last: str) -> tuple[str, ...]:
    start, end = DAYS.index(first), DAYS.index(last)
    return DAYS[start : end + 1] if start <= end else DAYS[start:] + DAYS[: end + 1]


def _hours_row(row: kinds.HoursRow) -> Hours | None:
    first, _, last = row.days.partition("-")
    last = last or first
    if first not in DAYS or last not in DAYS:
        fix = f"Write one of {', '.join(DAYS)}, or from one to another: mon-fri."
        row.complain("hours-wrong", "days", f"`{row.days}` names no days.", fix)
        return None
    for span in row.open:
        match = TIMES.fullmatch(plain_text(span))
        if not match or not _is_span(match):
            row.complain("hours-wrong", "open", f"`{span}` is no {_wrong_time(span)}.", HOURS_FIX)
            return None
    return Hours(_days_between(first, last), row.open) if row.open else None


def _is_span(match: re.Match[str]) -> bool:
    start, end = _minutes(match[1], match[2]), _minutes(match[3], match[4])
    return 0 <= start < end


def _minutes(hour: str, minute: str) -> int:
    total = int(hour) * HOUR + int(minute)
    return total if int(minute) < HOUR and total <= DAY else -1


def _wrong_time(raw: str) -> str:
    return "time from one hour to a later one" if TIMES.search(plain_text(raw)) else "time of day"


def read_places(
    reader: ContactReader,
    codes: tuple[str, ...],
    languages: tuple[str, ...],
    line: str,
    rows: Mapping[str, Place] = EMPTY_ROWS,
) -> dict[str, Place]:
    """Return every place in mkdocs.yml (at `line`); files of other places are problems."""
    first = {row.region: row.where for row in reversed([*rows.values()])}
    read = {code: reader.read_place(code, languages, first.get(code, line), rows.get(code)) for code in codes}
    results = {code: place for code, place in read.items() if place}
    for path in sorted((reader.root / FOLDER).glob("*.yml")):
        if path.stem not in codes and path.stem != "national" and not is_leftover(path.name):
            where = f"{FOLDER}/{path.name}"
            fix = "Add it to `places` there, or move the file out of the campaign."
            reader.problems.append(Problem("place-unlisted", where, f"mkdocs.yml names no place `{path.stem}`.", fix))
    for place in results.values():
        if place.region and (place.region == place.code or place.region not in codes):
            message = f"The region `{place.region}` of `{place.code}` is no other place of the list."
            fix = "Name the place that it is part of, or none."
            reader.problems.append(Problem("region-unknown", place.where, message, fix))
    return results


def check_text(language: Language, number: Number | None) -> str:
    """Return when a number was last verified, or that it wasn't."""
    words = language.strings
    if number is None or number.checked is None:
        return words["not-checked"]
    day = format_date(language, number.checked.on)
    if not number.is_fresh:
        return words["checked-long-ago"].format(date=day)
    return f"{words['checked-on'].format(date=day)} {words.get(f'checked-{number.checked.how}', '')}".strip()


def contact_checks(language: Language, contact: Contact) -> str:
    """Return the verification of a contact's least certain number."""
    doubtful = sorted(contact.numbers, key=lambda item: (item.is_fresh, item.checked.on if item.checked else date.min))
    return check_text(language, doubtful[0] if doubtful else None)


def hours_text(language: Language, hours: str | tuple[Hours, ...]) -> str:
    """Return hours such as `Mon–Fri 08:00–12:00, 13:00–17:00; Sat 08:00–12:00`, or ''."""
    words = language.strings
    if not hours or hours == ALWAYS_OPEN:
        return words["hours-always"] if hours else ""
    if isinstance(hours, str):
        return words["hours"].format(hours=kept_direction(language, hours))
    names = dict(zip(DAYS, locale_format(language).days, strict=True))
    lines = []
    for row in hours:
        ends = dict.fromkeys((row.days[0], row.days[-1]))
        days = "–".join(names[day] for day in ends) if len(row.days) != len(DAYS) else ""
        times = joined(language, (format_time_range(language, time) for time in row.times))
        lines.append(f"{days} {times}".strip())
    return words["hours"].format(hours="; ".join(lines))


def kept_direction(language: Language, text: str) -> str:
    """Return something as typed, isolated in right-to-left text, where "24x7" would be turned round."""
    return f"\u2068{text}\u2069" if text and language.direction == "rtl" else text


def service_text(language: Language, contact: Contact, source: str) -> str:
    """Return what a contact does: in the language's words, else by codes, else in the source language."""
    words = language.strings
    if language.code in contact.services:
        return contact.services[language.code]
    text = joined(language, (words.get(f"does-{code}", code) for code in contact.does))
    return text or contact.services.get(source, "")


def number_text(language: Language, number: Number) -> str:
    """Return a number with its extension."""
    extension = language.strings["extension"].format(number=number.extension) if number.extension else ""
    return f"{number.phone} {extension}".strip()
