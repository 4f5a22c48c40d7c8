"""The first sheet of an XLSX or ODS workbook from anyone, read in a separate process (see foreign_files)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from campaign.exchange.tables import MAX_ROWS, refusal
from campaign.models.problem import CampaignError, Problem
from campaign.schema.csv_reader import Line

MAX_UNPACKED_BYTES = 100_000_000
# Twice what contact and count tables need.
MAX_COLUMNS = 200
ODS_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
ODS_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
ODS_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def read_sheet(path: Path, problems: list[Problem], formulas: str, *as_text: str) -> list[Line]:
    """Return the lines of a workbook's first sheet, up to one more than allowed.

    `formulas`: "formulas" to return these, "results" to return what they gave when the file was saved. `as_text`:
    columns that must be text. Raise CampaignError if it isn't a workbook, or too large.
    """
    kind = path.suffix.upper().lstrip(".")
    try:
        with ZipFile(path) as parts:
            is_bomb = sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED_BYTES
        if not is_bomb:
            read_rows = _ods_rows if kind == "ODS" else _xlsx_rows
            return _lines(read_rows(path, formulas == "formulas"), path, problems, as_text)
    except CampaignError:
        raise
    except Exception:  # damaged files break openpyxl, lxml and zlib in many ways, with one remedy
        raise refusal(path, f"The file is no {kind} table.", "Save it again as XLSX or CSV.") from None
    raise refusal(path, "The table is over 100 MB when it is unpacked.", "Save only the sheet with the rows.")


def _lines(
    rows: Iterable[tuple[int, list[object]]], path: Path, problems: list[Problem], as_text: Collection[str]
) -> list[Line]:
    lines: list[Line] = []
    for index, cells in rows:
        lines.append((index, [_text(cell) for cell in cells]))
        head = [name.strip().lower() for name in lines[0][1]]
        for column, cell in enumerate(cells):
            is_amount = isinstance(cell, int | float) and not isinstance(cell, bool)
            if is_amount and len(lines) > 1 and column < len(head) and head[column] in as_text:
                message = f"`{_text(cell)}` is stored as a number: a leading zero would be lost."
                fix = "Format the column as text, and type the number again."
                problems.append(Problem("table-wrong", f"{path}:{index}", message, fix))
    while lines and not any(lines[-1][1]):
        lines.pop()
    return lines


def _xlsx_rows(path: Path, shows_formulas: bool) -> Iterator[tuple[int, list[object]]]:
    from openpyxl import load_workbook  # takes 0.2 s to import

    book = load_workbook(path, read_only=True, data_only=not shows_formulas)
    try:
        rows = book.worksheets[0].iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS, values_only=True)
        yield from ((index, [*cells]) for index, cells in enumerate(rows, 1))
    finally:
        book.close()


def _ods_rows(path: Path, shows_formulas: bool) -> Iterator[tuple[int, list[object]]]:
    from lxml import etree

    with ZipFile(path) as parts:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(parts.read("content.xml"), parser)
    sheet = next(root.iter(f"{ODS_TABLE}table"))
    index = 0
    for row in sheet.iter(f"{ODS_TABLE}table-row"):
        count = int(row.get(f"{ODS_TABLE}number-rows-repeated", 1))
        cells = [*_ods_cells(row, shows_formulas)]
        # Sheets end with a million empty rows, written as one.
        for number in range(min(count, MAX_ROWS + 1 - index) if cells else 0):
            yield index + number + 1, cells
        index += count


def _ods_cells(row: Any, shows_formulas: bool) -> Iterator[object]:
    cells: list[object] = []
    for cell in row:
        if cell.tag not in (f"{ODS_TABLE}table-cell", f"{ODS_TABLE}covered-table-cell"):
            continue
        count = min(int(cell.get(f"{ODS_TABLE}number-columns-repeated", 1)), MAX_COLUMNS - len(cells))
        cells += [_ods_value(cell, shows_formulas)] * count
    while cells and cells[-1] == "":
        cells.pop()
    yield from cells


def _ods_value(cell: Any, shows_formulas: bool) -> object:
    get = cell.get
    kind, formula = get(f"{ODS_OFFICE}value-type", ""), get(f"{ODS_TABLE}formula")
    if formula and shows_formulas:
        return f"={formula.partition('=')[2]}"
    if kind in ("float", "currency", "percentage"):
        return float(get(f"{ODS_OFFICE}value"))
    if kind == "boolean":
        return get(f"{ODS_OFFICE}boolean-value") == "true"
    if kind == "date":
        return get(f"{ODS_OFFICE}date-value", "")[:10]
    return "\n".join("".join(paragraph.itertext()) for paragraph in cell.findall(f"{ODS_TEXT}p"))


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if hasattr(cell, "ref"):  # a formula that fills several cells
        return f"={getattr(cell, 'text', '') or ''}"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
