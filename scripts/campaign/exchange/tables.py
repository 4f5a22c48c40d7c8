"""CSV, XLSX and ODS tables, and what spreadsheets do to them."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Sequence
from io import StringIO
from pathlib import Path

from campaign.cache.regular_files import read_regular
from campaign.content.foreign_files import check_foreign, read_foreign
from campaign.models.problem import CampaignError, Problem, failure
from campaign.schema.csv_reader import Line, csv_lines
from campaign.schema.yaml_reader import CONTROL_CHARACTERS

# Spreadsheets read such cells as formulas; an apostrophe marks text.
FORMULA = ("=", "+", "-", "@", "\t")
MAX_ROWS = 5000
MAX_BYTES = 10_000_000
SHEET_ENDINGS = (".xlsx", ".ods")
ENDINGS = (".csv", ".tsv", ".txt", *SHEET_ENDINGS)


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


def read_lines(
    path: Path, problems: list[Problem], as_text: Collection[str] = (), shows_formulas: bool = False
) -> list[Line]:
    """Return the lines of a table, its head first; of a workbook the first sheet.

    `problems`: gets data that spreadsheets have damaged. `as_text`: columns that must be text, because numbers lose
    zeros. `shows_formulas`: return formulas of a workbook, not their results. Raise CampaignError if it isn't a table,
    or too large.
    """

    def error_of(message: str, fix: str) -> CampaignError:
        return refusal(path, message, fix)

    check_foreign(path, error_of)
    if path.stat().st_size > MAX_BYTES:
        raise error_of("The table is over 10 MB.", "Save only the sheet with the rows.")
    if path.suffix.lower() in SHEET_ENDINGS:
        arguments = ["formulas" if shows_formulas else "results", *as_text]
        rows = read_foreign("sheet", path, problems, error_of, arguments)
        lines: list[Line] = [(number, cells) for number, cells in rows]
    else:
        lines = _csv(path)
    if len(lines) > MAX_ROWS:
        raise error_of(f"The table has more than {MAX_ROWS} rows.", "Split it.")
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
        return csv_lines(text)
    except csv.Error as error:
        raise refusal(path, f"The table cannot be read as CSV: {error}.", "Save it again, or as XLSX.") from None


def refusal(path: Path, message: str, fix: str) -> CampaignError:
    """Return the error for an unreadable table."""
    return failure("table-wrong", str(path), message, fix)
