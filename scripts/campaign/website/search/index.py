"""The search index of a language, with its script: one file, loaded when a visitor focuses the search field."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import accumulate
from json.encoder import encode_basestring_ascii as quoted
from operator import sub
from posixpath import relpath

from campaign.cache.memo import Memo
from campaign.models.campaign import Language
from campaign.website.scripts import read_script
from campaign.website.search import normalise as folding
from campaign.website.search.entries import Entry

# The public index, and the complete one with pages for staff and the press.
SCRIPT = "search.js"
FULL_SCRIPT = "search-all.js"
DEFERRED_SCRIPT = "deferred.js"
# The cache row with word positions.
PLACES = "places of words"


def search_address(code: str, name: str = SCRIPT) -> str:
    """Return the address of a language's index below the site's root."""
    return f"{code}/{name}"


def search_file(language: Language, entries: list[Entry], memo: Memo) -> str:
    """Return the index as a script, which can be loaded from file:// too. The caller saves `memo`.

    INDEX.entries: [title, address from the language's folder, note, number to dial]. INDEX.words: for each word, the
    doubled positions of its entries, plus one if the word is in the title, delta-encoded, which saves a quarter of the
    bytes. INDEX.all: the button for the complete index.
    """
    strings, words = language.strings, _words([[entry.other_words, entry.titled] for entry in entries], memo)
    index = {
        "entries": _compact_json([_row(entry, language.code) for entry in entries]),
        "words": f"{{{','.join(f'{quoted(word)}:[{steps}]' for word, steps in words.items())}}}",
        "found": _compact_json(strings["search-found"]),
        "none": _compact_json(strings["search-none"]),
        "all": _compact_json(strings["search-all"]),
        "fold": _compact_json(
            {
                "apostrophes": folding.APOSTROPHES,
                "marks": folding.MARKS,
                "breaks": folding.BREAKS,
                "letters": folding.LETTERS,
                "two": folding.BIGRAM_SCRIPTS,
                "three": folding.TRIGRAM_SCRIPTS,
                "longest": folding.MAX_WORD_LENGTH,
            }
        ),
    }
    text = ",".join(f'"{key}":{value}' for key, value in index.items())
    return f"var INDEX={{{text}}};\n{read_script(SCRIPT)}\n"


def _compact_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _row(entry: Entry, code: str) -> list[str]:
    folder = f"{code}/"
    is_inside = entry.address.startswith(folder)
    address = entry.address.removeprefix(folder) if is_inside else relpath(entry.address, code)
    return [entry.title, address, entry.note, *([entry.dial] if entry.dial else [])]


def _words(texts: list[list[str]], memo: Memo) -> dict[str, str]:
    """Return the delta-encoded positions of each word, sorted. `texts`: each entry's words, and those in its title.

    If no entry was added or removed, only the words of changed entries are updated.
    """
    cached = memo.get(PLACES)
    if not cached or len(cached["said"]) != len(texts):
        cached = {"said": [["", ""]] * len(texts), "words": "", "steps": ""}
    # Two long strings are stored and loaded in a third of the time of many short ones.
    before, words = cached["said"], dict(zip(cached["words"].split(), cached["steps"].split(), strict=True))
    changed_indexes = [n for n, row in enumerate(texts) if row != before[n]]
    old, new = _positions(before, changed_indexes), _positions(texts, changed_indexes)
    for word in words.keys() & (old.keys() | new.keys()):
        new[word] = sorted({*_places(words[word])}.difference(old.get(word, ())).union(new.get(word, ())))
    words |= {word: _steps(places) for word, places in new.items()}
    words = {word: words[word] for word in sorted(words) if words[word]}
    memo.put(PLACES, {"said": texts, "words": " ".join(words), "steps": " ".join(words.values())})
    return words


def _positions(texts: list[list[str]], entries: list[int]) -> dict[str, list[int]]:
    """Return the positions of each word of some entries."""
    places: dict[str, list[int]] = defaultdict(list)
    for n in entries:
        for place, text in enumerate(texts[n], 2 * n):
            for word in text.split():
                places[word].append(place)
    return places


def _places(steps: str) -> list[int]:
    return [*accumulate(map(int, steps.split(",")))]


def _steps(places: list[int]) -> str:
    if len(places) == 1:  # most words
        return str(places[0])
    return ",".join(map(str, map(sub, places, (0, *places))))
