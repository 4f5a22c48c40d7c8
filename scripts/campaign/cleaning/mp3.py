"""Reduce MP3 to its frames (ISO/IEC 11172-3): no tags, ancillary data zeroed."""

from __future__ import annotations

from dataclasses import dataclass

# kbit/s by index, layer III: version 1, then 2 and 2.5.
RATES = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
# Consecutive frames that tell sound from similar bytes.
MIN_FRAMES = 2
# Fields of the Xing header: length and table of contents, then the encoder.
XING_FIELDS = ((1, 4), (2, 4), (4, 100), (8, 4))


@dataclass(frozen=True)
class _Frame:
    length: int
    is_old: bool
    is_mono: bool
    has_sum: bool

    @property
    def side(self) -> int:
        size = (17, 9) if self.is_mono else (32, 17)
        return 4 + 2 * self.has_sum + size[self.is_old]

    def main_data(self, frame: bytes) -> tuple[int, int]:
        """Return how many bytes before the frame's own its main data begins, and its length in bits."""
        start = 4 + 2 * self.has_sum
        side = int.from_bytes(frame[start : self.side])
        size = 8 * (self.side - start)
        channels = 1 if self.is_mono else 2
        begin, private, granules, width = (8, channels, 1, 63) if self.is_old else (9, 7 - 2 * channels, 2, 59)
        first = begin + private + (0 if self.is_old else 4 * channels)
        lengths = (side >> (size - first - at * width - 12) & 0xFFF for at in range(granules * channels))
        return side >> (size - begin), sum(lengths)


def clean_mp3(data: bytes) -> bytes:
    """Return the frames of a recording, without tags and ancillary data.

    Raises:
        ValueError: it has no frames.
    """
    frames: list[bytes] = []
    found_frames: list[_Frame] = []
    at = _skip_id3(data, 0)
    while at + 4 <= len(data):
        found = _header(data, at)
        if found is None or not (frames or _goes_on(data, at)):
            at = _skip_id3(data, at + 1) if found else _next(data, at)
            continue
        if at + found.length > len(data):
            break
        frame = data[at : at + found.length]
        frames.append(frame if frames else _first(frame, found))
        found_frames.append(found)
        at = _skip_id3(data, at + found.length)
    if not frames:
        raise ValueError("no frame of MPEG layer III")
    sound = 1 if _summary_at(frames[0], found_frames[0]) else 0
    return b"".join(frames[:sound] + _without_ancillary(frames[sound:], found_frames[sound:]))


def _without_ancillary(frames: list[bytes], found: list[_Frame]) -> list[bytes]:
    """Zero bytes that no granule uses: encoders put their names there, and players skip them.

    Main data may begin in earlier frames, `main_data_begin` bytes back (section 2.4.2.7).
    """
    stream = b"".join(frame[each.side :] for frame, each in zip(frames, found, strict=True))
    kept, at, end = bytearray(len(stream)), 0, 0
    for frame, each in zip(frames, found, strict=True):
        back, bits = each.main_data(frame)
        start = max(at - back, end)  # a damaged frame may overlap the one before it
        end = max(end, min(len(stream), at - back + (bits + 7) // 8))
        kept[start:end] = stream[start:end]
        at += len(frame) - each.side
    cut, at = [], 0
    for frame, each in zip(frames, found, strict=True):
        size = len(frame) - each.side
        cut.append(frame[: each.side] + kept[at : at + size])
        at += size
    return cut


def _next(data: bytes, at: int) -> int:
    places = [found for sign in (b"\xff", b"ID3") if (found := data.find(sign, at + 1)) >= 0]
    return _skip_id3(data, min(places)) if places else len(data)


def _skip_id3(data: bytes, at: int) -> int:
    while data[at : at + 3] == b"ID3" and len(data) >= at + 10:
        size = sum((byte & 0x7F) << shift for byte, shift in zip(data[at + 6 : at + 10], (21, 14, 7, 0), strict=True))
        at += 10 + size + (10 if data[at + 5] & 0x10 else 0)
    return at


def _header(data: bytes, at: int) -> _Frame | None:
    if len(data) < at + 4 or data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return None
    version, layer = data[at + 1] >> 3 & 3, data[at + 1] >> 1 & 3
    rate, hertz = data[at + 2] >> 4, data[at + 2] >> 2 & 3
    if version == 1 or layer != 1 or rate in (0, 15) or hertz == 3:
        return None
    is_old = version != 3
    length = (72_000 if is_old else 144_000) * RATES[is_old][rate] // HERTZ[version][hertz] + (data[at + 2] >> 1 & 1)
    return _Frame(length, is_old, data[at + 3] >> 6 == 3, not data[at + 1] & 1)


def _goes_on(data: bytes, at: int) -> bool:
    for _ in range(MIN_FRAMES):
        found = _header(data, at)
        if found is None:
            return False
        at += found.length
        if at >= len(data):
            return True
    return True


def _summary_at(frame: bytes, found: _Frame) -> int:
    """Return the position of the Xing or VBRI header in the first frame, or 0."""
    places = (found.side - 2 * found.has_sum, found.side)
    return next((at for at in places if frame[at : at + 4] in (b"Xing", b"Info")), 0)


def _first(frame: bytes, found: _Frame) -> bytes:
    if at := _summary_at(frame, found):
        flags = int.from_bytes(frame[at + 4 : at + 8]) & 0xF
        end = at + 8 + sum(size for flag, size in XING_FIELDS if flags & flag)
        fields = frame[at + 8 : end].ljust(found.length - at - 8, b"\0")
        return frame[:4] + bytes(at - 4) + frame[at : at + 4] + flags.to_bytes(4) + fields
    if frame[36:40] == b"VBRI":
        return frame[:4] + bytes(found.length - 4)
    return frame
