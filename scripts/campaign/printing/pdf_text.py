"""What a reader of a PDF copies, searches or hears, mended where it is not what was written.

Two things: the word joiners that hold a line together, and a fault of Typst 0.15. It draws a mark that stands over
another (Thai ้ over ั) by itself, and lets it say again what the whole sign has said: `ทั้ง` is copied as `ทั้ทั้ง`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from pikepdf import Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream

from campaign.printing.line_breaking import DIVIDER, JOINER

# What is there for the lines alone.
HOLDS = re.compile(f"[{JOINER}{DIVIDER}]")
# `<glyph> <what it says>`, in hexadecimal, the second in UTF-16: a line of a font's map, as Typst writes it.
SAYS = re.compile(rb"^<([0-9A-F]{4})> <((?:[0-9A-F]{4})+)>$", re.MULTILINE)
# A page as Typst writes it. A run of glyphs may be marked with its text; each glyph is two bytes of a string.
BYTE = rb"(?:\\[0-7]{3}|\\[^0-7]|[^\\()])"
STRING = rb"\(" + BYTE + rb"*+\)"
PART = re.compile(rb"(?P<kern>-?[\d.]+)|" + STRING, re.DOTALL)
ESCAPE = re.compile(rb"\\(?:([0-7]{3})|(.))", re.DOTALL)
GLYPH = re.compile(BYTE + rb"{2}", re.DOTALL)
TOKEN = re.compile(
    rb"/Span<</ActualText<FEFF(?P<text>[0-9A-F]*)>>>BDC(?=[^()]*\((?P<first>" + BYTE + rb"{2}))"
    rb"|(?P<open>B[DM]C)|(?P<close>EMC)|(?P<font>/\w+) [\d.]+ Tf"
    rb"|\[(?P<array>(?:[^][()]|" + STRING + rb")*+)\]\s*TJ|(?P<string>" + STRING + rb")\s*Tj",
    re.DOTALL,
)
SILENT, END = b"/Span<</ActualText()>>BDC ", b" EMC "
Says = dict[bytes, str]


def repair_text(pdf: bytes) -> bytes:
    """The same PDF, with text that can be searched for, copied and read aloud as it was written."""
    with Pdf.open(BytesIO(pdf)) as document:
        maps: dict[tuple[int, int], Says] = {}
        for drawing in _drawings(document):
            resources = drawing.get(Name.Resources, Dictionary())
            contents = drawing.Contents if isinstance(drawing.get(Name.Contents), Stream) else drawing
            fonts = {name.encode(): _says(font, maps) for name, font in dict(resources.get(Name.Font, {})).items()}
            if fonts:
                contents.write(TOKEN.sub(_Speech(fonts).mend, contents.read_bytes()))
        out = BytesIO()
        # Typst's own account of the file stays as it is.
        keep = {"object_stream_mode": ObjectStreamMode.preserve, "fix_metadata_version": False}
        document.save(out, deterministic_id=True, **keep)
        return out.getvalue()


def _drawings(document: Pdf) -> Iterator[Object]:
    for page in document.pages:
        page.contents_coalesce()
        yield page.obj
    for each in document.objects:
        if isinstance(each, Stream) and each.get(Name.Subtype) == Name.Form:
            yield each


@dataclass
class _Speech:
    """Goes through a page. A sign is drawn in one or more glyphs, and each of them bears the text of the whole sign.

    fonts: what each glyph says; said: the text of the last sign, and the glyph that it began with; spoken: how deep the
    marked run is that has its text beside it, None for none.
    """

    fonts: dict[bytes, Says]
    says: Says = field(default_factory=dict)
    said: tuple[str, bytes] = ("", b"")
    depth: int = 0
    spoken: int | None = None

    def mend(self, token: re.Match[bytes]) -> bytes:
        """What stands in a token's place."""
        if token["text"] is not None:
            self.depth += 1
            self.spoken = self.depth
            text = _text(token["text"])
            if self._goes_on(text, token["first"]):
                return SILENT
            return b"/Span<</ActualText<FEFF%b>>>BDC" % _hex(text)
        if token["open"]:
            self.depth += 1
        elif token["close"]:
            self.spoken = None if self.spoken == self.depth else self.spoken
            self.depth -= 1
        elif token["font"]:
            self.says = self.fonts.get(token["font"], {})
        elif self.spoken is None:
            return self._show(token["array"] if token["string"] is None else token["string"], token[0])
        return token[0]

    def _show(self, parts: bytes, was: bytes) -> bytes:
        """Draws glyphs; those that go on with the sign before say nothing."""
        quiet: list[bytes] = []
        loud: list[bytes] = []
        for part in PART.finditer(parts):
            if part["kern"]:
                (loud or quiet).append(part[0])
                continue
            for glyph in GLYPH.findall(part[0][1:-1]):
                goes_on = self._goes_on(self.says.get(_plain(glyph), ""), glyph)
                (quiet if goes_on and not loud else loud).append(b"(%b)" % glyph)
        if not any(piece.startswith(b"(") for piece in quiet):
            return was
        rest = b"[%b]TJ" % b"".join(loud) if loud else b""
        return b"%b[%b]TJ%b%b" % (SILENT, b"".join(quiet), END, rest)

    def _goes_on(self, text: str, glyph: bytes) -> bool:
        """Whether a glyph belongs to the sign before it; else it begins the next one."""
        if len(text) > 1 and text == self.said[0] and glyph != self.said[1]:
            return True
        self.said = (text, glyph)
        return False


def _says(font: Object, maps: dict[tuple[int, int], Says]) -> Says:
    """What each glyph of a font says; what is there for the lines is taken out of its map on the way."""
    stream = font.get(Name.ToUnicode)
    if stream is None:
        return {}
    if stream.objgen not in maps:
        data = stream.read_bytes()
        stream.write(SAYS.sub(lambda found: b"<%b> <%b>" % (found[1], _hex(_text(found[2])) or found[2]), data))
        maps[stream.objgen] = {bytes.fromhex(glyph.decode()): _text(text) for glyph, text in SAYS.findall(data)}
    return maps[stream.objgen]


def _text(units: bytes) -> str:
    return HOLDS.sub("", bytes.fromhex(units.decode()).decode("utf-16-be"))


def _hex(text: str) -> bytes:
    return text.encode("utf-16-be").hex().upper().encode()


ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _plain(glyph: bytes) -> bytes:
    """The bytes of a string of a PDF, without its escapes."""
    return ESCAPE.sub(lambda found: bytes([int(found[1], 8)]) if found[1] else ESCAPED.get(found[2], found[2]), glyph)
