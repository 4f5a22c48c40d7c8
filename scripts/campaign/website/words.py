"""Numbers and sizes in a language's words."""

from __future__ import annotations

from html import escape

from campaign.content.locale_format import format_number
from campaign.models.campaign import Language

MAX_SHORT_NUMBER = 6


def shown_size(size: int) -> tuple[str, float]:
    """Return (the key of the unit's words, the rounded number) for a size in bytes."""
    if size < 1_000_000:
        return "kilobytes", max(1, round(size / 1000))
    return "megabytes", round(size / 1_000_000, 1)


def size_words(language: Language, size: int) -> str:
    """Return a file's size in kB, or in MB from 1,000 kB."""
    return in_unit(language, *shown_size(size))


def in_unit(language: Language, unit: str, number: float) -> str:
    """Return such a number with its unit."""
    return language.strings[unit].format(size=format_number(language, number, int(unit == "megabytes")))


def number_html(number: str, is_dialled: bool = True) -> str:
    """Return a number left to right in any script; long numbers to dial are smaller, so that they don't break."""
    size = " long" if is_dialled and len(number) > MAX_SHORT_NUMBER else ""
    return f'<bdi dir="ltr" class="number{size}">{escape(number)}</bdi>'


def with_number(sentence: str, number: str) -> str:
    """Return a sentence with {number} as HTML."""
    parts = [f"<span>{escape(part.strip())}</span>" if part.strip() else "" for part in sentence.split("{number}")]
    return number_html(number).join(f" {part} " for part in parts).strip()
