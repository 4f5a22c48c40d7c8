"""Remove metadata, attachments, scripts, annotations, form data and previews from PDFs; pages look the same."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Name, Pdf

from campaign.cleaning.font import without_names, without_notices
from campaign.cleaning.hidden import HiddenContentError
from campaign.cleaning.icc import clean_profile
from campaign.cleaning.photo import NotRewritable, clean_photo

# Keys that show and order pages; others contain metadata or run something.
CATALOG = (
    *("/Type", "/Pages", "/Names", "/Dests", "/Outlines", "/Lang", "/MarkInfo", "/StructTreeRoot", "/PageLabels"),
    *("/PageMode", "/PageLayout", "/ViewerPreferences", "/OCProperties"),
)
PAGE = (
    *("/Type", "/Parent", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/Resources"),
    *("/Contents", "/Annots", "/Group", "/StructParents", "/Tabs", "/UserUnit"),
)
# Keys of any object that contain metadata, or something other than what the page shows.
REMOVED_ANYWHERE = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AA", "/AF", "/OPI", "/Alternates", "/Measure", "/VP"),
    *("/SeparationInfo", "/Private", "/PtData"),
)
TRAILER = ("/Root", "/Size", "/ID", "/Prev", "/XRefStm", "/W", "/Index", "/Type", "/Filter", "/Length", "/DecodeParms")
ACTION = ("/Type", "/S", "/URI", "/D")
LINK_KEYS = ["/Type", "/Subtype", "/Rect", "/Border", "/A", "/Dest", "/P", "/QuadPoints", "/H", "/StructParent"]
KEPT_BOXES = frozenset([b"jP  ", b"ftyp", b"jp2h", b"jp2c"])
BOX = 8  # bytes of a box header


def clean_pdf(data: bytes) -> bytes:
    """Return the visible content. Raise HiddenContentError if some is hidden; ValueError if it isn't readable."""
    try:
        with Pdf.open(BytesIO(data)) as pdf:
            _clean(pdf)
            file = BytesIO()
            mode = pikepdf.ObjectStreamMode.generate
            # Recompressing drops bytes after the end of compressed data.
            pdf.save(file, deterministic_id=True, object_stream_mode=mode, recompress_flate=True)
            return file.getvalue()
    except (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError) as error:
        raise ValueError(str(error)) from error


def _clean(pdf: Pdf) -> None:
    _keep(pdf.trailer, TRAILER)
    _keep(pdf.Root, CATALOG)
    if "/Names" in pdf.Root:
        _keep(pdf.Root.Names, ("/Dests",))
    _rename_layers(pdf)
    for page in pdf.pages:
        _keep(page.obj, PAGE)
        notes = [
            _link(pdf_object) for pdf_object in page.obj.get("/Annots", []) if pdf_object.get("/Subtype") == Name.Link
        ]
        _drop(page.obj, "/Annots")
        if notes:
            page.obj.Annots = pdf.make_indirect(pikepdf.Array(notes))
        page.obj.Contents = pdf.make_stream(_without_comments(page))
    for pdf_object in list(pdf.objects):
        if isinstance(pdf_object, pikepdf.Dictionary | pikepdf.Stream):
            _clean_object(pdf_object)
        if isinstance(pdf_object, pikepdf.Stream):
            _clean_stream(pdf_object)


def _clean_object(item: Any) -> None:
    for key in REMOVED_ANYWHERE:
        _drop(item, key)
    if item.get("/Type") == Name.StructElem:
        _drop(item, "/T")
    if "/Parent" in item and "/Title" in item:  # an entry of the outline
        _limit_action(item)
    for key in ("/FontFile", "/FontFile2", "/FontFile3"):
        if key in item and isinstance(item[key], pikepdf.Stream):
            _clean_font(key, item[key])


def _rename_layers(pdf: Pdf) -> None:
    layers: Any = pdf.Root.get("/OCProperties", {})
    default: Any = layers.get("/D", {})
    if len(default.get("/OFF", [])) or default.get("/BaseState") == Name.OFF:
        raise HiddenContentError("layers that are switched off")
    for number, item in enumerate(layers.get("/OCGs", []), 1):
        item.Name = pikepdf.String(f"{number}")
        _keep(item, ("/Type", "/Name", "/Intent"))
    for item in (default, *layers.get("/Configs", [])):
        _drop(item, "/Name")
        _drop(item, "/Creator")


def _without_comments(content: Any) -> bytes:
    """Return the operators of a page or form without anything between them."""
    return pikepdf.unparse_content_stream(pikepdf.parse_content_stream(content))


def _keep(holder: Any, keys: Sequence[str]) -> None:
    for key in [key for key in holder if key not in keys]:
        del holder[key]


def _drop(holder: Any, key: str) -> None:
    if key in holder:
        del holder[key]


def _link(note: Any) -> Any:
    """Return a link without its author; only addresses and places in the file are allowed."""
    _keep(note, LINK_KEYS)
    _limit_action(note)
    return note


def _limit_action(holder: Any) -> None:
    if "/A" in holder and holder.A.get("/S") not in (Name.URI, Name.GoTo):
        del holder["/A"]
    elif "/A" in holder:
        _keep(holder.A, ACTION)


def _clean_font(key: str, stream: Any) -> None:
    data = stream.read_bytes()
    stripped = without_notices(without_names(data))
    if stripped != data:
        stream.write(stripped)
        if key == "/FontFile2":
            stream.Length1 = len(stripped)


def _clean_stream(stream: Any) -> None:
    if stream.get("/Subtype") == Name.Image:
        _clean_picture(stream)
    elif stream.get("/Subtype") == Name.Form or stream.get("/PatternType") == 1:
        stream.write(_without_comments(stream))
    elif "/N" in stream and "/Type" not in stream and (profile := stream.read_bytes())[36:40] == b"acsp":
        stream.write(clean_profile(profile) or profile[:128] + bytes(4))


def _clean_picture(stream: Any) -> None:
    filters = stream.get("/Filter")
    names = [*filters] if isinstance(filters, pikepdf.Array) else [filters]
    try:
        data = stream.read_raw_bytes()
        if names == [Name.FlateDecode, Name.DCTDecode]:
            data = zlib.decompress(data)
        if names[-1] == Name.DCTDecode and len(names) <= 2:
            stream.write(clean_photo(data), filter=Name.DCTDecode)
        elif names == [Name.JPXDecode]:
            stream.write(_clean_jpeg2000(data), filter=Name.JPXDecode)
    except (NotRewritable, zlib.error):
        return


def _clean_jpeg2000(data: bytes) -> bytes:
    """Return the boxes that show the picture; a bare codestream stays unchanged."""
    if data[4:8] != b"jP  ":
        return data
    output, offset = b"", 0
    while offset + BOX <= len(data):
        size, head = int.from_bytes(data[offset : offset + 4]), BOX
        if size == 1:
            size, head = int.from_bytes(data[offset + 8 : offset + 16]), 16
        size = size or len(data) - offset
        if size < head:
            break
        if data[offset + 4 : offset + 8] in KEPT_BOXES:
            output += data[offset : offset + size]
        offset += size
    return output
