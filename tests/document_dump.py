"""A document tree as readable lines, for golden files and comparisons of readers."""

from __future__ import annotations

from typing import Any

from campaign.models.nodes import Document, Node

HIDDEN = ("start", "end", "children", "head", "rows", "notes")


def dump(document: Document, with_lines: bool = True) -> str:
    """One node a line, indented by its depth; with_lines: the line it begins on before it."""
    lines: list[str] = []

    def add(node: Any, depth: int) -> None:
        if isinstance(node, tuple):
            for item in node:
                add(item, depth)
            return
        values = {name: getattr(node, name) for name in node.__struct_fields__ if name not in HIDDEN}
        text = " ".join(f"{name}={value!r}" for name, value in values.items() if value not in ("", (), None))
        line = f"{document.line(node.start):>3} " if with_lines else ""
        lines.append(f"{line}{'  ' * depth}{type(node).__name__} {text}".rstrip())
        for name in ("head", "rows", "children"):
            if isinstance(node, Node) and hasattr(node, name):
                add(getattr(node, name), depth + 1)

    add(document.blocks, 0)
    add(document.notes, 0)
    add(document.faults, 0)
    return "\n".join(lines) + "\n"
