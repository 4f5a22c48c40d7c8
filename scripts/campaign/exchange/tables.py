"""CSV and XLSX tables, and what spreadsheets do to them."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

from campaign.cache.regular_files import read_regular
from campaign.exchange.foreign_files import check_foreign, read_foreign
from campaign.models.problem import CampaignError, Problem
from campaign.schema.csv_reader import Line, csv_lines
from campaign.schema.yaml_reader import CONTROL_CHARACTERS

# Spreadsheets read such cells as formulas; an apostrophe marks text.
FORMULA = ("=", "+", "-", "@", "\t")
MAX_ROWS = 5000
MAX_BYTES = 10_000_000
MAX_UNPACKED_BYTES = 100_000_000
# Twice what contact and count tables need.
MAX_COLUMNS = 200
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx")


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return a table as CSV (RFC 4180) without formulas."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row])
    return text.getvalue()


def plain_cell(cell: str) -> str:
    """Remove the apostrophe that marks a cell as text."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA else cell


def read_lines(path: Path, problems: list[Problem], as_text: Collection[str] = ()) -> list[Line]:
    """Return the lines of a table, its head first; of XLSX the first sheet.

    Args:
        problems: gets data that spreadsheets have damaged
        as_text: columns that must be text, because numbers lose zeros.

    Raises:
        CampaignError: it isn't a table, or too large.
    """

    def error_of(message: str, fix: str) -> CampaignError:
        return refusal(path, message, fix)

    check_foreign(path, error_of)
    if path.stat().st_size > MAX_BYTES:
        raise error_of("The table is over 10 MB.", "Save only the sheet with the rows.")
    if path.suffix.lower() == ".xlsx":
        lines: list[Line] = [
            (line_number, cells) for line_number, cells in read_foreign("sheet", path, problems, error_of, [*as_text])
        ]
    else:
        lines = _csv(path)
    for line, cells in lines:
        if match := CONTROL_CHARACTERS.search("".join(cells)):
            message = f"There is an invisible control character (U+{ord(match[0]):04X})."
            problems.append(Problem("table-wrong", f"{path}:{line}", message, "Type the cell again."))
    return lines


def _csv(path: Path) -> list[Line]:
    try:
        text = read_regular(path, MAX_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refusal(path, "The table is not UTF-8 text.", "Save it again as `CSV UTF-8`, or as XLSX.") from None
    try:
        lines = csv_lines(text)
    except csv.Error as error:
        raise refusal(path, f"The table cannot be read as CSV: {error}.", "Save it again, or as XLSX.") from None
    if len(lines) > MAX_ROWS:
        raise refusal(path, f"The table has more than {MAX_ROWS} rows.", "Split it.")
    return lines


def read_sheet(path: Path, problems: list[Problem], *as_text: str) -> list[Line]:
    """Return the lines of a workbook's first sheet, in a separate process.

    Raises:
        CampaignError: it isn't a workbook, or too large.
    """
    try:
        with ZipFile(path) as parts:
            is_bomb = sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED_BYTES
        if not is_bomb:
            return _sheet(path, problems, as_text)
    except Exception:  # damaged files break openpyxl, lxml and zlib in many ways, with one remedy
        raise refusal(path, "The file is no XLSX table.", "Save it again as XLSX or CSV.") from None
    raise refusal(path, "The table is over 100 MB when it is unpacked.", "Save only the sheet with the rows.")


def _sheet(path: Path, problems: list[Problem], as_text: Collection[str]) -> list[Line]:
    from openpyxl import load_workbook  # takes 0.2 s to import

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        lines: list[Line] = []
        rows = book.worksheets[0].iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS, values_only=True)
        for index, cells in enumerate(rows, 1):
            lines.append((index, [_text(cell) for cell in cells]))
            head = [name.strip().lower() for name in lines[0][1]]
            for column, cell in enumerate(cells):
                is_amount = isinstance(cell, int | float) and not isinstance(cell, bool)
                if is_amount and index > 1 and column < len(head) and head[column] in as_text:
                    message = f"`{cell}` is stored as a number: a leading zero would be lost."
                    fix = "Format the column as text, and type the number again."
                    problems.append(Problem("table-wrong", f"{path}:{index}", message, fix))
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


def refusal(path: Path, message: str, fix: str) -> CampaignError:
    """Return the error for an unreadable table."""
    return CampaignError([Problem("table-wrong", str(path), message, fix)])
