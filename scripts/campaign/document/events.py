"""Parse Markdown into events with byte ranges; the only module that imports pyromark (pulldown-cmark).

Events are named as in pulldown-cmark's documentation (docs.rs/pulldown-cmark, enums Event and Tag). Text that
CommonMark misreads in some scripts is masked while parsing. Masks have the same length in bytes, so ranges stay valid.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from pyromark import Options, events_with_range

OPTIONS = (
    Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_HEADING_ATTRIBUTES
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_DEFINITION_LIST
)
# A colon at the start of a line would turn it into a definition, with or without spaces (pulldown-cmark 0.13):
# `:phone: 112` below a paragraph is no definition. Texts can't contain SUBSTITUTE, so it is free to use here.
COLON = re.compile(r"^([ >]*):(?=\S)", re.MULTILINE)
COLON_MASK = "\x1a"
# CommonMark doesn't close `**` between a mark and a letter, or open it between a letter and a mark. In scripts without
# spaces it is always there (commonmark-spec#650): a punctuation mark replaces the letter while parsing.
_LETTERS = "".join(
    chr(code)
    for code in (*range(0x0E00, 0x10A0), *range(0x1780, 0x1800))
    if unicodedata.category(chr(code))[0] in "LMN"
)
_KANA = "\u3040-\u30ff"
SPACELESS_SCRIPTS = rf"{_LETTERS}{_KANA}\u3400-\u4dbf\u4e00-\u9fff"
# Vowel signs are neither `\w` nor punctuation.
_VOWELS = re.sub(r"\w", "", _LETTERS)
_MARK = rf"[^\w\s*{_VOWELS}{_KANA}]"
LETTER_BESIDE_STARS = re.compile(
    rf"[{SPACELESS_SCRIPTS}](?:(?=\*{{1,3}}{_MARK})|(?<={_MARK}\*.)|(?<={_MARK}\*\*.)|(?<={_MARK}\*\*\*.))"
)
LETTER_MASKS = "".join(map(chr, range(0x2E18, 0x2E50)))
CITATION = re.compile(r"\[\^([a-z0-9-]+)\]")

Event = Any
BrokenLink = Callable[[dict[str, Any]], None]


def read_events(text: str, on_broken_link: BrokenLink) -> list[tuple[Event, int, int]]:
    """Return (event, start, end) with ranges in bytes; an event is a name or `{name: value}`.

    `on_broken_link` gets {"span", "link_type", "reference"} of each `[text][nowhere]`.
    """
    masked, letters = _mask(text)
    length = len(text.encode())
    # Without a definition a reference would be plain text, and sources are in another file.
    source = masked + "\n" + "".join(f"\n\n[^{id}]: ." for id in cited(masked))

    def broken(link: Any) -> None:
        on_broken_link(link)

    result, has_masks = [], bool(letters.mark) or COLON_MASK in masked
    for event, span in events_with_range(source, options=OPTIONS, broken_link_callback=broken):
        start, end = span["start"], min(span["end"], length)
        if start < length:
            is_masked = has_masks and isinstance(event, dict)
            result.append((_unmask(event, start, end, letters) if is_masked else event, start, end))
    return result


def cited(text: str) -> list[str]:
    """Return the ids of all `[^id]` in a text."""
    return list(dict.fromkeys(CITATION.findall(text)))


def _mask(text: str) -> tuple[str, _Letters]:
    text = COLON.sub(rf"\1{COLON_MASK}", text)
    if text.isascii() or "*" not in text:
        return text, _Letters("", [], [])
    matches = list(LETTER_BESIDE_STARS.finditer(text))
    mark = next((mark for mark in LETTER_MASKS if mark not in text), "") if matches else ""
    if not mark:
        return text, _Letters("", [], [])
    starts = [len(text[: item.start()].encode()) for item in matches]
    return LETTER_BESIDE_STARS.sub(mark, text), _Letters(mark, starts, [item[0] for item in matches])


class _Letters:
    """The letters behind a mask, and their byte offsets in order."""

    def __init__(self, mark: str, starts: list[int], letters: list[str]) -> None:
        self.mark, self.starts, self.letters = mark, starts, letters

    def within(self, start: int, end: int) -> list[str]:
        return self.letters[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def _unmask(event: Event, start: int, end: int, letters: _Letters) -> Event:
    return {name: _unmask_value(value, start, end, letters) for name, value in event.items()}


def _unmask_value(value: Any, start: int, end: int, letters: _Letters) -> Any:
    if isinstance(value, dict):
        # The address and title of a link follow its text.
        return {key: _unmask_value(item, start, end, letters) for key, item in value.items()}
    if not isinstance(value, str):
        return value
    value = value.replace(COLON_MASK, ":")
    if letters.mark and (count := value.count(letters.mark)):
        for letter in letters.within(start, end)[-count:]:
            value = value.replace(letters.mark, letter, 1)
    return value
