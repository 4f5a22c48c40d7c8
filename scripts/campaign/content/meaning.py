"""Boxes that carry the meaning of drawings and photos: `meaning:` in poster.yml and in a photo's .yml."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from campaign.models.media import ART, Area, MeaningBox
from campaign.models.problem import Problem
from campaign.schema.kinds import Area as AreaNote
from campaign.schema.kinds import DrawnMeaningNote, MeaningNote

EXAMPLE = "Write `- {label: hand that pays, x: 55, y: 10, width: 40, height: 30}`: percent of the picture."
TOLERANCE = 0.01  # percent: rounding at the desk
# Outputs that show less of a box are left out; `least-visible` in typst/meaning.typ is the same.
MIN_VISIBLE_SHARE = 0.95

DRAWING_FIX = "Move words or the box, or add `scene:` or a drawing for that shape to the poster's folder."
WHOLE_FIX = "Shorten the words, or draw it wider and less high."
HERO_FIX = "Draw it nearer to the middle of the picture, make the box smaller, or remove the picture."
PHOTO_FIX = "Take a picture with more room around it, make the box smaller, or leave out that use."


def read_meaning(
    notes: Iterable[MeaningNote], folder: Path | None = None, scene: Area | None = None
) -> tuple[MeaningBox, ...]:
    """Return the usable boxes of a photo, or in a poster's `folder`, for its `scene`; the others are problems."""
    boxes: dict[tuple[str, str], MeaningBox] = {}
    for note in notes:
        drawing = (note.drawing if isinstance(note, DrawnMeaningNote) else "") or ART
        if not note.label:
            note.complain("meaning-wrong", "", "A box in `meaning:` has no `label`.", EXAMPLE)
        elif folder and not _has_drawing(folder, drawing):
            message = f"There is no drawing `{drawing}.svg` for the box `{note.label}`."
            note.complain("meaning-wrong", "drawing", message, "Name a drawing of this folder, without its ending.")
        elif (drawing, note.label) in boxes:
            fix = "Give each box its own label, or remove one."
            note.complain("meaning-wrong", "label", f"The label `{note.label}` is used twice in `meaning:`.", fix)
        elif area := read_area(note, f"The box `{note.label}`"):
            if scene and drawing == ART and _visible_share(area, scene) < MIN_VISIBLE_SHARE:
                fix = "Make `scene:` larger, so that other shapes can show it."
                note.complain("meaning-wrong", "", f"The box `{note.label}` is partly outside `scene:`.", fix)
            boxes[drawing, note.label] = MeaningBox(note.label, area, note.line(), drawing)
    return tuple(boxes.values())


def hidden_meaning(shape: str, label: str, share: float, where: str, fix: str = DRAWING_FIX) -> Problem:
    """Return the problem of an output that shows too little of a box.

    `shape`: its destination, or its page and format. `share`: its visible part. `where`: file and line of the box.
    `fix`: how to show more of it.
    """
    needed = format_share(MIN_VISIBLE_SHARE)
    message = f"{shape}: *{label}* {format_share(share)} visible; {needed} are needed."
    return Problem("meaning-hidden", where, message, fix)


def format_share(share: float) -> str:
    """Return a share in percent, rounded down, so that only all of it is 100 %."""
    return f"{int(share * 100 + 1e-6)} %"


def read_area(note: AreaNote, subject: str = "`scene:`") -> Area | None:
    """Return a part of a picture as shares; None, and a problem, if it isn't inside the picture."""
    sides = {key: getattr(note, key) for key in ("x", "y", "width", "height")}
    if missing := [key for key, side in sides.items() if side is None]:
        note.complain("meaning-wrong", "", f"{subject} lacks: {', '.join(missing)}.", EXAMPLE)
        return None
    x, y, width, height = sides.values()
    if width <= 0 or height <= 0:
        note.complain("meaning-wrong", "width" if width <= 0 else "height", f"{subject} has no size.", EXAMPLE)
        return None
    if not all(0 <= side <= 100 + TOLERANCE for side in (x, y, x + width, y + height)):
        fix = "Keep `x` + `width` and `y` + `height` within 100."
        note.complain("meaning-wrong", "", f"{subject} is partly outside the picture.", fix)
        return None
    return x / 100, y / 100, min(1.0, (x + width) / 100), min(1.0, (y + height) / 100)


def _visible_share(area: Area, scene: Area) -> float:
    """Return how much of a box is in the scene."""
    share = 1.0
    for start, end in ((0, 2), (1, 3)):
        inside = min(area[end], scene[end]) - max(area[start], scene[start])
        share *= max(0.0, inside) / (area[end] - area[start])
    return share


def _has_drawing(folder: Path, name: str) -> bool:
    return "/" not in name and "\\" not in name and (name == ART or (folder / f"{name}.svg").is_file())
