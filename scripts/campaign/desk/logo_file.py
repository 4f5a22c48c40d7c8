"""An uploaded logo: made safe to print, without the author's metadata."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree
from PIL import Image, ImageColor

from campaign.content.contrast import contrast, luminance
from campaign.images.open import open_picture
from campaign.models.problem import Problem
from campaign.printing.art import MAX_BYTES, read_drawing, wrapped_png

FOLDER = "assets/logos"
# The width of half a newspaper page at 300 dpi; logos with fewer pixels than the second value look blurred there.
WIDEST = 1600
SMALLEST = 600
MIN_CONTRAST = 3.0  # contrast with white paper (WCAG 2.2, 1.4.11)
# The mark in the middle of a QR code is square.
MAX_MARK_RATIO = 1.5
EDITORS = re.compile(r"\{http://(?:www\.inkscape\.org|sodipodi\.sourceforge\.net|ns\.adobe\.com)")
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {f"{SVG}{name}" for name in ("path", "rect", "circle", "ellipse", "polygon", "polyline", "line")}
LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:px|mm|pt|cm|in)?\s*")


def convert_logo(folder: Path, file: Path, name: str) -> bytes | list[Problem]:
    """Return the SVG to keep (pixels are wrapped in one), or what is wrong with the file. `name` is for problems."""
    if file.suffix.lower() == ".svg":
        file.write_bytes(tidied(file.read_bytes()))
    else:
        picture = open_picture(folder, file, name, WIDEST)
        if isinstance(picture, Problem):
            return [picture]
        pixels = BytesIO()
        picture.save(pixels, "png")
        file = folder / "wrapped.svg"
        file.write_text(wrapped_png(pixels.getvalue()), encoding="utf-8")
    drawing = read_drawing(file, name)
    return drawing if isinstance(drawing, list) else drawing.svg.encode()


@lru_cache(maxsize=32)
def logo_remarks(data: bytes, is_mark: bool) -> list[str]:
    """Return possible problems of a logo, as keys of the desk's words. `is_mark`: it appears in QR codes."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    width, height = (float(item) for item in (root.get("viewBox") or "").replace(",", " ").split()[2:])
    results = []
    if any(float(item.get("width", WIDEST)) < SMALLEST for item in root.iter(f"{SVG}image")):
        results.append("logo-small")
    if is_mark and max(width, height) > MAX_MARK_RATIO * min(width, height):
        results.append("logo-not-square")
    if not any(_stands_out(colour) for colour in _colours(root)):
        results.append("logo-pale")
    return results


def _colours(root: etree._Element) -> Iterator[str]:
    for element in root.iter():
        href = element.get("href") or element.get("{http://www.w3.org/1999/xlink}href") or ""
        if element.tag == f"{SVG}image" and href.startswith("data:"):
            with Image.open(BytesIO(base64.b64decode(href.partition(",")[2]))) as image:
                image.thumbnail((32, 32))
                pixels: Any = image.convert("RGBA").getcolors(1024) or []
            yield from (f"#{bytes(colour[:3]).hex()}" for _, colour in pixels if colour[3] > 127)
        elif element.tag in SHAPES:
            yield next((result for item in (element, *element.iterancestors()) if (result := _painted(item))), "black")
        elif element.tag == f"{SVG}stop":
            yield _painted(element, "stop-color")


def _painted(element: etree._Element, key: str = "fill") -> str:
    match = re.search(rf"(?:^|;)\s*{key}\s*:\s*([^;]+)", element.get("style") or "")
    paint = (match[1] if match else element.get(key) or "").strip()
    if paint == "none" and key == "fill":
        return _painted(element, "stroke")
    return paint


def _stands_out(colour: str) -> bool:
    try:
        red, green, blue = ImageColor.getrgb(colour)[:3]
    except ValueError:  # a gradient, whose stops are checked
        return False
    return contrast(luminance(f"#{red:02x}{green:02x}{blue:02x}"), 1.0) >= MIN_CONTRAST


def tidied(data: bytes) -> bytes:
    """Remove what drawing programs add (names of files and people), and add a viewBox if the size gives one."""
    if len(data) > MAX_BYTES:
        return data
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        return data
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or EDITORS.match(element.tag) or element.tag == f"{SVG}metadata":
            if (parent := element.getparent()) is not None:
                parent.remove(element)
            continue
        for key in [key for key in element.attrib if EDITORS.match(key)]:
            del element.attrib[key]
    sizes = [LENGTH.fullmatch(root.get(key, "")) for key in ("width", "height")]
    if root.get("viewBox") is None and all(sizes):
        root.set("viewBox", "0 0 " + " ".join(size[1] for size in sizes if size))
    etree.cleanup_namespaces(root)
    return bytes(etree.tostring(root))
