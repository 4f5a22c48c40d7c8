"""Write a document tree as HTML. Everything is escaped, and nothing is parsed again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import repeat
from typing import Any

from campaign.models import nodes
from campaign.models.campaign import Source


def escape(text: str) -> str:
    """Escape a text between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\u00a0", "&nbsp;")


def attribute(text: str) -> str:
    """Escape a text in double quotes."""
    return escape(text).replace('"', "&quot;")


# Scripts that have no slant: all but Latin, Greek, Cyrillic and Armenian.
UPRIGHT_SCRIPTS = "[\u0590-\u109f\u1100-\u18af\u2e80-\ua4cf\uac00-\ufaff]"


# Arguments of shortcodes.
ARGUMENTS = ("name", "place", "kind", "for")


class HtmlWriter:
    """Writes a document as HTML; sites override some methods. Each method writes the node that it is named after.

    `sources` are the sources of notes, by id.
    """

    def __init__(self, document: nodes.Document, sources: Mapping[str, Source]) -> None:
        self.document, self.sources = document, sources
        self.note_texts = {note.id: note for note in document.notes}
        note_ids = (id for id in document.cites if id in sources or id in self.note_texts)
        self.numbers = {id: number for number, id in enumerate(note_ids, 1)}
        self.references: dict[str, int] = dict.fromkeys(self.numbers, 0)
        self._writers: dict[type, Callable[[Any], str]] = {
            nodes.Text: self.text,
            nodes.Code: self.code,
            nodes.Break: self.line_break,
            nodes.Pictogram: self.pictogram,
            nodes.Note: self.note,
            nodes.Image: self.image,
            nodes.Strong: self.strong,
            nodes.Emphasis: self.emphasis,
            nodes.Link: self.link,
            nodes.Heading: self.heading,
            nodes.Paragraph: self.paragraph,
            nodes.Quote: self.quote,
            nodes.Rule: self.rule,
            nodes.Items: self.items,
            nodes.Table: self.table,
            nodes.CodeBlock: self.code_block,
            nodes.Definitions: self.definitions,
            nodes.Shortcode: self.shortcode,
        }

    def write(self) -> str:
        """Return the whole document with its notes at the end."""
        return "\n".join(filter(None, (self.blocks(self.document.blocks), self.notes())))

    def blocks(self, blocks: Iterable[nodes.Block]) -> str:
        return "\n".join(self._writers[type(block)](block) for block in blocks)

    def inlines(self, inlines: Iterable[nodes.Inline]) -> str:
        return "".join([self._writers[type(inline)](inline) for inline in inlines])

    # Words

    def text(self, node: nodes.Text) -> str:
        return escape(node.text)

    def code(self, node: nodes.Code) -> str:
        return f"<code>{escape(node.text)}</code>"

    def line_break(self, _node: nodes.Break) -> str:
        return "<br>\n"

    def pictogram(self, node: nodes.Pictogram) -> str:
        return f'<span class="pictogram" data-name="{node.name}"></span>'

    def note(self, node: nodes.Note) -> str:
        """Return the number of a source; an unknown one as typed."""
        if node.id not in self.numbers:
            return escape(f"[^{node.id}]")
        self.references[node.id] += 1
        id = reference_id(node.id, self.references[node.id])
        link = f'<a class="footnote-ref" href="#fn:{node.id}">{self.numbers[node.id]}</a>'
        return f'<sup id="{id}">{link}</sup>'

    def image(self, node: nodes.Image) -> str:
        title = f' title="{attribute(node.title)}"' if node.title else ""
        return f'<img alt="{attribute(node.alt)}" src="{attribute(node.source)}"{title}>'

    def strong(self, node: nodes.Strong) -> str:
        return f"<strong>{self.inlines(node.children)}</strong>"

    def emphasis(self, node: nodes.Emphasis) -> str:
        inner = self.inlines(node.children)
        # Bold instead of italics in scripts without slanted letters.
        # To compile it takes 3 ms, and most emphasis is of letters that need no pattern.
        is_upright = not inner.isascii() and re.search(UPRIGHT_SCRIPTS, inner)
        return f'<em class="upright">{inner}</em>' if is_upright else f"<em>{inner}</em>"

    def link(self, node: nodes.Link) -> str:
        address = f' href="{attribute(self.address(node.to))}"' if node.to else ""
        title = f' title="{attribute(node.title)}"' if node.title else ""
        return f"<a{address}{title}>{self.inlines(node.children)}</a>"

    def address(self, to: str) -> str:
        """Return a link's target."""
        return to

    # Blocks

    def heading(self, node: nodes.Heading) -> str:
        return f'<h{node.level} id="{attribute(node.id)}">{self.inlines(node.children)}</h{node.level}>'

    def paragraph(self, node: nodes.Paragraph) -> str:
        return f"<p{_class(node.classes)}>{self.inlines(node.children)}</p>"

    def quote(self, node: nodes.Quote) -> str:
        return f"<blockquote{_class(node.classes)}>\n{self.blocks(node.children)}\n</blockquote>"

    def rule(self, _node: nodes.Rule) -> str:
        return "<hr>"

    def items(self, node: nodes.Items) -> str:
        tag = "ul" if node.first_number is None else "ol"
        classes = (*node.classes, "pictograms") if node.begin_with_pictograms else node.classes
        start = f' start="{node.first_number}"' if node.first_number not in (None, 1) else ""
        inner = "\n".join(f"<li>{self.item(item, node.is_loose)}</li>" for item in node.children)
        return f"<{tag}{_class(classes)}{start}>\n{inner}\n</{tag}>"

    def item(self, item: nodes.Item, is_loose: bool) -> str:
        """Return an item's content. In a loose list, with empty lines between items, paragraphs are kept."""
        parts = []
        for block in item.children:
            if isinstance(block, nodes.Paragraph) and not is_loose and not block.classes:
                parts.append(self.inlines(block.children))
            else:
                parts.append(self._writers[type(block)](block))
        box = {None: "", True: "☑ ", False: "☐ "}[item.task]
        if is_loose:
            return f"\n{box}" + "\n".join(parts) + "\n"
        return box + "\n".join(parts) + ("\n" if len(parts) > 1 else "")

    def table(self, node: nodes.Table) -> str:
        # The column below an empty heading names the rows.
        has_row_headings = not node.head[0].children
        rows = "\n".join(
            self.row(cells, has_row_headings and bool(cells[0].children), "td", node) for cells in node.rows
        )
        body = f"<tbody>\n{rows}\n</tbody>\n" if rows else ""
        head = self.row(node.head, False, "th", node)
        return f"<table{_class(node.classes)}>\n<thead>\n{head}\n</thead>\n{body}</table>"

    def row(self, cells: Iterable[nodes.Cell], has_heading: bool, tag: str, table: nodes.Table) -> str:
        tags = ["th" if has_heading else tag, *repeat(tag, len(table.align))]
        cells_html = (self.cell(*parts) for parts in zip(cells, tags, table.align, strict=False))
        return "<tr>\n" + "\n".join(cells_html) + "\n</tr>"

    def cell(self, cell: nodes.Cell, tag: str, align: str) -> str:
        aligned = f' align="{align}"' if align else ""
        return f"<{tag}{aligned}>{self.inlines(cell.children)}</{tag}>"

    def code_block(self, node: nodes.CodeBlock) -> str:
        return f"<pre><code>{escape(node.text)}</code></pre>"

    def definitions(self, node: nodes.Definitions) -> str:
        parts = []
        for child in node.children:
            if isinstance(child, nodes.Term):
                parts.append(f"<dt>{self.inlines(child.children)}</dt>")
            else:
                parts.append(f"<dd>{self.item(nodes.Item(child.start, child.end, None, child.children), False)}</dd>")
        return "<dl>\n" + "\n".join(parts) + "\n</dl>"

    def shortcode(self, node: nodes.Shortcode) -> str:
        # A check reports any other, which is dropped here.
        pairs = {("which" if key == "name" else key): value for key, value in node.pairs if key in ARGUMENTS}
        data = "".join(f' data-{key}="{attribute(value)}"' for key, value in pairs.items())
        return f'<div class="shortcode" data-name="{node.name}"{data}></div>'

    # Notes

    def notes(self) -> str:
        """Return the cited notes in order."""
        if not self.numbers:
            return ""
        return f'<div class="footnote">\n<hr>\n{self.note_list()}\n</div>'

    def note_list(self) -> str:
        items_html = "\n".join(f'<li id="fn:{id}">\n{self.note_body(id)}\n</li>' for id in self.numbers)
        return f"<ol>\n{items_html}\n</ol>"

    def note_body(self, id: str) -> str:
        back = self.back_links(id)
        if id in self.sources:
            return f"<p>{source_line(self.sources[id])}&nbsp;{back}</p>"
        html = self.blocks(self.note_texts[id].children)
        if html.endswith("</p>"):
            return f"{html.removesuffix('</p>')}&nbsp;{back}</p>"
        return f"{html}\n<p>{back}</p>"

    def back_links(self, id: str) -> str:
        return "".join(self.back_link(id, nth) for nth in range(1, self.references[id] + 1))

    def back_link(self, id: str, nth: int) -> str:
        return f'<a class="footnote-backref" href="#{reference_id(id, nth)}">↑</a>'


def source_line(source: Source) -> str:
    """Return a source as HTML: title, linked if possible, publisher, date."""
    language = f' lang="{attribute(source.language)}"' if source.language else ""
    tag, address = ("a", f' href="{attribute(source.url)}"') if source.url else ("em", "")
    title = f"<{tag}{address}{language}>{escape(source.title)}</{tag}>"
    return ", ".join(filter(None, (title, escape(source.publisher), escape(source.date)))) + "."


def reference_id(id: str, nth: int) -> str:
    """Return the anchor of the nth reference to a note, from 1."""
    return f"fnref{nth if nth > 1 else ''}:{id}"


def _class(classes: tuple[str, ...]) -> str:
    return f' class="{" ".join(classes)}"' if classes else ""
