"""How many damaged JPEGs are noticed: one random byte of the pixels' data is changed, with a fixed seed.

    python tests/benchmarks/jpeg_damage.py PHOTO...

Reports how many of the spoilt pictures (more than 1 % of their pixels differ by more than 24 of 255) are refused when
they are opened, and how many sound ones are refused too. Each photo is tried as four kinds of JPEG.
"""

from __future__ import annotations

import io
import random
import sys
import time
from pathlib import Path

from PIL import Image, ImageChops

from campaign.images.open import open_picture
from campaign.models.problem import Problem

FAULTS = 60
KINDS = {
    "baseline": {},
    "progressive": {"progressive": True},
    "restart marks": {"restart_marker_rows": 1},
    "progressive, grey": {"progressive": True, "grey": True},
}


def encoded(picture: Image.Image, grey: bool = False, **options) -> bytes:
    file = io.BytesIO()
    (picture.convert("L") if grey else picture).save(file, "JPEG", quality=85, **options)
    return file.getvalue()


def decoded(data: bytes) -> Image.Image | None:
    """As Pillow decodes it; None if it refuses."""
    try:
        return Image.open(io.BytesIO(data)).convert("RGB")
    except OSError:
        return None


def is_spoilt(sound: Image.Image, seen: Image.Image) -> bool:
    differing = ImageChops.difference(sound, seen).convert("L").point(lambda part: 255 if part > 24 else 0)
    return differing.histogram()[255] > sound.width * sound.height / 100


def is_refused(folder: Path, data: bytes) -> bool:
    file = folder / "x.jpg"
    file.write_bytes(data)
    return isinstance(open_picture(folder, file, "x.jpg"), Problem)


def main(photos: list[str], folder: Path) -> None:
    chance = random.Random(14)
    for kind, options in KINDS.items():
        spoilt = result = refused_sound = harmless = harmless_refused = 0
        seconds = 0.0
        for photo in photos:
            with Image.open(photo) as opened:
                picture = opened.convert("RGB")
            picture.thumbnail((1200, 1200))
            data = encoded(picture, **options)
            sound, start = decoded(data), data.index(b"\xff\xda") + 14
            begun = time.perf_counter()
            refused_sound += is_refused(folder, data)
            seconds += time.perf_counter() - begun
            for _ in range(FAULTS):
                position, damaged = chance.randrange(start, len(data) - 2), bytearray(data)
                damaged[position] ^= 1 << chance.randrange(8)
                seen = decoded(bytes(damaged))
                if seen is None:
                    continue
                if is_spoilt(sound, seen):
                    spoilt += 1
                    result += is_refused(folder, bytes(damaged))
                else:
                    harmless += 1
                    harmless_refused += is_refused(folder, bytes(damaged))
        print(
            f"{kind:18} spoilt {spoilt:4}, noticed {result:4}; not spoilt {harmless:4}, noticed {harmless_refused:4}; "
            f"sound {len(photos)}, refused {refused_sound}; {seconds / len(photos) * 1000:.0f} ms"
        )


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as work:
        main(sys.argv[1:], Path(work))
