"""Slides as a PowerPoint file that offices may change, byte-identical for the same input."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.shapes.base import BaseShape
from pptx.slide import Slide
from pptx.text.text import TextFrame, _Paragraph
from pptx.util import Emu, Mm, Pt

from campaign.cache.archive import unzip, zip_bytes
from campaign.content.design_options import ordered
from campaign.content.number_doubts import about_number
from campaign.models import nodes
from campaign.models.campaign import Campaign
from campaign.models.page import Page, Panel
from campaign.packs import slide_look as look
from campaign.packs.blocks import Block, Run, plain, read_text
from campaign.packs.plain_text import about
from campaign.packs.word_writer import MAKER

BODY_SIZES = (40, 36, 32, 28, 26, 24, 22, 20, 18, 16)
TITLE_SIZES = (36, 32, 30, 28, 26, 24, 22, 20, 18)
COVER_SIZES = (66, 60, 54, 48, 44, 40, 36, 32, 28, 24)
CLOSING_SIZES = (24, 20, 18, 16, 14, 12, 11, 10)
NUMBER_PT = 115
TABLE_PT = 24
KICKER_PT = 22
STRIP_PT = 14
NUMBER_HEIGHT = Mm(56)
STRIP_HEIGHT = Mm(11)
GAP = Mm(8)
ICON = Mm(56)


@dataclass(frozen=True)
class Draft:
    """Why slides may not be shown yet: a sentence, and the words across each slide; both '' for finished ones."""

    line: str = ""
    across: str = ""


def slides_document(campaign: Campaign, page: Page, pictures: Mapping[str, bytes], draft: Draft) -> bytes:
    """Return slides as PPTX: one for each section of the page, and one for the imprint, with PNG pictures."""
    return _Writer(campaign, page, pictures, draft).write()


class _Writer:
    def __init__(self, campaign: Campaign, page: Page, pictures: Mapping[str, bytes], draft: Draft) -> None:
        self.campaign, self.page, self.pictures, self.draft = campaign, page, pictures, draft
        self.language = campaign.languages[page.language]
        self.rtl = self.language.direction == "rtl"
        self.slides = look.new_slides(campaign, self.rtl, pictures)

    def write(self) -> bytes:
        panels = {panel.id: panel for panel in self.page.panels if panel.id not in self.page.options.without}
        for index, name in enumerate(ordered(self.page, [*panels])):
            (self._content if index else self._cover)(panels[name])
        self._closing()
        return self._bytes()

    def _cover(self, panel: Panel) -> None:
        slide = self._add(look.COVER, panel.title, look.COVER_WIDTH, Mm(62), COVER_SIZES)
        self._fill(slide.placeholders[1].text_frame, [*self._blocks(panel)], look.BODY_PT)
        kicker = slide.shapes.add_textbox(0, 0, 0, 0)
        look.place(kicker, look.COVER_LEFT, Mm(20), look.COVER_WIDTH, Mm(24), self.rtl)
        texts = self.campaign.name_in(self.language.code), self.page.title
        self._fill(kicker.text_frame, list(map(_paragraph, texts)), KICKER_PT)
        for paragraph, ink in zip(kicker.text_frame.paragraphs, (look.PAPER, "marigold"), strict=True):
            for run in paragraph.runs:
                run.font.color.rgb, run.font.bold = look.colour(self.campaign.identity, ink), True
        self._finish(slide, panel)

    def _content(self, panel: Panel) -> None:
        slide = self._add(look.CONTENT, panel.title, look.TITLE_WIDTH, look.TITLE_HEIGHT, TITLE_SIZES)
        self._illustrate(slide, panel)
        top, blocks = look.TOP, [*self._blocks(panel)]
        if self.campaign.emergency and any(map(_is_call, panel.blocks)):
            self._call(slide, self.campaign.emergency.phone)
            top = Emu(top + NUMBER_HEIGHT + GAP)
            blocks.insert(0, _paragraph(about_number(self.campaign, self.language, self.campaign.emergency)))
        rows = [block for block in blocks if block.kind == "row"]
        words = [block for block in blocks if block.kind != "row"]
        height = Emu(look.HEIGHT - look.FOOT - top)
        body = slide.placeholders[1]
        if rows:
            part = Emu(height // 3) if words else Emu(0)
            self._table(slide, rows, Emu(top + part), Emu(height - part))
            height = part
        if not words:
            body._element.getparent().remove(body._element)
        else:
            look.place(body, look.BODY_LEFT, top, look.BODY_WIDTH, height, self.rtl)
            self._fill(body.text_frame, words, look.size_for([*map(_text, words)], look.BODY_WIDTH, height, BODY_SIZES))
        self._finish(slide, panel)

    def _closing(self) -> None:
        """Add a slide with the publisher, the state of the text and the sources."""
        language, text = self.language, read_text(self.campaign, self.page)
        slide = self._add(
            look.CONTENT, self.campaign.name_in(language.code), look.TITLE_WIDTH, look.TITLE_HEIGHT, TITLE_SIZES
        )
        lines = [*filter(None, (self.draft.line, *about(self.campaign, self.page)))]
        if text.notes:
            lines += [language.strings["sources"], *(f"[{number}] {note}" for number, note in enumerate(text.notes, 1))]
        size = look.size_for(lines, look.BODY_WIDTH, look.BODY_HEIGHT, CLOSING_SIZES)
        self._fill(slide.placeholders[1].text_frame, [*map(_paragraph, lines)], size)
        self._strip(slide)

    def _add(self, layout: int, title: str, width: int, height: int, sizes: tuple[int, ...]) -> Slide:
        slide = self.slides.slides.add_slide(self.slides.slide_layouts[layout])
        frame = slide.shapes.title.text_frame
        # A long word needs as much room as the line.
        longest = max(map(len, title.split()), default=1)
        fitting = tuple(size for size in sizes if longest * size * 0.58 <= look.points(width)) or sizes[-1:]
        self._fill(frame, [_paragraph(title)], look.size_for([title], width, height, fitting))
        return slide

    def _blocks(self, panel: Panel) -> Iterator[Block]:
        """Yield what is on a slide: everything except notes, the scene and the number."""
        shown = tuple(block for block in panel.blocks if not _is_speaker_note(block) and not _is_call(block))
        yield from read_text(self.campaign, self.page, shown).blocks

    def _finish(self, slide: Slide, panel: Panel) -> None:
        notes = tuple(block for block in panel.blocks if _is_speaker_note(block))
        lines = [_text(block) for block in read_text(self.campaign, self.page, notes).blocks] if notes else []
        if lines:
            self._fill(slide.notes_slide.notes_text_frame, [*map(_paragraph, lines)], 0)
        self._strip(slide)

    def _strip(self, slide: Slide) -> None:
        """Mark the slide of a draft."""
        if self.draft.across:
            strip = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, look.WIDTH, STRIP_HEIGHT)
            self._paint(strip, "marigold")
            strip.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
            self._fill(strip.text_frame, [_paragraph(self.draft.across)], STRIP_PT)
            strip.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
            for run in strip.text_frame.paragraphs[0].runs:
                run.font.bold, run.font.color.rgb = True, look.colour(self.campaign.identity, look.NIGHT)

    def _illustrate(self, slide: Slide, panel: Panel) -> None:
        """Add the scene below the title, otherwise the first pictogram."""
        names = [*filter(None, map(_scene_of, panel.blocks))]
        top = Emu(look.TOP + look.TITLE_HEIGHT + Mm(4))
        height = Emu(look.HEIGHT - look.FOOT - top)
        if names and f"scene-{names[0]}" in self.pictures:
            data = self.pictures[f"scene-{names[0]}"]
            picture = slide.shapes.add_picture(io.BytesIO(data), 0, 0)
            # All of it, since a crop could lose what carries its meaning.
            high = min(height, Emu(round(look.PANEL * picture.height / picture.width)))
            wide = Emu(round(high * picture.width / picture.height))
            look.place(picture, (look.PANEL - wide) // 2, top + (height - high) // 2, wide, high, self.rtl)
            picture._element.nvPicPr.cNvPr.set("descr", self._alt(names[0]))
            return
        icons = (node.name for node in nodes.walk(panel.blocks) if isinstance(node, nodes.Pictogram))
        if (icon := f"icon-{next(icons, '')}") in self.pictures:
            picture = slide.shapes.add_picture(io.BytesIO(self.pictures[icon]), 0, 0)
            look.place(picture, look.EDGE, look.HEIGHT - look.FOOT - ICON, ICON, ICON, self.rtl)
            # It says nothing that the words don't say.
            picture._element.nvPicPr.cNvPr.set("descr", "")

    def _alt(self, art: str) -> str:
        """Return what the poster with this drawing says about it, in the language of the slides if possible."""
        pages = [page for page in self.campaign.pages.values() if page.art == art and page.alt]
        codes = (self.language.code, self.campaign.source_language.code)
        return next((page.alt for code in codes for page in pages if page.language == code), art)

    def _call(self, slide: Slide, phone: str) -> None:
        """Add the number to call, as large as its box; its text is locked."""
        box = slide.shapes.add_shape(MSO_SHAPE.ROUNDED_RECTANGLE, 0, 0, 0, 0)
        look.place(box, look.BODY_LEFT, look.TOP, look.BODY_WIDTH, NUMBER_HEIGHT, self.rtl)
        box.adjustments[0] = 0.07
        self._paint(box, "leaf")
        box.text_frame.vertical_anchor, box.text_frame.word_wrap = MSO_ANCHOR.MIDDLE, False
        size = min(NUMBER_PT, int(look.points(look.BODY_WIDTH) * 0.9 / (len(phone) * 0.6)))
        self._fill(box.text_frame, [_paragraph(phone)], size)
        box.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
        for run in box.text_frame.paragraphs[0].runs:
            run.font.bold, run.font.color.rgb = True, look.colour(self.campaign.identity, look.PAPER)
        locks = etree.SubElement(box._element.nvSpPr.cNvSpPr, qn("a:spLocks"))
        locks.set("noTextEdit", "1")

    def _paint(self, shape: BaseShape, ink: str) -> None:
        shape.fill.solid()
        shape.fill.fore_color.rgb = look.colour(self.campaign.identity, ink)
        shape.line.fill.background()
        shape.shadow.inherit = False

    def _table(self, slide: Slide, rows: Sequence[Block], top: int, height: int) -> None:
        count = max(len(row.cells) for row in rows)
        frame = slide.shapes.add_table(len(rows), count, 0, 0, look.BODY_WIDTH, Emu(height))
        look.place(frame, look.BODY_LEFT, top, look.BODY_WIDTH, height, self.rtl)
        longest = [max(map(plain, row.cells), key=len) for row in rows]
        size = min(TABLE_PT, look.size_for(longest, look.BODY_WIDTH // count, height, BODY_SIZES))
        for row, block in zip(frame.table.rows, rows, strict=True):
            for cell, runs in zip(row.cells, block.cells, strict=False):
                self._fill(cell.text_frame, [Block("p", runs)], size)

    def _fill(self, frame: TextFrame, blocks: Sequence[Block], size: int) -> None:
        """Fill a text frame; size 0 leaves the layout's."""
        frame.word_wrap = frame.word_wrap if frame.word_wrap is False else True
        for index, block in enumerate(blocks):
            paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
            runs = block.runs if block.kind != "heading" else tuple(Run(run.text, bold=True) for run in block.runs)
            for position, run in enumerate(runs):
                self._run(paragraph, run, run.text.lstrip() if position == 0 else run.text, size)
            self._shape(paragraph, block)

    def _run(self, paragraph: _Paragraph, run: Run, text: str, size: int) -> None:
        added = paragraph.add_run()
        added.text = text
        added.font.bold, added.font.italic = run.bold or None, run.slanted or None
        if size:
            added.font.size = Pt(size)
        added._r.get_or_add_rPr().set("lang", self.language.code)
        if run.to:
            added.hyperlink.address = run.to

    def _shape(self, paragraph: _Paragraph, block: Block) -> None:
        """Set bullets and direction."""
        properties = paragraph._p.get_or_add_pPr()
        if block.kind == "item":
            properties.set("marL", str(Mm(10 + 8 * block.level)))
            properties.set("indent", str(-Mm(8)))
            if block.marker == "-":
                etree.SubElement(properties, qn("a:buChar")).set("char", "•")
            else:
                numbering = etree.SubElement(properties, qn("a:buAutoNum"))
                numbering.set("type", "arabicPeriod")
        else:
            properties.set("marL", "0")
            properties.set("indent", "0")
            etree.SubElement(properties, qn("a:buNone"))
        if self.rtl:
            properties.set("algn", "r")
            properties.set("rtl", "1")

    def _bytes(self) -> bytes:
        day = self.campaign.date
        facts = self.slides.core_properties
        facts.title, facts.author = self.page.title, self.campaign.name_in(self.language.code)
        facts.language, facts.last_modified_by, facts.revision = self.language.code, MAKER, 1
        facts.created = facts.modified = datetime(day.year, day.month, day.day, tzinfo=UTC)
        buffer = io.BytesIO()
        self.slides.save(buffer)
        # python-pptx stores the current time in its zip, but not in the members.
        return zip_bytes(unzip(buffer.getvalue()), day, is_small=True)


def _paragraph(text: str) -> Block:
    return Block("p", (Run(text),))


def _text(block: Block) -> str:
    return block.text


def _is_speaker_note(block: nodes.Block) -> bool:
    return isinstance(block, nodes.Quote) and "note" not in block.classes


def _is_call(block: nodes.Block) -> bool:
    return isinstance(block, nodes.Shortcode) and block.name == "call"


def _scene_of(block: nodes.Block) -> str:
    """Return the name of a `{{ scene }}`, or ''."""
    return block.arguments.get("name", "") if isinstance(block, nodes.Shortcode) and block.name == "scene" else ""
