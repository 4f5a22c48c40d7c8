"""Releases as Word files, byte-identical for the same input."""

from __future__ import annotations

from dataclasses import replace

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.table import Table

from campaign.content.press_envelope import envelope
from campaign.models.campaign import Campaign
from campaign.models.page import Page
from campaign.packs.blocks import Block, Run, read_text
from campaign.packs.plain_text import about
from campaign.packs.word_writer import WordWriter


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
