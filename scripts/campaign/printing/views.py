"""Views of a poster's drawings, from which a design picks the one that shows its meaning largest (typst/meaning.typ).

A shape may have its own drawing, `<destination or format>.svg` next to art.svg. Otherwise these are cover.svg, and if
boxes carry the meaning, the part of art.svg between its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from campaign.models.campaign import Campaign
from campaign.models.media import ART, Area, Poster
from campaign.models.outputs import PHOTOCOPY
from campaign.models.problem import Problem
from campaign.printing import art
from campaign.printing.line_art import COVER_LINES, line_art

COVER = "cover"
MIDDLE = (0.5, 0.5)


def view_files(poster: Poster, shapes: Iterable[str] = ()) -> dict[str, Path]:
    """Return the drawings for a shape by name, the preferred one first.

    Args:
        poster: their poster.
        shapes: names of the shape: destinations or a format; none for scenes.
    """
    for shape in shapes:
        if (own := poster.drawing(shape)).is_file():
            return {shape: own}
    covers = {COVER: poster.cover} if poster.cover.is_file() else {}
    return covers | ({ART: poster.art} if poster.meaning or not covers else {})


def views(
    campaign: Campaign, poster: Poster, flavour: str, problems: list[Problem], shapes: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Return the views of a poster as data for designs; unusable drawings are problems."""
    results = []
    for name, path in view_files(poster, shapes).items():
        drawing = art.read_drawing(path, path.relative_to(campaign.root).as_posix())
        if isinstance(drawing, list):
            problems += drawing
            continue
        area = _scene_area(poster, drawing) if name == ART else (0.0, 0.0, 1.0, 1.0)
        svg, box = _cut(drawing, area)
        results.append(
            {
                "svg": line_art(svg, COVER_LINES) if flavour == PHOTOCOPY else svg,
                "box": box,
                "ratio": box[2] / box[3],
                "focus": list(MIDDLE if name == ART else poster.focus),
                **_boxes(poster, name, area),
            }
        )
    return results


def whole_boxes(poster: Poster | None, name: str, drawing: art.Drawing) -> list[dict[str, Any]]:
    """Return the boxes of a drawing that designs show whole, in the drawing's units. `name`: the stem of its file."""
    _, _, width, height = drawing.box
    return [
        {
            "label": box.label,
            "where": box.where,
            "x": drawing.box[0] + box.area[0] * width,
            "y": drawing.box[1] + box.area[1] * height,
            "width": (box.area[2] - box.area[0]) * width,
            "height": (box.area[3] - box.area[1]) * height,
        }
        for box in (poster.boxes(name) if poster else ())
    ]


def meaning_key(poster: Poster) -> str:
    """Return what layouts depend on besides the drawings."""
    boxes = [(box.label, box.area, box.drawing, box.where) for box in poster.meaning]
    return repr((poster.focus, poster.scene, boxes))


def _scene_area(poster: Poster, drawing: art.Drawing) -> Area:
    """Return the part of the art for other shapes: as declared, otherwise its highest strip without slots."""
    if poster.scene:
        return poster.scene
    _, top, _, height = drawing.box
    low, high = art.widest_strip(drawing)
    return 0.0, (low - top) / height, 1.0, (high - top) / height


def _cut(drawing: art.Drawing, area: Area) -> tuple[str, list[float]]:
    """Return the SVG of a part of a drawing, and its viewBox."""
    left, top, width, height = drawing.box
    if area == (0.0, 0.0, 1.0, 1.0):
        return drawing.svg, list(drawing.box)
    across, down = (area[2] - area[0]) * width, (area[3] - area[1]) * height
    box = [round(side, 4) for side in (left + area[0] * width, top + area[1] * height, across, down)]
    view_box = f'viewBox="{" ".join(f"{side:g}" for side in box)}"'
    return re.sub(r'viewBox="[^"]*"', view_box, drawing.svg, count=1), box


def _boxes(poster: Poster, name: str, area: Area) -> dict[str, Any]:
    """Return the boxes of a drawing as shares of its part, and those of the art that it doesn't show."""
    left, top, right, bottom = area
    across, down = right - left, bottom - top
    own = poster.boxes(name)
    labels = {box.label for box in own}
    return {
        "boxes": [
            {
                "label": box.label,
                "where": box.where,
                "left": (box.area[0] - left) / across,
                "top": (box.area[1] - top) / down,
                "right": (box.area[2] - left) / across,
                "bottom": (box.area[3] - top) / down,
            }
            for box in own
        ],
        "lacks": [[box.label, box.where] for box in poster.meaning if box.drawing == ART and box.label not in labels],
    }
