"""Drawings written anew: known elements and attributes, what can be seen, and embedded pictures without metadata.

What is published of an SVG passes through here. It writes nothing that a program or a person added for themselves:
no comments, titles, layers' names, ids of theirs, hidden layers, unused definitions, fonts, scripts or addresses.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape
from io import BytesIO
from typing import Any

from lxml import etree
from PIL import Image

from campaign.cleaning.svg_boxes import SAME, Box, Matrix, matrix_of, moved, multiplied, number, path_box, points_box
from campaign.cleaning.svg_styles import styled
from campaign.cleaning.svg_values import (
    ATTRIBUTES,
    DEFINITIONS,
    ELEMENTS,
    GROUPS,
    INHERITED,
    LOCAL,
    PAINTED,
    REFERRING,
    SHAPES,
    STYLE_ONLY,
    fitting,
)

SVG = "{http://www.w3.org/2000/svg}"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
NAMESPACE = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
QUALITY = 92
MAX_PIXELS = 24_000_000
SAFE_PICTURE = re.compile(r"data:image/(?:png|jpe?g);base64,", re.IGNORECASE)
Element = Any  # of lxml, which brings no types
_Props = dict[str, str]


def parse_svg(data: bytes) -> Element:
    """The root of a drawing; nothing outside the file is opened.

    Raises:
        etree.XMLSyntaxError: it is no XML.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(data, parser)


def clean_svg(root: Element) -> str:
    """What can be seen of a drawing. root: as `parse_svg` gives it; it is not changed."""
    return _Writer(root).written()


def clean_picture(data: bytes) -> tuple[bytes, str]:
    """(bytes, kind) of an embedded picture, encoded anew: its pixels alone."""
    with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError("too many pixels")
        kind = "png" if image.format == "PNG" else "jpeg"
        is_clear = kind == "png" and ("A" in image.getbands() or "transparency" in image.info)
        mode = "RGBA" if is_clear else "L" if image.mode in ("1", "L") else "RGB"
        bare = image.convert(mode)
    bare.info = {}
    if mode == "RGBA":  # nothing beneath what is transparent
        alpha = bare.getchannel("A")
        bare.paste((0, 0, 0, 0), mask=alpha.point(lambda value: 255 if value == 0 else 0))
    file = BytesIO()
    if kind == "png":
        bare.save(file, "png")
    else:
        bare.save(file, "jpeg", quality=QUALITY, subsampling=0)
    return file.getvalue(), kind


class _Writer:
    """Finds what is seen of a drawing, then writes it."""

    def __init__(self, root: Element) -> None:
        self.root, self.styles = root, styled(root)
        self.by_id = {id: each for each in root.iter() if (id := each.get("id")) and isinstance(each.tag, str)}
        self.kept: set[Element] = set()
        self.ids: dict[str, str] = {}
        self.results: dict[str, str] = {}
        self.view = self._view()
        self._keep_seen(root, {}, SAME)
        self._name_ids()

    def _view(self) -> Box | None:
        try:
            left, top, width, height = (float(n) for n in (self.root.get("viewBox") or "").replace(",", " ").split())
        except ValueError:
            return None
        return left, top, left + width, top + height

    def _props(self, element: Element) -> _Props:
        """All that is said of an element: by attributes, then by styles."""
        own = {key: value for key, value in element.attrib.items() if key in ATTRIBUTES}
        return own | {key: value for key, value in self.styles.get(element, {}).items() if key in ATTRIBUTES}

    # What is seen

    def _keep_seen(self, element: Element, above: Mapping[str, str], matrix: Matrix | None) -> bool:
        """Keeps an element that is drawn where it stands, with all that it refers to; whether any of it is seen."""
        name, props = _name(element), self._props(element)
        if name not in SHAPES | GROUPS or _is_off(props):
            return False
        inherited = {**above, **{key: props[key] for key in INHERITED if props.get(key, "inherit") != "inherit"}}
        step = matrix_of(props.get("transform", ""))
        matrix = multiplied(matrix, step) if matrix and step else None
        if name in SHAPES:
            if not self._is_seen(element, name, props, inherited, matrix):
                return False
        else:
            inner = None if name == "svg" and element is not self.root else matrix
            seen = [self._keep_seen(child, inherited, inner) for child in element]
            if not any(seen) and element is not self.root:
                return False
        self.kept.add(element)
        self._keep_referred(element, props)
        return True

    def _is_seen(
        self, element: Element, name: str, props: _Props, inherited: Mapping[str, str], matrix: Matrix | None
    ) -> bool:
        if inherited.get("visibility") in ("hidden", "collapse") or _has_no_size(name, props):
            return False
        if name == "use":
            return self._target(element) is not None
        if name == "image":
            return _picture_of(element) is not None and self._is_inside(name, props, inherited, matrix)
        is_filled = _is_painted(inherited.get("fill", "black"), inherited.get("fill-opacity"))
        width = inherited.get("stroke-width", "1")
        is_drawn = _is_painted(inherited.get("stroke", "none"), inherited.get("stroke-opacity")) and number(width) != 0
        has_markers = any(inherited.get(key, "none") != "none" for key in ("marker-start", "marker-mid", "marker-end"))
        if not (is_filled or is_drawn or has_markers):
            return False
        return has_markers or "filter" in props or self._is_inside(name, props, inherited, matrix)

    def _is_inside(self, name: str, props: _Props, inherited: Mapping[str, str], matrix: Matrix | None) -> bool:
        """Whether any of a shape can lie in what is shown; True where nobody can tell."""
        box = _box(name, props)
        if box is None or matrix is None or self.view is None:
            return True
        miter = max(number(props.get("stroke-miterlimit"), 4), 1)
        rim = number(inherited.get("stroke-width"), 1) * miter if inherited.get("stroke", "none") != "none" else 0
        left, top, right, bottom = moved((box[0] - rim, box[1] - rim, box[2] + rim, box[3] + rim), matrix)
        return not (right < self.view[0] or bottom < self.view[1] or left > self.view[2] or top > self.view[3])

    def _keep_referred(self, element: Element, props: _Props) -> None:
        for id in _references(element, props):
            target = self.by_id.get(id)
            if target is not None and id not in self.ids:
                self.ids[id] = ""
                self._keep_definition(target)

    def _keep_definition(self, element: Element) -> None:
        """Keeps something that is referred to, with all that it is made of."""
        name, props = _name(element), self._props(element)
        if name in ("", "defs") or (name not in DEFINITIONS and _is_off(props)):
            return
        if name == "image" and _picture_of(element) is None:
            return
        self.kept.add(element)
        self._keep_referred(element, props)
        for child in element:
            if _name(child) not in DEFINITIONS:
                self._keep_definition(child)

    def _target(self, element: Element) -> Element | None:
        href = element.get(XLINK_HREF) or element.get("href") or ""
        return self.by_id.get(href[1:]) if href.startswith("#") else None

    def _name_ids(self) -> None:
        """New names in the order of the file, so that none of them tells anything."""
        order = [each.get("id") for each in self.root.iter() if each in self.kept and each.get("id") in self.ids]
        self.ids = {id: f"i{at}" for at, id in enumerate(order, 1)}

    # Writing

    def written(self) -> str:
        """The drawing as text."""
        inner = "".join(self._element(child) for child in self.root)
        xlink = f' xmlns:xlink="{XLINK}"' if "xlink:href=" in inner else ""
        attributes = "".join(self._attributes(self.root, "svg"))
        return f'<svg xmlns="{NAMESPACE}"{xlink}{attributes}>{inner}</svg>'

    def _element(self, element: Element) -> str:
        name = _name(element)
        inner = "".join(self._element(child) for child in element)
        if element not in self.kept:
            # Definitions may stand inside of what is not drawn itself.
            return f"<defs>{inner}</defs>" if inner else ""
        name = "g" if name in ("a", "switch") else name
        head = f"<{name}{''.join(self._attributes(element, name))}"
        return f"{head}>{inner}</{name}>" if inner else f"{head}/>"

    def _attributes(self, element: Element, name: str) -> Iterator[str]:
        if new := self.ids.get(element.get("id") or ""):
            yield f' id="{new}"'
        style = []
        for key, value in self._props(element).items():
            if name in GROUPS | SHAPES and key in FILTER_ONLY:
                continue
            fits = fitting(key, value, self.ids, self.results)
            if fits is None:
                continue
            if key in STYLE_ONLY:
                style.append(f"{key}:{fits}")
            else:
                yield f' {key}="{escape(fits)}"'
        if style:
            yield f' style="{";".join(style)}"'
        yield from self._link(element, name)

    def _link(self, element: Element, name: str) -> Iterator[str]:
        key = "xlink:href" if element.get(XLINK_HREF) else "href"
        if name == "image":
            data, kind = _picture_of(element) or (b"", "png")
            yield f' {key}="data:image/{kind};base64,{base64.b64encode(data).decode()}"'
        elif (href := element.get(XLINK_HREF) or element.get("href") or "").startswith("#") and href[1:] in self.ids:
            yield f' {key}="#{self.ids[href[1:]]}"'


PLACED = ("x", "y", "width", "height", "cx", "cy", "r", "rx", "ry", "x1", "x2", "y1", "y2")
FILTER_ONLY = frozenset(["in", "in2", "result", "type", "mode", "operator", "values"])


def _name(element: Element) -> str:
    """Of an element of SVG; '' of all else."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    name = tag.removeprefix(SVG) if tag.startswith(SVG) else tag
    return name if name in ELEMENTS else ""


def _is_off(props: Mapping[str, str]) -> bool:
    return props.get("display") == "none" or number(props.get("opacity", "1").replace("%", "")) == 0


def _is_painted(paint: str, opacity: str | None) -> bool:
    return paint not in ("none", "transparent") and number((opacity or "1").replace("%", "")) != 0


def _has_no_size(name: str, props: Mapping[str, str]) -> bool:
    if name in ("rect", "image"):
        default = "auto" if name == "image" else "0"  # an image without a size has that of its pixels
        sides = (props.get(key, default) for key in ("width", "height"))
        return any(side != "auto" and number(side) <= 0 for side in sides)
    if name == "circle":
        return number(props.get("r")) <= 0
    if name == "ellipse":
        return any(number(props.get(key), 1) <= 0 for key in ("rx", "ry"))
    if name == "path":
        return not re.search(r"\d", props.get("d", ""))
    return name in ("polyline", "polygon") and not props.get("points", "").strip()


def _box(name: str, props: Mapping[str, str]) -> Box | None:
    n = {key: number(props.get(key)) for key in PLACED}
    if name in ("rect", "image") and {"width", "height"} <= props.keys():
        return n["x"], n["y"], n["x"] + n["width"], n["y"] + n["height"]
    if name in ("circle", "ellipse"):
        rx, ry = (n["r"], n["r"]) if name == "circle" else (n["rx"], n["ry"])
        return n["cx"] - rx, n["cy"] - ry, n["cx"] + rx, n["cy"] + ry
    if name == "line":
        return min(n["x1"], n["x2"]), min(n["y1"], n["y2"]), max(n["x1"], n["x2"]), max(n["y1"], n["y2"])
    if name == "path":
        return path_box(props.get("d", ""))
    return points_box(props.get("points", "")) if name in ("polyline", "polygon") else None


def _references(element: Element, props: Mapping[str, str]) -> Iterator[str]:
    for key in (*PAINTED, *REFERRING):
        if found := re.match(LOCAL, props.get(key, "").strip()):
            yield found[1]
    href = element.get(XLINK_HREF) or element.get("href") or ""
    if href.startswith("#"):
        yield href[1:]


def _picture_of(element: Element) -> tuple[bytes, str] | None:
    """The picture that an element holds, encoded anew; None where it holds none that can be read."""
    return _read_picture(element.get(XLINK_HREF) or element.get("href") or "")


@lru_cache(maxsize=8)
def _read_picture(href: str) -> tuple[bytes, str] | None:
    if not SAFE_PICTURE.match(href):
        return None
    try:
        return clean_picture(base64.b64decode(href.partition(",")[2]))
    except Exception:  # Pillow raises whatever its decoders meet
        return None
