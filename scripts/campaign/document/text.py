"""Write a document tree as plain text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from campaign.models.nodes import Break, Code, CodeBlock, Heading, Node, Paragraph, Table, Term, Text

# Signs at the ends of sentences: Khmer, Burmese, Indian, Urdu, Ethiopic, Armenian, Arabic, Chinese.
FOREIGN_SENTENCE_ENDS = "\u17d4\u104b\u0964\u0965\u06d4\u1362\u0589\u061f\u3002\uff01\uff1f"


def script_of(character: str) -> str:
    """Return the first word of a character's Unicode name, its script: 'KHMER', 'CJK'."""
    return unicodedata.name(character, "UNNAMED").split()[0].split("-")[0]


def plain_text(nodes: Iterable[Node]) -> str:
    """Return the text, one line per block or table cell, without notes, pictures and shortcodes."""
    lines: list[str] = []
    for node in nodes:
        _block(node, lines)
    return "\n".join(lines)


def _block(node: Node, lines: list[str]) -> None:
    if isinstance(node, CodeBlock):
        lines.append(node.text)
    elif isinstance(node, Table):
        lines += [_words(cell.children) for row in (node.head, *node.rows) for cell in row]
    else:
        children = getattr(node, "children", ())
        if isinstance(node, Heading | Paragraph | Term):
            lines.append(_words(children))
        else:
            for child in children:
                _block(child, lines)


def _words(inlines: Iterable[Node]) -> str:
    parts: list[str] = []
    for node in inlines:
        if isinstance(node, Text | Code):
            parts.append(node.text)
        elif isinstance(node, Break):
            parts.append("\n")
        else:
            parts.append(_words(getattr(node, "children", ())))
    return "".join(parts)
