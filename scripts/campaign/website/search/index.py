"""The search index of a language, with its script: one file, loaded when a visitor focuses the search field."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate
from operator import sub
from posixpath import relpath
from string import ascii_letters, digits

from campaign.cache.memo import Memo
from campaign.content.answers import answers_in
from campaign.models.campaign import Campaign, Language
from campaign.models.page import address_of
from campaign.website.page_writer import pictogram
from campaign.website.scripts import read_script
from campaign.website.search import normalise as folding
from campaign.website.search.entries import Entry
from campaign.website.view import a_to_z_path

# The public index, and the complete one with pages for staff and the press.
SCRIPT = "search.js"
FULL_SCRIPT = "search-all.js"
DEFERRED_SCRIPT = "deferred.js"
# The engine, which finds entries in the index without a page.
ENGINE = "find.js"
# The cache row with word positions.
PLACES = "entries of words"
DIGITS = f"{digits}{ascii_letters}-_"
BASE = len(DIGITS) // 2
# Letters after it are two in JavaScript.
MAX_ONE_UNIT = "\uffff"
# A word of more than this share of the entries, and more than so many, tells them apart too little.
MAX_SHARE = 0.15
MIN_COMMON_ENTRIES = 12
MIN_ROW_LENGTH = 3


def search_address(code: str, name: str = SCRIPT) -> str:
    """Return the address of a language's index below the site's root."""
    return f"{code}/{name}"


def search_file(campaign: Campaign, language: Language, entries: list[Entry], memo: Memo) -> str:
    """Return the index as a script, which can be loaded from file:// too. The caller saves `memo`.

    INDEX.entries: [title, address from the language's folder, note, number to dial, what people type to find it, name
    of its pictogram]. INDEX.needs: the answers among them, in the order of their list.
    INDEX.words: the stems of texts, in order, after the number of letters that each shares with the one before.
    INDEX.places: for each of them its entries. INDEX.all: the button for the complete index.
    """
    strings, words = language.strings, _words([entry.words for entry in entries], memo)
    common = max(MIN_COMMON_ENTRIES, len(entries) * MAX_SHARE)
    words = {word: places for word, places in words.items() if places.count(",") < common}
    pictograms = _pictograms(campaign, language)
    rows = [_row(entry, language.code, pictograms.get(entry.address, "")) for entry in entries]
    positions = {entry.address: n for n, entry in enumerate(entries)}
    index = {
        "entries": rows,
        "words": " ".join(_front_coded(words)),
        "places": " ".join("".join(map(_digits, map(int, steps.split(",")))) for steps in words.values()),
        "found": strings["search-found"],
        "none": strings["search-none"],
        "all": strings["search-all"],
        "call": _call(campaign, language),
        "needs": [positions[address] for address in pictograms if address in positions],
        "pictograms": {name: pictogram(campaign, name) for name in sorted({*pictograms.values()} - {""})},
        "ways": _ways(campaign, language),
        "rules": _rules(language, rows, words),
    }
    return f"var INDEX={_compact_json(index)};\n{read_script(ENGINE)}\n{read_script(SCRIPT)}\n"


def _call(campaign: Campaign, language: Language) -> list[str]:
    """Return the number to dial where nothing is found, and the words of its link, if there is one."""
    contact = campaign.emergency
    return [contact.dial, language.strings["call"].format(number=contact.phone)] if contact else []


def _ways(campaign: Campaign, language: Language) -> list[list[str]]:
    """Return (title, address) of the pages to go on to where nothing is found."""
    page = campaign.page(language.code, campaign.help_page)
    ways = [(page.title, address_of(language.code, page.path))] if page else []
    ways.append((language.strings["a-z"], address_of(language.code, a_to_z_path(1))))
    return [[title, relpath(address, language.code)] for title, address in ways]


def _rules(language: Language, rows: list[list[str]], words: Iterable[str]) -> dict[str, object]:
    """Return what the browser needs to compare words, by the names in find.js."""
    rules = language.search
    first = {address_of("", path)[1:]: typed for path, typed in rules.first.items()}
    addresses = [row[1] for row in rows]
    stemmer = folding.Stemmer(rules)
    # The synonyms that ship cover many subjects.
    known_stems = {*words, *(stem for row in rows for text in row[0:5:2] for stem in stemmer.stems(text))}
    return {
        "apostrophes": folding.APOSTROPHES,
        "marks": folding.MARKS,
        "breaks": folding.BREAKS,
        "letters": folding.LETTERS,
        "two": folding.BIGRAM_SCRIPTS,
        "three": folding.TRIGRAM_SCRIPTS,
        "longest": folding.MAX_WORD_LENGTH,
        "alike": folding.folded_letters(rules),
        "affixes": folding.affix_patterns(rules),
        "same": [" ".join(group) for group in rules.same if stemmer.stems(" ".join(group)) & known_stems],
        "first": {
            addresses.index(address): "|".join(words) for address, words in first.items() if address in addresses
        },
    }


def _compact_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _pictograms(campaign: Campaign, language: Language) -> dict[str, str]:
    """Return the pictogram of each answer, by address, in the order of their list."""
    return {
        address_of(language.code, page.path): answer.pictogram for page, answer in answers_in(campaign, language.code)
    }


def _row(entry: Entry, code: str, pictogram_name: str) -> list[str]:
    folder = f"{code}/"
    is_inside = entry.address.startswith(folder)
    address = entry.address.removeprefix(folder) if is_inside else relpath(entry.address, code)
    row = [entry.title, address, entry.note, entry.dial, entry.searches, pictogram_name]
    while len(row) > MIN_ROW_LENGTH and not row[-1]:
        row.pop()
    return row


def _words(texts: list[str], memo: Memo) -> dict[str, str]:
    """Return the delta-encoded entries of each word, sorted. `texts`: each entry's words.

    If no entry was added or removed, only the words of changed entries are updated.
    """
    cached = memo.get(PLACES)
    if not cached or len(cached["said"]) != len(texts):
        cached = {"said": [""] * len(texts), "words": "", "steps": ""}
    # Two long strings are stored and loaded in a third of the time of many short ones.
    before, words = cached["said"], dict(zip(cached["words"].split(), cached["steps"].split(), strict=True))
    changed_indexes = [n for n, text in enumerate(texts) if text != before[n]]
    old, new = _positions(before, changed_indexes), _positions(texts, changed_indexes)
    for word in words.keys() & (old.keys() | new.keys()):
        new[word] = sorted({*_places(words[word])}.difference(old.get(word, ())).union(new.get(word, ())))
    words |= {word: _steps(places) for word, places in new.items()}
    words = {word: words[word] for word in sorted(words) if words[word]}
    memo.put(PLACES, {"said": texts, "words": " ".join(words), "steps": " ".join(words.values())})
    return words


def _positions(texts: list[str], entries: list[int]) -> dict[str, list[int]]:
    """Return the positions of each word of some entries."""
    places: dict[str, list[int]] = defaultdict(list)
    for n in entries:
        for word in texts[n].split():
            places[word].append(n)
    return places


def _places(steps: str) -> list[int]:
    return [*accumulate(map(int, steps.split(",")))]


def _steps(places: list[int]) -> str:
    if len(places) == 1:  # most words
        return str(places[0])
    return ",".join(map(str, map(sub, places, (0, *places))))


def _front_coded(words: Iterable[str]) -> Iterator[str]:
    """Yield each word after one digit: how many letters, as JavaScript counts them, it shares with the word before."""
    before = ""
    for word in words:
        pairs = zip(before, word, strict=False)
        shared = next((n for n, (one, other) in enumerate(pairs) if one != other), len(before))
        units = shared + sum(letter > MAX_ONE_UNIT for letter in word[:shared])
        yield DIGITS[units] + word[shared:]
        before = word


def _digits(number: int) -> str:
    """Return a number in digits of base 32; all but the last are from the second half of `DIGITS`."""
    text = DIGITS[number % BASE]
    while number := number // BASE:
        text = DIGITS[BASE + number % BASE] + text
    return text
