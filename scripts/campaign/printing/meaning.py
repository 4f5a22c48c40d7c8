"""How much outputs show of the boxes that carry a picture's meaning, and the messages about it.

Designs measure their drawings themselves (typst/meaning.typ, `seen`); crops of photos are measured by `images.crop`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from campaign.models.problem import Problem


def hidden_meaning(shape: str, misfit: Mapping[str, Any]) -> Problem:
    """Return the problem of an output that doesn't show a box.

    Args:
        shape: its destination, or its page and format.
        misfit: with `meaning` (the label), `where` and `share`.
    """
    message = f"{shape}: *{misfit['meaning']}* {_percent(misfit['share'])} visible."
    fix = "Move the drawing's parts or its box, or give `scene:` or a drawing for that shape."
    return Problem("meaning-hidden", misfit["where"], message, fix)


def _percent(share: float) -> str:
    """Return a share rounded down, so that only a full one is 100 %."""
    return f"{int(share * 100 + 1e-6)} %"
