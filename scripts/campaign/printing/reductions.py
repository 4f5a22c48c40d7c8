"""Reductions of pieces so that their text fits: parts left out, type smaller than a design is made for.

A design tells them by `tell-layout` (typst/parts.typ).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from campaign.models.page import Page
from campaign.models.problem import INVISIBLE, Problem

# Prefix of the cache entry of a reduced piece.
REDUCED = "reduced"
# Panels named in a note; a set of cards may have thirty.
MAX_NAMED_PANELS = 3


def reduction_entry(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the cache entry of a piece.

    Args:
        rows: with `part` and `panel`, '' for all; of smaller type also with `size` and `usual`, in points.
    """
    return f"{REDUCED}:{json.dumps(rows, ensure_ascii=False, sort_keys=True)}"


def reduced_piece(page: Page, format: str, entry: str) -> Problem:
    """Return the note for a cache entry from `reduction_entry`."""
    rows = json.loads(entry.removeprefix(f"{REDUCED}:"))
    message = f"So that the words fit the format `{format}`, {', and '.join(_losses(rows))}."
    return Problem("piece-reduced", page.where, message, "Shorten the text, or name another format.")


def _losses(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield each loss once, with the panels that it is in."""
    panels: dict[tuple[str, str], list[str]] = {}
    for row in sorted(rows, key=lambda row: "size" in row):
        is_smaller = "size" in row
        loss = f"is set in {row['size']:g} pt instead of {row['usual']:g}" if is_smaller else "is left out"
        panels.setdefault((row["part"], loss), []).append(INVISIBLE.sub("", row["panel"]))
    for (part, loss), names in panels.items():
        named = [f"`{name}`" for name in names if name][:MAX_NAMED_PANELS]
        of = f" of the panel{'s' if len(named) > 1 else ''} {', '.join(named)}" if named else ""
        more = f" and {len(names) - len(named)} more" if len(names) > len(named) > 0 else ""
        yield f"the {part}{of}{more} {loss}"
