"""Opens every PDF that was made and looks for what a printer would send back, or a reader stumble over.

Colours are read off the operators that set them, state by state; what they paint is not looked at. The rules: PDF/X-4
(ISO 15930-7) for the print shop; PDF/UA-1 and PDF/A-2a for the office, whose own makers hold most of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from campaign.formats import BLEED, FORMATS
from campaign.model import PHOTOCOPY, PRINT_SHOP, Output
from campaign.problems import Problem

POINT = 72 / 25.4
TOLERANCE = 0.05  # millimetres
INK_LIMIT = 3.0  # of 4: what coated paper takes (FOGRA39)
A4 = (210.0, 297.0)
FIX = "This is a fault of the generator or of a drawing: tell whoever looks after it."

STRING = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>", re.DOTALL)
SPACES = (b"cs", b"CS")
PAINTS = {b"k": "ink", b"rg": "rgb", b"g": "grey", b"sc": "", b"scn": ""}
OPERATORS = frozenset((b"q", b"Q", b"Tj", b"TJ", b"'", *SPACES, *PAINTS, *(name.upper() for name in PAINTS)))


@dataclass(frozen=True)
class _Paint:
    """A colour as it was set. kind: 'ink', 'spot', 'grey', 'rgb'."""

    kind: str
    parts: tuple[float, ...]

    @property
    def ink(self) -> float:
        """How much ink lies in it, of 4."""
        return sum(self.parts) if self.kind == "ink" else 0.0


@dataclass
class _Used:
    """What one PDF paints with."""

    paints: set[_Paint] = field(default_factory=set)
    texts: set[_Paint] = field(default_factory=set)
    spaces: set[str] = field(default_factory=set)


def check_print(path: Path, output: Output, language: str) -> Iterator[Problem]:
    """What is wrong with one PDF."""
    with pikepdf.open(path) as pdf:
        for what in _faults(pdf, output, language):
            yield Problem(f"dist/{output.path}", what, FIX)


def _faults(pdf: pikepdf.Pdf, output: Output, language: str) -> Iterator[str]:
    used = _used(pdf)
    yield from _fonts(pdf)
    if output.flavour == PRINT_SHOP:
        yield from _boxes(pdf, output)
        yield from _intent(pdf)
        yield from _inks(used)
        if any(Name.Annots in page.obj for page in pdf.pages):
            yield "A page holds links or notes: a print shop's machine may print them."
        return
    yield from _office(pdf, output, language)
    if output.flavour == PHOTOCOPY and any(not _is_black_or_white(paint) for paint in used.paints):
        yield "A master for photocopies holds a colour or a tint."


def _boxes(pdf: pikepdf.Pdf, output: Output) -> Iterator[str]:
    format = FORMATS[output.format]
    for number, page in enumerate(pdf.pages, 1):
        trim, bleed, media = (
            [float(edge) / POINT for edge in box] for box in (page.trimbox, page.bleedbox, page.mediabox)
        )
        width, height = trim[2] - trim[0], trim[3] - trim[1]
        if abs(width - format.width) > TOLERANCE or abs(height - format.height) > TOLERANCE:
            yield f"Page {number} is trimmed to {width:.1f} x {height:.1f} mm, not {format.width} x {format.height}."
        wanted = [trim[0] - BLEED, trim[1] - BLEED, trim[2] + BLEED, trim[3] + BLEED]
        if any(abs(found - edge) > TOLERANCE for found, edge in zip(bleed, wanted, strict=True)):
            yield f"The bleed of page {number} does not reach {BLEED:g} mm past its trim."
        if bleed[0] < media[0] - TOLERANCE or bleed[2] > media[2] + TOLERANCE:
            yield f"The bleed of page {number} is cut off by the page."


def _intent(pdf: pikepdf.Pdf) -> Iterator[str]:
    intents = [intent for intent in pdf.Root.get(Name.OutputIntents, Array()) if intent.get(Name.S) == Name.GTS_PDFX]
    if not intents:
        yield "It does not say for which paper and press its inks are meant (OutputIntent)."
    elif int(intents[0].get(Name.DestOutputProfile, Dictionary(N=0)).get(Name.N, 0)) != 4:
        yield "The profile of its output intent is not one of four inks."
    if str(pdf.docinfo.get(Name.GTS_PDFXVersion, "")) != "PDF/X-4":
        yield "It does not say that it is PDF/X-4."


def _inks(used: _Used) -> Iterator[str]:
    screens = {"rgb"} & (used.spaces | {paint.kind for paint in used.paints})
    if screens:
        yield "It holds screen colours (RGB)."
    heavy = max((paint.ink for paint in used.paints), default=0)
    if heavy > INK_LIMIT + 0.005:
        yield f"A colour lays down {heavy * 100:.0f} % of ink, more than the paper takes ({INK_LIMIT * 100:.0f} %)."
    for paint in used.texts:
        # Light letters on a dark ground are a matter of display; dark ones are black alone, or plates have to meet.
        if paint.kind == "ink" and len(paint.parts) == 4 and sum(paint.parts[:3]) > 0.01 and paint.ink > 2:
            yield "Text is set in several inks instead of black alone."
            return


def _office(pdf: pikepdf.Pdf, output: Output, language: str) -> Iterator[str]:
    if str(pdf.Root.get(Name.Lang, "")).split("-")[0] != language.split("-")[0]:
        yield f"It does not say that its language is `{language}`."
    for page in pdf.pages:
        width, height = (float(page.mediabox[at + 2] - page.mediabox[at]) / POINT for at in (0, 1))
        own = (FORMATS[output.format].width, FORMATS[output.format].height)
        pair = (2 * own[0], own[1])
        if not any(_is_like((width, height), size) for size in (A4, A4[::-1], own, pair)):
            yield f"A page is {width:.0f} x {height:.0f} mm: no office printer has such paper."
            break
    if output.part == "sheets":
        return
    if not pdf.Root.get(Name.MarkInfo, Dictionary()).get(Name.Marked, False) or Name.StructTreeRoot not in pdf.Root:
        yield "It bears no tags: a screen reader cannot tell a heading from a line."
    packet = pdf.Root.Metadata.read_bytes() if Name.Metadata in pdf.Root else b""
    if b"pdfuaid:part" not in packet or b"pdfaid:part" not in packet:
        yield "It does not say that it is PDF/UA-1 and PDF/A-2."


def _is_like(found: tuple[float, float], size: tuple[float, float]) -> bool:
    return all(abs(a - b) <= TOLERANCE for a, b in zip(found, size, strict=True))


def _is_black_or_white(paint: _Paint) -> bool:
    return len({*paint.parts}) == 1 and paint.parts[0] in (0.0, 1.0)


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for number in range(1, len(pdf.objects) + 1):
        try:
            one = pdf.get_object(number, 0)
        except (ValueError, IndexError):
            continue
        if isinstance(one, Dictionary) and one.get(Name.Type) == Name.FontDescriptor:
            name = str(one.get(Name.FontName, ""))[1:]
            if not {Name.FontFile, Name.FontFile2, Name.FontFile3} & set(map(Name, one.keys())):
                yield f"The font {name} is not embedded."
            elif not re.match(r"[A-Z]{6}\+", name):
                yield f"The font {name} is embedded whole: only the letters used should be."


def _used(pdf: pikepdf.Pdf) -> _Used:
    used, seen = _Used(), set()
    for page in pdf.pages:
        contents = page.obj.get(Name.Contents, Array())
        streams = [*contents] if isinstance(contents, Array) else [contents]
        _read(b"\n".join(stream.read_bytes() for stream in streams), page.obj.get(Name.Resources), used, seen)
        _note_group(page.obj, used)
    return used


def _read(content: bytes, resources: pikepdf.Object | None, used: _Used, seen: set) -> None:
    """Follows the operators of one stream, and of the drawings that it calls."""
    spaces = _spaces(resources)
    fill_space = stroke_space = ""
    fill = _Paint("ink", (0.0, 0.0, 0.0, 1.0))
    stack: list[tuple[str, _Paint]] = []
    words = STRING.sub(b" () ", content).replace(b"]", b" ] ").split()
    for at, word in enumerate(words):
        if word not in OPERATORS:
            continue
        if word == b"q":
            stack.append((fill_space, fill))
        elif word == b"Q":
            fill_space, fill = stack.pop() if stack else (fill_space, fill)
        elif word in SPACES:
            kind = spaces.get(words[at - 1].decode("latin-1"), "")
            used.spaces.add(kind)
            fill_space, stroke_space = (kind, stroke_space) if word == b"cs" else (fill_space, kind)
        elif word.lower() in PAINTS:
            kind = PAINTS[word.lower()] or (fill_space if word.islower() else stroke_space)
            made = _Paint(kind, _numbers(words[max(0, at - 4) : at]))
            used.paints.add(made)
            fill = made if word.islower() else fill
        else:
            used.texts.add(fill)
    _follow(resources, used, seen)


def _numbers(words: list[bytes]) -> tuple[float, ...]:
    """The numbers at the end of some words."""
    found: list[float] = []
    for word in reversed(words):
        try:
            found.insert(0, float(word))
        except ValueError:
            break
    return tuple(found)


def _spaces(resources: pikepdf.Object | None) -> Mapping[str, str]:
    found = {"/DeviceCMYK": "ink", "/DeviceRGB": "rgb", "/DeviceGray": "grey"}
    for name, space in (
        resources.get(Name.ColorSpace, Dictionary()) if resources is not None else Dictionary()
    ).items():
        found[str(name)] = _kind(space)
    return found


def _kind(space: pikepdf.Object) -> str:
    if isinstance(space, Name):
        return {"/DeviceRGB": "rgb", "/DeviceGray": "grey", "/DeviceCMYK": "ink"}.get(str(space), "")
    head = str(space[0])
    if head == "/ICCBased":
        return {1: "grey", 3: "rgb", 4: "ink"}.get(int(space[1].N), "")
    return {"/CalRGB": "rgb", "/CalGray": "grey", "/Separation": "spot", "/DeviceN": "spot"}.get(head, "")


def _follow(resources: pikepdf.Object | None, used: _Used, seen: set) -> None:
    if resources is None:
        return
    drawn = [*resources.get(Name.XObject, Dictionary()).values(), *resources.get(Name.Pattern, Dictionary()).values()]
    for shading in resources.get(Name.Shading, Dictionary()).values():
        used.spaces.add(_kind(shading.ColorSpace))
    for one in drawn:
        if one.is_indirect and one.objgen in seen:
            continue
        seen.add(one.objgen)
        _note_group(one, used)
        if one.get(Name.Subtype) == Name.Image:
            if Name.ColorSpace in one:
                used.spaces.add(_kind(one.ColorSpace))
        elif isinstance(one, Stream):
            _read(one.read_bytes(), one.get(Name.Resources), used, seen)
        elif Name.Shading in one:
            used.spaces.add(_kind(one.Shading.ColorSpace))


def _note_group(one: pikepdf.Object, used: _Used) -> None:
    """A transparency group blends in a colour space of its own."""
    group = one.get(Name.Group)
    if group is not None and Name.CS in group:
        used.spaces.add(_kind(group.CS))
