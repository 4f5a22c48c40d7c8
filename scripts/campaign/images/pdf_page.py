"""A page of our own PDFs as a picture.

PDFium draws it in half the time that Typst takes for a PNG, and nothing has to be decoded.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image
    from pypdfium2 import PdfPage


def draw_page(file: Path, number: int, width: int, is_clear: bool = False) -> Image.Image:
    """A page of a file, as `draw` draws it.

    Args:
        file: a PDF that was made here; none that somebody gives is opened.
        number: of the page, from 0.
        width: of the picture, in pixels.
        is_clear: whether nothing stands behind what the page draws.
    """
    from pypdfium2 import PdfDocument  # it takes a moment to load

    with closing(PdfDocument(file)) as document:
        return draw(document[number], width, is_clear)


def draw(page: PdfPage, width: int, is_clear: bool = False) -> Image.Image:
    """A page in its own shape.

    Args:
        page: of an open document.
        width: of the picture, in pixels.
        is_clear: whether nothing stands behind what the page draws; else white does.

    Returns:
        A picture of mode RGBA where it is clear, else RGB.
    """
    from pypdfium2 import PdfBitmap, raw

    height = max(1, round(page.get_height() * width / page.get_width()))
    kind, ground = (raw.FPDFBitmap_BGRA, (0, 0, 0, 0)) if is_clear else (raw.FPDFBitmap_BGR, (255, 255, 255, 255))
    # Not `page.render`, which rounds both sides up: 1080 x 1350 would come out as 1081 x 1350.
    bitmap = PdfBitmap.new_native(width, height, kind, rev_byteorder=True)
    bitmap.fill_rect(ground, 0, 0, width, height)
    raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, raw.FPDF_REVERSE_BYTE_ORDER)
    picture: Image.Image = bitmap.to_pil()
    return picture
