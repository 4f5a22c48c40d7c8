"""Where the line of a title ends best in Chinese and Japanese, which put no space between words.

Anywhere is allowed, and in the middle of a word reads badly in letters a hand high. BudouX finds phrases, by a model
that cuts some Chinese words; ICU finds words. A line ends where both agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

from icu4py.breakers import WordBreaker

from campaign.printing.line_breaking import DIVIDER, JOINER

# Letters of a sentence, its marks among them.
RUN = re.compile("[\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff5e]{2,}")
# No line begins with what belongs to the word before it.
CHINESE_ENDINGS = "的了着过吗呢吧们"


def tie_phrases(text: str, language: str) -> str:
    """A title in which a line may end between phrases only; in other languages as it is.

    Args:
        text: ready to be set.
        language: its code.
    """
    return RUN.sub(lambda run: _tied(run.group(0), language), text) if language[:2] in ("zh", "ja") else text


@lru_cache(maxsize=1024)
def _tied(run: str, language: str) -> str:
    ends = _ends(map(str, WordBreaker(run, language))) & _ends(_phrases(run, language))
    if language[:2] == "zh":
        ends = {end for end in ends if run[end : end + 1] not in CHINESE_ENDINGS or end == len(run)}
    signs = [letter + (DIVIDER if at in ends else JOINER) for at, letter in enumerate(run[:-1], 1)]
    return "".join((*signs, run[-1]))


def _ends(parts: Iterable[str]) -> set[int]:
    return set(accumulate(map(len, parts)))


def _phrases(run: str, language: str) -> list[str]:
    import budoux  # most campaigns need none of it

    if language[:2] == "ja":
        parser = budoux.load_default_japanese_parser()
    elif {"Hant", "TW", "HK", "MO"} & set(language.split("-")):
        parser = budoux.load_default_traditional_chinese_parser()
    else:
        parser = budoux.load_default_simplified_chinese_parser()
    phrases: list[str] = parser.parse(run)
    return phrases
