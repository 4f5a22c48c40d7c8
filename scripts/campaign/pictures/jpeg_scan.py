"""Finds a JPEG whose middle is damaged: libjpeg paints grey there and only warns, and Pillow drops the warning.

In the usual kind (baseline, one scan, no restart marks) a damaged byte shifts all bits after it, so the data
ends too early or too late. Both can be seen without a decoder of our own: fed all but the last bytes, a sound file
cannot finish its last row; fed a few bytes more in place of the end mark, it must.
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from PIL import Image

MARGIN = 64
FILLER = b"\x55" * 32
END = b"\xff\xd9"


def scan_is_suspect(path: Path) -> bool:
    """Whether its data ends where it should not; False for the kinds of JPEG that cannot be told."""
    data = path.read_bytes()
    start = _scan_start(data)
    stop = re.compile(rb"\xff[^\0\xff]", re.DOTALL).search(data, start) if start else None
    if not stop or stop.group() != END or stop.start() - start < 4 * MARGIN:
        return False
    body = data[: stop.start()]
    last = _last_row(body + END)
    if not any(last):
        return False  # black is also what an unfinished row looks like
    return _last_row(body + FILLER) != last or _last_row(body[:-MARGIN]) == last


def _scan_start(data: bytes) -> int:
    """Where the compressed data begins; 0 if the file is progressive, has restart marks, or makes no sense."""
    at = 2
    while data[at : at + 1] == b"\xff" and at + 4 <= len(data):
        mark, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if mark == 0xDA:
            return at + 2 + length
        if (mark == 0xDD and any(data[at + 4 : at + 6])) or (0xC1 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC)):
            return 0
        at += 2 + length
    return 0


def _last_row(data: bytes) -> bytes:
    with Image.open(BytesIO(data), formats=("JPEG",)) as image:
        image.draft(None, (1, 1))
        try:
            image.load()
        except OSError:
            image.tile = []  # what was decoded so far is there
        return image.crop((0, image.height - 1, *image.size)).tobytes()
