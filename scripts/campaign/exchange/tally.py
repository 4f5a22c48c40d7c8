"""`campaign tally`: read filled-in forms, check every cell, and add up. Only numbers, no names or stories."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from campaign.content.locale_format import locale_format
from campaign.exchange.counting_forms import FORMS, MONTHLY, TESTED_COLUMNS, Column, form_of, label, normal
from campaign.exchange.filled_forms import ENDING as PDF
from campaign.exchange.filled_forms import FilledTable, filled_form
from campaign.exchange.tables import ENDINGS as TABLE_ENDINGS
from campaign.exchange.tables import plain_cell, read_lines
from campaign.models.campaign import Campaign
from campaign.models.page import Page
from campaign.models.problem import CampaignError, Problem, failure

# Smaller counts of people could identify them.
MIN_PUBLISHED_COUNT = 5
NO_FORM = "Its first line has to name the columns of a form: see dist/forms/, or the printed forms."
FIRST_YEAR = 2000
ENDINGS = (*TABLE_ENDINGS, PDF)
Cell = str | int


@dataclass
class Tally:
    """The sums."""

    # (place, month, group, piece, language, version) -> copies
    handed_out: Counter[tuple[str, ...]] = field(default_factory=Counter)
    monthly: Counter[tuple[str, ...]] = field(default_factory=Counter)  # (place, month, one of MONTHLY) -> number
    tested: Counter[tuple[str, ...]] = field(default_factory=Counter)  # (place, when, one of TESTED) -> sheets
    # (place, group, 'asked' or 'answered') -> questions
    feedback_counts: Counter[tuple[str, ...]] = field(default_factory=Counter)
    # (place, month, piece, language, version) that ran out; the last two may be ''
    run_out: set[tuple[str, ...]] = field(default_factory=set)
    # (piece, language, row, heading) -> forms in which it is ticked
    ticked: Counter[tuple[str, ...]] = field(default_factory=Counter)
    ticked_files: Counter[str] = field(default_factory=Counter)  # piece -> forms with ticks
    files: Counter[str] = field(default_factory=Counter)  # form -> number of files


def tally(campaign: Campaign, folder: Path, today: date) -> Tally:
    """Add up all tables in a folder and its subfolders. Raise CampaignError with every unusable cell, row and file."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())
    # Excel's lock files.
    paths = [path for path in paths if not path.name.startswith(("~$", "."))]
    if not paths:
        fix = f"Put the filled-in forms there: {', '.join(ENDINGS)}."
        raise failure("tally-nothing", str(folder), "There is no table in this folder.", fix)
    result, problems = Tally(), list[Problem]()
    reader, paths_by_name = _Reader(campaign, today), dict[str, Path]()
    for path in paths:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if first := paths_by_name.get(digest):
            message = f"The file is the same as {first}: all of it would be counted twice."
            fix = "Take one of the two out of the folder."
            if path.suffix.lower() == PDF:
                fix += " If two people ticked the same, type something into an empty cell of one."
            problems.append(Problem("tally-twice", str(path), message, fix))
            continue
        paths_by_name[digest] = path
        try:
            reader.read(path, result, problems)
        except CampaignError as error:
            problems += error.problems
    if problems:
        raise CampaignError(problems)
    return result


class _Reader:
    """Maps names in any language to codes."""

    def __init__(self, campaign: Campaign, today: date) -> None:
        self.campaign, self.today = campaign, today
        languages = campaign.languages.values()
        pieces = _piece_names(campaign)
        self.several = {name: codes for name, codes in pieces.items() if len(codes) > 1}
        self.known_values: dict[str, dict[str, str]] = {
            "place": _names((code, (*place.names.values(), place.iso)) for code, place in campaign.places.items()),
            "language": _names((language.code, (language.name,)) for language in languages),
            "group": _names(
                (code, [language.strings.get(f"audience-{code}", "") for language in languages])
                for code in campaign.audiences
            ),
            "piece": {name: codes[0] for name, codes in pieces.items() if len(codes) == 1},
            "when": _names((key, [label(language, key) for language in languages]) for key in ("before", "after")),
        }
        self.months = {
            normal(name): index
            for language in languages
            for index, name in enumerate(locale_format(language).months, 1)
        }

    def read(self, path: Path, counts: Tally, problems: list[Problem]) -> None:
        if path.suffix.lower() == PDF:
            form = filled_form(self.campaign, path, problems)
            counts.ticked.update((form.piece, form.language, *tick) for tick in form.ticks)
            counts.ticked_files.update([form.piece] if form.ticks else [])
            tables = form.tables
        else:
            lines = read_lines(path, problems)
            tables = [FilledTable(str(path), [plain_cell(cell) for cell in lines[0][1]] if lines else [], lines[1:])]
        for table in tables:
            self._count(table, counts, problems)

    def _count(self, table: FilledTable, counts: Tally, problems: list[Problem]) -> None:
        form, path = form_of(self.campaign, table.head), table.where
        if form is None:
            message = "Its first line is the head of no form."
            problems.append(Problem("tally-no-form", f"{path}:1", message, NO_FORM))
            return
        name, places = form
        problems += _form_problems(self.campaign, name, table.head, places, path)
        counts.files[name] += 1
        for line, cells in table.lines:
            texts = {key: plain_cell(cells[place]) if place < len(cells) else "" for key, place in places.items()}
            if not any(texts.values()):
                continue
            cell_problems: list[tuple[str, str]] = []
            row = {column.key: self._cell(column, texts.get(column.key, ""), cell_problems) for column in FORMS[name]}
            problems += [Problem("tally-cell", f"{path}:{line}", message, fix) for message, fix in cell_problems]
            if not cell_problems:
                problems += [Problem("tally-sum", f"{path}:{line}", *sum_problem) for sum_problem in _totals(name, row)]
                _add(name, row, counts)

    def _cell(self, column: Column, raw: str, cell_problems: list[tuple[str, str]]) -> Cell:
        excerpt = f"`{raw[:40]}`"
        title = label(self.campaign.source_language, column.key)
        if not raw:
            if column.needed:
                cell_problems.append((f"`{title}` is empty.", "Fill it in, or take the row out."))
            return 0 if column.kind == "number" else ""
        if column.kind == "number":
            number = parse_number(raw)
            if number is None:
                cell_problems.append(
                    (f"{excerpt} is not a whole number (`{title}`).", "Write only digits, such as 120.")
                )
            return number or 0
        if column.kind == "text":
            return raw[:40]
        if column.kind in ("day", "month"):
            month = self._month(raw)
            if not month:
                example = "2026-11-25" if column.kind == "day" else "2026-11"
                cell_problems.append(
                    (f"{excerpt} is no {column.kind} until today (`{title}`).", f"Write it as {example}.")
                )
            return month
        if column.kind == "pieces":
            parts = re.split(r"[,;]", raw)
            return ",".join(
                self._code_of("piece", part.strip(), title, cell_problems) for part in parts if part.strip()
            )
        return self._code_of(column.kind, raw, title, cell_problems)

    def _code_of(self, kind: str, raw: str, title: str, cell_problems: list[tuple[str, str]]) -> str:
        codes_by_name, name = self.known_values[kind], normal(raw)
        if name in codes_by_name:
            return codes_by_name[name]
        if kind == "piece" and name in self.several:
            fix = f"Write which: {', '.join(self.several[name])}."
            cell_problems.append((f"`{raw[:40]}` is the name of several pieces (`{title}`).", fix))
            return ""
        prefixes = {
            code
            for known_name, code in codes_by_name.items()
            if len(name) > 3 and (known_name.startswith(name) or name in known_name)
        }
        if len(prefixes) == 1:
            return prefixes.pop()
        close_matches = difflib.get_close_matches(name, codes_by_name, n=1)
        codes = dict.fromkeys(codes_by_name.values())
        fix = (
            f"Did you mean `{codes_by_name[close_matches[0]]}`?"
            if close_matches
            else f"Choose from: {', '.join(codes)}."
        )
        cell_problems.append((f"`{raw[:40]}` is not known (`{title}`).", fix))
        return ""

    def _month(self, raw: str) -> str:
        numbers = [int(part) for part in re.findall(r"\d+", raw)][:3]
        month_number = next(
            (self.months[item] for item in re.findall(r"[^\W\d_]+", normal(raw)) if item in self.months), 0
        )
        if not month_number:
            short = {full[:3]: month for full, month in self.months.items()}
            month_number = next((short[item] for item in re.findall(r"[^\W\d_]{3}", normal(raw)) if item in short), 0)
        year = next((part for part in numbers if part >= FIRST_YEAR), 0)
        if not year and numbers and numbers[-1] < 100 and len(numbers) in ((1, 2) if month_number else (2, 3)):
            year = FIRST_YEAR + numbers.pop()
        rest = [part for part in numbers if part != year]
        if month_number:
            month = month_number
        elif raw.startswith(str(year)):
            month = rest[0] if rest else 0
        elif len(rest) > 1:
            # Day and month; if the second is no month, the first is.
            month = rest[1] if rest[1] <= 12 else rest[0]
        else:
            month = rest[0] if rest else 0
        is_valid = year and 1 <= month <= 12 and all(1 <= part <= 31 for part in rest)
        if not is_valid or (year, month) > (self.today.year, self.today.month):
            return ""
        return f"{year}-{month:02}"


def parse_number(raw: str) -> int | None:
    """Parse a whole number: `1 200`, `1.200`, `1,200`, `12.0`."""
    digits = re.sub(r"[\s\u00a0\u202f']", "", raw)
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", digits):
        digits = re.sub(r"[.,]", "", digits)
    match = re.fullmatch(r"(\d{1,7})([.,]0+)?", digits)
    return int(match[1]) if match else None


def piece_code(page: Page) -> str:
    """Return a piece's code; leaflet, poster and shirt of one name share it."""
    return page.path.removesuffix(".md")


def _piece_names(campaign: Campaign) -> dict[str, list[str]]:
    results: dict[str, dict[str, None]] = {}
    for page in campaign.pages.values():
        if page.formats:
            code = piece_code(page)
            for name in (code, page.stem, page.title, page.title.rpartition(": ")[2]):
                results.setdefault(normal(name), {})[code] = None
    return {name: [*codes] for name, codes in results.items()}


def _names(rows: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    return {normal(name): code for code, names in rows for name in (code, *names) if normal(name)}


def _form_problems(
    campaign: Campaign, form: str, head: list[str], places: Mapping[str, int], path: str
) -> Iterable[Problem]:
    """Yield headings that look like a missing column; others are ignored."""
    missing_columns = [column.key for column in FORMS[form] if column.key not in places]
    titles = {
        normal(label(language, key)): label(language, key)
        for language in campaign.languages.values()
        for key in missing_columns
    }
    for index, cell in enumerate(head):
        close_matches = difflib.get_close_matches(normal(cell), titles, n=1, cutoff=0.75)
        if index not in places.values() and close_matches:
            message = f"The column `{cell[:40]}` is not known."
            yield Problem("tally-no-form", f"{path}:1", message, f"Did you mean `{titles[close_matches[0]]}`?")


def _totals(form: str, row: Mapping[str, Cell]) -> Iterable[tuple[str, str]]:
    number = {key: value for key, value in row.items() if isinstance(value, int)}
    if form == "stock" and number["had"] + number["came"] - number["went"] != number["left"]:
        due = number["had"] + number["came"] - number["went"]
        yield f"{number['had']} + {number['came']} - {number['went']} is {due}, not {number['left']}.", "Count again."
    if form == "test":
        for key in TESTED_COLUMNS[1:]:
            if number[key] > number["sheets"]:
                yield f"Of {number['sheets']} sheets, {number[key]} cannot be right.", "Count the sheets again."
    for first_key, second_key in (("asked", "answered"), ("complaints", "complaints-answered")):
        if number.get(second_key, 0) > number.get(first_key, 0):
            yield f"{number[second_key]} were answered, and {number[first_key]} asked.", "Count again."


def _add(form: str, row: Mapping[str, Cell], counts: Tally) -> None:
    text = {key: str(value) for key, value in row.items()}
    number = {key: value for key, value in row.items() if isinstance(value, int)}
    month = text.get("month") or text.get("day", "")
    piece = (text.get("piece", ""), text.get("language", ""), text.get("version", ""))
    if form == "hand-out":
        counts.handed_out[(text["place"], month, text["group"], *piece)] += number["number"]
    elif form == "stock" and number["left"] == 0:
        counts.run_out.add((text["place"], month, *piece))
    elif form == "month-sheet":
        for key in MONTHLY:
            counts.monthly[text["place"], month, key] += number[key]
        counts.run_out |= {(text["place"], month, name, "", "") for name in text["ran-out"].split(",") if name}
    elif form == "test":
        for key in TESTED_COLUMNS:
            counts.tested[text["place"], text["when"], key] += number[key]
    elif form == "feedback":
        for key in ("asked", "answered"):
            counts.feedback_counts[text["place"], text["group"], key] += number[key]


def join_small(cells: Iterable[tuple[tuple[str, ...], int]]) -> tuple[list[tuple[tuple[str, ...], int]], int | None]:
    """Return the large cells and the sum of those below 5, or None; a small sum takes in the smallest other."""
    items = sorted(cells, key=lambda item: (-item[1], item[0]))
    large = [item for item in items if item[1] >= MIN_PUBLISHED_COUNT]
    small = [count for _, count in items if 0 < count < MIN_PUBLISHED_COUNT]
    if not small:
        return large, None
    joined = sum(small)
    if joined < MIN_PUBLISHED_COUNT and large:
        joined += large.pop()[1]
    return large, joined
