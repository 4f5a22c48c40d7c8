"""The pages of a saved copy, so that what many of them have in common travels once, and is kept once.

Each page brings its styles, its head and its foot along, so that it comes in one answer: of many pages that is three
quarters. saved-0.json is a list of the texts that more than one page has. saved-1.json and those after it are
{address: [item, …]}; an item is a text of that page alone, or [from, to] of the list. The worker (sw.js) puts a page
together again, letter by letter: its policy holds hashes of what stands in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain, groupby

import msgspec

# What no page holds: it stands for an end while a page is cut.
END = "\0"
# By number, so that a page that grows moves no other into the next part.
PAGES_IN_PART = 10
Item = str | list[int]
Parts = tuple[dict[str, str], dict[str, int]]


def part_address(code: str, number: int) -> str:
    """Where a part of a language's copy stands below the site's root."""
    return f"{code}/saved-{number}.json"


def share_texts(code: str, pages: Mapping[str, str]) -> Parts:
    """(the parts of a language's copy by their address; the number of the part that a page is in).

    Args:
        code: of the language.
        pages: HTML by address.
    """
    texts = {address: _texts(html) for address, html in sorted(pages.items())}
    seen = Counter(chain.from_iterable(map(set, texts.values())))
    several = {text for text, count in seen.items() if count > 1}
    shared = dict.fromkeys(filter(several.__contains__, chain.from_iterable(texts.values())))
    at = {text: number for number, text in enumerate(shared)}
    where = {address: number // PAGES_IN_PART + 1 for number, address in enumerate(texts)}
    parts: list[object] = [list(shared)]
    parts += [{page: _items(texts[page], at) for page in some} for _, some in groupby(texts, where.__getitem__)]
    return {part_address(code, number): msgspec.json.encode(part).decode() for number, part in enumerate(parts)}, where


def _texts(html: str) -> list[str]:
    """A page cut where a rule of a style sheet ends, or a tag."""
    return html.replace("}", f"}}{END}").replace(">", f">{END}").split(END)


def _items(texts: Iterable[str], at: Mapping[str, int]) -> list[Item]:
    """A page's own texts, and which of the shared ones stand between them."""
    items: list[Item] = []
    own: list[str] = []
    run: list[int] = []
    for text in texts:
        number = at.get(text)
        if number is None:
            own.append(text)
            run = []
        elif run and run[1] == number:
            run[1] += 1
        else:
            if own:
                items.append("".join(own))
                own = []
            items.append(run := [number, number + 1])
    if own:
        items.append("".join(own))
    return items
