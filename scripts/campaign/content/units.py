"""Split a page into units for translators, and write it again from their translations.

A unit is an inline run of the tree (heading, paragraph, item, cell) as one line of Markdown, or a front matter text.
Everything else (ids, shortcodes, classes, list and table markup) stays byte for byte.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from campaign.document.reader import read_document
from campaign.models import nodes
from campaign.schema.yaml_splice import KeyPath, parse, set_value

FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
# Translatable front matter, in this order.
FRONT_TEXTS = ("title", "headline", "description", "alt", "dateline", "contact")
PLACEHOLDER = re.compile(r"\{[a-z_-]+\}")
# Characters that would end a heading, cell or paragraph, or begin a list.
BLOCK_BEGIN = re.compile(r"(?:#{1,6}|[-+*>]|\d+[.)])\s|```|~~~|\{\{|:::|\|")
# Directional overrides and control characters.
INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Unit:
    """A text to translate."""

    key: str  # ten digits from its text and the number of equal texts before it
    text: str
    kind: str  # heading, paragraph, item, cell, note, quote, term, or a front matter key
    section: str = ""  # the heading above
    start: int = -1  # first byte in the file; -1 in front matter
    end: int = -1  # the byte after it

    @property
    def key_path(self) -> KeyPath:
        """The keys of a string, if it is one."""
        return tuple(int(step) if step.isdecimal() else step for step in self.kind.split("."))


@dataclass(frozen=True)
class PageText:
    """A page as units; `data` is the file, `body` the offset of its text."""

    data: bytes
    body: int
    front: Mapping[str, object]
    document: nodes.Document
    units: tuple[Unit, ...]


def read_units(data: bytes) -> PageText:
    """Split a page's file into units. Raise UnicodeDecodeError, or CannotEdit if its front matter is invalid."""
    text = data.decode()
    match = FRONT_MATTER.match(text)
    front = parse(match[1]) if match and match[1].strip() else {}
    position = match.end() if match else 0
    body = len(text[:position].encode())
    document = read_document(text[position:], body, text[:position].count("\n") + 1)
    return PageText(
        data, body, front if isinstance(front, dict) else {}, document, tuple(_units(data, front, document))
    )


def key_of(text: str, occurrence: int = 0) -> str:
    """Return the key of a text. `before`: how many equal texts precede it."""
    return hashlib.sha256(f"{text}\0{occurrence or ''}".encode()).hexdigest()[:10]


def one_line(text: str) -> str:
    """Collapse white space."""
    return " ".join(text.split())


def _units(data: bytes, front: Mapping[str, object], document: nodes.Document) -> Iterator[Unit]:
    counts: Counter[str] = Counter()

    def unit(text: str, kind: str, section: str = "", position: int = -1, end: int = -1) -> Unit:
        counts[text] += 1
        return Unit(key_of(text, counts[text] - 1), text, kind, section, position, end)

    for key in FRONT_TEXTS:
        value = front.get(key)
        if isinstance(value, str) and value.strip():
            yield unit(one_line(value), key)
    section = ""
    notes = (("note", run) for note in document.notes for _, run in _runs(note.children))
    for kind, children in (*_runs(document.blocks), *notes):
        if kind == "heading":
            section = nodes.words(children).strip()
        position, end = children[0].start, children[-1].end
        text = one_line(data[position:end].decode(errors="replace"))
        if any(letter.isalpha() for letter in _inline_text(children)):
            yield unit(text, kind, "" if kind == "heading" else section, position, end)


def _inline_text(children: Sequence[nodes.Inline]) -> str:
    pictures = (node.alt for child in children for node in nodes.walk((child,)) if isinstance(node, nodes.Image))
    return nodes.words(children) + " ".join(pictures)


def _runs(blocks: Iterable[nodes.Block], kind: str = "paragraph") -> Iterator[tuple[str, Sequence[nodes.Inline]]]:
    for block in blocks:
        if isinstance(block, nodes.Heading):
            yield from _run("heading", block.children)
        elif isinstance(block, nodes.Paragraph):
            yield from _run(kind, block.children)
        elif isinstance(block, nodes.Quote):
            yield from _runs(block.children, "quote")
        elif isinstance(block, nodes.Items):
            for item in block.children:
                yield from _runs(item.children, "item")
        elif isinstance(block, nodes.Table):
            for cell in (*block.head, *(cell for row in block.rows for cell in row)):
                yield from _run("cell", cell.children)
        elif isinstance(block, nodes.Definitions):
            for child in block.children:
                if isinstance(child, nodes.Term):
                    yield from _run("term", child.children)
                elif isinstance(child, nodes.Meaning):
                    yield from _runs(child.children, kind)


def _run(kind: str, children: Sequence[nodes.Inline]) -> Iterator[tuple[str, Sequence[nodes.Inline]]]:
    if children:
        yield kind, children


def with_translations(page: PageText, translated: Mapping[str, str], more_front: Mapping[str, object] = {}) -> bytes:
    """Return a page's file with units and front matter set, or raise CannotEdit; the rest stays as it is."""
    changes = [
        (unit.start, unit.end, translated[unit.key])
        for unit in page.units
        if unit.start >= 0 and unit.key in translated and translated[unit.key] != unit.text
    ]
    parts, position = [], page.body
    for start, end, text in sorted(changes):
        parts += [page.data[position:start], text.encode()]
        position = end
    body = b"".join((*parts, page.data[position:]))
    head = page.data[: page.body].decode()
    match = FRONT_MATTER.match(head)
    if match is None:
        return head.encode() + body
    front = match[1]
    for unit in page.units:
        if unit.start < 0 and unit.key in translated and translated[unit.key] != unit.text:
            front = set_value(front, (unit.kind,), translated[unit.key])
    for key, value in more_front.items():
        front = set_value(front, (key,), value)  # type: ignore[arg-type]  # as a file's front matter was read
    return (head[: match.start(1)] + front + head[match.end(1) :]).encode() + body


def refusal(unit: Unit, text: str) -> str:
    """Return why a translation can't replace a unit, as the end of a sentence, or ''."""
    if not text.strip():
        return "has no words"
    if match := INVISIBLE.search(text):
        return f"has an invisible character (U+{ord(match[0]):04X})"
    if "\n" in text.strip():
        return "has more than one line"
    expected, actual_placeholders = (sorted(PLACEHOLDER.findall(item)) for item in (unit.text, text))
    if expected != actual_placeholders:
        return f"has different placeholders from the source ({', '.join(expected) or 'none'})"
    if unit.start < 0:
        return ""
    if unit.kind == "cell" and re.search(r"(?<!\\)\|", text):
        return "has a | in a table cell"
    if BLOCK_BEGIN.match(text) and not BLOCK_BEGIN.match(unit.text):
        return f"starts with {text.split()[0]}, which makes it something other than a sentence"
    source_shape, text_shape = (_shape(item) for item in (unit.text, text))
    if text_shape is None:
        return "is more than one run of text"
    for name, before, after in zip(KEPT_PARTS, source_shape or ((),) * len(KEPT_PARTS), text_shape, strict=True):
        if before != after:
            return f"has different {name} from the source ({', '.join(before) or 'none'})"
    return ""


KEPT_PARTS = ("pictograms", "notes", "links", "pictures")
Shape = tuple[tuple[str, ...], ...]


def _shape(text: str) -> Shape | None:
    """Return the parts that a translation must keep, in any order; None if the text isn't one run."""
    blocks = read_document(text).blocks
    # A letter in front keeps the text from being parsed as a block.
    if len(blocks) != 1 or not isinstance(blocks[0], nodes.Paragraph):
        blocks = read_document(f"x {text}").blocks
    if len(blocks) != 1 or not isinstance(blocks[0], nodes.Paragraph):
        return None
    results = list(nodes.walk(blocks))
    if any(isinstance(node, nodes.Shortcode) for node in results):
        return None
    return (
        tuple(sorted(node.name for node in results if isinstance(node, nodes.Pictogram))),
        tuple(sorted(node.id for node in results if isinstance(node, nodes.Note))),
        tuple(sorted(node.to for node in results if isinstance(node, nodes.Link))),
        tuple(sorted(node.source for node in results if isinstance(node, nodes.Image))),
    )
