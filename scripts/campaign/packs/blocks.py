"""A page as a flat list of blocks, the source of plain text and Word files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, groupby, repeat

from campaign.content.links import folder_address, full_address, without_navigation
from campaign.content.number_doubts import about_number, doubt_sentences, unchecked_numbers
from campaign.content.press_envelope import contact_line
from campaign.document.shortcodes import SHORTCODES, load_form
from campaign.models import nodes
from campaign.models.campaign import Campaign, Source
from campaign.models.page import Page

GROUPED_KINDS = ("item", "row")  # consecutive blocks of these kinds form one list or table
REACHABLE = ("https://", "http://", "tel:", "mailto:")  # links that work outside the site


@dataclass(frozen=True)
class Run:
    """Text with one style and one link."""

    text: str
    bold: bool = False
    slanted: bool = False
    to: str = ""  # the address of a link


@dataclass(frozen=True)
class Block:
    """One block of a text."""

    kind: str  # 'p', 'note', 'heading', 'item' or 'row'
    runs: tuple[Run, ...] = ()
    marker: str = ""  # the bullet or number of an item
    level: int = 0  # of a heading, from 1; depth of an item, from 0
    cells: tuple[tuple[Run, ...], ...] = ()  # of a row
    is_head: bool = False  # whether the row is a table header
    uses: tuple[str, ...] = ()  # of a row, what each cell is for if it is empty: 'number', 'tick', 'line' or ''

    @property
    def text(self) -> str:
        """Return the text without styles."""
        return plain(self.runs)


@dataclass
class Text:
    """The text of a page."""

    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # the sources cited by numbers in brackets


def plain(runs: tuple[Run, ...]) -> str:
    """Return the text of runs, without styles."""
    return " ".join("".join(run.text for run in runs).split())


def read_text(campaign: Campaign, page: Page, blocks: tuple[nodes.Block, ...] | None = None) -> Text:
    """Return the text of a page, or of its `blocks`, with shortcodes in the form used on paper."""
    cited = [campaign.sources[id].localised(page.language) for id in page.cites if id in campaign.sources]
    walk = _Walk(campaign, page)
    results = list(walk.blocks(without_navigation(page.document.blocks if blocks is None else blocks)))
    return Text(list(_with_doubts(campaign, page, results)), [note(item) for item in cited])


def _with_doubts(campaign: Campaign, page: Page, blocks: list[Block]) -> Iterator[Block]:
    """Add a warning after the first paragraph, list or table with an unverified number."""
    language, reported = campaign.languages[page.language], set[str]()
    for _, group in groupby(enumerate(blocks), lambda item: item[1].kind if item[1].kind in GROUPED_KINDS else item[0]):
        shown_blocks = [block for _, block in group]
        yield from shown_blocks
        text = "\n".join(" ".join(map(plain, (block.runs, *block.cells))) for block in shown_blocks)
        unchecked = unchecked_numbers(campaign, language, text)
        new = {phone: doubt for phone, doubt in unchecked.items() if phone not in reported}
        yield from (Block("p", (Run(doubt),)) for doubt in doubt_sentences(new))
        reported |= new.keys()


def note(source: Source) -> str:
    """Return a source as one line."""
    citation = ", ".join(part for part in (source.title, source.publisher, source.date) if part)
    return f"{citation}. {source.url}".strip() if source.url else f"{citation}."


def call(campaign: Campaign, page: Page) -> Iterator[Block]:
    """Return the blocks of `{{ call }}`: the main number."""
    if campaign.emergency:
        language = campaign.languages[page.language]
        button = Run(language.strings["call"].format(number=campaign.emergency.phone), bold=True)
        yield Block("p", (button, Run(f" · {about_number(campaign, language, campaign.emergency)}")))


def contacts(campaign: Campaign, page: Page) -> Iterator[Block]:
    """Return the blocks of `{{ contacts }}`: every contact with a number."""
    language = campaign.languages[page.language]
    for contact in campaign.contacts:
        if contact.phone:
            yield Block("item", (Run(contact_line(campaign, language, contact)),), "-")


def imprint(campaign: Campaign, page: Page) -> Iterator[Block]:
    """Return the blocks of `{{ imprint }}`: who publishes the campaign."""
    yield Block("p", (Run(campaign.languages[page.language].strings["imprint"]),))


class _Walk:
    def __init__(self, campaign: Campaign, page: Page) -> None:
        self.campaign, self.page = campaign, page
        self.numbers = {id: number for number, id in enumerate(page.cites, 1)}
        self.folder = folder_address(campaign, page)

    def blocks(self, blocks: Iterable[nodes.Block], depth: int = 0) -> Iterator[Block]:
        for block in blocks:
            match block:
                case nodes.Shortcode(name=name):
                    yield from self._shortcode(name)
                case nodes.Heading(level=level):
                    yield Block("heading", self._runs(block.children), level=level)
                case nodes.Paragraph(classes=classes):
                    yield from self._paragraph(self._runs(block.children), "note" if "note" in classes else "p")
                case nodes.CodeBlock(text=text):
                    yield from self._paragraph((Run(_space(text)),))
                case nodes.Items():
                    yield from self._list(block, depth)
                case nodes.Table():
                    yield from self._rows(block)
                case nodes.Definitions():
                    for part in block.children:
                        yield from self._paragraph(self._part(part))
                case nodes.Quote(classes=classes):
                    inner = self.blocks(block.children, depth)
                    is_note = "note" in classes
                    yield from (replace(item, kind="note") if is_note and item.kind == "p" else item for item in inner)

    def _paragraph(self, runs: tuple[Run, ...], kind: str = "p") -> Iterator[Block]:
        if plain(runs):
            yield Block(kind, runs)

    def _list(self, items: nodes.Items, depth: int) -> Iterator[Block]:
        for number, item in enumerate(items.children, items.first_number or 1):
            marker = "-" if items.first_number is None else f"{number}."
            yield Block("item", self._words(item.children), marker, depth)
            for child in item.children:
                if isinstance(child, nodes.Items):
                    yield from self._list(child, depth + 1)

    def _words(self, blocks: Iterable[nodes.Block]) -> tuple[Run, ...]:
        """Return the text of an item without nested lists, its paragraphs joined by spaces."""
        result: list[Run] = []
        for block in blocks:
            runs: tuple[Run, ...] = ()
            if isinstance(block, nodes.Paragraph):
                runs = self._runs(block.children)
            elif isinstance(block, nodes.Quote):
                runs = self._words(block.children)
            result += (*([Run(" ")] if result and runs else []), *runs)
        return tuple(result)

    def _part(self, part: nodes.Term | nodes.Meaning) -> tuple[Run, ...]:
        return self._runs(part.children) if isinstance(part, nodes.Term) else self._words(part.children)

    def _rows(self, table: nodes.Table) -> Iterator[Block]:
        uses_below = [cell.use for cell in table.head]
        for index, row in enumerate((table.head, *table.rows)):
            cells = tuple(self._runs(cell.children) for cell in row)
            uses = tuple(cell.use or use for cell, use in zip(row, chain(uses_below, repeat("")), strict=False))
            yield Block("row", cells=cells, is_head=index == 0, uses=uses)

    def _shortcode(self, name: str) -> Iterator[Block]:
        row = SHORTCODES.get(name)
        if row and row.text:
            yield from load_form(row.text)(self.campaign, self.page)

    def _runs(self, inlines: Iterable[nodes.Inline], look: Run = Run("")) -> tuple[Run, ...]:
        results = (run for inline in inlines for run in self._inline(inline, look))
        return tuple(run for run in results if run.text)

    def _inline(self, inline: nodes.Inline, run: Run) -> tuple[Run, ...]:
        match inline:
            case nodes.Text(text=text) | nodes.Code(text=text):
                return (replace(run, text=_space(text)),)
            case nodes.Break():
                return (replace(run, text=" "),)
            case nodes.Image(alt=alt):
                return (replace(run, text=f"[{alt}]"),)
            case nodes.Note(id=id):
                return (replace(run, text=f"[{self.numbers[id]}]"),)
            case nodes.Strong(children=children):
                return self._runs(children, replace(run, bold=True))
            case nodes.Emphasis(children=children):
                return self._runs(children, replace(run, slanted=True))
            case nodes.Link(to=to, children=children):
                return self._link(to, children, run)
        return ()

    def _link(self, to: str, children: Iterable[nodes.Inline], run: Run) -> tuple[Run, ...]:
        address = full_address(self.folder, to)
        if not address.startswith(REACHABLE):
            return self._runs(children, run)
        runs = self._runs(children, replace(run, to=address))
        link_text = address.removeprefix("tel:").removeprefix("mailto:")
        return runs if link_text in plain(runs) else (*runs, replace(run, text=f" ({link_text})"))


def _space(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
