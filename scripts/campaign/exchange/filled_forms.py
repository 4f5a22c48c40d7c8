"""Forms filled in on a computer: the fields of a PDF, read back as the tables that `campaign tally` counts.

Read in a separate process (see foreign_files), because anyone may send a PDF. A table counts if its headings are those
of a form. Place, month and day may be in a separate table, and numbers below each other. Of other tables, such as those
of consents and single tests, ticks are counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from campaign.content.foreign_files import read_foreign
from campaign.exchange.counting_forms import FORMS, form_of, label, normal
from campaign.exchange.tables import refusal
from campaign.models.campaign import Campaign
from campaign.models.filled_form import RECORD_FIELD, FormRecord, field_name
from campaign.models.problem import CampaignError, Problem
from campaign.schema.csv_reader import Line
from campaign.schema.yaml_reader import CONTROL_CHARACTERS

ENDING = ".pdf"
MAX_FIELDS = 5000
MAX_DEPTH = 6
MAX_OBJECTS = 100_000
MAX_LETTERS = 500
TICKED = "\N{BALLOT BOX WITH CHECK}"
NEW_COPY = "Fill in a new copy from dist/editable/, and save it without a password."
# Fewer known headings in a row are chance.
MIN_COLUMNS = 3
MIN_LABELS = 2
COLUMN_KINDS = {column.key: column.kind for columns in FORMS.values() for column in columns}
SHARED_KINDS = ("place", "month", "day", "when")  # a table of one row may give these for all others


@dataclass(frozen=True)
class FilledTable:
    """A table of a form, as `tally` reads it from CSV: its place in the file, headings, and numbered rows."""

    where: str
    head: list[str]
    lines: list[Line]


@dataclass(frozen=True)
class FilledForm:
    """A form that is counted."""

    piece: str  # its file name without language
    language: str
    tables: list[FilledTable]  # those that are counted
    ticks: list[tuple[str, str]]  # of other tables: the words of the row and of the heading


def filled_form(campaign: Campaign, path: Path, problems: list[Problem]) -> FilledForm:
    """Return what is counted of a form; a problem if that is nothing. Raise CampaignError if it is unreadable."""
    found = read_foreign("form", path, problems, lambda message, fix: refusal(path, message, fix))
    form = _Form(campaign, path, found["tables"], found["values"])
    tables, ticks = [*form.tables()], [*form.ticks()]
    if not tables and not ticks:
        titles = ", ".join(f"`{label(campaign.source_language, name)}`" for name in FORMS)
        problem = ("No table of this PDF is counted.", f"Take it out of the folder. Counted are: {titles}.")
        if form.has_forms:
            problem = ("Nothing is filled in.", "Fill it in and save it, or take it out of the folder.")
        problems.append(Problem("tally-no-form", str(path), *problem))
    return FilledForm(found["piece"], found["language"], tables, ticks)


class _Form:
    """The tables of one file; `has_forms`: one of them is counted once it is filled in."""

    def __init__(
        self, campaign: Campaign, path: Path, tables: Sequence[list[list[str | None]]], values: Mapping[str, str]
    ) -> None:
        self.campaign, self.path, self.has_forms = campaign, path, False
        self.keys = _keys(campaign)
        self.tables_typed = [
            [[_Cell(cell, values.get(field_name(*at), "")) for *at, cell in row] for row in _positions(index, table)]
            for index, table in enumerate(tables)
        ]
        self.shared: dict[str, str] = {}
        for table in self.tables_typed:
            self._share(table)

    def tables(self) -> Iterator[FilledTable]:
        """Yield the filled-in tables that `tally` counts."""
        for index, table in enumerate(self.tables_typed, 1):
            where = f"{self.path} (table {index})"
            head = [cell.text for cell in table[0]] if table else []
            if self._has_many(head):
                yield from self._rows(where, head, table[1:])
            elif len({self._key(row[0].text) for row in table if row} - {""}) >= MIN_LABELS:
                yield from self._columns(where, table)

    def ticks(self) -> Iterator[tuple[str, str]]:
        """Yield the row and the heading of each tick."""
        for table in self.tables_typed:
            for number, row in enumerate(table[1:], 1):
                name = " ".join(cell.printed for cell in row if cell.printed) or str(number)
                for column, cell in enumerate(row):
                    if cell.typed == TICKED and column < len(table[0]):
                        yield name, table[0][column].text

    def _share(self, table: list[list[_Cell]]) -> None:
        """Take over what one table says about all others: place, month and day; the pieces that ran out."""
        head = [cell.text for cell in table[0]] if table else []
        if self._has_many(head) and form_of(self.campaign, head):
            return
        for column, key in enumerate(map(self._key, head)):
            texts = [row[column].typed for row in table[1:] if column < len(row)]
            kind = COLUMN_KINDS.get(key, "")
            if kind == "pieces":
                self.shared[key] = ", ".join(filter(None, texts))
            elif kind in SHARED_KINDS and len(texts) == 1:
                self.shared[key] = texts[0] or self.shared.get(key, "")

    def _rows(self, where: str, head: list[str], rows: list[list[_Cell]]) -> Iterator[FilledTable]:
        """Yield a table with a row for each entry."""
        more = [key for key in self.shared if key not in map(self._key, head)]
        head = [*head, *more]
        if form_of(self.campaign, head):
            self.has_forms = True
            values = [self.shared[key] for key in more]
            lines: list[Line] = [
                (number, [*(cell.text for cell in row), *values])
                for number, row in enumerate(rows, 1)
                if any(cell.typed for cell in row)
            ]
            if lines:
                yield FilledTable(where, head, lines)

    def _columns(self, where: str, table: list[list[_Cell]]) -> Iterator[FilledTable]:
        """Yield a table with a column for each entry: one of numbers, or `Before` and `After`."""
        labels = {index: key for index, row in enumerate(table) if row and (key := self._key(row[0].text))}
        for column, cell in list(enumerate(table[0]))[1:]:
            values = {key: table[index][column] for index, key in labels.items() if column < len(table[index])}
            shared = {**self.shared, **({"when": cell.text} if normal(cell.text) in _moments(self.campaign) else {})}
            head = [*values, *(key for key in shared if key not in values)]
            if not form_of(self.campaign, head):
                continue
            self.has_forms = True
            if any(value.typed for value in values.values()):
                texts = [values[key].text if key in values else shared[key] for key in head]
                yield FilledTable(where, head, [(column, texts)])

    def _has_many(self, head: list[str]) -> bool:
        """Return whether a table has the headings of entries."""
        return len({*map(self._key, head)} - {""}) >= MIN_COLUMNS

    def _key(self, text: str) -> str:
        return self.keys.get(normal(text), "")


@dataclass(frozen=True)
class _Cell:
    """A cell with printed text, or with typed text."""

    printed: str | None
    typed: str

    @property
    def text(self) -> str:
        return self.typed if self.printed is None else self.printed


def _positions(table: int, rows: list[list[str | None]]) -> Iterator[list[tuple[Any, ...]]]:
    for number, row in enumerate(rows):
        yield [(table, number, column, cell) for column, cell in enumerate(row)]


@lru_cache(maxsize=1)
def _keys(campaign: Campaign) -> dict[str, str]:
    """Return the key of each column by its heading in any language."""
    keys = dict.fromkeys(column.key for columns in FORMS.values() for column in columns)
    languages = campaign.languages.values()
    return {normal(text): key for key in keys for text in (key, *(label(language, key) for language in languages))}


@lru_cache(maxsize=1)
def _moments(campaign: Campaign) -> frozenset[str]:
    """Return the words for before and after in all languages."""
    languages = campaign.languages.values()
    return frozenset(
        normal(text) for key in ("before", "after") for text in (key, *(label(language, key) for language in languages))
    )


def read_form(path: Path, problems: list[Problem]) -> dict[str, Any]:  # noqa: ARG001  as all readers
    """Return a form's record, and its values by field. Raise CampaignError if it isn't a campaign's form."""
    from pikepdf import PasswordError, Pdf

    try:
        with Pdf.open(path) as document:
            if len(document.objects) > MAX_OBJECTS:
                raise refusal(path, "The PDF is too large for a form.", NEW_COPY)
            if _has_program(document):
                raise refusal(path, "The PDF contains a program (JavaScript), which our forms don't.", NEW_COPY)
            values = dict(_values(document))
        record = msgspec.json.decode(values.pop(RECORD_FIELD, "null"), type=FormRecord | None)
    except CampaignError:
        raise
    except PasswordError:
        raise refusal(path, "The PDF is protected by a password.", NEW_COPY) from None
    except Exception:  # damaged files break pikepdf in many ways, with one remedy
        raise refusal(path, "The PDF is damaged.", NEW_COPY) from None
    if record is None:
        raise refusal(path, "The PDF isn't a form that a campaign made.", NEW_COPY)
    typed = {name: _plain(text) for name, text in values.items()}
    tables = [[[cell and _plain(cell) for cell in row] for row in table] for table in record.tables]
    return {"piece": _plain(record.piece), "language": record.language, "tables": tables, "values": typed}


def _plain(text: str) -> str:
    """Return a text without control characters, on one line."""
    return " ".join(CONTROL_CHARACTERS.sub(" ", text).split())[:MAX_LETTERS]


def _has_program(document: Any) -> bool:
    from pikepdf import Array, Dictionary

    return any(
        b"/JavaScript" in item.unparse(resolved=True)
        for item in document.objects
        if isinstance(item, Dictionary | Array)
    )


def _values(document: Any) -> Iterator[tuple[str, str]]:
    """Yield the name and the value of each field, up to a depth and a number."""
    form = document.Root.get("/AcroForm", {})
    pending = [(field, "", 0) for field in form.get("/Fields", [])]
    for _ in range(MAX_FIELDS):
        if not pending:
            return
        field, above, depth = pending.pop()
        name = ".".join(filter(None, (above, str(field.get("/T", "")))))
        if depth < MAX_DEPTH:
            pending += [(kid, name, depth + 1) for kid in field.get("/Kids", [])]
        if "/V" in field:
            yield name, _value(field)


def _value(field: Any) -> str:
    value = str(field.V)
    if field.get("/FT") == "/Btn":
        return "" if value in ("", "/Off") else TICKED
    return value
