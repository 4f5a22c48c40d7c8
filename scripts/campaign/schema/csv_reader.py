"""CSV as spreadsheets write it: with commas, semicolons or tabs, with or without a byte order mark."""

from __future__ import annotations

import csv
from io import StringIO

Line = tuple[int, list[str]]  # number and cells


def csv_lines(text: str) -> list[Line]:
    """Return the lines of a table, its head first, numbered from 1. Raise csv.Error if it isn't CSV."""
    # Excel may declare the separator in a first line.
    first_line, _, rest = text.partition("\n")
    first = 1
    if first_line.strip().lower().startswith("sep="):
        text, first = rest, 2
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[Line] = []
    line_number = first
    for cells in reader:
        lines.append((line_number, cells))
        line_number = reader.line_num + first
    return lines
