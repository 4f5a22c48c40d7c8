"""The last touch on a finished PDF: its text mended, no stroke too thin for its paper, and how a printer takes it."""

from __future__ import annotations

import re
from io import BytesIO
from math import sqrt

from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream, settings

from campaign.cleaning.font import without_names, without_notices
from campaign.models.formats import Format
from campaign.printing.pdf_text import repair_text

# A stroke as Typst writes it: a matrix of its own from the page's corner, a colour, and how wide it is in that.
STROKE = re.compile(rb"q\s((?:-?[\d.]+\s){6})cm[^()qQ]*?\s(-?[\d.]+) w")
WIDTH_SET = b" w"
# Of all that packs a PDF: a leaflet is 0.2 % heavier than at the usual 6, and packed in three quarters of the time.
settings.set_flate_compression_level(5)


def finish(pdf: bytes, least: float, format: Format) -> bytes:
    """The same PDF, ready for an office printer or a copier.

    Args:
        pdf: as Typst made it.
        least: how thin a stroke may be, in points.
        format: of the piece: how its paper is turned.
    """
    with Pdf.open(BytesIO(pdf)) as document:
        repair_text(document)
        drop_font_names(document)
        thicken(document, least)
        _tell_printer(document, format)
        out = BytesIO()
        # Typst's own account of the file stays as it is.
        keep = {"object_stream_mode": ObjectStreamMode.preserve, "fix_metadata_version": False}
        document.save(out, deterministic_id=True, **keep)
        return out.getvalue()


def shows(pdf: bytes, alt: str) -> bool:
    """Whether a PDF with tags has a picture of this description."""
    with Pdf.open(BytesIO(pdf)) as document:
        return any(isinstance(each, Dictionary) and str(each.get(Name.Alt, "")) == alt for each in document.objects)


def drop_font_names(document: Pdf) -> None:
    """Takes the names out of embedded fonts: who designed, bought and licensed them is nobody's business."""
    for each in document.objects:
        if isinstance(each, Dictionary) and Name.FontFile2 in each:
            font = each[Name.FontFile2]
            size = len(lean := without_names(font.read_bytes()))
            font.write(lean)
            font[Name.Length1] = size
        elif isinstance(each, Dictionary) and Name.FontFile3 in each:
            font = each[Name.FontFile3]
            font.write(without_notices(without_names(font.read_bytes())))


def thicken(document: Pdf, least: float) -> None:
    """Makes every stroke of a PDF at least so wide, in points at its final size: a copier loses what is thinner."""
    for stream in _streams(document):
        content = stream.read_bytes()
        if WIDTH_SET in content and (thick := _thickened(content, least)) != content:
            stream.write(thick)


def _streams(document: Pdf) -> list[Object]:
    found: list[Object] = []
    for page in document.pages:
        contents = page.obj.get(Name.Contents, Array())
        found += [*contents] if isinstance(contents, Array) else [contents]
    # krilla draws what is transparent in drawings of their own, whose space is the page's.
    found += [each for each in document.objects if isinstance(each, Stream) and each.get(Name.Subtype) == Name.Form]
    return found


def _thickened(content: bytes, least: float) -> bytes:
    parts, end, width = [], 0, -1
    # Looked for from its end: most matrices are those of text.
    while (width := content.find(WIDTH_SET, width + 1)) >= 0:
        found = STROKE.fullmatch(content, max(content.rfind(b"q", end, width), end), width + len(WIDTH_SET))
        if not found or not content[found.end() : found.end() + 1].isspace():
            continue
        a, b, c, d, *_ = map(float, found[1].split())
        scale = sqrt(abs(a * d - b * c))
        if scale and float(found[2]) * scale < least:
            # A little more, so that rounding takes nothing off.
            parts += [content[end : found.start(2)], b"%.4f w" % (least / scale + 0.00005)]
            end = found.end()
    return b"".join((*parts, content[end:]))


def _tell_printer(document: Pdf, format: Format) -> None:
    """Print dialogs open with it: not scaled where something is cut or folded, on both sides, turned as it is bound."""
    told = document.Root.get(Name.ViewerPreferences, Dictionary())
    if format.turn or format.sides:
        told.PrintScaling = Name("/None")
    if format.sides == 1:
        told.Duplex = Name.Simplex
    elif len(document.pages) > 1:
        told.Duplex = Name.DuplexFlipShortEdge if format.turn == "short" else Name.DuplexFlipLongEdge
    if not format.is_imposed and Name.Direction in told:
        # Only pages that lie side by side need it; pdfium turns the words of every line round by it, addresses too.
        del told[Name.Direction]
    if told:
        document.Root.ViewerPreferences = told
