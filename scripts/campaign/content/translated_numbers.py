"""Compare numbers in a translation and its source: a different age, year or amount is often a mistake."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from campaign.content.units import Unit
from campaign.models.page import Page
from campaign.models.problem import Problem
from campaign.schema.interface_words import STRINGS

MAX_LISTED = 6
MAX_SPELT = 12  # languages spell out small numbers differently
NUMBER = re.compile(r"\d+(?:[.,\u00a0\u2007\u2009\u202f\u066c]\d{3}(?!\d))*")  # thousands separators
# Numbers one space apart: a phone number, or several in a row.
GROUPED = re.compile(rf"{NUMBER.pattern}(?:[ \u00a0\u2007\u2009\u202f]{NUMBER.pattern})*")
DIGIT = re.compile(r"\d")
# Footnotes, link targets, shortcodes and placeholders.
NO_WORDS = re.compile(r"\[\^[^\]]*\]|(?<=\])\([^)]*\)|\{[^{}]*\}")


def _numbers_of(text: str) -> list[str]:
    """Return each number in a text in digits 0 to 9, without thousands separators."""
    return list(map(_digits, NUMBER.findall(text)))


def front_texts(page: Page) -> dict[str, str]:
    """Return the published texts of a page's front matter, by key."""
    release = page.release
    release_texts = {"headline": release.headline, "dateline": release.dateline} if release else {}
    return {"title": page.title, **release_texts, "description": page.description, "alt": page.alt}


def differing(source_texts: Iterable[str], translated: Iterable[str], label: str) -> str:
    """Return how findings in a translation differ from its source, as the end of a sentence, or ''."""
    source, translated_counts = Counter(source_texts), Counter(translated)
    missing, extra = source - translated_counts, translated_counts - source
    differences = [f"lacks {_list(missing)}"] if missing else []
    differences += [f"adds {_list(extra)}"] if extra else []
    return f"{label} {' and '.join(differences)}" if differences else ""


def is_spelt(*texts: str) -> bool:
    """Return whether a string only has numbers that some languages spell out: 1, two."""
    return all(len(number) < 3 and int(number) <= MAX_SPELT for text in texts for number in _numbers_of(text))


def differing_numbers(source: str, translated: str, label: str) -> str:
    """Return the same for the numbers of two texts, however their digits are grouped."""
    if not (DIGIT.search(source) or DIGIT.search(translated)):
        return ""
    source_counts, translated_counts = (Counter(map(_digits, GROUPED.findall(text))) for text in (source, translated))
    missing = _parts(source, source_counts - translated_counts)
    extra = _parts(translated, translated_counts - source_counts)
    # Rows in only one text ("in 2019 300 people", "300 people in 2019") aren't phone numbers.
    regrouped = set(chain(*missing.values())) & set(chain(*extra.values()))
    lost_numbers, added_numbers = (
        [number for total, parts in counter.items() for number in (parts if regrouped.intersection(parts) else [total])]
        for counter in (missing, extra)
    )
    return differing(lost_numbers, added_numbers, label)


def check_sentence_numbers(unit: Unit, text: str, where: str) -> list[Problem]:
    """Return notes about a translated sentence."""
    source = unit.text
    if not text or (where.endswith(f"/{STRINGS}") and is_spelt(source, text)):
        return []
    differences = differing_numbers(NO_WORDS.sub(" ", source), NO_WORDS.sub(" ", text), "this sentence")
    message = f"The numbers differ from the source: {differences}."
    return [Problem("translation-numbers", where, message, "Make the two match.")] if differences else []


def check_named_numbers(
    source: Mapping[str, str], translated: Mapping[str, str], where: str, original: str
) -> Iterator[Problem]:
    """Yield the same for named texts: front matter, strings, captions and messages."""
    for name, text in translated.items():
        source_text = NO_WORDS.sub(" ", source.get(name, ""))
        differences = differing_numbers(source_text, NO_WORDS.sub(" ", text), "this text")
        if text and source_text.strip() and differences:
            message = f"The numbers of `{name}` differ from {original}: {differences}."
            yield Problem("translation-numbers", where, message, "Make the two match.")


def _digits(raw: str) -> str:
    return "".join(str(unicodedata.digit(item)) for item in raw if item.isdecimal()).lstrip("0") or "0"


def _parts(text: str, totals: Counter[str]) -> dict[str, list[str]]:
    parts = {_digits(number): _numbers_of(number) for number in GROUPED.findall(text)}
    return {number: parts[number] * times for number, times in totals.items()}


def _list(result: Counter[str]) -> str:
    names = [f"`{name}`" for name in sorted(result)]
    return ", ".join(names[:MAX_LISTED]) + (" and more" if len(names) > MAX_LISTED else "")
