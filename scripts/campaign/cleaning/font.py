"""Fonts inside of documents, without the names that foundries, designers and buyers write into them."""

from __future__ import annotations

SFNT = (b"\0\1\0\0", b"true", b"OTTO")
# Names, their languages, free text, a signature, and what design programs keep for themselves.
DROPPED = (b"name", b"ltag", b"meta", b"DSIG", b"FFTM", b"PfEd", b"TeX ", b"BDF ")
HEADER, ENTRY = 12, 16


def without_names(data: bytes) -> bytes:
    """An embedded font without what no document needs; as it is where it is of another kind."""
    count = int.from_bytes(data[4:6])
    if data[:4] not in SFNT or len(data) < HEADER + count * ENTRY:
        return data
    rows = [data[at : at + ENTRY] for at in range(HEADER, HEADER + count * ENTRY, ENTRY)]
    kept = [row for row in rows if row[:4] not in DROPPED]
    power = max(len(kept).bit_length() - 1, 0)
    search = 16 << power
    head = data[:4] + b"".join(each.to_bytes(2) for each in (len(kept), search, power, len(kept) * 16 - search))
    table, bodies, at = b"", b"", HEADER + len(kept) * ENTRY
    for row in kept:
        start, length = int.from_bytes(row[8:12]), int.from_bytes(row[12:16])
        table += row[:8] + (at + len(bodies)).to_bytes(4) + row[12:16]
        bodies += data[start : start + length] + bytes(-length % 4)
    return head + table + bodies
