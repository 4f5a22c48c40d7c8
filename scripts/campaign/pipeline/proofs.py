"""Proofs: a picture of all pieces of a language, trimmed and with folds drawn, and a page to browse them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from html import escape
from io import BytesIO
from itertools import accumulate
from math import ceil
from pathlib import Path

from PIL import Image, ImageDraw

from campaign import printing
from campaign.cache.atomic import work_folder
from campaign.models.campaign import Campaign
from campaign.models.outputs import PHOTOCOPY, PRINT_SHOP, Output
from campaign.pipeline.meaning import Measured
from campaign.pipeline.report import Selection
from campaign.plan.outputs import catalogue, piece_name
from campaign.printing.separations import coverage

PPI = 36
GAP = 16
WIDTH = 2400
INKS = ("cyan", "magenta", "yellow", "black")
GROUND = "#9a9a9a"
FOLD_COLOUR = "#d02090"


def make_proofs(campaign: Campaign, selection: Selection, progress: Callable[[str, int, int], None]) -> Path:
    """Draw the wanted outputs, in the print-shop flavour if there is one.

    Args:
        campaign: the campaign.
        selection: which outputs.
        progress: called for each piece.

    Returns:
        The page to open.
    """
    folder = work_folder(campaign.root) / "proofs"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    outputs = [output for output in catalogue(campaign, selection.places) if _is_shown(campaign, output, selection)]
    images: dict[str, list[tuple[Output, list[Image.Image]]]] = {}
    for count, output in enumerate(outputs, 1):
        progress("print", count, len(outputs))
        pages = [_page(page) for page in printing.draw(campaign, output, PPI)]
        for page, side in zip(pages, campaign.formats[output.format].sheets, strict=False):
            is_mirrored = campaign.languages[output.language or ""].direction == "rtl"
            _draw_folds(page, [width for _, width in (reversed(side) if is_mirrored else side)])
        images.setdefault(output.language or "", []).append((output, pages))
    parts = []
    for language, pieces in images.items():
        _contact_sheet([page for _, pages in pieces for page in pages]).save(folder / f"{language}.png")
        parts.append(f"<h2>{escape(language)}</h2>" + "".join(_figure(campaign, folder, *piece) for piece in pieces))
    index = folder / "index.html"
    index.write_text(
        f"<!doctype html><meta charset=utf-8><title>{escape(campaign.name)}</title><style>body{{background:{GROUND};"
        "font:1rem sans-serif}img{margin:.5rem;max-width:45%}</style>" + "".join(parts),
        encoding="utf-8",
    )
    return index


def _is_shown(campaign: Campaign, output: Output, selection: Selection) -> bool:
    """Return whether an output has a flavour that was asked for; by default print-shop, or the only one."""
    if output.kind in ("picture", "preview") or output.part in ("sheets", "picture") or not selection.includes(output):
        return False
    if selection.flavours:
        return True
    flavours = campaign.formats[output.format].flavours
    return output.flavour == (PRINT_SHOP if PRINT_SHOP in flavours and not output.part else flavours[0])


def _page(png: bytes) -> Image.Image:
    """Return a page on white, at its trim size."""
    image = Image.open(BytesIO(png)).convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    return paper.convert("RGB")


def _draw_folds(page: Image.Image, widths: list[float]) -> None:
    """Draw a dashed line at each fold between panels with these widths in millimetres."""
    pen = ImageDraw.Draw(page)
    for fold in accumulate(widths[:-1]):
        x = round(fold / sum(widths) * page.width)
        for y in range(0, page.height, 10):
            pen.line([(x, y), (x, y + 5)], fill=FOLD_COLOUR)


def _figure(campaign: Campaign, folder: Path, output: Output, pages: list[Image.Image]) -> str:
    """Return a piece with its pages and facts: pages, sheets, ink, copies ordered, visible meaning and score."""
    name = piece_name(output)
    for number, page in enumerate(pages, 1):
        page.save(folder / f"{name}-{number}.png")
    pictures = "".join(f'<img src="{name}-{number}.png" alt="">' for number in range(1, len(pages) + 1))
    leaves = ceil(len(pages) / 2)
    facts = [
        f"{len(pages)} {'page' if len(pages) == 1 else 'pages'}, {leaves} {'leaf' if leaves == 1 else 'leaves'}",
        *_ink(campaign, output, pages),
        _copies(campaign, output),
        *map(str, Measured(campaign, ()).shown(output)),
        printing.score_of(campaign, output),
    ]
    return f"<h3>{escape(name)}</h3><p>{escape('; '.join(filter(None, facts)))}.</p>{pictures}"


def _ink(campaign: Campaign, output: Output, pages: list[Image.Image]) -> Iterator[str]:
    """Return the average ink coverage of the pages."""
    covered = [coverage(page, campaign.identity.profile) for page in pages]
    if not covered:
        return
    averages = [sum(parts) / len(covered) for parts in zip(*covered, strict=True)]
    if output.flavour == PHOTOCOPY:
        yield f"black covers {averages[3]:.0%}"
    else:
        yield ", ".join(f"{ink} {mean:.0%}" for ink, mean in zip(INKS, averages, strict=True)) + " of the paper"


def _copies(campaign: Campaign, output: Output) -> str:
    """Return the copies ordered in assets/print-run.yml, for all places."""
    key = (output.name, output.format, output.language)
    orders = [item for item in campaign.print_run if (item.piece, item.format, item.language) == key]
    if not orders or output.flavour != PRINT_SHOP:
        return ""
    return f"{sum(order.copies for order in orders)} copies ordered in all"


def _contact_sheet(pages: list[Image.Image]) -> Image.Image:
    """Arrange pages in rows from left to right."""
    rows: list[list[Image.Image]] = [[]]
    for page in pages:
        if rows[-1] and sum(row.width + GAP for row in rows[-1]) + page.width > WIDTH - GAP:
            rows.append([])
        rows[-1].append(page)
    heights = [max((page.height for page in row), default=0) + GAP for row in rows]
    sheet = Image.new("RGB", (WIDTH, sum(heights) + GAP), GROUND)
    y = GAP
    for row, height in zip(rows, heights, strict=True):
        x = GAP
        for page in row:
            sheet.paste(page, (x, y))
            x += page.width + GAP
        y += height
    return sheet
