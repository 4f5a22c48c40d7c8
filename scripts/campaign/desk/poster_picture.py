"""Another picture in a poster's drawings: the places for words stay, with the grounds that they lie on."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Protocol
from xml.sax.saxutils import quoteattr

from lxml import etree
from PIL import Image

from campaign.content.contrast import contrast, luminance
from campaign.content.licences import LICENCES
from campaign.content.photos import photo_state
from campaign.desk.logo_file import tidied
from campaign.images.open import open_picture
from campaign.models.formats import Format
from campaign.models.media import Photo, Poster, Rights
from campaign.models.problem import Problem
from campaign.printing.art import SLOT, SVG, Drawing, Slot, read_drawing, widest_strip
from campaign.schema.yaml_splice import Typed, remove, said_by, set_value

# Drawings of sheets reach so many millimetres past each edge.
PAST_EDGE = 5
# Pixels across: of what is read at all, and of drawings for screens alone.
WIDEST, SCREEN = 6500, 1600
# Bytes of one picture: the drawing that holds it is read up to 4 MB, and base64 takes a third more.
MOST_BYTES = 2_400_000
# A drawing has fewer colours than this among its points of a thumbnail.
FLAT = 2048
QUALITIES = (88, 80, 70, 60, 45)
# Less than this share of a drawing's height is no room for a picture.
LEAST_ROOM = 0.2
# Of its height, between the picture and words.
MARGIN = 0.02
PAPER = "#ffffff"
# Words on it can be read from there (WCAG 2.2, 1.4.3: large letters).
LEAST = 3.0
Box = tuple[float, float, float, float]  # left, top, width, height


class NoRoom(Exception):
    """Words take all of the drawing."""


class TooCoarse(Exception):
    """A press would show its pixels: it has so many across, and so many are needed."""

    def __init__(self, has: int, needs: int) -> None:
        super().__init__(f"{has} < {needs}")
        self.has, self.needs = has, needs


@dataclass(frozen=True)
class Origin:
    """Whose a picture is.

    Attributes:
        photo: the name of the one that it is, or ''.
        state: of that photo, as the picture holds it.
        alts: what it shows, by language.
    """

    rights: Rights
    photo: str = ""
    state: str = ""
    alts: Mapping[str, str] = field(default_factory=dict)


class Picture(Protocol):
    """What somebody chose."""

    origin: Origin

    def inside(self, box: Box, pixels: int) -> str:
        """As shapes that fill a box, and nothing beside it.

        Args:
            box: of the drawing that it goes into.
            pixels: that are needed across to be printed; 0 where it is not.

        Raises:
            TooCoarse: there are fewer.
        """


class Pixels:
    """A photo, or a drawing that somebody scanned. focus: what a crop of it keeps."""

    def __init__(self, image: Image.Image, origin: Origin, focus: tuple[float, float] = (0.5, 0.5)) -> None:
        self.origin, self._image, self._focus = origin, image, focus

    def inside(self, box: Box, pixels: int) -> str:
        """As the protocol says."""
        image = _cropped(self._image, box[2] / box[3], self._focus)
        if image.width < pixels:
            raise TooCoarse(image.width, pixels)
        wide = min(image.width, pixels or SCREEN)
        image = image.resize((wide, max(1, round(image.height * wide / image.width))), Image.Resampling.LANCZOS)
        data, kind = _encoded(image)
        href = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
        return f'<image {_sides(box)} preserveAspectRatio="none" href="{href}"/>'


class Shapes:
    """A drawing."""

    def __init__(self, drawing: Drawing, origin: Origin) -> None:
        self.origin, self._drawing = origin, drawing

    def inside(self, box: Box, pixels: int) -> str:  # noqa: ARG002
        """As the protocol says; shapes are as fine as any press."""
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
    """A photo with all that is painted over on it."""
    image = open_picture(root, photo.file, photo.where, WIDEST, redact=photo.redact)
    if isinstance(image, Problem):
        return [image]
    return Pixels(image, Origin(photo.rights, photo.name, photo_state(photo), photo.alts), photo.focus)


def of_poster(poster: Poster, photos: Mapping[str, Photo]) -> Picture | list[Problem]:
    """The picture of another poster, without room for words; a copy of a photo stays as old as it is there."""
    found = read_drawing(poster.cover, poster.where)
    alts = photos[poster.photo].alts if poster.photo in photos else {}
    origin = Origin(poster.rights, poster.photo, poster.photo_state, alts)
    return found if isinstance(found, list) else Shapes(found, origin)


def of_file(folder: Path, file: Path, name: str, rights: Rights) -> Picture | list[Problem]:
    """A drawing that somebody dropped in: looked at, without what programs wrote of their makers.

    Args:
        folder: in which it lies.
        file: SVG, or pixels of any kind that can be read.
        name: as problems name it.
        rights: whose it is.
    """
    if file.suffix.lower() == ".svg":
        file.write_bytes(tidied(file.read_bytes()))
        found = read_drawing(file, name)
        return found if isinstance(found, list) else Shapes(found, Origin(rights))
    image = open_picture(folder, file, name, WIDEST)
    if isinstance(image, Problem):
        return [image]
    return Pixels(image, Origin(rights))


def pixels_needed(formats: Iterable[Format]) -> int:
    """Across a poster's picture, of the sheet that asks for the most: not always the largest."""
    sheets = [format for format in formats if format.needs_drawing]
    return max(pixels_across(each.width + 2 * PAST_EDGE, each.least_ppi) for each in sheets)


def pixels_across(millimetres: float, ppi: int = Format.least_ppi) -> int:
    """Of a picture that is printed so wide, and a tenth more: designs set some covers larger than drawn."""
    return ceil(millimetres / 25.4 * ppi * 1.1)


def with_picture(drawing: Drawing, picture: Picture, colours: Mapping[str, str], pixels: int = 0) -> bytes:
    """A drawing that shows the picture where no words go.

    Args:
        drawing: of which the places for words stay.
        picture: what takes the place of all else.
        colours: '#rrggbb' by name, for words that lay on no ground of one colour.
        pixels: that are needed across to be printed; 0 where it is not.

    Raises:
        NoRoom: words take all of it.
        TooCoarse: the picture has fewer pixels.
    """
    left, top, width, height = drawing.box
    bottom, parts = top + height, []
    above, below = widest_strip(drawing)
    above += MARGIN * height if above > top else 0
    below -= MARGIN * height if below < bottom else 0
    if below - above < LEAST_ROOM * height:
        raise NoRoom
    parts.append(picture.inside((left, above, width, below - above), pixels))
    grounds = drawing.grounds or [""] * len(drawing.slots)
    rows = [(slot, _legible(slot, ground, colours)) for slot, ground in zip(drawing.slots, grounds, strict=True)]
    for begin, end in ((top, above), (below, bottom)):
        held = [row for row in rows if begin <= row[0].y < end]
        parts += [_rect((left, begin, width, end - begin), held[0][1])] if held else []
        parts += [_rect((slot.x, slot.y, slot.width, slot.height), own) for slot, own in held if own != held[0][1]]
    paper = _rect(drawing.box, rows[0][1] if rows else PAPER)  # behind a picture that is clear in places
    box = " ".join(f"{each:g}" for each in drawing.box)
    drawn = "".join((paper, *parts, *(_slot(slot) for slot in drawing.slots)))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{drawn}</svg>\n'.encode()


def credited(text: str, picture: Picture) -> str:
    """A poster.yml that says whose the picture is, and which photo it shows.

    Raises:
        CannotEdit: a person has to do it in the file.
    """
    origin, rights = picture.origin, picture.origin.rights
    said: dict[str, Typed | None] = {
        "credit": rights.credit,
        "licence": rights.licence,
        "licence_url": rights.url if rights.url not in LICENCES.values() and rights.url else None,
        "maker": rights.maker or None,
        "photo": origin.photo or None,
        "photo_state": origin.state or None,
        "focus": None,  # its middle: it is cut to its room already
    }
    was = said_by(text)
    for key, value in said.items():
        if value is not None:
            text = set_value(text, (key,), value)
        elif key in was:
            text = remove(text, (key,))
    return text


def _cropped(image: Image.Image, ratio: float, focus: tuple[float, float]) -> Image.Image:
    """Cut to a shape, with its focal point as near to the middle as can be."""
    width, height = min(image.width, image.height * ratio), min(image.height, image.width / ratio)
    left = min(max(image.width * focus[0] - width / 2, 0), image.width - width)
    top = min(max(image.height * focus[1] - height / 2, 0), image.height - height)
    return image.crop((round(left), round(top), round(left + width), round(top + height)))


def _encoded(image: Image.Image) -> tuple[bytes, str]:
    """(bytes, kind), with no more bytes than a drawing holds, where that can be: flat colours as PNG, else JPEG."""
    file, sample = BytesIO(), image.copy()
    sample.thumbnail((256, 256), Image.Resampling.NEAREST)
    if image.mode == "RGBA" or sample.getcolors(FLAT) is not None:
        image.save(file, "png", optimize=True)
        if image.mode == "RGBA" or file.tell() <= MOST_BYTES:
            return file.getvalue(), "png"
    for quality in QUALITIES:
        file = BytesIO()
        image.save(file, "jpeg", quality=quality)
        if file.tell() <= MOST_BYTES:
            break
    return file.getvalue(), "jpeg"


def _legible(slot: Slot, ground: str, colours: Mapping[str, str]) -> str:
    """The ground that words lie on, where they can be read there: what lay under them may have been no rectangle."""
    words = luminance(colours.get(slot.colour, PAPER))
    shades = (ground or PAPER, PAPER, colours.get("night", "#000000"))
    return next((each for each in shades if contrast(words, luminance(each)) >= LEAST), shades[-1])


def _slot(slot: Slot) -> str:
    name, role, colour, align = map(quoteattr, (f"{SLOT}{slot.role}", slot.role, slot.colour, slot.align))
    sides = _sides((slot.x, slot.y, slot.width, slot.height))
    return f'<rect id={name} data-role={role} data-colour={colour} data-align={align} {sides} fill="none"/>'


def _rect(box: Box, fill: str) -> str:
    return f'<rect {_sides(box)} fill="{fill}"/>'


def _sides(box: Box) -> str:
    return " ".join(f'{key}="{each:g}"' for key, each in zip(("x", "y", "width", "height"), box, strict=True))
