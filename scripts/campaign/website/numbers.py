"""Phone numbers in page texts: as links, unbroken, left to right in any script.

Short numbers (112) are links in contacts only. Grouped amounts (20 000) and hyphenated numbers (2026-11-25) are kept
unbroken and left to right too, as in print, since Unicode would reverse their groups after Arabic letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from campaign.content.typed_numbers import AMOUNT, DIGIT, JOINED, NUMBER
from campaign.website.words import number_html


def with_numbers(text: str, dial: Callable[[str], str], may_link: bool) -> str:
    """Return an HTML text without tags in which numbers are links, or just unbroken unless `may_link`.

    `dial` returns what to dial for a number as typed, or ''.
    """

    def written(found: re.Match[str]) -> str:
        typed = found.group()
        dials = dial(typed)
        if dials and may_link:
            return f'<a href="tel:{dials}">{number_html(typed)}</a>'
        is_whole = dials or AMOUNT.fullmatch(typed) or JOINED.fullmatch(typed)
        return number_html(typed, bool(dials)) if is_whole else typed

    # As what cleans HTML writes that space.
    return NUMBER.sub(written, text.replace("&nbsp;", "\u00a0")) if DIGIT.search(text) else text
