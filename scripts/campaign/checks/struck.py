"""Find words that a line is drawn through, by the ink boxes of a finished PDF."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

# Points. Rules are thin and long; smaller marks of a text are dots and accents.
MAX_RULE_HEIGHT = 2.5
MIN_RULE_WIDTH = 20.0
MIN_TEXT_SIZE = 4.0
# A line in this share of a letter's height, at the top or foot, is drawn over or under it.
EDGE = 0.2
MIN_OVERLAP = 0.5  # of the narrower one
MAX_SLANT = 0.01

Box = tuple[float, float, float, float]  # left, bottom, right, top


def struck_pages(path: Path) -> Iterator[int]:
    """Yield the numbers of the pages, from 1, on which a rule runs through words."""
    import pypdfium2  # slow to import

    document = pypdfium2.PdfDocument(path)
    try:
        for number, page in enumerate(document, 1):
            texts, rules = _boxes(page)
            page.close()
            if any(_is_struck(text, rule) for rule in rules for text in texts):
                yield number
    finally:
        document.close()


def _boxes(page: object) -> tuple[list[Box], list[Box]]:
    """Return the ink boxes of a page's texts and rules."""
    from pypdfium2 import raw

    texts, rules = list[Box](), list[Box]()
    # Boxes of what lies in other drawings are in their own coordinates; booklets are looked at before they are imposed.
    for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH), max_depth=1):  # type: ignore[attr-defined]
        left, bottom, right, top = item.get_bounds()
        width, height = right - left, top - bottom
        if item.type == raw.FPDF_PAGEOBJ_TEXT:
            is_upright = abs(item.get_matrix().b) < MAX_SLANT  # a watermark lies across everything
            texts += [(left, bottom, right, top)] if is_upright and min(width, height) > MIN_TEXT_SIZE else []
        elif height < MAX_RULE_HEIGHT and width > MIN_RULE_WIDTH:
            rules.append((left, bottom, right, top))
    return texts, rules


def _is_struck(text: Box, rule: Box) -> bool:
    height, middle = text[3] - text[1], (rule[1] + rule[3]) / 2
    overlap = min(text[2], rule[2]) - max(text[0], rule[0])
    is_through = text[1] + EDGE * height < middle < text[3] - EDGE * height
    return is_through and overlap > MIN_OVERLAP * min(text[2] - text[0], rule[2] - rule[0])
