"""The picture of the front page: `hero.svg` of a poster. The page crops it, so what carries its meaning is measured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from campaign.content.meaning import HERO_FIX, MIN_VISIBLE_SHARE, format_share, hidden_meaning
from campaign.graph.disk import is_file, record_content
from campaign.models.campaign import Campaign
from campaign.models.media import HERO, MeaningBox, Poster
from campaign.models.problem import Problem

# The picture's room on the front page, in pixels (`.hero` in overrides/assets/stylesheets/).
WINDOWS = {"phone": (320, 176), "tablet": (768, 256), "laptop": (512, 450), "computer": (960, 450)}
RATIO = re.compile(r'preserveAspectRatio="x(Min|Mid|Max)Y(Min|Mid|Max)\s+slice"')
VIEW_BOX = re.compile(r'viewBox="[^"]*?([\d.]+)[\s,]+([\d.]+)\s*"')
ALIGNED = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}


@dataclass(frozen=True)
class ShownBox:
    """A box of a picture in a window of the front page."""

    name: str  # of the poster
    window: str
    box: MeaningBox
    share: float  # of it that is visible

    def __str__(self) -> str:
        return f"{self.name}/{HERO}.svg on a {self.window}: {self.box.label} {format_share(self.share)}"


def hero_pictures(campaign: Campaign) -> dict[str, Path]:
    """Return wide drawings of posters for the front page, by address."""
    return {
        f"pictures/{name}-{HERO}.svg": path
        for name, poster in campaign.posters.items()
        if is_file(path := poster.drawing(HERO)) and not any(map(_is_hidden, _boxes(poster)))
    }


def check_heroes(campaign: Campaign) -> Iterator[Problem]:
    """Yield the problems of pictures that the front page leaves out, because it would cut what they mean."""
    for row in filter(_is_hidden, boxes_of_heroes(campaign)):
        yield hidden_meaning(f"Front page on a {row.window}", row.box.label, row.share, row.box.where, HERO_FIX)


def boxes_of_heroes(campaign: Campaign) -> Iterator[ShownBox]:
    """Yield the boxes of all pictures for the front page, in each of its windows."""
    for poster in campaign.posters.values():
        yield from _boxes(poster)


def _is_hidden(row: ShownBox) -> bool:
    return row.share < MIN_VISIBLE_SHARE


def _boxes(poster: Poster) -> list[ShownBox]:
    boxes, path = poster.boxes(HERO), poster.drawing(HERO)
    if not boxes or not is_file(path):
        return []
    record_content(path)
    text = path.read_text(encoding="utf-8", errors="replace")
    sliced, size = RATIO.search(text), VIEW_BOX.search(text)
    if not sliced or not size:  # all of it is shown
        return [ShownBox(poster.name, window, box, 1) for window in WINDOWS for box in boxes]
    ratio, starts = float(size[1]) / float(size[2]), [ALIGNED[each] for each in sliced.groups()]
    return [
        ShownBox(poster.name, window, box, _share(box, ratio, starts, *room))
        for window, room in WINDOWS.items()
        for box in boxes
    ]


def _share(box: MeaningBox, ratio: float, starts: list[float], width: int, height: int) -> float:
    """Return the visible part of a box in a window that a drawing fills; `starts`: shares of the rest before it."""
    shown = (min(1.0, width / height / ratio), min(1.0, ratio * height / width))
    share = 1.0
    for axis, (part, start) in enumerate(zip(shown, starts, strict=True)):
        low, high = box.area[axis], box.area[axis + 2]
        begin = (1 - part) * start
        share *= max(0.0, min(high, begin + part) - max(low, begin)) / (high - low)
    return share
