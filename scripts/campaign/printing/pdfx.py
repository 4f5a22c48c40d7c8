"""Makes a PDF for print shops: PDF/X-4 (ISO 15930-7) in CMYK, with boxes and an output intent."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from campaign.models.formats import BLEED
from campaign.models.theme import Profile
from campaign.printing.finishing import drop_font_names, thicken
from campaign.printing.inks import Converter, Inks, PrepressError, drop
from campaign.printing.pdf_text import repair_text
from campaign.printing.spot_art import spot_spaces

__all__ = ["PrepressError", "save", "to_pdfx"]

POINT = 72 / 25.4


def to_pdfx(
    pdf: bytes, inks: Inks, profile: Profile, day: date, least: float, spots: Mapping[str, str] | None = None
) -> bytes:
    """Return Typst's PDF as PDF/X-4 for one paper and press.

    `inks` are percentages by '#rrggbb', `least` is the minimum stroke width in points, `spots` are the names of spot
    inks by the '#rrggbb' that drawings have for them.

    Raises:
        PrepressError: an RGB colour can't be converted.
    """
    with Pdf.open(BytesIO(pdf)) as document:
        repair_text(document)
        drop_font_names(document)
        thicken(document, least)
        converter = Converter(document, inks, profile, spot_spaces(document.pages[0], spots or {}))
        for page in document.pages:
            _set_boxes(page)
            drop(page.obj, Name.Annots)
            converter.convert_resources(page.obj.get(Name.Resources))
            converter.convert_contents(page)
            if Name.Group in page.obj:
                converter.convert_group(page.obj.Group)
        _rename_fonts(converter.fonts)
        _set_intent(document, profile)
        _set_metadata(document, day)
        buffer = BytesIO()
        save(document, buffer)
        return buffer.getvalue()


def save(document: Pdf, buffer: BytesIO) -> None:
    """Save a document reproducibly, with a classic cross-reference table.

    A compressed cross-reference stream would make files a tenth smaller, but when it ends with a line feed or carriage
    return, JHOVE 1.28 reports the file as malformed.
    """
    plain = pikepdf.ObjectStreamMode.disable
    document.save(buffer, deterministic_id=True, force_version="1.6", object_stream_mode=plain)


def _set_boxes(page: pikepdf.Page) -> None:
    """Set the page boxes: the bleed is 3 mm beyond the trim, crop marks are outside."""
    left, bottom, right, top = (float(number) for number in page.trimbox)
    bleed = BLEED * POINT
    page.bleedbox = Array([round(number, 3) for number in (left - bleed, bottom - bleed, right + bleed, top + bleed)])
    drop(page.obj, Name.ArtBox, Name.CropBox)


def _set_intent(document: Pdf, profile: Profile) -> None:
    embedded = Stream(document, _compressed_profile(profile))
    embedded.Filter, embedded.N = Name.FlateDecode, 4
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=profile.condition,
        OutputCondition=profile.about,
        RegistryName="http://www.color.org",
        Info=profile.file.stem.replace("_", " "),
        DestOutputProfile=document.make_indirect(embedded),
    )
    document.Root.OutputIntents = Array([document.make_indirect(intent)])


@lru_cache(maxsize=4)
def _compressed_profile(profile: Profile) -> bytes:
    return zlib.compress(profile.file.read_bytes(), 9)


def _set_metadata(document: Pdf, day: date) -> None:
    """Declare PDF/X-4 in the document info and in Typst's XMP packet."""
    packet = document.Root.Metadata.read_bytes().decode()
    stamp = f"{day.isoformat()}T00:00:00Z"
    extra = (
        '<pdfxid:GTS_PDFXVersion xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">PDF/X-4</pdfxid:GTS_PDFXVersion>'
        "<pdf:Trapped>False</pdf:Trapped><xmpMM:VersionID>1</xmpMM:VersionID>"
        f"<xmp:MetadataDate>{stamp}</xmp:MetadataDate>"
    )
    position = packet.index("</rdf:Description></rdf:RDF>")
    document.Root.Metadata = Stream(document, (packet[:position] + extra + packet[position:]).encode())
    document.Root.Metadata.Type, document.Root.Metadata.Subtype = Name.Metadata, Name.XML
    info = document.docinfo
    info[Name.GTS_PDFXVersion], info[Name.Trapped] = pikepdf.String("PDF/X-4"), Name("/False")


def _rename_fonts(fonts: Mapping[tuple[int, int], pikepdf.Object]) -> None:
    """Give two weights of a variable font different names, because a RIP may confuse them."""
    counts: dict[str, int] = {}
    objects: dict[tuple[int, int], pikepdf.Object] = {}
    for _, font in sorted(fonts.items()):
        if font.get(Name.Subtype) != Name.Type0:
            continue
        letters = font.DescendantFonts[0]
        if letters.objgen not in objects:
            name = str(font.BaseFont)
            counts[name] = counts.get(name, 0) + 1
            new = Name(f"{name}-{counts[name]}") if counts[name] > 1 else font.BaseFont
            objects[letters.objgen] = letters.BaseFont = letters.FontDescriptor.FontName = new
        # Copies of a font with another text mapping share its glyphs and name.
        font.BaseFont = objects[letters.objgen]
