"""The texts of a finished page, wherever they came from: documents, templates, menus, captions.

Numbers are marked and words parted in one pass, once the page is whole; no later step reads its words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from campaign.website.css_usage import TAG
from campaign.website.numbers import with_numbers
from campaign.website.word_breaks import with_word_breaks

# Where no tag may stand, or where nothing is shown.
SKIPPED = re.compile(r"<(script|style|title|textarea|option|svg|template|code|pre)\b.*?</\1>|<!--.*?-->", re.DOTALL)
PART = re.compile(f"{SKIPPED.pattern}|{TAG.pattern}|</[^>]*>", re.DOTALL)
NAME = re.compile(r"</?(a|button|label|summary|bdi|h1|h2)\b")
# Where no link may stand, or where one would be pressed by mistake.
PRESSED = frozenset(["a", "a.name", "button", "label", "summary"])
LARGE = frozenset(["h1", "h2", "button", "a.name"])
# A link with letters of its own size.
CAMPAIGN_NAME = re.compile(r'<a [^>]*class="?name\b')


def with_finished_texts(page: str, dials: Mapping[str, str], terms: tuple[str, ...] = ()) -> str:
    """A page whose telephone numbers can be dialled, and whose lines may end where a word ends.

    Args:
        page: HTML.
        dials: what `dial_numbers` says of its campaign.
        terms: of the page's language, that no dictionary knows.
    """
    at = max(page.find("<body"), 0)
    parts = [page[:at]]
    opened: list[str] = []

    def text_until(end: int) -> str:
        text = page[at:end]
        if "bdi" not in opened:
            text = with_numbers(text, dials, PRESSED.isdisjoint(opened))
        return with_word_breaks(text, terms, not LARGE.isdisjoint(opened))

    for found in PART.finditer(page, at):
        parts += (text_until(found.start()), found.group())
        at = found.end()
        if name := NAME.match(found.group()):
            _open_or_close(opened, name[1], found.group())
    return "".join((*parts, text_until(len(page))))


def _open_or_close(opened: list[str], name: str, tag: str) -> None:
    if not tag.startswith("</"):
        opened.append("a.name" if CAMPAIGN_NAME.match(tag) else name)
    elif name in opened or f"{name}.name" in opened:
        while opened.pop().partition(".")[0] != name:
            pass
