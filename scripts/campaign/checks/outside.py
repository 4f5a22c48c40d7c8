"""Find words beyond the edge of a page, which a design can't see: they are wider than their column, or too many."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pypdfium2

from campaign.models.campaign import Campaign
from campaign.models.outputs import PRINT_SHOP, Output
from campaign.models.problem import Problem

TOLERANCE_PT = 0.5
# The slug line is this far below the trimmed page, in points.
SLUG_GAP_PT = 3
MAX_LETTERS = 60
# Shorter words of a place's names fit every design of ours.
LONG_WORD_LETTERS = 20
_Box = tuple[float, float, float, float]  # left, bottom, right, top


def may_have_words_outside(campaign: Campaign, output: Output, is_of_page: bool) -> bool:
    """Return whether a PDF is searched.

    Editions for places repeat that of the whole country: only the names in them may be longer.
    """
    if output.place is None or not is_of_page or campaign.formats[output.format].names:
        return True
    places = (campaign.places[output.place], *campaign.regions_of(output.place))
    contacts = campaign.local_contacts(output.place)
    texts = chain(
        *(place.names.values() for place in places),
        *((contact.name, *contact.names.values(), contact.address, contact.email) for contact in contacts),
    )
    return any(len(word) >= LONG_WORD_LETTERS for text in texts for word in text.split())


def check_outside(path: Path, output: Output, where: str) -> Iterator[Problem]:
    """Yield a problem for each page with words beyond its edge. `where`: the file of its text."""
    with pypdfium2.PdfDocument(path) as pdf:
        for number, page in enumerate(pdf, 1):
            if words := " … ".join(_words_outside(page, output.flavour == PRINT_SHOP)):
                message = f"Words reach beyond the edge of page {number} ({output.format}): `{words[:MAX_LETTERS]}`."
                fix = "Shorten them, or divide a long word with a hyphen; a format of your own can be larger."
                yield Problem("words-outside", where, message, fix)


def _words_outside(page: pypdfium2.PdfPage, has_slug: bool) -> list[str]:
    text, trim, media = page.get_textpage(), page.get_trimbox(), page.get_mediabox()

    def is_outside(box: _Box) -> bool:
        edges: _Box = media if has_slug and box[3] < trim[1] - SLUG_GAP_PT else trim
        return max(edges[0] - box[0], edges[1] - box[1], box[2] - edges[2], box[3] - edges[3]) > TOLERANCE_PT

    # These boxes of lines are quick to get, and larger than their letters.
    boxes = [box for number in range(text.count_rects()) if is_outside(box := text.get_rect(number))]
    letters = (number for number in range(text.count_chars()) if text.get_text_range(number, 1).strip())
    if not boxes or not any(is_outside(text.get_charbox(number)) for number in letters):
        return []
    return [" ".join(text.get_text_bounded(*box).split()) for box in boxes]
