"""PDFs without metadata, attachments, scripts, notes, forms' data and previews; pages look as before."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Name, Pdf

from campaign.cleaning.photo import NotRewritable, clean_photo

# What shows and orders pages; all else of a document and of its pages says or runs something.
CATALOG = (
    *("/Type", "/Pages", "/Names", "/Dests", "/Outlines", "/Lang", "/MarkInfo", "/StructTreeRoot", "/PageLabels"),
    *("/PageMode", "/PageLayout", "/ViewerPreferences", "/OCProperties"),
)
PAGE = (
    *("/Type", "/Parent", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/Resources"),
    *("/Contents", "/Annots", "/Group", "/StructParents", "/Tabs", "/UserUnit"),
)
ANYWHERE = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AA", "/AF")
LINK_KEYS = ["/Type", "/Subtype", "/Rect", "/Border", "/A", "/Dest", "/P", "/QuadPoints", "/H", "/StructParent"]


def clean_pdf(data: bytes) -> bytes:
    """What can be seen of a PDF.

    Raises:
        ValueError: it is no PDF, damaged, or locked with a password.
    """
    try:
        with Pdf.open(BytesIO(data)) as pdf:
            _clean(pdf)
            file = BytesIO()
            pdf.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
            return file.getvalue()
    except (pikepdf.PdfError, RuntimeError) as error:
        raise ValueError(str(error)) from error


def _clean(pdf: Pdf) -> None:
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    _keep(pdf.Root, CATALOG)
    if "/Names" in pdf.Root:
        _keep(pdf.Root.Names, ("/Dests",))
    for page in pdf.pages:
        _keep(page.obj, PAGE)
        notes = [_link(each) for each in page.obj.get("/Annots", []) if each.get("/Subtype") == Name.Link]
        _drop(page.obj, "/Annots")
        if notes:
            page.obj.Annots = pdf.make_indirect(pikepdf.Array(notes))
    for each in list(pdf.objects):
        if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            for key in ANYWHERE:
                _drop(each, key)
        if isinstance(each, pikepdf.Stream):
            _clean_picture(each)


def _keep(holder: Any, keys: Sequence[str]) -> None:
    for key in [key for key in holder if key not in keys]:
        del holder[key]


def _drop(holder: Any, key: str) -> None:
    if key in holder:
        del holder[key]


def _link(note: Any) -> Any:
    """A link without who made it; nothing but an address or a place in the file is opened."""
    _keep(note, LINK_KEYS)
    if "/A" in note and note.A.get("/S") not in (Name.URI, Name.GoTo):
        del note["/A"]
    return note


def _clean_picture(stream: Any) -> None:
    """The same JPEG without Exif, XMP and comments."""
    if stream.get("/Subtype") == Name.Image and stream.get("/Filter") in (Name.DCTDecode, [Name.DCTDecode]):
        try:
            stream.write(clean_photo(stream.read_raw_bytes()), filter=Name.DCTDecode)
        except NotRewritable:
            return
