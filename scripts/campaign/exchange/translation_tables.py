"""Translations as a table in a Word document or CSV, with a column for back-translation if wanted."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell

from campaign.exchange.translation_file import MAX_BYTES, Entry, as_entries, not_a_file

COLUMNS = ("file", "key", "sent", "about", "source before", "source", "translation")
BACK_TRANSLATION = "translated back"
HEADS = ("Key", "Source", "Translation")
COLUMN_PREFIX = "translation of "
MAX_UNPACKED_BYTES = 400_000_000  # most bytes of an unpacked document


def as_csv(entries: Iterable[Entry], is_back: bool = False) -> bytes:
    """Return a table for spreadsheets, with a byte order mark and escaped formulas."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow((*COLUMNS, BACK_TRANSLATION) if is_back else COLUMNS)
    for entry in entries:
        row = (entry.path, entry.key, entry.sent, entry.about, entry.old_source, entry.source, entry.target)
        table.writerow([*map(_harmless, row), *([""] if is_back else [])])
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "@", "-", "\t", "\r")) else cell


def read_csv(path: Path) -> list[Entry]:
    """Return the entries of a table. Raise CampaignError if it can't be read."""
    try:
        text = path.read_bytes()[:MAX_BYTES].decode("utf-8-sig")
    except UnicodeDecodeError:
        raise not_a_file(path.name, "The table is not UTF-8 text; save it as `CSV UTF-8`.") from None
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = list(csv.DictReader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise not_a_file(path.name, f"This cannot be read as a table ({error}).") from None
    if not rows or not {"file", "key", "translation"} <= set(rows[0]):
        raise not_a_file(path.name, "The columns `file`, `key` and `translation` are missing.")
    return as_entries(
        {key: _cell_text(cell or "") for key, cell in row.items() if isinstance(key, str)} for row in rows
    )


def _cell_text(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "@", "-") else cell


def as_docx(entries: Iterable[Entry], title: str, language: str, is_back: bool = False) -> bytes:
    """Return a document with a table for each file. `is_back` adds a column for back-translation."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(12)
    document.core_properties.subject = COLUMN_PREFIX + language
    document.add_heading(title, 0)
    document.add_paragraph(
        "Write only in the column Translation. Keep text in brackets and between colons, such as [^law] and :phone:. "
        "A line above a source text shows its wording when it was last translated."
    )
    heads = (*HEADS, "Translated back") if is_back else HEADS
    for path, its in groupby(entries, key=lambda row: row.path):
        document.add_heading(path, 1)
        rows = list(its)
        table = document.add_table(len(rows) + 1, len(heads))
        table.style = "Table Grid"
        table.autofit = False
        grid = [list(row.cells) for row in table.rows]
        for cell, head in zip(grid[0], heads, strict=True):
            cell.text = head
        for cells, entry in zip(grid[1:], rows, strict=True):
            _small(cells[0], f"{entry.key} {entry.sent}")
            if entry.old_source:
                _small(cells[1], entry.old_source, is_new=True)
                cells[1].add_paragraph(entry.source)
            else:
                cells[1].text = entry.source
            cells[2].text = entry.target
        for cells in grid:
            for cell, width in zip(cells, _widths(is_back), strict=True):
                cell.width = Mm(width)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def _widths(is_back: bool) -> tuple[int, ...]:
    return (28, 85, 85, 75) if is_back else (28, 120, 125)


def _small(cell: _Cell, text: str, is_new: bool = False) -> None:
    run = cell.paragraphs[0].add_run(text)
    run.font.size = Pt(7)
    run.font.color.rgb = RGBColor(0x66, 0x66, 0x66)
    run.font.strike = is_new or None


def read_docx(path: Path) -> list[Entry]:
    """Return the entries of a document, with tracked changes accepted. Raise CampaignError if it isn't one of ours."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise not_a_file(path.name, "The document unpacks to more than any translation.")
        document = Document(str(path))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise not_a_file(path.name, f"This cannot be read as a document ({str(error)[:80]}).") from None
    if not (document.core_properties.subject or "").startswith(COLUMN_PREFIX) and not document.tables:
        raise not_a_file(path.name, "There is no table of translations in this document.")
    results = [row for file, cells in _rows(document) for row in [_row(file, cells)] if row]
    return as_entries(results)


def _rows(document: DocumentObject) -> Iterable[tuple[str, list[str]]]:
    path = ""
    for element in document.element.body:
        if element.tag == qn("w:p"):
            text = _text(element)
            path = text.strip() or path
        elif element.tag == qn("w:tbl"):
            for row in element.iter(qn("w:tr")):
                cells = ["\n".join(_text(p) for p in cell.iter(qn("w:p"))) for cell in row.iter(qn("w:tc"))]
                yield path, cells


def _row(file: str, cells: list[str]) -> dict[str, str]:
    if len(cells) < len(HEADS) or cells[0] == HEADS[0]:
        return {}
    key, _, fingerprint = cells[0].strip().partition(" ")
    return {"file": file, "key": key, "sent": fingerprint.strip(), "source": cells[1], "translation": cells[2]}


def _text(paragraph: object) -> str:
    results = []
    for node in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br")):  # type: ignore[attr-defined]  # lxml's
        if any(ancestor.tag in (qn("w:del"), qn("w:moveFrom")) for ancestor in node.iterancestors()):
            continue
        results.append(node.text or "" if node.tag == qn("w:t") else " ")
    return "".join(results)
