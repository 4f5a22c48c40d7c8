"""Finds good line breaks for titles in Chinese and Japanese, which have no spaces between words.

Breaks are allowed anywhere, but look bad inside a word in large type. BudouX finds phrases with a model that splits
some Chinese words, and ICU finds words; lines break where both agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

from icu4py.breakers import WordBreaker

from campaign.printing.line_breaking import DIVIDER, JOINER

# Characters of a sentence, with punctuation.
RUN = re.compile("[\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff5e]{2,}")
# Particles that must not start a line.
CHINESE_ENDINGS = "的了着过吗呢吧们"


def tie_phrases(text: str, language: str) -> str:
    """Allow line breaks in a title between phrases only; other languages are unchanged."""
    return (
        RUN.sub(lambda run: _with_phrase_breaks(run.group(0), language), text) if language[:2] in ("zh", "ja") else text
    )


@lru_cache(maxsize=1024)
def _with_phrase_breaks(run: str, language: str) -> str:
    ends = _ends(map(str, WordBreaker(run, language))) & _ends(_phrases(run, language))
    if language[:2] == "zh":
        ends = {end for end in ends if run[end : end + 1] not in CHINESE_ENDINGS or end == len(run)}
    signs = [letter + (DIVIDER if index in ends else JOINER) for index, letter in enumerate(run[:-1], 1)]
    return "".join((*signs, run[-1]))


def _ends(parts: Iterable[str]) -> set[int]:
    return set(accumulate(map(len, parts)))


def _phrases(run: str, language: str) -> list[str]:
    import budoux

    if language[:2] == "ja":
        parser = budoux.load_default_japanese_parser()
    elif {"Hant", "TW", "HK", "MO"} & set(language.split("-")):
        parser = budoux.load_default_traditional_chinese_parser()
    else:
        parser = budoux.load_default_simplified_chinese_parser()
    phrases: list[str] = parser.parse(run)
    return phrases
