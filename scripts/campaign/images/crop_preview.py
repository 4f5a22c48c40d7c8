"""A photo to check by eye: what is painted over, what is kept by each crop."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from PIL import ImageDraw, ImageFont

from campaign.images.crop import PictureRequest, crop_box
from campaign.images.open import open_picture
from campaign.models.formats import Destination
from campaign.models.media import Photo
from campaign.models.outputs import Output
from campaign.models.problem import Problem

WIDTH = 1600
REGION = "#ff2d55"
CROPS = ("#ffd60a", "#64d2ff", "#30d158", "#ff9f0a", "#bf5af2", "#ffffff", "#5e9cff", "#ac8e68")


def draw_crop_preview(
    root: Path, photo: Photo, destinations: Mapping[str, Destination], called: Mapping[str, str] | None = None
) -> bytes | Problem:
    """A PNG of the photo as it goes out, at most 1600 pixels wide: regions are painted over here too, and outlined.

    called: what stands beside each crop, in Latin letters, by its destination; the destination where none is given.
    """
    where = photo.file.relative_to(root).as_posix()
    picture = open_picture(root, photo.file, where, WIDTH, redact=photo.redact)
    if isinstance(picture, Problem):
        return picture
    picture = picture.convert("RGB")
    pen, line = ImageDraw.Draw(picture), max(2, picture.width // 400)
    size = max(12, picture.width // 60)
    font = ImageFont.load_default(size)
    for left, top, right, bottom in photo.redact:
        box = (left * picture.width, top * picture.height, right * picture.width, bottom * picture.height)
        pen.rectangle(box, outline=REGION, width=line)
    for number, (kept, names) in enumerate(_crops(picture.size, photo, destinations).items()):
        colour = CROPS[number % len(CROPS)]
        inset = number * line  # crops share edges
        pen.rectangle([edge + way * inset for edge, way in zip(kept, (1, 1, -1, -1), strict=True)], None, colour, line)
        at = (kept[0] + inset + 2 * line, kept[1] + inset + 2 * line + number * size * 1.2)
        said = " · ".join((called or {}).get(name, name) for name in names)
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
