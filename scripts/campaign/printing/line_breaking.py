"""Where a line may end: numbers, words and short endings are held together by no-break spaces and word joiners.

Thai, Lao, Khmer and Burmese put no space between words. Typst finds words there by a model that cuts some of them
(Thai ข้อ|ความ, Burmese သူ|တို့), so words are found by ICU (`document/word_ends.py`), and divided by U+200B.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from campaign.document.word_ends import LETTER, RUN, UNSPACED, word_ends

NO_BREAK, JOINER, DIVIDER = "\u00a0", "\u2060", "\u200b"
RUNT, LONGEST_TIED = 8, 10  # letters

NUMBER = re.compile(r"(?<!\w)(?:\(\+?\d+\)[ \u00a0-]?(?=\d))?\+?\d+(?:(?:[ \u00a0.,:/–-]| ?\(0\) ?)\d+)*")
# From one number to another: 8 to 20, 8 a 20, 8 sampai 20.
RANGE = re.compile(r"(?<![\w.,])(\d{1,4}) ([^\W\d][\w’']{0,5}) (?=\d{1,4}(?![\d\u00a0]))")
# Scripts that are written without spaces: a mark after their letters could start a line (typst#7646).
MARK_AFTER_LETTER = re.compile(rf"(?<=[{UNSPACED}])(?=[!?,.:;)\]”’»…។៕៖ៗ၊။ฯๆ])")
# A mark that stands by itself after a space goes with the word before it.
MARK_APART = re.compile(r" (?=[^\w\s(\[{“‘«<#*&@+$€£'\"-]+(?:\s|$))")
# A short word with a hyphen is not divided there: north-west, by-law.
HYPHENED = re.compile(r"(?<![\w’'-])([\w’']{1,10})-(?=[\w’']{1,10}(?![\w’'-]))")
SHORT = 13
WORD_END = re.compile(f"([ {DIVIDER}])")
CHINESE_END = re.compile(r"(?:[^\w\s]?[\u3400-\u9fff]{2}|[\u3400-\u9fff]{3})[^\w\s]*$")


@lru_cache(maxsize=65536)
def set_text(text: str, direction: str, terms: tuple[str, ...] = ()) -> str:
    """A text with what typesetting needs.

    That is: numbers held together, and isolated where the text runs from right to left; no mark alone on a line; words
    whole, and with them the terms that no dictionary knows.

    Args:
        text: plain.
        direction: 'ltr' or 'rtl'.
        terms: what the glossary accepts in its language.
    """

    def hold(found: re.Match[str]) -> str:
        number = found.group(0).replace(" ", NO_BREAK)
        return f"\u2066{number}\u2069" if direction == "rtl" and len(number) > 1 else number

    text = RANGE.sub(rf"\1{NO_BREAK}\2{NO_BREAK}", text)
    text = MARK_APART.sub(NO_BREAK, NUMBER.sub(hold, text))
    text = HYPHENED.sub(lambda found: found.group(0) + (JOINER if _is_short(text, found) else ""), text)
    text = RUN.sub(lambda found: _hold_words(found.group(0), terms), text)
    return MARK_AFTER_LETTER.sub(JOINER, text)


def _is_short(text: str, found: re.Match[str]) -> bool:
    rest = re.match(r"[\w’']+", text[found.end() :])
    return len(found.group(0)) + len(rest.group(0) if rest else "") <= SHORT


@lru_cache(maxsize=4096)
def _hold_words(run: str, terms: tuple[str, ...]) -> str:
    """Letters without a space, divided where a word ends and joined everywhere else."""
    ends = word_ends(run, terms)
    return LETTER.sub(lambda found: DIVIDER if found.start() in ends else JOINER, run)


@lru_cache(maxsize=65536)
def keep_last_words(text: str) -> str:
    """The last words are tied together, until they are no runt on a line of their own."""
    if CHINESE_END.search(text):
        return CHINESE_END.sub(lambda found: JOINER.join(found.group(0)), text)
    *head, tail = WORD_END.split(text.rstrip(" "))
    while head and _letters(tail) < RUNT and _letters(head[-2]) <= LONGEST_TIED:
        tie = NO_BREAK if head.pop() == " " else JOINER
        tail = f"{head.pop()}{tie}{tail}"
    return "".join((*head, tail))


def _letters(text: str) -> int:
    """How many letters and marks stand beside one another; what stands over or under a letter is none."""
    return sum(unicodedata.category(each) not in ("Mn", "Cf") for each in text)


def foreign(text: str, direction: str) -> str:
    """A name that may be in another language, kept together where the text around it runs from right to left."""
    return f"\u2068{text}\u2069" if text and direction == "rtl" else text
