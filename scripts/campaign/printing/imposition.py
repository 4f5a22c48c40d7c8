"""A booklet's pages laid on sheets: two A5 pages on each side of A4 paper, to be folded and stapled in the middle.

Sheets are for paper alone: their reading order is the folder's, not the reader's, so they bear no tags; the booklet
itself, page after page, is the file to read.
"""

from __future__ import annotations

from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from campaign.models.formats import CREEP
from campaign.printing.pdfx import save

POINT = 72 / 25.4


def order(pages: int) -> list[tuple[int, int]]:
    """Which pages lie beside each other on the sheets of a booklet.

    Args:
        pages: a multiple of four.

    Returns:
        (left, right) page numbers from 1 of each side of each sheet, front and back, the outermost sheet first.
    """
    sides = []
    for sheet in range(pages // 4):
        first, last = 2 * sheet + 1, pages - 2 * sheet
        sides += [(last, first), (first + 1, last - 1)]
    return sides


def creep(sheet: int, sheets: int) -> float:
    """How far a sheet's pages move towards the fold: the inner ones are pushed out when it is folded.

    Args:
        sheet: from 0, the outermost first.
        sheets: how many lie in each other.

    Returns:
        Millimetres.
    """
    return CREEP * sheet if sheets > 1 else 0.0


def impose(pdf: bytes, rtl: bool, single: bool = False) -> bytes:
    """A booklet with blank pages before its last, up to a multiple of four: as single pages, or laid on sheets.

    Args:
        pdf: its pages in the order of reading.
        rtl: whether the spine is on the right of the first page.
        single: whether they stay single, for a print shop that lays them out itself.
    """
    with Pdf.open(BytesIO(pdf)) as document:
        count = len(document.pages)
        blanks = -count % 4
        made = _padded(document, blanks) if single else _sheets(document, blanks, rtl)
        out = BytesIO()
        save(made, out)
        return out.getvalue()


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
    every = [*pages[:-1], *([None] * blanks), pages[-1]]
    left, bottom, right, top = (float(edge) for edge in pages[0].mediabox)
    width, height = right - left, top - bottom
    made = Pdf.new()
    forms = [None if page is None else made.copy_foreign(_form(page)) for page in every]
    sides = order(len(every))
    for at, pair in enumerate(sides):
        inward = creep(at // 2, len(sides) // 2) * POINT
        ways = reversed(pair) if rtl else pair
        drawn, resources = [], Dictionary()
        for half, number in enumerate(ways):
            form = forms[number - 1]
            if form is None:
                continue
            name = f"/P{half}"
            resources[name] = form
            # Each half shows its page whole, moved towards the fold between them.
            x = half * width + (inward if half == 0 else -inward)
            drawn.append(f"q 1 0 0 1 {x:.3f} 0 cm {name} Do Q")
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, round(2 * width, 3), round(height, 3)]),
            Resources=Dictionary(XObject=resources),
            Contents=made.make_stream("\n".join(drawn).encode()),
        )
        page.TrimBox = page.MediaBox
        made.pages.append(pikepdf.Page(made.make_indirect(page)))
    _keep_facts(document, made)
    return made


def _form(page: pikepdf.Page) -> pikepdf.Object:
    """A page as a drawing without marks of structure."""
    form = page.as_form_xobject()
    for name in (Name.StructParents, Name.StructParent):
        if name in form:
            del form[name]
    instructions = [
        each for each in pikepdf.parse_content_stream(form) if str(each.operator) not in ("BDC", "BMC", "EMC")
    ]
    form.write(pikepdf.unparse_content_stream(instructions))
    return form


def _keep_facts(document: Pdf, made: Pdf) -> None:
    """Title, author, date and language; nothing that promises tags."""
    made.Root.Lang = pikepdf.String(str(document.Root.get(Name.Lang, "")))
    for name, value in document.docinfo.items():
        made.docinfo[name] = pikepdf.String(str(value))
    made.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
