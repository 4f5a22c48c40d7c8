"""Runs of text on a PDF page as Typst writes them: the glyphs, their positions and their text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from pikepdf import Object

from campaign.printing.pdf_fonts import INVISIBLE_CHARACTERS, Font, from_hex

# A run of text as Typst writes it: matrix, colour, then glyphs of two bytes, which may be marked with what they say.
BYTE = rb"(?:[^\\()]++|\\[0-7]{3}|\\[^0-7])"
# Balanced parentheses need no escape (ISO 32000-1, 7.3.4.2).
STRING = rb"\(" + BYTE + rb"*+\)"
for _ in range(4):
    STRING = rb"\((?:" + BYTE + rb"|" + STRING + rb")*+\)"
UNIT = re.compile(
    rb"q\s(?P<matrix>(?:-?[\d.]+\s){6})cm(?P<paint>[^()qQ]*?)BT"
    rb"(?P<body>(?:[^()QE]++|E(?!T\s+Q)|" + STRING + rb")*+)ET\s+Q",
    re.DOTALL,
)
# Strings with bytes outside ASCII are written in hexadecimal.
HEX = rb"<[0-9A-Fa-f]*>"
MARKED_CONTENT = re.compile(rb"/MCID (\d+)")
RUN_SEPARATOR = re.compile(rb"\s*(?:EMC\s*)?(?:/\w+\s*<</MCID \d+[^<>]*>>\s*BDC\s*)?")
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
# Marked text of more than one ASCII character, no-break space or Latin-1 letter.
LONG_ACTUAL_TEXT = re.compile(rb"ActualText<FEFF(?!00[0-9A-F]{2}>)")
REVERSED = b"ReversedChars"
MAX_GAP_PT = 0.02  # points


class Glyph(NamedTuple):
    """A glyph of a run; x and y in the run's space, y downwards."""

    font: bytes
    size: float
    code: bytes
    x: float
    y: float


@dataclass
class Piece:
    """Glyphs of a run with a common text; `is_held` if control characters were removed from it."""

    text: str
    glyphs: list[Glyph]
    is_held: bool = False


@dataclass
class Unit:
    """A run of text."""

    span: tuple[int, int]  # position in the page's content
    begin: bytes  # its matrix and colour as written
    matrix: tuple[float, ...]
    pieces: list[Piece]
    is_joined: bool  # nothing is drawn between it and the run before
    parent: tuple[int, int] | None  # its structure element
    out: list[bytes | Glyph] = field(
        default_factory=list
    )  # new content if it differs from Typst's; glyphs that keep their font's text
    is_changed: bool = False

    def is_like(self, unit: Unit) -> bool:
        """Return whether glyphs may move between two runs: same size, colour, line and element."""
        same_line = abs(self.matrix[5] - unit.matrix[5]) < MAX_GAP_PT and self.matrix[:4] == unit.matrix[:4]
        return same_line and self.begin.split(b"cm")[1] == unit.begin.split(b"cm")[1] and self.parent == unit.parent

    def starts_like(self, unit: Unit) -> bool:
        """Return whether both start at the same position: the pen hasn't moved between them."""
        return self.matrix[:4] == unit.matrix[:4] and abs(self.matrix[4] - unit.matrix[4]) < MAX_GAP_PT


def read_units(content: bytes, fonts: dict[bytes, Font], parents: Object) -> Iterator[Unit]:
    """Yield a page's runs in drawing order. `parents`: the structure element of each mark, or null."""
    end, mark, count = 0, -1, len(parents)
    # With right-to-left letters, the glyphs between them matter too.
    odd = None if any(font.is_turned for font in fonts.values()) else _written_as(fonts)
    for run in _runs(content):
        between = content[end : run.start()]
        match = MARKED_CONTENT.match(between, max(0, between.rfind(b"/MCID")))
        mark = int(match[1]) if match else mark
        yield Unit(
            span=run.span(),
            begin=content[run.start() : run.start("body") - 2],
            matrix=tuple(map(float, run["matrix"].split())),
            pieces=list(_pieces(run["body"], fonts)) if odd is None or odd.search(run["body"]) else [],
            is_joined=bool(end) and RUN_SEPARATOR.fullmatch(between) is not None,
            parent=_objgen(parents[mark]) if 0 <= mark < count else None,
            # PDF readers disagree on the order of such strings; one glyph per string has no order.
            is_changed=REVERSED in run["body"],
        )
        end = run.end()


def _objgen(element: Object | None) -> tuple[int, int]:
    return element.objgen if element is not None else (0, 0)


def says_much(content: bytes) -> bool:
    """Return whether a mark has more text than a letter."""
    return REVERSED in content or LONG_ACTUAL_TEXT.search(content) is not None


def _runs(content: bytes) -> Iterator[re.Match[bytes]]:
    """Yield each run, searching from `BT`, because most of a page is drawings."""
    end, text = 0, content.find(b"BT")
    while text >= 0:
        start = content.rfind(b"q", end, text)
        match = UNIT.match(content, start) if start >= 0 else None
        if match:
            yield match
            end = match.end()
        text = content.find(b"BT", max(end, text + 2))


def _written_as(fonts: dict[bytes, Font]) -> re.Pattern[bytes]:
    """Match odd glyphs in any encoding, and marks with more than a letter."""
    names = {code[0]: b"\\" + name for name, code in ESCAPED.items()}

    def byte(code: int) -> bytes:
        return b"(?:%b)" % b"|".join(
            re.escape(form)
            for form in (bytes([code]), b"\\%03o" % code, b"\\" + bytes([code]), names.get(code, b""))
            if form
        )

    glyphs = sorted({glyph for font in fonts.values() for glyph in font.ambiguous})
    return re.compile(
        b"|".join((LONG_ACTUAL_TEXT.pattern, REVERSED, HEX, *(byte(glyph[0]) + byte(glyph[1]) for glyph in glyphs))),
        re.DOTALL,
    )


def _pieces(body: bytes, fonts: dict[bytes, Font]) -> Iterator[Piece]:
    font, size, x, y = b"", 1.0, 0.0, 0.0
    depth, marked_id = 0, -1
    group: Piece | None = None
    for token in TOKEN.finditer(body):
        if token["text"] is not None:
            depth, marked_id = depth + 1, depth + 1
            text = from_hex(token["text"])
            group = Piece(INVISIBLE_CHARACTERS.sub("", text), [])
            group.is_held = group.text != text
        elif token["other"]:
            depth += 1
        elif token["close"]:
            if depth == marked_id and group is not None:
                yield group
                group, marked_id = None, -1
            depth -= 1
        elif token["font"]:
            font, size = token["font"], float(token["size"])
        elif token["x"]:
            x, y = float(token["x"]), -float(token["y"])
        elif token["array"] is not None or token["string"]:
            font_data = fonts[font]
            for part in PART.finditer(token["array"] if token["array"] is not None else token["string"]):
                if part["kern"]:
                    x -= float(part["kern"]) * size / 1000
                    continue
                for code in _codes(part):
                    glyph = Glyph(font, size, code, x, y)
                    x += font_data.width(code) * size / 1000
                    if group is None:
                        yield Piece(font_data.says.get(code, ""), [glyph])
                    else:
                        glyph_look = font_data.shown_bracket(group.text, code)
                        group.text, group.is_held = glyph_look, group.is_held or glyph_look != group.text
                        group.glyphs.append(glyph)


def _codes(part: re.Match[bytes]) -> list[bytes]:
    """Return a string's two-byte glyphs."""
    if part["hex"] is None:
        return [_unescaped(raw) for raw in GLYPH.findall(part[0][1:-1])]
    data = bytes.fromhex(part["hex"].decode())
    return [data[index : index + 2] for index in range(0, len(data), 2)]


@lru_cache(maxsize=4096)
def _unescaped(glyph: bytes) -> bytes:
    """Return a PDF string without escapes."""
    return ESCAPE.sub(lambda match: bytes([int(match[1], 8)]) if match[1] else ESCAPED.get(match[2], match[2]), glyph)
