"""A page's safe HTML as a flat list of blocks, for what knows no HTML: plain text and word processors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import html as lxml_html

from campaign.content.letters import contact_line
from campaign.model import Campaign, Page, Source

STRONG, SLANTED = ("strong", "b"), ("em", "i", "cite")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True)
class Run:
    """Words of one look."""

    text: str
    bold: bool = False
    slanted: bool = False


@dataclass(frozen=True)
class Block:
    """kind: 'p', 'note', 'heading', 'item' or 'row'; marker: what stands before an item; level: of a heading, or how
    deep an item lies, from 0; cells: of a row, the first row of a table with a head being is_head."""

    kind: str
    runs: tuple[Run, ...] = ()
    marker: str = ""
    level: int = 0
    cells: tuple[tuple[Run, ...], ...] = ()
    is_head: bool = False

    @property
    def text(self) -> str:
        return plain(self.runs)


@dataclass
class Text:
    """blocks; notes: the sources that the numbers in brackets stand for."""

    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def plain(runs: tuple[Run, ...]) -> str:
    """The words of runs, without their looks."""
    return " ".join("".join(run.text for run in runs).split())


def read_text(campaign: Campaign, page: Page, html: str = "") -> Text:
    """The words of a page, shortcodes filled with what paper can show. html: of a part of it, else the whole."""
    root = lxml_html.fragment_fromstring(html or page.html or "<p></p>", create_parent="div")
    cited = [campaign.sources[id] for id in page.cites if id in campaign.sources]
    return Text(list(_Walk(campaign, page).blocks(root)), [note(source) for source in cited])


def note(source: Source) -> str:
    """A source in a line."""
    said = ", ".join(part for part in (source.title, source.publisher, source.date) if part)
    return f"{said}. {source.url}".strip() if source.url else f"{said}."


class _Walk:
    def __init__(self, campaign: Campaign, page: Page) -> None:
        self.campaign, self.page = campaign, page
        self.words = campaign.languages[page.language].strings

    def blocks(self, parent, depth: int = 0) -> Iterator[Block]:
        for child in parent:
            classes = (child.get("class") or "").split()
            if "footnote" in classes:
                continue
            if "shortcode" in classes:
                yield from self._shortcode(child.get("data-name") or "")
            elif child.tag in HEADINGS:
                yield Block("heading", self._runs(child), level=int(child.tag[1]))
            elif child.tag in ("p", "pre", "dt", "dd"):
                runs = self._runs(child)
                if plain(runs):
                    yield Block("note" if "note" in classes else "p", runs)
            elif child.tag in ("ul", "ol"):
                yield from self._list(child, depth)
            elif child.tag == "table":
                yield from self._rows(child)
            else:
                inner = list(self.blocks(child, depth))
                is_note = "note" in classes
                yield from (replace(block, kind="note") if is_note and block.kind == "p" else block for block in inner)

    def _list(self, found, depth: int) -> Iterator[Block]:
        first = int(found.get("start") or 1) if (found.get("start") or "1").isdigit() else 1
        for number, item in enumerate((child for child in found if child.tag == "li"), first):
            marker = f"{number}." if found.tag == "ol" else "-"
            inner = [child for child in item if child.tag in ("ul", "ol")]
            runs = self._runs(item, skip=("ul", "ol"))
            yield Block("item", runs, marker, depth)
            for each in inner:
                yield from self._list(each, depth + 1)

    def _rows(self, table) -> Iterator[Block]:
        has_head = table.find("thead") is not None
        for at, row in enumerate(table.iter("tr")):
            cells = tuple(self._runs(cell) for cell in row if cell.tag in ("th", "td"))
            yield Block("row", cells=cells, is_head=has_head and at == 0)

    def _shortcode(self, name: str) -> Iterator[Block]:
        """Who to call, and who issues this; the other shortcodes live on screens."""
        if name == "call" and self.campaign.emergency:
            yield Block("p", (Run(self.words["call"].format(number=self.campaign.emergency.phone), bold=True),))
        elif name == "contacts":
            language = self.campaign.languages[self.page.language]
            for contact in self.campaign.contacts:
                if contact.phone:
                    yield Block("item", (Run(contact_line(self.campaign, language, contact)),), "-")
        elif name == "imprint":
            yield Block("p", (Run(self.words["imprint"]),))

    def _runs(self, parent, look: Run = Run(""), skip: tuple[str, ...] = ()) -> tuple[Run, ...]:
        found = [replace(look, text=_space(parent.text))]
        for child in parent:
            if isinstance(child.tag, str) and child.tag not in skip:
                found += self._inline(child, look)
            found.append(replace(look, text=_space(child.tail)))
        return tuple(run for run in found if run.text)

    def _inline(self, child, look: Run) -> tuple[Run, ...]:
        if child.tag == "br":
            return (replace(look, text=" "),)
        if child.tag == "img":
            return (replace(look, text=f"[{child.get('alt') or ''}]"),)
        if child.tag == "sup" and child.find("a") is not None:
            return (replace(look, text=f"[{child.text_content()}]"),)
        looks = {"bold": True} if child.tag in STRONG else {"slanted": True} if child.tag in SLANTED else {}
        runs = self._runs(child, replace(look, **looks))
        href = child.get("href") or ""
        shown = href.removeprefix("tel:").removeprefix("mailto:")
        if href.startswith(("https://", "http://", "tel:", "mailto:")) and shown not in plain(runs):
            runs += (replace(look, text=f" ({shown})"),)
        # A paragraph inside an item is followed by a space, so that two of them do not run into each other.
        return (*runs, replace(look, text=" ")) if child.tag == "p" else runs


def _space(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
