"""Edit a contacts file value by value, and keep each number's verification consistent."""

from __future__ import annotations

from collections.abc import Container, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from campaign.content import clock
from campaign.content.contacts import FOLDER
from campaign.content.numbers import CALLED, VERIFICATION_KEYS, digits_of
from campaign.content.phones import read_phone
from campaign.content.typed_numbers import is_same
from campaign.desk.files import Files, version_of
from campaign.desk.forms import Edit, apply_edits
from campaign.exchange.take_contacts import OLD_NUMBER
from campaign.schema.yaml_edit import CannotEdit
from campaign.schema.yaml_reader import Value, parse_yaml
from campaign.schema.yaml_splice import KeyPath, parse, parse_mapping, remove, set_aside, set_value

DUPLICATE_SUFFIX = "~"


@dataclass(frozen=True)
class ContactFile:
    """A contacts file with its parsed content."""

    name: str  # path from the campaign's folder
    text: str
    version: str
    parsed: Any  # parsed into str, list and dict

    @staticmethod
    def read(files: Files, place: str, places: Container[str] = ()) -> ContactFile:
        """Return the file of a place, or an empty one for a place in `places` without a file."""
        name = f"{FOLDER}/{place}.yml"
        data = files.read(name)
        if data is None and place in places:
            return ContactFile(name, "", version_of(None), {})
        if data is None:
            raise LookupError(name)
        try:
            text = data.decode("utf-8")
            parsed = parse_mapping(text)
        except (UnicodeDecodeError, CannotEdit) as error:
            raise CannotEdit(f"{name}: {error}") from None
        return ContactFile(name, text, version_of(data), parsed)

    @property
    def count(self) -> int:
        """The number of contacts."""
        return len(self._contacts)

    @property
    def _contacts(self) -> list[dict[str, Any]]:
        result = self.parsed.get("contacts")
        return [item if isinstance(item, dict) else {} for item in result] if isinstance(result, list) else []

    def key_path(self, id: str) -> KeyPath:
        """Return the key path of a contact; `id~2` is the second one with a duplicate id."""
        name, _, occurrence = id.partition(DUPLICATE_SUFFIX)
        results = [index for index, contact in enumerate(self._contacts) if contact.get("id") == name]
        nth = int(occurrence) - 1 if occurrence.isdecimal() and len(occurrence) < 4 else 0
        if not 0 <= nth < len(results):
            raise LookupError(id)
        return ("contacts", results[nth])

    def where(self, id: str) -> str:
        """Return the file and line of a contact."""
        value = parse_yaml(self.text, self.name, [])
        items = (value.keys or {})["contacts"].items or ()
        return f"{self.name}:{items[int(self.key_path(id)[1])].line}"

    def entry(self, id: str) -> dict[str, Any]:
        """Return the parsed entry of a contact."""
        return self._contacts[int(self.key_path(id)[1])]

    def numbers(self, id: str) -> list[tuple[KeyPath, dict[str, Any]]]:
        """Return the key path and content of each number; the contact itself if its number is there."""
        key_path, entry = self.key_path(id), self.entry(id)
        number_rows = entry.get("numbers")
        if isinstance(number_rows, list):
            return [
                ((*key_path, "numbers", index), item)
                for index, item in enumerate(number_rows)
                if isinstance(item, dict)
            ]
        return [(key_path, entry)] if entry.get("phone") else []

    def id_at_line(self, line: int) -> str:
        """Return the id of the contact on a line of the file, or ''."""
        value = parse_yaml(self.text, self.name, [])
        contacts = (value.keys or {}).get("contacts")
        results = [item for item in (contacts.items or () if contacts else ()) if item.line <= line]
        ids = [(item.keys or {}).get("id", Value(0)).text or "" for item in results]
        occurrence = ids.count(ids[-1]) if ids else 1
        return f"{ids[-1]}{DUPLICATE_SUFFIX}{occurrence}" if occurrence > 1 else ids[-1] if ids else ""

    def unconfirmed_claims(self, id: str, edits: Iterable[Edit]) -> list[tuple[str, KeyPath]]:
        """Return claims about a replaced number that may not hold for the new one, each with the old number."""
        key_path, edits, numbers, entry = self.key_path(id), list(edits), dict(self.numbers(id)), self.entry(id)
        changed_paths, result = {edit.key_path for edit in edits}, list[tuple[str, KeyPath]]()
        source = entry.get("source")
        # If it is unsure already, only `source_holds` is left to ask.
        current_numbers = [str(item.get("phone", "")) for item in numbers.values()]
        old_entries = _maps(entry.get("former"))
        former = [
            item
            for item in old_entries
            if not any(is_same(str(item.get("phone", "")), phone) for phone in current_numbers)
        ]
        is_unsure = any(item.get("source") == source for item in former)
        for edit in edits:
            owner, old = edit.key_path[:-1], str(edit.was or "")
            is_number = edit.key_path[-1] == "phone" and owner in numbers and not read_phone(old).fault
            if is_number and edit.value and not is_same(old, str(edit.value)):
                claims = [(*owner, "free")] if "free" in numbers[owner] else []
                claims += [(*key_path, "source")] if source and not is_unsure else []
                result += [(old, claim) for claim in claims if claim not in changed_paths]
        return result

    def edited(self, id: str, edits: Iterable[Edit], holds: Container[KeyPath] = ()) -> str:
        """Return the text with a contact's edits and confirmed claims (`holds`); a changed number loses others."""
        text, edits = self.text, list(edits)
        numbers = dict(self.numbers(id))
        contact_path = self.key_path(id)
        added = [
            edit
            for edit in edits
            if edit.key_path[: len(contact_path) + 1] == (*contact_path, "numbers")
            and edit.key_path[:-1] not in numbers
        ]
        removed_numbers = [edit.key_path[:-1] for edit in edits if edit.key_path[-1] == "phone" and edit.value is None]
        removed_numbers = [owner for owner in removed_numbers if owner in numbers and owner != contact_path]
        for edit in edits:
            owner = edit.key_path[:-1]
            if edit in added or owner in removed_numbers:
                continue
            if owner in (contact_path, *numbers) and edit.key_path[-1] in ("phone", "extension"):
                text = set_aside(text, owner, VERIFICATION_KEYS, OLD_NUMBER)
            text = apply_edits(text, [edit])
        of_before = [(old, key_path) for old, key_path in self.unconfirmed_claims(id, edits) if key_path not in holds]
        for key_path in dict.fromkeys(key_path for _, key_path in of_before if key_path[-1] == "free"):
            text = remove(text, key_path)
        for owner in sorted(removed_numbers, reverse=True):
            text = remove(text, owner)
        unsure = [old for old, key_path in of_before if key_path[-1] == "source"]
        text = self._with_former(text, contact_path, edits, numbers, unsure)
        if not added:
            return text
        pairs = {str(item.key_path[-1]): item.value for item in added if item.value is not None}
        if contact_path in numbers:
            text = _gathered(text, contact_path)
        return set_value(text, (*contact_path, "numbers", len(numbers)), pairs)

    def _with_former(
        self,
        text: str,
        key_path: KeyPath,
        edits: list[Edit],
        numbers: dict[KeyPath, dict[str, Any]],
        unsure: Container[str],
    ) -> str:
        entry = parse(text)["contacts"][key_path[-1]]
        current_digits = {digits_of(str(item.get("phone", ""))) for item in (entry, *_maps(entry.get("numbers")))}
        for edit in edits:
            old = str(edit.was or "") if edit.key_path[-1] == "phone" and edit.key_path[:-1] in numbers else ""
            old = "" if read_phone(old).fault else old  # an invalid number would stop every build
            if digits_of(old) not in current_digits | {""}:
                former = _maps(parse(text)["contacts"][key_path[-1]].get("former"))
                note: dict[str, Any] = {
                    "phone": old,
                    "until": clock.now().date(),
                    **_checked(numbers[edit.key_path[:-1]]),
                }
                note |= {"source": str(entry["source"])} if old in unsure else {}
                # If it had this number before, pieces printed since then aren't corrected.
                same_index = next(
                    (index for index, row in enumerate(former) if is_same(old, str(row.get("phone", "")))), len(former)
                )
                text = text if same_index == len(former) else remove(text, (*key_path, "former", same_index))
                text = set_value(text, (*key_path, "former", len(former) - (same_index < len(former))), note)
        return text

    def confirm_source(self, id: str) -> str:
        """Return the text with the source confirmed for today's number."""
        text, key_path = self.text, self.key_path(id)
        for index, row in enumerate(_maps(self.entry(id).get("former"))):
            if "source" in row:
                text = remove(text, (*key_path, "former", index, "source"))
        return text

    def mark_corrected(self, id: str, phones: Container[str], is_printed: bool = True) -> str:
        """Return the text that marks pieces with these old numbers as corrected; id '' is a removed contact's."""
        text, key = self.text, "former" if id else "retired"
        key_path: KeyPath = (*self.key_path(id), key) if id else (key,)
        rows = (self.entry(id) if id else self.parsed).get(key)
        for index, row in enumerate(_maps(rows)):
            if not row.get("corrected") and row.get("phone") in phones:
                text = set_value(text, (*key_path, index, "corrected"), clock.now().date())
                text = text if is_printed else set_value(text, (*key_path, index, "printed"), False)
        return text

    def with_new(self, edits: Iterable[Edit]) -> str:
        """Return the text with one more contact."""
        pairs: dict[str, Any] = {}
        for edit in edits:
            if edit.value is not None:
                pairs[str(edit.key_path[-1])] = edit.value
        order = ("id", "kind", "name", "main")
        pairs = {key: pairs[key] for key in (*order, *pairs) if key in pairs}
        return set_value(self.text or "contacts: []\n", ("contacts", self.count), pairs)

    def without_contact(self, id: str) -> str:
        """Return the text without a contact; its numbers are kept as retired, so that they are still recognised."""
        entry, name = self.entry(id), self.entry(id).get("name")
        name = next(iter(name.values()), "") if isinstance(name, dict) else name
        today = clock.now().date()
        retired_numbers = [
            (str(number.get("phone", "")), {"until": today, **_checked(number)}) for _, number in self.numbers(id)
        ]
        for number in _maps(entry.get("former")):
            days: dict[str, Any] = {
                key: _day(str(number[key])) for key in ("until", "corrected", "checked") if key in number
            }
            days |= {"printed": False} if number.get("printed") in ("no", "false") else {}
            retired_numbers.append((str(number.get("phone", "")), days))
        text, count = remove(self.text, self.key_path(id)), len(_maps(self.parsed.get("retired")))
        for index, (phone, days) in enumerate(((phone, days) for phone, days in retired_numbers if phone), count):
            owner = {"name": str(name or id.partition(DUPLICATE_SUFFIX)[0]), "phone": phone}
            text = set_value(text, ("retired", index), {**owner, **days})
        return text


def _checked(number: dict[str, Any]) -> dict[str, Any]:
    check = number.get("checked")
    official_checks = [check] if isinstance(check, dict) and check.get("how") != CALLED else []
    answered_calls = [call for call in _maps(number.get("calls")) if call.get("answered") in ("yes", "true", True)]
    days = []
    for note in (*official_checks, *answered_calls):
        with suppress(ValueError):
            days.append(date.fromisoformat(str(note.get("on"))))
    return {"checked": max(days)} if days else {}


def _day(raw: str) -> date:
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return clock.now().date()


def _maps(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _gathered(text: str, key_path: KeyPath) -> str:
    entry = parse(text)
    for step in key_path:
        entry = entry[step]
    first = {
        key: entry[key] for key in ("phone", "extension", "letters", "for", "free", *VERIFICATION_KEYS) if key in entry
    }
    for key in first:
        text = remove(text, (*key_path, key))
    return set_value(text, (*key_path, "numbers"), [first])
