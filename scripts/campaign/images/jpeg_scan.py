"""Decodes a JPEG and sees whether its middle is damaged: libjpeg paints grey there and only warns, and Pillow drops
the warning.

In the usual kind (baseline, one scan, no restart marks) a damaged byte shifts all bits after it, so the data end too
early or too late. Both can be seen while it is decoded: without the last bytes a sound file cannot be finished; with
them, and a few more in place of the end mark, it must.
"""

from __future__ import annotations

import re
from typing import IO

from PIL.ImageFile import ImageFile

from campaign.images.file_sniffing import suspect

MARGIN = 64
BLOCK = 65536
# Never the start of a mark.
FILLER = b"\x55" * 32
MARK = re.compile(rb"\xff([^\0\xff])", re.DOTALL)
END = 0xD9
# What else may stand behind the data: another scan, a number of lines, notes. Any other mark is a damaged byte.
OTHERS = (0xDA, 0xDC, 0xFE, *range(0xE0, 0xF0))


def load_watched(image: ImageFile) -> None:
    """image.load() of a JPEG. Raises Fault where its data do not add up, as far as its kind lets that be told."""
    found = _end_of_scan(image.fp) if image.fp else None
    if not found or found[1] in OTHERS:
        image.load()
        return
    stop, mark = found
    image.fp = watched = _Watched(image.fp, stop)
    try:
        image.load()
    except OSError as error:
        raise suspect() from error
    if mark != END or not watched.is_read_to_its_end:
        raise suspect()


class _Watched:
    """A file up to `stop`, whose last bytes come apart from the others."""

    def __init__(self, file: IO[bytes], stop: int) -> None:
        self.file, self.stop = file, stop
        self.is_read_to_its_end = False
        self.seek, self.tell, self.close = file.seek, file.tell, file.close

    def read(self, most: int) -> bytes:
        left = self.stop - MARGIN - self.file.tell()
        if left > 0:
            return self.file.read(min(most, left))
        if self.is_read_to_its_end:
            return b""
        self.is_read_to_its_end = True
        return self.file.read(MARGIN) + FILLER


def _scan_start(file: IO[bytes]) -> int:
    """Where the compressed data begin; 0 if the file is progressive, has restart marks, or makes no sense."""
    at = 2
    while True:
        file.seek(at)
        head = file.read(6)
        if len(head) < 6 or head[0] != 0xFF:
            return 0
        mark, length = head[1], int.from_bytes(head[2:4])
        if mark == 0xDA:
            return at + 2 + length
        if (mark == 0xDD and any(head[4:])) or (0xC1 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC)):
            return 0
        at += 2 + length


def _end_of_scan(file: IO[bytes]) -> tuple[int, int] | None:
    """Where the data end and the mark behind them; None for the kinds of JPEG that cannot be told, or cut off."""
    start = _scan_start(file)
    file.seek(start)
    last = b""
    while start and (block := file.read(BLOCK)):
        data = last + block
        if found := MARK.search(data):
            stop = file.tell() - len(data) + found.start()
            return (stop, found[1][0]) if stop - start >= 4 * MARGIN else None
        last = data[-1:]
    return None
