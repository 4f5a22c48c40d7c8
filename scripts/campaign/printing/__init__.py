"""Every printed piece, and its preview.

`describe` returns the content of a piece, `key` hashes all its inputs, `make` writes it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from campaign.printing.pieces import *  # noqa: F403

__all__ = ["count_lines", "describe", "draw", "draw_excess", "draw_sides", "find_piece", "measure_meaning"]  # noqa: F405
__all__ += ["forget_drawn", "forget_hashes", "has_run_typst", "inputs", "key", "key_and_drawings", "make", "measure"]  # noqa: F405
__all__ += ["score_of"]  # noqa: F405


def __getattr__(name: str) -> object:
    # Drawings and fonts are read without Typst, which is loaded once something is typeset.
    if name in __all__:
        return globals().setdefault(name, getattr(import_module("campaign.printing.pieces"), name))
    raise AttributeError(f"module `campaign.printing` has no attribute `{name}`")
