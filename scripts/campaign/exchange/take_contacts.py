"""Import contacts from a table by editing assets/contacts/ in place; differences are shown first."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import yaml

from campaign.content import clock
from campaign.content.contacts import FOLDER
from campaign.content.numbers import VERIFICATION_KEYS, dialled_text, digits_of, fault_text
from campaign.content.phones import read_phone
from campaign.content.writing import encoded_like, read_text, write_files
from campaign.exchange.contacts_table import COLUMNS, contact_rows
from campaign.models.campaign import NATIONAL, Campaign
from campaign.schema.yaml_edit import CannotEdit, YamlText, mappings, value_of
from campaign.schema.yaml_splice import KeyPath, parse, set_value

LISTS = ("does", "languages")
NUMBER_COLUMNS = ("phone", "extension", "letters", "for", "free")
DIALS_COLUMN = "dials"
NOTHING = "nothing"
CHECKED_ON_COLUMN = "checked on"
CHECKED_HOW_COLUMN = "checked how"
CONTACT_COLUMNS = tuple(
    column
    for column in COLUMNS
    if column not in ("place", "id", *NUMBER_COLUMNS, CHECKED_ON_COLUMN, CHECKED_HOW_COLUMN)
)
OLD_NUMBER = "of the number before"
PLAIN_TEXT = re.compile(r"[A-Za-z][\w ’'()/&-]*")
SHORT_TEXT = re.compile(r"\w([\w:.–-]*\w)?")
WORDS = ("yes", "no", "true", "false", "null", "on", "off", "y", "n")

CONTACT_HEAD = "contacts:\n"

Line = dict[str, str]  # column -> text, and `line`


@dataclass(frozen=True)
class Difference:
    """One change that a table would make; without a column it is a new contact, or `message` says it."""

    where: str
    id: str
    column: str = ""
    old: str = ""
    new: str = ""
    message: str = ""

    @property
    def is_new(self) -> bool:
        """Whether the contact is added."""
        return not (self.column or self.message)

    def __str__(self) -> str:
        if self.is_new:
            return f"new in {self.where}: {self.id}, {self.new}"
        return f"{self.where}, {self.id}: {self.message or f'{self.column}: {self.old or NOTHING} -> {self.new}'}"


@dataclass
class TableChanges:
    """The changes that a table would make."""

    differences: list[Difference] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)  # changes to make by hand
    kept: list[str] = field(default_factory=list)  # ids that the table doesn't have
    texts: dict[str, YamlText] = field(default_factory=dict)  # changed files by path
    entries: dict[str, dict[str, yaml.MappingNode]] = field(default_factory=dict)  # of each file, by id

    def files(self) -> dict[str, str]:
        """The new contents by path."""
        results = {where: (text.before, text.changed()) for where, text in self.texts.items()}
        return {where: after for where, (before, after) in results.items() if after != before}


def compare(campaign: Campaign, rows: list[Line]) -> TableChanges:
    """Compare a table with the contacts."""
    table_changes = TableChanges()
    lines_by_id = _by_id(contact_rows(campaign))
    rows = [_read_row(table_changes, row, campaign.country) | _read_check(table_changes, row) for row in rows]
    for id, rows_of_contact in _by_id(rows).items():
        if not id:
            table_changes.by_hand += [f"line {row['line']}: a row without an id." for row in rows_of_contact]
        elif id not in lines_by_id:
            _add(campaign, table_changes, rows_of_contact)
        else:
            _change(campaign, table_changes, lines_by_id[id], rows_of_contact)
    sent_ids = {row.get("id", "") for row in rows}
    table_changes.kept += [id for id in lines_by_id if id not in sent_ids]
    return table_changes


def _read_row(table_changes: TableChanges, row: Line, country: str) -> Line:
    raw = row.get("phone", "")
    phone = read_phone(raw, country)
    if not raw:
        return row
    if phone.fault:
        table_changes.by_hand.append(f"line {row['line']}: {' '.join(fault_text(phone))}")
        return row | {"phone": ""}
    row = row | {"phone": phone.shown, DIALS_COLUMN: dialled_text(phone)}
    return row | ({"extension": phone.extension} if phone.extension else {})


def _read_check(table_changes: TableChanges, row: Line) -> Line:
    """Return the day on which the sender checked a number, if it is one."""
    raw = row.get(CHECKED_ON_COLUMN, "")
    try:
        day = date.fromisoformat(raw) if raw else None
    except ValueError:
        day = date.max
    if day and day > clock.now().date() + timedelta(days=1):
        table_changes.by_hand.append(f"line {row['line']}: `{raw}` is no day of a check. Write it as 2026-11-25.")
        day = None
    return {CHECKED_ON_COLUMN: day.isoformat() if day else ""}


def write(campaign: Campaign, table_changes: TableChanges) -> None:
    """Write the files, all or none."""
    files = {campaign.root / where: text for where, text in table_changes.files().items()}
    write_files(campaign.root, {path: encoded_like(path.read_bytes(), text) for path, text in files.items()})


def _phone(row: Line) -> str:
    return f"{row['phone']} (dials {row[DIALS_COLUMN]})" if row.get(DIALS_COLUMN) else row.get("phone", "")


def _by_id(rows: Iterable[Line]) -> dict[str, list[Line]]:
    lines: dict[str, list[Line]] = {}
    for row in rows:
        lines.setdefault(row.get("id", ""), []).append(row)
    return lines


def _file(row: Line) -> str:
    return f"{FOLDER}/{row.get('place') or NATIONAL}.yml"


def _open(campaign: Campaign, table_changes: TableChanges, where: str) -> YamlText | None:
    if where not in table_changes.texts:
        path = campaign.root / where
        if not re.fullmatch(rf"{FOLDER}/[a-z0-9-]+\.yml", where) or not path.is_file():
            return None
        text = table_changes.texts[where] = YamlText(read_text(path))
        entries = table_changes.entries[where] = {}
        for item in mappings(text.root, "contacts"):
            entries.setdefault(getattr(value_of(item, "id"), "value", ""), item)
    return table_changes.texts[where]


def _add(campaign: Campaign, table_changes: TableChanges, rows: list[Line]) -> None:
    row, where = rows[0], _file(rows[0])
    text = _open(campaign, table_changes, where)
    if text is None or not isinstance(text.root, yaml.MappingNode):
        table_changes.by_hand.append(f"line {row['line']}: there is no place `{row.get('place', '')}` ({where}).")
        return
    try:
        text.append(text.root, "contacts", _entry(rows))
    except CannotEdit:
        table_changes.by_hand.append(f"{where}: its contacts are not written in lines; add {row['id']} by hand.")
        return
    table_changes.differences.append(Difference(where, row["id"], new=f"{row.get('name', '')}, {_phone(row)}"))


def _entry(rows: list[Line]) -> list[str]:
    row = rows[0]
    lines = [f"{column}: {_value(column, row[column])}" for column in ("id", *CONTACT_COLUMNS) if row.get(column)]
    if len(rows) == 1:
        return [*lines, *_number_lines(row)]
    lines.append("numbers:")
    for item in rows:
        first, *rest = _number_lines(item) or ['phone: ""']
        lines += [f"  - {first}", *(f"    {line}" for line in rest)]
    return lines


def _number_lines(row: Line) -> list[str]:
    lines = [f"{column}: {_value(column, row[column])}" for column in NUMBER_COLUMNS if row.get(column)]
    return [*lines, f"reported: {row[CHECKED_ON_COLUMN]}"] if row.get("phone") and row[CHECKED_ON_COLUMN] else lines


def _value(column: str, raw: str) -> str:
    """Return a cell as YAML: lists in brackets, hours as rows, ambiguous values quoted."""
    if column in LISTS:
        return f"[{', '.join(_scalar(part.strip()) for part in raw.split(',') if part.strip())}]"
    if column == "messenger":
        pairs = (part.partition(":") for part in raw.split(";") if part.strip())
        return "{" + ", ".join(f"{_scalar(app.strip())}: {_scalar(name.strip())}" for app, _, name in pairs) + "}"
    if column == "hours" and re.match(r"(mon|tue|wed|thu|fri|sat|sun)\b", raw):
        rows = (part.strip().partition(" ") for part in raw.split(";"))
        spans = (
            f"{{days: {_scalar_of(days)}, open: [{', '.join(_scalar_of(time.strip()) for time in times.split(','))}]}}"
            for days, _, times in rows
        )
        return f"[{', '.join(spans)}]"
    if column in ("main", "free") and raw.lower() in ("yes", "no"):
        return raw.lower()
    return _scalar(raw)


def _scalar(raw: str) -> str:
    is_plain = PLAIN_TEXT.fullmatch(raw) and raw.lower() not in WORDS
    return raw if is_plain else json.dumps(raw, ensure_ascii=False)


def _scalar_of(raw: str) -> str:
    return raw if SHORT_TEXT.fullmatch(raw) else json.dumps(raw, ensure_ascii=False)


class _Change:
    """The changes to one contact.

    They are made in a text with only this contact and put into the file's at the end: a whole file for each contact
    would cost the square of their number. A list in brackets is not in lines and is edited as a whole.
    """

    def __init__(
        self, campaign: Campaign, table_changes: TableChanges, old_lines: list[Line], rows: list[Line]
    ) -> None:
        self.id, self.line, self.where = old_lines[0]["id"], rows[0]["line"], _file(old_lines[0])
        self.table_changes, self.old_lines, self.rows = table_changes, old_lines, rows
        self.source = campaign.source_language.code
        self.text = self._file_text = _open(campaign, table_changes, self.where)
        item = table_changes.entries.get(self.where, {}).get(self.id)
        self._lines: tuple[int, int] | None = None
        if self.text and item and not getattr(value_of(self.text.root, "contacts"), "flow_style", False):
            self._lines = start, end = self.text.lines_of(item)
            self.text = YamlText(CONTACT_HEAD + self.text.text[start:end])
        self._old_text = self.text.changed() if self.text else ""

    @property
    def is_changed(self) -> bool:
        return self.text is not None and self.text.changed() != self._old_text

    def report(self, message: str = "", column: str = "", old: str = "", new: str = "") -> None:
        self.table_changes.differences.append(Difference(self.where, self.id, column, old, new, message))

    def _report_unchanged(self, message: str) -> None:
        self.table_changes.by_hand.append(f"line {self.line}: {message}. Change it in {self.where}.")

    def take(self, text: str) -> None:
        """Go on with a text that has earlier changes."""
        assert self.text is not None  # it has an entry
        self.text = YamlText(text, self.text.before)
        if not self._lines:
            self.table_changes.texts[self.where] = self.text

    def finish(self) -> None:
        """Put the contact's text into the file's."""
        if self._lines and self._file_text and self.text and self.is_changed:
            self._file_text.replace(*self._lines, self.text.changed().removeprefix(CONTACT_HEAD))

    def renew(self) -> yaml.MappingNode:
        if self.text:
            self.take(self.text.changed())
        entry = self.entry()
        assert entry is not None
        return entry

    def entry(self) -> yaml.MappingNode | None:
        contact_maps = mappings(self.text.root, "contacts") if self.text else ()
        return next((item for item in contact_maps if getattr(value_of(item, "id"), "value", "") == self.id), None)

    def set(self, owner: yaml.MappingNode, column: str, old: Line, new: Line, of: str = "") -> bool:
        """Change a value (of translated ones the source's); an empty cell changes nothing."""
        raw = new.get(column, "")
        if not raw or raw == old[column] or self.text is None:
            return False
        key, value = column, _value(column, raw)
        current = value_of(owner, column)
        if column in ("name", "service", "for") and isinstance(current, yaml.MappingNode):
            owner, key = current, self.source
        try:
            self.text.set_value(owner, key, value)
        except CannotEdit:
            self._report_unchanged(f"`{column}` of {self.id} ({old[column]} -> {raw})")
            return False
        self.report(column=f"{of}{column}", old=old[column], new=_phone(new) if column == "phone" else raw)
        return True


def _change(campaign: Campaign, table_changes: TableChanges, lines: list[Line], rows: list[Line]) -> None:
    change = _Change(campaign, table_changes, lines, rows)
    old, entry = lines[0], change.entry()
    place = rows[0].get("place") or old["place"]
    if place != old["place"]:
        change._report_unchanged(f"{change.id} moves to {place}")
    if entry is None:
        change._report_unchanged(f"{change.id} is not written in lines")
        return
    for column in CONTACT_COLUMNS:
        # An edit in one of a contact's rows applies to all.
        values = dict.fromkeys(cell for row in rows if (cell := row.get(column, "")) and cell != old[column])
        if len(values) > 1:
            change._report_unchanged(f"`{column}` of {change.id} is {' and '.join(values)} in different rows")
        else:
            change.set(entry, column, old, {column: next(iter(values), "")})
    _change_numbers(change, entry)
    change.finish()


def _change_numbers(change: _Change, entry: yaml.MappingNode) -> None:
    old = [row for row in change.old_lines if row["phone"]]
    number_rows = list(mappings(entry, "numbers"))
    phones = {row["phone"] for row in old}
    numbers = [
        item for item in number_rows if read_phone(getattr(value_of(item, "phone"), "value", "")).shown in phones
    ]
    numbers = numbers or [entry]
    pairs, new = _match_numbers(old, [row for row in change.rows if row.get("phone")])
    for index, row in enumerate(old):
        if index in pairs:
            _change_number(change, numbers[index], row, pairs[index], len(old) > 1)
        else:
            change.table_changes.by_hand.append(f"not in the table, and kept: {row['phone']} of {change.id}")
    for row in new:
        _add_number(change, row, is_first=not old)
        old = old or [row]
    if change.is_changed:
        _keep_former(change, [row["phone"] for row in change.old_lines if row["phone"]])


def _match_numbers(lines: list[Line], rows: list[Line]) -> tuple[dict[int, Line], list[Line]]:
    """Return the row of each number, and rows with new numbers."""
    left, result = list(rows), dict[int, Line]()
    for keys in (("phone", "extension"), ("phone",), ()):
        for index, old in enumerate(lines):
            matches = (row for row in left if all(row.get(key, "") == old[key] for key in keys))
            row = None if index in result else next(matches, None)
            if row:
                result[index] = row
                left.remove(row)
    return result, left


def _change_number(change: _Change, owner: yaml.MappingNode, old: Line, new: Line, is_one_of: bool) -> None:
    prefix = f"{old['phone']}: " if is_one_of else ""
    changed_columns = [column for column in NUMBER_COLUMNS if change.set(owner, column, old, new, prefix)]
    is_new_number = "phone" in changed_columns or "extension" in changed_columns
    if is_new_number and change.text:
        try:
            change.text.set_aside(owner, VERIFICATION_KEYS, OLD_NUMBER)
        except CannotEdit:
            change._report_unchanged(f"checks of {old['phone']} must be removed")
        if old["free"] and new.get("free", "") in ("", old["free"]):
            change._report_unchanged(f"`free: {old['free']}` of {change.id} refers to {old['phone']}")
        if old[CHECKED_ON_COLUMN]:
            change.report(f"its check of {old[CHECKED_ON_COLUMN]} was of {old['phone']}, and is set aside")
    checked, reported = new[CHECKED_ON_COLUMN], getattr(value_of(owner, "reported"), "value", "")
    if checked <= max(old[CHECKED_ON_COLUMN], "" if is_new_number else reported) or change.text is None:
        return
    if re.search(rf"# {OLD_NUMBER}: .*\b{re.escape(checked)}\b", change.text.text):
        change._report_unchanged(f"the check of {checked} may be of the number that {new['phone']} took the place of")
        return
    change.text.set_value(owner, "reported", checked)
    change.report(column=f"{prefix}reported", old=reported, new=checked)


def _keep_former(change: _Change, phones: list[str]) -> None:
    for phone in phones:
        change.renew()
        assert change.text is not None  # it has an entry
        contacts = parse(change.text.text)["contacts"]
        index = next(n for n, item in enumerate(contacts) if item.get("id") == change.id)
        numbers = contacts[index].get("numbers") or [contacts[index]]
        if digits_of(phone) in {digits_of(str(number.get("phone", ""))) for number in numbers}:
            continue
        key_path: KeyPath = ("contacts", index, "former", len(contacts[index].get("former") or ()))
        source = contacts[index].get("source")
        note: dict[str, Any] = {"phone": phone, "until": clock.now().date()}
        if source and source == change.old_lines[0]["source"]:
            note["source"] = source
            change._report_unchanged(
                f"`source` of {change.id} ({source}) listed {phone}, and isn't printed with the new number"
            )
        try:
            after = set_value(change.text.text, key_path, note)
        except CannotEdit:
            change._report_unchanged(f"`former: [{{phone: {phone}}}]` of {change.id}")
        else:
            change.take(after)


def _add_number(change: _Change, row: Line, is_first: bool) -> None:
    """Add a number; if the first isn't in a list yet, both move below `numbers:`."""
    entry, lines = change.renew(), _number_lines(row)
    assert change.text is not None
    try:
        if is_first:
            change.text.set_aside(entry, VERIFICATION_KEYS, OLD_NUMBER)
            for key, value in (line.split(": ", 1) for line in lines):
                change.text.set_value(entry, key, value)
        elif value_of(entry, "numbers"):
            change.text.append(entry, "numbers", lines)
        else:
            change.text.gather(entry, (*NUMBER_COLUMNS, *VERIFICATION_KEYS), "numbers", lines)
    except CannotEdit:
        change._report_unchanged(f"a further number of {change.id}, {row['phone']}")
        return
    change.report(f"a further number: {_phone(row)}")
