"""A document for people who review a language, riskiest pages first, with room for remarks."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import zip_longest

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.shared import Mm, Pt

from campaign.document.text import plain_text
from campaign.models.campaign import Campaign
from campaign.models.nodes import Heading
from campaign.models.page import Page

HEADS = ("Source", "Translation", "Back-translation: cover the source", "Remarks")
INSTRUCTIONS = (
    "1. One person reads the translation against the source and writes remarks.",
    "2. Another person covers the first column, and writes what the translation says in the language of the source.",
    "3. Where first and third column differ in meaning, fix the page, then run `campaign translate stamp` on it.",
    '4. When a page is right: `campaign translate accept FILE --by "Name"`.',
)
Row = tuple[str, str]  # source and translation


def core_pages(campaign: Campaign, language: str) -> list[tuple[Page, Page]]:
    """Return (source, page) for public pages without review, riskiest first."""
    return [(source, page) for source, page in public_pages(campaign, language) if page]


def public_pages(campaign: Campaign, language: str) -> list[tuple[Page, Page | None]]:
    """Return public source pages that are unreviewed in a language, the most dangerous first, with translations."""
    own_pages = {path: page for (code, path), page in campaign.pages.items() if code == language}
    results = [
        (source, own_pages.get(path))
        for (code, path), source in campaign.pages.items()
        if code == campaign.source_language.code and campaign.is_public(source)
    ]
    is_whole = campaign.languages[language].is_whole
    left = [
        (source, page)
        for source, page in results
        if (page.translation and not page.translation.is_reviewed if page else is_whole)
    ]
    order = {path: index for index, path in enumerate(campaign.navigation)}

    def risk(pair: tuple[Page, Page | None]) -> tuple[bool, bool, bool, int, str]:
        page = pair[0]
        calls = page.outline.has_shortcode("call") or page.outline.has_shortcode("contacts")
        return (page.path != campaign.help_page, not calls, not page.formats, order.get(page.path, 999), page.path)

    return sorted(left, key=risk)


def rows(source: Page, page: Page) -> Iterator[Row]:
    """Yield both texts by section, so that a missing sentence shifts no other section."""
    yield source.title, page.title
    for source_text, translation in ((source.description, page.description), (source.alt, page.alt)):
        if source_text or translation:
            yield source_text, translation
    source_sections, page_sections = _sections(source), _sections(page)
    for id in dict.fromkeys((*source_sections, *page_sections)):
        yield from zip_longest(source_sections.get(id, ()), page_sections.get(id, ()), fillvalue="")


def _sections(page: Page) -> dict[str, list[str]]:
    results: dict[str, list[str]] = {"": []}
    id = ""
    for block in page.document.blocks:
        if isinstance(block, Heading):
            id = block.id or id
        results.setdefault(id, []).extend(line for line in plain_text((block,)).splitlines() if line.strip())
    return results


def bundle(campaign: Campaign, language: str) -> bytes:
    """Return the document (DOCX), with a table for each page."""
    document = Document()
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(15)
    document.styles["Normal"].font.size = Pt(10)
    pages = core_pages(campaign, language)
    document.add_heading(f"{campaign.name_in(language)}: {campaign.languages[language].name}, {len(pages)}", 1)
    for line in INSTRUCTIONS:
        document.add_paragraph(line)
    for source, page in pages:
        document.add_heading(page.where, 2)
        results = [*rows(source, page)]
        table = document.add_table(rows=len(results) + 1, cols=len(HEADS), style="Table Grid")
        # `table.cell()` would count all cells before it.
        cells = [cell for row in table.rows for cell in row.cells]
        for cell, text in zip(cells, (*HEADS, *(part for row in results for part in (*row, "", ""))), strict=True):
            cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
