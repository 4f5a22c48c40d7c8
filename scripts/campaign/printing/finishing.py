"""Finishes a PDF for office printers and copiers: repairs copied text, thickens strokes, sets print options."""

from __future__ import annotations

import re
from io import BytesIO
from math import sqrt

from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream, settings

from campaign.cleaning.font import without_names, without_notices
from campaign.models.formats import Format
from campaign.printing.pdf_text import repair_text

# A stroke as Typst writes it: its own matrix, a colour, and the width in that matrix.
STROKE = re.compile(rb"q\s((?:-?[\d.]+\s){6})cm[^()qQ]*?\s(-?[\d.]+) w")
WIDTH_SET = b" w"
# Compression level: a leaflet is 0.2 % larger than at the default 6, in three quarters of the time.
settings.set_flate_compression_level(5)


def finish(pdf: bytes, least: float, format: Format) -> bytes:
    """Return Typst's PDF ready for an office printer or a copier. `least`: minimum stroke width in points."""
    with Pdf.open(BytesIO(pdf)) as document:
        repair_text(document)
        drop_font_names(document)
        thicken(document, least)
        _set_print_dialog(document, format)
        buffer = BytesIO()
        # Keep Typst's metadata unchanged.
        keep = {"object_stream_mode": ObjectStreamMode.preserve, "fix_metadata_version": False}
        document.save(buffer, deterministic_id=True, **keep)
        return buffer.getvalue()


def has_figure(pdf: bytes, alt: str) -> bool:
    """Return whether a tagged PDF has a figure with this alternative text."""
    with Pdf.open(BytesIO(pdf)) as document:
        return any(
            isinstance(pdf_object, Dictionary) and str(pdf_object.get(Name.Alt, "")) == alt
            for pdf_object in document.objects
        )


def drop_font_names(document: Pdf) -> None:
    """Remove the name tables of embedded fonts, which may identify the licensee."""
    for pdf_object in document.objects:
        if isinstance(pdf_object, Dictionary) and Name.FontFile2 in pdf_object:
            font = pdf_object[Name.FontFile2]
            size = len(stripped := without_names(font.read_bytes()))
            font.write(stripped)
            font[Name.Length1] = size
        elif isinstance(pdf_object, Dictionary) and Name.FontFile3 in pdf_object:
            font = pdf_object[Name.FontFile3]
            font.write(without_notices(without_names(font.read_bytes())))


def thicken(document: Pdf, least: float) -> None:
    """Make every stroke at least `least` points wide at its final size, because copiers lose thinner ones."""
    for stream in _streams(document):
        content = stream.read_bytes()
        if WIDTH_SET in content and (thickened := _thickened(content, least)) != content:
            stream.write(thickened)


def _streams(document: Pdf) -> list[Object]:
    objects: list[Object] = []
    for page in document.pages:
        contents = page.obj.get(Name.Contents, Array())
        objects += [*contents] if isinstance(contents, Array) else [contents]
    # krilla puts transparent objects into form XObjects in page space.
    objects += [
        pdf_object
        for pdf_object in document.objects
        if isinstance(pdf_object, Stream) and pdf_object.get(Name.Subtype) == Name.Form
    ]
    return objects


def _thickened(content: bytes, least: float) -> bytes:
    parts, end, width = [], 0, -1
    # Searched from the end, because most matrices belong to text.
    while (width := content.find(WIDTH_SET, width + 1)) >= 0:
        match = STROKE.fullmatch(content, max(content.rfind(b"q", end, width), end), width + len(WIDTH_SET))
        if not match or not content[match.end() : match.end() + 1].isspace():
            continue
        a, b, c, d, *_ = map(float, match[1].split())
        scale = sqrt(abs(a * d - b * c))
        if scale and float(match[2]) * scale < least:
            # Slightly more, so that rounding doesn't make it too thin.
            parts += [content[end : match.start(2)], b"%.4f w" % (least / scale + 0.00005)]
            end = match.end()
    return b"".join((*parts, content[end:]))


def _set_print_dialog(document: Pdf, format: Format) -> None:
    """Set the print dialog's presets: no scaling if the piece is cut or folded, and the duplex mode.

    An imposed format's reading file gets none; its sheets get theirs from `imposition`.
    """
    if format.is_imposed:
        return
    preferences = document.Root.get(Name.ViewerPreferences, Dictionary())
    if format.turn or format.sides:
        preferences.PrintScaling = Name("/None")
    if format.sides == 1:
        preferences.Duplex = Name.Simplex
    elif len(document.pages) > 1:
        preferences.Duplex = Name.DuplexFlipShortEdge if format.turn == "short" else Name.DuplexFlipLongEdge
    if Name.Direction in preferences:
        # Only for facing pages, since pdfium reverses the words of every line because of it, addresses too.
        del preferences[Name.Direction]
    if preferences:
        document.Root.ViewerPreferences = preferences
