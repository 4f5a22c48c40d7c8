"""Contacts as CSV, XLSX or ODS tables; each number has a row, and rows with one id are one contact."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from campaign.exchange.tables import csv_text, plain_cell, read_lines, refusal
from campaign.models.campaign import NATIONAL, Campaign
from campaign.models.contact import Contact, Number
from campaign.models.problem import CampaignError, Problem
from campaign.schema.csv_reader import Line

COLUMNS = (
    *("place", "id", "kind", "main", "name", "does", "service", "phone", "extension", "letters", "for", "free"),
    *("hours", "languages", "email", "web", "messenger", "source", "town", "address", "keeper"),
    *("checked on", "checked how"),
)
# Formulas (of Lotus 1-2-3 too) and HTML; a number such as `+44 20` or `-` isn't one.
CODE = re.compile(r"=|[+@-]\s*[A-Za-z]\w*[(|!]|[^<]*<[A-Za-z/!?]")
MAX_SHOWN_CELLS = 5
Row = Mapping[str, str]  # column -> text; `line` counts from 1 like spreadsheets


def contact_rows(campaign: Campaign) -> Iterator[dict[str, str]]:
    """Yield a row for each number, and one for each contact without a number."""
    for contact in campaign.whole_register:
        for number in contact.numbers or (None,):
            yield _row(campaign, contact, number)


def _row(campaign: Campaign, contact: Contact, number: Number | None) -> dict[str, str]:
    source = campaign.source_language.code
    results = {
        "place": contact.place or NATIONAL,
        "id": contact.id,
        "kind": contact.kind,
        "main": "yes" if contact.is_main else "",
        "name": contact.name,
        "does": ", ".join(contact.does),
        "service": contact.services.get(source, ""),
        "hours": _hours_cell(contact),
        "languages": ", ".join(contact.languages),
        "email": contact.email,
        "web": contact.web,
        "messenger": "; ".join(f"{app}: {name}" for app, name in contact.messengers.items()),
        "source": contact.source,
        "town": contact.town,
        "address": contact.address,
        "keeper": contact.keeper,
    }
    if number:
        results |= {"phone": number.phone, "extension": number.extension, "letters": number.letters}
        results |= {"for": number.uses.get(source, ""), "free": {True: "yes", False: "no", None: ""}[number.free]}
    if number and number.checked:
        results |= {"checked on": number.checked.on.isoformat(), "checked how": number.checked.how}
    return {column: results.get(column, "") for column in COLUMNS}


def _hours_cell(contact: Contact) -> str:
    """Return `mon-fri 8:00-12:00, 13:00-17:00; sat 8:00-12:00`, or hours as typed."""
    if isinstance(contact.hours, str):
        return contact.hours
    parts = []
    for row in contact.hours:
        days = row.days[0] if len(row.days) == 1 else f"{row.days[0]}-{row.days[-1]}"
        parts.append(f"{days} {', '.join(row.times)}")
    return "; ".join(parts)


def write_csv(rows: Iterable[Row]) -> str:
    """Return a table as CSV (RFC 4180)."""
    return csv_text([COLUMNS, *([row[column] for column in COLUMNS] for row in rows)])


def read_contact_lines(path: Path, problems: list[Problem], as_text: Collection[str] = ()) -> list[Line]:
    """Return the lines of a table of contacts (see `read_lines`), or raise CampaignError."""
    lines = read_lines(path, problems, as_text, shows_formulas=True)
    cells = [(line, cell.strip()) for line, cells in lines for cell in cells if CODE.match(cell.strip())]
    if cells:
        rows = ", ".join(map(str, dict.fromkeys(line for line, _ in cells[:MAX_SHOWN_CELLS])))
        more = " and others" if len(cells) > MAX_SHOWN_CELLS else ""
        message = f"Cells contain formulas or HTML, such as `{cells[0][1][:40]}` (rows {rows}{more})."
        raise refusal(path, message, "Copy the table, paste only its values into a new one, and delete the HTML.")
    return lines


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table, with `line` among their keys, or raise CampaignError."""
    problems: list[Problem] = []
    lines = read_contact_lines(path, problems, as_text=("phone", "extension"))
    head = [cell.strip().lower() for cell in lines[0][1]] if lines else []
    if "id" not in head or "source" not in head:
        fix = f"Name its columns as `campaign contacts give` does: {', '.join(COLUMNS)}."
        raise refusal(path, "The first line does not name the columns `id` and `source`.", fix)
    for name in head:
        if name and name not in COLUMNS:
            message = f"The column `{name}` is not known, and would be lost."
            problems.append(Problem("table-wrong", f"{path}:1", message, f"Known: {', '.join(COLUMNS)}."))
    if problems:
        raise CampaignError(problems)
    rows = []
    for line, cells in lines[1:]:
        row = {name: plain_cell(cell) for name, cell in zip(head, cells, strict=False) if name}
        if any(row.values()):
            rows.append({**row, "line": str(line)})
    return rows
