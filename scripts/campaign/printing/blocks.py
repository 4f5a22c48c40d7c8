"""A document as plain lists and dicts for the Typst designs, which never evaluate any of it.

A block is `{"t": "p", "c": [inline, …]}`; an inline is a string or `{"t": "b", "c": […]}`. Block types: p, h, ul, ol,
quote, table, rule, shortcode; inline types: b, i, sup, sub, br, icon, link, use (of an empty cell). Other nodes are
replaced by their contents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from campaign.content.links import full_address
from campaign.models import nodes
from campaign.printing.line_breaking import DIVIDER, JOINER, NO_BREAK, keep_last_words, set_text

Node = dict[str, Any]

LINKS = ("https://", "tel:")
SPACES = f" {NO_BREAK}"
# A line could break after these, before the number of a note.
BREAKS_BEFORE_NOTE = re.compile(r"[^\sa-zA-Z0-9.]$")


@dataclass
class BlockReader:
    """Reads one panel."""

    direction: str
    terms: tuple[str, ...] = ()  # that no line may break
    cites: tuple[str, ...] = ()  # the page's notes in order
    unprintable: list[str] = field(default_factory=list)  # collects what paper can't show
    level: int = 2  # of the heading above
    folder: str = ""  # the address of the page's folder, if links are followed by their addresses
    printed: set[str] = field(default_factory=set)  # the addresses that readers have seen

    def read(self, blocks: Iterable[nodes.Block]) -> list[Node]:
        """Return the blocks of a panel."""
        return [artifact for block in blocks for artifact in self._block(block)]

    def _paragraph(self, inlines: list[object], **more: object) -> Iterator[Node]:
        inlines = _trimmed(inlines)
        if inlines:
            yield {"t": "p", "c": _with_full_last_line(inlines), **more}

    def _block(self, block: nodes.Block) -> Iterator[Node]:
        match block:
            case nodes.Paragraph(classes=classes):
                class_key = {"class": list(classes)} if classes else {}
                yield from self._paragraph(self._inlines(block.children), **class_key)
            case nodes.CodeBlock(text=text):
                yield from self._paragraph([self._text(text)])
            case nodes.Heading(level=level):
                # Below the panel's title, without skipping a level, which would confuse screen readers.
                self.level = max(3, min(level, self.level + 1))
                yield {"t": "h", "level": self.level, "c": _trimmed(self._inlines(block.children))}
            case nodes.Items(first_number=first_number):
                marked = [*block.classes, *(["pictograms"] if block.begin_with_pictograms else [])]
                tag = "ul" if first_number is None else "ol"
                yield {"t": tag, "class": marked, "c": [self._item(item) for item in block.children]}
            case nodes.Quote(classes=classes):
                yield {"t": "quote", "class": list(classes), "c": self.read(block.children)}
            case nodes.Table():
                uses = [cell.use for cell in block.head]
                rows = [self._row(block.head, ()), *(self._row(row, uses) for row in block.rows)]
                yield {"t": "table", "head": True, "c": rows, "columns": columns(rows, True)}
            case nodes.Rule():
                yield {"t": "rule"}
            case nodes.Shortcode(name=name):
                yield {**block.arguments, "t": "shortcode", "shortcode": name}
            case nodes.Definitions():
                for part in block.children:
                    yield from self._definition(part)

    def _definition(self, part: nodes.Term | nodes.Meaning) -> Iterator[Node]:
        if isinstance(part, nodes.Term):
            yield from self._paragraph([{"t": "b", "c": self._inlines(part.children)}])
        else:
            yield from self.read(part.children)

    def _row(self, row: tuple[nodes.Cell, ...], uses: Iterable[str]) -> list[list[object]]:
        """Return the cells of a row; `uses` gives each column's use from its header unless a cell has its own."""
        return [
            self._cell(cell, cell.use or cell_use)
            for cell, cell_use in zip(row, (*uses, *repeat("", len(row))), strict=False)
        ]

    def _cell(self, cell: nodes.Cell, use: str) -> list[object]:
        inlines = _trimmed(self._inlines(cell.children))
        return inlines or ([{"t": "use", "kind": use}] if use else [])

    def _item(self, item: nodes.Item) -> Node:
        """Return an item, with its leading pictogram set apart."""
        blocks = self.read(item.children)
        first = blocks[0]["c"] if blocks and blocks[0]["t"] == "p" else []
        icon = ""
        if first and isinstance(first[0], dict) and first[0]["t"] == "icon":
            icon = first[0]["name"]
            blocks[0]["c"] = _trimmed(first[1:])
        return {"icon": icon, "c": blocks}

    def _inlines(self, inlines: Iterable[nodes.Inline]) -> list[object]:
        results: list[object] = []
        for inline in inlines:
            if isinstance(inline, nodes.Note) and results and isinstance(results[-1], str):
                results[-1] += JOINER if BREAKS_BEFORE_NOTE.search(results[-1]) else ""
            results += self._inline(inline)
        return results

    def _inline(self, inline: nodes.Inline) -> list[object]:
        match inline:
            case nodes.Text(text=text) | nodes.Code(text=text):
                return [self._text(text)]
            case nodes.Break():
                return [{"t": "br"}]
            case nodes.Image(source=source):
                self.unprintable.append(f"the picture {source}")
                return []
            case nodes.Pictogram(name=name):
                return [{"t": "icon", "name": name}]
            case nodes.Note(id=id):
                return [{"t": "sup", "c": [str(self.cites.index(id) + 1)]}]
        inner = _trimmed(self._inlines(inline.children), ends=False)
        if isinstance(inline, nodes.Link):
            return self._link(inline, inner)
        return [{"t": "b" if isinstance(inline, nodes.Strong) else "i", "c": inner}] if inner else []

    def _link(self, link: nodes.Link, inner: list[object]) -> list[object]:
        to = full_address(self.folder, link.to) if self.folder else link.to
        if not to.startswith(LINKS):
            return inner
        node = {"t": "link", "to": to, "c": inner}
        address = _short_address(to)
        text = "".join(texts([self._inlines(link.children)])).replace(JOINER, "")
        if not self.folder or not to.startswith("https://") or address in self.printed or address in text:
            return [node]
        self.printed.add(address)
        return [node, self._bracketed(address)]

    def _bracketed(self, address: str) -> str:
        """Return an address in brackets, left to right in any script, which may break after a slash only."""
        address = address.replace("/", f"/{DIVIDER}").replace("-", f"-{JOINER}")
        return f" ({address})" if self.direction == "ltr" else f" (\u2066{address}\u2069)"

    def _text(self, text: str) -> str:
        return set_text(re.sub(r"[ \t\r\n]+", " ", text), self.direction, self.terms)


def _short_address(address: str) -> str:
    """Return an address as people type it: without its scheme, and without the place in the page."""
    address = address.partition("#")[0].removeprefix("https://").removeprefix("www.")
    return address.removesuffix("/index.html").rstrip("/")


# Maximum length of the header of an empty column for ticks, if another column has sentences.
MAX_TICK_HEADER = 11
MIN_SENTENCE = 14


def columns(rows: list[list[list[object]]], has_head: bool) -> list[float]:
    """Return the width of each column as a share; 0 for columns of ticks.

    Empty cells are for writing: a tick in a row of sentences, a line in a row of words.
    """
    count = max(map(len, rows), default=0)
    lengths = [[length(row[index]) if index < len(row) else 0 for row in rows] for index in range(count)]
    heads = [column[0] if has_head else 0 for column in lengths]
    bodies = [column[1:] if has_head else column for column in lengths]
    is_blank = [bool(cells) and sum(cell == 0 for cell in cells) * 2 > len(cells) for cells in bodies]
    averages = [sum(cells) / len(cells) for cells, blank in zip(bodies, is_blank, strict=True) if cells and not blank]
    label = max(averages, default=0)
    is_one_line = sum(is_blank) == 1 < count
    blank_heads = [head for head, blank in zip(heads, is_blank, strict=True) if blank]
    uses_of_columns = [[cell_use(row[index]) for row in rows if index < len(row)] for index in range(count)]
    are_ticks = label > MIN_SENTENCE and all(0 < head <= MAX_TICK_HEADER and label > 2.2 * head for head in blank_heads)
    shares = []
    for head, cells, blank, uses in zip(heads, bodies, is_blank, uses_of_columns, strict=True):
        if {"tick", "number"} & {*uses}:
            shares.append(0)
        elif blank:
            # A single column for writing gets most of the width.
            least = label**0.5 * 1.15 if is_one_line else 4.0
            shares.append(0 if are_ticks and "line" not in uses else max(4.0, least, min(head, 12) ** 0.5 * 1.5))
        else:
            shares.append(max(2.5, min(max([head, *cells], default=1), 60) ** 0.5))
    return [round(share, 2) for share in shares]


def cell_use(cell: list[object]) -> str:
    """Return the declared use of an empty cell, or ''."""
    return str(cell[0]["kind"]) if cell and isinstance(cell[0], dict) and cell[0]["t"] == "use" else ""


def length(inlines: list[object]) -> int:
    """Return the number of characters, counting wide ones twice."""
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else 1
        for text in texts([_words(i) for i in inlines])
        for c in text
    )


def _words(inline: object) -> object:
    if isinstance(inline, dict):
        return [] if inline["t"] == "use" else [_words(item) for item in inline.get("c", "  ")]
    return inline


def _trimmed(inlines: list[object], ends: bool = True) -> list[object]:
    """Drop empty strings, and spaces at both ends, including no-break spaces."""
    results = [inline for inline in inlines if inline != ""]
    while ends and results and isinstance(results[0], str) and not results[0].strip(SPACES):
        results.pop(0)
    while ends and results and isinstance(results[-1], str) and not results[-1].strip(SPACES):
        results.pop()
    if ends and results and isinstance(results[0], str):
        results[0] = results[0].lstrip(SPACES)
    if ends and results and isinstance(results[-1], str):
        results[-1] = results[-1].rstrip(SPACES)
    return results


def _with_full_last_line(inlines: list[object]) -> list[object]:
    """Join the last words with no-break spaces, even before the number of a note."""
    position = len(inlines) - 1
    while position > 0 and isinstance(sign := inlines[position], dict) and sign["t"] == "sup":
        position -= 1
    last = inlines[position]
    if isinstance(last, str):
        joined: object = keep_last_words(last)
    elif isinstance(last, dict) and last["t"] in ("b", "i") and last["c"]:
        joined = {**last, "c": _with_full_last_line(last["c"])}
    else:
        return inlines
    return [*inlines[:position], joined, *inlines[position + 1 :]]


def texts(node: object) -> Iterator[str]:
    """Yield every string in JSON data."""
    pending = [node]
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            pending += reversed(node.values())
        elif isinstance(node, list | tuple):
            pending += reversed(node)
