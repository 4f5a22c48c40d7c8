"""The settings for printing a piece (copies, sides, sheets of paper), and pages of printed PDFs."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from campaign.desk.desk import field_text
from campaign.images.pdf_page import draw
from campaign.models.campaign import NATIONAL, Campaign
from campaign.models.formats import Format
from campaign.models.outputs import FLAVOURS, PRINT_SHOP, Output
from campaign.plan.print_queues import SIMPLEX, duplex_mode, parts_of

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

BOTH_SIDES = "both"
ONE_SIDE = "one"
SIDES = (BOTH_SIDES, ONE_SIDE)
MAX_COPIES = 100_000
POINTS = 72 / 25.4
# Millimetres.
SIZES = {
    "A6": (105, 148), "A5": (148, 210), "A4": (210, 297), "A3": (297, 420), "A2": (420, 594), "A1": (594, 841),
    "Letter": (216, 279), "Legal": (216, 356),
}  # fmt: skip
# Millimetres of rounding in page sizes.
TOLERANCE_MM = 1.5
ALL = "all"
_one_at_a_time = threading.Lock()  # requests run in threads, and PDFium isn't thread-safe


@dataclass(frozen=True)
class Paper:
    """Printer settings."""

    how: str = ""  # a key of the desk's words; '' if an office doesn't print it
    runs: int = 1  # copies to enter in the print dialog
    on_each: int = 1  # pieces per sheet
    sheets: int = 0  # in all; 0 if unknown
    size: str = ""


def paper_of(format: Format | None, output: Output, file: Path | None, copies: int, sides: str) -> Paper:
    """Return how a piece, or a file of several (format None), is printed. `sides` is one of SIDES."""
    if output.flavour == PRINT_SHOP or (format and format.kind == "slide" and not output.part):
        return Paper()
    pages, width, height = _read(file) if file else (0, 0.0, 0.0)
    duplex, is_bound = _duplex_mode(format, output)
    duplex = SIMPLEX if pages == 1 else duplex
    on_each = 1
    if format and pages and not output.part:
        on_each = max(1, int((width + TOLERANCE_MM) / format.width) * int((height + TOLERANCE_MM) / format.height))
    runs = -(-copies // on_each)
    if duplex == SIMPLEX or (sides == ONE_SIDE and not is_bound):
        return Paper(f"how-{SIMPLEX}", runs, on_each, pages * runs, _size(width, height))
    by_hand = "by-hand-" if sides == ONE_SIDE else ""
    return Paper(f"how-{by_hand}{duplex}", runs, on_each, -(-pages // 2) * runs, _size(width, height))


def _duplex_mode(format: Format | None, output: Output) -> tuple[str, bool]:
    """Return how the paper is turned, and whether the piece needs both sides."""
    if format is None:
        return parts_of(output)[1], True
    return duplex_mode(format), bool(format.sides or output.part)


def _read(file: Path) -> tuple[int, float, float]:
    with opened_pdf(file) as document:
        if not document:
            return 0, 0.0, 0.0
        width, height = document.get_page_size(0)
        return len(document), width / POINTS, height / POINTS


def _size(width: float, height: float) -> str:
    short, long = sorted((width, height))
    matching_sizes = (
        name for name, (a, b) in SIZES.items() if abs(short - a) < TOLERANCE_MM and abs(long - b) < TOLERANCE_MM
    )
    return next(matching_sizes, f"{short:.0f} × {long:.0f} mm") if long else ""


def with_print_settings(file: Path, query: Mapping[str, str]) -> bytes | None:
    """Return a PDF that opens the print dialog with these settings (ISO 32000-1, 12.2); None if nothing changes.

    PDF allows NumCopies of 2 to 5; Chrome and Edge take any, so the page says it too.
    """
    raw = query.get("runs", "")
    runs = int(raw) if raw.isdecimal() and len(raw) < 7 else 1
    is_simplex = query.get("sides") == ONE_SIDE
    if file.suffix != ".pdf" or (runs < 2 and not is_simplex):
        return None
    import pikepdf

    buffer = BytesIO()
    with pikepdf.open(file) as document:
        preferences = document.Root.get(pikepdf.Name.ViewerPreferences, pikepdf.Dictionary())
        preferences.PrintScaling = pikepdf.Name("/None")
        if runs > 1:
            preferences.NumCopies = runs
        if is_simplex:
            preferences.Duplex = pikepdf.Name.Simplex
        document.Root.ViewerPreferences = preferences
        document.save(buffer, deterministic_id=True)
    return buffer.getvalue()


@dataclass(frozen=True)
class PrintSettings:
    """The print settings that a user chose."""

    place: str
    language: str
    printer: str
    what: str
    copies: int
    sides: str

    @staticmethod
    def of(campaign: Campaign, query: Mapping[str, Any]) -> PrintSettings:
        """Read them, with defaults."""
        return PrintSettings(
            one_of(field_text(query, "place"), (NATIONAL, *campaign.places)),
            one_of(field_text(query, "language"), tuple(campaign.languages)),
            one_of(field_text(query, "printer"), FLAVOURS),
            one_of(field_text(query, "what"), (ALL, *campaign.kinds)),
            parse_copies(query),
            one_of(field_text(query, "sides"), SIDES),
        )

    @property
    def address(self) -> str:
        """The query string of the page that shows them."""
        return f"/print?{urlencode(asdict(self))}"


def one_of(raw: str, choices: tuple[str, ...]) -> str:
    """Return the typed value if it is known, otherwise the default, the first."""
    return raw if raw in choices else choices[0]


def parse_copies(query: Mapping[str, Any]) -> int:
    """Return the number of copies, at least one."""
    raw = field_text(query, "copies")
    return min(max(1, int(raw)), MAX_COPIES) if raw.isdecimal() and len(raw) < 9 else 1


def first_page(file: Path, width: int) -> bytes:
    """Return the first page of a PDF as a PNG, `width` pixels wide."""
    with opened_pdf(file) as document:
        if not document:
            raise LookupError(file)
        buffer = BytesIO()
        draw(document[0], width).save(buffer, "PNG")
        return buffer.getvalue()


@contextmanager
def opened_pdf(file: Path) -> Iterator[PdfDocument | None]:
    """Open a PDF; None if it is damaged."""
    import pypdfium2  # slow to import

    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(file)
        except pypdfium2.PdfiumError:
            yield None
            return
        with closing(document):
            yield document
