"""Reduce JPEG 2000 (ISO/IEC 15444-1, annex I) to the boxes that show the picture."""

from __future__ import annotations

KEPT_BOXES = frozenset([b"jP  ", b"ftyp", b"jp2h", b"jp2c"])
BOX = 8  # bytes of a box header


def clean_jpeg2000(data: bytes) -> bytes:
    """Return the boxes that show the picture; a bare codestream stays unchanged."""
    if data[4:8] != b"jP  ":
        return data
    out, at = b"", 0
    while at + BOX <= len(data):
        size, head = int.from_bytes(data[at : at + 4]), BOX
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16]), 16
        size = size or len(data) - at
        if size < head:
            break
        if data[at + 4 : at + 8] in KEPT_BOXES:
            out += data[at : at + size]
        at += size
    return out
