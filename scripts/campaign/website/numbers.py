"""Telephone numbers in pages: dialable, on one line, left to right in any script.

A short one (112) reads the same in both directions, and contacts make it a link. Amounts in groups (20 000) and
hyphenated numbers (2026-11-25) are also kept on one line and left to right, as in print: after an Arabic letter
Unicode's rules would reorder their groups.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from campaign.content.typed_numbers import AMOUNT, DIGIT, JOINED, NUMBER
from campaign.website.words import number_html


def with_numbers(text: str, dial: Callable[[str], str], may_link: bool) -> str:
    """Return a text with its telephone numbers as links, or unbroken where no link is allowed.

    Args:
        text: HTML without tags.
        dial: returns what to dial for a number as typed, or that it isn't one: see `dial_of`.
        may_link: whether links are allowed.
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
