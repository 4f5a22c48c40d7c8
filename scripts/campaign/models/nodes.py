"""The document tree: what Markdown means, as frozen nodes. Every later form of a text is written from it.

`at` and `end` are byte offsets into the file (UTF-8, before any change of line ends), so that a message can name its
line and an editor can replace exactly the bytes of a node. Where escapes or entities stand in a text, its range is
longer than its words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from msgspec import Struct


class Node(Struct, frozen=True, gc=False, array_like=True, tag=True):
    """A node covers the bytes [at, end) of the file."""

    at: int
    end: int


class Text(Node, frozen=True):
    """Words; a line end inside a paragraph is a newline."""

    text: str


class Code(Node, frozen=True):
    """Words of a program, or what is to be typed exactly so."""

    text: str


class Break(Node, frozen=True):
    """A line end that the writer asked for."""


class Pictogram(Node, frozen=True):
    """`:phone:`, a drawing of assets/pictograms that stands in a text."""

    name: str


class Note(Node, frozen=True):
    """`[^id]`: a reference to a source or to a note."""

    id: str


class Image(Node, frozen=True):
    """A picture that stands in a text.

    Attributes:
        source: its address as typed, from the folder of the page.
        title: what was typed after the address, or ''.
        alt: what it shows, for whoever cannot see it.
    """

    source: str
    title: str
    alt: str


# What a hole that somebody has yet to fill begins with, in the words of a Strong.
OPEN_HOLE = "[? "


class Strong(Node, frozen=True):
    """Words that weigh more than those around them."""

    children: tuple[Inline, ...]


class Emphasis(Node, frozen=True):
    """Words that are stressed."""

    children: tuple[Inline, ...]


class Link(Node, frozen=True):
    """Words that lead somewhere.

    Attributes:
        to: the address; '' where it was not one that a page may link to.
        title: what was typed after the address, or ''.
    """

    to: str
    title: str
    children: tuple[Inline, ...]


class Heading(Node, frozen=True):
    """A heading.

    Attributes:
        level: from 1 to 6.
        id: as typed, else made of the words; unique in the document.
        is_made: whether it was not typed.
    """

    level: int
    id: str
    children: tuple[Inline, ...]
    is_made: bool = False


class Paragraph(Node, frozen=True):
    """A paragraph. `classes` are what `{.class}` lines before its words name."""

    classes: tuple[str, ...]
    children: tuple[Inline, ...]


class Quote(Node, frozen=True):
    """Blocks that are set apart."""

    classes: tuple[str, ...]
    children: tuple[Block, ...]


class Rule(Node, frozen=True):
    """A line across the text."""


class Item(Node, frozen=True):
    """One item of a list.

    Attributes:
        task: whether the box of a task is ticked; None where there is no box.
    """

    task: bool | None
    children: tuple[Block, ...]


class Items(Node, frozen=True):
    """A list.

    Attributes:
        start: the first number; None where items have none.
        is_loose: whether empty lines part its items.
    """

    classes: tuple[str, ...]
    start: int | None
    is_loose: bool
    children: tuple[Item, ...]

    @property
    def begin_with_pictograms(self) -> bool:
        """Whether every item begins with one."""
        return self.start is None and bool(self.children) and all(map(begins_with_pictogram, self.children))


class Cell(Node, frozen=True):
    """One cell of a table.

    Attributes:
        use: what an empty one is for, or in a head all below it: one of CELL_USES; '' where nobody has said.
    """

    children: tuple[Inline, ...]
    use: str = ""


# What stands in an empty cell on paper: a box for a figure, a box to tick, a line to write on.
CELL_USES = ("number", "tick", "line")
Align = Literal["", "left", "center", "right"]


class Table(Node, frozen=True):
    """A table; its rows have as many cells as the head.

    Attributes:
        align: of each column.
    """

    classes: tuple[str, ...]
    align: tuple[Align, ...]
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


class CodeBlock(Node, frozen=True):
    """Lines that stay as they were typed."""

    text: str


class Term(Node, frozen=True):
    """What a definition explains."""

    children: tuple[Inline, ...]


class Meaning(Node, frozen=True):
    """How a definition explains it."""

    children: tuple[Block, ...]


class Definitions(Node, frozen=True):
    """Terms, each with what it means."""

    children: tuple[Term | Meaning, ...]


class Shortcode(Node, frozen=True):
    """`{{ name key=value }}`, alone in its paragraph."""

    name: str
    pairs: tuple[tuple[str, str], ...]

    @property
    def arguments(self) -> dict[str, str]:
        """The arguments by their keys; the last of each counts."""
        return dict(self.pairs)


class NoteText(Node, frozen=True):
    """`[^id]: ...`: what a note says that is no source."""

    id: str
    children: tuple[Block, ...]


Inline = Text | Code | Break | Pictogram | Note | Image | Strong | Emphasis | Link
Block = Heading | Paragraph | Quote | Rule | Items | Table | CodeBlock | Definitions | Shortcode


class Fault(Struct, frozen=True, gc=False, array_like=True):
    """Something in a text that did not become what its writer meant.

    Attributes:
        at: the byte at which it begins.
        rule: a key of `campaign.document.faults`.
        typed: what was typed there, as far as the message needs it.
    """

    rule: str
    at: int
    typed: str = ""


class Document(Struct, frozen=True, gc=False, array_like=True):
    """A Markdown text as a tree.

    Attributes:
        notes: definitions of notes by their ids.
        cites: ids of all notes, in the order in which they are first cited.
        line_ends: the offset of each newline of the text, in bytes of the file.
        first_line: the line of the file that the text begins on, from 1.
    """

    blocks: tuple[Block, ...] = ()
    notes: tuple[NoteText, ...] = ()
    cites: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    line_ends: tuple[int, ...] = ()
    first_line: int = 1

    def line(self, at: int) -> int:
        """The line of the file on which a byte stands, from 1."""
        return self.first_line + bisect_left(self.line_ends, at)


class Section(Struct, frozen=True, gc=False):
    """What stands below a heading.

    Attributes:
        heading: None of what stands above the first one.
    """

    heading: Heading | None
    blocks: tuple[Block, ...]


def sections(blocks: Iterable[Block], levels: Iterable[int] = (2,)) -> list[Section]:
    """The blocks cut at headings of some levels.

    Args:
        blocks: of a document.
        levels: of the headings to cut at, from 1 to 6.

    Returns:
        First what stands above those headings, which may be nothing; then each heading with what stands below it.
    """
    found: list[tuple[Heading | None, list[Block]]] = [(None, [])]
    levels = frozenset(levels)
    for block in blocks:
        if isinstance(block, Heading) and block.level in levels:
            found.append((block, []))
        else:
            found[-1][1].append(block)
    return [Section(heading, tuple(below)) for heading, below in found]


def walk(nodes: Iterable[Any]) -> Iterator[Node]:
    """Every node below some nodes, themselves included, in the order of the text."""
    found: list[Node] = []
    _gather(nodes, found)
    return iter(found)


def _gather(nodes: Iterable[Any], found: list[Node]) -> None:
    # Into one list: generators inside each other would take three times as long.
    for node in nodes:
        if isinstance(node, tuple):
            _gather(node, found)
            continue
        found.append(node)
        if isinstance(node, Table):
            _gather(node.head, found)
            for row in node.rows:
                _gather(row, found)
        elif children := getattr(node, "children", ()):
            _gather(children, found)


def words(nodes: Iterable[Node]) -> str:
    """The words of some inline nodes, without their looks, notes and pictures."""
    return "".join([node.text if type(node) is Text else _words_in(node) for node in nodes])


def _words_in(node: Node) -> str:
    found = (each for each in walk((node,)) if isinstance(each, Text | Code | Break))
    return "".join("\n" if isinstance(each, Break) else each.text for each in found)


def begins_with_pictogram(item: Item) -> bool:
    """Whether an item begins with one, which then stands in the place of its bullet."""
    first = item.children[0] if item.children else None
    return isinstance(first, Paragraph) and bool(first.children) and isinstance(first.children[0], Pictogram)


class Reference(Struct, frozen=True, gc=False, array_like=True):
    """Something that a text names: a link, a picture, a pictogram, a shortcode, a heading.

    Attributes:
        at: the byte at which it begins.
        to: address, file, name or id.
        words: of a link or heading; of a picture what it shows.
        pairs: the arguments of a shortcode.
        level: of a heading, from 1 to 6.
        is_made: whether the id of a heading was made of its words.
    """

    at: int
    to: str
    words: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    level: int = 0
    is_made: bool = False

    @property
    def arguments(self) -> dict[str, str]:
        """The arguments of a shortcode by their keys."""
        return dict(self.pairs)


class Outline(Struct, frozen=True, gc=False, array_like=True):
    """What a document refers to and can be referred to by, gathered once, so that checks need not walk the tree."""

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
        """Whether a shortcode of that name stands in the text."""
        return any(shortcode.to == name for shortcode in self.shortcodes)
