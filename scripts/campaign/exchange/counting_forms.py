"""The forms for counting activities, each column declared once: blank as CSV, and read by `tally`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from campaign.exchange.tables import csv_text
from campaign.models.campaign import Campaign, Language
from campaign.schema.interface_words import needed_strings

FOLDER = "forms"


@dataclass(frozen=True)
class Column:
    """A column of a form."""

    key: str  # its heading is the string `count-<key>`
    kind: str  # place, day, month, piece, pieces, language, group, when, number or text
    needed: bool = True  # may not be empty; an empty number otherwise is none


def _numbers(*keys: str) -> tuple[Column, ...]:
    return tuple(Column(key, "number", needed=False) for key in keys)


PLACE = Column("place", "place")
MONTH = Column("month", "month")
DAY = Column("day", "day")
PIECE = (Column("piece", "piece"), Column("language", "language"), Column("version", "text", needed=False))
GROUP = Column("group", "group")
# Columns of a monthly sheet, and of a test.
MONTHLY = (
    *("handed-out", "meetings", "people", "days-out", "asked", "answered"),
    *("complaints", "complaints-answered"),
)
TESTED_COLUMNS = ("sheets", "right", "risks", "ways")
# Name -> columns; `count-<name>` is the form's title.
FORMS: Mapping[str, tuple[Column, ...]] = {
    "hand-out": (DAY, PLACE, *PIECE, GROUP, Column("number", "number")),
    "stock": (*(PLACE, MONTH, *PIECE, Column("had", "number")), *(*_numbers("came", "went"), Column("left", "number"))),
    "month-sheet": (PLACE, MONTH, *_numbers(*MONTHLY), Column("ran-out", "pieces", needed=False)),
    "test": (PLACE, DAY, Column("when", "when"), Column("sheets", "number"), *_numbers(*TESTED_COLUMNS[1:])),
    "feedback": (DAY, PLACE, GROUP, *(Column(key, "number") for key in ("asked", "answered"))),
}


def label(language: Language, key: str) -> str:
    """Return the string `count-<key>` in a language, else in English."""
    return language.strings.get(f"count-{key}") or needed_strings()[f"count-{key}"]


def blank_forms(campaign: Campaign) -> dict[str, str]:
    """Return blank forms by path below dist/, for Excel, if the campaign has its own words."""
    if not any(key.startswith("count-") for language in campaign.languages.values() for key in language.strings):
        return {}
    return {
        f"{FOLDER}/{language.code}/{name}-{language.code}.csv": "\ufeff"
        + csv_text([[label(language, column.key) for column in columns]])
        for language in campaign.languages.values()
        if language.is_whole
        for name, columns in FORMS.items()
    }


def normal(raw: str) -> str:
    """Normalise a heading or name: no accents, capitals or punctuation."""
    without_accents = "".join(c for c in unicodedata.normalize("NFKD", raw) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", without_accents.casefold()).split())


def form_of(campaign: Campaign, head: list[str]) -> tuple[str, dict[str, int]] | None:
    """Return the form with these headings in any language, and the position of each column; None if one is missing."""
    languages = campaign.languages.values()
    matching_forms: list[tuple[str, dict[str, int]]] = []
    for name, columns in FORMS.items():
        results: dict[str, int] = {}
        for column in columns:
            accepted = {normal(column.key), *(normal(label(language, column.key)) for language in languages)}
            position = next((column for column, cell in enumerate(head) if normal(cell) in accepted), None)
            if position is not None:
                results[column.key] = position
        if all(column.key in results for column in columns if column.needed):
            matching_forms.append((name, results))
    return max(matching_forms, key=lambda item: len(item[1]), default=None)
