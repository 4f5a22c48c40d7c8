"""Numbers and sizes in a language's words."""

from __future__ import annotations

from html import escape

from campaign.models.campaign import Language

MAX_SHORT_NUMBER = 6


def shown_size(size: int) -> tuple[str, str]:
    """Return (the key of the unit's words, the number) for a size in bytes."""
    if size < 1_000_000:
        return "kilobytes", str(max(1, round(size / 1000)))
    return "megabytes", f"{size / 1_000_000:.1f}"


def size_words(language: Language, size: int) -> str:
    """Return a file's size in kB, or in MB from 1,000 kB."""
    unit, number = shown_size(size)
    return language.strings[unit].format(size=number)


def number_html(number: str, is_dialled: bool = True) -> str:
    """Return a number left to right in any script; long numbers to dial are smaller, so that they don't break."""
    size = " long" if is_dialled and len(number) > MAX_SHORT_NUMBER else ""
    return f'<bdi dir="ltr" class="number{size}">{escape(number)}</bdi>'


def with_number(sentence: str, number: str) -> str:
    """Return a sentence with {number} as HTML."""
    parts = [f"<span>{escape(part.strip())}</span>" if part.strip() else "" for part in sentence.split("{number}")]
    return number_html(number).join(f" {part} " for part in parts).strip()
