"""Numbers, days and sizes in a language's own words."""

from __future__ import annotations

from datetime import date
from html import escape

from campaign.models.campaign import Language

MAX_SHORT_NUMBER = 6


def date_words(language: Language, day: date) -> str:
    """A day as readers of the language write it."""
    month = language.strings["months"].split(",")[day.month - 1].strip()
    return language.strings["date"].format(day=day.day, month=month, year=day.year)


def date_text(language: Language, day: date) -> str:
    """The same as HTML."""
    return escape(date_words(language, day))


def shown_size(size: int) -> tuple[str, str]:
    """Return (string key of the unit, number) of a size in bytes as shown to readers."""
    if size < 1_000_000:
        return "kilobytes", str(max(1, round(size / 1000)))
    return "megabytes", f"{size / 1_000_000:.1f}"


def size_words(language: Language, size: int) -> str:
    """A file's size in kB, or MB from 1,000 kB on.

    Args:
        language: in whose words.
        size: bytes.
    """
    unit, number = shown_size(size)
    return language.strings[unit].format(size=number)


def size_text(language: Language, size: int) -> str:
    """The same as HTML."""
    return escape(size_words(language, size))


def number_html(number: str, is_dialled: bool = True) -> str:
    """A number that reads left to right in any script; a long one to dial is set smaller, so that it stays whole."""
    size = " long" if is_dialled and len(number) > MAX_SHORT_NUMBER else ""
    return f'<bdi dir="ltr" class="number{size}">{escape(number)}</bdi>'


def with_number(sentence: str, number: str) -> str:
    """A sentence with {number} in it, as HTML."""
    parts = [f"<span>{escape(part.strip())}</span>" if part.strip() else "" for part in sentence.split("{number}")]
    return number_html(number).join(f" {part} " for part in parts).strip()
