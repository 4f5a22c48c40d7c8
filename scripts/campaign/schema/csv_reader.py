"""CSV as programs for tables write it: with commas, semicolons or tabs, with or without a byte order mark."""

from __future__ import annotations

import csv
from io import StringIO

# A line as its program counts it, and its cells as text.
Line = tuple[int, list[str]]


def csv_lines(text: str) -> list[Line]:
    """The lines of a table, its head first, numbered from 1.

    Args:
        text: of the file, without a byte order mark.

    Raises:
        csv.Error: it is no table.
    """
    # Excel may say in a line of its own what parts the cells.
    said, _, rest = text.partition("\n")
    first = 1
    if said.strip().lower().startswith("sep="):
        text, first = rest, 2
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[Line] = []
    at = first
    for cells in reader:
        lines.append((at, cells))
        at = reader.line_num + first
    return lines
