"""The record inside a form to fill in on a computer: what is printed around its fields, for reading it back."""

from __future__ import annotations

import msgspec

RECORD_FIELD = "headings"  # the hidden field with the record as JSON
FORM_SUFFIX = "form"  # the ending of the names of such forms, before `.pdf`


class FormRecord(msgspec.Struct):
    """The printed words of a form.

    The field for the empty cell in table 2, row 1, column 3 is called `2.1.3`; tables and columns count from 1, rows
    from 0, which is the header.
    """

    piece: str
    language: str
    tables: list[list[list[str | None]]]  # of each table the rows, of these the cells; None for a cell to fill in


def field_name(table: int, row: int, column: int) -> str:
    """Return the name of a field from positions in `FormRecord.tables`."""
    return f"{table + 1}.{row}.{column + 1}"
