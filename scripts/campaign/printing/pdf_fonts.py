"""Fonts in a PDF: the text and shape of each glyph, and copies of a font with other texts ("twins")."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, Pdf

# Characters only for line breaks and direction; not the two joiners used in words (U+200C, U+200D).
INVISIBLE_CHARACTERS = re.compile("[\u2060\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
# `<glyph> <text>`, in hexadecimal, the second in UTF-16: a line of a font's map, as Typst writes it.
CMAP_LINE = re.compile(rb"^<([0-9A-F]{4})> <((?:[0-9A-F]{4})+)>$", re.MULTILINE)
CMAP = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo 3 dict dup begin
    /Registry (Adobe) def
    /Ordering (Identity) def
    /Supplement 0 def
end def
/CMapName /Custom def
/CMapVersion 1 def
/CMapType 0 def
/WMode 0 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
%bendcmap
CMapName currentdict /CMap defineresource pop
end
end
"""
BRACKET_PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">", "«": "»", "‹": "›", "⟨": "⟩"}
MIRRORED = {**BRACKET_PAIRS, **{after: before for before, after in BRACKET_PAIRS.items()}}
TWIN_SUFFIX = b"-twin-"  # in the name of a copy with other texts, see Font


class _Outline(BasePen):  # type: ignore[misc]  # fontTools brings no types
    """Records a glyph as a PDF path in font units, and its edges."""

    def __init__(self, glyphs: object) -> None:
        super().__init__(glyphs)
        self.words: list[str] = []
        self.edges: list[tuple[tuple[float, float], tuple[float, float]]] = []

    def _write(self, word: str, *points: tuple[float, float]) -> None:
        self.words += [*(f"{part:g}" for point in points for part in point), word]

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self.start = self.at = pt
        self._write("m", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self.edges.append((self.at, pt))
        self.at = pt
        self._write("l", pt)

    def _curveToOne(self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]) -> None:
        middle = tuple((a + 3 * b + 3 * c + d) / 8 for a, b, c, d in zip(self.at, pt1, pt2, pt3, strict=True))
        self.edges += [(self.at, (middle[0], middle[1])), ((middle[0], middle[1]), pt3)]
        self.at = pt3
        self._write("c", pt1, pt2, pt3)

    def _closePath(self) -> None:
        self.edges.append((self.at, self.start))
        self._write("h")


@dataclass
class Font:
    """A font in a PDF."""

    object: Object
    says: dict[bytes, str] = field(default_factory=dict)  # text by glyph, without control characters
    widths: dict[bytes, float] = field(default_factory=dict)  # by glyph, in thousandths of the size
    default: float = 1000  # width of other glyphs
    ambiguous: frozenset[bytes] = frozenset()  # ligatures, joiners, and glyphs with the same text as another
    is_turned: bool = False  # whether it has right-to-left letters
    is_new: bool = False
    file: TTFont | None = None
    drawn: dict[bytes, _Outline] = field(default_factory=dict)
    heights: dict[bytes, float] = field(default_factory=dict)
    others: list[dict[bytes, str]] = field(default_factory=list)

    def saying(self, name: bytes, glyph: bytes, text: str, fonts: dict[bytes, Font]) -> bytes:
        """Return the name of the font, this or a twin, where `glyph` has this text; twins are added to `fonts`."""
        if self.says.get(glyph) == text:
            return name
        position = next(
            (index for index, item in enumerate(self.others) if item.get(glyph, text) == text), len(self.others)
        )
        self.others += [{}] if position == len(self.others) else []
        self.others[position][glyph] = text
        twin = b"%b%b%d" % (name, TWIN_SUFFIX, position)
        fonts[twin] = self
        return twin

    def twins(self, document: Pdf) -> list[Object]:
        """Return a copy of the font for each set of other texts."""
        return [self._twin(document, {**self.says, **item}) for item in self.others]

    def _twin(self, document: Pdf, says: dict[bytes, str]) -> Object:
        twin = document.make_indirect(Dictionary(dict(self.object.items())))
        lines = [b"<%b> <%b>\n" % (glyph.hex().upper().encode(), to_hex(text)) for glyph, text in says.items() if text]
        groups = [lines[index : index + 100] for index in range(0, len(lines), 100)]
        maps = (b"%d beginbfchar\n%bendbfchar\n" % (len(group), b"".join(group)) for group in groups)
        twin.ToUnicode = document.make_stream(CMAP % b"".join(maps))
        return twin

    def width(self, glyph: bytes) -> float:
        """Return a glyph's width in thousandths of the size."""
        return self.widths.get(glyph, self.default)

    @property
    def can_draw(self) -> bool:
        """Whether glyph shapes can be read: TrueType with identity mapping."""
        descendant = self.object.DescendantFonts[0]
        return (
            Name.FontFile2 in descendant.get(Name.FontDescriptor, Dictionary())
            and descendant.get(Name.CIDToGIDMap, Name.Identity) == Name.Identity
        )

    def outline(self, glyph: bytes) -> _Outline:
        """Return a glyph's shape in font units."""
        if glyph not in self.drawn:
            if self.file is None:
                data = self.object.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
                self.file = TTFont(BytesIO(data), lazy=True)
            glyphs = self.file.getGlyphSet()
            self.drawn[glyph] = _Outline(glyphs)
            glyphs[self.file.getGlyphOrder()[int.from_bytes(glyph, "big")]].draw(self.drawn[glyph])
        return self.drawn[glyph]

    def path(self, glyph: bytes, size: float, x: float, y: float) -> bytes:
        """Return a glyph as a path in the space of a run."""
        words = self.outline(glyph).words
        assert self.file is not None  # opened when the glyph was drawn
        scale = size / self.file["head"].unitsPerEm
        return f"q {scale:.6f} 0 0 {-scale:.6f} {x:.4f} {y:.4f} cm {' '.join(words)} f Q ".encode() if words else b""

    def height(self, glyph: bytes) -> float:
        """Return the height of a glyph's shape, in parts of the size."""
        if glyph not in self.heights:
            ys = [point[1] for edge in self.outline(glyph).edges for point in edge] or [0]
            assert self.file is not None  # opened when the glyph was drawn
            self.heights[glyph] = float((max(ys) - min(ys)) / self.file["head"].unitsPerEm)
        return self.heights[glyph]

    def opens(self, glyph: bytes) -> bool:
        """Return whether a bracket opens to the right: halfway up, its ink is on the left."""
        edges = self.outline(glyph).edges
        xs, ys = ([point[index] for edge in edges for point in edge] for index in (0, 1))
        if not xs:
            return True
        middle = (min(ys) + max(ys)) / 2 + 0.3
        crossed = [
            a[0] + (b[0] - a[0]) * (middle - a[1]) / (b[1] - a[1])
            for a, b in edges
            if (a[1] > middle) != (b[1] > middle)
        ]
        return not crossed or sum(crossed) / len(crossed) < (min(xs) + max(xs)) / 2

    def mirror_brackets(self) -> None:
        """Map brackets to the characters that they look like, since pdfium mirrors them in right-to-left text."""
        texts = self.says
        self.says = {glyph: self.shown_bracket(text, glyph) for glyph, text in texts.items()}
        self.is_new = self.is_new or self.says != texts

    def shown_bracket(self, text: str, glyph: bytes) -> str:
        """Return a bracket as it looks; other texts unchanged."""
        if text not in MIRRORED or not self.can_draw:
            return text
        return text if self.opens(glyph) == (text in BRACKET_PAIRS) else MIRRORED[text]

    def write(self) -> bool:
        """Write changed texts into the PDF; return whether there were any."""
        if self.is_new:
            stream = self.object.ToUnicode
            stream.write(
                CMAP_LINE.sub(lambda match: b"<%b> <%b>" % (match[1], self._mapped_text(match)), stream.read_bytes())
            )
        return self.is_new

    def _mapped_text(self, match: re.Match[bytes]) -> bytes:
        # Glyphs without text are no longer drawn.
        return to_hex(self.says.get(bytes.fromhex(match[1].decode()), "")) or match[2]


def font_of(font: Object, fonts: dict[tuple[int, int], Font]) -> Font:
    """Return a font of a PDF, read once."""
    if font.objgen in fonts:
        return fonts[font.objgen]
    font_made = fonts[font.objgen] = Font(font)
    stream = font.get(Name.ToUnicode)
    if stream is None or Name.DescendantFonts not in font:
        return font_made
    descendant = font.DescendantFonts[0]
    font_made.default = float(descendant.get(Name.DW, 1000))
    font_made.widths = dict(_widths(descendant.get(Name.W, Array())))
    texts = {bytes.fromhex(glyph.decode()): from_hex(text) for glyph, text in CMAP_LINE.findall(stream.read_bytes())}
    texts.pop(b"\0\0", None)  # the range of codes looks like a line of the map
    font_made.is_turned = any(map(is_rtl_text, texts.values()))
    font_made.says = {
        glyph: text if text.isascii() else INVISIBLE_CHARACTERS.sub("", text) for glyph, text in texts.items()
    }
    counts = Counter(font_made.says.values())
    font_made.ambiguous = frozenset(
        glyph
        for glyph, text in font_made.says.items()
        if not text or (not text.isascii() and (len(text) > 1 or counts[text] > 1))
    )
    font_made.is_new = any(font_made.says[glyph] not in ("", text) for glyph, text in texts.items())
    return font_made


def _widths(table: Object) -> Iterator[tuple[bytes, float]]:
    """Yield widths from `first [w w w]` and `first last w` (ISO 32000-1, 9.7.4.3)."""
    pending = [*table]
    while pending:
        first = int(pending.pop(0))
        if isinstance(pending[0], Array):
            for index, width in enumerate([*pending.pop(0)]):
                yield (first + index).to_bytes(2, "big"), float(width)
        else:
            last, width = int(pending.pop(0)), float(pending.pop(0))
            for code in range(first, last + 1):
                yield code.to_bytes(2, "big"), width


def is_rtl_text(text: str) -> bool:
    """Return whether a text begins with a right-to-left letter."""
    return bool(text) and unicodedata.bidirectional(text[0]) in ("R", "AL")


def from_hex(units: bytes) -> str:
    """Decode hexadecimal UTF-16."""
    return bytes.fromhex(units.decode()).decode("utf-16-be")


def to_hex(text: str) -> bytes:
    """Encode a text as hexadecimal UTF-16."""
    return text.encode("utf-16-be").hex().upper().encode()
