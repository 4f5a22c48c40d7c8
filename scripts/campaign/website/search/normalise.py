"""Normalises words for search: lower case, no accents or apostrophes; scripts without spaces as n-grams.

The browser does the same with the query (search.js), using the patterns defined here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from campaign.models.search_rules import SearchRules

# Apostrophes, typed in many ways or left out: ' ’ ‘ ʼ ʻ ` ´ ′ and the like.
APOSTROPHES = "'`\u00b4\u02b9-\u02bd\u02c8\u02ca\u02cb\u2018-\u201b\u2032\uff07"
# Optional marks: accents, Hebrew points, Arabic vowel signs, invisible characters.
MARKS = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06ed\u200b-\u200f\u2060\ufeff"
)
# Word separators.
BREAKS = (
    "\u0000-/:-@\\[-`{-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u055a-\u055f\u0589\u058a\u05be\u05c0"
    "\u05c3\u05f3\u05f4\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964\u0965\u0e2f\u0e3f\u0e46\u0e4f\u0e5a\u0e5b\u0f0b-\u0f14"
    "\u104a-\u104f\u17d4-\u17da\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030\u30fb"
)
# Letters without a Unicode decomposition, and Arabic letters that are used interchangeably.
LETTERS = {
    **{"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ŋ": "ng"},
    **{"ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي"},
}
# Scripts without spaces between words: bigrams for Chinese and Japanese, trigrams for scripts that write vowels around
# consonants (Thai, Lao, Burmese, Khmer).
BIGRAM_SCRIPTS = "\u2e80-\u2fdf\u3005\u3006\u3031-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
TRIGRAM_SCRIPTS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\ua9e0-\ua9ff\uaa60-\uaa7f"

_REMOVED = re.compile(f"[{MARKS}]")
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_BREAK = re.compile(f"[{BREAKS}]+")
_SPACELESS = re.compile(f"[{BIGRAM_SCRIPTS}{TRIGRAM_SCRIPTS}]")
_LETTERS = str.maketrans(LETTERS)
MAX_WORD_LENGTH = 24
# Vowels written before the consonant that is pronounced first (Thai, Lao).
_VOWEL_BEFORE = re.compile("^[\u0e40-\u0e44\u0ec0-\u0ec4]+(?=.)")


def fold(text: str) -> str:
    """Return a text in the form used for comparison."""
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", text).lower())
    return _REMOVED.sub("", decomposed).translate(_LETTERS)


# A translation table is faster than patterns for the most common letters.
_PLAIN = {code: _BREAK.sub(" ", fold(chr(code))) for code in range(128)}


def words_of(text: str) -> set[str]:
    """Return the words of a text, and the n-grams of scripts without spaces."""
    if text.isascii():
        return {part[:MAX_WORD_LENGTH] for part in text.translate(_PLAIN).split()}
    folded_text = fold(text)
    if not _SPACELESS.search(folded_text):
        return {part[:MAX_WORD_LENGTH] for part in _BREAK.split(folded_text) if part}
    results: set[str] = set()
    for part in _BREAK.split(folded_text):
        for run in _runs().finditer(part):
            text, size = run[0], (run.lastindex or 0) + 1
            results |= (
                {text[index : index + size] for index in range(len(text))} if size > 1 else {text[:MAX_WORD_LENGTH]}
            )
    return results


@cache
def _runs() -> re.Pattern[str]:
    """Compile the pattern for runs of bigram, trigram and other scripts on first use; many sites need none."""
    return re.compile(f"([{BIGRAM_SCRIPTS}]+)|([{TRIGRAM_SCRIPTS}]+)|[^{BIGRAM_SCRIPTS}{TRIGRAM_SCRIPTS}]+")


# A letter typed twice or once, as in "pasport".
_DOUBLED = re.compile(r"([a-z])\1+")
# The shortest rest of a word without its beginning or ending, in letters.
MIN_STEM_LENGTH = 3


class Stemmer:
    """Compares words by the rules of a language: without common beginnings, endings and misspellings."""

    def __init__(self, rules: SearchRules) -> None:
        self._alike = folded_letters(rules)
        self._patterns = [re.compile(pattern) for pattern in affix_patterns(rules)]
        self._cache: dict[str, str] = {}

    def stem(self, word: str) -> str:
        """Return the form of a folded word that is compared."""
        if word not in self._cache:
            self._cache[word] = self._stem(word)
        return self._cache[word]

    def stems(self, text: str) -> set[str]:
        """Return the stems of a text's words."""
        return set(map(self.stem, words_of(text)))

    def _stem(self, word: str) -> str:
        for letters, to in self._alike.items():
            word = word.replace(letters, to)
        word = _DOUBLED.sub(r"\1", word)
        for pattern in self._patterns:
            word = pattern.sub(r"\1", word)
        return word


def folded_letters(rules: SearchRules) -> dict[str, str]:
    """Return the letters that people confuse, as they are after folding."""
    return {fold(letters): fold(to) for letters, to in rules.alike.items()}


def affix_patterns(rules: SearchRules) -> list[str]:
    """Return the patterns of words with endings and beginnings, which the browser uses too; the group is the stem."""
    patterns = []
    if rules.suffixes:
        patterns.append(f"^(.{{{MIN_STEM_LENGTH},}}?)(?:{_alternatives(rules.suffixes)})$")
    if rules.prefixes:
        patterns.append(f"^(?:{_alternatives(rules.prefixes)})(.{{{MIN_STEM_LENGTH},}})$")
    return patterns


def _alternatives(affixes: Iterable[str]) -> str:
    folded = {_DOUBLED.sub(r"\1", fold(affix)) for affix in affixes}
    return "|".join(re.escape(affix) for affix in sorted(folded, key=lambda affix: (-len(affix), affix)))


# Called several times per title.
@lru_cache(maxsize=20_000)
def sort_key(text: str) -> tuple[str, str]:
    """Return the sort key of a title."""
    return _VOWEL_BEFORE.sub("", _BREAK.sub(" ", fold(text)).strip()), text


def initial(text: str) -> str:
    """Return the initial letter of a title, '0–9' for digits."""
    first = sort_key(text)[0][:1].upper()
    return "0–9" if not first or first.isdigit() else first
