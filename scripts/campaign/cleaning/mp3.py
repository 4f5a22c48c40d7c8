"""Reduce MP3 to its frames (ISO/IEC 11172-3): no tags, ancillary data zeroed."""

from __future__ import annotations

from dataclasses import dataclass

# kbit/s by index, layer III: version 1, then 2 and 2.5.
RATES = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
MIN_FRAMES = 2  # consecutive frames that tell sound from similar bytes
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
        lengths = (side >> (size - first - offset * width - 12) & 0xFFF for offset in range(granules * channels))
        return side >> (size - begin), sum(lengths)


def clean_mp3(data: bytes) -> bytes:
    """Return the frames of a recording, without tags and ancillary data. Raise ValueError if it has no frames."""
    frames: list[bytes] = []
    found_frames: list[_Frame] = []
    offset = _skip_id3(data, 0)
    while offset + 4 <= len(data):
        result = _header(data, offset)
        if result is None or not (frames or _has_more_frames(data, offset)):
            offset = _skip_id3(data, offset + 1) if result else _next_marker(data, offset)
            continue
        if offset + result.length > len(data):
            break
        frame = data[offset : offset + result.length]
        frames.append(frame if frames else _first(frame, result))
        found_frames.append(result)
        offset = _skip_id3(data, offset + result.length)
    if not frames:
        raise ValueError("no frame of MPEG layer III")
    sound = 1 if _summary_position(frames[0], found_frames[0]) else 0
    return b"".join(frames[:sound] + _without_ancillary(frames[sound:], found_frames[sound:]))


def _without_ancillary(frames: list[bytes], headers: list[_Frame]) -> list[bytes]:
    """Zero bytes that no granule uses: encoders put their names there, and players skip them.

    Main data may begin in earlier frames, `main_data_begin` bytes back (section 2.4.2.7).
    """
    stream = b"".join(frame[header.side :] for frame, header in zip(frames, headers, strict=True))
    output, offset, end = bytearray(len(stream)), 0, 0
    for frame, header in zip(frames, headers, strict=True):
        bytes_back, bits = header.main_data(frame)
        start = max(offset - bytes_back, end)  # a damaged frame may overlap the one before it
        end = max(end, min(len(stream), offset - bytes_back + (bits + 7) // 8))
        output[start:end] = stream[start:end]
        offset += len(frame) - header.side
    cut, offset = [], 0
    for frame, header in zip(frames, headers, strict=True):
        size = len(frame) - header.side
        cut.append(frame[: header.side] + output[offset : offset + size])
        offset += size
    return cut


def _next_marker(data: bytes, position: int) -> int:
    places = [result for sign in (b"\xff", b"ID3") if (result := data.find(sign, position + 1)) >= 0]
    return _skip_id3(data, min(places)) if places else len(data)


def _skip_id3(data: bytes, position: int) -> int:
    while data[position : position + 3] == b"ID3" and len(data) >= position + 10:
        size = sum(
            (byte & 0x7F) << shift
            for byte, shift in zip(data[position + 6 : position + 10], (21, 14, 7, 0), strict=True)
        )
        position += 10 + size + (10 if data[position + 5] & 0x10 else 0)
    return position


def _header(data: bytes, position: int) -> _Frame | None:
    if len(data) < position + 4 or data[position] != 0xFF or data[position + 1] & 0xE0 != 0xE0:
        return None
    version, layer = data[position + 1] >> 3 & 3, data[position + 1] >> 1 & 3
    rate, hertz = data[position + 2] >> 4, data[position + 2] >> 2 & 3
    if version == 1 or layer != 1 or rate in (0, 15) or hertz == 3:
        return None
    is_old = version != 3
    length = (72_000 if is_old else 144_000) * RATES[is_old][rate] // HERTZ[version][hertz] + (
        data[position + 2] >> 1 & 1
    )
    return _Frame(length, is_old, data[position + 3] >> 6 == 3, not data[position + 1] & 1)


def _has_more_frames(data: bytes, position: int) -> bool:
    for _ in range(MIN_FRAMES):
        result = _header(data, position)
        if result is None:
            return False
        position += result.length
        if position >= len(data):
            return True
    return True


def _summary_position(frame: bytes, header: _Frame) -> int:
    """Return the position of the Xing or VBRI header in the first frame, or 0."""
    places = (header.side - 2 * header.has_sum, header.side)
    return next((place for place in places if frame[place : place + 4] in (b"Xing", b"Info")), 0)


def _first(frame: bytes, header: _Frame) -> bytes:
    if offset := _summary_position(frame, header):
        flags = int.from_bytes(frame[offset + 4 : offset + 8]) & 0xF
        end = offset + 8 + sum(size for flag, size in XING_FIELDS if flags & flag)
        fields = frame[offset + 8 : end].ljust(header.length - offset - 8, b"\0")
        return frame[:4] + bytes(offset - 4) + frame[offset : offset + 4] + flags.to_bytes(4) + fields
    if frame[36:40] == b"VBRI":
        return frame[:4] + bytes(header.length - 4)
    return frame
