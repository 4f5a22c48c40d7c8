"""Read what a PDF paints: colours from its operators, pictures at their placed size, fonts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import hypot, inf, sqrt

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name, Stream
from PIL import Image, ImageMath, ImageStat

from campaign.printing.inks import values_of

# Two patterns, because one that begins with a literal is searched eight times as fast.
STRING = re.compile(rb"\([^\\()]*+(?:\\.[^\\()]*+)*+\)", re.DOTALL)
HEX_STRING = re.compile(rb"<[0-9A-Fa-f\s]*>")
PAINTS = {b"k": "ink", b"rg": "rgb", b"g": "grey", b"sc": "", b"scn": ""}
TEXTS = frozenset((b"Tj", b"TJ", b"'"))
SPACES = frozenset((b"cs", b"CS"))
SETS_PAINT = frozenset((*PAINTS, *(name.upper() for name in PAINTS)))
STROKE_OPERATORS = frozenset((b"S", b"s", b"B", b"B*", b"b", b"b*"))
WORDS = TEXTS | SPACES | SETS_PAINT | STROKE_OPERATORS | {b"q", b"Q", b"cm", b"w", b"sh", b"Do"}
# Operators in a stream with emptied strings; nine words of ten are coordinates, so search for operators only.
OPERATOR = re.compile(
    rb"(?:%b)(?![^\s/\]])"
    % b"|".join(rb"%b(?<![^\s\])]%b)" % (word, word) for word in map(re.escape, sorted(WORDS, key=len, reverse=True)))
)
# Blend modes that add no spot ink beyond the heavier of two; Darken adds no ink at all; others may add any amount.
PLAIN_BLENDS = frozenset(("/Normal", "/Compatible", "/Lighten", "/Screen", "/ColorDodge"))
DARKEN = "/Darken"


@dataclass(frozen=True)
class Paint:
    """A colour."""

    kind: str  # 'ink', 'spot', 'grey' or 'rgb'
    parts: tuple[float, ...]  # 0 to 1 by ink or channel

    @property
    def ink(self) -> float:
        """The ink coverage; 1 for all of one ink."""
        return sum(self.parts) if self.kind in ("ink", "spot") else 0.0


BLACK = Paint("ink", (0.0, 0.0, 0.0, 1.0))


@dataclass
class Painted:
    """Everything that a PDF paints."""

    paints: set[Paint] = field(default_factory=set)  # every colour
    texts: set[Paint] = field(default_factory=set)  # colours of text
    spaces: set[str] = field(default_factory=set)  # kinds of colour spaces, see `kind_of`
    densities: set[float] = field(default_factory=set)  # ppi of each placed picture, the lower of both axes
    picture_ink: float = 0.0  # the highest coverage in a picture
    picture_parts: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)  # the highest C, M, Y and K in a picture
    thinnest: float = inf  # stroke in points, or infinity
    laid: str = ""  # how inks overlap: '' (they don't), 'over' (the maximum of each), 'blended'
    fonts: dict[tuple[int, int], pikepdf.Object] = field(default_factory=dict)  # by object and generation number
    lost: set[str] = field(default_factory=set)  # missing gradients and patterns


def read_painted(pdf: pikepdf.Pdf) -> Painted:
    """Return what a PDF's pages paint."""
    reader = _Reader()
    for page in pdf.pages:
        contents = page.obj.get(Name.Contents, Array())
        streams = [*contents] if isinstance(contents, Array) else [contents]
        content = b"\n".join(stream.read_bytes() for stream in streams)
        reader.note_group(page.obj)
        reader.read(content, page.obj.get(Name.Resources), Matrix())
    return reader.painted


class _Reader:
    def __init__(self) -> None:
        self.painted = Painted()
        self.seen: set[tuple[int, int]] = set()
        self.pictured: dict[tuple[int, int], bool] = {}

    def read(self, content: bytes, resources: pikepdf.Object | None, matrix: Matrix) -> None:
        resources = Dictionary() if resources is None else resources
        self._resources(resources)
        drawings = {
            name: item for name, item in resources.get(Name.XObject, Dictionary()).items() if self._has_pictures(item)
        }
        spaces = _spaces(resources)
        content = HEX_STRING.sub(b" () ", STRING.sub(b" () ", content))
        # Cached results by operand.
        known_spaces: dict[bytes, str] = {}
        known_paints: dict[tuple[bytes, str, bytes], Paint] = {}
        # The current state. Matrices are only multiplied when needed: most precede text, which has no strokes.
        fill_space, stroke_space, fill, width = "", "", BLACK, 1.0
        moves: tuple[bytes, ...] = ()
        stack: list[tuple[tuple[bytes, ...], str, str, Paint, float]] = []

        def placed() -> Matrix:
            result = matrix
            for move in moves:
                result = Matrix(*_numbers(move.split()[-6:])) @ result
            return result

        end = 0
        for operator in OPERATOR.finditer(content):
            word = operator[0]
            # Operands are between two operators.
            operands, end = content[end : operator.start()], operator.end()
            if word == b"q":
                stack.append((moves, fill_space, stroke_space, fill, width))
            elif word == b"Q":
                if stack:
                    moves, fill_space, stroke_space, fill, width = stack.pop()
            elif word == b"cm":
                moves = (*moves, operands)
            elif word in SPACES:
                if operands not in known_spaces:
                    known_spaces[operands] = self._space(_name(operands), spaces)
                if word == b"cs":
                    fill_space = known_spaces[operands]
                else:
                    stroke_space = known_spaces[operands]
            elif word in SETS_PAINT:
                is_fill = word.islower()
                key = (word, fill_space if is_fill else stroke_space, operands)
                if key not in known_paints:
                    known_paints[key] = self._paint(*key, resources)
                fill = known_paints[key] if is_fill else fill
            elif word in TEXTS:
                self.painted.texts.add(fill)
            elif word == b"w":
                width = float(operands.split()[-1])
            elif word in STROKE_OPERATORS:
                shape = placed()
                scale = sqrt(abs(shape.a * shape.d - shape.b * shape.c))
                self.painted.thinnest = min(self.painted.thinnest, width * scale)
            elif word == b"sh":
                self._check_resource(_name(operands), Name.Shading, resources)
            elif drawings:
                self._place(drawings.get(_name(operands).decode("latin-1")), placed())

    def _paint(self, word: bytes, space: str, operands: bytes, resources: pikepdf.Object) -> Paint:
        """Record the colour of an operator with up to four numbers."""
        if word.lower() == b"scn" and (name := _name(operands)):
            self._check_resource(name, Name.Pattern, resources)
        paint = Paint(PAINTS[word.lower()] or space, _numbers(operands.split()[-4:]))
        self.painted.paints.add(paint)
        return paint

    def _space(self, name: bytes, spaces: Mapping[str, str]) -> str:
        kind = spaces.get(name.decode("latin-1"), "")
        self.painted.spaces.add(kind)
        return kind

    def _check_resource(self, name: bytes, kind: Name, resources: pikepdf.Object) -> None:
        if name.decode("latin-1") not in resources.get(kind, Dictionary()):
            self.painted.lost.add(name.decode("latin-1")[1:])

    def note_group(self, pdf_object: pikepdf.Object) -> None:
        """A transparency group has its own blending space."""
        group = pdf_object.get(Name.Group)
        if group is not None and Name.CS in group:
            self.painted.spaces.add(kind_of(group.CS))

    def _is_new(self, pdf_object: pikepdf.Object) -> bool:
        if pdf_object.is_indirect and pdf_object.objgen in self.seen:
            return False
        self.seen.add(pdf_object.objgen)
        return True

    def _has_pictures(self, pdf_object: pikepdf.Object) -> bool:
        if pdf_object.get(Name.Subtype) == Name.Image:
            return True
        if pdf_object.objgen not in self.pictured:
            self.pictured[pdf_object.objgen] = False
            inner = pdf_object.get(Name.Resources, Dictionary()).get(Name.XObject, Dictionary())
            self.pictured[pdf_object.objgen] = any(self._has_pictures(item) for item in values_of(inner))
        return self.pictured[pdf_object.objgen]

    def _place(self, pdf_object: pikepdf.Object | None, matrix: Matrix) -> None:
        if pdf_object is None:
            return
        if pdf_object.get(Name.Subtype) != Name.Image:
            own_matrix = Matrix(*(float(part) for part in pdf_object.Matrix)) if Name.Matrix in pdf_object else Matrix()
            self.read(pdf_object.read_bytes(), pdf_object.get(Name.Resources), own_matrix @ matrix)
            return
        width, height = hypot(matrix.a, matrix.b), hypot(matrix.c, matrix.d)
        if width and height:
            self.painted.densities.add(72 * min(int(pdf_object.Width) / width, int(pdf_object.Height) / height))

    def _resources(self, resources: pikepdf.Object) -> None:
        fonts = resources.get(Name.Font, Dictionary())
        self.painted.fonts |= {font.objgen: font for font in values_of(fonts)}
        for shading in values_of(resources.get(Name.Shading, Dictionary())):
            self._shading(shading)
        for item in (
            *values_of(resources.get(Name.XObject, Dictionary())),
            *values_of(resources.get(Name.Pattern, Dictionary())),
        ):
            if self._is_new(item):
                self._drawing(item)
        for state in values_of(resources.get(Name.ExtGState, Dictionary())):
            self._state(state)

    def _drawing(self, pdf_object: pikepdf.Object) -> None:
        self.note_group(pdf_object)
        if pdf_object.get(Name.Subtype) == Name.Image:
            self._picture(pdf_object)
        elif isinstance(pdf_object, Stream):
            matrix = Matrix(*(float(part) for part in pdf_object.Matrix)) if Name.Matrix in pdf_object else Matrix()
            self.read(pdf_object.read_bytes(), pdf_object.get(Name.Resources), matrix)
        elif Name.Shading in pdf_object:
            self._shading(pdf_object.Shading)

    def _picture(self, pdf_object: pikepdf.Object) -> None:
        if not isinstance(pdf_object, Stream) or Name.ColorSpace not in pdf_object:
            return
        kind = kind_of(pdf_object.ColorSpace)
        self.painted.spaces.add(kind)
        if kind == "ink":
            picture = pikepdf.PdfImage(pdf_object).as_pil_image()
            self.painted.picture_ink = max(self.painted.picture_ink, _heaviest(picture))
            if picture.mode == "CMYK":
                peaks = tuple(maximum / 255 for _, maximum in ImageStat.Stat(picture).extrema)
                self.painted.picture_parts = tuple(map(max, peaks, self.painted.picture_parts))

    def _shading(self, shading: pikepdf.Object) -> None:
        kind = kind_of(shading.ColorSpace)
        self.painted.spaces.add(kind)
        functions = [shading.Function] if Name.Function in shading else []
        while functions:
            function = functions.pop()
            functions += [*function.get(Name.Functions, Array())]
            for end in (Name.C0, Name.C1):
                if end in function:
                    self.painted.paints.add(Paint(kind, tuple(float(part) for part in function[end])))

    def _state(self, state: pikepdf.Object) -> None:
        blends = state.get(Name.BM, Name.Normal)
        blend_modes = {str(blend) for blend in blends} if isinstance(blends, Array) else {str(blends)}
        is_overprinted = bool(state.get(Name.OP, False)) or bool(state.get(Name.op, False))
        if not blend_modes <= PLAIN_BLENDS | {DARKEN}:
            self.painted.laid = "blended"
        elif (is_overprinted or DARKEN in blend_modes) and not self.painted.laid:
            self.painted.laid = "over"
        mask = state.get(Name.SMask)
        if isinstance(mask, Dictionary) and Name.G in mask:
            self.note_group(mask.G)


def kind_of(space: pikepdf.Object) -> str:
    """Return 'rgb', 'grey', 'ink', 'spot', 'all' (registration marks) or '' (patterns)."""
    if isinstance(space, Name):
        return {"/DeviceRGB": "rgb", "/DeviceGray": "grey", "/DeviceCMYK": "ink"}.get(str(space), "")
    head = str(space[0])
    if head == "/ICCBased":
        return {1: "grey", 3: "rgb", 4: "ink"}.get(int(space[1].N), "")
    if head == "/Separation" and space[1] == Name.All:
        return "all"
    if head in ("/Indexed", "/Pattern") and len(space) > 1:
        return kind_of(space[1])
    return {"/CalRGB": "rgb", "/Lab": "rgb", "/CalGray": "grey", "/Separation": "spot", "/DeviceN": "spot"}.get(
        head, ""
    )


def _spaces(resources: pikepdf.Object) -> Mapping[str, str]:
    color_spaces = resources.get(Name.ColorSpace, Dictionary())
    return {
        "/DeviceCMYK": "ink",
        "/DeviceRGB": "rgb",
        "/DeviceGray": "grey",
        **{name: kind_of(space) for name, space in color_spaces.items()},
    }


def _name(operands: bytes) -> bytes:
    words = operands.replace(b"/", b" /").split()
    return words[-1] if words and words[-1].startswith(b"/") else b""


def _numbers(words: Sequence[bytes]) -> tuple[float, ...]:
    results: list[float] = []
    for word in reversed(words):
        try:
            results.append(float(word))
        except ValueError:
            break
    return tuple(reversed(results))


def _heaviest(picture: Image.Image) -> float:
    if picture.mode != "CMYK":
        return 0.0
    inks = dict(zip("cmyk", picture.split(), strict=True))
    total = ImageMath.lambda_eval(lambda item: item["c"] + item["m"] + item["y"] + item["k"], **inks)
    return float(total.getextrema()[1]) / 255
