"""Telephone numbers inside a text, to lock them in files that people edit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaign.content.known_numbers import calls_of, known_numbers, numbers_in
from campaign.content.typed_numbers import standing_numbers
from campaign.models.campaign import Campaign, Language


def number_parts(campaign: Campaign, language: Language, text: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a text, and whether each is a telephone number."""
    found = {raw for _, raw in numbers_in(text, calls_of(language))}
    found |= {*standing_numbers(text, known_numbers(campaign).called.keys())}
    pattern = "|".join(re.escape(raw) for raw in sorted(found, key=lambda raw: (-len(raw), raw)))
    if not pattern:
        yield text, False
        return
    for index, part in enumerate(re.split(rf"(?<!\d)({pattern})(?!\d)", text)):
        if part:
            yield part, index % 2 == 1
