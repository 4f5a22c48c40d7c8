"""Telephone numbers wherever they stand on a page: to be dialled, whole on one line, from left to right in any script.

A short one (112) reads the same in every direction, and contacts make it a link. Amounts in groups (20 000) and what
hyphens join (2026-11-25) are kept whole and from left to right too, as in print: after an Arabic letter Unicode's rules
turn their groups round.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from campaign.content.typed_numbers import AMOUNT, DIGIT, JOINED, NUMBER
from campaign.website.words import number_html


def with_numbers(text: str, dial: Callable[[str], str], may_link: bool) -> str:
    """A text whose telephone numbers are links, or only whole where no link may stand.

    Args:
        text: HTML without a tag.
        dial: says what to dial for a number as it was typed, or that it is none: see `dial_of`.
        may_link: whether a link may stand there.
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
