"""Imposes a booklet: two A5 pages per side of A4 paper, to be folded and stapled.

Imposed sheets have no tags, because their page order isn't the reading order; the reading file has them.
"""

from __future__ import annotations

from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from campaign.models.formats import CREEP
from campaign.printing.pdfx import save

POINT = 72 / 25.4


def order(pages: int) -> list[tuple[int, int]]:
    """Return the page pairs of a booklet: (left, right) from 1, front and back of each sheet, outermost sheet first."""
    sides = []
    for sheet in range(pages // 4):
        first, last = 2 * sheet + 1, pages - 2 * sheet
        sides += [(last, first), (first + 1, last - 1)]
    return sides


def creep(sheet: int, sheets: int) -> float:
    """Return by how many millimetres pages move towards the fold, since folding pushes inner sheets outwards."""
    return CREEP * sheet if sheets > 1 else 0.0


def impose(pdf: bytes, rtl: bool, single: bool = False) -> bytes:
    """Pad a booklet with blank pages before the last one to a multiple of four, and impose it.

    With `single`, keep single pages for a print shop that imposes them itself.
    """
    with Pdf.open(BytesIO(pdf)) as document:
        count = len(document.pages)
        blanks = -count % 4
        imposed = _padded(document, blanks) if single else _sheets(document, blanks, rtl)
        buffer = BytesIO()
        save(imposed, buffer)
        return buffer.getvalue()


def _padded(document: Pdf, blanks: int) -> Pdf:
    model = document.pages[0]
    for _ in range(blanks):
        blank = Dictionary(Type=Name.Page, MediaBox=model.mediabox, Resources=Dictionary())
        for name in (Name.TrimBox, Name.BleedBox):
            if name in model.obj:
                blank[name] = model.obj[name]
        blank.Contents = document.make_stream(b"")
        document.pages.insert(len(document.pages) - 1, pikepdf.Page(document.make_indirect(blank)))
    return document


def _sheets(document: Pdf, blanks: int, rtl: bool) -> Pdf:
    pages = [*document.pages]
    all_pages = [*pages[:-1], *([None] * blanks), pages[-1]]
    left, bottom, right, top = (float(edge) for edge in pages[0].mediabox)
    width, height = right - left, top - bottom
    imposed = Pdf.new()
    forms = [None if page is None else imposed.copy_foreign(_form(page)) for page in all_pages]
    sides = order(len(all_pages))
    for index, pair in enumerate(sides):
        inward = creep(index // 2, len(sides) // 2) * POINT
        page_order = reversed(pair) if rtl else pair
        content, resources = [], Dictionary()
        for half, number in enumerate(page_order):
            form = forms[number - 1]
            if form is None:
                continue
            name = f"/P{half}"
            resources[name] = form
            # Each half shows a whole page, shifted towards the fold.
            x = half * width + (inward if half == 0 else -inward)
            content.append(f"q 1 0 0 1 {x:.3f} 0 cm {name} Do Q")
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, round(2 * width, 3), round(height, 3)]),
            Resources=Dictionary(XObject=resources),
            Contents=imposed.make_stream("\n".join(content).encode()),
        )
        page.TrimBox = page.MediaBox
        imposed.pages.append(pikepdf.Page(imposed.make_indirect(page)))
    _keep_facts(document, imposed)
    return imposed


def _form(page: pikepdf.Page) -> pikepdf.Object:
    """Return a page as a form XObject without marked content."""
    form = page.as_form_xobject()
    for name in (Name.StructParents, Name.StructParent):
        if name in form:
            del form[name]
    instructions = [
        item for item in pikepdf.parse_content_stream(form) if str(item.operator) not in ("BDC", "BMC", "EMC")
    ]
    form.write(pikepdf.unparse_content_stream(instructions))
    return form


def _keep_facts(document: Pdf, pdf: Pdf) -> None:
    """Copy title, author, date and language, but nothing that declares tags."""
    pdf.Root.Lang = pikepdf.String(str(document.Root.get(Name.Lang, "")))
    for name, value in document.docinfo.items():
        pdf.docinfo[name] = pikepdf.String(str(value))
    # Sheets must be printed at their size, and turned like the pages of a book: they are wider than high.
    pdf.Root.ViewerPreferences = Dictionary(
        DisplayDocTitle=True, PrintScaling=Name("/None"), Duplex=Name.DuplexFlipShortEdge
    )
