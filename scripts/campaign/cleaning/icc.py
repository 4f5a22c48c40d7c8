"""Reduce colour profiles (ICC.1:2022) to what converts colours, without names, devices and dates."""

from __future__ import annotations

HEADER = 128
ENTRY = 12
# Tags that convert colours; two other required ones are replaced.
KEPT_TAGS = frozenset(
    [
        *(b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"wtpt", b"bkpt", b"chad", b"lumi", b"cicp"),
        *(b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2", b"gamt", b"D2B0", b"D2B1", b"B2D0", b"B2D1"),
    ]
)
# Preferred program, date, maker, model, author, checksum, and reserved bytes.
BLANKED_RANGES = ((4, 8), (24, 36), (48, 56), (80, 128))


def clean_profile(data: bytes) -> bytes:
    """Return the profile with fixed texts, b'' if it is unreadable."""
    size, count = int.from_bytes(data[:4]), int.from_bytes(data[HEADER : HEADER + 4])
    if len(data) < HEADER + 4 or data[36:40] != b"acsp" or size > len(data) or not 0 < count <= 100:
        return b""
    tags: dict[bytes, bytes] = {}
    for offset in range(HEADER + 4, HEADER + 4 + count * ENTRY, ENTRY):
        name, start = data[offset : offset + 4], int.from_bytes(data[offset + 4 : offset + 8])
        length = data[offset + 8 : offset + 12]
        body = data[start : start + int.from_bytes(length)]
        if name in KEPT_TAGS and body:
            tags[name] = body
    is_old = data[8] < 4
    make_tag = _text_tag if is_old else _unicode_tag
    tags |= {b"desc": _description() if is_old else _unicode_tag("RGB"), b"cprt": make_tag("CC0")}
    return _profile_bytes(data, tags)


def _profile_bytes(data: bytes, tags: dict[bytes, bytes]) -> bytes:
    head = bytearray(data[:HEADER])
    for start, end in BLANKED_RANGES:
        head[start:end] = bytes(end - start)
    places: dict[bytes, int] = {}
    table, bodies = b"", b""
    offset = HEADER + 4 + len(tags) * ENTRY
    for name, body in sorted(tags.items()):
        if body not in places:
            places[body] = offset + len(bodies)
            bodies += body + bytes(-len(body) % 4)
        table += name + places[body].to_bytes(4) + len(body).to_bytes(4)
    head[:4] = (offset + len(bodies)).to_bytes(4)
    return bytes(head) + len(tags).to_bytes(4) + table + bodies


def _text_tag(text: str) -> bytes:
    return b"text" + bytes(4) + text.encode("ascii") + b"\0"


def _description() -> bytes:
    """Return a version 2 `textDescriptionType`, ASCII only."""
    text = b"RGB\0"
    return b"desc" + bytes(4) + len(text).to_bytes(4) + text + bytes(8 + 3 + 67)


def _unicode_tag(text: str) -> bytes:
    encoded = text.encode("utf-16-be")
    head = b"mluc" + bytes(4) + (1).to_bytes(4) + (12).to_bytes(4) + b"enUS"
    return head + len(encoded).to_bytes(4) + (28).to_bytes(4) + encoded
