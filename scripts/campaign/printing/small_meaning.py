"""Boxes that carry the meaning of a drawing, and are too small to be recognised in an output."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.models.problem import Problem

# Prefix of the cache entry.
SMALL = "small-meaning"
# The shorter side of a box: recognisable on a phone, and at arm's length.
MIN_SIDE_PX = 12
MIN_SIDE_MM = 5
POINTS_PER_MM = 72 / 25.4


def small_entry(campaign: Campaign, output: Output, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the cache entry of an output.

    Args:
        campaign: the campaign.
        output: a piece, or the layout of all destinations of a shape.
        rows: with `label`, `where`, and `width` and `height` in points.
    """
    row = campaign.destinations.get(output.destination)
    is_screen = row is not None and not row.keeps_shape
    minimum, unit = (MIN_SIDE_PX, "pixels") if is_screen else (MIN_SIDE_MM, "mm")
    for box in rows:
        side = min(box["width"], box["height"]) / (1 if is_screen else POINTS_PER_MM)
        if 0 < side < minimum:
            shape = output.destination or output.format
            yield f"{SMALL}:{json.dumps([shape, box['label'], box['where'], f'{side:.0f} {unit}'], ensure_ascii=False)}"


def small_box(entry: str) -> Problem:
    """Return the note for a cache entry from `small_entry`."""
    shape, label, where, size = json.loads(entry.removeprefix(f"{SMALL}:"))
    message = f"{shape}: *{label}* is only {size} wide or high."
    return Problem("meaning-small", where, message, "Draw it larger, or give that shape its own drawing.")
