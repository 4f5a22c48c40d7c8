"""Whether a poster's title is read from afar: from how many metres, and how many words would be.

Capitals are read from 300 times their height (ANSI Z535.2: an inch for 25 feet, where a sign is seen well); they have
seven tenths of the size of their letters. A poster is read from 5 m where it is A3, in proportion on other sheets.
"""

from __future__ import annotations

from campaign.models.page import Page
from campaign.models.problem import Problem

READ_FROM, SEEN, CAPITAL = 5.0, 300, 0.7
POINT = 25.4 / 72
# Points of a sheet of A3.
LEAST = READ_FROM * 1000 / SEEN / CAPITAL / POINT
# Before what is kept of a title that is smaller.
SMALL = "title"


def told(size: float, fits: int, words: int) -> str:
    """What is kept of a title; '' where it is read from as far as a poster is.

    Args:
        size: points of A3; 0 where it does not fit at all.
        fits: how many of its words would stand at the least size.
        words: how many they are.
    """
    # To half a metre: it is a rule of thumb.
    metres = round(size * POINT * CAPITAL * SEEN / 1000 * 2) / 2
    return f"{SMALL}:{metres:g}:{fits}:{words}" if 0 < metres < READ_FROM else ""


def small_title(page: Page, kept: str) -> Problem:
    """What is said of it. kept: as `told` tells it."""
    _, metres, fits, words = kept.split(":")
    line = next((panel.line for panel in page.panels if panel.id == SMALL), 1)
    what = (
        f"The `title` can be read from {metres} m where the poster is A3, which is read from {READ_FROM:.0f} m: "
        f"of its {words} words about {fits} would be large enough."
    )
    fix = "Shorten it to that many words; the rest can go on the page of the QR code."
    return Problem("title-small", f"{page.where}:{line}", what, fix)
