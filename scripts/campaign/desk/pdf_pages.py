"""Printed files as the desk looks into them: what the first page looks like, and the rest.

Requests run beside each other, and PDFium may be asked by one of them at a time.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from campaign.images.pdf_page import draw

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_one_at_a_time = threading.Lock()


def first_page(file: Path, width: int) -> bytes:
    """A PNG of the first page.

    Args:
        file: a PDF.
        width: of the picture, in pixels.

    Raises:
        LookupError: somebody has spoilt it.
    """
    with opened_pdf(file) as document:
        if not document:
            raise LookupError(file)
        found = io.BytesIO()
        draw(document[0], width).save(found, "PNG")
        return found.getvalue()


@contextmanager
def opened_pdf(file: Path) -> Iterator[PdfDocument | None]:
    """A PDF; None where somebody has spoilt it."""
    import pypdfium2  # it takes a moment to load

    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(file)
        except pypdfium2.PdfiumError:
            yield None
            return
        with closing(document):
            yield document
