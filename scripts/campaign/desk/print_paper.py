"""How a piece is printed: so many copies, on which sides, and how much paper of which size that takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from campaign.desk.pdf_pages import opened_pdf
from campaign.models.formats import Format
from campaign.models.outputs import PRINT_SHOP, Output
from campaign.plan.print_queues import SIMPLEX, parts_of, turn_of

# Of pieces that have two: as they are meant, or one side at a time.
BOTH_SIDES, ONE_SIDE = "both", "one"
SIDES = (BOTH_SIDES, ONE_SIDE)
MOST_COPIES = 100_000
POINTS = 72 / 25.4
# Millimetres of the shorter and the longer side.
SIZES = {
    "A6": (105, 148), "A5": (148, 210), "A4": (210, 297), "A3": (297, 420), "A2": (420, 594), "A1": (594, 841),
    "Letter": (216, 279), "Legal": (216, 356),
}  # fmt: skip
# Millimetres: a page is of a size, and a piece fits beside another, though one was rounded.
NEAR = 1.5


@dataclass(frozen=True)
class Paper:
    """What a printer is told, and needs.

    Attributes:
        how: the key of the desk's words that say it; '' where nothing is printed by an office.
        runs: how many copies its window is to have.
        on_each: pieces on each sheet.
        sheets: of paper in all; 0 where nothing is known yet.
        size: of the paper, in words.
    """

    how: str = ""
    runs: int = 1
    on_each: int = 1
    sheets: int = 0
    size: str = ""


def paper_of(format: Format | None, output: Output, file: Path | None, copies: int, sides: str) -> Paper:
    """How a piece is printed.

    Args:
        format: that it is printed in; None of a file of several.
        output: a piece, or a file of several.
        file: its PDF; None where it is not made.
        copies: how many of it are wanted.
        sides: one of SIDES.
    """
    if output.flavour == PRINT_SHOP or (format and format.kind == "slide" and not output.part):
        return Paper()
    pages, width, height = _read(file) if file else (0, 0.0, 0.0)
    turn, is_bound = _turn(format, output)
    turn = SIMPLEX if pages == 1 else turn
    on_each = 1
    if format and pages and not output.part:
        on_each = max(1, int((width + NEAR) / format.width) * int((height + NEAR) / format.height))
    runs = -(-copies // on_each)
    if turn == SIMPLEX or (sides == ONE_SIDE and not is_bound):
        return Paper(f"how-{SIMPLEX}", runs, on_each, pages * runs, _size(width, height))
    by_hand = "by-hand-" if sides == ONE_SIDE else ""
    return Paper(f"how-{by_hand}{turn}", runs, on_each, -(-pages // 2) * runs, _size(width, height))


def _turn(format: Format | None, output: Output) -> tuple[str, bool]:
    """(how the paper is turned, whether it is no such piece on one side: it is folded or cut, or has blank backs)."""
    if format is None:
        return parts_of(output)[1], True
    return turn_of(format), bool(format.sides or output.part)


def _read(file: Path) -> tuple[int, float, float]:
    """Its pages, and the width and height of the first in millimetres; nothing where somebody has spoilt it."""
    with opened_pdf(file) as document:
        if not document:
            return 0, 0.0, 0.0
        width, height = document.get_page_size(0)
        return len(document), width / POINTS, height / POINTS


def _size(width: float, height: float) -> str:
    short, long = sorted((width, height))
    near = (name for name, (a, b) in SIZES.items() if abs(short - a) < NEAR and abs(long - b) < NEAR)
    return next(near, f"{short:.0f} × {long:.0f} mm") if long else ""


def told_printer(file: Path, asked: Mapping[str, str]) -> bytes | None:
    """A PDF that opens the printer's window with what somebody chose; None where it does so as it is.

    ISO 32000-1, 12.2: of copies it promises 2 to 5; Chrome and Edge take any, so the page says it too.

    Args:
        file: as a build made it; it stays as it is.
        asked: `runs` and `sides` of its address.
    """
    typed = asked.get("runs", "")
    runs = int(typed) if typed.isdecimal() and len(typed) < 7 else 1
    is_simplex = asked.get("sides") == ONE_SIDE
    if file.suffix != ".pdf" or (runs < 2 and not is_simplex):
        return None
    import pikepdf

    out = BytesIO()
    with pikepdf.open(file) as document:
        told = document.Root.get(pikepdf.Name.ViewerPreferences, pikepdf.Dictionary())
        told.PrintScaling = pikepdf.Name("/None")
        if runs > 1:
            told.NumCopies = runs
        if is_simplex:
            told.Duplex = pikepdf.Name.Simplex
        document.Root.ViewerPreferences = told
        document.save(out, deterministic_id=True)
    return out.getvalue()
