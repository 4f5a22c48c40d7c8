"""Controls line breaks: no-break spaces and word joiners keep numbers, words and short endings together.

Thai, Lao, Khmer and Burmese have no spaces between words. Typst's model splits some words there (Thai ข้อ|ความ, Burmese
သူ|တို့), so ICU finds the words (`document/word_ends.py`), and U+200B separates them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from campaign.document.word_ends import LETTER, RUN, SPACELESS_SCRIPTS, word_ends

NO_BREAK = "\u00a0"
JOINER = "\u2060"
DIVIDER = "\u200b"
MIN_LAST_LINE = 8  # characters
MAX_TIED_WORD = 10  # characters
# Letters twice as wide as Latin ones: Tamil, Telugu, Kannada, Malayalam, Sinhala, Ethiopic.
BROAD_LETTER = re.compile("[\u0b80-\u0dff\u1200-\u139f]")

NUMBER = re.compile(r"(?<!\w)(?:\(\+?\d+\)[ \u00a0-]?(?=\d))?\+?\d+(?:(?:[ \u00a0.,:/–-]| ?\(0\) ?)\d+)*")
# Ranges of numbers: 8 to 20, 8 a 20, 8 sampai 20.
RANGE = re.compile(r"(?<![\w.,])(\d{1,4}) ([^\W\d][\w’']{0,5}) (?=\d{1,4}(?![\d\u00a0]))")
# Scripts without spaces, where punctuation could start a line (typst#7646).
MARK_AFTER_LETTER = re.compile(rf"(?<=[{SPACELESS_SCRIPTS}])(?=[!?,.:;)\]”’»…។៕៖ៗ၊။ฯๆ])")
# Punctuation after a space stays with the word before it.
SPACED_PUNCTUATION = re.compile(r" (?=[^\w\s(\[{“‘«<#*&@+$€£'\"-]+(?:\s|$))")
# Short hyphenated words don't break: north-west, by-law.
HYPHENATED_WORD = re.compile(r"(?<![\w’'-])([\w’']{1,10})-(?=[\w’']{1,10}(?![\w’'-]))")
MAX_UNBROKEN = 13
WORD_END = re.compile(f"([ {DIVIDER}])")
CHINESE_END = re.compile(r"(?:[^\w\s]?[\u3400-\u9fff]{2}|[\u3400-\u9fff]{3})[^\w\s]*$")


@lru_cache(maxsize=65536)
def set_text(text: str, direction: str, terms: tuple[str, ...] = ()) -> str:
    """Prepare a text for typesetting.

    Numbers are kept together, and isolated in right-to-left text; no line starts with punctuation; words and glossary
    terms don't break.

    Args:
        text: plain text.
        direction: 'ltr' or 'rtl'.
        terms: glossary terms of the language.
    """

    def keep_together(match: re.Match[str]) -> str:
        number = match.group(0).replace(" ", NO_BREAK)
        return f"\u2066{number}\u2069" if direction == "rtl" and len(number) > 1 else number

    text = RANGE.sub(rf"\1{NO_BREAK}\2{NO_BREAK}", text)
    text = SPACED_PUNCTUATION.sub(NO_BREAK, NUMBER.sub(keep_together, text))
    text = HYPHENATED_WORD.sub(lambda match: match.group(0) + (JOINER if _is_short(text, match) else ""), text)
    text = RUN.sub(lambda match: _join_words(match.group(0), terms), text)
    return MARK_AFTER_LETTER.sub(JOINER, text)


def _is_short(text: str, match: re.Match[str]) -> bool:
    rest = re.match(r"[\w’']+", text[match.end() :])
    return len(match.group(0)) + len(rest.group(0) if rest else "") <= MAX_UNBROKEN


@lru_cache(maxsize=4096)
def _join_words(run: str, terms: tuple[str, ...]) -> str:
    """Return a run without spaces, with breaks at the ends of words and joiners elsewhere."""
    ends = word_ends(run, terms)
    return LETTER.sub(lambda match: DIVIDER if match.start() in ends else JOINER, run)


@lru_cache(maxsize=65536)
def keep_last_words(text: str) -> str:
    """Join the last words with no-break spaces, so that the last line isn't too short."""
    if CHINESE_END.search(text):
        return CHINESE_END.sub(lambda match: JOINER.join(match.group(0)), text)
    *head, tail = WORD_END.split(text.rstrip(" "))
    while head and _letters(tail) < MIN_LAST_LINE and _letters(head[-2]) <= MAX_TIED_WORD:
        tie = NO_BREAK if head.pop() == " " else JOINER
        tail = f"{head.pop()}{tie}{tail}"
    return "".join((*head, tail))


def _letters(text: str) -> int:
    """Return the number of characters without combining marks; broad ones count twice."""
    return sum(unicodedata.category(item) not in ("Mn", "Cf") for item in text) + len(BROAD_LETTER.findall(text))


def foreign(text: str, direction: str) -> str:
    """Isolate a name in another language within right-to-left text."""
    return f"\u2068{text}\u2069" if text and direction == "rtl" else text
