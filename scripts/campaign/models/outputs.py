"""Planned and finished outputs, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

# The QR code.
CODE = "code"
OFFICE = "office"
PRINT_SHOP = "print-shop"
PHOTOCOPY = "photocopy"
# The kind and the name of the zip with texts and pictures for the press.
PRESS_KIT = "press-kit"
OTHER_KINDS = ("picture", "preview", "screen", "logo", "art", PRESS_KIT, "print-queue")
# Parts that aren't PDFs.
PART_ENDINGS = {"picture": "png", "text": "txt", "script": "txt", "word": "docx"}
FLAVOURS = (OFFICE, PRINT_SHOP, PHOTOCOPY)
# The page of dist/ about outputs that the last build left out.
PROBLEMS_PAGE = "problems.html"
PLACEHOLDER = "placeholder"
INSIDE_SUFFIX = "inside"  # the second side of a folded piece, in names of pictures
PANELS = "panels"  # the screen of a folded piece: a page for each panel, and one for its inside
ANSWERS = "answers"  # the screen of answers: a page for each


@dataclass(frozen=True)
class Output:
    """A file to make, planned before any is made. Pictures are drawn from PDFs of the kinds 'preview' and 'screen'."""

    kind: str  # of its format ('leaflet'), or one of OTHER_KINDS
    name: str  # of the piece or picture
    language: str | None  # code; None for all
    place: str | None  # code; None for the whole country
    format: str  # row of Campaign.formats ('tri-fold'), or a picture's suffix
    flavour: str | None = None  # for whom it is printed, if it is
    width: int | None = None  # pixels of a picture; None for the source's
    path: str = ""  # below dist/; '' if it isn't handed over
    public: str = ""  # below site/; '' if it isn't published
    # '' is the piece; 'notes', 'sheets', a key of PART_ENDINGS, PLACEHOLDER (a few inline pixels), PANELS or ANSWERS
    part: str = ""
    destination: str = ""  # row of Campaign.destinations; '' for the site's pictures

    @property
    def ending(self) -> str:
        """The suffix of its file."""
        if self.kind in ("picture", "art"):
            return self.format
        if self.kind == PRESS_KIT:
            return "zip"
        return "png" if self.kind == "logo" else PART_ENDINGS.get(self.part, "pdf")

    @property
    def is_piece(self) -> bool:
        """Whether it is printed."""
        return self.kind not in OTHER_KINDS

    @property
    def is_drawn_from(self) -> bool:
        """Whether only pictures are made from it."""
        return self.kind in ("preview", "screen")


@dataclass(frozen=True)
class Artifact:
    """An output on the disk."""

    output: Output
    file: Path
    bytes: int
    sha256: str
    width: float  # pixels of pictures, millimetres of PDFs
    height: float  # see width
    lacks: tuple[str, ...] = ()  # what it had no room for: CODE, or a title, see printing/titles.py
