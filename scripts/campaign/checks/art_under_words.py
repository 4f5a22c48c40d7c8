"""Finds posters whose art lies under their words, by drawing the art and looking at the boxes for words.

For `campaign check` only: Typst must not run in a process that forks workers later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

from campaign.cache.memo import Memo
from campaign.cache.store import hash_file
from campaign.models.campaign import Campaign
from campaign.models.problem import Problem
from campaign.printing.art import Drawing, read_drawing

DRAWN_WIDTH_PX = 480
# Of 255 steps of luminance; smoothed edges differ by less.
MIN_DIFFERENCE = 16
# Shares of a box. Below that, words rarely meet it.
MIN_COVERED_SHARE = 0.02


def check_art_under_words(campaign: Campaign, memo: Memo) -> Iterator[Problem]:
    """Yield a note for each box for words in which a poster's art isn't of one colour. `memo` caches results."""
    for path in sorted((campaign.root / "assets/posters").glob("*/art.svg")):
        where = path.relative_to(campaign.root).as_posix()
        try:
            key = f"art under words {where} {hash_file(path, where, memo)}"
        except OSError:
            continue  # reported elsewhere
        yield from (Problem(*row) for row in memo.get_or_make(key, partial(_measure, path, where)))


def _measure(path: Path, where: str) -> list[tuple[str, ...]]:
    drawing = read_drawing(path, where)
    return [] if isinstance(drawing, list) or not drawing.slots else [astuple(note) for note in _notes(drawing, where)]


def _notes(drawing: Drawing, where: str) -> Iterator[Problem]:
    picture = draw(drawing.svg, drawing.box, DRAWN_WIDTH_PX)
    left, top, width, _ = drawing.box
    scale = picture.width / width
    for slot in drawing.slots:
        x, y = (slot.x - left) * scale, (slot.y - top) * scale
        # Without the smoothed pixels at its edges.
        box = (int(x) + 1, int(y) + 1, int(x + slot.width * scale) - 1, int(y + slot.height * scale) - 1)
        share = _covered_share(picture.crop(box)) if box[0] < box[2] and box[1] < box[3] else 0
        if share > MIN_COVERED_SHARE:
            message = f"Art lies under the words of `slot-{slot.role}`: {share:.0%} of the box isn't of one colour."
            fix = "Move the art, or make the box smaller."
            yield Problem("art-under-words", where, message, fix)


def draw(svg: str, view_box: tuple[float, float, float, float], width_px: int) -> Image.Image:
    """Return a drawing on white."""
    from campaign.printing.typeset import draw_alone  # 0.1 s to import, and most files are cached

    _, _, width, height = view_box
    png = draw_alone(svg, width, height, date(2000, 1, 1), width_px / width)
    paper = Image.new("RGBA", (image := Image.open(BytesIO(png)).convert("RGBA")).size, "white")
    paper.alpha_composite(image)
    return paper.convert("RGB")


def _covered_share(picture: Image.Image) -> float:
    """Return the share of pixels that differ from the most frequent colour."""
    area = picture.width * picture.height
    colours: list[tuple[int, Any]] = picture.getcolors(area) or []
    _, ground = max(colours)
    difference = ImageChops.difference(picture, Image.new("RGB", picture.size, ground)).convert("L")
    return sum(difference.histogram()[MIN_DIFFERENCE + 1 :]) / area
