"""`places:` as a table: a CSV file next to mkdocs.yml or in assets/, with a row for each place."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from campaign.models.campaign import NATIONAL
from campaign.models.contact import Place
from campaign.models.names import PLAIN_NAME
from campaign.models.problem import Problem
from campaign.schema.csv_reader import Line, csv_lines
from campaign.schema.declaration import bind, declared_fields
from campaign.schema.kinds import PlaceRow
from campaign.schema.yaml_reader import CONTROL_CHARACTERS, MERGE_MARK, Value, merge_fault

PLACE_CODE = PLAIN_NAME
NAME_IN = re.compile(r"name[ _:-]+(\S+)")
# Indonesia, with the most villages of any country, has 84,000.
MAX_ROWS = 100_000
MAX_BYTES = 30_000_000
FOLDERS = ("", "assets/")
SAVE_AGAIN_FIX = "Save it again as `CSV UTF-8`."


def is_table(raw: str) -> bool:
    """Return whether `places:` names a file."""
    return re.fullmatch(r"(assets/)?[^/\\]+\.csv", raw, re.IGNORECASE) is not None


def read_place_rows(
    root: Path, name: str, line: str, languages: tuple[str, ...], source: str, problems: list[Problem]
) -> dict[str, Place]:
    """Return the places of a table, named at `line`, without contacts, by id. `name` is in the language `source`."""
    where = next((f"{folder}{name}" for folder in FOLDERS if (root / folder / name).is_file()), "")
    if not where:
        message = f"There is no table `{name}` next to mkdocs.yml or in assets/."
        problems.append(Problem("table-wrong", line, message, "Put it there, or write the codes of the places here."))
        return {}
    lines = _read_lines(root / where, where, problems)
    if not lines:
        return {}
    columns = _columns(lines[0], where, languages, source, problems)
    places: dict[str, Place] = {}
    for line_number, cells in lines[1:] if columns else ():
        if any(cell.strip() for cell in cells) and (place := _place(line_number, cells, columns, where, problems)):
            first = places.setdefault(place.code, place)
            if first is not place:
                message = f"The id `{place.code}` is taken by {first.where}."
                problems.append(
                    Problem("name-taken", place.where, message, "Choose another, or delete one of the rows.")
                )
    return places


def with_regions(rows: Mapping[str, Place]) -> tuple[str, ...]:
    """Return the codes of all places; a region without a row comes before its first place."""
    results: dict[str, None] = {}
    for row in rows.values():
        if row.region and row.region not in rows:
            results.setdefault(row.region)
        results.setdefault(row.code)
    return tuple(results)


def _read_lines(path: Path, where: str, problems: list[Problem]) -> list[Line]:
    if path.stat().st_size > MAX_BYTES:
        message = f"The table is over {MAX_BYTES // 1_000_000} MB."
        problems.append(Problem("table-wrong", where, message, "Save only the sheet with the places."))
        return []
    data = path.read_bytes()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff", b"PK"):
        kind = "an XLSX file, whatever its name says" if data[:2] == b"PK" else "UTF-16 text"
        problems.append(Problem("table-wrong", where, f"The table is {kind}.", SAVE_AGAIN_FIX))
        return []
    problems += _wrong_letters(data, where)
    try:
        lines = csv_lines(data.decode("utf-8-sig", errors="replace"))
    except csv.Error as error:
        problems.append(Problem("table-wrong", where, f"The table cannot be read as CSV: {error}.", SAVE_AGAIN_FIX))
        return []
    for line_number, cells in lines:
        if match := CONTROL_CHARACTERS.search("".join(cells)):
            message = f"There is an invisible control character (U+{ord(match[0]):04X})."
            problems.append(Problem("table-wrong", f"{where}:{line_number}", message, "Type the cell again."))
    if marks := [(row, cells[0]) for row, cells in lines if MERGE_MARK.match("".join(cells))]:
        problems += [Problem("merge-conflict", f"{where}:{row}", *merge_fault(mark)) for row, mark in marks]
        return []
    if len(lines) > MAX_ROWS + 1:
        message = f"The table has more than {MAX_ROWS:,} rows."
        problems.append(Problem("table-wrong", where, message, "Make a campaign for each part of the country."))
        return []
    if not lines:
        problems.append(Problem("table-wrong", where, "The table is empty.", f"Name its columns: {_column_names()}."))
    return lines


def _wrong_letters(data: bytes, where: str) -> Iterator[Problem]:
    """Yield a problem for each line that isn't UTF-8, as in Excel's plain `CSV`."""
    for index, line in enumerate(data.split(b"\n"), 1):
        try:
            line.decode()
        except UnicodeDecodeError:
            excerpt = line.decode("cp1252", errors="replace").strip()[:60]
            yield Problem(
                "table-wrong", f"{where}:{index}", f"The letters of `{excerpt}` are not UTF-8.", SAVE_AGAIN_FIX
            )


def _columns(
    head: Line, where: str, languages: tuple[str, ...], source: str, problems: list[Problem]
) -> dict[str, int]:
    line, cells = head
    if "id" not in [cell.strip().lower() for cell in cells]:
        message, fix = "No column is called `id`.", f"Name the columns in the first line: {_column_names(languages)}."
        problems.append(Problem("table-wrong", f"{where}:{line}", message, fix))
        return {}
    results: dict[str, int] = {}
    for index, cell in enumerate(cells):
        heading = cell.strip()
        if not heading:
            continue
        name, match = heading.lower(), NAME_IN.fullmatch(heading.lower())
        codes = {code.lower(): code for code in languages}
        if name == "name":
            name = f"name {source}"
        elif match and match[1] in codes:
            name = f"name {codes[match[1]]}"
        elif name not in declared_fields(PlaceRow):
            fix = f"Known: {_column_names(languages)}. Leave its heading empty if the column isn't needed."
            problems.append(Problem("table-wrong", f"{where}:{line}", f"The column `{heading}` is not known.", fix))
            continue
        if name in results:
            message = f"There are two columns `{heading}`."
            problems.append(Problem("table-wrong", f"{where}:{line}", message, "Delete one of the two."))
        results.setdefault(name, index)
    return results


def _column_names(languages: tuple[str, ...] = ()) -> str:
    plain_columns = [name for name in declared_fields(PlaceRow) if name != "name"]
    return ", ".join([plain_columns[0], *(f"name {code}" for code in languages or ("en",)), *plain_columns[1:]])


def _place(
    position: int, cells: list[str], columns: Mapping[str, int], where: str, problems: list[Problem]
) -> Place | None:
    values = {name: cells[column].strip() for name, column in columns.items() if column < len(cells)}
    names = {name.removeprefix("name "): text for name, text in values.items() if name.startswith("name ") and text}
    keys = {name: Value(position, text=text) for name, text in values.items() if not name.startswith("name ")}
    if not values.get("id"):
        label = next(iter(names.values()), "") or ", ".join(filter(None, values.values()))
        message = f"The row of `{label[:60]}` has no id." if label else "The row has no id."
        problems.append(Problem("table-wrong", f"{where}:{position}", message, "Write its code in the column `id`."))
        return None
    row = bind(PlaceRow, Value(position, keys=keys), where, problems)
    for key in ("id", "region"):
        code = getattr(row, key)
        if code and not PLACE_CODE.fullmatch(code):
            message = f"`{code}` is not a code."
            row.complain("name-not-plain", key, message, "Use lower-case letters, digits and hyphens.")
            return None
    if row.id == NATIONAL:
        row.complain("name-taken", "id", f"`{NATIONAL}` means the whole country.", "Choose another id.")
        return None
    column, tile = (int(item) if item else None for item in (row.column, row.row))
    return Place(row.id, names, row.iso, column, tile, (), row.region, f"{where}:{position}")
