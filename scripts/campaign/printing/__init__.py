"""The printing room: every printed piece, and its preview.

`describe` says what goes on a piece, `key` hashes all that it is made from, `make` writes it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from campaign.printing.pieces import (
        count_lines,
        describe,
        draw,
        draw_sides,
        find_piece,
        forget_drawn,
        inputs,
        key,
        key_and_drawings,
        make,
    )

__all__ = [
    "count_lines",
    "describe",
    "draw",
    "draw_sides",
    "find_piece",
    "forget_drawn",
    "inputs",
    "key",
    "key_and_drawings",
    "make",
]


def __getattr__(name: str) -> object:
    # What reads drawings and fonts needs no Typst: that is loaded where something is set.
    if name in __all__:
        # Asked for thousands of times: the next one finds it without this function.
        return globals().setdefault(name, getattr(import_module("campaign.printing.pieces"), name))
    raise AttributeError(f"module `campaign.printing` has no attribute `{name}`")
