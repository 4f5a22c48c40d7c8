"""Deduplicate the pages of an offline copy.

Inline styles, heads and feet make up three quarters of many pages. saved-0.json lists texts of several pages.
saved-1.json and so on are {address: [item, …]}; an item is a text of that page only, or [from, to] in the list. The
service worker (sw.js) restores pages exactly, because policies hold hashes.
"""

from __future__ import annotations

import zlib
from array import array
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from itertools import chain
from typing import NamedTuple

import msgspec

from campaign.cache.memo import Memo
from campaign.cache.store import hash_text

# A character that no page contains, marking ends while a page is split.
END = "\0"
# Parts have a fixed number of pages, so that a page that grows moves no other into the next part.
PAGES_IN_PART = 10
# The cache row with the shared texts.
SHARED_TEXTS_KEY = "shared texts"
Item = str | list[int]


class _PageFacts(NamedTuple):
    """Stored facts about a page, to tell whether a change to it affects the shared texts."""

    digest: str  # hash of the page
    shared: str  # the numbers of its shared texts in order, encoded
    checksums: str  # CRC-32 of each other text, encoded; after a collision all pages are read again


class SavedPages:
    """The pages of a copy in parts; `shared` are the texts of several pages, `where` is each page's part."""

    def __init__(self, pages: Mapping[str, str], read: Callable[[str], str], memo: Memo) -> None:
        """Find the shared texts of pages (address -> hash). The caller saves `memo`."""
        self._digests = dict(sorted(pages.items()))
        self._texts = cache(lambda page: _texts(read(page)))
        self.where = {page: number // PAGES_IN_PART + 1 for number, page in enumerate(self._digests)}
        cached = memo.get(SHARED_TEXTS_KEY) or {"pages": []}
        old_facts = {page: _PageFacts(*(memo.get(f"texts {page}") or ("", "", ""))) for page in self._digests}
        is_known = cached["pages"] == [*self._digests] and "" not in {item.digest for item in old_facts.values()}
        new = self._updated_pages(old_facts, cached["texts"]) if is_known else None
        if new is None:
            cached = {"pages": [*self._digests], "texts": self._repeated_texts()}
            numbers = {text: number for number, text in enumerate(cached["texts"])}
            new = {page: self._inspect(page, numbers) for page in self._digests}
            memo.put(SHARED_TEXTS_KEY, cached)
        self.shared: list[str] = cached["texts"]
        for page, facts in new.items():
            memo.put(f"texts {page}", facts)

    def _repeated_texts(self) -> list[str]:
        seen, several = set[str](), set[str]()
        for page in self._digests:
            texts = set(self._texts(page))
            several |= texts & seen
            seen |= texts
        return [*dict.fromkeys(filter(several.__contains__, chain.from_iterable(map(self._texts, self._digests))))]

    def _updated_pages(self, old_facts: Mapping[str, _PageFacts], texts: list[str]) -> dict[str, _PageFacts] | None:
        """Look at the changed pages; None if the shared texts or their order may be different."""
        unchanged_pages = {page for page, digest in self._digests.items() if old_facts[page].digest == digest}
        numbers, new = {text: number for number, text in enumerate(texts)}, dict[str, _PageFacts]()
        used_checksums = set(chain.from_iterable(_decoded(old_facts[page].checksums) for page in unchanged_pages))
        for page in self._digests.keys() - unchanged_pages:
            new[page] = facts = self._inspect(page, numbers)
            own_checksums = set(_decoded(facts.checksums))
            if own_checksums & used_checksums:
                return None
            used_checksums |= own_checksums
        if all(facts.shared == old_facts[page].shared for page, facts in new.items()):
            return new
        # In the order of their first pages, and each on several.
        current_facts = {**old_facts, **new}
        counts = Counter(chain.from_iterable(_decoded(current_facts[page].shared) for page in self._digests))
        return new if [*counts] == [*range(len(texts))] and min(counts.values(), default=2) > 1 else None

    def _inspect(self, page: str, numbers: Mapping[str, int]) -> _PageFacts:
        texts = dict.fromkeys(self._texts(page))
        own_texts = (zlib.crc32(text.encode()) for text in texts if text not in numbers)
        shared_texts = (numbers[text] for text in texts if text in numbers)
        return _PageFacts(self._digests[page], _encoded(shared_texts), _encoded(own_texts))

    def parts(self, code: str) -> dict[str, tuple[str, Callable[[], str]]]:
        """Return address -> (cache key, function that writes the part) of each part of a language's copy."""
        numbers_of_texts = cache(lambda: {text: number for number, text in enumerate(self.shared)})
        shared = hash_text(_json(self.shared))
        results = {part_address(code, 0): (shared, lambda: _json(self.shared))}
        for number in sorted(set(self.where.values())):
            pages = [page for page, part in self.where.items() if part == number]
            key = hash_text(END.join((shared, *chain.from_iterable((page, self._digests[page]) for page in pages))))
            results[part_address(code, number)] = key, partial(self._part, pages, numbers_of_texts)
        return results

    def _part(self, pages: list[str], numbers_of_texts: Callable[[], Mapping[str, int]]) -> str:
        return _json({page: _items(self._texts(page), numbers_of_texts()) for page in pages})


def _encoded(numbers: Iterable[int]) -> str:
    return b64encode(array("I", numbers).tobytes()).decode()


def _decoded(encoded: str) -> array[int]:
    return array("I", b64decode(encoded))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def part_address(code: str, number: int) -> str:
    """Return the address of a part."""
    return f"{code}/saved-{number}.json"


def _texts(html: str) -> list[str]:
    """Split a page after each rule of a style sheet and each tag."""
    return html.replace("}", f"}}{END}").replace(">", f">{END}").split(END)


def _items(texts: Iterable[str], numbers_of_texts: Mapping[str, int]) -> list[Item]:
    """Return a page's own texts and the ranges of shared ones between them."""
    items: list[Item] = []
    own_items: list[str] = []
    run: list[int] = []
    for text in texts:
        number = numbers_of_texts.get(text)
        if number is None:
            own_items.append(text)
            run = []
        elif run and run[1] == number:
            run[1] += 1
        else:
            if own_items:
                items.append("".join(own_items))
                own_items = []
            items.append(run := [number, number + 1])
    if own_items:
        items.append("".join(own_items))
    return items
