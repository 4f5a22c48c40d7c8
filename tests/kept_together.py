"""Finds what a finished PDF separates: a heading, lead-in or rule from its text, or a last page with little on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from printed_text import MM, SIGNS, letters

LEAD_ENDS = (":", "：")
MIN_FILLED = 0.2
MAX_RULE_LENGTH = 240
# Millimetres above and below the text of later pages.
MARGINS = {
    **dict.fromkeys(("handout", "directory", "large-print"), (25, 27)),
    **{"booklet": (19, 19), "release": (26, 29)},
}
# Lines to write on, in millimetres and as a share of the page's width; longer ones are rules.
MIN_LINE = 15
MAX_LINE = 0.6
MAX_LINE_WIDTH = 1
# How much of a block is looked for.
MAX_LOOKED_FOR = 60


def words(node: Any) -> str:
    """All words of a part of a description, without the numbers of notes."""
    if isinstance(node, str):
        return node
    if isinstance(node, list):
        return "".join(words(item) for item in node)
    if isinstance(node, dict) and node.get("t") not in ("sup", "icon", "use", "call", "contacts", "places", "needs"):
        return words(node.get("c", []))
    return ""


def begin(node: Any) -> str:
    return letters(words(node))[:MAX_LOOKED_FOR]


def firsts(block: dict[str, Any], count: int = 2) -> list[str]:
    """The first items or rows of a list or table, or the beginning of a paragraph."""
    if block["t"] in ("ul", "ol"):
        return [begin(item["c"]) for item in block["c"][:count]]
    if block["t"] == "table":
        return [begin(row) for row in block["c"][: count + 1]]
    return [begin(block)]


def is_lead(block: dict[str, Any], following: dict[str, Any]) -> bool:
    is_bold = all(isinstance(part, dict) and part["t"] == "b" for part in block["c"])
    ends = words(block).strip().endswith(LEAD_ENDS)
    return block["t"] == "h" or (block["t"] == "p" and (is_bold or ends or following["t"] in ("ul", "ol", "table")))


def bonds(description: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Beginnings of texts that belong on one page."""
    for panel in description["panels"].values():
        title, blocks = letters(panel["title"]), panel["blocks"]
        if blocks and title:
            yield from ((title, first) for first in firsts(blocks[0])[:1])
        for above, below, after in zip(blocks, blocks[1:], (*blocks[2:], {"t": ""}), strict=False):
            if above["t"] in ("h", "p") and is_lead(above, below):
                end = letters(words(above))[-MAX_LOOKED_FOR:]
                yield from ((end, first) for first in firsts(below))
            # The rule below questions.
            if above["t"] == "table" and below["t"] == "p" and is_form(above) and is_rule(below, after):
                yield begin(above["c"][-1]), begin(below)


def is_rule(block: dict[str, Any], following: dict[str, Any]) -> bool:
    return not is_lead(block, following) and len(words(block)) <= MAX_RULE_LENGTH


def is_form(table: dict[str, Any]) -> bool:
    return any(not words(cell) for row in table["c"][1:] for cell in row)


def lowest(page: pypdfium2.PdfPage) -> float:
    """Millimetres from the top of a page to the end of its text or lines to write on, without small print."""
    read, height = page.get_textpage(), page.get_height()
    ends = [
        height - read.get_charbox(index)[1]
        for index in range(read.count_chars())
        if pdfium.FPDFText_GetFontSize(read, index) >= SIGNS and chr(pdfium.FPDFText_GetUnicode(read, index)).isalnum()
    ]
    for item in page.get_objects([pdfium.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = item.get_bounds()
        if top - bottom < MAX_LINE_WIDTH * MM and MIN_LINE * MM < right - left < page.get_width() * MAX_LINE:
            ends.append(height - bottom)
    return max(ends, default=0) / MM


def separated(description: dict[str, Any], pdf: Path) -> list[str]:
    """What a PDF separates: texts that should be on one page, and a last page with little text."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [letters(page.get_textpage().get_text_range()) for page in document]
        pages = range(len(texts))
        faults = []
        for above, below in bonds(description):
            places = [{page for page in pages if part in texts[page]} for part in (above, below)]
            if all(places) and not places[0] & places[1]:
                faults.append(f"{above!r} is not with {below!r}")
        if margins := MARGINS.get(description["format"]):
            top, bottom = margins
            # A booklet ends with its imprint.
            last = document[len(texts) - (2 if description["format"] == "booklet" else 1)]
            height = last.get_height() / MM
            filled = (lowest(last) - top) / (height - top - bottom)
            if len(texts) > 1 and filled < MIN_FILLED:
                faults.append(f"the last page is filled to {filled:.0%}")
    return faults
