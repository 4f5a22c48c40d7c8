"""Draws a page of one of our PDFs with PDFium, in half the time that Typst takes for a PNG."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image
    from pypdfium2 import PdfPage


def draw_page(file: Path, number: int, width: int, is_clear: bool = False) -> Image.Image:
    """Draw a page of a file; see `draw`.

    Args:
        file: a PDF made by this program; never one from another source.
        number: of the page, from 0.
        width: of the picture, in pixels.
        is_clear: keep the background transparent.
    """
    from pypdfium2 import PdfDocument

    with closing(PdfDocument(file)) as document:
        return draw(document[number], width, is_clear)


def draw(page: PdfPage, width: int, is_clear: bool = False) -> Image.Image:
    """Draw a page of an open document.

    Args:
        page: of an open document.
        width: of the picture, in pixels.
        is_clear: keep the background transparent instead of white.

    Returns:
        A picture of mode RGBA if it is transparent, else RGB.
    """
    from pypdfium2 import PdfBitmap, raw

    height = max(1, round(page.get_height() * width / page.get_width()))
    kind, ground = (raw.FPDFBitmap_BGRA, (0, 0, 0, 0)) if is_clear else (raw.FPDFBitmap_BGR, (255, 255, 255, 255))
    # Not `page.render`, which rounds both sides up: 1080 × 1350 would become 1081 × 1350.
    bitmap = PdfBitmap.new_native(width, height, kind, rev_byteorder=True)
    bitmap.fill_rect(ground, 0, 0, width, height)
    raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, raw.FPDF_REVERSE_BYTE_ORDER)
    picture: Image.Image = bitmap.to_pil()
    return picture
