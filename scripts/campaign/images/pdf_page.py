"""A page of our own PDFs as a picture.

PDFium draws it in half the time that Typst takes for a PNG, and nothing has to be decoded.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from PIL import Image


def draw_page(file: Path, number: int, width: int, is_clear: bool = False) -> Image.Image:
    """A page in its own shape.

    Args:
        file: a PDF that was made here; none that somebody gives is opened.
        number: of the page, from 0.
        width: of the picture, in pixels.
        is_clear: whether nothing stands behind what the page draws; else white does.

    Returns:
        A picture of mode RGBA where it is clear, else RGB.
    """
    import pypdfium2  # it takes a moment to load
    from pypdfium2 import raw

    with closing(pypdfium2.PdfDocument(file)) as document:
        page = document[number]
        height = max(1, round(page.get_height() * width / page.get_width()))
        kind, ground = (raw.FPDFBitmap_BGRA, (0, 0, 0, 0)) if is_clear else (raw.FPDFBitmap_BGR, (255, 255, 255, 255))
        # Not `page.render`, which rounds both sides up: 1080 x 1350 would come out as 1081 x 1350.
        bitmap = pypdfium2.PdfBitmap.new_native(width, height, kind, rev_byteorder=True)
        bitmap.fill_rect(ground, 0, 0, width, height)
        raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, raw.FPDF_REVERSE_BYTE_ORDER)
        picture: Image.Image = bitmap.to_pil()
        return picture
