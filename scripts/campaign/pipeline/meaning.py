"""How much each output shows of what carries the meaning of its drawing or photo: visible share and size of each box.

Layouts are measured by Typst, by the same code that draws them; crops of photos by the code that crops.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from campaign import images, printing
from campaign.content.meaning import format_share
from campaign.images.crop import crop_box, visible_shares
from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.models.problem import Problem
from campaign.plan.outputs import drawn_pages
from campaign.printing.small_meaning import POINTS_PER_MM
from campaign.website.hero import boxes_of_heroes as boxes_of_heroes


@dataclass(frozen=True)
class Shown:
    """A box in an output."""

    label: str
    share: float  # of it that is visible
    width: float
    height: float
    unit: str  # 'px' or 'mm'
    where: str  # of the box

    def __str__(self) -> str:
        size = f", {self.width:.0f} × {self.height:.0f} {self.unit}" if self.share else ""
        return f"{self.label} {format_share(self.share)}{size}"


class Measured:
    """Measures outputs: pictures of one layout together, and editions of places by that of the whole country."""

    def __init__(self, campaign: Campaign, outputs: Iterable[Output]) -> None:
        """Prepare for the outputs of a catalogue."""
        self._campaign = campaign
        self._layouts = {
            picture: output
            for output in outputs
            if output.is_drawn_from and not output.part
            for page in drawn_pages(campaign, output)
            for picture in page
        }
        self._rows: dict[Output, list[Shown]] = {}

    def shown(self, output: Output) -> list[Shown]:
        """Return the boxes of an output; [] if its picture declares none."""
        photo = self._campaign.photos.get(output.name)
        if output.kind == "picture" and output.destination and photo:
            return list(_crop(self._campaign, output))
        layout = self._layouts.get(output)
        if layout is None:
            return self._measure(replace(output, place=None, path="", public="")) if output.is_piece else []
        rows, row = self._measure(layout), self._campaign.destinations.get(output.destination)
        format = self._campaign.formats[layout.format]
        if layout.kind == "screen" and row and not row.keeps_shape:
            scale = row.width / self._campaign.destinations[layout.destination].width
        else:
            scale = (output.width or 0) / format.width
        return [replace(each, width=each.width * scale, height=each.height * scale, unit="px") for each in rows]

    def _measure(self, layout: Output) -> list[Shown]:
        """Return the boxes of a layout: in pixels of screens, in millimetres of sheets."""
        if layout not in self._rows:
            destination = self._campaign.destinations.get(layout.destination)
            is_screen = destination is not None and not destination.keeps_shape
            per_point, unit = (1, "px") if is_screen else (1 / POINTS_PER_MM, "mm")
            self._rows[layout] = [
                Shown(row["label"], row["share"], *_size(row, per_point), unit, row["where"])
                for row in printing.measure_meaning(self._campaign, layout)
            ]
        return self._rows[layout]


def _size(row: Mapping[str, Any], per_point: float) -> tuple[float, float]:
    return row["width"] * per_point, row["height"] * per_point


def _crop(campaign: Campaign, output: Output) -> Iterator[Shown]:
    photo = campaign.photos[output.name]
    size = images.measure(campaign.root, photo.file, photo.where)
    if isinstance(size, Problem):
        return
    order = images.photo_requests(campaign, photo, [output])[output]
    width, _ = crop_box(size, output, order)
    for box, share in visible_shares(size, output, order):
        left, top, right, bottom = box.area
        high = size[1] * width / size[0]
        yield Shown(box.label, share, (right - left) * width, (bottom - top) * high, "px", box.where)
