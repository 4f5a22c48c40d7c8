"""Remove names of foundries, designers and buyers from embedded fonts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

SFNT = (b"\0\1\0\0", b"true", b"OTTO")
# Names, languages, free text, signatures, and data of design programs.
DROPPED_TABLES = (b"name", b"ltag", b"meta", b"DSIG", b"FFTM", b"PfEd", b"TeX ", b"BDF ")
HEADER = 12
ENTRY = 16
# CFF operators (Adobe Technical Note 5176): version, notice, full name, family, weight; copyright, program, base.
CFF_NAME_OPERATORS = (0, 1, 2, 3, 4, 1200, 1221, 1222)
CFF_STANDARD = 391  # predefined strings
# The same in the text part of a Type 1 font, and its comments.
TYPE_1_NAMES = re.compile(
    rb"/(?:version|Notice|Copyright|FullName|FamilyName|Weight)\s*\(([^)]*)\)|%([^!\r\n][^\r\n]*)"
)


def without_names(data: bytes) -> bytes:
    """Remove what documents don't need from an embedded font; other kinds stay unchanged."""
    count = int.from_bytes(data[4:6])
    if data[:4] not in SFNT or len(data) < HEADER + count * ENTRY:
        return data
    rows = [data[offset : offset + ENTRY] for offset in range(HEADER, HEADER + count * ENTRY, ENTRY)]
    rows_kept = [row for row in rows if row[:4] not in DROPPED_TABLES]
    power = max(len(rows_kept).bit_length() - 1, 0)
    search = 16 << power
    head = data[:4] + b"".join(
        item.to_bytes(2) for item in (len(rows_kept), search, power, len(rows_kept) * 16 - search)
    )
    table, bodies, offset = b"", b"", HEADER + len(rows_kept) * ENTRY
    for row in rows_kept:
        start, length = int.from_bytes(row[8:12]), int.from_bytes(row[12:16])
        table += row[:8] + (offset + len(bodies)).to_bytes(4) + row[12:16]
        bodies += data[start : start + length] + bytes(-length % 4)
    return head + table + bodies


def without_notices(data: bytes) -> bytes:
    """Blank the same in a bare CFF or Type 1 font in place, so that no offset changes."""
    if data[:2] == b"%!":
        end = data.find(b"eexec")
        return _blanked(
            data, [match.span(match.lastindex or 0) for match in TYPE_1_NAMES.finditer(data[: max(end, 0)])]
        )
    start = 0
    if data[:4] == b"OTTO":
        rows = (
            data[offset : offset + ENTRY] for offset in range(HEADER, HEADER + int.from_bytes(data[4:6]) * ENTRY, ENTRY)
        )
        start = next((int.from_bytes(row[8:12]) for row in rows if row[:4] == b"CFF "), 0)
    elif data[:2] != b"\x01\x00":
        return data
    try:
        return _blanked(data, [*_cff_texts(data, start)])
    except IndexError:
        return data


def _blanked(data: bytes, spans: list[tuple[int, int]]) -> bytes:
    output = bytearray(data)
    for start, end in spans:
        output[start:end] = b" " * (end - start)
    return bytes(output)


def _cff_texts(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    _, offset = _cff_index(data, start + data[start + 2])
    tops, offset = _cff_index(data, offset)
    strings, _ = _cff_index(data, offset)
    for top in tops:
        operands: list[int] = []
        for is_operator, value in _cff_dict(data[slice(*top)]):
            if (
                is_operator
                and value in CFF_NAME_OPERATORS
                and operands
                and 0 <= operands[-1] - CFF_STANDARD < len(strings)
            ):
                yield strings[operands[-1] - CFF_STANDARD]
            operands = [] if is_operator else [*operands, value]


def _cff_index(data: bytes, position: int) -> tuple[list[tuple[int, int]], int]:
    """Return the positions of an INDEX's entries, and its end."""
    count, size = int.from_bytes(data[position : position + 2]), data[position + 2]
    if not count:
        return [], position + 2
    table = position + 3
    end_offsets = [int.from_bytes(data[table + n * size : table + (n + 1) * size]) for n in range(count + 1)]
    base = table + (count + 1) * size - 1
    return [(base + start, base + end) for start, end in pairwise(end_offsets)], base + end_offsets[-1]


def _cff_dict(data: bytes) -> Iterator[tuple[bool, int]]:
    """Yield (whether it is an operator, value) of a DICT; real numbers as 0."""
    position = 0
    while position < len(data):
        byte = data[position]
        position += 1
        if byte == 12:
            yield True, 1200 + data[position]
            position += 1
        elif byte <= 21:
            yield True, byte
        elif byte in (28, 29):
            size = 2 if byte == 28 else 4
            yield False, int.from_bytes(data[position : position + size], signed=True)
            position += size
        elif byte == 30:
            while data[position] & 0xF != 0xF and data[position] >> 4 != 0xF:
                position += 1
            position += 1
            yield False, 0
        elif byte <= 246:
            yield False, byte - 139
        else:
            sign = 1 if byte <= 250 else -1
            yield False, sign * ((byte - (247 if sign > 0 else 251)) * 256 + data[position] + 108)
            position += 1
