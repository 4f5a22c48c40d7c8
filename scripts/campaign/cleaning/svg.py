"""Rewrite drawings with known elements and attributes: the visible part, and embedded pictures without metadata.

Every published SVG passes through here. Comments, titles, layer names, hidden layers, unused definitions, fonts,
scripts and addresses are dropped, and ids are replaced.
"""

from __future__ import annotations

import base64
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from lxml import etree

from campaign.cleaning import svg_values
from campaign.cleaning.svg_boxes import (
    IDENTITY,
    Box,
    Matrix,
    bounding_box,
    inverse,
    is_upright,
    matrix_of,
    moved,
    multiplied,
    number,
    overlap,
    path_box,
    points_box,
)
from campaign.cleaning.svg_pictures import Cover, PicturePlacement, painted_over, placing, read_picture, solid
from campaign.cleaning.svg_styles import styled

SVG = "{http://www.w3.org/2000/svg}"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
NAMESPACE = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "{http://www.w3.org/XML/1998/namespace}"
# Ids of rectangles on a poster that are for words or codes.
SLOT_PREFIX = "slot-"
NOTES = tuple(f"{SVG}{name}" for name in ("desc", "metadata", "title"))
Element = Any  # lxml has no types
_Props = dict[str, str]


def parse_svg(data: bytes) -> Element:
    """Return the root of a drawing, without resolving anything outside the file."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(data, parser)


def without_notes(data: bytes) -> bytes:
    """Return a drawing without descriptions, comments and editor data; everything else is unchanged."""
    root = parse_svg(data)
    for element in [element for element in root.iterdescendants(*NOTES) if not _holds_shapes(element)]:
        element.getparent().remove(element)
    for element in root.iter("*"):
        if not (element.text or "").strip():
            element.text = None
        if not (element.tail or "").strip():
            element.tail = None
        for name in list(element.attrib):
            if name.startswith("{") and name != XLINK_HREF and not name.startswith(XML):
                del element.attrib[name]
    return bytes(etree.tostring(root, method="c14n", exclusive=True))


def _holds_shapes(note: Element) -> bool:
    """Whether a note has elements in it that may be drawn elsewhere, or styles."""
    return any(element.tag.startswith(SVG) or element.tag.endswith("}style") for element in note.iterdescendants("*"))


def clean_svg(root: Element, slots: str = "") -> str:
    """Return the visible part of a drawing. Rectangles whose ids begin with `slots` keep them."""
    return _Writer(root, slots).written()


def hidden_pictures(root: Element) -> list[int]:
    """Return lines of pictures that may be partly hidden in a way that isn't evaluated, so all of them is published."""
    writer = _Writer(root)
    return sorted({element.sourceline or 1 for element in writer.doubts & writer.kept})


@dataclass(frozen=True)
class _Context:
    """The context of an element."""

    inherited: Mapping[str, str]  # inherited properties
    matrix: Matrix | None  # from its coordinates to the drawing's; None if unknown
    visible_box: Box | None  # visible box in its coordinates; None if unknown
    is_cut: bool = False  # partly hidden by something that isn't a rectangle
    is_solid: bool = True  # nothing below shows through
    is_repeated: bool = False  # drawn elsewhere too


class _Writer:
    """Finds the visible elements, then writes them."""

    def __init__(self, root: Element, slots: str = "") -> None:
        self.root, self.styles = root, styled(root)
        rects = (item for item in root.iter() if slots and _name(item) == "rect")
        self.slots = {rect for rect in rects if (rect.get("id") or "").startswith(slots)}
        self.by_id = {id: item for item in root.iter() if (id := item.get("id")) and isinstance(item.tag, str)}
        self.kept: set[Element] = set()
        self.ids: dict[str, str] = {}
        self.results: dict[str, str] = {}
        self.view = self._view()
        self.referenced_ids = {id for item in root.iter() if _name(item) for id in _references(item, self._props(item))}
        self.placings: dict[Element, tuple[PicturePlacement, Matrix]] = {}
        self.covers: dict[Element, list[Cover]] = defaultdict(list)
        self.doubts: set[Element] = set()
        self._keep_seen(root, _Context({}, IDENTITY, self.view))
        self.kept |= {above for slot in self.slots for above in (slot, *slot.iterancestors())}
        self._name_ids()

    def _view(self) -> Box | None:
        try:
            left, top, width, height = (float(n) for n in (self.root.get("viewBox") or "").replace(",", " ").split())
        except ValueError:
            return None
        return left, top, left + width, top + height

    def _props(self, element: Element) -> _Props:
        """Return an element's properties: attributes, then styles."""
        own_attributes = {key: value for key, value in element.attrib.items() if key in svg_values.ATTRIBUTES}
        return own_attributes | {
            key: value for key, value in self.styles.get(element, {}).items() if key in svg_values.ATTRIBUTES
        }

    def _keep_seen(self, element: Element, outer: _Context) -> bool:
        """Keep an element and its references; return whether any of it is visible."""
        name, props = _name(element), self._props(element)
        if name not in svg_values.SHAPES | svg_values.GROUPS or _is_hidden(props) or element in self.slots:
            return False
        inner = self._step(element, props, outer)
        if inner is None:
            return False
        if name in svg_values.SHAPES:
            if not self._is_visible(element, name, props, inner):
                return False
        else:
            if name == "svg" and element is not self.root:
                inner = replace(inner, matrix=None, visible_box=None, is_cut=True)
            visible = [self._keep_seen(child, inner) for child in element]
            if not any(visible) and element is not self.root:
                return False
        self.kept.add(element)
        self._keep_referred(element, props)
        return True

    def _step(self, element: Element, props: _Props, outer: _Context) -> _Context | None:
        """Return the context inside an element; None if nothing of it is visible."""
        inherited_props = {key: props[key] for key in svg_values.INHERITED if props.get(key, "inherit") != "inherit"}
        step = matrix_of(props.get("transform", ""))
        inverse_step = inverse(step) if step else None
        clip, is_box = self._clip(props)
        clip_box = moved(outer.visible_box, inverse_step) if outer.visible_box and inverse_step else None
        if clip_box and clip and not (clip_box := overlap(clip_box, clip)):
            return None
        return _Context(
            {**outer.inherited, **inherited_props},
            multiplied(outer.matrix, step) if outer.matrix and step else None,
            clip_box,
            outer.is_cut or not is_box or props.get("mask", "none") != "none",
            outer.is_solid and _is_solid(props),
            outer.is_repeated or element.get("id") in self.referenced_ids,
        )

    def _clip(self, props: _Props) -> tuple[Box | None, bool]:
        """Return the box around a clip path, and whether it is exact; (None, True) without one."""
        match = re.match(svg_values.LOCAL_REFERENCE, props.get("clip-path", "").strip())
        target = self.by_id.get(match[1]) if match else None
        if target is None or _name(target) != "clipPath":
            return None, True
        text = self._props(target)
        if text.get("clipPathUnits", "userSpaceOnUse") != "userSpaceOnUse" or "clip-path" in text:
            return None, False
        boxes, above, is_box = list[Box](), matrix_of(text.get("transform", "")), len(target) == 1
        for item in target:
            clip_props = self._props(item)
            box, step = _box(_name(item), clip_props), matrix_of(clip_props.get("transform", ""))
            if box is None or step is None or above is None or not _is_known(box):
                return None, False
            matrix = multiplied(above, step)
            boxes.append(moved(box, matrix))
            is_box &= _name(item) == "rect" and not {"rx", "ry"} & clip_props.keys() and is_upright(matrix)
        return (bounding_box(boxes), is_box) if boxes else (None, False)

    def _is_visible(self, element: Element, name: str, props: _Props, context: _Context) -> bool:
        inherited = context.inherited
        if inherited.get("visibility") in ("hidden", "collapse") or _has_no_size(name, props):
            return False
        if name == "use":
            return self._target(element) is not None
        if name == "image":
            is_shown = self._is_inside(name, props, inherited, context.matrix) and self._place(element, props, context)
            self._cover(element, name, props, context)
            return is_shown
        is_filled = _is_painted(inherited.get("fill", "black"), inherited.get("fill-opacity"))
        width = inherited.get("stroke-width", "1")
        is_drawn = _is_painted(inherited.get("stroke", "none"), inherited.get("stroke-opacity")) and number(width) != 0
        has_markers = any(inherited.get(key, "none") != "none" for key in ("marker-start", "marker-mid", "marker-end"))
        if not (is_filled or is_drawn or has_markers):
            return False
        if is_filled:
            self._cover(element, name, props, context)
        return has_markers or "filter" in props or self._is_inside(name, props, inherited, context.matrix)

    def _place(self, element: Element, props: _Props, context: _Context) -> bool:
        href = _href(element)
        if read_picture(href) is None:
            return False
        if context.is_cut or context.is_repeated:
            self.doubts.add(element)
        place = placing(props, href, None if context.is_repeated else context.visible_box)
        if place and place.shown is None:
            return False
        if place and context.matrix:
            self.placings[element] = place, context.matrix
        return True

    def _cover(self, element: Element, name: str, props: _Props, context: _Context) -> None:
        box = _box(name, props)
        if not self.placings or box is None or not _is_known(box) or context.matrix is None or not context.is_solid:
            return
        opacity = number((context.inherited.get("fill-opacity") or "1").replace("%", ""))
        if opacity < 1 and name != "image":
            return
        colour = solid(context.inherited.get("fill", "black"))
        is_plain = bool(colour) and name in ("rect", "circle", "ellipse") and is_upright(context.matrix)
        for picture, (place, matrix) in self.placings.items():
            inverse_matrix = inverse(matrix)
            if picture is element or inverse_matrix is None or place.shown is None:
                continue
            box_inside = moved(moved(box, context.matrix), inverse_matrix)
            if is_plain and is_upright(matrix) and overlap(box_inside, place.shown):
                for part in _solid_parts(name, props, box):
                    self.covers[picture].append(
                        Cover(moved(moved(part, context.matrix), inverse_matrix), name != "rect", colour)
                    )
            elif overlap(box_inside, place.shown) == box_inside:
                self.doubts.add(picture)

    def _is_inside(self, name: str, props: _Props, inherited: Mapping[str, str], matrix: Matrix | None) -> bool:
        """Return whether a shape may be visible; True if unknown."""
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
        name, props = _name(element), self._props(element)
        if name in ("", "defs") or (name not in svg_values.DEFINITIONS and _is_hidden(props)):
            return
        if name == "image":
            if read_picture(_href(element)) is None:
                return
            self.doubts.add(element)
        self.kept.add(element)
        self._keep_referred(element, props)
        for child in element:
            if _name(child) not in svg_values.DEFINITIONS:
                self._keep_definition(child)

    def _target(self, element: Element) -> Element | None:
        href = _href(element)
        return self.by_id.get(href[1:]) if href.startswith("#") else None

    def _name_ids(self) -> None:
        """Rename ids by position, so that they reveal nothing."""
        order = [item.get("id") for item in self.root.iter() if item in self.kept and item.get("id") in self.ids]
        self.ids = {id: f"i{index}" for index, id in enumerate(order, 1)}

    def written(self) -> str:
        inner = "".join(self._element(child) for child in self.root)
        xlink = f' xmlns:xlink="{XLINK}"' if "xlink:href=" in inner else ""
        attributes = "".join(self._attributes(self.root, "svg"))
        return f'<svg xmlns="{NAMESPACE}"{xlink}{attributes}>{inner}</svg>'

    def _element(self, element: Element) -> str:
        name = _name(element)
        inner = "".join(self._element(child) for child in element)
        if element not in self.kept:
            # Definitions may be inside invisible elements.
            return f"<defs>{inner}</defs>" if inner else ""
        name = "g" if name in ("a", "switch") else name
        head = f"<{name}{''.join(self._attributes(element, name))}"
        return f"{head}>{inner}</{name}>" if inner else f"{head}/>"

    def _attributes(self, element: Element, name: str) -> Iterator[str]:
        if element in self.slots:
            yield from (f' {key}="{escape(element.get(key) or "")}"' for key in SLOT_KEYS if element.get(key))
        elif new := self.ids.get(element.get("id") or ""):
            yield f' id="{new}"'
        style = []
        for key, value in (self._props(element) | self._cut(element)[1]).items():
            if name in svg_values.GROUPS | svg_values.SHAPES and key in FILTER_ONLY:
                continue
            fits = svg_values.fitting(key, value, self.ids, self.results)
            if fits is None:
                continue
            if key in svg_values.STYLE_ONLY:
                style.append(f"{key}:{fits}")
            else:
                yield f' {key}="{escape(fits)}"'
        if style:
            yield f' style="{";".join(style)}"'
        yield from self._link(element, name)

    def _link(self, element: Element, name: str) -> Iterator[str]:
        key = "xlink:href" if element.get(XLINK_HREF) else "href"
        if name == "image":
            data, kind = read_picture(_href(element), *self._cut(element)[0]) or (b"", "png")
            yield f' {key}="data:image/{kind};base64,{base64.b64encode(data).decode()}"'
        elif (href := _href(element)).startswith("#") and href[1:] in self.ids:
            yield f' {key}="#{self.ids[href[1:]]}"'

    def _cut(self, element: Element) -> tuple[tuple[Any, ...], dict[str, str]]:
        """Return the arguments for `read_picture`, and the position of the cropped picture."""
        if element not in self.placings:
            return (), {}
        place, _ = self.placings[element]
        covers, pixels = painted_over(place, self.covers[element]), place.pixels
        if pixels == (0, 0, *place.size):
            return (None, covers), {}
        return (pixels, covers), place.attributes()


POSITION_ATTRIBUTES = ("x", "y", "width", "height", "cx", "cy", "r", "rx", "ry", "x1", "x2", "y1", "y2")
SLOT_KEYS = ("id", "data-role", "data-colour", "data-align")
FILTER_ONLY = frozenset(["in", "in2", "result", "type", "mode", "operator", "values"])


def _name(element: Element) -> str:
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    name = tag.removeprefix(SVG) if tag.startswith(SVG) else tag
    return name if name in svg_values.ELEMENTS else ""


def _href(element: Element) -> str:
    return element.get(XLINK_HREF) or element.get("href") or ""


def _is_solid(props: Mapping[str, str]) -> bool:
    if any(props.get(key, "none") != "none" for key in ("mask", "clip-path", "filter")):
        return False
    return props.get("opacity", "1") in ("1", "1.0", "100%") and props.get("mix-blend-mode", "normal") == "normal"


def _is_known(box: Box) -> bool:
    return all(item == item for item in box)  # a length in other units is NaN


def _solid_parts(name: str, props: Mapping[str, str], box: Box) -> Iterator[Box]:
    rx, ry = (number(props.get(key) or props.get(fallback)) for key, fallback in (("rx", "ry"), ("ry", "rx")))
    if name != "rect" or not (rx or ry):
        yield box
    elif rx > 0 and ry > 0:
        yield box[0] + rx, box[1], box[2] - rx, box[3]
        yield box[0], box[1] + ry, box[2], box[3] - ry


def _is_hidden(props: Mapping[str, str]) -> bool:
    return props.get("display") == "none" or number(props.get("opacity", "1").replace("%", "")) == 0


def _is_painted(paint: str, opacity: str | None) -> bool:
    return paint not in ("none", "transparent") and number((opacity or "1").replace("%", "")) != 0


def _has_no_size(name: str, props: Mapping[str, str]) -> bool:
    if name in ("rect", "image"):
        default = "auto" if name == "image" else "0"  # without a size it has that of its pixels
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
    n = {key: number(props.get(key)) for key in POSITION_ATTRIBUTES}
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
    for key in (*svg_values.PAINT_PROPERTIES, *svg_values.REFERENCE_PROPERTIES):
        if match := re.match(svg_values.LOCAL_REFERENCE, props.get(key, "").strip()):
            yield match[1]
    if (href := _href(element)).startswith("#"):
        yield href[1:]
