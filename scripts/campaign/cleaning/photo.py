"""Remove metadata from photos without changing pixels.

JPEG, PNG and WebP are rewritten by segment, keeping those that affect the picture. Other kinds (HEIC, TIFF, AVIF, GIF)
must be encoded again by the caller.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from campaign.cleaning.icc import clean_profile

PNG = b"\x89PNG\r\n\x1a\n"
PROFILE = b"ICC_PROFILE\0"
MAX_PROFILE_PART = 65_000
# Segments that decode the picture (ITU-T T.81, table B.1).
KEPT_JPEG_MARKERS = frozenset([*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD]) - {0xC8}
KEPT_PNG_CHUNKS = frozenset(
    [b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs", b"bKGD", b"IDAT", b"IEND"]
)
PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
ORIENTATION = 0x0112  # of Exif
MAX_INFLATED = 1_000_000_000  # bytes


class NotRewritable(ValueError):
    """The file is of another kind, or damaged."""


def clean_photo(data: bytes, orientation: int = 1) -> bytes:
    """Return a JPEG, PNG or WebP without metadata.

    The Exif `orientation` (1 to 8) is kept, because pixels aren't rotated. Raise NotRewritable if the file is of
    another kind, animated or damaged.
    """
    try:
        if data.startswith(b"\xff\xd8"):
            return _jpeg(data, orientation)
        if data.startswith(PNG):
            return _png(data, orientation)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data, orientation)
    except (IndexError, zlib.error) as error:
        raise NotRewritable from error
    raise NotRewritable


def orientation_in(data: bytes) -> int:
    """Return the Exif orientation of a JPEG, PNG or WebP, 1 to 8; 1 if it is missing or can't be read."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
            value = Image.Image.getexif(image).get(ORIENTATION, 1)
    except Exception:  # broken Exif is common, and harmless to the pixels
        return 1
    return value if value in range(1, 9) else 1


def traces(data: bytes) -> list[str]:
    """Return the kinds of metadata in a photo, such as `Exif`."""
    try:
        if data.startswith(b"\xff\xd8"):
            return sorted({_marker_name(name, body) for name, body in _jpeg_parts(data) if _is_metadata(name, body)})
        if data.startswith(PNG):
            allowed_chunks = KEPT_PNG_CHUNKS | {b"iCCP"}
            names = {
                name.decode("latin-1")
                for name, body in _png_chunks(data)
                if name not in allowed_chunks and not _is_own_orientation(body)
            }
            return sorted(names)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            kinds = {b"EXIF": "Exif", b"XMP ": "XMP"}
            return sorted(
                {kinds[name] for name, body in _riff(data) if name in kinds and not _is_own_orientation(body)}
            )
    except (IndexError, NotRewritable):
        return []
    exif = b"Exif\0\0" in data or b"ftyphei" in data[:16] or data[:4] in (b"II*\0", b"MM\0*")
    return ["Exif"] if exif else []


def _is_metadata(name: int, body: bytes) -> bool:
    is_jfif = name == 0xE0 and body[:5] == b"JFIF\0" and body[12:14] == b"\0\0"  # without a preview
    is_colour = name == 0xE2 and body.startswith(PROFILE)
    is_orientation = name == 0xE1 and _is_own_orientation(body.removeprefix(b"Exif\0\0"))
    is_needed = (
        name in KEPT_JPEG_MARKERS or is_jfif or is_colour or is_orientation or (name == 0xEE and body[:5] == b"Adobe")
    )
    return not is_needed and name not in (0xD8, 0xD9)


def _marker_name(name: int, body: bytes) -> str:
    if name == 0xE1:
        return "Exif" if body.startswith(b"Exif") else "XMP"
    return {0xE0: "a preview", 0xED: "IPTC", 0xFE: "a comment", 0: "bytes after its end"}.get(name, "other metadata")


def _jpeg(data: bytes, orientation: int) -> bytes:
    parts, profile, head = [], b"", b""
    for name, body in _jpeg_parts(data):
        if name in KEPT_JPEG_MARKERS:
            parts.append(_segment(name, body) if name != 0xDA else b"\xff\xda" + body)
        elif name == 0xE0 and body[:5] == b"JFIF\0" and len(body) >= 14:
            head = _segment(0xE0, body[:12] + b"\0\0")  # without its preview
        elif name == 0xEE and body[:5] == b"Adobe" and len(body) >= 12:
            parts.append(_segment(0xEE, b"Adobe\0d\0\0\0\0" + body[11:12]))
        elif name == 0xE2 and body.startswith(PROFILE):
            profile += body[len(PROFILE) + 2 :]
    if not any(part[1] == 0xDA for part in parts):
        raise NotRewritable
    exif = _segment(0xE1, b"Exif\0\0" + _orientation(orientation)) if orientation != 1 else b""
    return b"".join((b"\xff\xd8", head, exif, *_profile_parts(clean_profile(profile)), *parts, b"\xff\xd9"))


def _segment(name: int, body: bytes) -> bytes:
    return bytes((0xFF, name)) + (len(body) + 2).to_bytes(2) + body


def _profile_parts(profile: bytes) -> list[bytes]:
    pieces = [profile[offset : offset + MAX_PROFILE_PART] for offset in range(0, len(profile), MAX_PROFILE_PART)]
    numbered = enumerate(pieces, 1)
    return [_segment(0xE2, PROFILE + bytes((number, len(pieces))) + piece) for number, piece in numbered]


def _jpeg_parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (marker, body) of each segment; a scan's body includes its data. 0 is what follows the picture."""
    position = 2
    while True:
        if data[position] != 0xFF:
            raise NotRewritable
        while data[position] == 0xFF:
            position += 1
        name = data[position]
        position += 1
        if name == 0xD9:
            break
        length = int.from_bytes(data[position : position + 2])
        if length < 2 or position + length > len(data):
            raise NotRewritable
        end = position + length
        if name == 0xDA:
            end = _scan_end(data, end)
            yield name, data[position:end]
        else:
            yield name, data[position + 2 : end]
        position = end
    if data[position:].strip(b"\0"):
        yield 0, data[position:]


def _scan_end(data: bytes, position: int) -> int:
    """Return the end of a scan: the next marker except restarts and stuffed bytes."""
    while True:
        position = _next_marker(data, position)
        next_byte = data[position + 1]
        if next_byte == 0 or 0xD0 <= next_byte <= 0xD7:
            position += 2
        elif next_byte == 0xFF:
            position += 1
        else:
            return position


def _next_marker(data: bytes, position: int) -> int:
    result = data.find(b"\xff", position)
    if result < 0:
        raise NotRewritable
    return result


def _orientation(value: int) -> bytes:
    return b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + value.to_bytes(2) + b"\0\0\0\0\0\0"


def _is_own_orientation(exif: bytes) -> bool:
    """Return whether Exif contains only an orientation as written here."""
    return any(exif.removeprefix(b"Exif\0\0") == _orientation(value) for value in range(1, 9))


def _png(data: bytes, orientation: int) -> bytes:
    chunks = list(_png_chunks(data))
    if not chunks or chunks[0][0] != b"IHDR" or not any(name == b"IDAT" for name, _ in chunks):
        raise NotRewritable
    pixels = _pixels(chunks[0][1], b"".join(body for name, body in chunks if name == b"IDAT"))
    output, is_done = [PNG], False
    for name, body in chunks:
        if name == b"iCCP":
            profile = clean_profile(_inflated(body.partition(b"\0")[2][1:]))
            output += [_chunk(name, b"icc\0\0" + zlib.compress(profile))] if profile else []
        elif name == b"IDAT":
            output += (
                []
                if is_done
                else [*([_orientation_chunk(orientation)] if orientation != 1 else []), _chunk(name, pixels)]
            )
            is_done = True
        elif name in KEPT_PNG_CHUNKS:
            output.append(_chunk(name, body))
    return b"".join(output)


def _orientation_chunk(orientation: int) -> bytes:
    return _chunk(b"eXIf", _orientation(orientation))


def _pixels(header: bytes, compressed: bytes) -> bytes:
    """Recompress pixels, so that nothing can follow them in the stream."""
    width, height = int.from_bytes(header[:4]), int.from_bytes(header[4:8])
    depth, colour, is_interlaced = header[8], header[9], header[12]
    raw = _inflated(compressed)
    if not is_interlaced and colour in PNG_CHANNELS:
        raw = raw[: height * (1 + (width * depth * PNG_CHANNELS[colour] + 7) // 8)]
    return zlib.compress(raw, 6)


def _inflated(compressed: bytes) -> bytes:
    reader = zlib.decompressobj()
    raw = reader.decompress(compressed, MAX_INFLATED)
    if reader.unconsumed_tail:
        raise NotRewritable
    return raw


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(PNG)
    while position + 12 <= len(data):
        length, name = int.from_bytes(data[position : position + 4]), data[position + 4 : position + 8]
        yield name, data[position + 8 : position + 8 + length]
        position += length + 12
        if name == b"IEND":
            break
    if data[position:].strip(b"\0"):
        yield b"bytes after its end", data[position:]


def _chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


def _webp(data: bytes, orientation: int) -> bytes:
    chunks = dict(_riff(data))
    if b"ANIM" in chunks or not chunks.keys() & {b"VP8 ", b"VP8L"}:
        raise NotRewritable
    profile = clean_profile(chunks.get(b"ICCP", b""))
    exif = _orientation(orientation) if orientation != 1 else b""
    allowed_chunks = {b"ICCP": profile, b"ALPH": chunks.get(b"ALPH", b""), b"VP8 ": chunks.get(b"VP8 ", b"")}
    allowed_chunks |= {b"VP8L": chunks.get(b"VP8L", b""), b"EXIF": exif}
    if extended := chunks.get(b"VP8X"):
        flags = (extended[0] & 0x10) | (0x20 if profile else 0) | (0x08 if exif else 0)
        allowed_chunks = {b"VP8X": bytes((flags, 0, 0, 0)) + extended[4:10], **allowed_chunks}
    elif exif or profile:
        raise NotRewritable  # the simple form has neither
    body = b"".join(
        name + len(part).to_bytes(4, "little") + part + bytes(len(part) % 2)
        for name, part in allowed_chunks.items()
        if part
    )
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


def _riff(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    offset, end = 12, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while offset + 8 <= end:
        length = int.from_bytes(data[offset + 4 : offset + 8], "little")
        yield data[offset : offset + 4], data[offset + 8 : offset + 8 + length]
        offset += 8 + length + length % 2
