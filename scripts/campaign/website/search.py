"""The index of a language and the script that looks into it: one file, fetched when a visitor goes to the field."""

from __future__ import annotations

import json
from collections import defaultdict
from operator import sub
from posixpath import relpath

from campaign.model import Language
from campaign.website import folding
from campaign.website.entries import Entry
from campaign.website.scripts import read_script

SCRIPT, REACH = "search.js", "reach.js"


def search_address(code: str) -> str:
    """Where a language's index stands below the site's root."""
    return f"{code}/{SCRIPT}"


def search_file(language: Language, found: list[Entry]) -> str:
    """A script, so that it can be fetched by file:// too.

    INDEX.entries: [title, address from the language's folder, note, number to dial]; INDEX.words: word -> numbers,
    each twice the place of an entry, and one more where the word stands in its title; written as the steps from one to
    the next, which travel in three quarters of the bytes.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for n, entry in enumerate(found):
        place = 2 * n
        for word in entry.told:
            places[word].append(place)
        place += 1
        for word in entry.titled:
            places[word].append(place)
    strings = language.strings
    index = {
        "entries": [
            [entry.title, relpath(entry.address, language.code), entry.note, entry.dial]
            if entry.dial
            else [entry.title, relpath(entry.address, language.code), entry.note]
            for entry in found
        ],
        "words": {word: _steps(places[word]) for word in sorted(places)},
        "found": strings["search-found"],
        "none": strings["search-none"],
        "fold": {
            "apostrophes": folding.APOSTROPHES,
            "marks": folding.MARKS,
            "breaks": folding.BREAKS,
            "letters": folding.LETTERS,
            "two": folding.BY_TWO,
            "three": folding.BY_THREE,
            "longest": folding.LONGEST,
        },
    }
    text = json.dumps(index, ensure_ascii=True, separators=(",", ":"))
    return f"var INDEX={text};\n{read_script(SCRIPT)}\n"


def _steps(places: list[int]) -> list[int]:
    if len(places) == 1:
        return places
    return [places[0], *map(sub, places[1:], places)]
