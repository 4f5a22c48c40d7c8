"""Finish the texts of a page in one pass. No later step changes words.

Phone numbers are linked, unbroken, and left to right in any script; short ones (112) are links in contacts only. So are
grouped amounts (20 000) and hyphenated numbers (2026-11-25), without links: Unicode would reverse their groups after
Arabic letters. Scripts without spaces get line breaks, for browsers without dictionaries (feature phones).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from campaign.content.typed_numbers import AMOUNT, DIGIT, JOINED_NUMBERS, NUMBER
from campaign.document.word_ends import LETTER, RUN, SPACELESS_SCRIPTS, word_ends
from campaign.website.css_usage import TAG
from campaign.website.words import number_html

# Elements that may contain no tags, or aren't shown.
NAMES_SKIPPED = "script|style|title|textarea|option|svg|template|code|pre"
SKIPPED = rf"<({NAMES_SKIPPED})\b.*?</\1>|<!--.*?-->"
NAMES = "a|button|label|summary|bdi|h1|h2"
# Unchanged parts in one match: most tags, and texts without digits or letters of scripts without spaces.
UNCHANGED_ELEMENTS = (
    rf"(?:</(?!(?:{NAMES})\b)[^>]*>"
    rf"|<(?!(?:{NAMES_SKIPPED}|{NAMES})\b)[a-zA-Z][^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*+>"
    rf"|[^<\d{SPACELESS_SCRIPTS}]++(?![^<]))++"
)
PART = re.compile(rf"{UNCHANGED_ELEMENTS}|{SKIPPED}|{TAG.pattern}|</[^>]*>|(?P<text>[^<]+)", re.DOTALL)
NAME = re.compile(rf"</?({NAMES})\b")
# Elements that may contain no link, or where readers would tap it by mistake.
CLICKABLE_ELEMENTS = frozenset(["a", "a.name", "button", "label", "summary"])
LARGE_ELEMENTS = frozenset(["h1", "h2", "button", "a.name"])
# A link in its own type size.
CAMPAIGN_NAME = re.compile(r'<a [^>]*class="?name\b')
WORD_BREAK = "<wbr>"
# Maximum letters of a word that fits on a line of a small phone without a break; headings are larger, and share
# their line with the campaign's name.
MAX_UNBROKEN = 20
MAX_UNBROKEN_LARGE = 12


def with_finished_texts(page: str, dial: Callable[[str], str], terms: tuple[str, ...] = ()) -> str:
    """Return the page with phone links, and line breaks at the ends of words.

    `dial` returns what to dial for a number as typed, or ''; `terms` are words that no dictionary knows.
    """
    position, consumed = max(page.find("<body"), 0), 0
    parts: list[str] = []
    stack: list[str] = []
    for match in PART.finditer(page, position):
        if match.lastgroup == "text":
            text = match.group()
            if "bdi" not in stack:
                text = with_numbers(text, dial, CLICKABLE_ELEMENTS.isdisjoint(stack))
            parts += (
                page[consumed : match.start()],
                with_word_breaks(text, terms, not LARGE_ELEMENTS.isdisjoint(stack)),
            )
            consumed = match.end()
        elif name := NAME.match(page, match.start()):
            _open_or_close(stack, name[1], match.group())
    return "".join((*parts, page[consumed:]))


def _open_or_close(stack: list[str], name: str, tag: str) -> None:
    if not tag.startswith("</"):
        stack.append("a.name" if CAMPAIGN_NAME.match(tag) else name)
    elif name in stack or f"{name}.name" in stack:
        while stack.pop().partition(".")[0] != name:
            pass


def with_numbers(text: str, dial: Callable[[str], str], may_link: bool) -> str:
    """Return an HTML text without tags in which numbers are links, or only unbroken unless `may_link`.

    `dial` returns what to dial for a number as typed, or ''.
    """

    def written(match: re.Match[str]) -> str:
        raw = match.group()
        dials = dial(raw)
        if dials and may_link:
            return f'<a href="tel:{dials}">{number_html(raw)}</a>'
        is_whole = dials or AMOUNT.fullmatch(raw) or JOINED_NUMBERS.fullmatch(raw)
        return number_html(raw, bool(dials)) if is_whole else raw

    # The sanitiser writes no-break spaces as entities.
    return NUMBER.sub(written, text.replace("&nbsp;", "\u00a0")) if DIGIT.search(text) else text


def with_word_breaks(text: str, terms: tuple[str, ...], is_large: bool) -> str:
    """Return an HTML text with breaks at the ends of words. `is_large`: in headings and buttons."""
    short = MAX_UNBROKEN_LARGE if is_large else MAX_UNBROKEN
    return RUN.sub(lambda match: _between_words(match.group(), short, terms), text)


def _between_words(run: str, short: int, terms: tuple[str, ...]) -> str:
    if len(run) < short:
        return run
    ends = word_ends(run, terms)
    return LETTER.sub(lambda match: WORD_BREAK if match.start() in ends else "", run)
