"""Repair the text that people copy, search or hear from a PDF.

Typst 0.15 draws a mark above or below a letter separately and repeats the cluster's text: `ทั้ง` is copied as
`ทั้ทั้ง`, and each Arabic letter with dots twice. Word joiners (U+2060, U+200B) are copied too. Here each cluster
carries its text once, at its first glyph; other marks become shapes, because pdfium reads glyphs without text anyway.

Right-to-left text is stored in visual order, letter by letter, and reversed by poppler and pdfium. So clusters are
split there, and letters without a glyph become invisible ones. pdfium mirrors brackets as it reverses them, so each is
mapped to the character it looks like; poppler doesn't mirror.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from pikepdf import Array, Dictionary, Name, Object, Pdf

from campaign.printing.pdf_fonts import TWIN_SUFFIX, Font, font_of
from campaign.printing.pdf_runs import Glyph, Unit, read_units, says_much
from campaign.printing.pdf_signs import ends_to_hold, insert_direction_mark, read_signs, show, signs_last, write_cluster


def repair_text(document: Pdf) -> bool:
    """Repair a PDF's text in place; return whether anything changed."""
    fonts: dict[tuple[int, int], Font] = {}
    parents = _parents(document)
    is_changed = False
    twins: list[tuple[Object, bytes, Font]] = []
    named_fonts = [page.obj.get(Name.Resources, Dictionary()).get(Name.Font, Dictionary()) for page in document.pages]
    page_fonts = [
        {name.encode(): font_of(font, fonts) for name, font in fonts_by_name.items()} for fonts_by_name in named_fonts
    ]
    if any(font.is_turned for font in fonts.values()):
        for font in fonts.values():
            font.mirror_brackets()
    for page, fonts_by_name, own_fonts in zip(document.pages, named_fonts, page_fonts, strict=True):
        page.contents_coalesce()
        content = page.obj.Contents.read_bytes()
        if not any(font.ambiguous or font.is_turned for font in own_fonts.values()) and not says_much(content):
            continue
        names = set(own_fonts)
        repaired = _repaired(content, own_fonts, parents.get(int(page.obj.get(Name.StructParents, -1)), Array()))
        if repaired != content:
            page.obj.Contents.write(repaired)
            is_changed = True
        for name in own_fonts.keys() - names:
            twins.append((fonts_by_name, name, own_fonts[name]))
    twins_by_font = {id(font): font.twins(document) for font in fonts.values() if font.others}
    for fonts_by_name, name, font in twins:
        fonts_by_name[Name(name.decode())] = twins_by_font[id(font)][int(name.rpartition(TWIN_SUFFIX)[2])]
    written = [font.write() for font in fonts.values()]
    return is_changed or any(written)


def _parents(document: Pdf) -> dict[int, Object]:
    """Return the structure element of each mark, or null, by page."""
    tree = document.Root.get(Name.StructTreeRoot, Dictionary()).get(Name.ParentTree, Dictionary())
    objects: dict[int, Object] = {}
    pending = [tree]
    while pending:
        node = pending.pop()
        pending += [*node.get(Name.Kids, Array())]
        numbers = [*node.get(Name.Nums, Array())]
        for key, value in zip(numbers[::2], numbers[1::2], strict=True):
            if isinstance(value, Array):
                objects[int(key)] = value
    return objects


def _repaired(content: bytes, fonts: dict[bytes, Font], parents: Object) -> bytes:
    units = list(read_units(content, fonts, parents))
    clusters = list(read_signs(units))
    ends = ends_to_hold(clusters, fonts) if any(cluster.is_rtl for cluster in clusters) else {}
    for index, cluster in enumerate(clusters):
        if index in ends:
            insert_direction_mark(cluster, ends[index], fonts)
        write_cluster(cluster, fonts)
    is_turned = any(font.is_turned for font in fonts.values())
    order = signs_last(units, content) if is_turned else range(len(units))
    run_ends = [0, *(unit.span[1] for unit in units)]
    parts: list[bytes] = []
    for index in order:
        unit = units[index]
        start, end = unit.span
        parts.append(content[run_ends[index] : start])
        parts += [unit.begin, *written(unit, fonts), b"Q"] if unit.is_changed else [content[start:end]]
    return b"".join((*parts, content[run_ends[-1] :]))


def written(unit: Unit, fonts: dict[bytes, Font]) -> Iterator[bytes]:
    """Yield a run's new content; consecutive glyphs are shown together."""
    yield b" "
    for is_plain, group in groupby(unit.out, key=lambda item: isinstance(item, Glyph)):
        if not is_plain:
            yield from (item for item in group if isinstance(item, bytes))
            continue
        for _, run in groupby(
            (item for item in group if isinstance(item, Glyph)), key=lambda item: (*item[:2], item.y)
        ):
            yield show(list(run), fonts)
