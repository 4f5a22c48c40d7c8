"""The text that a reader copies from a PDF, letter by letter, and each letter's printed size (pdfium)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

# Invisible characters: direction marks, and joiners that keep lines together.
UNSEEN = re.compile("[\\s\u00a0\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufffe]")
ALIKE_QUOTES = str.maketrans("”‟", "““")
MM = 72 / 25.4


# Note marks and small print are smaller; pdfium reads the marks of a line from right to left before it.
SIGNS = 10.8
MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670]{2,}")


def letters(text: str) -> str:
    """Return the visible text; combining marks of one letter in a fixed order, since any is right.

    All curly quotes are alike: among letters from right to left pdfium swaps them.
    """
    text = text.translate(ALIKE_QUOTES)
    return MARKS.sub(lambda match: "".join(sorted(match.group(0))), UNSEEN.sub("", text))


def edges(path: Path, page: int) -> Iterator[tuple[str, float, float]]:
    """Each letter of a page with its left and right edge, in millimetres."""
    with pypdfium2.PdfDocument(path) as document:
        read = document[page].get_textpage()
        for index in range(read.count_chars()):
            left, _, right, _ = read.get_charbox(index)
            letter = chr(pdfium.FPDFText_GetUnicode(read, index))
            if right > left and not UNSEEN.match(letter):
                yield letter, left / MM, right / MM


class Printed:
    """The letters of a PDF in the order of copied text, with their sizes in points."""

    def __init__(self, path: Path, smallest: float = SIGNS) -> None:
        self.smallest = smallest
        self.text, self.sizes = "", list[float]()  # a size for each letter
        document = pypdfium2.PdfDocument(path)
        for page in document:
            self._read(page)
        document.close()
        self.text = letters(self.text)

    def _read(self, page: pypdfium2.PdfPage) -> None:
        read = page.get_textpage()
        for index in range(read.count_chars()):
            letter = chr(pdfium.FPDFText_GetUnicode(read, index))
            size = pdfium.FPDFText_GetFontSize(read, index)
            if size >= self.smallest and not UNSEEN.match(letter):
                self.text += letter.translate(ALIKE_QUOTES)
                self.sizes.append(size)

    def places(self, text: str) -> Iterator[int]:
        """Return where a text begins; each position once."""
        wanted, position = letters(text), -1
        while wanted and (position := self.text.find(wanted, position + 1)) >= 0:
            yield position

    def size(self, text: str) -> float:
        """Return the smallest letter of a text at its largest occurrence, in points; 0 if it doesn't occur."""
        length = len(letters(text))
        return max((min(self.sizes[place : place + length]) for place in self.places(text)), default=0)
