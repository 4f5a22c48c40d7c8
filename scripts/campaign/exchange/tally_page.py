"""The result of `tally` as tables for the terminal, and as a page with charts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from campaign.exchange.counting_forms import MONTHLY, TESTED_COLUMNS, label
from campaign.exchange.tally import MIN_PUBLISHED_COUNT, Tally, join_small, piece_code
from campaign.models.campaign import Campaign, Language

TEMPLATE = Path(__file__).with_name("tally.html")
# Counts of things, which can be small without identifying people.
COUNTED_FORMS = ("handed-out", "meetings", "days-out")


@dataclass(frozen=True)
class CountTable:
    """A table of counts."""

    title: str
    head: tuple[str, ...]  # of the columns before the number
    rows: tuple[tuple[tuple[str, ...], int | None], ...]  # names, and the number; None if it is too small to publish
    total: int = 0  # the total for bars; 0 for the largest number
    is_list: bool = False  # without numbers

    def bar(self, count: int | None, width: int) -> int:
        """Return the length of a row's bar."""
        maximum = self.total or max((number or 0 for _, number in self.rows), default=0)
        return round(width * (count or 0) / maximum) if maximum else 0


class _Names:
    """The labels of codes in a language."""

    def __init__(self, campaign: Campaign, language: Language) -> None:
        self.campaign, self.language = campaign, language
        pieces = [page for page in campaign.pages.values() if page.formats]
        # The language's own titles replace others.
        pieces.sort(key=lambda page: page.language == language.code)
        self.titles: dict[str, str] = {piece_code(page): page.title for page in pieces}
        self.forms = {page.stem: page.title for page in pieces}

    def label(self, key: str) -> str:
        return label(self.language, key)

    def place(self, code: str) -> str:
        return self.campaign.places[code].name(self.language.code, self.campaign.source_language.code)

    def group(self, code: str) -> str:
        return self.language.strings.get(f"audience-{code}") or code

    def piece(self, stem: str) -> str:
        return self.titles.get(stem, stem)

    def form(self, name: str) -> str:
        """Return the title of a form by its file name."""
        return self.forms.get(name, name)

    def _language_name(self, code: str) -> str:
        return self.campaign.languages[code].name if code in self.campaign.languages else code


def counted(campaign: Campaign, tally: Tally, language: Language) -> Iterator[CountTable]:
    """Yield the tables: prints by place and month, groups, months, tests, feedback, ticks, shortages."""
    names = _Names(campaign, language)
    label = names.label
    pieces: Counter[tuple[str, ...]] = Counter()
    for (_, _, _, piece, code, version), count in tally.handed_out.items():
        pieces[names.piece(piece), names._language_name(code), version] += count
    head = (label("piece"), label("language"), label("version"))
    if pieces:
        yield _table(names, label("hand-out"), head, pieces.items())
    for place, month in sorted({key[:2] for key in tally.handed_out}):
        cells = {
            (names.group(group), names.piece(piece), names._language_name(code), version): count
            for (place_code, when, group, piece, code, version), count in tally.handed_out.items()
            if (place_code, when) == (place, month)
        }
        yield _table(names, f"{names.place(place)}, {month}", (label("group"), *head), cells.items())
    yield from _monthly(names, tally)
    yield from _test_tables(names, tally)
    for key in ("asked", "answered"):
        questions = {
            (names.place(place), names.group(group)): count
            for (place, group, detail), count in tally.feedback_counts.items()
            if detail == key
        }
        if questions:
            yield _table(
                names, f"{label('feedback')}: {label(key)}", (label("place"), label("group")), questions.items()
            )
    yield from _tick_tables(names, tally)
    if tally.run_out:
        rows = sorted(
            (names.place(p), m, names.piece(s), names._language_name(c), v) for p, m, s, c, v in tally.run_out
        )
        yield CountTable(
            label("ran-out"), (label("place"), label("month"), *head), tuple((row, None) for row in rows), is_list=True
        )


def _monthly(names: _Names, tally: Tally) -> Iterator[CountTable]:
    for key in MONTHLY:
        cells = {
            (names.place(place), month): count
            for (place, month, detail), count in tally.monthly.items()
            if detail == key
        }
        if any(cells.values()):
            head = (names.label("place"), names.label("month"))
            if key in COUNTED_FORMS:
                yield CountTable(names.label(key), head, tuple(sorted(cells.items())))
            else:
                yield _table(names, names.label(key), head, cells.items())


def _test_tables(names: _Names, tally: Tally) -> Iterator[CountTable]:
    """Yield tests before and after, as shares; places with few sheets are merged."""
    if not tally.tested:
        return
    places = {place for place, _, _ in tally.tested}
    places_with_few = {
        place
        for place in places
        if any(0 < tally.tested[place, when, "sheets"] < MIN_PUBLISHED_COUNT for when in ("before", "after"))
    }
    totals: Counter[tuple[str, str, str]] = Counter()
    for (place, when, detail), count in tally.tested.items():
        totals[names.label("joined") if place in places_with_few else names.place(place), when, detail] += count
    for key in TESTED_COLUMNS[1:]:
        rows = [
            (
                (place, names.label(when), f"{totals[place, when, key]} / {sheets}"),
                round(100 * totals[place, when, key] / sheets),
            )
            for place in sorted({place for place, _, _ in totals})
            for when in ("before", "after")
            if (sheets := totals[place, when, "sheets"]) >= MIN_PUBLISHED_COUNT
        ]
        if rows:
            head = (names.label("place"), names.label("when"), names.label("sheets"))
            yield CountTable(f"{names.label(key)} (%)", head, tuple(rows), 100)


def _tick_tables(names: _Names, tally: Tally) -> Iterator[CountTable]:
    """Yield the ticks of each form that has no sums."""
    for piece in sorted({piece for piece, *_ in tally.ticked}):
        cells = {
            (row, heading, names._language_name(code)): count
            for (name, code, row, heading), count in tally.ticked.items()
            if name == piece
        }
        rows = ((cell, count if count >= MIN_PUBLISHED_COUNT else None) for cell, count in sorted(cells.items()))
        forms = tally.ticked_files[piece]
        title = f"{names.form(piece)} ({forms})"
        yield CountTable(title, ("", "", names.label("language")), tuple(rows), forms)


def _table(
    names: _Names, title: str, head: tuple[str, ...], cells: Iterable[tuple[tuple[str, ...], int]]
) -> CountTable:
    rows: list[tuple[tuple[str, ...], int | None]] = []
    large, joined = join_small(cells)
    rows += large
    if joined is not None:
        label = (names.label("joined"), *[""] * (len(head) - 1))
        rows.append((label, joined if joined >= MIN_PUBLISHED_COUNT else None))
    return CountTable(title, head, tuple(rows))


def page(campaign: Campaign, tally: Tally, language: Language) -> str:
    """Return an HTML page with a bar next to each number."""
    title = f"{campaign.name_in(language.code)}: {label(language, 'hand-out')}"
    environment = Environment(autoescape=True, trim_blocks=True, undefined=StrictUndefined, keep_trailing_newline=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    tables = list(counted(campaign, tally, language))
    return template.render(language=language, title=title, tables=tables, least=MIN_PUBLISHED_COUNT)
