"""What will be made and what stands made, as plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

# The square that a camera reads.
CODE = "code"
OFFICE = "office"
PRINT_SHOP = "print-shop"
PHOTOCOPY = "photocopy"
# Kinds of outputs that aren't printed in a format.
OTHER_KINDS = ("picture", "preview", "screen", "logo", "art", "press-kit", "print-queue")
# The ending of a part of a piece that is no PDF.
PART_ENDINGS = {"picture": "png", "text": "txt", "word": "docx"}
FLAVOURS = (OFFICE, PRINT_SHOP, PHOTOCOPY)
PLACEHOLDER = "placeholder"
# The second side of what is folded, in the names of its pictures.
INSIDE = "inside"
# A screen of what is folded: a page for each panel, and one for its inside; for phones each is a picture by itself.
PANELS = "panels"


@dataclass(frozen=True)
class Output:
    """One file that will be made, decided before any is made.

    Attributes:
        kind: that of its format ('leaflet', 'handout', …), or 'picture'; 'preview' (of a piece) and 'screen' (a poster
            laid out anew, or the panels of what is folded) are PDFs that pictures are drawn from and nobody is handed.
        name: the piece or the picture.
        language: code; None where it is for all.
        place: code; None for the whole country.
        format: row of Campaign.formats ('tri-fold', 'a3'), or for a picture its ending ('avif', 'webp', 'jpeg', 'png').
        flavour: for whom it is printed; None where it is not.
        width: pixels of a picture; None for its source's own.
        path: where it goes below dist/; '' when it is not handed over.
        public: where it goes below site/; '' when it is not published.
        part: which file of the piece: '' itself, 'notes', 'sheets', or one of PART_ENDINGS; of a photo: PLACEHOLDER, a
            few pixels that stand in a page's own text until the photo has come; of a screen: PANELS.
        destination: row of Campaign.destinations, for a picture that is sent somewhere; '' for the site's own.
    """

    kind: str
    name: str
    language: str | None
    place: str | None
    format: str
    flavour: str | None = None
    width: int | None = None
    path: str = ""
    public: str = ""
    part: str = ""
    destination: str = ""

    @property
    def ending(self) -> str:
        """What its file's name ends in."""
        if self.kind in ("picture", "art"):
            return self.format
        if self.kind == "press-kit":
            return "zip"
        return "png" if self.kind == "logo" else PART_ENDINGS.get(self.part, "pdf")

    @property
    def is_piece(self) -> bool:
        """Whether it is printed in a format, or for one: its kind is that of the format."""
        return self.kind not in OTHER_KINDS

    @property
    def is_drawn_from(self) -> bool:
        """Whether it is there for pictures alone: a PDF that nobody is handed."""
        return self.kind in ("preview", "screen")


@dataclass(frozen=True)
class Made:
    """An output that stands on the disk.

    Attributes:
        file: where it stands.
        bytes: its size.
        sha256: in hexadecimal.
        width: pixels for pictures, millimetres of trim for PDFs.
        height: likewise.
        lacks: what of the piece there was no room for: CODE, or a title as `printing/titles.py` tells it.
    """

    output: Output
    file: Path
    bytes: int
    sha256: str
    width: float
    height: float
    lacks: tuple[str, ...] = ()
