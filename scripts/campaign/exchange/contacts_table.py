"""Contacts as a table: CSV or XLSX in, CSV out; one row for each number, rows of one id are one contact."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

from campaign.models.campaign import Campaign
from campaign.models.contact import Contact, Number
from campaign.models.problem import CampaignError, Problem
from campaign.schema.yaml_reader import CONTROL

NATIONAL = "national"
COLUMNS = (
    *(
        "place",
        "id",
        "kind",
        "main",
        "name",
        "does",
        "service",
        "phone",
        "extension",
        "letters",
        "for",
        "free",
        "hours",
    ),
    *("languages", "email", "web", "messenger", "source", "town", "address", "keeper", "checked on", "checked how"),
)
# Programs for tables take a cell that begins so for a formula; an apostrophe says that it is text.
FORMULA = ("=", "+", "-", "@", "\t")
MOST_ROWS, MOST_BYTES, MOST_UNPACKED = 5000, 10_000_000, 100_000_000

# A line of a table: column -> text; `line` counts from 1, as the program for tables does.
Row = Mapping[str, str]


def contact_rows(campaign: Campaign) -> Iterator[dict[str, str]]:
    """A row for each number of each contact, one for a contact without."""
    for contact in (*campaign.everybody, *campaign.press_contacts):
        for number in contact.numbers or (None,):
            yield _row(campaign, contact, number)


def _row(campaign: Campaign, contact: Contact, number: Number | None) -> dict[str, str]:
    source = campaign.source_language.code
    found = {
        "place": contact.place or NATIONAL,
        "id": contact.id,
        "kind": contact.kind,
        "main": "yes" if contact.is_main else "",
        "name": contact.name,
        "does": ", ".join(contact.does),
        "service": contact.services.get(source, ""),
        "hours": hours_cell(contact),
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
        found |= {"phone": number.phone, "extension": number.extension, "letters": number.letters}
        found |= {"for": number.uses.get(source, ""), "free": {True: "yes", False: "no", None: ""}[number.free]}
    if number and number.checked:
        found |= {"checked on": number.checked.on.isoformat(), "checked how": number.checked.how}
    return {column: found.get(column, "") for column in COLUMNS}


def hours_cell(contact: Contact) -> str:
    """`mon-fri 8:00-12:00, 13:00-17:00; sat 8:00-12:00`, or as typed."""
    if isinstance(contact.hours, str):
        return contact.hours
    said = []
    for row in contact.hours:
        days = row.days[0] if len(row.days) == 1 else f"{row.days[0]}-{row.days[-1]}"
        said.append(f"{days} {', '.join(row.times)}")
    return "; ".join(said)


def write_csv(rows: Iterable[Row]) -> str:
    """A table as CSV (RFC 4180)."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = (row[column] for column in COLUMNS)
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return text.getvalue()


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a table, `line` among their keys.

    Raises:
        CampaignError: it is no table of contacts, or cells would lose something, all of them named.
    """
    if path.stat().st_size > MOST_BYTES:
        raise _refusal(path, "The table is over 10 MB.", "Save the sheet with the contacts alone.")
    problems: list[Problem] = []
    lines = _xlsx(path, problems) if path.suffix.lower() == ".xlsx" else _csv(path)
    head = [cell.strip().lower() for cell in lines[0]] if lines else []
    if "id" not in head or "source" not in head:
        fix = f"Name its columns as `campaign contacts give` does: {', '.join(COLUMNS)}."
        raise _refusal(path, "The first line does not name the columns `id` and `source`.", fix)
    for name in head:
        if name and name not in COLUMNS:
            what = f"The column `{name}` is not known, and would be lost."
            problems.append(Problem("table-wrong", f"{path}:1", what, f"Known: {', '.join(COLUMNS)}."))
    for line, cells in enumerate(lines, 1):
        if found := CONTROL.search("".join(cells)):
            what = f"There is an invisible control character (U+{ord(found[0]):04X})."
            problems.append(Problem("table-wrong", f"{path}:{line}", what, "Type the cell anew."))
    if problems:
        raise CampaignError(problems)
    rows = []
    for line, cells in enumerate(lines[1:], 2):
        typed = {name: cell.strip() for name, cell in zip(head, cells, strict=False) if name}
        row = {name: cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA else cell for name, cell in typed.items()}
        if any(row.values()):
            rows.append({**row, "line": str(line)})
    return rows


def _csv(path: Path) -> list[list[str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _refusal(path, "The table is not UTF-8 text.", "Save it again as `CSV UTF-8`, or as XLSX.") from None
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(StringIO(text), delimiter=separator, strict=True))
    except csv.Error as error:
        raise _refusal(path, f"The table cannot be read as CSV: {error}.", "Save it again, or as XLSX.") from None
    if len(lines) > MOST_ROWS:
        raise _refusal(path, f"The table has more than {MOST_ROWS} rows.", "Split it.")
    return lines


def _xlsx(path: Path, problems: list[Problem]) -> list[list[str]]:
    try:
        with ZipFile(path) as parts:
            is_bomb = sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED
        if not is_bomb:
            return _sheet(path, problems)
    except Exception:  # what is damaged breaks openpyxl, lxml and zlib in many ways; its remedy is one
        raise _refusal(path, "The file is no XLSX table.", "Save it again as XLSX or CSV.") from None
    raise _refusal(path, "The table is over 100 MB when it is unpacked.", "Save the sheet with the contacts alone.")


def _sheet(path: Path, problems: list[Problem]) -> list[list[str]]:
    """The rows of a workbook's first sheet."""
    from openpyxl import load_workbook  # takes 0.2 s to load

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        lines: list[list[str]] = []
        for cells in book.worksheets[0].iter_rows(max_row=MOST_ROWS + 1, values_only=True):
            lines.append([_text(cell) for cell in cells])
            numeric = [
                at for at, cell in enumerate(cells) if isinstance(cell, int | float) and not isinstance(cell, bool)
            ]
            head = [name.strip().lower() for name in lines[0]]
            for at in numeric:
                if len(lines) > 1 and at < len(head) and head[at] in ("phone", "extension"):
                    what = f"`{cells[at]}` is kept as an amount: a zero at its beginning would be lost."
                    fix = "Format the column as text, and type the number again."
                    problems.append(Problem("table-wrong", f"{path}:{len(lines)}", what, fix))
        return lines
    finally:
        book.close()


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _refusal(path: Path, what: str, fix: str) -> CampaignError:
    return CampaignError([Problem("table-wrong", str(path), what, fix)])
