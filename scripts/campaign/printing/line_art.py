"""Drawings for photocopiers: black lines on white without tints, and halftone dots for photos."""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from io import BytesIO
from math import cos, pi

from lxml import etree
from PIL import Image, ImageChops, ImageColor, ImageOps

from campaign.printing.art import SAFE_PICTURE, SVG, XLINK_HREF

DARK_THRESHOLD = 70  # of 255; darker colours become black
MIDDLE_LIGHTNESS = 128
# Halftone lines across a drawing: 59 lpi on an A4 poster, 62 on a cover. Copiers hold up to 65 lpi, presses 150.
SHEET_LINES = 450
COVER_LINES = 250
# Pixels between the centres of dots, and the tones that are clipped: a copy of a copy loses smaller dots and fills
# smaller holes.
DOT_PITCH_PX = 8
LIGHTEST = 0.94
DARKEST = 0.12
DOT_GAIN = 0.75  # gamma for middle tones, because dots grow with each copy
TONE_CURVE = [255 if at > 255 * LIGHTEST else round(255 * max((at / 255) ** DOT_GAIN, DARKEST)) for at in range(256)]


@lru_cache(maxsize=64)
def line_art(svg: str, lines: int = COVER_LINES) -> str:
    """Return a drawing as black lines on white; `lines` is the number of halftone lines across its photos."""
    root = etree.fromstring(svg.encode())
    box = [float(part) for part in (root.get("viewBox") or "0 0 100 100").replace(",", " ").split()]
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for name in ("style", "opacity", "fill-opacity", "stroke-opacity"):
            element.attrib.pop(name, None)
        if element.tag == f"{SVG}image":
            _into_dots(element, box[2], lines)
        fill = element.get("fill")
        if fill and fill != "none":
            is_ground = float(element.get("width") or 0) > box[2] / 2
            is_dark = lightness(fill) < DARK_THRESHOLD and not is_ground
            element.set("fill", "#000000" if is_dark else "#ffffff")
            if not element.get("stroke"):
                element.set("stroke", "#000000")
                element.set("stroke-width", f"{box[2] / 500:.2f}")
        if element.get("stroke") not in (None, "none"):
            element.set("stroke", "#000000")
    return str(etree.tostring(root, encoding="unicode"))


PAINT = re.compile(r'\b((?:fill|stroke|stop-color)(?:="|:))([^";]+)')
BLACK = "#000000"
WHITE = "#ffffff"
OPACITY = re.compile(r'\s(?:fill-|stroke-|stop-)?opacity="[^"]*"')


def one_ink_mark(svg: str) -> str:
    """Return a mark or pictogram in black and white: dark colours become black, all others white, and none is faint."""

    def ink(match: re.Match[str]) -> str:
        try:
            red, green, blue = ImageColor.getrgb(match[2].strip())[:3]
        except ValueError:  # `none`, or the colour of the text
            return match[0]
        is_dark = lightness(f"#{red:02x}{green:02x}{blue:02x}") < MIDDLE_LIGHTNESS
        return f"{match[1]}{BLACK if is_dark else WHITE}"

    return PAINT.sub(ink, OPACITY.sub("", svg))


def in_dots(image: Image.Image, lines: float) -> Image.Image:
    """Return a picture as black dots on a 45° screen with `lines` lines across."""
    image = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "#ffffff")
    grey = ImageOps.autocontrast(Image.alpha_composite(paper, image).convert("L"), cutoff=0.5)
    # On a 45° screen, lines are 1 / sqrt(2) of the pitch apart.
    width = max(DOT_PITCH_PX, round(lines * DOT_PITCH_PX / 2**0.5))
    grey = grey.resize((width, max(DOT_PITCH_PX, round(grey.height * width / grey.width))), Image.Resampling.LANCZOS)
    return ImageChops.subtract(grey.point(TONE_CURVE), _thresholds(grey.size)).point(lambda over: 255 * (over > 0), "1")


def _thresholds(size: tuple[int, int]) -> Image.Image:
    """Return the threshold of each pixel of a cell, with every tone equally frequent."""
    cosines = [cos((cell + 0.5) * 2 * pi / DOT_PITCH_PX) for cell in range(DOT_PITCH_PX)]
    heights = [round(down * across, 9) for down in cosines for across in cosines]
    order = sorted(range(len(heights)), key=heights.__getitem__)
    ranks = {cell: rank for rank, cell in enumerate(order)}
    rows = [
        bytes(255 * ranks[y * DOT_PITCH_PX + x] // len(ranks) for x in range(DOT_PITCH_PX)) for y in range(DOT_PITCH_PX)
    ]
    data = b"".join((row * (size[0] // DOT_PITCH_PX + 1))[: size[0]] for row in rows)
    return Image.frombytes("L", size, (data * (size[1] // DOT_PITCH_PX + 1))[: size[0] * size[1]])


def _into_dots(element: etree._Element, across: float, lines: int) -> None:
    """Return the embedded picture as dots; `across` is the drawing's width in units of the picture's width."""
    href = element.get("href") or element.get(XLINK_HREF) or ""
    if not href.startswith(SAFE_PICTURE):
        return
    share = float(element.get("width") or across) / across
    with Image.open(BytesIO(base64.b64decode(href.partition(",")[2])), formats=("PNG", "JPEG")) as image:
        dots = in_dots(image, max(1, min(lines, lines * share)))
    file = BytesIO()
    dots.save(file, "png", optimize=True)
    element.attrib.pop(XLINK_HREF, None)
    element.set("href", f"{SAFE_PICTURE[0]}{base64.b64encode(file.getvalue()).decode()}")
    element.set("image-rendering", "optimizeSpeed")  # no antialiasing between dots


def lightness(colour: str) -> float:
    """Return the lightness from 0 to 255 (Rec. 601); 255 for anything but '#rrggbb'."""
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        return 255
    red, green, blue = (int(colour[index : index + 2], 16) for index in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue
