"""Replace the picture in a poster's drawings; the slots for words and their backgrounds stay."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Protocol
from xml.sax.saxutils import quoteattr

from lxml import etree
from PIL import Image

from campaign.cleaning.svg import SLOT_PREFIX
from campaign.content.contrast import contrast, luminance
from campaign.content.licences import LICENCES
from campaign.content.photos import photo_state
from campaign.desk.logo_file import tidied
from campaign.images.crop import crop_start
from campaign.images.open import open_picture
from campaign.models.formats import Format
from campaign.models.media import MeaningBox, Photo, Poster, Rights
from campaign.models.problem import Problem
from campaign.printing.art import SVG, Drawing, Slot, read_drawing, widest_strip
from campaign.schema.yaml_splice import YamlValue, parse, remove, set_value

BLEED_MM = 5  # millimetres of bleed in drawings of sheets
# Pixels across: the most that is read, and of drawings for screens.
WIDEST = 6500
SCREEN = 1600
MAX_PICTURE_BYTES = 2_400_000  # a drawing is read up to 4 MB, and base64 adds a third
# Colours in a thumbnail: fewer make a drawing rather than a photo.
MAX_FLAT_COLOURS = 2048
QUALITIES = (88, 80, 70, 60, 45)
MIN_ROOM = 0.2  # share of the drawing's height
# Share of its height, between the picture and words.
MARGIN = 0.02
PAPER = "#ffffff"
# Large text (WCAG 2.2, 1.4.3).
MIN_CONTRAST = 3.0
Box = tuple[float, float, float, float]  # left, top, width, height


class NoRoom(Exception):
    """Words fill the drawing."""


class TooCoarse(Exception):
    """The picture has fewer pixels across than printing needs."""

    def __init__(self, has: int, needs: int) -> None:
        super().__init__(f"{has} < {needs}")
        self.has, self.needs = has, needs


@dataclass(frozen=True)
class Origin:
    """The owner of a picture."""

    rights: Rights
    photo: str = ""  # the photo's name, or ''
    state: str = ""  # of that photo, see photo_state
    alts: Mapping[str, str] = field(default_factory=dict)  # text alternatives by language


class Picture(Protocol):
    """A chosen picture."""

    origin: Origin

    def inside(self, box: Box, pixels: int) -> str:
        """Return SVG that fills a box. TooCoarse: there are fewer than `pixels` across, which printing needs."""


class Pixels:
    """A photo or scan; crops keep its `focus`, and first what carries its `meaning`."""

    def __init__(
        self,
        image: Image.Image,
        origin: Origin,
        focus: tuple[float, float] = (0.5, 0.5),
        meaning: Sequence[MeaningBox] = (),
    ) -> None:
        self.origin, self._image, self._focus, self._meaning = origin, image, focus, meaning

    def inside(self, box: Box, pixels: int) -> str:
        """See Picture."""
        image = _cropped(self._image, box[2] / box[3], self._focus, self._meaning)
        if image.width < pixels:
            raise TooCoarse(image.width, pixels)
        width = min(image.width, pixels or SCREEN)
        image = image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)
        data, kind = _encoded(image)
        href = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
        return f'<image {_sides(box)} preserveAspectRatio="none" href="{href}"/>'


class Shapes:
    """A vector drawing."""

    def __init__(self, drawing: Drawing, origin: Origin) -> None:
        self.origin, self._drawing = origin, drawing

    def inside(self, box: Box, pixels: int) -> str:  # noqa: ARG002
        """See Picture; vectors are never too coarse."""
        left, top, width, height = self._drawing.box
        scale = max(box[2] / width, box[3] / height)
        x, y = box[0] + (box[2] - width * scale) / 2, box[1] + (box[3] - height * scale) / 2
        root = etree.fromstring(self._drawing.svg.encode())
        root.tag = f"{SVG}g"
        for key in ("viewBox", "width", "height", "x", "y", "preserveAspectRatio", "version"):
            root.attrib.pop(key, None)
        root.set("transform", f"translate({x - left * scale:.4f} {y - top * scale:.4f}) scale({scale:.6f})")
        cut = f'<clipPath id="picture-room"><rect {_sides(box)}/></clipPath>'
        return f'{cut}<g clip-path="url(#picture-room)">{etree.tostring(root, encoding="unicode")}</g>'


def of_photo(root: Path, photo: Photo) -> Picture | list[Problem]:
    """Open a photo with its covered regions."""
    image = open_picture(root, photo.file, photo.where, WIDEST, redact=photo.redact)
    if isinstance(image, Problem):
        return [image]
    return Pixels(image, Origin(photo.rights, photo.name, photo_state(photo), photo.alts), photo.focus, photo.meaning)


def of_poster(poster: Poster, photos: Mapping[str, Photo]) -> Picture | list[Problem]:
    """Open another poster's picture, without its slots."""
    drawing = read_drawing(poster.cover, poster.where)
    alts = photos[poster.photo].alts if poster.photo in photos else {}
    origin = Origin(poster.rights, poster.photo, poster.photo_state, alts)
    return drawing if isinstance(drawing, list) else Shapes(drawing, origin)


def of_file(folder: Path, file: Path, name: str, rights: Rights) -> Picture | list[Problem]:
    """Open an upload, without metadata. `name` is for problems."""
    if file.suffix.lower() == ".svg":
        file.write_bytes(tidied(file.read_bytes()))
        drawing = read_drawing(file, name)
        return drawing if isinstance(drawing, list) else Shapes(drawing, Origin(rights))
    image = open_picture(folder, file, name, WIDEST)
    if isinstance(image, Problem):
        return [image]
    return Pixels(image, Origin(rights))


def pixels_needed(formats: Iterable[Format]) -> int:
    """Return the pixels across a poster's picture, for its most demanding sheet."""
    sheets = [format for format in formats if format.needs_drawing]
    return max(pixels_across(sheet.width + 2 * BLEED_MM, sheet.least_ppi) for sheet in sheets)


def pixels_across(millimetres: float, ppi: int = Format.least_ppi) -> int:
    """Return the pixels for a printed width, plus 10 % because designs enlarge some covers."""
    return ceil(millimetres / 25.4 * ppi * 1.1)


def with_picture(drawing: Drawing, picture: Picture, colours: Mapping[str, str], pixels: int = 0) -> bytes:
    """Return a drawing that shows the picture wherever no words go.

    `colours`: '#rrggbb' by name, for words without a plain background. `pixels`: needed across for printing, or 0.
    """
    left, top, width, height = drawing.box
    bottom, parts = top + height, []
    above, below = widest_strip(drawing)
    above += MARGIN * height if above > top else 0
    below -= MARGIN * height if below < bottom else 0
    if below - above < MIN_ROOM * height:
        raise NoRoom
    parts.append(picture.inside((left, above, width, below - above), pixels))
    grounds = drawing.grounds or [""] * len(drawing.slots)
    rows = [(slot, _legible(slot, ground, colours)) for slot, ground in zip(drawing.slots, grounds, strict=True)]
    for start, end in ((top, above), (below, bottom)):
        rows_inside = [row for row in rows if start <= row[0].y < end]
        parts += [_rect((left, start, width, end - start), rows_inside[0][1])] if rows_inside else []
        parts += [
            _rect((slot.x, slot.y, slot.width, slot.height), slot_row)
            for slot, slot_row in rows_inside
            if slot_row != rows_inside[0][1]
        ]
    paper = _rect(drawing.box, rows[0][1] if rows else PAPER)  # behind transparent pictures
    box = " ".join(f"{item:g}" for item in drawing.box)
    content = "".join((paper, *parts, *(_slot(slot) for slot in drawing.slots)))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{content}</svg>\n'.encode()


def credited(text: str, picture: Picture) -> str:
    """Return a poster.yml that credits the picture and names its photo; scene and boxes stay."""
    origin, rights = picture.origin, picture.origin.rights
    values: dict[str, YamlValue | None] = {
        "credit": rights.credit,
        "licence": rights.licence,
        "licence_url": rights.url if rights.url not in LICENCES.values() and rights.url else None,
        "maker": rights.maker or None,
        "photo": origin.photo or None,
        "photo_state": origin.state or None,
        "focus": None,  # cropped already, and of the old picture
    }
    old = parse(text)
    for key, value in values.items():
        if value is not None:
            text = set_value(text, (key,), value)
        elif key in old:
            text = remove(text, (key,))
    return text


def _cropped(
    image: Image.Image, ratio: float, focus: tuple[float, float], meaning: Sequence[MeaningBox]
) -> Image.Image:
    sides = round(min(image.width, image.height * ratio)), round(min(image.height, image.width / ratio))
    starts: list[int] = []
    for axis, (length, side) in enumerate(zip(image.size, sides, strict=True)):
        edges = [box.area[edge] * length for box in meaning for edge in (axis, axis + 2)]
        starts.append(crop_start(focus[axis], length, side, (min(edges), max(edges), 0, 0) if edges else None))
    left, top = starts
    return image.crop((left, top, left + sides[0], top + sides[1]))


def _encoded(image: Image.Image) -> tuple[bytes, str]:
    file, sample = BytesIO(), image.copy()
    sample.thumbnail((256, 256), Image.Resampling.NEAREST)
    if image.mode == "RGBA" or sample.getcolors(MAX_FLAT_COLOURS) is not None:
        image.save(file, "png", optimize=True)
        if image.mode == "RGBA" or file.tell() <= MAX_PICTURE_BYTES:
            return file.getvalue(), "png"
    for quality in QUALITIES:
        file = BytesIO()
        image.save(file, "jpeg", quality=quality)
        if file.tell() <= MAX_PICTURE_BYTES:
            break
    return file.getvalue(), "jpeg"


def _legible(slot: Slot, ground: str, colours: Mapping[str, str]) -> str:
    """Return a background on which the words can be read."""
    words = luminance(colours.get(slot.colour, PAPER))
    shades = (ground or PAPER, PAPER, colours.get("night", "#000000"))
    return next((shade for shade in shades if contrast(words, luminance(shade)) >= MIN_CONTRAST), shades[-1])


def _slot(slot: Slot) -> str:
    name, role, colour, align = map(quoteattr, (f"{SLOT_PREFIX}{slot.role}", slot.role, slot.colour, slot.align))
    sides = _sides((slot.x, slot.y, slot.width, slot.height))
    return f'<rect id={name} data-role={role} data-colour={colour} data-align={align} {sides} fill="none"/>'


def _rect(box: Box, fill: str) -> str:
    return f'<rect {_sides(box)} fill="{fill}"/>'


def _sides(box: Box) -> str:
    return " ".join(f'{key}="{number:g}"' for key, number in zip(("x", "y", "width", "height"), box, strict=True))
