"""A contacts file as the desk edits it: value by value, with the number's verification kept true."""

from __future__ import annotations

from collections.abc import Container, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from campaign.content import clock
from campaign.content.contacts import FOLDER
from campaign.content.numbers import digits_of
from campaign.content.phones import read_phone
from campaign.content.typed_numbers import is_same
from campaign.desk.files import Files, version_of
from campaign.desk.forms import Edit, apply_edits
from campaign.exchange.take_contacts import OLD_NUMBER, VERIFICATION_KEYS
from campaign.schema.yaml_edit import CannotEdit
from campaign.schema.yaml_reader import Value, parse_yaml
from campaign.schema.yaml_splice import KeyPath, parse, remove, set_aside, set_value

DUPLICATE_SUFFIX = "~"


@dataclass(frozen=True)
class ContactFile:
    """A contacts file with its parsed content."""

    name: str  # path from the campaign's folder
    text: str
    version: str
    said: Any  # parsed into str, list and dict

    @staticmethod
    def read(files: Files, place: str, listed: Container[str] = ()) -> ContactFile:
        """Return the file of a place, or an empty one for a place in `listed` without a file."""
        name = f"{FOLDER}/{place}.yml"
        data = files.read(name)
        if data is None and place in listed:
            return ContactFile(name, "", version_of(None), {})
        if data is None:
            raise LookupError(name)
        try:
            text = data.decode("utf-8")
            said = parse(text)
        except (UnicodeDecodeError, CannotEdit) as error:
            raise CannotEdit(f"{name}: {error}") from None
        return ContactFile(name, text, version_of(data), said if isinstance(said, dict) else {})

    @property
    def count(self) -> int:
        """The number of contacts."""
        return len(self._contacts)

    @property
    def _contacts(self) -> list[dict[str, Any]]:
        found = self.said.get("contacts")
        return [each if isinstance(each, dict) else {} for each in found] if isinstance(found, list) else []

    def way(self, id: str) -> KeyPath:
        """Return the key path of a contact; `id~2` is the second one with a duplicate id."""
        name, _, turn = id.partition(DUPLICATE_SUFFIX)
        found = [at for at, each in enumerate(self._contacts) if each.get("id") == name]
        nth = int(turn) - 1 if turn.isdecimal() and len(turn) < 4 else 0
        if not 0 <= nth < len(found):
            raise LookupError(id)
        return ("contacts", found[nth])

    def where(self, id: str) -> str:
        """Return the file and line of a contact."""
        value = parse_yaml(self.text, self.name, [])
        items = (value.keys or {})["contacts"].items or ()
        return f"{self.name}:{items[int(self.way(id)[1])].line}"

    def entry(self, id: str) -> dict[str, Any]:
        """Return the parsed entry of a contact."""
        return self._contacts[int(self.way(id)[1])]

    def numbers(self, id: str) -> list[tuple[KeyPath, dict[str, Any]]]:
        """Return the key path and content of each number; the contact itself if its number is there."""
        way, entry = self.way(id), self.entry(id)
        listed = entry.get("numbers")
        if isinstance(listed, list):
            return [((*way, "numbers", at), each) for at, each in enumerate(listed) if isinstance(each, dict)]
        return [(way, entry)] if entry.get("phone") else []

    def id_on(self, line: int) -> str:
        """Return the id of the contact on a line of the file, or ''."""
        value = parse_yaml(self.text, self.name, [])
        listed = (value.keys or {}).get("contacts")
        found = [each for each in (listed.items or () if listed else ()) if each.line <= line]
        ids = [(each.keys or {}).get("id", Value(0)).text or "" for each in found]
        turn = ids.count(ids[-1]) if ids else 1
        return f"{ids[-1]}{DUPLICATE_SUFFIX}{turn}" if turn > 1 else ids[-1] if ids else ""

    def unconfirmed_claims(self, id: str, edits: Iterable[Edit]) -> list[tuple[str, KeyPath]]:
        """Return claims about a replaced number that may not hold for the new one, each with the old number."""
        way, edits, listed, entry = self.way(id), list(edits), dict(self.numbers(id)), self.entry(id)
        changed, found, source = {edit.way for edit in edits}, list[tuple[str, KeyPath]](), entry.get("source")
        # If it is unsure already, only `source_holds` is left to ask.
        now = [str(each.get("phone", "")) for each in listed.values()]
        before = _maps(entry.get("former"))
        former = [each for each in before if not any(is_same(str(each.get("phone", "")), phone) for phone in now)]
        is_unsure = any(each.get("source") == source for each in former)
        for edit in edits:
            owner, was = edit.way[:-1], str(edit.was or "")
            is_number = edit.way[-1] == "phone" and owner in listed and not read_phone(was).fault
            if is_number and edit.value and not is_same(was, str(edit.value)):
                said = [(*owner, "free")] if "free" in listed[owner] else []
                said += [(*way, "source")] if source and not is_unsure else []
                found += [(was, at) for at in said if at not in changed]
        return found

    def edited(self, id: str, edits: Iterable[Edit], holds: Container[KeyPath] = ()) -> str:
        """Return the text with a contact's edits; verification of a changed number is removed.

        `holds` are claims that the editor confirmed for the new number, see `unconfirmed_claims`.
        """
        text, edits = self.text, list(edits)
        listed = dict(self.numbers(id))
        way = self.way(id)
        added = [
            edit for edit in edits if edit.way[: len(way) + 1] == (*way, "numbers") and edit.way[:-1] not in listed
        ]
        gone = [edit.way[:-1] for edit in edits if edit.way[-1] == "phone" and edit.value is None]
        gone = [owner for owner in gone if owner in listed and owner != way]
        for edit in edits:
            owner = edit.way[:-1]
            if edit in added or owner in gone:
                continue
            if owner in listed and edit.way[-1] in ("phone", "extension") and edit.was:
                text = set_aside(text, owner, [key for key in VERIFICATION_KEYS if key in listed[owner]], OLD_NUMBER)
            text = apply_edits(text, [edit])
        of_before = [(was, at) for was, at in self.unconfirmed_claims(id, edits) if at not in holds]
        for at in dict.fromkeys(at for _, at in of_before if at[-1] == "free"):
            text = remove(text, at)
        for owner in sorted(gone, reverse=True):
            text = remove(text, owner)
        unsure = [was for was, at in of_before if at[-1] == "source"]
        text = self._with_former(text, way, edits, listed, unsure)
        if not added:
            return text
        pairs = {str(each.way[-1]): each.value for each in added if each.value is not None}
        if way in listed:
            text = _gathered(text, way)
        return set_value(text, (*way, "numbers", len(listed)), pairs)

    def _with_former(
        self, text: str, way: KeyPath, edits: list[Edit], listed: dict[KeyPath, dict[str, Any]], unsure: Container[str]
    ) -> str:
        entry = parse(text)["contacts"][way[-1]]
        has = {digits_of(str(each.get("phone", ""))) for each in (entry, *_maps(entry.get("numbers")))}
        for edit in edits:
            was = str(edit.was or "") if edit.way[-1] == "phone" and edit.way[:-1] in listed else ""
            was = "" if read_phone(was).fault else was  # an invalid number would stop every build
            if digits_of(was) not in has | {""}:
                former = _maps(parse(text)["contacts"][way[-1]].get("former"))
                note: dict[str, Any] = {"phone": was, "until": clock.now().date(), **_checked(listed[edit.way[:-1]])}
                note |= {"source": str(entry["source"])} if was in unsure else {}
                # If it had this number before, pieces printed since then aren't corrected.
                again = next(
                    (at for at, known in enumerate(former) if is_same(was, str(known.get("phone", "")))), len(former)
                )
                text = text if again == len(former) else remove(text, (*way, "former", again))
                text = set_value(text, (*way, "former", len(former) - (again < len(former))), note)
        return text

    def confirm_source(self, id: str) -> str:
        """Return the text with the source confirmed for today's number."""
        text, way = self.text, self.way(id)
        for at, each in enumerate(_maps(self.entry(id).get("former"))):
            if "source" in each:
                text = remove(text, (*way, "former", at, "source"))
        return text

    def mark_corrected(self, id: str, phones: Container[str], is_printed: bool = True) -> str:
        """Return the text that marks pieces with these old numbers as corrected today; id '' is a removed contact's.

        With `is_printed=False` it says that nothing was printed with them.
        """
        text, key = self.text, "former" if id else "retired"
        way: KeyPath = (*self.way(id), key) if id else (key,)
        rows = (self.entry(id) if id else self.said).get(key)
        for at, each in enumerate(_maps(rows)):
            if not each.get("corrected") and each.get("phone") in phones:
                text = set_value(text, (*way, at, "corrected"), clock.now().date())
                text = text if is_printed else set_value(text, (*way, at, "printed"), False)
        return text

    def with_new(self, edits: Iterable[Edit]) -> str:
        """Return the text with one more contact."""
        pairs: dict[str, Any] = {}
        for edit in edits:
            if edit.value is not None:
                pairs[str(edit.way[-1])] = edit.value
        order = ("id", "kind", "name", "main")
        pairs = {key: pairs[key] for key in (*order, *pairs) if key in pairs}
        return set_value(self.text or "contacts: []\n", ("contacts", self.count), pairs)

    def without(self, id: str) -> str:
        """Return the text without a contact; its numbers are kept as retired, so that they are still recognised."""
        entry, name = self.entry(id), self.entry(id).get("name")
        name = next(iter(name.values()), "") if isinstance(name, dict) else name
        today = clock.now().date()
        had = [(str(each.get("phone", "")), {"until": today, **_checked(each)}) for _, each in self.numbers(id)]
        for each in _maps(entry.get("former")):
            days = {key: _day(str(each[key])) for key in ("until", "corrected", "checked") if key in each}
            had.append((str(each.get("phone", "")), days | ({"printed": False} if "printed" in each else {})))
        text, count = remove(self.text, self.way(id)), len(_maps(self.said.get("retired")))
        for at, (phone, days) in enumerate(((phone, days) for phone, days in had if phone), count):
            whose = {"name": str(name or id.partition(DUPLICATE_SUFFIX)[0]), "phone": phone}
            text = set_value(text, ("retired", at), {**whose, **days})
        return text


def _checked(number: dict[str, Any]) -> dict[str, Any]:
    looked = [each] if isinstance(each := number.get("checked"), dict) else []
    answered = [call for call in _maps(number.get("calls")) if call.get("answered") in ("yes", "true", True)]
    days = []
    for note in (*looked, *answered):
        with suppress(ValueError):
            days.append(date.fromisoformat(str(note.get("on"))))
    return {"checked": max(days)} if days else {}


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return clock.now().date()


def _maps(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _gathered(text: str, way: KeyPath) -> str:
    entry = parse(text)
    for step in way:
        entry = entry[step]
    first = {
        key: entry[key] for key in ("phone", "extension", "letters", "for", "free", *VERIFICATION_KEYS) if key in entry
    }
    for key in first:
        text = remove(text, (*way, key))
    return set_value(text, (*way, "numbers"), [first])
