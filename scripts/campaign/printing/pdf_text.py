"""What a reader of a PDF copies, searches or hears, mended so that it is what was written.

Typst 0.15 draws a mark that stands higher or lower than its letter by itself, and lets it say again what the whole
sign has said: `ทั้ง` is copied as `ทั้ทั้ง`, and each Arabic letter with dots twice. What holds lines together (U+2060,
U+200B) is copied too. Here each sign says its text once, where its first glyph stands; marks of it that stand higher or
lower are drawn as shapes, which no reader takes for letters. (Text cannot say nothing: pdfium reads its glyphs then.)

Text from right to left stands in a PDF as it is seen, from left to right, letter after letter: poppler and pdfium both
turn it round. So a sign of several letters is taken apart there; what has no glyph of its own is said by a letter that
is not painted. pdfium mirrors brackets as it turns them, so each says what it looks like; poppler does not mirror.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from itertools import groupby, islice
from typing import NamedTuple

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, Pdf

# What is there for lines and directions alone; not the two joiners that words are written with (U+200C, U+200D).
HOLDS = re.compile("[\u2060\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
# `<glyph> <what it says>`, in hexadecimal, the second in UTF-16: a line of a font's map, as Typst writes it.
SAYS = re.compile(rb"^<([0-9A-F]{4})> <((?:[0-9A-F]{4})+)>$", re.MULTILINE)
# A run of text as Typst writes it: matrix, colour, then glyphs of two bytes, which may be marked with what they say.
BYTE = rb"(?:\\[0-7]{3}|\\[^0-7]|[^\\()])"
# Parentheses in it that close one another may stand there as they are (ISO 32000-1, 7.3.4.2).
STRING = rb"\(" + BYTE + rb"*+\)"
for _ in range(4):
    STRING = rb"\((?:" + BYTE + rb"|" + STRING + rb")*+\)"
UNIT = re.compile(
    rb"q\s(?P<matrix>(?:-?[\d.]+\s){6})cm(?P<paint>[^()qQ]*?)BT(?P<body>(?:[^()Q]|" + STRING + rb")*?)ET\s+Q", re.DOTALL
)
# Where a byte is no ASCII, the glyphs of a string stand in hexadecimal.
HEX = rb"<[0-9A-Fa-f]*>"
MARKED = re.compile(rb"/MCID (\d+)")
# Nothing is drawn between two runs but the end of one mark and the begin of another.
ALONE = re.compile(rb"\s*EMC\s*/\w+\s*<</MCID \d+[^<>]*>>\s*BDC\s*")
BETWEEN = re.compile(rb"\s*(?:EMC\s*)?(?:/\w+\s*<</MCID \d+[^<>]*>>\s*BDC\s*)?")
TOKEN = re.compile(
    rb"/Span<</ActualText<FEFF(?P<text>[0-9A-F]*)>>>BDC|(?P<other>/\w+ BMC)|(?P<close>EMC)"
    rb"|(?P<render>\d) Tr|(?P<font>/\w+) (?P<size>-?[\d.]+) Tf|1 0 0 -1 (?P<x>-?[\d.]+) (?P<y>-?[\d.]+) Tm"
    rb"|\[(?P<array>(?:[^][()]|" + STRING + rb")*+)\]\s*TJ|(?P<string>" + STRING + rb"|" + HEX + rb")\s*Tj",
    re.DOTALL,
)
PART = re.compile(rb"<(?P<hex>[0-9A-Fa-f]*)>|(?P<kern>-?[\d.]+)|" + STRING, re.DOTALL)
GLYPH = re.compile(rb"(?:\\[0-7]{3}|\\[^0-7]|[^\\]){2}", re.DOTALL)
ESCAPE = re.compile(rb"\\(?:([0-7]{3})|(.))", re.DOTALL)
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
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
PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">", "«": "»", "‹": "›", "⟨": "⟩"}
MIRRORED = {**PAIRS, **{after: before for before, after in PAIRS.items()}}
# What is marked with more than a sign of ASCII, a space that does not break, or a letter of Latin-1.
SAYS_MUCH = re.compile(rb"ActualText<FEFF(?!00[0-9A-F]{2}>)|ReversedChars")
# What poppler takes for a part of a number.
TURNED_MARKS = frozenset(".,:;/،؛")
TWIN = b"-twin-"  # in the name of a font that says other texts: see _Font
NEAR = 0.02  # points
SIGN = 0.75  # of the size around it: the raised number of a note is smaller


def repair_text(document: Pdf) -> bool:
    """Mends the text of a PDF in place.

    Returns:
        Whether there was anything to mend.
    """
    fonts: dict[tuple[int, int], _Font] = {}
    parents = _parents(document)
    is_changed = False
    twins: list[tuple[Object, bytes, _Font]] = []
    named_fonts = [page.obj.get(Name.Resources, Dictionary()).get(Name.Font, Dictionary()) for page in document.pages]
    used = [{name.encode(): _font(font, fonts) for name, font in named.items()} for named in named_fonts]
    if any(font.is_turned for font in fonts.values()):
        for font in fonts.values():
            font.look()
    for page, named, own in zip(document.pages, named_fonts, used, strict=True):
        page.contents_coalesce()
        content = page.obj.Contents.read_bytes()
        if not any(font.odd or font.is_turned for font in own.values()) and not SAYS_MUCH.search(content):
            continue
        names = set(own)
        mended = _mend(content, own, parents.get(int(page.obj.get(Name.StructParents, -1)), []))
        if mended != content:
            page.obj.Contents.write(mended)
            is_changed = True
        for name in own.keys() - names:
            twins.append((named, name, own[name]))
    made = {id(font): font.twins(document) for font in fonts.values() if font.others}
    for named, name, font in twins:
        named[Name(name.decode())] = made[id(font)][int(name.rpartition(TWIN)[2])]
    written = [font.write() for font in fonts.values()]
    return is_changed or any(written)


def _parents(document: Pdf) -> dict[int, list[tuple[int, int]]]:
    """By page, and there by the number of each mark, the element that it belongs to."""
    tree = document.Root.get(Name.StructTreeRoot, Dictionary()).get(Name.ParentTree, Dictionary())
    found: dict[int, list[tuple[int, int]]] = {}
    left = [tree]
    while left:
        node = left.pop()
        left += [*node.get(Name.Kids, Array())]
        numbers = [*node.get(Name.Nums, Array())]
        for key, value in zip(numbers[::2], numbers[1::2], strict=True):
            if isinstance(value, Array):
                found[int(key)] = [each.objgen if each is not None else (0, 0) for each in value]
    return found


class _Outline(BasePen):  # type: ignore[misc]  # fontTools brings no types
    """Writes a glyph as a path of a PDF, in the units of its font; keeps its corners."""

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
class _Font:
    """A font of a PDF.

    Attributes:
        says: by glyph, what it says, without what is there for lines alone.
        widths: by glyph, thousandths of its size.
        default: the width of all others.
        odd: glyphs that need a look: signs of several letters, joiners, those that say what another one says.
        is_turned: whether some of its letters run from right to left.
    """

    object: Object
    says: dict[bytes, str] = field(default_factory=dict)
    widths: dict[bytes, float] = field(default_factory=dict)
    default: float = 1000
    odd: frozenset[bytes] = frozenset()
    is_turned: bool = False
    is_new: bool = False
    file: TTFont | None = None
    drawn: dict[bytes, _Outline] = field(default_factory=dict)
    others: list[dict[bytes, str]] = field(default_factory=list)

    def saying(self, name: bytes, glyph: bytes, text: str, fonts: dict[bytes, _Font]) -> bytes:
        """The name under which a page finds this font with a glyph that says this: its own, or that of a twin.

        Args:
            name: under which the page has it.
            glyph: of the font.
            text: what it has to say.
            fonts: of the page; twins are added.
        """
        if self.says.get(glyph) == text:
            return name
        at = next((at for at, other in enumerate(self.others) if other.get(glyph, text) == text), len(self.others))
        self.others += [{}] if at == len(self.others) else []
        self.others[at][glyph] = text
        twin = b"%b%b%d" % (name, TWIN, at)
        fonts[twin] = self
        return twin

    def twins(self, document: Pdf) -> list[Object]:
        """The same font once more for each set of other texts that its glyphs say."""
        return [self._twin(document, {**self.says, **other}) for other in self.others]

    def _twin(self, document: Pdf, says: dict[bytes, str]) -> Object:
        twin = document.make_indirect(Dictionary(dict(self.object.items())))
        lines = [b"<%b> <%b>\n" % (glyph.hex().upper().encode(), _hex(text)) for glyph, text in says.items() if text]
        groups = [lines[at : at + 100] for at in range(0, len(lines), 100)]
        maps = (b"%d beginbfchar\n%bendbfchar\n" % (len(group), b"".join(group)) for group in groups)
        twin.ToUnicode = document.make_stream(CMAP % b"".join(maps))
        return twin

    def width(self, glyph: bytes) -> float:
        """Thousandths of its size."""
        return self.widths.get(glyph, self.default)

    @property
    def can_draw(self) -> bool:
        """Whether its glyphs can be drawn as shapes: those of TrueType by their numbers."""
        own = self.object.DescendantFonts[0]
        return (
            Name.FontFile2 in own.get(Name.FontDescriptor, Dictionary())
            and own.get(Name.CIDToGIDMap, Name.Identity) == Name.Identity
        )

    def outline(self, glyph: bytes) -> _Outline:
        """The shape of a glyph, in units of the font."""
        if glyph not in self.drawn:
            if self.file is None:
                data = self.object.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
                self.file = TTFont(BytesIO(data), lazy=True)
            glyphs = self.file.getGlyphSet()
            self.drawn[glyph] = _Outline(glyphs)
            glyphs[self.file.getGlyphOrder()[int.from_bytes(glyph, "big")]].draw(self.drawn[glyph])
        return self.drawn[glyph]

    def path(self, glyph: bytes, size: float, x: float, y: float) -> bytes:
        """A glyph as a shape, in the space of a run of text."""
        words = self.outline(glyph).words
        assert self.file is not None  # opened by what drew it
        scale = size / self.file["head"].unitsPerEm
        return f"q {scale:.6f} 0 0 {-scale:.6f} {x:.4f} {y:.4f} cm {' '.join(words)} f Q ".encode() if words else b""

    def opens(self, glyph: bytes) -> bool:
        """Whether a bracket opens to the right: half way up, its ink is on the left."""
        edges = self.outline(glyph).edges
        xs, ys = ([point[at] for edge in edges for point in edge] for at in (0, 1))
        if not xs:
            return True
        middle = (min(ys) + max(ys)) / 2 + 0.3
        crossed = [
            a[0] + (b[0] - a[0]) * (middle - a[1]) / (b[1] - a[1])
            for a, b in edges
            if (a[1] > middle) != (b[1] > middle)
        ]
        return not crossed or sum(crossed) / len(crossed) < (min(xs) + max(xs)) / 2

    def look(self) -> None:
        """Lets brackets say what they look like: beside letters from right to left pdfium mirrors them."""
        said = self.says
        self.says = {glyph: self.look_of(text, glyph) for glyph, text in said.items()}
        self.is_new = self.is_new or self.says != said

    def look_of(self, text: str, glyph: bytes) -> str:
        """A bracket as it looks; any other text as it is."""
        if text not in MIRRORED or not self.can_draw:
            return text
        return text if self.opens(glyph) == (text in PAIRS) else MIRRORED[text]

    def write(self) -> bool:
        """Writes what its glyphs say back, where it is no longer what Typst said."""
        if self.is_new:
            stream = self.object.ToUnicode
            stream.write(SAYS.sub(lambda found: b"<%b> <%b>" % (found[1], self._said(found)), stream.read_bytes()))
        return self.is_new

    def _said(self, found: re.Match[bytes]) -> bytes:
        # What says nothing is drawn nowhere any more.
        return _hex(self.says.get(bytes.fromhex(found[1].decode()), "")) or found[2]


def _font(font: Object, fonts: dict[tuple[int, int], _Font]) -> _Font:
    if font.objgen in fonts:
        return fonts[font.objgen]
    made = fonts[font.objgen] = _Font(font)
    stream = font.get(Name.ToUnicode)
    if stream is None or Name.DescendantFonts not in font:
        return made
    own = font.DescendantFonts[0]
    made.default = float(own.get(Name.DW, 1000))
    made.widths = dict(_widths(own.get(Name.W, Array())))
    said = {bytes.fromhex(glyph.decode()): _text(text) for glyph, text in SAYS.findall(stream.read_bytes())}
    said.pop(b"\0\0", None)  # the range of codes looks like a line of the map
    made.is_turned = any(map(_is_rtl, said.values()))
    made.says = {glyph: HOLDS.sub("", text) for glyph, text in said.items()}
    counts = Counter(made.says.values())
    made.odd = frozenset(
        glyph
        for glyph, text in made.says.items()
        if not text or (not text.isascii() and (len(text) > 1 or counts[text] > 1))
    )
    made.is_new = any(made.says[glyph] not in ("", text) for glyph, text in said.items())
    return made


def _widths(table: Object) -> Iterator[tuple[bytes, float]]:
    """`first [w w w]` or `first last w`, as a font of a PDF lists the widths of its glyphs (ISO 32000-1, 9.7.4.3)."""
    left = [*table]
    while left:
        first = int(left.pop(0))
        if isinstance(left[0], Array):
            for at, width in enumerate([*left.pop(0)]):
                yield (first + at).to_bytes(2, "big"), float(width)
        else:
            last, width = int(left.pop(0)), float(left.pop(0))
            for code in range(first, last + 1):
                yield code.to_bytes(2, "big"), width


class _Glyph(NamedTuple):
    """One glyph of a run: x and y in the run's own space, y downwards."""

    font: bytes
    size: float
    code: bytes
    x: float
    y: float


@dataclass
class _Piece:
    """Glyphs of one run that say something together.

    Attributes:
        is_held: whether what holds lines together was said with it.
    """

    text: str
    glyphs: list[_Glyph]
    is_held: bool = False


@dataclass
class _Unit:
    """One run of text of a page.

    Attributes:
        span: where it stands in the page.
        begin: its matrix and colour, as they stand there.
        is_joined: whether nothing is drawn between it and the run before.
        parent: the element of the structure that it belongs to.
        out: what it says and draws, if that is not what Typst wrote; glyphs that say what their font says, as they are.
    """

    span: tuple[int, int]
    begin: bytes
    matrix: tuple[float, ...]
    pieces: list[_Piece]
    is_joined: bool
    parent: tuple[int, int] | None
    out: list[bytes | _Glyph] = field(default_factory=list)
    is_changed: bool = False

    def is_like(self, other: _Unit) -> bool:
        """Whether glyphs may move from one to the other: as large, as coloured, on one line, in one element."""
        same_line = abs(self.matrix[5] - other.matrix[5]) < NEAR and self.matrix[:4] == other.matrix[:4]
        return same_line and self.begin.split(b"cm")[1] == other.begin.split(b"cm")[1] and self.parent == other.parent

    def starts_like(self, other: _Unit) -> bool:
        """Whether both begin at one point of their line: the pen has not moved in between."""
        return self.matrix[:4] == other.matrix[:4] and abs(self.matrix[4] - other.matrix[4]) < NEAR


def _mend(content: bytes, fonts: dict[bytes, _Font], parents: list[tuple[int, int]]) -> bytes:
    units = list(_units(content, fonts, parents))
    clusters = list(_clusters(units))
    ends = _ends_to_hold(clusters, fonts) if any(cluster.is_rtl for cluster in clusters) else {}
    for at, cluster in enumerate(clusters):
        if at in ends:
            _hold_end(cluster, ends[at], fonts)
        _say(cluster, fonts)
    is_turned = any(font.is_turned for font in fonts.values())
    order = _signs_last(units, content) if is_turned else range(len(units))
    before = [0, *(unit.span[1] for unit in units)]
    parts: list[bytes] = []
    for at in order:
        unit = units[at]
        begin, end = unit.span
        parts.append(content[before[at] : begin])
        parts += [unit.begin, *_written(unit, fonts), b"Q"] if unit.is_changed else [content[begin:end]]
    return b"".join((*parts, content[before[-1] :]))


def _signs_last(units: list[_Unit], content: bytes) -> list[int]:
    """The order in which runs are drawn: the raised sign of a note after all else of its line, from right to left.

    Where one stands among the words, pdfium takes those after it for a line of their own, and for the first.
    """
    order = list(range(len(units)))
    for at in range(1, len(units) - 1):
        before, sign = units[at - 1], units[at]
        if not (sign.pieces and before.pieces and _is_sign(sign, before)):
            continue
        last, line = at, before.matrix[5]
        while last + 1 < len(units) and abs(units[last + 1].matrix[5] - line) < before.pieces[0].glyphs[0].size / 2:
            last += 1
        # Each is marked for itself, so that marks still begin and end in turn.
        between = (content[units[each - 1].span[1] : units[each].span[0]] for each in range(at, last + 1))
        if last > at and all(ALONE.fullmatch(each) for each in between):
            order[at : last + 1] = [*range(at + 1, last + 1), at]
    return order


def _is_sign(unit: _Unit, before: _Unit) -> bool:
    """Whether a run is the number of a note: all digits, and smaller than what stands before it."""
    text = "".join(piece.text for piece in unit.pieces)
    return text.isdecimal() and unit.pieces[0].glyphs[0].size < SIGN * before.pieces[0].glyphs[0].size


def _written(unit: _Unit, fonts: dict[bytes, _Font]) -> Iterator[bytes]:
    """Its runs anew; glyphs that follow one another are shown together."""
    yield b" "
    for is_plain, found in groupby(unit.out, key=lambda each: isinstance(each, _Glyph)):
        if not is_plain:
            yield from (each for each in found if isinstance(each, bytes))
            continue
        for _, run in groupby(
            (each for each in found if isinstance(each, _Glyph)), key=lambda each: (*each[:2], each.y)
        ):
            yield _show(list(run), fonts)


def _units(content: bytes, fonts: dict[bytes, _Font], parents: list[tuple[int, int]]) -> Iterator[_Unit]:
    end, mark = 0, -1
    # Where letters are turned, what stands between them has to be known as well.
    odd = None if any(font.is_turned for font in fonts.values()) else _written_as(fonts)
    for found in UNIT.finditer(content):
        between = content[end : found.start()]
        marks = MARKED.findall(between)
        mark = int(marks[-1]) if marks else mark
        yield _Unit(
            span=found.span(),
            begin=content[found.start() : found.start("body") - 2],
            matrix=tuple(map(float, found["matrix"].split())),
            pieces=list(_pieces(found["body"], fonts)) if odd is None or odd.search(found["body"]) else [],
            is_joined=bool(end) and BETWEEN.fullmatch(between) is not None,
            parent=parents[mark] if 0 <= mark < len(parents) else None,
            # Readers do not agree on what is turned round then; one glyph to a string needs no turning.
            is_changed=b"ReversedChars" in found["body"],
        )
        end = found.end()


def _written_as(fonts: dict[bytes, _Font]) -> re.Pattern[bytes]:
    """Finds odd glyphs in a run, however their bytes are written, and what is marked with more than a letter."""
    names = {code[0]: b"\\" + name for name, code in ESCAPED.items()}

    def byte(code: int) -> bytes:
        return b"(?:%b)" % b"|".join(
            re.escape(form)
            for form in (bytes([code]), b"\\%03o" % code, b"\\" + bytes([code]), names.get(code, b""))
            if form
        )

    glyphs = sorted({glyph for font in fonts.values() for glyph in font.odd})
    return re.compile(
        b"|".join((SAYS_MUCH.pattern, HEX, *(byte(glyph[0]) + byte(glyph[1]) for glyph in glyphs))), re.DOTALL
    )


def _pieces(body: bytes, fonts: dict[bytes, _Font]) -> Iterator[_Piece]:
    font, size, x, y = b"", 1.0, 0.0, 0.0
    depth, said = 0, -1
    group: _Piece | None = None
    for token in TOKEN.finditer(body):
        if token["text"] is not None:
            depth, said = depth + 1, depth + 1
            text = _text(token["text"])
            group = _Piece(HOLDS.sub("", text), [])
            group.is_held = group.text != text
        elif token["other"]:
            depth += 1
        elif token["close"]:
            if depth == said and group is not None:
                yield group
                group, said = None, -1
            depth -= 1
        elif token["font"]:
            font, size = token["font"], float(token["size"])
        elif token["x"]:
            x, y = float(token["x"]), -float(token["y"])
        elif token["array"] is not None or token["string"]:
            known = fonts[font]
            for part in PART.finditer(token["array"] if token["array"] is not None else token["string"]):
                if part["kern"]:
                    x -= float(part["kern"]) * size / 1000
                    continue
                for code in _codes(part):
                    glyph = _Glyph(font, size, code, x, y)
                    x += known.width(code) * size / 1000
                    if group is None:
                        yield _Piece(known.says.get(code, ""), [glyph])
                    else:
                        look = known.look_of(group.text, code)
                        group.text, group.is_held = look, group.is_held or look != group.text
                        group.glyphs.append(glyph)


@dataclass
class _Cluster:
    """A sign of the script: one letter, with all that stands on, under and around it."""

    text: str
    is_rtl: bool
    parts: list[tuple[_Unit, _Piece]]


def _clusters(units: list[_Unit]) -> Iterator[_Cluster]:
    """The signs of a page, each with the pieces of it that Typst drew apart."""
    cluster: _Cluster | None = None
    for at, unit in enumerate(units):
        after = units[at + 1] if at + 1 < len(units) and units[at + 1].is_joined else None
        # The pen stands still where a mark was drawn alone; nobody knows at the end of a line.
        if not unit.pieces and cluster:
            yield cluster
            cluster = None
        is_still = len(unit.pieces) == 1 and (after is None or unit.starts_like(after))
        for number, piece in enumerate(unit.pieces):
            is_near = number > 0 or unit.is_joined
            if cluster and is_near and _goes_on(cluster, piece, is_still):
                cluster.parts.append((unit, piece))
            else:
                if cluster:
                    yield cluster
                cluster = _Cluster(piece.text, _is_rtl(piece.text), [(unit, piece)])
                was_still = is_still
            if cluster.is_rtl and not is_still:
                was_still = False
            cluster_is_open = was_still or not cluster.is_rtl
            if not cluster_is_open:
                yield cluster
                cluster = None
    if cluster:
        yield cluster


def _goes_on(cluster: _Cluster, piece: _Piece, is_still: bool) -> bool:
    """Whether a piece belongs to the sign before it; else it begins the next one."""
    first = cluster.parts[0][1].glyphs
    if not piece.text or piece.text != cluster.text or not first or not piece.glyphs:
        return False
    if piece.glyphs[0].font != first[0].font:
        return False
    # From right to left marks stand before their letter, and only what is open is asked.
    if cluster.is_rtl:
        return True
    return piece.glyphs[0].code != first[0].code and (len(cluster.text) > 1 or is_still)


def _say(cluster: _Cluster, fonts: dict[bytes, _Font]) -> None:
    """Writes one sign into its runs, so that it is said once."""
    parts = [(unit, piece) for unit, piece in cluster.parts if piece.glyphs]
    if not parts:
        return
    if not cluster.text:
        for unit, _ in parts:
            unit.is_changed = True
    elif cluster.is_rtl and all(fonts[piece.glyphs[0].font].can_draw for _, piece in parts):
        _say_turned(cluster.text, [(unit, glyph) for unit, piece in parts for glyph in piece.glyphs], fonts)
    else:
        _say_at_once(cluster.text, parts, fonts)


def _say_at_once(text: str, parts: list[tuple[_Unit, _Piece]], fonts: dict[bytes, _Font]) -> None:
    """A sign of a script that runs from left to right: all of it is said where its first glyph stands."""
    (home, base), *others = parts
    home.is_changed |= base.is_held
    glyphs = list(base.glyphs)
    for unit, piece in others:
        unit.is_changed = home.is_changed = True
        if unit.is_like(home):
            shift = (unit.matrix[4] - home.matrix[4]) / (home.matrix[0] or 1)
            glyphs += [glyph._replace(x=glyph.x + shift) for glyph in piece.glyphs]
        else:
            unit.out += [_silent(glyph, fonts) for glyph in piece.glyphs]
    is_plain = len(glyphs) == 1 and fonts[glyphs[0].font].says.get(glyphs[0].code) == text
    home.out.append(
        glyphs[0] if is_plain else b"/Span<</ActualText<FEFF%b>>>BDC %bEMC " % (_hex(text), _show(glyphs, fonts))
    )


def _say_turned(text: str, glyphs: list[tuple[_Unit, _Glyph]], fonts: dict[bytes, _Font]) -> None:
    """A sign of a script that runs from right to left: its marks stand first, its letter last, one letter to a glyph.

    No text is marked here: pdfium does not turn a word that begins with such a mark.
    """
    *marks, (home, letter) = glyphs
    for unit, mark in marks:
        unit.is_changed = home.is_changed = True
        unit.out.append(_silent(mark, fonts))
    for said, (name, code) in zip(reversed(text[1:]), _unlike(letter, fonts), strict=False):
        home.is_changed = True
        home.out.append(_unpainted(letter._replace(font=fonts[name].saying(name, code, said, fonts), code=code)))
    name = fonts[letter.font].saying(letter.font, letter.code, text[0], fonts)
    home.is_changed |= name != letter.font
    home.out.append(letter._replace(font=name))


def _ends_to_hold(clusters: list[_Cluster], fonts: dict[bytes, _Font]) -> dict[int, bytes]:
    """Before which signs, on a line from right to left, a part from left to right ends, and how narrow a mark says so.

    See `_hold_end`.
    """
    placed = []
    for at, cluster in enumerate(clusters):
        unit, piece = cluster.parts[-1 if cluster.is_rtl else 0]
        if piece.glyphs and cluster.text:
            first, last = piece.glyphs[0], piece.glyphs[-1]
            end = last.x + fonts[last.font].width(last.code) * last.size / 1000
            x, scale = unit.matrix[4], unit.matrix[0]
            placed.append((round(unit.matrix[5], 1), x + first.x * scale, x + end * scale, last.size * scale, at))
    placed.sort()
    found: dict[int, bytes] = {}
    earlier = before = ""
    line, edge = 0.0, 0.0
    for y, x, end, size, at in placed:
        cluster = clusters[at]
        if y != line or x - edge > 4 * size:
            earlier = before = ""
        elif x - edge > size / 2:  # as before the number of a list
            earlier, before = before, " "
        if before.isspace() and (cluster.text in TURNED_MARKS or (_is_rtl(earlier) and not cluster.is_rtl)):
            found[at] = b"0.01"
        elif before in TURNED_MARKS and cluster.text[0].isalnum() and not cluster.is_rtl and not earlier.strip():
            found[at] = b"1"  # the end of a sentence after a number, which pdfium takes to it as well
        elif before in TURNED_MARKS and cluster.is_rtl and unicodedata.combining(cluster.text[-1]):
            found[at] = b"1"  # after a letter with a mark, which pdfium would put behind the end
        earlier, before, line, edge = before, cluster.text, y, end
    return found


def _hold_end(cluster: _Cluster, narrow: bytes, fonts: dict[bytes, _Font]) -> None:
    """What runs from left to right in a text that does not ends there, for poppler too, which takes the space to it.

    Marks are taken for a number's. It is told by a mark of direction, so small that pdfium passes over it where it can.
    """
    home, piece = cluster.parts[0]
    glyph = piece.glyphs[0]
    for name, code in islice(_unlike(glyph, fonts), 1):
        home.is_changed = True
        twin = fonts[name].saying(name, code, "\u200f", fonts)
        home.out.append(_unpainted(glyph._replace(font=twin, code=code), narrow))


def _unlike(glyph: _Glyph, fonts: dict[bytes, _Font]) -> Iterator[tuple[bytes, bytes]]:
    """Fonts of the page and glyphs in them that are not that one: pdfium drops one of two that stand in one place."""
    for name in [glyph.font, *fonts]:
        font = fonts[name]
        if TWIN not in name and font.can_draw:
            yield from ((name, code) for code in font.says if code != glyph.code and font.outline(code).words)


def _silent(glyph: _Glyph, fonts: dict[bytes, _Font]) -> bytes:
    """A glyph as a shape; where its font has no shapes that we can read, as text that says nothing."""
    font = fonts[glyph.font]
    if font.can_draw:
        return font.path(glyph.code, glyph.size, glyph.x, glyph.y)
    return b"/Span<</ActualText()>>BDC " + _show([glyph], fonts) + b"EMC "


def _show(glyphs: list[_Glyph], fonts: dict[bytes, _Font]) -> bytes:
    first = glyphs[0]
    shown, pen = [], first.x
    for glyph in glyphs:
        kern = (pen - glyph.x) * 1000 / glyph.size
        shown.append(
            (b"%g" % round(kern, 3) if abs(kern) > 0.01 else b"") + b"<%b>" % glyph.code.hex().upper().encode()
        )
        pen = glyph.x + fonts[glyph.font].width(glyph.code) * glyph.size / 1000
    place = f"{first.size:g} Tf 1 0 0 -1 {first.x:.4f} {-first.y:.4f} Tm".encode()
    return b"BT 0 Tr%b %b[%b]TJ ET " % (first.font, place, b"".join(shown))


def _unpainted(glyph: _Glyph, narrow: bytes = b"1") -> bytes:
    """A letter that is read and not seen, as narrow as can be (percent), so that nobody takes it for a word."""
    place = f"{glyph.size:g} Tf 1 0 0 -1 {glyph.x - 0.01:.4f} {-glyph.y:.4f} Tm".encode()
    return b"BT 3 Tr %b Tz %b %b <%b> Tj 100 Tz ET " % (narrow, glyph.font, place, glyph.code.hex().encode())


def _is_rtl(text: str) -> bool:
    return bool(text) and unicodedata.bidirectional(text[0]) in ("R", "AL")


def _text(units: bytes) -> str:
    return bytes.fromhex(units.decode()).decode("utf-16-be")


def _hex(text: str) -> bytes:
    return text.encode("utf-16-be").hex().upper().encode()


def _codes(part: re.Match[bytes]) -> list[bytes]:
    """The glyphs of a string, two bytes each."""
    if part["hex"] is None:
        return [_plain(raw) for raw in GLYPH.findall(part[0][1:-1])]
    data = bytes.fromhex(part["hex"].decode())
    return [data[at : at + 2] for at in range(0, len(data), 2)]


@lru_cache(maxsize=4096)
def _plain(glyph: bytes) -> bytes:
    """The bytes of a string of a PDF, without its escapes."""
    return ESCAPE.sub(lambda found: bytes([int(found[1], 8)]) if found[1] else ESCAPED.get(found[2], found[2]), glyph)
