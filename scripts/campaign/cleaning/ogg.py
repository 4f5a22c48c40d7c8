"""Reduce Ogg (RFC 3533) with Vorbis or Opus (RFC 7845) to the audio stream with our own comments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

# First bytes of the first packet and of the comments, and the number of header packets.
CODECS = {b"OpusHead": (b"OpusTags", 2), b"\x01vorbis": (b"\x03vorbis", 3)}
FIRST_PAGE = 2
LAST_PAGE = 4
CONTINUED_PACKET = 1
MAX_LACES = 255
# Bytes of the first header; what follows is ignored (RFC 7845 section 5.1; Vorbis I section 4.2.2).
HEADER_SIZE = {b"OpusHead": 19, b"\x01vorbis": 30}


@dataclass(frozen=True)
class _Page:
    flags: int
    granule: bytes
    serial: bytes
    laces: bytes
    body: bytes

    def written(self, number: int) -> bytes:
        head = b"OggS\0" + bytes((self.flags,)) + self.granule + self.serial + number.to_bytes(4, "little")
        tail = bytes((len(self.laces),)) + self.laces + self.body
        return head + _crc(head + bytes(4) + tail).to_bytes(4, "little") + tail


def clean_ogg(data: bytes, tags: Mapping[str, str]) -> bytes:
    """Return the pages of the sound with only these `tags`, and padding zeroed. Raise ValueError without any."""
    streams: set[bytes] = set()
    heads: dict[bytes, list[_Page]] = {}
    kept_pages: list[_Page] = []
    sound: dict[bytes, list[int]] = {}
    for page in _pages(data):
        if page.flags & FIRST_PAGE and page.body.startswith((*CODECS,)):
            heads[page.serial] = []
            streams.add(page.serial)
        if page.serial not in streams:
            continue
        pages = [page]
        if page.serial in heads:
            heads[page.serial].append(page)
            pages = _headers(heads[page.serial], tags)
            if not pages:
                continue
            del heads[page.serial]
            if pages[0].body.startswith(b"OpusHead"):
                sound[page.serial] = []
        elif page.serial in sound:
            sound[page.serial].append(len(kept_pages))
        kept_pages += pages
    if not kept_pages:
        raise ValueError("no Vorbis and no Opus")
    for places in sound.values():
        for place, page in zip(places, _without_padding([kept_pages[place] for place in places]), strict=True):
            kept_pages[place] = page
    return b"".join(_numbered(kept_pages))


def _numbered(pages: list[_Page]) -> Iterator[bytes]:
    counts = defaultdict[bytes, int](int)
    for page in pages:
        yield page.written(counts[page.serial])
        counts[page.serial] += 1


def _without_padding(pages: list[_Page]) -> list[_Page]:
    """Zero the padding of Opus packets (RFC 6716 section 3.2.5): players skip it, so anything can hide there."""
    body, start, size = bytearray(b"".join(page.body for page in pages)), 0, 0
    for lace in b"".join(page.laces for page in pages):
        size += lace
        if lace < MAX_LACES:
            padding = _padding(bytes(body[start : start + size]))
            body[start + size - padding : start + size] = bytes(padding)
            start, size = start + size, 0
    cut, offset = [], 0
    for page in pages:
        cut.append(replace(page, body=bytes(body[offset : offset + len(page.body)])))
        offset += len(page.body)
    return cut


def _padding(packet: bytes) -> int:
    if len(packet) < 3 or packet[0] & 3 != 3 or not packet[1] & 0x40:
        return 0
    padding, offset = 0, 2
    while offset < len(packet) and packet[offset] == 255:
        padding, offset = padding + 254, offset + 1
    padding += packet[offset] if offset < len(packet) else 0
    return min(padding, len(packet) - min(offset + 1, len(packet)))


def _pages(data: bytes) -> Iterator[_Page]:
    """Yield every complete page with a valid checksum."""
    position = 0
    while (position := data.find(b"OggS\0", position)) >= 0 and position + 27 <= len(data):
        laces = data[position + 27 : position + 27 + data[position + 26]]
        end = position + 27 + len(laces) + sum(laces)
        page_bytes = data[position:end]
        if end > len(data) or _crc(page_bytes[:22] + bytes(4) + page_bytes[26:]) != int.from_bytes(
            page_bytes[22:26], "little"
        ):
            position += 1
            continue
        granule, serial = page_bytes[6:14], page_bytes[14:18]
        yield _Page(page_bytes[5], granule, serial, laces, page_bytes[27 + len(laces) :])
        position = end


def _headers(pages: list[_Page], tags: Mapping[str, str]) -> list[_Page]:
    """Return the first pages with new headers; [] until all headers are read."""
    codec = next(name for name in CODECS if pages[0].body.startswith(name))
    sign, count = CODECS[codec]
    packets, is_open = _packets(pages)
    if len(packets) < count or (len(packets) == count and is_open):
        return []
    if len(packets) > count:
        raise ValueError("sound on a page of headers")  # both standards forbid it
    if not packets[1].startswith(sign):
        raise ValueError("no comments behind the first header")
    if codec == b"OpusHead" and packets[0][18:19] != b"\0":
        raise ValueError("more than two channels")
    first, comments = pages[0], sign + _comments(tags) + (b"\x01" if codec == b"\x01vorbis" else b"")
    start = packets[0][: HEADER_SIZE[codec]]
    head = replace(first, flags=FIRST_PAGE, laces=_laces(start), body=start)
    return [head, *_split_into_pages([comments, *packets[2:]], first.serial)]


def _packets(pages: list[_Page]) -> tuple[list[bytes], bool]:
    """Return the packets that begin on these pages, and whether the last one continues."""
    packets, part, is_open = [], b"", False
    for page in pages:
        position = 0
        for lace in page.laces:
            part += page.body[position : position + lace]
            position += lace
            is_open = lace == MAX_LACES
            if not is_open:
                packets.append(part)
                part = b""
    return ([*packets, part], True) if is_open else (packets, False)


def _split_into_pages(packets: list[bytes], serial: bytes) -> list[_Page]:
    laces, body = b"".join(map(_laces, packets)), b"".join(packets)
    pages, offset = [], 0
    for start in range(0, len(laces), MAX_LACES):
        segment = laces[start : start + MAX_LACES]
        is_continued = start > 0 and laces[start - 1] == MAX_LACES
        ends = any(lace < MAX_LACES for lace in segment)
        granule = bytes(8) if ends else b"\xff" * 8
        part = body[offset : offset + sum(segment)]
        pages.append(_Page(CONTINUED_PACKET if is_continued else 0, granule, serial, segment, part))
        offset += sum(segment)
    return pages


def _laces(packet: bytes) -> bytes:
    return b"\xff" * (len(packet) // 255) + bytes((len(packet) % 255,))


def _comments(tags: Mapping[str, str]) -> bytes:
    comments = [f"{key}={text}".encode() for key, text in tags.items()]
    return (
        bytes(4)
        + len(comments).to_bytes(4, "little")
        + b"".join(len(item).to_bytes(4, "little") + item for item in comments)
    )


def _table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
        table.append(value)
    return table


TABLE = _table()


def _crc(data: bytes) -> int:
    value = 0
    for byte in data:
        value = (value << 8 & 0xFFFFFFFF) ^ TABLE[value >> 24 ^ byte]
    return value
