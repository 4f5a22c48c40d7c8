"""Who to call: assets/contacts/national.yml and a file for each place, read as typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from campaign.content.languages import format_date
from campaign.models.campaign import Language
from campaign.models.contact import EMERGENCY, Checked, Contact, Place
from campaign.models.problem import Problem
from campaign.schema.declaration import bind
from campaign.schema.kinds import CheckedNote, ContactEntry, NationalContacts, PlaceFile
from campaign.schema.yaml_reader import EMPTY, Fields, read_yaml

FOLDER = "assets/contacts"
PHONE = re.compile(r"\+?[0-9][0-9 ().\-]*[0-9]|[0-9]")
SHELTER = "shelter"


class ContactReader:
    """Reads contacts.

    Its `words` are the source language's strings, which say what kinds and services there are; `today` is the day from
    which the age of checks is counted.
    """

    def __init__(
        self,
        root: Path,
        words: Mapping[str, str],
        sources: Mapping[str, object],
        problems: list[Problem],
        today: date,
    ) -> None:
        self.root, self.sources, self.problems, self.today = root, sources, problems, today
        self.kinds = tuple(key.removeprefix("kind-") for key in words if key.startswith("kind-"))
        self.services = tuple(key.removeprefix("does-") for key in words if key.startswith("does-"))
        self.seen: dict[str, str] = {}

    def read_national(self) -> tuple[Contact, ...]:
        """The contacts that hold for the whole country."""
        where = f"{FOLDER}/national.yml"
        if not (self.root / where).is_file():
            self.problems.append(
                Problem(
                    "contacts-missing", where, "The national contacts are missing.", "Add the file with `contacts: []`."
                )
            )
            return ()
        file = bind(NationalContacts, read_yaml(self.root / where, where, self.problems), where, self.problems)
        return self._contacts(file.contacts, None)

    def read_place(self, code: str, languages: tuple[str, ...], line: str) -> Place | None:
        """One place; None and a problem where its file is missing.

        Args:
            code: the place's, and its file's name.
            languages: codes of those in which it may be named.
            line: where mkdocs.yml names it.
        """
        where = f"{FOLDER}/{code}.yml"
        if not (self.root / where).is_file():
            self.problems.append(
                Problem(
                    "place-no-file", line, f"The place `{code}` has no file.", f"Add {where}, or take it off the list."
                )
            )
            return None
        value = read_yaml(self.root / where, where, self.problems)
        if value is EMPTY:
            return None
        file = bind(PlaceFile, value, where, self.problems)
        names = Fields(file.value("names"), where, self.problems, languages) if file.names else None
        if names is None:
            file.complain(
                "place-no-name", "", "The place has no name.", "Add `names: {en: ...}` with its name in each language."
            )
        return Place(
            code=code,
            names={language: name for language, name in file.names.items() if language in languages},
            iso=file.iso,
            column=int(file.column) if file.column else None,
            row=int(file.row) if file.row else None,
            contacts=self._contacts(file.contacts, code),
        )

    def _contacts(self, entries: tuple[ContactEntry, ...], place: str | None) -> tuple[Contact, ...]:
        return tuple(self._contact(entry, place) for entry in entries if entry.is_map)

    def _contact(self, entry: ContactEntry, place: str | None) -> Contact:
        kind = entry.kind if self._is_known(entry) else ""
        self._hide_shelters(entry, kind, place)
        if entry.id in self.seen:
            entry.complain(
                "name-taken", "id", f"The id `{entry.id}` is taken by {self.seen[entry.id]}.", "Choose another."
            )
        self.seen[entry.id] = entry.line()
        if entry.source and entry.source not in self.sources:
            entry.complain(
                "source-unknown", "source", f"`{entry.source}` is not in docs/_sources.yml.", "Add it there."
            )
        for service in entry.does:
            if service not in self.services:
                fix = f"Choose from: {', '.join(self.services)}; or add `does-{service}` to each _strings.yml."
                entry.complain("service-no-words", "does", f"There are no words for `does: {service}`.", fix)
        checked = self._checked(entry)
        return Contact(
            id=entry.id,
            kind=kind,
            name=entry.name,
            does=tuple(service for service in entry.does if service in self.services),
            phone=self._phone(entry),
            hours=entry.hours,
            languages=entry.languages,
            free=entry.free,
            source=entry.source,
            checked=checked,
            place=place,
            where=entry.line(),
            is_fresh=bool(checked and checked.is_fresh(self.today)),
        )

    def _is_known(self, entry: ContactEntry) -> bool:
        if entry.kind and entry.kind not in self.kinds:
            entry.complain(
                "value-unknown",
                "kind",
                f"`{entry.kind}` is not known as `kind`.",
                f"Choose from: {', '.join(self.kinds)}.",
            )
        return entry.kind in self.kinds

    def _hide_shelters(self, entry: ContactEntry, kind: str, place: str | None) -> None:
        """A refuge that can be found is none: neither place, town nor address of one may stand anywhere."""
        if kind != SHELTER:
            return
        told = [key for key, typed in (("town", entry.town), ("address", entry.address)) if typed]
        if place or told:
            what = "A shelter may not be located: this one has " + (" and ".join(told) or "a place") + "."
            fix = "Move it to national.yml, without town and address, or leave it out."
            entry.complain("shelter-located", "", what, fix)

    def _phone(self, entry: ContactEntry) -> str:
        if entry.phone and not PHONE.fullmatch(entry.phone):
            fix = "Use digits, spaces, hyphens and a leading plus only; leave the line out where no number is known."
            entry.complain("number-wrong", "phone", f"`{entry.phone}` is not a telephone number.", fix)
            return ""
        return entry.phone

    def _checked(self, entry: ContactEntry) -> Checked | None:
        if entry.checked is None or entry.checked.text == "no":
            return None
        note = bind(CheckedNote, entry.checked, entry.file, self.problems)
        if note.how == "called" and entry.kind == EMERGENCY:
            fix = "Check it in an official source, and write `how: official-source`."
            note.complain("emergency-called", "how", "An emergency number is never tested by calling it.", fix)
        return Checked(note.on, note.how) if note.on and note.how else None


def read_places(
    reader: ContactReader, codes: tuple[str, ...], languages: tuple[str, ...], line: str
) -> dict[str, Place]:
    """Every place that mkdocs.yml names; a file of a place that it does not name is a problem.

    Args:
        reader: for their contacts.
        codes: of the places, in their order.
        languages: codes of those in which they may be named.
        line: where mkdocs.yml names them, as problems say it.
    """
    found = {code: reader.read_place(code, languages, line) for code in codes}
    for path in sorted((reader.root / FOLDER).glob("*.yml")):
        if path.stem not in codes and path.stem != "national":
            where = f"{FOLDER}/{path.name}"
            fix = "Add it to `places` there, or delete the file."
            reader.problems.append(Problem("place-unlisted", where, f"mkdocs.yml names no place `{path.stem}`.", fix))
    return {code: place for code, place in found.items() if place}


def check_text(language: Language, contact: Contact) -> str:
    """When somebody last made sure of a number, or that nobody has."""
    words = language.strings
    if contact.checked is None:
        return words["not-checked"]
    day = format_date(language, contact.checked.on)
    if not contact.is_fresh:
        return words["checked-long-ago"].format(date=day)
    return f"{words['checked-on'].format(date=day)} {words.get(f'checked-{contact.checked.how}', '')}".strip()
