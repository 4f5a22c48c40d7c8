"""Open every PDF and look for what a print shop would reject or readers would stumble over.

Rules: PDF/X-4 (ISO 15930-7) for the print shop; PDF/UA-1 and PDF/A-2a for the office, which Typst mostly ensures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from campaign.checks.painted import Paint, Painted, read_painted
from campaign.checks.struck import struck_pages
from campaign.models.formats import BLEED, PAPERS, Format, least_stroke
from campaign.models.outputs import PHOTOCOPY, PRINT_SHOP, Output
from campaign.models.problem import Problem
from campaign.models.theme import Profile

POINT = 72 / 25.4
TOLERANCE = 0.05  # millimetres
ROUNDING = 0.01  # of one ink, in eight bits
A4 = (210.0, 297.0)
FIX = "This is a bug in the generator or a drawing: report it."


def check_print(path: Path, output: Output, format: Format, language: str, profile: Profile) -> Iterator[Problem]:
    """Yield the problems of a PDF."""
    with pikepdf.open(path) as pdf:
        for rule, fault in _faults(pdf, output, format, language, profile).items():
            yield from (Problem(rule, f"dist/{output.path}", message, FIX) for message in fault)
    for number in struck_pages(path):
        message = f"A line runs through words on page {number}."
        fix = "Shorten the text of that panel, or move some of it to another."
        yield Problem("print-struck", f"dist/{output.path}", message, fix)


def max_ink(path: Path) -> float:
    """Return the highest ink coverage in a PDF; 1 for all of one ink."""
    with pikepdf.open(path) as pdf:
        return _weights(read_painted(pdf))[0]


def _weights(painted: Painted) -> list[float]:
    return sorted((painted.picture_ink, *(paint.ink for paint in painted.paints)), reverse=True)


def _blending(painted: Painted) -> float:
    """Return an upper bound of the coverage of overlapping layers."""
    inks = [paint.parts for paint in painted.paints if paint.kind == "ink" and len(paint.parts) == 4]
    peaks = [max(parts) for parts in zip(painted.picture_parts, *inks, strict=True)]
    spots = sum(paint.ink for paint in painted.paints if paint.kind == "spot")
    return spots + sum(float(peak > 0) if painted.laid == "blended" else peak for peak in peaks)


def _faults(
    pdf: pikepdf.Pdf, output: Output, format: Format, language: str, profile: Profile
) -> dict[str, Iterator[str]]:
    painted = read_painted(pdf)
    if output.flavour == PRINT_SHOP:
        return {
            "print-font": _fonts(painted),
            "print-box": _boxes(pdf, format),
            "print-intent": _intent(pdf, profile),
            "print-ink": _inks(painted, profile.ink_limit / 100),
            "print-text-ink": _text(painted),
            "print-resolution": _resolution(painted, format.least_ppi),
            "print-stroke": _strokes(painted, output),
            "print-gradient": _lost(painted),
            "print-link": _links(pdf),
        }
    return {
        "print-font": _fonts(painted),
        "print-paper": _paper(pdf, format),
        "print-accessible": _access(pdf, output, language),
        "print-gradient": _lost(painted),
        "print-stroke": _strokes(painted, output),
        "print-tint": _tints(painted, pdf) if output.flavour == PHOTOCOPY else iter(()),
    }


def _boxes(pdf: pikepdf.Pdf, format: Format) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, 1):
        trim, bleed, media = (
            [float(edge) / POINT for edge in box] for box in (page.trimbox, page.bleedbox, page.mediabox)
        )
        width, height = trim[2] - trim[0], trim[3] - trim[1]
        if abs(width - format.width) > TOLERANCE or abs(height - format.height) > TOLERANCE:
            yield f"Page {number} is trimmed to {width:.1f} x {height:.1f} mm, not {format.width} x {format.height}."
        expected = [trim[0] - BLEED, trim[1] - BLEED, trim[2] + BLEED, trim[3] + BLEED]
        if any(abs(value - edge) > TOLERANCE for value, edge in zip(bleed, expected, strict=True)):
            yield f"The bleed of page {number} does not reach {BLEED:g} mm past its trim."
        inward = zip(bleed, media, (1, 1, -1, -1), strict=True)
        if any((value - edge) * sign < -TOLERANCE for value, edge, sign in inward):
            yield f"The bleed of page {number} is cut off by the page."


def _intent(pdf: pikepdf.Pdf, profile: Profile) -> Iterator[str]:
    intents = [intent for intent in pdf.Root.get(Name.OutputIntents, Array()) if intent.get(Name.S) == Name.GTS_PDFX]
    if not intents:
        yield "It doesn't name the paper and press for its inks (OutputIntent)."
    elif int(intents[0].get(Name.DestOutputProfile, Dictionary(N=0)).get(Name.N, 0)) != 4:
        yield "The profile of its output intent is not one of four inks."
    elif str(intents[0].get(Name.OutputConditionIdentifier, "")) != profile.condition:
        yield f"It doesn't say that its inks are meant for {profile.condition}."
    if str(pdf.docinfo.get(Name.GTS_PDFXVersion, "")) != "PDF/X-4":
        yield "It does not say that it is PDF/X-4."


def _inks(painted: Painted, limit: float) -> Iterator[str]:
    if "rgb" in painted.spaces | {paint.kind for paint in painted.paints}:
        yield "It holds screen colours (RGB)."
    weights = _weights(painted)
    if weights[0] > limit + ROUNDING:
        yield f"A colour lays down {weights[0] * 100:.0f} % of ink, more than the paper takes ({limit * 100:.0f} %)."
    elif painted.laid and _blending(painted) > limit + ROUNDING:
        yield f"Overprinted inks may add up to more than the paper takes ({limit * 100:.0f} %)."


def _text(painted: Painted) -> Iterator[str]:
    for paint in painted.texts:
        # Light text on a dark background is display type; dark text must be pure black, or plates would need perfect
        # register.
        if paint.kind == "ink" and len(paint.parts) == 4 and sum(paint.parts[:3]) > 0.01 and paint.ink > 2:
            yield "Text uses several inks instead of only black."
            return


def _resolution(painted: Painted, least: int) -> Iterator[str]:
    if min(painted.densities, default=least) < least - 1:
        yield f"A picture has {min(painted.densities):.0f} dots to an inch at its size: {least} are needed."


def _strokes(painted: Painted, output: Output) -> Iterator[str]:
    least = least_stroke(output.flavour)
    if painted.thinnest < least - 0.001:
        yield f"A stroke is {painted.thinnest:.2f} points wide at its size: {least:g} are needed."


def _lost(painted: Painted) -> Iterator[str]:
    if painted.lost:
        yield f"A gradient or a pattern is painted with that is not in the file: {', '.join(sorted(painted.lost))}."


def _links(pdf: pikepdf.Pdf) -> Iterator[str]:
    if any(Name.Annots in page.obj for page in pdf.pages):
        yield "A page holds links or notes: a print shop's machine may print them."


def _tints(painted: Painted, pdf: pikepdf.Pdf) -> Iterator[str]:
    if any(not _is_black_or_white(paint) for paint in painted.paints) or any(map(_has_tint, pdf.objects)):
        yield "A master for photocopies holds a colour or a tint."


def _paper(pdf: pikepdf.Pdf, format: Format) -> Iterator[str]:
    for page in pdf.pages:
        width, height = (float(page.mediabox[axis + 2] - page.mediabox[axis]) / POINT for axis in (0, 1))
        format_size = (format.width, format.height)
        sizes = (A4, A4[::-1], PAPERS[format.paper][::-1], format_size, (2 * format_size[0], format_size[1]))
        if not any(_is_same_size((width, height), size) for size in sizes):
            yield f"A page is {width:.0f} x {height:.0f} mm: no office printer has such paper."
            break


def _access(pdf: pikepdf.Pdf, output: Output, language: str) -> Iterator[str]:
    if str(pdf.Root.get(Name.Lang, "")).split("-")[0] != language.split("-")[0]:
        yield f"It does not say that its language is `{language}`."
    if output.part == "sheets":
        return
    if not pdf.Root.get(Name.MarkInfo, Dictionary()).get(Name.Marked, False) or Name.StructTreeRoot not in pdf.Root:
        yield "It has no tags: a screen reader cannot tell a heading from a line."
    packet = pdf.Root.Metadata.read_bytes() if Name.Metadata in pdf.Root else b""
    if b"pdfuaid:part" not in packet or b"pdfaid:part" not in packet:
        yield "It does not say that it is PDF/UA-1 and PDF/A-2."


def _is_same_size(result: tuple[float, float], size: tuple[float, float]) -> bool:
    return all(abs(a - b) <= TOLERANCE for a, b in zip(result, size, strict=True))


def _is_black_or_white(paint: Paint) -> bool:
    return len({*paint.parts}) == 1 and paint.parts[0] in (0.0, 1.0)


def _has_tint(pdf_object: pikepdf.Object) -> bool:
    if not isinstance(pdf_object, Stream) or pdf_object.get(Name.Subtype) != Name.Image:
        return False
    dots = pikepdf.PdfImage(pdf_object).as_pil_image().convert("RGB")
    return any(colour not in ((0, 0, 0), (255, 255, 255)) for _, colour in dots.getcolors(2) or [(0, None)])


def _fonts(painted: Painted) -> Iterator[str]:
    for font in painted.fonts.values():
        descendant = font.DescendantFonts[0] if Name.DescendantFonts in font else font
        if descendant.get(Name.Subtype) == Name.Type3:
            continue
        described = descendant.get(Name.FontDescriptor, Dictionary())
        name = str(described.get(Name.FontName, descendant.get(Name.BaseFont, "")))[1:]
        if not any(file in described for file in (Name.FontFile, Name.FontFile2, Name.FontFile3)):
            yield f"The font {name} is not embedded."
        elif not re.match(r"[A-Z]{6}\+", name):
            yield f"The font {name} is embedded whole: only the letters used should be."
