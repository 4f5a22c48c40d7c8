"""Where a line of a page may end in scripts without spaces: browsers without dictionaries break none, or any word.

Feature phones and small browsers have no dictionary of Khmer, Lao, Burmese, and some not of Thai.
"""

from __future__ import annotations

import re

from campaign.document.word_ends import LETTER, RUN, word_ends
from campaign.website.css_usage import TAG

BREAK = "<wbr>"
# Letters that fit on a line of a small phone by themselves are not worth the bytes; those of headings are larger, and
# the campaign's name has a part of its line.
SHORT, SHORT_LARGE = 20, 16
LARGE = re.compile(r"<(/?)(?:h1|h2|button)\b|<a [^>]*class=\"?name\b|<(/)a>")
# Where no tag may stand, or where nothing is shown.
SKIPPED = re.compile(r"<(script|style|title|textarea|option|svg|template|code|pre)\b.*?</\1>|<!--.*?-->", re.DOTALL)
PART = re.compile(f"{SKIPPED.pattern}|{TAG.pattern}|</[^>]*>", re.DOTALL)


def with_word_breaks(page: str, terms: tuple[str, ...] = ()) -> str:
    """A page whose lines may end where a word ends.

    Args:
        page: HTML.
        terms: of the page's language, that no dictionary knows.
    """
    if not RUN.search(page):
        return page
    begin = max(page.find("<body"), 0)
    parts, at, short = [page[:begin]], begin, SHORT
    for found in PART.finditer(page, begin):
        parts += (_broken(page[at : found.start()], short, terms), found.group())
        at = found.end()
        if large := LARGE.match(found.group()):
            short = SHORT if large[1] or large[2] else SHORT_LARGE
    return "".join((*parts, _broken(page[at:], short, terms)))


def _broken(text: str, short: int, terms: tuple[str, ...]) -> str:
    return RUN.sub(lambda found: _between_words(found.group(), short, terms), text)


def _between_words(run: str, short: int, terms: tuple[str, ...]) -> str:
    if len(run) < short:
        return run
    ends = word_ends(run, terms)
    return LETTER.sub(lambda found: BREAK if found.start() in ends else "", run)
