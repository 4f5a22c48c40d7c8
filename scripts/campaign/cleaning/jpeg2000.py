"""Reduce JPEG 2000 (ISO/IEC 15444-1, annex I) to the boxes that show the picture."""

from __future__ import annotations

KEPT_BOXES = frozenset([b"jP  ", b"ftyp", b"jp2h", b"jp2c"])
BOX = 8  # bytes of a box header


def clean_jpeg2000(data: bytes) -> bytes:
    """Return the boxes that show the picture; a bare codestream stays unchanged."""
    if data[4:8] != b"jP  ":
        return data
    output, offset = b"", 0
    while offset + BOX <= len(data):
        size, head = int.from_bytes(data[offset : offset + 4]), BOX
        if size == 1:
            size, head = int.from_bytes(data[offset + 8 : offset + 16]), 16
        size = size or len(data) - offset
        if size < head:
            break
        if data[offset + 4 : offset + 8] in KEPT_BOXES:
            output += data[offset : offset + size]
        offset += size
    return output
