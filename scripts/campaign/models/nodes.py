"""The document tree, from which every output is written: Markdown as frozen nodes.

`start` and `end` are byte offsets into the file (UTF-8, with its own line ends), so that messages can name the line and
editors can replace exactly these bytes. With escapes or entities the range is longer than the words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from msgspec import Struct


class Node(Struct, frozen=True, gc=False, array_like=True, tag=True):
    """The bytes [start, end) of the file."""

    start: int
    end: int


class Text(Node, frozen=True):
    """Words; a newline inside a paragraph is a soft break."""

    text: str


class Code(Node, frozen=True):
    """Inline code."""

    text: str


class Break(Node, frozen=True):
    """A hard line break."""


class Pictogram(Node, frozen=True):
    """`:phone:`, a drawing of assets/pictograms in the text."""

    name: str


class Note(Node, frozen=True):
    """A reference to a source or footnote: `[^id]`."""

    id: str


class Image(Node, frozen=True):
    """A picture in the text."""

    source: str  # its address as typed, from the page's folder
    title: str  # typed after the address, or ''
    alt: str  # text alternative


PLACEHOLDER_START = "[? "  # the beginning of an open question, in a Strong


class Strong(Node, frozen=True):
    """Bold text."""

    children: tuple[Inline, ...]


class Emphasis(Node, frozen=True):
    """Emphasised text."""

    children: tuple[Inline, ...]


class Link(Node, frozen=True):
    """A link."""

    to: str  # '' if a page may not link there
    title: str  # typed after the address, or ''
    children: tuple[Inline, ...]


class Heading(Node, frozen=True):
    """A heading."""

    level: int  # 1 to 6
    id: str  # typed or derived; unique in the document
    children: tuple[Inline, ...]
    is_made: bool = False  # whether the id was derived


class Paragraph(Node, frozen=True):
    """A paragraph, with the `{.class}` names before it."""

    classes: tuple[str, ...]
    children: tuple[Inline, ...]


class Quote(Node, frozen=True):
    """A block quote."""

    classes: tuple[str, ...]
    children: tuple[Block, ...]


class Rule(Node, frozen=True):
    """A horizontal rule."""


class Item(Node, frozen=True):
    """An item of a list."""

    task: bool | None  # whether a task's box is ticked; None without a box
    children: tuple[Block, ...]


class Items(Node, frozen=True):
    """A list."""

    classes: tuple[str, ...]
    first_number: int | None  # None for bullets
    is_loose: bool  # whether blank lines separate its items
    children: tuple[Item, ...]

    @property
    def begin_with_pictograms(self) -> bool:
        """Whether every item begins with a pictogram."""
        return self.first_number is None and bool(self.children) and all(map(_begins_with_pictogram, self.children))


class Cell(Node, frozen=True):
    """A cell of a table."""

    children: tuple[Inline, ...]
    use: str = ""  # what an empty cell is for, or in a head the column below: one of CELL_USES or ''


# On paper: a box for a number, a box to tick, a line to write on.
CELL_USES = ("number", "tick", "line")
Align = Literal["", "left", "center", "right"]


class Table(Node, frozen=True):
    """A table; every row has as many cells as the head."""

    classes: tuple[str, ...]
    align: tuple[Align, ...]  # of each column
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


class CodeBlock(Node, frozen=True):
    """A code block."""

    text: str


class Term(Node, frozen=True):
    """A term of a definition list."""

    children: tuple[Inline, ...]


class Meaning(Node, frozen=True):
    """A definition."""

    children: tuple[Block, ...]


class Definitions(Node, frozen=True):
    """A definition list."""

    children: tuple[Term | Meaning, ...]


class Shortcode(Node, frozen=True):
    """`{{ name key=value }}` in a separate paragraph."""

    name: str
    pairs: tuple[tuple[str, str], ...]

    @property
    def arguments(self) -> dict[str, str]:
        """The arguments by key; the last one wins."""
        return dict(self.pairs)


class NoteText(Node, frozen=True):
    """A footnote: `[^id]: ...`."""

    id: str
    children: tuple[Block, ...]


Inline = Text | Code | Break | Pictogram | Note | Image | Strong | Emphasis | Link
Block = Heading | Paragraph | Quote | Rule | Items | Table | CodeBlock | Definitions | Shortcode


class Fault(Struct, frozen=True, gc=False, array_like=True):
    """Something that wasn't parsed as its author meant."""

    rule: str  # a key of `campaign.document.faults`
    start: int  # first byte
    typed: str = ""  # the text, as far as the message needs it


class Document(Struct, frozen=True, gc=False, array_like=True):
    """A Markdown text as a tree."""

    blocks: tuple[Block, ...] = ()
    notes: tuple[NoteText, ...] = ()  # footnotes by id
    cites: tuple[str, ...] = ()  # ids of all references, in the order of first use
    faults: tuple[Fault, ...] = ()
    line_ends: tuple[int, ...] = ()  # offset of each newline, in bytes
    first_line: int = 1  # of the text in the file, from 1

    def line(self, position: int) -> int:
        """Return the line of the file for a byte, from 1."""
        return self.first_line + bisect_left(self.line_ends, position)


class Section(Struct, frozen=True, gc=False):
    """The blocks below a heading, or above the first one (None)."""

    heading: Heading | None
    blocks: tuple[Block, ...]


def sections(blocks: Iterable[Block], levels: Iterable[int] = (2,)) -> list[Section]:
    """Split blocks at headings of some levels; the first section, above them, may be empty."""
    results: list[tuple[Heading | None, list[Block]]] = [(None, [])]
    levels = frozenset(levels)
    for block in blocks:
        if isinstance(block, Heading) and block.level in levels:
            results.append((block, []))
        else:
            results[-1][1].append(block)
    return [Section(heading, tuple(section_blocks)) for heading, section_blocks in results]


def walk(nodes: Iterable[Any]) -> Iterator[Node]:
    """Yield every node, depth first."""
    result: list[Node] = []
    _gather(nodes, result)
    return iter(result)


def _gather(nodes: Iterable[Any], result: list[Node]) -> None:
    # Appending to one list; nested generators are three times slower.
    for node in nodes:
        if isinstance(node, tuple):
            _gather(node, result)
            continue
        result.append(node)
        if isinstance(node, Table):
            _gather(node.head, result)
            for row in node.rows:
                _gather(row, result)
        elif children := getattr(node, "children", ()):
            _gather(children, result)


def words(nodes: Iterable[Node]) -> str:
    """Return the plain words of inline nodes, without footnotes and pictures."""
    return "".join([node.text if type(node) is Text else _node_words(node) for node in nodes])


def _node_words(node: Node) -> str:
    results = (item for item in walk((node,)) if isinstance(item, Text | Code | Break))
    return "".join("\n" if isinstance(item, Break) else item.text for item in results)


def _begins_with_pictogram(item: Item) -> bool:
    """Return whether an item begins with a pictogram, which replaces its bullet."""
    first = item.children[0] if item.children else None
    return isinstance(first, Paragraph) and bool(first.children) and isinstance(first.children[0], Pictogram)


class Reference(Struct, frozen=True, gc=False, array_like=True):
    """A link, picture, pictogram, shortcode or heading in a text."""

    start: int  # first byte
    to: str  # address, file, name or id
    words: str = ""  # of a link or heading; a picture's text alternative
    pairs: tuple[tuple[str, str], ...] = ()  # arguments of a shortcode
    level: int = 0  # of a heading
    is_made: bool = False  # whether a heading's id was derived

    @property
    def arguments(self) -> dict[str, str]:
        """The arguments of a shortcode by key."""
        return dict(self.pairs)


class Outline(Struct, frozen=True, gc=False, array_like=True):
    """All references of a document, collected once so that checks needn't walk the tree."""

    links: tuple[Reference, ...] = ()
    images: tuple[Reference, ...] = ()
    pictograms: tuple[Reference, ...] = ()
    shortcodes: tuple[Reference, ...] = ()
    headings: tuple[Reference, ...] = ()
    notes: tuple[Reference, ...] = ()
    note_texts: tuple[Reference, ...] = ()
    faults: tuple[Fault, ...] = ()
    is_empty: bool = True

    def has_shortcode(self, name: str) -> bool:
        """Return whether a text has a shortcode."""
        return any(shortcode.to == name for shortcode in self.shortcodes)
