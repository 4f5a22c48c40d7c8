"""Checks from what distance a poster's title can be read, and how many of its words would fit at full size.

Capitals can be read from 300 times their height (ANSI Z535.2: one inch per 25 feet in good conditions), and are 0.7 of
the font size. An A3 poster should be readable from 5 m, other sizes in proportion.
"""

from __future__ import annotations

from campaign.models.page import Page
from campaign.models.problem import Problem

READING_DISTANCE_M = 5.0
DISTANCE_PER_HEIGHT = 300
CAPITAL_HEIGHT = 0.7
POINT = 25.4 / 72
# points on A3
MIN_SIZE_PT = READING_DISTANCE_M * 1000 / DISTANCE_PER_HEIGHT / CAPITAL_HEIGHT / POINT
# prefix of the cache entry of a title that is too small
SMALL_TITLE = "title"


def title_entry(size: float, fitting_words: int, words: int) -> str:
    """Return the cache entry of a title, '' if it is large enough.

    `size` is in points on A3, 0 if it doesn't fit; `fitting_words` is the number of words that fit at the minimum size.
    """
    # Rounded to half a metre, since this is a rule of thumb.
    metres = round(size * POINT * CAPITAL_HEIGHT * DISTANCE_PER_HEIGHT / 1000 * 2) / 2
    return f"{SMALL_TITLE}:{metres:g}:{fitting_words}:{words}" if 0 < metres < READING_DISTANCE_M else ""


def small_title(page: Page, entry: str) -> Problem:
    """Return the problem for a cache entry from `title_entry`."""
    _, metres, fitting_words, words = entry.split(":")
    line = next((panel.line for panel in page.panels if panel.id == SMALL_TITLE), 1)
    message = (
        f"The `title` can be read from {metres} m where the poster is A3, "
        f"which is read from {READING_DISTANCE_M:.0f} m: of its {words} words about {fitting_words} "
        "would be large enough."
    )
    fix = "Shorten it to that many words; the rest can go on the page of the QR code."
    return Problem("title-small", f"{page.where}:{line}", message, fix)
