"""A handout, guide or form as a Word file that offices may change; its telephone numbers are locked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run as DocxRun
from lxml import etree

from campaign.content.known_numbers import calls_of, known_numbers, numbers_in
from campaign.content.typed_numbers import standing_numbers
from campaign.models.campaign import Campaign, Language
from campaign.models.page import Page
from campaign.packs.blocks import Block, Run, plain, read_text
from campaign.packs.plain_text import about
from campaign.packs.word_writer import WordWriter

TEXT_WIDTH_MM = 160
# A row to write in by hand.
WRITING_HEIGHT_MM = 9
NARROW_MM = 18
SMALL_PT = 9
MAX_LETTERS = 60
WORD_2010 = "http://schemas.microsoft.com/office/word/2010/wordml"
EMPTY_BOX = "\u2610"
TICKED_BOX = "\u2612"


def page_document(campaign: Campaign, page: Page, draft: str) -> bytes:
    """Return a page as DOCX; `draft` says why it may not be handed out yet, or ''."""
    return _Writer(campaign, page, page.title).write(draft)


class _Writer(WordWriter):
    """Adds tables to write in, and locks each telephone number."""

    _controls = 0

    def write(self, draft: str) -> bytes:
        text, words = read_text(self.campaign, self.page), self.language.strings
        if draft:
            self.add_text(draft, bold=True)
        self.add_text(self.page.title, "Title")
        for kind, group in groupby(text.blocks, lambda block: block.kind):
            blocks = [*group]
            if kind == "row":
                self._tables(blocks)
            elif kind == "item":
                self._list(blocks)
            else:
                for block in blocks:
                    self.add_runs(block.runs, self._style(block))
        if text.notes:
            self.add_text(words["sources"], "Heading 1")
        for line in (
            *(f"[{number}] {note}" for number, note in enumerate(text.notes, 1)),
            *about(self.campaign, self.page),
        ):
            for run in self.add_text(line).runs:
                run.font.size = Pt(SMALL_PT)
        return self.to_bytes()

    def _style(self, block: Block) -> str:
        if block.kind == "heading":
            return f"Heading {min(max(block.level - 1, 1), 9)}"
        return "Intense Quote" if block.kind == "note" else "Normal"

    def _list(self, blocks: Sequence[Block]) -> None:
        numbering = 0
        for block in blocks:
            is_numbered = block.marker != "-"
            style = ("List Number" if is_numbered else "List Bullet") + (
                f" {min(block.level, 2) + 1}" if block.level else ""
            )
            paragraph = self.add_runs(block.runs, style)
            if is_numbered and not block.level:
                first = int(block.marker.rstrip("."))
                # Word would count on from the list before.
                numbering = self._numbering(style, first) if not numbering or first == 1 else numbering
                number = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                number.get_or_add_ilvl().val, number.get_or_add_numId().val = 0, numbering

    def _numbering(self, style: str, first: int) -> int:
        """Return the id of a new numbering in the form of a style."""
        numbering = self.document.part.numbering_part.element
        style_number = self.document.styles[style].element.pPr.numPr.numId.val
        added = numbering.add_num(numbering.num_having_numId(style_number).abstractNumId.val)
        added.add_lvlOverride(ilvl=0).add_startOverride(first)
        return int(added.numId)

    def _tables(self, rows: Sequence[Block]) -> None:
        """Add a table from each header on; a paragraph keeps Word from joining them."""
        starts = [index for index, row in enumerate(rows) if row.is_head] or [0]
        for start, end in zip(starts, (*starts[1:], len(rows)), strict=True):
            self._table(rows[start:end])
            self.add_text("").paragraph_format.space_after = Pt(2)

    def _table(self, rows: Sequence[Block]) -> None:
        shown = [row for row in rows if not row.is_head or any(map(plain, row.cells))]
        count = max((len(row.cells) for row in rows), default=0)
        table = self.document.add_table(0, count, "Table Grid")
        table.autofit = False
        if self.language.direction == "rtl":
            table._tbl.tblPr.insert(1, OxmlElement("w:bidiVisual"))  # after the style, as the schema has it
        widths = _widths(rows, count)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for row in shown:
            self._row(table, row, widths)

    def _row(self, table: Table, block: Block, widths: Sequence[float]) -> None:
        row = table.add_row()
        is_written = not block.is_head and not all(map(plain, block.cells))
        if is_written:
            row.height, row.height_rule = Mm(WRITING_HEIGHT_MM), WD_ROW_HEIGHT_RULE.AT_LEAST
        _mark_row(row, "w:cantSplit", *(["w:tblHeader"] if block.is_head else []))
        for index, (cell, width) in enumerate(zip(row.cells, widths, strict=True)):
            cell.width = Mm(width)
            runs = block.cells[index] if index < len(block.cells) else ()
            paragraph = cell.paragraphs[0]
            self.fill(paragraph, tuple(replace(run, bold=run.bold or block.is_head) for run in runs))
            paragraph.paragraph_format.space_after = Pt(0)
            if not plain(runs) and not block.is_head and index < len(block.uses) and block.uses[index] == "tick":
                self._add_tick(paragraph)

    def fill(self, paragraph: Paragraph, runs: tuple[Run, ...]) -> Paragraph:
        """Fill a paragraph, without the space after a pictogram that Word files lack."""
        first = tuple(replace(run, text=run.text.lstrip()) for run in runs[:1])
        return super().fill(paragraph, (*first, *runs[1:]))

    def add_run(self, paragraph: Paragraph, run: Run) -> DocxRun:
        """Add a run, each telephone number in it locked."""
        for text, is_number in _number_parts(self.campaign, self.language, run.text):
            added = super().add_run(paragraph, replace(run, text=text))
            if is_number:
                lock = OxmlElement("w:lock")
                lock.set(qn("w:val"), "sdtContentLocked")
                self._control(added, self.language.strings["phone"], [lock])
        return added

    def _add_tick(self, paragraph: Paragraph) -> None:
        """Add a box that a click ticks."""
        box = etree.Element(f"{{{WORD_2010}}}checkbox", nsmap={"w14": WORD_2010})
        for name, values in (
            ("checked", {"val": "0"}),
            ("checkedState", {"val": f"{ord(TICKED_BOX):04X}", "font": "MS Gothic"}),
            ("uncheckedState", {"val": f"{ord(EMPTY_BOX):04X}", "font": "MS Gothic"}),
        ):
            part = etree.SubElement(box, f"{{{WORD_2010}}}{name}")
            for key, value in values.items():
                part.set(f"{{{WORD_2010}}}{key}", value)
        self._control(super().add_run(paragraph, Run(EMPTY_BOX)), "", [box])

    def _control(self, run: DocxRun, title: str, settings: Iterable[BaseOxmlElement | etree._Element]) -> None:
        """Put a run, with its link, into a content control."""
        self._controls += 1
        control, properties, content = (OxmlElement(name) for name in ("w:sdt", "w:sdtPr", "w:sdtContent"))
        for name, value in (("w:alias", title), ("w:id", str(self._controls))):
            if value:
                properties.append(part := OxmlElement(name))
                part.set(qn("w:val"), value)
        properties.extend(settings)
        control.extend([properties, content])
        outer = parent if (parent := run._r.getparent()).tag == qn("w:hyperlink") else run._r
        outer.addprevious(control)
        content.append(outer)


def _mark_row(row: _Row, *names: str) -> None:
    properties = row._tr.get_or_add_trPr()
    for name in names:
        properties.append(OxmlElement(name))


def _widths(rows: Sequence[Block], count: int) -> list[float]:
    """Return the width of each column in mm: narrow for numbers and ticks, else by the length of its words."""
    head = rows[0]
    shares: list[float] = []
    for index in range(count):
        texts = [plain(row.cells[index]) for row in rows if index < len(row.cells)]
        is_narrow = index < len(head.uses) and head.uses[index] in ("number", "tick")
        longest = max((min(len(text), MAX_LETTERS) for text in texts), default=0)
        is_blank = not any(texts[1:])
        shares.append(0 if is_narrow else max(longest, 20 if is_blank else 6) ** 0.5)
    rest = TEXT_WIDTH_MM - NARROW_MM * shares.count(0)
    total = sum(shares) or 1
    return [round(rest * share / total, 1) if share else NARROW_MM for share in shares]


def _number_parts(campaign: Campaign, language: Language, text: str) -> Iterator[tuple[str, bool]]:
    found = {raw for _, raw in numbers_in(text, calls_of(language))}
    found |= {*standing_numbers(text, known_numbers(campaign).called.keys())}
    pattern = "|".join(re.escape(raw) for raw in sorted(found, key=lambda raw: (-len(raw), raw)))
    if not pattern:
        yield text, False
        return
    for index, part in enumerate(re.split(rf"(?<!\d)({pattern})(?!\d)", text)):
        if part:
            yield part, index % 2 == 1
