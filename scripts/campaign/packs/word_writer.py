"""Word files in the look of the campaign, byte-identical for the same input."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run as DocxRun

from campaign.cache.archive import unzip, zip_bytes
from campaign.content.press_envelope import envelope
from campaign.models.campaign import Campaign
from campaign.models.page import Page
from campaign.packs.blocks import Block, Run, read_text
from campaign.packs.plain_text import about

MAKER = "campaign"


class WordWriter:
    """The document of a page: its look, its language, and a paragraph or table for each block."""

    def __init__(self, campaign: Campaign, page: Page, title: str) -> None:
        """Begin an empty document with a title for its properties."""
        self.campaign, self.page, self.title = campaign, page, title
        self.language = campaign.languages[page.language]
        self.document = Document()
        self._set_page()
        self._set_look()
        self._set_language()

    def add_text(self, text: str, style: str = "Normal", bold: bool = False) -> Paragraph:
        """Add a paragraph of plain text."""
        return self.add_runs((Run(text, bold=bold),), style)

    def add_runs(self, runs: tuple[Run, ...], style: str) -> Paragraph:
        """Add a paragraph."""
        return self.fill(self.document.add_paragraph(style=style), runs)

    def fill(self, paragraph: Paragraph, runs: tuple[Run, ...]) -> Paragraph:
        """Fill a paragraph, in the direction of the language."""
        for run in runs:
            self.add_run(paragraph, run)
        if self.language.direction == "rtl":
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        return paragraph

    def add_run(self, paragraph: Paragraph, run: Run) -> DocxRun:
        """Add a run to a paragraph, with its link."""
        added = paragraph.add_run(run.text)
        added.bold, added.italic = run.bold or None, run.slanted or None
        if run.to:
            self._make_link(added, run.to)
        if self.language.direction == "rtl":
            added.font.rtl = True
        return added

    def _make_link(self, run: DocxRun, to: str) -> None:
        """Put a run into a hyperlink, which python-docx can read but not write."""
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), self.document.part.relate_to(to, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        run.font.underline = True
        run._r.addprevious(link)
        link.append(run._r)

    def _set_page(self) -> None:
        """Set A4 with margins for lines of about 75 characters."""
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(25)
        section.top_margin, section.bottom_margin = Mm(22), Mm(20)

    def _set_look(self) -> None:
        """Set the campaign's typeface and colours; programs without the typeface substitute their own."""
        identity = self.campaign.identity
        family = next(iter(identity.fonts), "")
        for style in self.document.styles:
            is_heading = style.name.startswith(("Heading", "Title"))
            if style.type != WD_STYLE_TYPE.PARAGRAPH or not (is_heading or style.name == "Normal"):
                continue
            if family:
                style.font.name = family
                fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
                for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
                    fonts.attrib.pop(qn(name), None)
                for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
                    fonts.set(qn(name), family)
            if is_heading and "night" in identity.colours:
                style.font.color.rgb = RGBColor.from_string(identity.colours["night"].hex.lstrip("#").upper())

    def _set_language(self) -> None:
        """Set the language, for spell checkers and screen readers, and the text size."""
        normal = self.document.styles["Normal"]
        normal.font.size = Pt(11.5)
        result = normal.element.get_or_add_rPr()
        lang = OxmlElement("w:lang")
        lang.set(qn("w:val"), self.language.code)
        if self.language.direction == "rtl":
            lang.set(qn("w:bidi"), self.language.code)
        result.append(lang)

    def to_bytes(self) -> bytes:
        """Return the file."""
        day = self.campaign.date
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
        facts = self.document.core_properties
        facts.title = self.title
        facts.author = self.campaign.name_in(self.language.code)
        facts.language = self.language.code
        facts.comments, facts.last_modified_by, facts.keywords = "", MAKER, ""
        facts.created = facts.modified = moment
        facts.revision = 1
        buffer = io.BytesIO()
        self.document.save(buffer)
        # python-docx stores the current time in its zip, but not in the members.
        return zip_bytes(unzip(buffer.getvalue()), day, is_small=True)


def release_document(campaign: Campaign, page: Page) -> bytes:
    """Return a release as DOCX with real headings and lists, in the order of its plain text."""
    return _Writer(campaign, page, envelope(campaign, page).headline).write()


class _Writer(WordWriter):
    def write(self) -> bytes:
        frame, text = envelope(self.campaign, self.page), read_text(self.campaign, self.page)
        words = [block for block in text.blocks if block.kind != "note"]
        if frame.mark:
            self.add_text(frame.mark, bold=True)
        self.add_text(frame.line.upper(), bold=True)
        for block in text.blocks:
            if block.kind == "note":
                self.add_runs(block.runs, "Intense Quote")
        self.add_text(frame.headline, "Title")
        opening = frame.dateline
        for block in words:
            self._block(block, opening if block.kind == "p" else "")
            opening = "" if block.kind == "p" else opening
        for line in frame.contacts:
            self.add_text(line)
        self.add_text(frame.end).alignment = WD_ALIGN_PARAGRAPH.CENTER
        if text.notes:
            self.add_text(self.language.strings["sources"], "Heading 2")
            for number, note in enumerate(text.notes, 1):
                self.add_text(f"[{number}] {note}")
        for line in about(self.campaign, self.page):
            self.add_text(line)
        return self.to_bytes()

    def _block(self, block: Block, opening: str) -> None:
        if block.kind == "heading":
            self.add_runs(block.runs, f"Heading {min(block.level, 9)}")
        elif block.kind == "item":
            style = "List Bullet" if block.marker == "-" else "List Number"
            self.add_runs(block.runs, style)
        elif block.kind == "row":
            self._row(block)
        else:
            self.add_runs((Run(f"{opening} – ", bold=True), *block.runs) if opening else block.runs, "Normal")

    def _row(self, block: Block) -> None:
        """Add a row to the preceding table, or start a new one."""
        last = list(self.document.iter_inner_content())[-1:]
        open_table = last[0] if last and isinstance(last[0], Table) else None
        table = open_table or self.document.add_table(0, len(block.cells), "Table Grid")
        for cell, runs in zip(table.add_row().cells, block.cells, strict=False):
            self.fill(cell.paragraphs[0], tuple(replace(run, bold=run.bold or block.is_head) for run in runs))
