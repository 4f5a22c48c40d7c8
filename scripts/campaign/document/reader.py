"""Parse Markdown into a document tree.

CommonMark with tables, notes, definitions, tasks and heading ids; plus `{.class}` before a block, `:pictogram:`, and
`{{ shortcode }}` in its own paragraph. HTML is text. Nodes are an allow-list: what has no node can't reach a page, and
disallowed addresses are dropped and reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from campaign.document.events import Event, read_events
from campaign.document.unread import BRACES, SHORTCODE, unread_marks
from campaign.models import nodes

CLASSES = ("lead", "note", "doors", "signs", "steps", "path")
ANY_SHORTCODE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
# A paragraph with one pair of braces, or with a space between them.
BROKEN_SHORTCODE = re.compile(r"\{\s*\{?\s*[a-z][a-z-]*(?:\s+[a-z]+=\S+)*\s*\}?\s*\}")
# `:phone:` and bare addresses; punctuation after them belongs to the sentence.
FOUND_IN_TEXT = re.compile(
    r"\{\{\s*ask:\s*(?P<placeholder>[^{}]+?)\s*\}\}"
    r"|(?<![\w:]):(?P<pictogram>[a-z]+(?:-[a-z]+)*):(?!\w)"
    r"|(?<![\w/.@-])(?P<web>https?://|www\.)[^\s<>\[\]()\"“”‘’{}|\\^`]*[\w/=&#%+~-]"
    r"|(?<![\w/.@:+-])(?P<mail>[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})(?![\w@])"
)
TAG = re.compile(r"<(?:([A-Za-z][\w-]*)|[!?])")
CLASS = re.compile(r"\{\s*\.([A-Za-z][\w-]*)\s*\}")
# Allowed targets of links and pictures: the web, a telephone, a mailbox, or a file of ours.
ADDRESS = re.compile(
    r"(?:https?://[\w-]+(?:\.[\w-]+)*(?::\d{1,5})?(?=[/?#]|\Z)|tel:|mailto:|(?![a-z][a-z0-9+.-]*:|//))"
    r"[^\\\x00-\x20\x7f-\x9f]*",
    re.IGNORECASE,
)
SPACES = " \t\n"
LINE_END = re.compile(rb"\n")
MAX_NESTING = 60
ALIGN: Mapping[str, nodes.Align] = {"None": "", "Left": "left", "Center": "center", "Right": "right"}
# Directional overrides reverse the text after them: readers would see a wrong number or address.
OVERRIDE = re.compile("[\u202a-\u202e]")


def read_document(text: str, offset: int = 0, first_line: int = 1) -> nodes.Document:
    """Return the tree of a Markdown text that starts at this byte and line of its file.

    The text has no NUL and SUBSTITUTE characters, and line ends as in the file.
    """
    return _Reader(text, offset, first_line).read()


def slugify(text: str) -> str:
    """Return an anchor with the letters and vowel signs of every script."""
    letters = "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in unicodedata.normalize("NFC", text))
    return "-".join(letters.lower().split())


def parse_arguments(raw: str) -> tuple[tuple[str, str], ...]:
    """Parse `place=dili kind=police`; the last value of a key wins."""
    return tuple(dict(pair.split("=", 1) for pair in raw.split()).items())


class _Frame:
    """An open node; `pieces` are texts since the last inline node."""

    __slots__ = ("children", "is_implicit", "kind", "pieces", "rows", "start", "task", "value")

    def __init__(self, kind: str, value: Any, start: int, is_implicit: bool = False) -> None:
        self.kind, self.value, self.start, self.is_implicit = kind, value, start, is_implicit
        self.children: list[Any] = []
        self.pieces: list[tuple[str, int, int]] = []
        self.task: bool | None = None
        self.rows: list[tuple[nodes.Cell, ...]] = []


# Frames whose children are blocks: words right below them get a paragraph.
_BLOCKS = frozenset(("Document", "Item", "BlockQuote", "FootnoteDefinition", "DefinitionListDefinition"))


class _Reader:
    def __init__(self, text: str, offset: int, first_line: int) -> None:
        self.text, self.offset, self.first_line = text, offset, first_line
        self.bytes = text.encode()
        self.faults: list[nodes.Fault] = []
        self.notes: list[nodes.NoteText] = []
        self.cites: dict[str, None] = {}
        self.stack = [_Frame("Document", None, offset)]

    def read(self) -> nodes.Document:
        for match in OVERRIDE.finditer(self.text):
            self.fault("text-direction", self.offset + len(self.text[: match.start()].encode()))
        for event, start, end in read_events(self.text, self._broken_link):
            if not self._take(event, start + self.offset, end + self.offset):
                break
        blocks = self._blocks(self.stack[0].children)
        self.faults += unread_marks(self.text, self.offset, (*blocks, *self.notes))
        line_ends = tuple(self.offset + match.start() for match in LINE_END.finditer(self.bytes))
        return nodes.Document(
            blocks=_with_ids(blocks, self.faults),
            notes=tuple(self.notes),
            cites=tuple(self.cites),
            faults=tuple(sorted(self.faults, key=lambda fault: fault.start)),
            line_ends=line_ends,
            first_line=self.first_line,
        )

    def fault(self, rule: str, position: int, raw: str = "") -> None:
        self.faults.append(nodes.Fault(rule, position, raw))

    def _broken_link(self, link: Any) -> None:
        # `[words]` without an address is a blank to fill in, or just text in brackets.
        if str(link["link_type"]).startswith(("Reference", "Collapsed")):
            self.fault("link-reference", self.offset + link["span"]["start"], link["reference"])

    def _source(self, position: int, end: int) -> str:
        return self.bytes[position - self.offset : end - self.offset].decode(errors="replace")

    def _take(self, event: Event, position: int, end: int) -> bool:
        """Handle an event; return False if the text is nested too deeply."""
        if isinstance(event, str):
            if event == "SoftBreak":
                self._words("\n", position, end)
            elif event == "HardBreak":
                self._inline(nodes.Break(position, end))
            elif event == "Rule":
                self._block(nodes.Rule(position, end))
            return True
        ((name, value),) = event.items()
        if name == "Start":
            return self._start(value, position)
        if name == "End":
            self._end(value if isinstance(value, str) else next(iter(value)), end)
        elif name == "Text":
            self._words(value, position, end)
        elif name == "Code":
            self._inline(nodes.Code(position, end, value))
        elif name in ("Html", "InlineHtml"):
            self._html(value, position)
            self._words(value, position, end)
        elif name == "FootnoteReference":
            self.cites[value] = None
            self._inline(nodes.Note(position, end, value))
        elif name == "TaskListMarker":
            next(frame for frame in reversed(self.stack) if frame.kind == "Item").task = value
        return True

    def _html(self, raw: str, position: int) -> None:
        """Report opening tags and comments; an HTML block comes line by line."""
        match = TAG.match(raw.strip())
        if match and not (self.stack[-1].kind == "HtmlBlock" and self.stack[-1].pieces):
            self.fault("html-refused", position, f"<{match[1]}>" if match[1] else "<!--")

    def _start(self, tag: Any, position: int) -> bool:
        kind, value = (tag, None) if isinstance(tag, str) else next(iter(tag.items()))
        if len(self.stack) > MAX_NESTING:
            self.fault("text-nesting", position)
            while len(self.stack) > 1:
                self._close(position)
            return False
        if kind in _INLINE:
            self._open_paragraph(position)
            self._flush()
        else:
            self._close_implicit(position)
        self.stack.append(_Frame(kind, value, position))
        return True

    def _end(self, kind: str, end: int) -> None:
        if kind not in _INLINE:
            self._close_implicit(end)
        if len(self.stack) > 1:
            self._close(end)

    def _close(self, end: int) -> None:
        self._flush()
        frame = self.stack.pop()
        if (node := _NODE_BUILDERS[frame.kind](self, frame, end)) is not None:
            self.stack[-1].children.append(node)

    def _words(self, text: str, position: int, end: int) -> None:
        self._open_paragraph(position)
        self.stack[-1].pieces.append((text, position, end))

    def _inline(self, node: nodes.Inline) -> None:
        self._open_paragraph(node.start)
        self._flush()
        self.stack[-1].children.append(node)

    def _block(self, node: nodes.Block) -> None:
        self._close_implicit(node.start)
        self.stack[-1].children.append(node)

    def _open_paragraph(self, position: int) -> None:
        """Open a paragraph for words directly in an item of a tight list and the like."""
        if self.stack[-1].kind in _BLOCKS:
            self.stack.append(_Frame("Paragraph", None, position, is_implicit=True))

    def _close_implicit(self, end: int) -> None:
        if self.stack[-1].is_implicit:
            self._close(end)

    def _flush(self) -> None:
        """Make nodes of the text so far: words, pictograms, addresses."""
        frame = self.stack[-1]
        if not frame.pieces:
            return
        pieces, frame.pieces = frame.pieces, []
        if frame.kind in ("CodeBlock", "HtmlBlock"):
            frame.children += [nodes.Text(at, end, text) for text, at, end in pieces]
            return
        frame.children += self._split("".join(text for text, _, _ in pieces), pieces)

    def _split(self, text: str, pieces: list[tuple[str, int, int]]) -> Iterable[nodes.Inline]:
        consumed, position, end = 0, pieces[0][1], pieces[-1][2]
        inlines: list[nodes.Inline] = []
        is_linked = any(frame.kind in ("Link", "Image") for frame in self.stack)
        for match in FOUND_IN_TEXT.finditer(text) if ":" in text or "@" in text or "www." in text else ():
            start, end_byte = _byte(pieces, match.start()), _byte(pieces, match.end())
            if not match["pictogram"] and not match["placeholder"] and is_linked:
                continue
            if match.start() > consumed:
                inlines.append(nodes.Text(position, start, text[consumed : match.start()]))
            if match["placeholder"]:
                placeholder = nodes.Text(start, end_byte, f"{nodes.PLACEHOLDER_START}{match['placeholder']}]")
                inlines.append(nodes.Strong(start, end_byte, (placeholder,)))
            elif match["pictogram"]:
                inlines.append(nodes.Pictogram(start, end_byte, match["pictogram"]))
            else:
                to = self._address(_completed(match), start, match[0])
                inlines.append(nodes.Link(start, end_byte, to, "", (nodes.Text(start, end_byte, match[0]),)))
            consumed, position = match.end(), end_byte
        if consumed < len(text):
            inlines.append(nodes.Text(position, end, text[consumed:]))
        return inlines

    # Converts a frame at its end.

    def _make_paragraph(self, frame: _Frame, end: int) -> nodes.Node | None:
        source = self._source(frame.start, end).strip()
        if "{{" in source and (blocks := self._shortcodes(source, frame.start, end)):
            self.stack[-1].children += blocks
            return None
        if BROKEN_SHORTCODE.fullmatch(source) and not BRACES.search(source):
            self.fault("shortcode-broken", frame.start, source)
        children = _trimmed(frame.children)
        return nodes.Paragraph(frame.start, end, (), children) if children else None

    def _shortcodes(self, source: str, position: int, end: int) -> list[nodes.Shortcode]:
        """Return the shortcodes of a paragraph with nothing else, one per line."""
        result = []
        for line in source.splitlines():
            match = SHORTCODE.fullmatch(line.strip(" \t>"))
            if not match:
                return []
            result.append(nodes.Shortcode(position, end, match[1], parse_arguments(match[2])))
        return result

    def _make_heading(self, frame: _Frame, end: int) -> nodes.Node | None:
        value = frame.value
        for name in value["classes"]:
            self._check_class(frame.start, name)
        source = self._source(frame.start, end)
        for key in _heading_attributes(source):
            self.fault("heading-attribute", frame.start, key)
        level = int(value["level"][1:])
        title = nodes.words(frame.children).strip()
        if not title and not any(isinstance(child, nodes.Image) for child in frame.children):
            self.fault("heading-empty", frame.start)
        elif level == 1:
            self.fault("heading-title", frame.start, title)
        return nodes.Heading(frame.start, end, level, value["id"] or "", _trimmed(frame.children))

    def _make_loose_paragraph(self, frame: _Frame, end: int) -> nodes.Node | None:
        if not frame.is_implicit and self.stack[-1].kind == "Item":
            self.stack[-2].rows = [()]  # a paragraph in an item: empty lines separate the items of this list
        return self._make_paragraph(frame, end)

    def _make_code(self, frame: _Frame, end: int) -> nodes.Node | None:
        text = "".join(child.text for child in frame.children).replace("\r\n", "\n")
        if "{{" in text and (match := ANY_SHORTCODE.search(text + "}}")):
            self.fault("shortcode-inside", frame.start, match[0])
        return nodes.CodeBlock(frame.start, end, text)

    def _make_cell(self, frame: _Frame, end: int) -> nodes.Node | None:
        children, cell_use = list(frame.children), ""
        last = children[-1] if children else None
        if isinstance(last, nodes.Text) and (match := re.search(rf"\s*{CLASS.pattern}\s*\Z", last.text)):
            cell_use = match[1]
            if cell_use not in nodes.CELL_USES:
                self.fault("class-unknown", last.start, cell_use)
            text = last.text[: match.start()]
            children[-1:] = [nodes.Text(last.start, last.start + len(text.encode()), text)] if text else []
        return nodes.Cell(frame.start, end, _trimmed(children), cell_use)

    def _make_row(self, frame: _Frame, end: int) -> None:
        cells = tuple(frame.children)
        if cells and (extra := self._source(cells[-1].end, end).strip("| \t\r\n>")):
            self.fault("table-cells", cells[-1].end, extra)
        head = self.stack[-1].rows[0] if self.stack[-1].rows else ()
        # Missing cells of a row are added without a position.
        if len(cells) < len(head) or any(cell.start == cell.end for cell in cells):
            self.fault("table-cells-few", frame.start, self._source(frame.start, end).strip())
        self.stack[-1].rows.append(cells + (nodes.Cell(end, end, ()),) * (len(head) - len(cells)))

    def _make_table(self, frame: _Frame, end: int) -> nodes.Node | None:
        align = tuple(ALIGN[item] for item in frame.value)
        head, *rows = frame.rows
        return nodes.Table(frame.start, end, (), align, head, tuple(rows))

    def _make_note_text(self, frame: _Frame, end: int) -> None:
        self.notes.append(nodes.NoteText(frame.start, end, frame.value, self._blocks(frame.children)))

    def _make_link(self, frame: _Frame, end: int) -> nodes.Node | None:
        to = frame.value["dest_url"]
        if frame.value["link_type"] == "Email":
            to = f"mailto:{to}"
        to = self._address(to, frame.start, nodes.words(frame.children))
        if not frame.value["dest_url"]:
            self.fault("link-empty", frame.start, nodes.words(frame.children))
        return nodes.Link(frame.start, end, to, frame.value["title"], tuple(frame.children))

    def _make_image(self, frame: _Frame, end: int) -> nodes.Node | None:
        alt = _alt(frame.children)
        source = self._address(frame.value["dest_url"], frame.start, alt)
        return nodes.Image(frame.start, end, source, frame.value["title"], alt)

    def _address(self, to: str, position: int, text: str) -> str:
        """Return an allowed address; '' and a fault for others."""
        if ADDRESS.fullmatch(to):
            return to
        self.fault("link-refused", position, text)
        return ""

    def _blocks(self, blocks: list[nodes.Block]) -> tuple[nodes.Block, ...]:
        """Return blocks with the classes written before them."""
        result: list[nodes.Block] = []
        waiting: list[str] = []
        last: nodes.Block | None = None
        for block in blocks:
            names, rest = self._leading_classes(block)
            waiting, last = waiting + names, block if names else last
            if rest is None:
                continue
            # An unknown class is reported and dropped.
            if waiting and isinstance(rest, nodes.Paragraph | nodes.Quote | nodes.Items | nodes.Table):
                rest = _replaced(rest, classes=tuple(name for name in waiting if name in CLASSES))
            elif waiting and last:
                self.fault("class-alone", last.start, waiting[-1])
            waiting = []
            result.append(rest)
        if waiting and last:
            self.fault("class-alone", last.start, waiting[-1])
        return tuple(result)

    def _leading_classes(self, block: nodes.Block) -> tuple[list[str], nodes.Block | None]:
        """Return the `{.class}` lines at the start of a paragraph, and the rest of it."""
        first = block.children[0] if isinstance(block, nodes.Paragraph) and block.children else None
        if not isinstance(block, nodes.Paragraph) or not isinstance(first, nodes.Text) or "{" not in first.text:
            return [], block
        names: list[str] = []
        text = first.text
        while match := re.match(rf"{CLASS.pattern}[ \t]*(?:\n|\Z)", text):
            self._check_class(block.start, match[1])
            names.append(match[1])
            text = text[match.end() :]
        for match in CLASS.finditer(text):
            self._check_class(block.start, match[1])
        if not names:
            return [], block
        children = (
            *([nodes.Text(first.end - len(text.encode()), first.end, text)] if text else []),
            *block.children[1:],
        )
        return names, nodes.Paragraph(children[0].start, block.end, (), children) if children else None

    def _check_class(self, position: int, name: str) -> None:
        if name not in CLASSES:
            self.fault("class-unknown", position, name)


_INLINE = frozenset(("Emphasis", "Strong", "Link", "Image", "Strikethrough"))


def _html_text(frame: _Frame, end: int) -> nodes.Paragraph:
    text = "".join(child.text for child in frame.children).strip()
    return nodes.Paragraph(frame.start, end, (), (nodes.Text(frame.start, end, text),))


# Converters of finished frames; they return None if they store the result themselves.
_NODE_BUILDERS: dict[str, Callable[[_Reader, _Frame, int], nodes.Node | None]] = {
    "Paragraph": _Reader._make_loose_paragraph,
    "Heading": _Reader._make_heading,
    "CodeBlock": _Reader._make_code,
    "Table": _Reader._make_table,
    "TableHead": _Reader._make_row,
    "TableRow": _Reader._make_row,
    "TableCell": _Reader._make_cell,
    "FootnoteDefinition": _Reader._make_note_text,
    "Link": _Reader._make_link,
    "Image": _Reader._make_image,
    "HtmlBlock": lambda _, frame, end: _html_text(frame, end),
    "BlockQuote": lambda reader, frame, end: nodes.Quote(frame.start, end, (), reader._blocks(frame.children)),
    "List": lambda _, frame, end: nodes.Items(
        frame.start, end, (), frame.value, bool(frame.rows), tuple(frame.children)
    ),
    "Item": lambda reader, frame, end: nodes.Item(frame.start, end, frame.task, reader._blocks(frame.children)),
    "DefinitionList": lambda _, frame, end: nodes.Definitions(frame.start, end, tuple(frame.children)),
    "DefinitionListTitle": lambda _, frame, end: nodes.Term(frame.start, end, _trimmed(frame.children)),
    "DefinitionListDefinition": lambda reader, frame, end: nodes.Meaning(
        frame.start, end, reader._blocks(frame.children)
    ),
    "Strong": lambda _, frame, end: nodes.Strong(frame.start, end, tuple(frame.children)),
    "Emphasis": lambda _, frame, end: nodes.Emphasis(frame.start, end, tuple(frame.children)),
}


def _completed(address: re.Match[str]) -> str:
    """Return the target of an address typed in the text."""
    if address["mail"]:
        return f"mailto:{address[0]}"
    return f"https://{address[0]}" if address["web"] == "www." else address[0]


def _heading_attributes(source: str) -> list[str]:
    """Return the content of the braces after a heading, without id and classes."""
    match = re.search(r"\{([^{}]*)\}[ \t]*$", source.split("\n")[0].rstrip())
    return [part for part in match[1].split() if not re.fullmatch(r"[#.][^\s#.=]+", part)] if match else []


def _byte(pieces: list[tuple[str, int, int]], position: int) -> int:
    """Return a character's byte in the file."""
    for text, start, _ in pieces:
        if position <= len(text):
            return start + len(text[:position].encode())
        position -= len(text)
    return pieces[-1][2]


def _alt(inside: Iterable[nodes.Node]) -> str:
    """Return an image's alternative text; pictograms as typed."""
    texts = []
    for node in nodes.walk(inside):
        if isinstance(node, nodes.Text | nodes.Code):
            texts.append(node.text)
        elif isinstance(node, nodes.Pictogram):
            texts.append(f":{node.name}:")
    return "".join(texts)


def _trimmed(children: list[nodes.Inline]) -> tuple[nodes.Inline, ...]:
    """Strip spaces at both ends."""
    children = list(children)
    first, last = (children[0], children[-1]) if children else (None, None)
    if isinstance(first, nodes.Text) and first.text[:1] in SPACES:
        children[0] = _replaced(first, text=first.text.lstrip(SPACES))
        last = children[-1]
    if isinstance(last, nodes.Text) and last.text[-1:] in SPACES:
        children[-1] = _replaced(last, text=last.text.rstrip(SPACES))
    return tuple(child for child in children if not isinstance(child, nodes.Text) or child.text)


Replaced = TypeVar("Replaced", bound=nodes.Node)


def _replaced(node: Replaced, **changes: Any) -> Replaced:
    values = [changes.get(name, getattr(node, name)) for name in node.__struct_fields__]
    return type(node)(*values)


def _with_ids(blocks: tuple[nodes.Block, ...], faults: list[nodes.Fault]) -> tuple[nodes.Block, ...]:
    """Give every heading a unique id."""
    nodes_with_ids = [node for node in nodes.walk(blocks) if isinstance(node, nodes.Heading) and node.id]
    ids = [node.id for node in nodes_with_ids]
    for node in nodes_with_ids:
        if ids.count(node.id) > 1:
            faults.append(nodes.Fault("heading-id-twice", node.start, node.id))
    used_ids = set(ids)
    result: list[nodes.Block] = []
    for block in blocks:
        if isinstance(block, nodes.Heading) and not block.id:
            id = slugify(nodes.words(block.children)) or "_1"
            number = 0
            while id in used_ids:
                number += 1
                id = f"{slugify(nodes.words(block.children))}_{number}"
            used_ids.add(id)
            block = _replaced(block, id=id, is_made=True)
        result.append(block)
    return tuple(result)
