"""Pictures embedded in drawings: only visible pixels, encoded again without metadata.

Pictures are cropped to what a clip or the drawing's edge leaves, and parts under opaque rectangles or ellipses are
painted over. When in doubt a pixel stays.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from math import ceil, floor

from PIL import Image, ImageColor, ImageDraw

from campaign.cleaning.svg_boxes import Box, number, overlap

QUALITY = 92
MAX_PIXELS = 24_000_000
SAFE_PICTURE = re.compile(r"data:image/(?:png|jpe?g);base64,", re.IGNORECASE)
ALIGNMENT_FACTORS = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}
PLACE = re.compile(r"(?:defer )?x(Min|Mid|Max)Y(Min|Mid|Max)(?: (meet|slice))?")
# Pixels at a cover's edge, where the renderer blends it with the picture.
COVER_RIM = 1
_Pixels = tuple[int, int, int, int]


@dataclass(frozen=True)
class Cover:
    """An opaque shape on a picture, in the picture's coordinates."""

    box: Box
    is_round: bool
    colour: str


@dataclass(frozen=True)
class PicturePlacement:
    """The position of a picture in a drawing, and its visible part."""

    drawn: Box  # box of its pixels, in its own coordinates
    size: tuple[int, int]  # in pixels
    shown: Box | None  # visible part of `drawn`, or None

    @property
    def pixels(self) -> _Pixels:
        """The pixels that are at least partly visible."""
        return self._pixels_of(self.shown or self.drawn, is_inner=False)

    def _pixels_of(self, box: Box, is_inner: bool) -> _Pixels:
        """Return a box in pixels. `is_inner`: only pixels that are entirely in it."""
        low, high = (ceil, floor) if is_inner else (floor, ceil)
        (left, top, right, bottom), (width, height) = self.drawn, self.size
        x, y = width / (right - left), height / (bottom - top)
        return (
            max(0, low(round((box[0] - left) * x, 6))),
            max(0, low(round((box[1] - top) * y, 6))),
            min(width, high(round((box[2] - left) * x, 6))),
            min(height, high(round((box[3] - top) * y, 6))),
        )

    def attributes(self) -> dict[str, str]:
        """The position of the cropped picture."""
        (left, top, right, bottom), (width, height) = self.drawn, self.size
        x, y = (right - left) / width, (bottom - top) / height
        cut = self.pixels
        values = {"x": left + cut[0] * x, "y": top + cut[1] * y, "width": (cut[2] - cut[0]) * x}
        values["height"] = (cut[3] - cut[1]) * y
        return {key: f"{value:.7g}" for key, value in values.items()} | {"preserveAspectRatio": "none"}


def placing(props: Mapping[str, str], href: str, shown: Box | None) -> PicturePlacement | None:
    """Return the position of a picture; None if it can't be determined. `shown`: visible box in its coordinates."""
    x, y, width, height = (number(props.get(key)) for key in ("x", "y", "width", "height"))
    if shown is None or not (width > 0 and height > 0 and x == x and y == y):
        return None
    size = _size(href)
    if not size:
        return None
    frame = (x, y, x + width, y + height)
    box = _picture_box(frame, size, props.get("preserveAspectRatio", "xMidYMid"))
    return PicturePlacement(box, size, overlap(overlap(frame, box), shown)) if box else None


def _picture_box(frame: Box, size: tuple[int, int], raw: str) -> Box | None:
    if raw.strip() == "none":
        return frame
    match = PLACE.fullmatch(" ".join(raw.split()))
    if not match:
        return None
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    scales = width / size[0], height / size[1]
    scale = max(scales) if match[3] == "slice" else min(scales)
    left = frame[0] + (width - size[0] * scale) * ALIGNMENT_FACTORS[match[1]]
    top = frame[1] + (height - size[1] * scale) * ALIGNMENT_FACTORS[match[2]]
    return left, top, left + size[0] * scale, top + size[1] * scale


@lru_cache(maxsize=8)
def read_picture(
    href: str, cut: _Pixels | None = None, covers: tuple[tuple[_Pixels, bool, str], ...] = ()
) -> tuple[bytes, str] | None:
    """Return the pixels of `cut`, painted over by `covers`, as bytes and their kind; None if unreadable."""
    if not SAFE_PICTURE.match(href):
        return None
    try:
        return clean_picture(base64.b64decode(href.partition(",")[2]), cut, covers)
    except Exception:  # Pillow's decoders raise many kinds of errors
        return None


@lru_cache(maxsize=8)
def _size(href: str) -> tuple[int, int] | None:
    if not SAFE_PICTURE.match(href):
        return None
    try:
        with Image.open(BytesIO(base64.b64decode(href.partition(",")[2])), formats=("PNG", "JPEG")) as image:
            return image.size
    except Exception:  # see above
        return None


def clean_picture(
    data: bytes, cut: _Pixels | None = None, covers: tuple[tuple[_Pixels, bool, str], ...] = ()
) -> tuple[bytes, str]:
    """Return a picture's bytes and kind, encoded again from its pixels."""
    with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError("too many pixels")
        kind = "png" if image.format == "PNG" else "jpeg"
        is_clear = kind == "png" and ("A" in image.getbands() or "transparency" in image.info)
        mode = "RGBA" if is_clear else "L" if image.mode in ("1", "L") and not covers else "RGB"
        converted = image.convert(mode)
    converted.info = {}
    for (left, top, right, bottom), is_round, colour in covers:
        draw = ImageDraw.Draw(converted)
        (draw.ellipse if is_round else draw.rectangle)((left, top, right - 1, bottom - 1), fill=colour)
    converted = converted.crop(cut) if cut else converted
    if mode == "RGBA":  # no data under transparent pixels
        alpha = converted.getchannel("A")
        converted.paste((0, 0, 0, 0), mask=alpha.point(lambda value: 255 if value == 0 else 0))
    file = BytesIO()
    if kind == "png":
        converted.save(file, "png")
    else:
        converted.save(file, "jpeg", quality=QUALITY, subsampling=0)
    return file.getvalue(), kind


def painted_over(place: PicturePlacement, covers: list[Cover]) -> tuple[tuple[_Pixels, bool, str], ...]:
    """Return the pixels below covers, without the rim that is blended with a cover's edge."""
    results = []
    for cover in covers:
        left, top, right, bottom = place._pixels_of(cover.box, is_inner=True)
        box = (left + COVER_RIM, top + COVER_RIM, right - COVER_RIM, bottom - COVER_RIM)
        if box[0] < box[2] and box[1] < box[3] and (not cover.is_round or _is_whole(place, cover.box)):
            results.append((box, cover.is_round, cover.colour))
    return tuple(results)


def _is_whole(place: PicturePlacement, box: Box) -> bool:
    drawn_box = place.drawn
    return box[0] >= drawn_box[0] and box[1] >= drawn_box[1] and box[2] <= drawn_box[2] and box[3] <= drawn_box[3]


def solid(paint: str) -> str:
    """Return an opaque paint as '#rrggbb', else ''."""
    if paint.lower() == "currentcolor":
        return "#000000"
    if paint.lower() not in ImageColor.colormap and not re.fullmatch(
        r"#(?:[0-9a-f]{3}|[0-9a-f]{6})|rgb\(\s*\d+\s*,\s*\d+\s*,\s*\d+\s*\)", paint, re.IGNORECASE
    ):
        return ""
    red, green, blue = ImageColor.getrgb(paint)[:3]
    return f"#{red:02x}{green:02x}{blue:02x}"
