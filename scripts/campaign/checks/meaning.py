"""Checks of the boxes that carry the meaning of drawings and photos.

Layouts refuse outputs that don't show them (`printing.pieces`); here are crops of photos, drawings without boxes, and
boxes that can hardly be told from their surroundings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from campaign.cache.memo import Memo
from campaign.cache.store import hash_file
from campaign.content.contrast import contrast, luminance
from campaign.models.campaign import Campaign
from campaign.models.media import ART, HERO, MeaningBox, Photo, Poster
from campaign.models.problem import Problem
from campaign.plan.outputs import photo_pictures

if TYPE_CHECKING:
    from PIL import Image

DRAWN_WIDTH_PX = 480
# Contrast between a box's darkest and lightest pixels, as in WCAG 2.2. Two greys that differ less look alike.
MIN_CONTRAST = 1.25
EXAMPLE = "Add `meaning:` with boxes, such as `- {label: hand that pays, x: 55, y: 10, width: 40, height: 30}`."


def check_undeclared(campaign: Campaign) -> Iterator[Problem]:
    """Yield a note for each drawing of a piece that declares no boxes."""
    used = {page.art for page in campaign.pages.values() if page.formats and page.panels}
    for poster in campaign.posters.values():
        if poster.meaning:
            yield from _undeclared_drawings(campaign, poster)
        elif poster.name in used and poster.art.with_name("poster.yml").is_file():
            message = "The drawing doesn't say what carries its meaning, so crops may lose it."
            yield Problem("meaning-undeclared", poster.where, message, EXAMPLE)


def _undeclared_drawings(campaign: Campaign, poster: Poster) -> Iterator[Problem]:
    """Yield a note for each drawing that is shown whole instead of the poster's art, and declares no boxes."""
    own = {Path(format.drawing).stem for format in campaign.formats.values() if format.has_spot_inks and format.drawing}
    for name in sorted({*own, HERO}):
        if not poster.boxes(name) and poster.drawing(name).is_file():
            message = f"Boxes say what carries the meaning of art.svg, but not of {name}.svg."
            fix = f"Add boxes for it, such as `- {{label: hand, drawing: {name}, x: 5, y: 10, width: 40, height: 30}}`."
            yield Problem("meaning-undeclared", poster.where, message, fix)


def check_crops(campaign: Campaign) -> Iterator[Problem]:
    """Yield the problems of photos whose crops don't show their boxes, which builds leave out."""
    for photo in campaign.photos.values():
        if photo.meaning:
            yield from dict.fromkeys(_hidden(campaign, photo))


def check_contrast(campaign: Campaign, memo: Memo) -> Iterator[Problem]:
    """Yield a note for each box of a drawing in which nothing can be told apart. `memo` caches results."""
    for poster in campaign.posters.values():
        for name in dict.fromkeys(box.drawing for box in poster.meaning):
            path, boxes, inks = poster.drawing(name), poster.boxes(name), _spot_inks(campaign, poster, name)
            where = path.relative_to(campaign.root).as_posix()
            try:
                key = f"contrast of meaning {where} {hash_file(path, where, memo)} {list(boxes)} {inks}"
            except OSError:
                continue  # reported elsewhere
            rows = memo.get_or_make(key, partial(_pale_boxes, path, where, boxes, inks))
            yield from (_pale(poster, *row) for row in rows)


def _hidden(campaign: Campaign, photo: Photo) -> Iterator[Problem]:
    from campaign.images import measure, photo_requests
    from campaign.images.crop import hidden_boxes

    size = measure(campaign.root, photo.file, photo.where)
    if isinstance(size, Problem):
        return  # reported elsewhere
    outputs = [output for output in photo_pictures(campaign, photo) if output.destination]
    for output, order in photo_requests(campaign, photo, outputs).items():
        yield from hidden_boxes(size, output, order)


def _spot_inks(campaign: Campaign, poster: Poster, drawing: str) -> list[list[str]]:
    """Return the inks that pieces print a drawing in, as '#rrggbb'; [] if all colours are printed."""
    from campaign.printing.spot_art import ink_colours

    files = {name: format.drawing for name, format in campaign.formats.items() if format.has_spot_inks}
    pages = [
        page
        for page in campaign.pages.values()
        if page.art == poster.name and any(files.get(name) == f"{drawing}.svg" for name in page.formats)
    ]
    rows = [[campaign.identity.colours[name].hex for name in ink_colours(campaign, page)] for page in pages]
    return [list(inks) for inks in dict.fromkeys(map(tuple, rows))]


def _pale(poster: Poster, label: str, where: str, flavour: str, ratio: float) -> Problem:
    kind = f" {flavour}" if flavour else ""
    message = f"*{label}* has a contrast of only {ratio:.2f} to 1{kind}."
    return Problem("meaning-pale", where or poster.where, message, "Draw it darker or lighter than what is around it.")


def _pale_boxes(path: Path, where: str, boxes: Sequence[MeaningBox], inks: Sequence[list[str]]) -> list[list[Any]]:
    """Return label, line, paper or cloth if not in colour, and contrast of each box that is too pale."""
    from campaign.checks.art_under_words import draw
    from campaign.printing.art import read_drawing
    from campaign.printing.line_art import SHEET_LINES, line_art
    from campaign.printing.spot_art import in_inks

    drawing = read_drawing(path, where)
    if isinstance(drawing, list):
        return []
    lines = SHEET_LINES if path.stem == ART else SHEET_LINES // 2
    looks = [("on cloth", in_inks(drawing.svg, each)) for each in inks]
    if path.stem != HERO and not looks:
        looks = [("", drawing.svg), ("on photocopies", line_art(drawing.svg, lines))]
    results = []
    for flavour, svg in looks or [("", drawing.svg)]:
        picture = draw(svg, drawing.box, DRAWN_WIDTH_PX).convert("L")
        for box in boxes:
            if (ratio := _contrast(picture, box)) < MIN_CONTRAST:
                results.append([box.label, box.where, flavour, round(ratio, 3)])
    return results


def _contrast(picture: Image.Image, box: MeaningBox) -> float:
    """Return the contrast between the darkest and the lightest pixels of the pixels of a box."""
    left, top, right, bottom = box.area
    width, height = picture.size
    histogram = picture.crop((left * width, top * height, right * width, bottom * height)).histogram()
    few, dark, light = sum(histogram) / 50, 0, 255
    while dark < 255 and sum(histogram[: dark + 1]) < few:
        dark += 1
    while light > 0 and sum(histogram[light:]) < few:
        light -= 1
    light = max(light, dark)
    return contrast(*(luminance("#" + f"{grey:02x}" * 3) for grey in (dark, light)))
