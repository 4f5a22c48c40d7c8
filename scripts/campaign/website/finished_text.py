"""Finish the texts of a page in one pass: mark phone numbers and allow line breaks. No later step changes words."""

from __future__ import annotations

import re
from collections.abc import Callable

from campaign.document.word_ends import UNSPACED
from campaign.website.css_usage import TAG
from campaign.website.numbers import with_numbers
from campaign.website.word_breaks import with_word_breaks

# Elements that may contain no tags, or aren't shown.
NAMES_SKIPPED = "script|style|title|textarea|option|svg|template|code|pre"
SKIPPED = rf"<({NAMES_SKIPPED})\b.*?</\1>|<!--.*?-->"
NAMES = "a|button|label|summary|bdi|h1|h2"
# Unchanged parts in one match: most tags, and texts without digits or letters of scripts without spaces.
UNCHANGED = (
    rf"(?:</(?!(?:{NAMES})\b)[^>]*>"
    rf"|<(?!(?:{NAMES_SKIPPED}|{NAMES})\b)[a-zA-Z][^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*+>"
    rf"|[^<\d{UNSPACED}]++(?![^<]))++"
)
PART = re.compile(rf"{UNCHANGED}|{SKIPPED}|{TAG.pattern}|</[^>]*>|(?P<text>[^<]+)", re.DOTALL)
NAME = re.compile(rf"</?({NAMES})\b")
# Elements that may contain no link, or where one would be tapped by mistake.
CLICKABLE_ELEMENTS = frozenset(["a", "a.name", "button", "label", "summary"])
LARGE_ELEMENTS = frozenset(["h1", "h2", "button", "a.name"])
# A link in its own type size.
CAMPAIGN_NAME = re.compile(r'<a [^>]*class="?name\b')


def with_finished_texts(page: str, dial: Callable[[str], str], terms: tuple[str, ...] = ()) -> str:
    """Return the page with phone links, and line breaks at the ends of words.

    `dial` returns what to dial for a number as typed, or ''; `terms` are words that no dictionary knows.
    """
    at, done = max(page.find("<body"), 0), 0
    parts: list[str] = []
    opened: list[str] = []
    for found in PART.finditer(page, at):
        if found.lastgroup == "text":
            text = found.group()
            if "bdi" not in opened:
                text = with_numbers(text, dial, CLICKABLE_ELEMENTS.isdisjoint(opened))
            parts += (page[done : found.start()], with_word_breaks(text, terms, not LARGE_ELEMENTS.isdisjoint(opened)))
            done = found.end()
        elif name := NAME.match(page, found.start()):
            _open_or_close(opened, name[1], found.group())
    return "".join((*parts, page[done:]))


def _open_or_close(opened: list[str], name: str, tag: str) -> None:
    if not tag.startswith("</"):
        opened.append("a.name" if CAMPAIGN_NAME.match(tag) else name)
    elif name in opened or f"{name}.name" in opened:
        while opened.pop().partition(".")[0] != name:
            pass
