"""Recordings for tests: small, complete, and with all metadata that phones and programs write."""

from __future__ import annotations

from campaign.cleaning.ogg import _crc

METADATA_TEXT = b"PLANTED-%s"


def mp3(size: int = 2000, marks: bool = False) -> bytes:
    """Frames of silence (MPEG 1, layer III, 32 kbit/s, mono), of about this size."""
    frame = b"\xff\xfb\x10\xc4" + bytes(104 - 4)
    frames = frame * max(3, size // len(frame))
    if not marks:
        return frames
    text = b"\x03" + METADATA_TEXT % b"id3v2"
    picture = b"\x00image/jpeg\x00\x03\x00" + METADATA_TEXT % b"apic"
    tag = b"".join(
        name + len(body).to_bytes(4) + b"\0\0" + body for name, body in ((b"TPE1", text), (b"APIC", picture))
    )
    head = b"ID3\x03\0\0" + bytes((len(tag) >> shift) & 0x7F for shift in (21, 14, 7, 0)) + tag
    xing = frame[:21] + b"Xing" + (1).to_bytes(4) + (30).to_bytes(4) + b"PLANTED-lame"
    xing = xing.ljust(len(frame), b"\0")
    ape = b"APETAGEX" + (2000).to_bytes(4, "little") + b"PLANTED-ape".ljust(40, b"\0") + b"APETAGEX" + bytes(24)
    legacy = b"TAG" + b"PLANTED-id3v1".ljust(125, b"\0")
    ancillary = frame[:40] + b"PLANTED-ancillary".ljust(len(frame) - 40, b"\0")
    middle = b"\0PLANTED-between\0" + ancillary
    half = len(frames) // len(frame) // 2 * len(frame)
    return head + xing + frames[:half] + middle + frames[half:] + b"PLANTED-behind" + ape + legacy


def ogg(kind: str = "opus", size: int = 2000, marks: bool = False) -> bytes:
    """Opus or Vorbis in Ogg, of about this size."""
    vendor, text = (b"PLANTED-vendor", [b"ARTIST=PLANTED-comment"]) if marks else (b"", [])
    rows = b"".join(len(item).to_bytes(4, "little") + item for item in text)
    comments = len(vendor).to_bytes(4, "little") + vendor + len(text).to_bytes(4, "little") + rows
    if kind == "opus":
        first = b"OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0" + (b"PLANTED-head" if marks else b"")
        headers = [b"OpusTags" + comments + (b"PLANTED-binary" if marks else b"")]
    else:
        first = b"\x01vorbis" + bytes(4) + b"\x01\x44\xac\0\0" + bytes(12) + b"\xb8\x01"
        first += b"PLANTED-head" if marks else b""
        headers = [b"\x03vorbis" + comments + b"\x01", b"\x05vorbis" + bytes(300)]
    serial, parts = b"CAMP", [_page(2, 0, b"CAMP", 0, [first]), _page(0, 0, b"CAMP", 1, headers)]
    if marks:
        parts += [b"PLANTED-between", _page(2, 0, b"TEXT", 0, [b"PLANTED-stream"])]
    sound = [b"\xfc" + bytes(199)] * 10
    if marks and kind == "opus":
        sound[4:6] = [opus_with_padding(b"sound", b"PLANTED-padding"), opus_with_padding(b"x" * 90, b"PLANTED" * 99)]
    count = max(1, size // 2000)
    parts += [_page(4 * (index == count - 1), 960 * (index + 1), serial, index + 2, sound) for index in range(count)]
    return b"".join(parts) + (b"PLANTED-behind" if marks else b"")


def mp3_frame(main_data: bytes, *, back: int = 0, bits: int = 0) -> bytes:
    """A frame that makes a decoder read `bits`, from `back` bytes before the frame's main data."""
    side = back << (17 * 8 - 9) | bits << (17 * 8 - 18 - 12)
    return b"\xff\xfb\x10\xc4" + side.to_bytes(17) + main_data.ljust(104 - 21, b"\0")


def opus_with_padding(frame: bytes, padding: bytes) -> bytes:
    """A packet with one frame, and with padding where an encoder may write anything."""
    length = b"\xff" * (len(padding) // 254) + bytes((len(padding) % 254,))
    return b"\xff\x41" + length + frame + padding


def _page(flags: int, granule: int, serial: bytes, number: int, packets: list[bytes]) -> bytes:
    laces = b"".join(b"\xff" * (len(packet) // 255) + bytes((len(packet) % 255,)) for packet in packets)
    head = b"OggS\0" + bytes((flags,)) + granule.to_bytes(8, "little") + serial + number.to_bytes(4, "little")
    tail = bytes((len(laces),)) + laces + b"".join(packets)
    return head + _crc(head + bytes(4) + tail).to_bytes(4, "little") + tail
