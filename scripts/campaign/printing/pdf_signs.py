"""The text of complex scripts on a PDF page: each character once, however many glyphs Typst drew for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from campaign.printing.pdf_fonts import TWIN_SUFFIX, Font, is_rtl_text, to_hex
from campaign.printing.pdf_runs import Glyph, Piece, Unit

# Only the end of one mark and the start of another come between the two runs.
SINGLE_MARK_GAP = re.compile(rb"\s*EMC\s*/\w+\s*<</MCID \d+[^<>]*>>\s*BDC\s*")
# Characters that poppler treats as part of a number.
TURNED_MARKS = frozenset(".,:;/،؛")
NOTE_SIZE_RATIO = 0.75  # of the size around it: the raised number of a note is smaller


def signs_last(units: list[Unit], content: bytes) -> list[int]:
    """Return a drawing order with raised note numbers after the rest of their line in right-to-left text.

    Among the words, pdfium takes what follows such a number for a separate line that comes first.
    """
    order = list(range(len(units)))
    signs_by_line: dict[int, int] = {}
    for index in range(1, len(units) - 1):
        previous, sign = units[index - 1], units[index]
        if not (sign.pieces and previous.pieces and _is_sign(sign, previous)):
            continue
        last, line = index, previous.matrix[5]
        while last + 1 < len(units) and abs(units[last + 1].matrix[5] - line) < previous.pieces[0].glyphs[0].size / 2:
            last += 1
        # Each is marked separately, so that marks stay properly nested.
        between = (content[units[item - 1].span[1] : units[item].span[0]] for item in range(index, last + 1))
        if last > index and all(SINGLE_MARK_GAP.fullmatch(item) for item in between):
            order.remove(index)
            signs_by_line[last] = signs_by_line.get(last, 0) + 1
            order.insert(order.index(last) + signs_by_line[last], index)
    return order


def _is_sign(unit: Unit, previous: Unit) -> bool:
    """Return whether a run is a note's number: digits, smaller than the text before."""
    text = "".join(piece.text for piece in unit.pieces)
    return text.isdecimal() and unit.pieces[0].glyphs[0].size < NOTE_SIZE_RATIO * previous.pieces[0].glyphs[0].size


@dataclass
class Cluster:
    """A letter with its marks."""

    text: str
    is_rtl: bool
    parts: list[tuple[Unit, Piece]]


def read_signs(units: list[Unit]) -> Iterator[Cluster]:
    """Yield a page's clusters, with all the pieces that Typst drew separately."""
    cluster: Cluster | None = None
    for index, unit in enumerate(units):
        after = units[index + 1] if index + 1 < len(units) and units[index + 1].is_joined else None
        # A mark drawn separately doesn't advance; at the end of a line that is unknown.
        if not unit.pieces and cluster:
            yield cluster
            cluster = None
        is_still = len(unit.pieces) == 1 and (after is None or unit.starts_like(after))
        for number, piece in enumerate(unit.pieces):
            is_near = number > 0 or unit.is_joined
            if cluster and is_near and _continues_cluster(cluster, piece, is_still):
                cluster.parts.append((unit, piece))
            else:
                if cluster:
                    yield cluster
                cluster = Cluster(piece.text, is_rtl_text(piece.text), [(unit, piece)])
                was_unmoved = is_still
            if cluster.is_rtl and not is_still:
                was_unmoved = False
            cluster_is_open = was_unmoved or not cluster.is_rtl
            if not cluster_is_open:
                yield cluster
                cluster = None
    if cluster:
        yield cluster


def _continues_cluster(cluster: Cluster, piece: Piece, is_still: bool) -> bool:
    """Return whether a piece belongs to the cluster before it."""
    first = cluster.parts[0][1].glyphs
    if not piece.text or piece.text != cluster.text or not first or not piece.glyphs:
        return False
    if piece.glyphs[0].font != first[0].font:
        return False
    # From right to left marks come before their letter, and only open ones matter.
    if cluster.is_rtl:
        return True
    return piece.glyphs[0].code != first[0].code and (len(cluster.text) > 1 or is_still)


def write_cluster(cluster: Cluster, fonts: dict[bytes, Font]) -> None:
    """Write a cluster into its runs so that its text appears once."""
    parts = [(unit, piece) for unit, piece in cluster.parts if piece.glyphs]
    if not parts:
        return
    if not cluster.text:
        for unit, _ in parts:
            unit.is_changed = True
    elif cluster.is_rtl and all(fonts[piece.glyphs[0].font].can_draw for _, piece in parts):
        _write_turned(cluster.text, [(unit, glyph) for unit, piece in parts for glyph in piece.glyphs], fonts)
    else:
        _write_together(cluster.text, parts, fonts)


def _write_together(text: str, parts: list[tuple[Unit, Piece]], fonts: dict[bytes, Font]) -> None:
    """Write a left-to-right cluster at its first glyph."""
    (home, base), *other_parts = parts
    home.is_changed |= base.is_held
    glyphs = list(base.glyphs)
    for unit, piece in other_parts:
        unit.is_changed = home.is_changed = True
        if unit.is_like(home):
            shift = (unit.matrix[4] - home.matrix[4]) / (home.matrix[0] or 1)
            glyphs += [glyph._replace(x=glyph.x + shift) for glyph in piece.glyphs]
        else:
            unit.out += [as_outline(glyph, fonts) for glyph in piece.glyphs]
    is_plain = len(glyphs) == 1 and fonts[glyphs[0].font].says.get(glyphs[0].code) == text
    home.out.append(
        glyphs[0] if is_plain else b"/Span<</ActualText<FEFF%b>>>BDC %bEMC " % (to_hex(text), show(glyphs, fonts))
    )


def _write_turned(text: str, glyphs: list[tuple[Unit, Glyph]], fonts: dict[bytes, Font]) -> None:
    """Write a right-to-left cluster: marks first, its letter last, one letter per glyph.

    Marked text isn't used, because pdfium doesn't reverse words that start with it.
    """
    *marks, (home, letter) = glyphs
    for unit, mark in marks:
        unit.is_changed = home.is_changed = True
        unit.out.append(as_outline(mark, fonts))
    for letter_text, (name, code) in zip(reversed(text[1:]), unlike_glyphs(letter, fonts), strict=False):
        home.is_changed = True
        home.out.append(unpainted(letter._replace(font=fonts[name].saying(name, code, letter_text, fonts), code=code)))
    name = fonts[letter.font].saying(letter.font, letter.code, text[0], fonts)
    home.is_changed |= name != letter.font
    home.out.append(letter._replace(font=name))


def ends_to_hold(clusters: list[Cluster], fonts: dict[bytes, Font]) -> dict[int, bytes]:
    """Return the width of the mark to insert before clusters where left-to-right text ends on a right-to-left line."""
    positions = []
    for index, cluster in enumerate(clusters):
        unit, piece = cluster.parts[-1 if cluster.is_rtl else 0]
        if piece.glyphs and cluster.text:
            first, last = piece.glyphs[0], piece.glyphs[-1]
            end = last.x + fonts[last.font].width(last.code) * last.size / 1000
            x, scale = unit.matrix[4], unit.matrix[0]
            positions.append((round(unit.matrix[5], 1), x + first.x * scale, x + end * scale, last.size * scale, index))
    positions.sort()
    results: dict[int, bytes] = {}
    earlier = previous = ""
    line, edge = 0.0, 0.0
    for y, x, end, size, index in positions:
        cluster = clusters[index]
        if y != line or x - edge > 4 * size:
            earlier = previous = ""
        elif x - edge > size / 2:  # as before the number of a list
            earlier, previous = previous, " "
        if previous.isspace() and (cluster.text in TURNED_MARKS or (is_rtl_text(earlier) and not cluster.is_rtl)):
            results[index] = b"0.01"
        elif previous in TURNED_MARKS and cluster.text[0].isalnum() and not cluster.is_rtl and not earlier.strip():
            results[index] = b"1"  # the end of a sentence after a number, which pdfium takes to it as well
        elif previous in TURNED_MARKS and cluster.is_rtl and unicodedata.category(cluster.text[-1]) == "Mn":
            results[index] = b"1"  # after a letter with a mark, which pdfium would put behind the end
        earlier, previous, line, edge = previous, cluster.text, y, end
    return results


def insert_direction_mark(cluster: Cluster, narrow: bytes, fonts: dict[bytes, Font]) -> None:
    """Insert a direction mark, so that poppler ends left-to-right text there; tiny, so that pdfium skips it."""
    home, piece = cluster.parts[-1 if cluster.is_rtl else 0]
    glyph = piece.glyphs[0]
    marks = len(cluster.text) - 1 if cluster.is_rtl else 0  # which take the first of the other glyphs
    for name, code in islice(unlike_glyphs(glyph, fonts), marks, marks + 1):
        home.is_changed = True
        twin = fonts[name].saying(name, code, "\u200f", fonts)
        home.out.append(unpainted(glyph._replace(font=twin, code=code), narrow))


def unlike_glyphs(glyph: Glyph, fonts: dict[bytes, Font]) -> Iterator[tuple[bytes, bytes]]:
    """Yield (font, code) of other glyphs: pdfium drops one of two equal glyphs at the same position.

    The tallest come first: pdfium begins a line at one that is wholly above or below its neighbour.
    """
    others = [
        (name, code)
        for name in fonts
        if TWIN_SUFFIX not in name and fonts[name].can_draw
        for code in fonts[name].says
        if code != glyph.code and fonts[name].outline(code).words
    ]
    yield from sorted(others, key=lambda other: -fonts[other[0]].height(other[1]))


def as_outline(glyph: Glyph, fonts: dict[bytes, Font]) -> bytes:
    """Return a glyph as a shape; as empty text if its font has no readable shapes."""
    font = fonts[glyph.font]
    if font.can_draw:
        return font.path(glyph.code, glyph.size, glyph.x, glyph.y)
    return b"/Span<</ActualText()>>BDC " + show([glyph], fonts) + b"EMC "


def show(glyphs: list[Glyph], fonts: dict[bytes, Font]) -> bytes:
    """Return the operators for glyphs of one font and line."""
    first = glyphs[0]
    output, pen = [], first.x
    for glyph in glyphs:
        kern = (pen - glyph.x) * 1000 / glyph.size
        output.append(
            (b"%g" % round(kern, 3) if abs(kern) > 0.01 else b"") + b"<%b>" % glyph.code.hex().upper().encode()
        )
        pen = glyph.x + fonts[glyph.font].width(glyph.code) * glyph.size / 1000
    place = f"{first.size:g} Tf 1 0 0 -1 {first.x:.4f} {-first.y:.4f} Tm".encode()
    return b"BT 0 Tr%b %b[%b]TJ ET " % (first.font, place, b"".join(output))


def unpainted(glyph: Glyph, narrow: bytes = b"1") -> bytes:
    """Return an invisible letter, as narrow as possible (percent), so that it doesn't form a word."""
    place = f"{glyph.size:g} Tf 1 0 0 -1 {glyph.x - 0.01:.4f} {-glyph.y:.4f} Tm".encode()
    return b"BT 3 Tr %b Tz %b %b <%b> Tj 100 Tz ET " % (narrow, glyph.font, place, glyph.code.hex().encode())
