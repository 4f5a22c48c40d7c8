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

from campaign.exchange.counting_forms import FORMS, MONTHLY, TESTED, Column, form_of, normal, word
from campaign.exchange.tables import ENDINGS, plain_cell, read_lines
from campaign.models.campaign import Campaign
from campaign.models.page import Page
from campaign.models.problem import CampaignError, Problem

# Smaller counts of people could identify them.
MIN_PUBLISHED_COUNT = 5
NO_FORM = "Its first line has to name the columns of a form: see dist/forms/, or the printed forms."
FIRST_YEAR = 2000
Cell = str | int


@dataclass
class Tally:
    """The sums."""

    # (place, month, group, piece, language, version) -> copies
    given: Counter[tuple[str, ...]] = field(default_factory=Counter)
    monthly: Counter[tuple[str, ...]] = field(default_factory=Counter)  # (place, month, one of MONTHLY) -> number
    tested: Counter[tuple[str, ...]] = field(default_factory=Counter)  # (place, when, one of TESTED) -> sheets
    # (place, group, 'asked' or 'answered') -> questions
    fed_back: Counter[tuple[str, ...]] = field(default_factory=Counter)
    # (place, month, piece, language, version) that ran out; the last two may be ''
    out: set[tuple[str, ...]] = field(default_factory=set)
    files: Counter[str] = field(default_factory=Counter)  # form -> number of files


def tally(campaign: Campaign, folder: Path, today: date) -> Tally:
    """Add up all tables in a folder and its subfolders.

    Raises:
        CampaignError: with every unusable cell, row and file.
    """
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())
    # Excel's lock files.
    paths = [path for path in paths if not path.name.startswith(("~$", "."))]
    if not paths:
        fix = f"Put the filled-in forms there: {', '.join(ENDINGS)}."
        raise CampaignError([Problem("tally-nothing", str(folder), "There is no table in this folder.", fix)])
    found, problems = Tally(), list[Problem]()
    reader, seen = _Reader(campaign, today), dict[str, Path]()
    for path in paths:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if first := seen.get(digest):
            what = f"The file is the same as {first}: all of it would be counted twice."
            problems.append(Problem("tally-twice", str(path), what, "Take one of the two out of the folder."))
            continue
        seen[digest] = path
        try:
            reader.read(path, found, problems)
        except CampaignError as error:
            problems += error.problems
    if problems:
        raise CampaignError(problems)
    return found


class _Reader:
    """Maps names in any language to codes."""

    def __init__(self, campaign: Campaign, today: date) -> None:
        self.campaign, self.today = campaign, today
        languages = campaign.languages.values()
        pieces = _piece_names(campaign)
        self.several = {name: codes for name, codes in pieces.items() if len(codes) > 1}
        self.known: dict[str, dict[str, str]] = {
            "place": _names((code, (*place.names.values(), place.iso)) for code, place in campaign.places.items()),
            "language": _names((language.code, (language.name,)) for language in languages),
            "group": _names(
                (code, [language.strings.get(f"audience-{code}", "") for language in languages])
                for code in campaign.audiences
            ),
            "piece": {name: codes[0] for name, codes in pieces.items() if len(codes) == 1},
            "when": _names((key, [word(language, key) for language in languages]) for key in ("before", "after")),
        }
        self.months = {
            normal(name): at
            for language in languages
            for at, name in enumerate(language.strings["months"].split(","), 1)
        }

    def read(self, path: Path, found: Tally, problems: list[Problem]) -> None:
        lines = read_lines(path, problems)
        head = [plain_cell(cell) for cell in lines[0][1]] if lines else []
        form = form_of(self.campaign, head)
        if form is None:
            what = "Its first line is the head of no form."
            problems.append(Problem("tally-no-form", f"{path}:1", what, NO_FORM))
            return
        name, places = form
        problems += _slips(self.campaign, name, head, places, path)
        found.files[name] += 1
        for line, cells in lines[1:]:
            texts = {key: plain_cell(cells[at]) if at < len(cells) else "" for key, at in places.items()}
            if not any(texts.values()):
                continue
            wrong: list[tuple[str, str]] = []
            row = {column.key: self._cell(column, texts.get(column.key, ""), wrong) for column in FORMS[name]}
            problems += [Problem("tally-cell", f"{path}:{line}", what, fix) for what, fix in wrong]
            if not wrong:
                problems += [Problem("tally-sum", f"{path}:{line}", *said) for said in _sums(name, row)]
                _add(name, row, found)

    def _cell(self, column: Column, typed: str, wrong: list[tuple[str, str]]) -> Cell:
        shown = f"`{typed[:40]}`"
        title = word(self.campaign.source_language, column.key)
        if not typed:
            if column.needed:
                wrong.append((f"`{title}` is empty.", "Fill it in, or take the row out."))
            return 0 if column.kind == "number" else ""
        if column.kind == "number":
            number = parse_number(typed)
            if number is None:
                wrong.append((f"{shown} is not a whole number (`{title}`).", "Write only digits, such as 120."))
            return number or 0
        if column.kind == "text":
            return typed[:40]
        if column.kind in ("day", "month"):
            month = self._month(typed)
            if not month:
                example = "2026-11-25" if column.kind == "day" else "2026-11"
                wrong.append((f"{shown} is no {column.kind} until today (`{title}`).", f"Write it as {example}."))
            return month
        if column.kind == "pieces":
            parts = re.split(r"[,;]", typed)
            return ",".join(self._named("piece", part.strip(), title, wrong) for part in parts if part.strip())
        return self._named(column.kind, typed, title, wrong)

    def _named(self, kind: str, typed: str, title: str, wrong: list[tuple[str, str]]) -> str:
        known, name = self.known[kind], normal(typed)
        if name in known:
            return known[name]
        if kind == "piece" and name in self.several:
            fix = f"Write which: {', '.join(self.several[name])}."
            wrong.append((f"`{typed[:40]}` is the name of several pieces (`{title}`).", fix))
            return ""
        begins = {code for each, code in known.items() if len(name) > 3 and (each.startswith(name) or name in each)}
        if len(begins) == 1:
            return begins.pop()
        near = difflib.get_close_matches(name, known, n=1)
        codes = dict.fromkeys(known.values())
        fix = f"Did you mean `{known[near[0]]}`?" if near else f"Choose from: {', '.join(codes)}."
        wrong.append((f"`{typed[:40]}` is not known (`{title}`).", fix))
        return ""

    def _month(self, typed: str) -> str:
        numbers = [int(part) for part in re.findall(r"\d+", typed)][:3]
        name = next((self.months[each] for each in re.findall(r"[^\W\d_]+", normal(typed)) if each in self.months), 0)
        if not name:
            short = {full[:3]: at for full, at in self.months.items()}
            name = next((short[each] for each in re.findall(r"[^\W\d_]{3}", normal(typed)) if each in short), 0)
        year = next((part for part in numbers if part >= FIRST_YEAR), 0)
        if not year and numbers and numbers[-1] < 100 and len(numbers) in ((1, 2) if name else (2, 3)):
            year = FIRST_YEAR + numbers.pop()
        rest = [part for part in numbers if part != year]
        if name:
            month = name
        elif typed.startswith(str(year)):
            month = rest[0] if rest else 0
        elif len(rest) > 1:
            # Day and month; if the second is no month, the first is.
            month = rest[1] if rest[1] <= 12 else rest[0]
        else:
            month = rest[0] if rest else 0
        is_good = year and 1 <= month <= 12 and all(1 <= part <= 31 for part in rest)
        if not is_good or (year, month) > (self.today.year, self.today.month):
            return ""
        return f"{year}-{month:02}"


def parse_number(typed: str) -> int | None:
    """Parse a whole number: `1 200`, `1.200`, `1,200`, `12.0`."""
    plain = re.sub(r"[\s\u00a0\u202f']", "", typed)
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", plain):
        plain = re.sub(r"[.,]", "", plain)
    found = re.fullmatch(r"(\d{1,7})([.,]0+)?", plain)
    return int(found[1]) if found else None


def piece_code(page: Page) -> str:
    """Return a piece's code; leaflet, poster and shirt of one name share it."""
    return page.path.removesuffix(".md")


def _piece_names(campaign: Campaign) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for page in campaign.pages.values():
        if page.formats:
            code = piece_code(page)
            for name in (code, page.stem, page.title, page.title.rpartition(": ")[2]):
                found.setdefault(normal(name), {})[code] = None
    return {name: [*codes] for name, codes in found.items()}


def _names(rows: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    return {normal(name): code for code, names in rows for name in (code, *names) if normal(name)}


def _slips(campaign: Campaign, form: str, head: list[str], places: Mapping[str, int], path: Path) -> Iterable[Problem]:
    """Yield headings that look like a missing column; others are ignored."""
    lacking = [column.key for column in FORMS[form] if column.key not in places]
    titles = {
        normal(word(language, key)): word(language, key) for language in campaign.languages.values() for key in lacking
    }
    for at, cell in enumerate(head):
        near = difflib.get_close_matches(normal(cell), titles, n=1, cutoff=0.75)
        if at not in places.values() and near:
            what = f"The column `{cell[:40]}` is not known."
            yield Problem("tally-no-form", f"{path}:1", what, f"Did you mean `{titles[near[0]]}`?")


def _sums(form: str, row: Mapping[str, Cell]) -> Iterable[tuple[str, str]]:
    number = {key: value for key, value in row.items() if isinstance(value, int)}
    if form == "stock" and number["had"] + number["came"] - number["went"] != number["left"]:
        due = number["had"] + number["came"] - number["went"]
        yield f"{number['had']} + {number['came']} - {number['went']} is {due}, not {number['left']}.", "Count again."
    if form == "test":
        for key in TESTED[1:]:
            if number[key] > number["sheets"]:
                yield f"Of {number['sheets']} sheets, {number[key]} cannot be right.", "Count the sheets again."
    for asked, answered in (("asked", "answered"), ("complaints", "complaints-answered")):
        if number.get(answered, 0) > number.get(asked, 0):
            yield f"{number[answered]} were answered, and {number[asked]} asked.", "Count again."


def _add(form: str, row: Mapping[str, Cell], found: Tally) -> None:
    text = {key: str(value) for key, value in row.items()}
    number = {key: value for key, value in row.items() if isinstance(value, int)}
    month = text.get("month") or text.get("day", "")
    piece = (text.get("piece", ""), text.get("language", ""), text.get("version", ""))
    if form == "hand-out":
        found.given[(text["place"], month, text["group"], *piece)] += number["number"]
    elif form == "stock" and number["left"] == 0:
        found.out.add((text["place"], month, *piece))
    elif form == "month-sheet":
        for key in MONTHLY:
            found.monthly[text["place"], month, key] += number[key]
        found.out |= {(text["place"], month, name, "", "") for name in text["ran-out"].split(",") if name}
    elif form == "test":
        for key in TESTED:
            found.tested[text["place"], text["when"], key] += number[key]
    elif form == "feedback":
        for key in ("asked", "answered"):
            found.fed_back[text["place"], text["group"], key] += number[key]


def join_small(cells: Iterable[tuple[tuple[str, ...], int]]) -> tuple[list[tuple[tuple[str, ...], int]], int | None]:
    """Split off cells below 5 and return their sum, or None.

    If that is small too, the smallest other cell joins it, because it could be derived from the total.
    """
    items = sorted(cells, key=lambda item: (-item[1], item[0]))
    large = [item for item in items if item[1] >= MIN_PUBLISHED_COUNT]
    small = [count for _, count in items if 0 < count < MIN_PUBLISHED_COUNT]
    if not small:
        return large, None
    joined = sum(small)
    if joined < MIN_PUBLISHED_COUNT and large:
        joined += large.pop()[1]
    return large, joined
