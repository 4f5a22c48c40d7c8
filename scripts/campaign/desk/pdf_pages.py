"""Read printed PDFs at the desk. Requests run in threads, and PDFium isn't thread-safe."""

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
    """Return the first page of a PDF as a PNG, `width` pixels wide.

    Raises:
        LookupError: it is damaged.
    """
    with opened_pdf(file) as document:
        if not document:
            raise LookupError(file)
        found = io.BytesIO()
        draw(document[0], width).save(found, "PNG")
        return found.getvalue()


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
