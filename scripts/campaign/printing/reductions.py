"""Reductions of folded pieces so that their text fits: pictures left out, type smaller than the look's."""

from __future__ import annotations

from collections.abc import Sequence

from campaign.models.page import Page
from campaign.models.problem import Problem

# Prefix of the cache entry of a reduced piece.
REDUCED = "reduced"


def reduction_entry(size: float, default: float, omitted: Sequence[str]) -> str:
    """Return the cache entry of a piece, '' if nothing was reduced.

    `size` and `default` are in points; `omitted` are the panels whose pictures were left out.
    """
    is_smaller = size < default
    return f"{REDUCED}:{size:g}:{default:g}:{','.join(omitted)}" if is_smaller or omitted else ""


def reduced_piece(page: Page, format: str, entry: str) -> Problem:
    """Return the note for a cache entry from `reduction_entry`."""
    _, size, default, omitted = entry.split(":")
    parts = [f"the picture of the panel `{name}` is left out" for name in filter(None, omitted.split(","))]
    if float(size) < float(default):
        parts.append(f"the text is set in {size} pt instead of {default}")
    message = f"So that the words fit the format `{format}`, {', and '.join(parts)}."
    return Problem("piece-reduced", page.where, message, "Shorten the text, or name another format.")
