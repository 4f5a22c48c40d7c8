"""Boxes in a list of a .yml as forms edit them: covered regions of photos, and what carries a picture's meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData

from campaign.content.photos import SIDES
from campaign.desk.forms import Edit
from campaign.models.media import ART
from campaign.schema.yaml_splice import YamlValue

# Lists of boxes, with the keys of each box.
AREA_COLUMNS = ("x", "y", "width", "height")
BOX_COLUMNS = {"redact": SIDES, "meaning": ("label", *AREA_COLUMNS), "scene": AREA_COLUMNS}
NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{1,3})?")


@dataclass(frozen=True)
class BoxList:
    """The boxes of one picture in a list, which may have those of other pictures too."""

    key: str  # of BOX_COLUMNS
    rows: list[list[str]]  # as typed
    indexes: list[int]  # of each row in the list
    length: int  # of the list
    marks: Mapping[str, str] = field(default_factory=dict)  # what new boxes have besides their columns

    @classmethod
    def read(cls, parsed: Mapping[str, Any], key: str, drawing: str = ART) -> BoxList:
        """Return the boxes at a key of a parsed file; of a poster, those of one drawing."""
        items = parsed.get(key)
        items = items if isinstance(items, list) else []
        own = [
            (index, item)
            for index, item in enumerate(items)
            if isinstance(item, dict) and str(item.get("drawing") or ART) == drawing
        ]
        rows = [[str(item.get(column, "")) for column in BOX_COLUMNS[key]] for _, item in own]
        marks = {} if drawing == ART else {"drawing": drawing}
        return cls(key, rows, [index for index, _ in own], len(items), marks)

    def edits(self, rows: Sequence[Sequence[str]]) -> list[Edit]:
        """Return the differences to typed rows."""
        if self.length == len(self.rows) > 0 and not rows:
            return [Edit((self.key,), None, self.rows)]
        columns, edits = BOX_COLUMNS[self.key], list[Edit]()
        for old_row, index, row in zip(self.rows, self.indexes, rows, strict=False):
            for column, old, now in zip(columns, old_row, row, strict=True):
                if number(old) != number(now):
                    edits.append(Edit((self.key, index, column), number(now), old))
        for count, row in enumerate(rows[len(self.rows) :]):
            values = dict(zip(columns, map(number, row), strict=True))
            new = {**dict(list(values.items())[:1]), **self.marks, **values} if self.marks else values
            edits.append(Edit((self.key, self.length + count), new))
        # From the end, so that the indexes of the others stay.
        removed = list(zip(self.indexes, self.rows, strict=True))[len(rows) :]
        return edits + [Edit((self.key, index), None, row) for index, row in reversed(removed)]


def area_edits(parsed: Mapping[str, Any], key: str, row: Sequence[str]) -> list[Edit]:
    """Return the differences of one area, such as `scene`, to a typed row of AREA_COLUMNS."""
    old = area_row(parsed, key)
    if not any(row):
        return [Edit((key,), None, old)] if any(old) else []
    if not any(old):
        return [Edit((key,), dict(zip(AREA_COLUMNS, map(number, row), strict=True)))]
    rows = zip(AREA_COLUMNS, old, row, strict=True)
    return [Edit((key, column), number(now), was) for column, was, now in rows if number(was) != number(now)]


def area_row(parsed: Mapping[str, Any], key: str) -> list[str]:
    """Return one area as typed."""
    area = parsed.get(key)
    area = area if isinstance(area, dict) else {}
    return [str(area.get(column, "")) for column in AREA_COLUMNS]


def typed_rows(form: FormData, key: str) -> list[list[str]]:
    """Return the rows of a form that aren't empty."""
    columns = [[str(item).strip() for item in form.getlist(f"{key}.{column}")] for column in BOX_COLUMNS[key]]
    return [list(row) for row in zip(*columns, strict=False) if any(row)]


def number(raw: str) -> YamlValue:
    """Parse a percentage; other text is returned unchanged, for the reader to report."""
    if not NUMBER.fullmatch(raw.strip()):
        return raw
    value = float(raw.strip().replace(",", "."))
    return int(value) if value == int(value) else value


def are_numbers(row: Sequence[str]) -> bool:
    """Return whether all cells can be drawn."""
    return all(isinstance(number(item), int | float) for item in row)
