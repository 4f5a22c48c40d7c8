"""Draws a photo with its redactions and the crop of each destination, for checking by eye."""

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
MEANING = "#0b57d0"
CROPS = ("#ffd60a", "#64d2ff", "#30d158", "#ff9f0a", "#bf5af2", "#ffffff", "#5e9cff", "#ac8e68")


@dataclass(frozen=True)
class Crop:
    """The crop of one shape: the destinations that use it, and the colour of its frame as '#rrggbb'."""

    colour: str
    names: list[str]
    box: tuple[float, ...]


def crops_of(size: tuple[int, int], photo: Photo, destinations: Mapping[str, Destination]) -> list[Crop]:
    """Return the crop of each shape for a photo of a size in pixels, in the order of the frames' numbers."""
    result = _crops(size, photo, destinations).items()
    return [Crop(CROPS[index % len(CROPS)], names, box) for index, (box, names) in enumerate(result)]


def draw_crop_preview(
    root: Path, photo: Photo, destinations: Mapping[str, Destination], is_numbered: bool = False
) -> bytes | Problem:
    """Return a PNG of the redacted photo with outlined regions and crops, at most 1600 pixels wide.

    Args:
        root: the campaign's folder.
        photo: with its regions and focal points.
        destinations: by name.
        is_numbered: label frames with the numbers of `crops_of`, from 1, instead of names.
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
        crop_area, colour = crop.box, crop.colour
        inset = number * line
        pen.rectangle(
            [edge + direction * inset for edge, direction in zip(crop_area, (1, 1, -1, -1), strict=True)],
            None,
            colour,
            line,
        )
        # Labels must not overlap.
        shift = number * size if is_numbered else 0
        position = (crop_area[0] + inset + 2 * line + shift, crop_area[1] + inset + 2 * line + number * size * 1.2)
        label = str(number + 1) if is_numbered else " · ".join(crop.names)
        pen.text(position, label, colour, font, stroke_width=2, stroke_fill="#000000")
    for meaning in photo.meaning:
        left, top, right, bottom = meaning.area
        box = (left * picture.width, top * picture.height, right * picture.width, bottom * picture.height)
        pen.rectangle(box, outline=MEANING, width=line)
        pen.text(box[:2], meaning.label, MEANING, font, stroke_width=2, stroke_fill="#ffffff")
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
    """Return the destinations for each crop, as far as consent allows them."""
    results: dict[tuple[float, ...], list[str]] = {}
    for name, row in destinations.items():
        if row.keeps_shape or not photo.is_for(row.use):
            continue
        output = Output("picture", photo.name, None, None, row.endings[1], destination=name)
        width, box = crop_box(size, output, PictureRequest(destination=row, focus=photo.focus, meaning=photo.meaning))
        scale = size[0] / width
        results.setdefault(tuple(round(edge * scale / 4) * 4 for edge in box), []).append(name)
    return results
