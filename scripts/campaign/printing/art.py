"""Read drawings (SVG) safely, find their slots, set colours; make QR codes and woven bands."""

from __future__ import annotations

import base64
import itertools
import re
import struct
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from math import isfinite
from pathlib import Path
from typing import Any

from lxml import etree
from PIL import Image

from campaign.cleaning.svg import SLOT_PREFIX, clean_svg, hidden_pictures, parse_svg, without_notes
from campaign.cleaning.svg_styles import unsupported_styles
from campaign.models.band import NONE, REPEAT, ROWS, band_svg
from campaign.models.problem import Problem

SVG = "{http://www.w3.org/2000/svg}"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
# Limits of a viewBox, in its own units: the size, and the ratio of its sides.
SMALLEST_SIDE = 0.01
LARGEST_SIDE = 1e6
MAX_ASPECT_RATIO = 1000
MAX_SHAPES = 100_000
MAX_DEPTH = 400
MAX_FILTERED = 100
MAX_BYTES = 4_000_000
# Limits of an embedded picture: 40 cm at 300 dots per inch, more than any printer shows.
MAX_POINTS = 24_000_000
FORBIDDEN_ELEMENTS = ("script", "foreignObject", "iframe", "audio", "video", "animate", "set", "handler")
PAINT_SERVER = re.compile(r"url\(\s*['\"]?#([^)'\"]+)")
MATRIX = re.compile(r"\s*(translate|matrix|scale)\(([^)]*)\)\s*")
Element = Any  # of lxml, which brings no types
SAFE_PICTURE = ("data:image/png;base64,", "data:image/jpeg;base64,")


@dataclass(frozen=True)
class Slot:
    """A rectangle for words, in the drawing's units."""

    role: str  # the panel that fills it
    x: float
    y: float
    width: float
    height: float
    colour: str  # of the words, by name
    align: str  # 'start', 'center' or 'end'


@dataclass(frozen=True)
class Drawing:
    """An SVG without its slots."""

    svg: str
    box: tuple[float, float, float, float]  # viewBox: left, top, width, height
    slots: tuple[Slot, ...]
    grounds: tuple[str, ...] = ()  # for each slot the '#rrggbb' behind it, or ''
    doubts: tuple[Problem, ...] = ()  # notes about lost or hidden content


def read_drawing(path: Path, where: str) -> Drawing | list[Problem]:
    """Return a drawing that is safe to typeset, or its problems. No other file is opened."""
    try:
        data = path.read_bytes()
    except OSError:
        return [Problem("art-missing", where, "The drawing is missing.", "Add the file, or name another drawing.")]
    return _parse(data, where)


def hash_drawing(path: Path) -> str:
    """Return the hash of a drawing without descriptions and editor data; '' if it is missing."""
    if not path.is_file():
        return ""
    data = path.read_bytes()
    try:
        return sha256(without_notes(data) if path.suffix == ".svg" else data).hexdigest()
    except etree.LxmlError:
        return sha256(data).hexdigest()


@lru_cache(maxsize=128)
def _parse(data: bytes, where: str) -> Drawing | list[Problem]:
    if len(data) > MAX_BYTES:
        fix = "Simplify it, or embed smaller pictures."
        return [Problem("drawing-large", where, "The drawing is larger than 4 MB.", fix)]
    try:
        root = parse_svg(data)
    except etree.XMLSyntaxError as error:
        fix = "Save it again as plain SVG."
        return [Problem("drawing-broken", f"{where}:{error.lineno}", f"The drawing is not XML: {error.msg}.", fix)]
    if problems := list(_complaints(root, where)):
        return problems
    left, top, width, height = (float(number) for number in root.get("viewBox").replace(",", " ").split())
    slots: list[Slot] = []
    for rect in list(root.iter(f"{SVG}rect")):
        if (rect.get("id") or "").startswith(SLOT_PREFIX):
            slot = _slot(rect)
            if slot is None:
                return [_slot_problem(rect, where)]
            slots.append(slot)
            rect.getparent().remove(rect)
    areas = [area for rect in root.iter(f"{SVG}rect") if (area := _area(rect))]
    grounds = tuple(_ground(areas, slot) for slot in slots)
    try:
        doubts = tuple(_doubts(root, where))
        svg = clean_svg(root)
    except RecursionError:
        message = "Its gradients, patterns or masks refer to each other in a chain of hundreds."
        return [Problem("drawing-large", where, message, "Save it again as plain SVG, or paint it with plain colours.")]
    return Drawing(svg, (left, top, width, height), tuple(slots), grounds, doubts)


def _doubts(root: Element, where: str) -> Iterator[Problem]:
    for line in hidden_pictures(root):
        message = "A part of this picture may be hidden by a shape or mask, and is published with the drawing."
        yield Problem(
            "drawing-hides", f"{where}:{line}", message, "Crop or cover the photo itself before you embed it."
        )
    for line, text in unsupported_styles(root):
        message = f"The style `{text[:60]}` isn't supported, and shapes lose it, hidden ones too."
        yield Problem(
            "drawing-style", f"{where}:{line}", message, "Save as plain SVG, with attributes instead of styles."
        )


def _area(rect: Element) -> tuple[str, Slot] | None:
    """Return a rectangle with its colour, or None."""
    fill = rect.get("fill") or ""
    is_shown = not any(True for _ in rect.iterancestors(f"{SVG}defs", f"{SVG}clipPath", f"{SVG}mask"))
    place = _slot(rect) if is_shown and re.fullmatch("#[0-9a-fA-F]{6}", fill) else None
    return (fill, place) if place else None


def _ground(areas: list[tuple[str, Slot]], slot: Slot) -> str:
    """Return the colour of the topmost rectangle behind the whole slot."""
    backgrounds = [
        fill
        for fill, area in areas
        if area.x <= slot.x
        and area.y <= slot.y
        and area.x + area.width >= slot.x + slot.width
        and area.y + area.height >= slot.y + slot.height
    ]
    return backgrounds[-1] if backgrounds else ""


def wrapped_png(data: bytes) -> str:
    """Return an SVG of a PNG's size that contains it."""
    width, height = struct.unpack(">II", data[16:24])
    picture = base64.b64encode(data).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{picture}"/></svg>'
    )


def grounds(drawing: Drawing) -> dict[str, str]:
    """Return the colour behind each role's slot, if known."""
    return {slot.role: ground for slot, ground in zip(drawing.slots, drawing.grounds, strict=True) if ground}


def widest_strip(drawing: Drawing) -> tuple[float, float]:
    """Return top and bottom of the highest strip without slots."""
    _, y, _, height = drawing.box
    edges = [y, *sorted(edge for slot in drawing.slots for edge in (slot.y, slot.y + slot.height)), y + height]
    spans = [(slot.y, slot.y + slot.height) for slot in drawing.slots]
    strips = [
        (top, bottom)
        for top, bottom in itertools.pairwise(edges)
        if not any(start < bottom and end > top for start, end in spans)
    ]
    return max(strips, key=lambda strip: strip[1] - strip[0], default=(y, y + height))


def _slot_problem(rect: Element, where: str) -> Problem:
    message = f"The slot `{rect.get('id')}` has no plain place and size."
    fix = "Give it x, y, width and height, and take rotation off its layer."
    return Problem("slot-turned", f"{where}:{rect.sourceline}", message, fix)


def _complaints(root: Element, where: str) -> Iterator[Problem]:
    """Yield everything that makes an SVG unusable or unsafe."""
    if root.tag != f"{SVG}svg":
        yield Problem("drawing-broken", where, "The drawing is not an SVG.", "Save it as plain SVG.")
        return
    if root.getroottree().docinfo.internalDTD is not None and root.getroottree().docinfo.internalDTD.entities():
        yield Problem("drawing-unsafe", where, "The drawing defines entities.", "Save it again as plain SVG.")
    if not _has_size(box := root.get("viewBox") or ""):
        message = f"The drawing has no viewBox that gives it a size{f': `{box[:40]}`' if box else ''}."
        fix = 'Write viewBox="-5 -5 307 430" (millimetres, 5 past each edge for A3).'
        yield Problem("drawing-no-viewbox", where, message, fix)
    if _shapes(root) > MAX_SHAPES:
        message = f"Its `use` elements make more than {MAX_SHAPES:,} shapes, or refer to each other in a circle."
        yield Problem("drawing-large", where, message, "Draw fewer, or paste the shapes themselves.")
    filtered_count = sum(
        "filter" in element.attrib or "filter:" in (element.get("style") or "") for element in root.iter()
    )
    if filtered_count > MAX_FILTERED:
        message = f"It has {filtered_count:,} blurred or otherwise filtered shapes, which take minutes to draw."
        fix = f"Group them and filter the group, or keep to {MAX_FILTERED}."
        yield Problem("drawing-large", where, message, fix)
    ids = {element.get("id") for element in root.iter()}
    for element in root.iter():
        line = f"{where}:{element.sourceline}"
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if name in FORBIDDEN_ELEMENTS:
            fix = "Remove it: a print cannot run or look anything up."
            yield Problem("drawing-unsafe", line, f"The drawing contains `{name}`.", fix)
        if name == "text" and not _is_hidden(element):
            fix = "Turn it into paths, or into a slot that each language fills."
            yield Problem("drawing-text", line, "The drawing contains text.", fix)
        if any(key.lower().startswith("on") for key in element.attrib):
            fix = "Remove the attribute that begins with `on`."
            yield Problem("drawing-unsafe", line, "The drawing contains a script.", fix)
        target = element.get(XLINK_HREF) or element.get("href") or ""
        if target and not target.startswith("#") and not (name == "image" and target.startswith(SAFE_PICTURE)):
            fix = "Embed it, or remove it."
            yield Problem("drawing-linked", line, f"The drawing needs another file: {target[:60]}.", fix)
        if fault := _picture_fault(target) if target.startswith(SAFE_PICTURE) else "":
            yield Problem("drawing-picture", line, f"A picture in it {fault}.", "Embed it again, smaller and whole.")
        style = (element.get("style") or "") + (element.text or "" if name == "style" else "")
        if re.search(r"url\(\s*['\"]?(?!['\"]?#)|@import", style):
            yield Problem("drawing-linked", line, "A style of the drawing needs another file.", "Remove it.")
        for id in _paint_ids(element, target, style):
            if id not in ids:
                message = f"The drawing paints with `#{id}`, which it does not hold: a printer leaves that out."
                fix = "Save it again with its gradients and patterns, or give that shape a plain colour."
                yield Problem("drawing-lost", line, message, fix)


def _is_hidden(element: Element) -> bool:
    """Return whether an element or a group around it isn't drawn, such as a hidden layer of Inkscape."""
    return any(
        item.get("display") == "none" or re.search(r"display\s*:\s*none", item.get("style") or "")
        for item in (element, *element.iterancestors())
    )


def _picture_fault(target: str) -> str:
    """Return what is wrong with an embedded picture, or ''."""
    try:
        data = base64.b64decode(target.partition(",")[2])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as image:
                if image.width * image.height > MAX_POINTS:
                    return f"has {image.width} × {image.height} pixels; the most is {MAX_POINTS // 1_000_000} million"
                image.load()
    except Image.DecompressionBombError:
        return f"has more than {MAX_POINTS // 1_000_000} million pixels"
    except Exception:  # Pillow's decoders raise exceptions of many types
        return "is damaged or isn't a picture"
    return ""


def _paint_ids(element: Element, target: str, style: str) -> Iterator[str]:
    """Return the ids of gradients, patterns, masks and shapes that an element uses."""
    references = (reference for value in (*element.attrib.values(), style) for reference in PAINT_SERVER.findall(value))
    yield from dict.fromkeys((*references, *([target[1:]] if target.startswith("#") else [])))


def _has_size(box: str) -> bool:
    try:
        numbers = [float(part) for part in box.replace(",", " ").split()]
    except ValueError:
        return False
    return (
        len(numbers) == 4
        and all(isfinite(number) and abs(number) <= LARGEST_SIDE for number in numbers)
        and (min(numbers[2:]) >= SMALLEST_SIDE and max(numbers[2:]) <= MAX_ASPECT_RATIO * min(numbers[2:]))
    )


def _shapes(root: Element) -> int:
    """Count the drawn elements, including those of each `use`; MAX_SHAPES + 1 if too many or too deep."""
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    counts: dict[Element, int] = {}
    open_now: set[Element] = set()

    def count(element: Element) -> int:
        if element in counts:
            return counts[element]
        if element in open_now or len(open_now) > MAX_DEPTH:
            return MAX_SHAPES + 1
        open_now.add(element)
        target = element.get(XLINK_HREF) or element.get("href") or ""
        target_element = by_id.get(target[1:]) if element.tag == f"{SVG}use" and target.startswith("#") else None
        children = [*element, *([target_element] if target_element is not None else [])]
        counts[element] = min(1 + sum(map(count, children)), MAX_SHAPES + 1)
        open_now.discard(element)
        return counts[element]

    return count(root)


def _slot(rect: Element) -> Slot | None:
    """Return a rectangle's slot after its groups' transforms; None if one rotates it."""
    try:
        x, y, width, height = (
            float((rect.get(key) or "0").removesuffix("mm")) for key in ("x", "y", "width", "height")
        )
        for element in (rect, *rect.iterancestors()):
            for kind, numbers in _steps(element.get("transform") or ""):
                x, y, width, height = _transformed(kind, numbers, x, y, width, height)
    except ValueError:
        return None
    if width <= 0 or height <= 0:
        return None
    role = rect.get("data-role") or (rect.get("id") or "").removeprefix(SLOT_PREFIX)
    return Slot(role, x, y, width, height, rect.get("data-colour") or "night", rect.get("data-align") or "start")


def _steps(transform: str) -> Iterator[tuple[str, list[float]]]:
    """Yield the parts of a transform, innermost first. Raises ValueError if it does more than move and scale."""
    if MATRIX.sub("", transform).strip():
        raise ValueError(transform)
    for kind, numbers in reversed(MATRIX.findall(transform)):
        yield kind, [float(number) for number in numbers.replace(",", " ").split()]


def _transformed(
    kind: str, n: list[float], x: float, y: float, width: float, height: float
) -> tuple[float, float, float, float]:
    if kind == "translate":
        return x + n[0], y + (n[1] if len(n) > 1 else 0), width, height
    a, b, c, d, e, f = n if kind == "matrix" else (n[0], 0, 0, n[-1], 0, 0)
    if b or c or a <= 0 or d <= 0:
        raise ValueError(kind)
    return a * x + e, d * y + f, a * width, d * height


def coloured(svg: str, colour: str) -> str:
    """Return a pictogram in one colour."""
    return svg.replace("currentColor", colour)


# Takes no space where only its width is given.
NO_BAND = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10000 1"/>'


def band(
    code: str, colours: Mapping[str, str], width: float, height: float, pattern: str, is_vertical: bool = False
) -> dict[str, Any]:
    """Return a place's band as 'svg', and its exact 'height' for about this width and height in millimetres.

    The height is 0 without a band.

    `code` is '' for the national band. An upright band's `width` is its length.
    """
    if pattern == NONE:
        return {"svg": NO_BAND, "height": 0}
    repeats = max(1, round((width / height * ROWS - 9) / REPEAT))
    cells = repeats * REPEAT + 9
    unit = width / cells
    inks = tuple(sorted(colours.items()))
    draw = _band_upright if is_vertical else _band
    return {"svg": draw(code, inks, cells, pattern), "height": unit * ROWS}


@lru_cache(maxsize=16)
def _band_upright(code: str, colours: tuple[tuple[str, str], ...], cells: int, pattern: str) -> str:
    return band_svg(code, dict(colours), cells=cells, unit=1, vertical=True, pattern=pattern)


@lru_cache(maxsize=256)
def _band(code: str, colours: tuple[tuple[str, str], ...], cells: int, pattern: str) -> str:
    """Draw one repeat several times over continuous stripes, so that there are no seams."""

    def part(columns: int, with_stripes: bool) -> str:
        svg = band_svg(code, dict(colours), cells=columns, unit=1, pattern=pattern)
        paths = svg[svg.index(">") + 1 : svg.rindex("</svg>")]
        return paths if with_stripes else re.sub(rf"M0 \dh{columns}v\d+h-{columns}z", "", paths)

    rest = cells % REPEAT
    repeats = "".join(f'<use href="#r" x="{column}"/>' for column in range(0, cells - rest, REPEAT))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {cells} {ROWS}">'
        f'<defs><g id="r">{part(REPEAT, False)}</g></defs>'
        f'<g transform="scale({cells} 1)">{part(1, True)}</g>{repeats}'
        f'<g transform="translate({cells - rest})">{part(rest, False)}</g></svg>'
    )


@lru_cache(maxsize=128)
def qr(address: str, level: str = "q") -> dict[str, Any]:
    """Return a QR code (ISO/IEC 18004) without quiet zone as 'svg', and its 'modules' per edge.

    `level` is the least error correction: 'l', 'm', 'q' or 'h'.
    """
    import segno  # builds read drawings more often than they draw codes

    code = segno.make_qr(address, error=level, boost_error=True)
    rows = [bytes(row) for row in code.matrix]
    shapes = "".join(
        f"M{match.start()} {y}h{len(match.group())}v1h-{len(match.group())}z"
        for y, row in enumerate(rows)
        for match in re.finditer(b"\x01+", row)
    )
    size = len(rows)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{shapes}"/></svg>'
    return {"svg": svg, "modules": size}
