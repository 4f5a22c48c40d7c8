"""Read contacts from a table with other headings: guess its columns, and write places, kinds and ids as ours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from campaign.cache.memo import Memo
from campaign.content.phones import lacks_area_code, national_spelling, with_area_code
from campaign.exchange.contacts_table import COLUMNS, Row, read_contact_lines
from campaign.exchange.tables import plain_cell, read_lines, refusal
from campaign.models.campaign import NATIONAL, Campaign
from campaign.models.names import plain_name
from campaign.models.problem import CampaignError, Problem
from campaign.schema.csv_reader import Line

# In tables of a whole country: the words for it that no place has.
NATIONAL_WORDS = ("national", "nacional", "nasional", "nasionál", "whole country", "all", "nationwide")
YES = ("yes", "sim", "ya", "loos", "oui", "si", "x", "free", "gratis", "gratuito")
IGNORED = "-"
# A number has at least so many digits after a slash; fewer replace the last ones of the number before.
MIN_DIGITS = 5
# A column that ours don't have: the area code of the numbers of a row.
AREA = "area"
# Titles above the headings.
MAX_TITLE_ROWS = 20
SEVERAL = re.compile(r"\s*(?:[/,;&|\n]|\bor\b|\bou\b|\batau\b|\bka\b)\s*")


@dataclass(frozen=True)
class ForeignTable:
    """A table with other headings than ours, before its rows are read."""

    path: Path
    lines: Sequence[Line]
    columns: Mapping[str, str]  # our column for each heading; '-' for a heading that is left out
    problems: Sequence[Problem]  # why its rows can't be read with these columns


def open_foreign_table(path: Path, chosen: Mapping[str, str], known: Mapping[str, str]) -> ForeignTable:
    """Guess the columns of a table, or take `chosen` and `known` ones. Raise CampaignError if it can't be read."""
    problems: list[Problem] = []
    lines = read_contact_lines(path, problems)
    lines = lines[_heading_row(lines) :]
    headings = [cell.strip() for cell in lines[0][1]] if lines else []
    columns = _columns(headings, chosen, known)
    problems += _column_problems(f"{path}:{lines[0][0] if lines else 1}", headings, columns, chosen)
    return ForeignTable(path, lines, {heading: columns[heading] for heading in headings if heading}, problems)


def read_foreign_rows(table: ForeignTable, campaign: Campaign, source: str) -> list[dict[str, str]]:
    """Return the rows of a table with our columns and, by default, this `source`, or raise CampaignError."""
    problems: list[Problem] = []
    columns = table.columns
    if not campaign.country:  # which numbers begin with a zero is unknown
        phones = [heading.lower() for heading, column in columns.items() if column == "phone"]
        read_lines(table.path, problems, as_text=phones)
    reader = _RowReader(table.path, campaign, source)
    headings = [cell.strip() for cell in table.lines[0][1]]
    rows = []
    for line, cells in table.lines[1:]:
        named_cells = [(columns[name], plain_cell(cell)) for name, cell in zip(headings, cells, strict=False) if name]
        phones = [cell for column, cell in named_cells if column == "phone" and cell]
        row = dict(named_cells)
        if any(row.values()):
            rows += reader.read(row, phones, line)
    problems += reader.problems
    if problems:
        raise CampaignError(problems)
    return rows


def known_columns(root: Path) -> dict[str, str]:
    """Return our column for each heading of earlier tables."""
    columns = Memo.of(root).namespace("contact-columns").get("columns")
    return columns if isinstance(columns, dict) else {}


def remember_columns(root: Path, columns: Mapping[str, str]) -> None:
    """Remember our columns for the next table."""
    memo = Memo.of(root).namespace("contact-columns")
    memo.put("columns", known_columns(root) | dict(columns))
    memo.save()


def _heading_row(lines: Sequence[Line]) -> int:
    """Return the index of the row of headings: the first that names services and their numbers, otherwise the first."""
    for index, (_, cells) in enumerate(lines[:MAX_TITLE_ROWS]):
        if {"name", "phone"} <= {_guess(cell) for cell in cells if cell.strip()}:
            return index
    return 0


def _columns(headings: list[str], chosen: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Return our column for each heading. Several may hold numbers; of other guesses only the first counts."""
    results = {heading: chosen.get(heading) or known.get(heading) or "" for heading in headings}
    for heading in headings:
        if not results[heading]:
            guess = _guess(heading)
            results[heading] = guess if guess == "phone" or guess not in results.values() else IGNORED
    return results


def _guess(heading: str) -> str:
    plain = f" {_plain(heading)} "
    if _plain(heading) in COLUMNS:
        return _plain(heading)
    matches = ((len(name), column) for column, names in _names().items() for name in names if f" {name} " in plain)
    return max(matches, default=(0, IGNORED))[1]


@cache
def _names() -> dict[str, list[str]]:
    names: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("column_names.yml").read_text("utf-8"))
    return names


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^\w@]+", " ", "".join(letter for letter in letters if not unicodedata.combining(letter))).strip()


def _column_problems(
    where: str, headings: list[str], columns: Mapping[str, str], chosen: Mapping[str, str]
) -> Iterable[Problem]:
    for heading, column in chosen.items():
        if heading not in headings:
            message = f"The table has no column `{heading}`."
            yield Problem("table-column", where, message, f"Its columns: {', '.join(filter(None, headings))}.")
        elif column not in (*COLUMNS, AREA, IGNORED):
            fix = f"Known: {', '.join((*COLUMNS, AREA))}; `-` leaves it out."
            yield Problem("table-column", where, f"The column `{column}` is not known.", fix)
    for column in dict.fromkeys(column for column in columns.values() if column != "phone"):
        same = [heading for heading in headings if heading and columns[heading] == column != IGNORED]
        if len(same) > 1:
            names = " and ".join(f"`{heading}`" for heading in same)
            fix = f'Leave one out: --column "{same[-1]}=-".'
            yield Problem("table-column", where, f"The columns {names} are both read as `{column}`.", fix)
    missing = [column for column in ("name", "phone") if column not in columns.values()]
    if missing:
        message = f"No column looks like {' or '.join(f'`{column}`' for column in missing)}."
        fix = f'Say which it is: --column "{next(filter(None, headings), "Heading")}={missing[0]}".'
        yield Problem("table-column", where, message, fix)


class _RowReader:
    """Writes the cells of rows as ours; collects what can't be read."""

    def __init__(self, path: Path, campaign: Campaign, source: str) -> None:
        self.problems: list[Problem] = []
        self._path, self._campaign, self._source = path, campaign, source
        self._places = _places(campaign)
        self._kinds = _kinds(campaign)
        self._language_codes = _language_codes(campaign)
        self._ids = {(contact.place or NATIONAL, _plain(contact.name)): contact.id for contact in campaign.all_contacts}
        self._known_ids = frozenset(contact.id for contact in campaign.all_contacts)
        self._used = {*self._known_ids}

    def read(self, row: Row, phones: Iterable[str], line: int) -> list[dict[str, str]]:
        """Return a row for each of its numbers."""
        result = {column: cell for column, cell in row.items() if column not in (IGNORED, AREA)}
        place = self._look_up("place", row.get("place", ""), self._places, NATIONAL, line)
        kind = self._look_up("kind", row.get("kind", ""), self._kinds, "", line)
        result |= {"place": place, "kind": kind, "source": row.get("source") or self._source, "line": str(line)}
        if "free" in result:
            result["free"] = "yes" if _plain(result["free"]) in YES else ""
        if not result.get("name"):
            self.problems.append(
                Problem("table-no-name", self._where(line), "There is no name.", "Fill in the name of the service.")
            )
        if not result["source"]:
            fix = "Add --source with the id of a source in docs/_sources.yml."
            self.problems.append(Problem("table-no-source", self._where(line), "There is no source.", fix))
        if result.get("languages"):
            result["languages"] = self._languages(result["languages"], line)
        result["id"] = row.get("id") or self._id(place, result.get("name", ""))
        if not row.get("kind") and result["id"] not in self._known_ids:
            fix = f"Fill in one of: {_listed(self._kinds)}."
            self.problems.append(Problem("table-cell", self._where(line), "There is no kind.", fix))
        numbers = [number for cell in phones for number in self._numbers(cell, row.get(AREA, ""), line)]
        return [result | {"phone": number} for number in dict.fromkeys(numbers) or ("",)]

    def _numbers(self, cell: str, area: str, line: int) -> Iterator[str]:
        """Yield the numbers of a cell, each as a mobile of the country dials it."""
        country = self._campaign.country
        parts = [part for part in SEVERAL.split(cell) if part]
        for part in parts:
            number = self._phone(part)
            if len(parts) > 1 and len(number) < len(parts[0]) and len(re.sub(r"\D", "", number)) < MIN_DIGITS:
                message = f"`{cell}` seems to be several numbers with a common beginning."
                self.problems.append(Problem("table-cell", self._where(line), message, "Write each of them in full."))
                return
            number = with_area_code(area, number, country)
            if lacks_area_code(number, country):
                message = f"`{number}` has no area code: a mobile can't dial it."
                fix = "Write the whole number, or name the column of area codes: `--column Heading=area`."
                self.problems.append(Problem("table-cell", self._where(line), message, fix))
            yield number

    def _languages(self, cell: str, line: int) -> str:
        """Return the codes of languages that a cell names in words."""
        codes = []
        for name in filter(None, SEVERAL.split(cell)):
            code = self._language_codes.get(_plain(name), "")
            if not code:
                fix = "Write its code, such as `te` for Telugu."
                self.problems.append(Problem("table-cell", self._where(line), f"No language is called `{name}`.", fix))
            codes.append(code or name)
        return ", ".join(dict.fromkeys(codes))

    def _look_up(self, column: str, cell: str, names: Mapping[str, str], default: str, line: int) -> str:
        if not cell or _plain(cell) in names:
            return names[_plain(cell)] if cell else default
        fix = f"Known: {_listed(names)}."
        self.problems.append(Problem("table-cell", self._where(line), f"The {column} `{cell}` is not known.", fix))
        return default

    def _where(self, line: int) -> str:
        return f"{self._path}:{line}"

    def _phone(self, cell: str) -> str:
        """Return a number as typed; one stored as an amount may have lost its leading zero."""
        return (cell.isdecimal() and cell[0] != "0" and national_spelling(cell, self._campaign.country)) or cell

    def _id(self, place: str, name: str) -> str:
        """Return the id of the contact with this name, or a new one."""
        key = place, _plain(name)
        if key not in self._ids:
            start = plain_name(name) or f"{place}-contact"
            numbered = (f"{start}-{number}" for number in range(2, len(self._used) + 3))
            self._ids[key] = next(id for id in (start, f"{place}-{start}", *numbered) if id not in self._used)
            self._used.add(self._ids[key])
        return self._ids[key]


def _listed(names: Mapping[str, str]) -> str:
    return ", ".join(sorted(set(names.values())))


def _places(campaign: Campaign) -> dict[str, str]:
    """Return the code of each place by its names."""
    results = {_plain(word): NATIONAL for word in NATIONAL_WORDS}
    results |= {_plain(language.strings["national"]): NATIONAL for language in campaign.languages.values()}
    for code, place in campaign.places.items():
        results |= {_plain(name): code for name in (code, *place.names.values())}
    return results


def _kinds(campaign: Campaign) -> dict[str, str]:
    """Return each kind by its words in all languages."""
    results: dict[str, str] = {}
    for language in campaign.languages.values():
        for key, words in language.strings.items():
            if key.startswith("kind-"):
                results |= dict.fromkeys((_plain(words), _plain(key.removeprefix("kind-"))), key.removeprefix("kind-"))
    return results


def _language_codes(campaign: Campaign) -> dict[str, str]:
    """Return the code of each language by its code, and by its names in the campaign's languages and its own."""
    from babel import Locale, UnknownLocaleError  # takes 0.1 s to import

    results: dict[str, str] = {}
    for reader in ("en", *campaign.languages):
        try:
            results |= {_plain(name): code for code, name in Locale.parse(reader, sep="-").languages.items()}
        except (UnknownLocaleError, ValueError):  # a language that Babel doesn't know
            continue
    results |= {code: code for code in [*results.values()]}
    for code, language in campaign.languages.items():
        results |= {_plain(code): code, _plain(language.name): code}
    return results


def is_ours(path: Path) -> bool:
    """Return whether a table has the columns of `campaign contacts give`."""
    lines = read_contact_lines(path, [])
    if not lines:
        raise refusal(path, "The table is empty.", "Add a line of headings, and a row for each number.")
    headings: Collection[str] = {cell.strip().lower() for cell in lines[0][1]}
    return {"id", "source"} <= set(headings)
