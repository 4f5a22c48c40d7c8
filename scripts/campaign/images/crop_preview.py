"""A photo to check by eye: what is painted over, what is kept by each crop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import ImageDraw, ImageFont

from campaign.images.crop import crop_box
from campaign.images.open import open_picture
from campaign.images.recipes import PictureRequest
from campaign.models.formats import Destination
from campaign.models.media import Photo
from campaign.models.outputs import Output
from campaign.models.problem import Problem

WIDTH = 1600
REGION = "#ff2d55"
CROPS = ("#ffd60a", "#64d2ff", "#30d158", "#ff9f0a", "#bf5af2", "#ffffff", "#5e9cff", "#ac8e68")


@dataclass(frozen=True)
class Crop:
    """What one shape keeps of a photo. names: of the destinations that want it; colour: of its frame, as '#rrggbb'."""

    colour: str
    names: list[str]
    box: tuple[float, ...]


def crops_of(size: tuple[int, int], photo: Photo, destinations: Mapping[str, Destination]) -> list[Crop]:
    """What each shape keeps of a photo of that size in pixels, in the order in which frames are numbered."""
    found = _crops(size, photo, destinations).items()
    return [Crop(CROPS[at % len(CROPS)], names, box) for at, (box, names) in enumerate(found)]


def draw_crop_preview(
    root: Path, photo: Photo, destinations: Mapping[str, Destination], is_numbered: bool = False
) -> bytes | Problem:
    """A PNG of the photo as it goes out, at most 1600 pixels wide: regions are painted over here too, and outlined.

    Args:
        root: the campaign's folder.
        photo: with its regions and what its crops keep.
        destinations: by name.
        is_numbered: frames have numbers, as `crops_of` counts them from 1, in the place of names.
    """
    where = photo.file.relative_to(root).as_posix()
    picture = open_picture(root, photo.file, where, WIDTH, redact=photo.redact)
    if isinstance(picture, Problem):
        return picture
    picture = picture.convert("RGB")
    pen, line = ImageDraw.Draw(picture), max(2, picture.width // 400)
    size = max(12, picture.width // (24 if is_numbered else 60))
    font = ImageFont.load_default(size)
    for left, top, right, bottom in photo.redact:
        box = (left * picture.width, top * picture.height, right * picture.width, bottom * picture.height)
        pen.rectangle(box, outline=REGION, width=line)
    for number, crop in enumerate(crops_of(picture.size, photo, destinations)):
        kept, colour = crop.box, crop.colour
        inset = number * line  # crops share edges
        pen.rectangle([edge + way * inset for edge, way in zip(kept, (1, 1, -1, -1), strict=True)], None, colour, line)
        # None stands on another, wherever frames begin.
        aside = number * size if is_numbered else 0
        at = (kept[0] + inset + 2 * line + aside, kept[1] + inset + 2 * line + number * size * 1.2)
        said = str(number + 1) if is_numbered else " · ".join(crop.names)
        pen.text(at, said, colour, font, stroke_width=2, stroke_fill="#000000")
    x, y = photo.focus[0] * picture.width, photo.focus[1] * picture.height
    reach = picture.width / 40
    for ends in (((x - reach, y), (x + reach, y)), ((x, y - reach), (x, y + reach))):
        pen.line(ends, REGION, line)
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _crops(
    size: tuple[int, int], photo: Photo, destinations: Mapping[str, Destination]
) -> dict[tuple[float, ...], list[str]]:
    """What each shape keeps of the picture -> the destinations that want it, as far as people agreed to them."""
    found: dict[tuple[float, ...], list[str]] = {}
    for name, row in destinations.items():
        if row.keeps_shape or not photo.is_for(row.use):
            continue
        output = Output("picture", photo.name, None, None, row.endings[1], destination=name)
        wide, box = crop_box(size, output, PictureRequest(destination=row, focus=photo.focus))
        scale = size[0] / wide
        found.setdefault(tuple(round(edge * scale / 4) * 4 for edge in box), []).append(name)
    return found
