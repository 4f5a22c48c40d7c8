"""Who to call: assets/contacts/national.yml and a file for each place, read as typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from campaign.content.languages import format_date
from campaign.models.campaign import Language
from campaign.models.contact import Checked, Contact, Place
from campaign.models.problem import Problem
from campaign.schema.yaml_reader import EMPTY, Fields, Value, read_yaml

FOLDER = "assets/contacts"
CONTACT_KEYS = (
    *("id", "kind", "name", "does", "phone", "hours", "languages", "free", "source", "checked"),
    *("town", "address"),
)
PLACE_KEYS = ("names", "iso", "column", "row", "contacts")
PHONE = re.compile(r"\+?[0-9][0-9 ().\-]*[0-9]|[0-9]")
SHELTER = "shelter"


class ContactReader:
    """Reads contacts; `words` are the source language's strings, which say what kinds and services there are."""

    def __init__(
        self, root: Path, words: Mapping[str, str], sources: Mapping[str, object], problems: list[Problem]
    ) -> None:
        self.root, self.sources, self.problems = root, sources, problems
        self.kinds = tuple(key.removeprefix("kind-") for key in words if key.startswith("kind-"))
        self.services = tuple(key.removeprefix("does-") for key in words if key.startswith("does-"))
        self.seen: dict[str, str] = {}

    def read_national(self) -> tuple[Contact, ...]:
        """The contacts that hold for the whole country."""
        where = f"{FOLDER}/national.yml"
        if not (self.root / where).is_file():
            self.problems.append(
                Problem(where, "The national contacts are missing.", "Add the file with `contacts: []`.")
            )
            return ()
        fields = Fields(read_yaml(self.root / where, where, self.problems), where, self.problems, ("contacts",))
        return self._contacts(fields, None)

    def read_place(self, code: str, languages: tuple[str, ...], line: str) -> Place | None:
        """One place; None and a problem where its file is missing. line: where mkdocs.yml names it."""
        where = f"{FOLDER}/{code}.yml"
        if not (self.root / where).is_file():
            self.problems.append(
                Problem(line, f"The place `{code}` has no file.", f"Add {where}, or take it off the list.")
            )
            return None
        value = read_yaml(self.root / where, where, self.problems)
        if value is EMPTY:
            return None
        fields = Fields(value, where, self.problems, PLACE_KEYS)
        names = Fields(fields.mapping("names"), where, self.problems, languages)
        column, row = (fields.number(key) for key in ("column", "row"))
        if not names.keys:
            fields.complain(value, "The place has no name.", "Add `names: {en: ...}` with its name in each language.")
        return Place(
            code=code,
            names={language: names.text(language) for language in names.keys},
            iso=fields.text("iso"),
            column=int(column) if column else None,
            row=int(row) if row else None,
            contacts=self._contacts(fields, code),
        )

    def _contacts(self, fields: Fields, place: str | None) -> tuple[Contact, ...]:
        found = (self._contact(value, fields.where, place) for value in fields.values("contacts"))
        return tuple(contact for contact in found if contact)

    def _contact(self, value: Value, where: str, place: str | None) -> Contact | None:
        fields = Fields(value, where, self.problems, CONTACT_KEYS)
        if not fields.keys:
            return None
        kind = fields.choice("kind", self.kinds, required=True)
        self._hide_shelters(fields, kind, place)
        id = fields.text("id", required=True)
        if id in self.seen:
            fields.complain(fields.keys["id"], f"The id `{id}` is taken by {self.seen[id]}.", "Choose another.")
        self.seen[id] = f"{where}:{value.line}"
        source = fields.text("source", required=True)
        if source and source not in self.sources:
            fields.complain(fields.keys["source"], f"`{source}` is not in docs/_sources.yml.", "Add it there.")
        services = fields.texts("does")
        for service in services:
            if service not in self.services:
                fix = f"Choose from: {', '.join(self.services)}; or add `does-{service}` to each _strings.yml."
                fields.complain(fields.keys["does"], f"There are no words for `does: {service}`.", fix)
        return Contact(
            id=id,
            kind=kind,
            name=fields.text("name"),
            does=tuple(service for service in services if service in self.services),
            phone=self._phone(fields),
            hours=fields.text("hours"),
            languages=fields.texts("languages"),
            free=fields.flag("free"),
            source=source,
            checked=self._checked(fields),
            place=place,
            where=f"{where}:{value.line}",
        )

    def _hide_shelters(self, fields: Fields, kind: str, place: str | None) -> None:
        """A refuge that can be found is none: neither place, town nor address of one may stand anywhere."""
        if kind != SHELTER:
            return
        told = [key for key in ("town", "address") if fields.text(key)]
        if place or told:
            what = "A shelter may not be located: this one has " + (" and ".join(told) or "a place") + "."
            fix = "Move it to national.yml, without town and address, or leave it out."
            fields.complain(fields.value, what, fix)

    def _phone(self, fields: Fields) -> str:
        phone = fields.text("phone")
        if phone and not PHONE.fullmatch(phone):
            fix = "Use digits, spaces, hyphens and a leading plus only; leave the line out where no number is known."
            fields.complain(fields.keys["phone"], f"`{phone}` is not a telephone number.", fix)
            return ""
        return phone

    def _checked(self, fields: Fields) -> Checked | None:
        if "checked" not in fields.keys or fields.keys["checked"].text in ("", "no"):
            return None
        inner = Fields(fields.mapping("checked"), fields.where, self.problems, ("on", "how"))
        on = inner.day("on", required=True)
        how = inner.choice("how", ("called", "official-source"), required=True)
        if how == "called" and fields.text("kind") == "emergency":
            fix = "Check it in an official source, and write `how: official-source`."
            inner.complain(inner.keys["how"], "An emergency number is never tested by calling it.", fix)
        return Checked(on, how) if on and how else None


def read_places(
    reader: ContactReader, codes: tuple[str, ...], languages: tuple[str, ...], line: str
) -> dict[str, Place]:
    """Every place that mkdocs.yml names; a file of a place that it does not name is a problem."""
    found = {code: reader.read_place(code, languages, line) for code in codes}
    for path in sorted((reader.root / FOLDER).glob("*.yml")):
        if path.stem not in codes and path.stem != "national":
            where = f"{FOLDER}/{path.name}"
            fix = "Add it to `places` there, or delete the file."
            reader.problems.append(Problem(where, f"mkdocs.yml names no place `{path.stem}`.", fix))
    return {code: place for code, place in found.items() if place}


def check_text(language: Language, contact: Contact, today: date) -> str:
    """When somebody last made sure of a number, or that nobody has. today: from when its age is counted."""
    words = language.strings
    if contact.checked is None:
        return words["not-checked"]
    day = format_date(language, contact.checked.on)
    if not contact.is_fresh(today):
        return words["checked-long-ago"].format(date=day)
    return f"{words['checked-on'].format(date=day)} {words.get(f'checked-{contact.checked.how}', '')}".strip()
