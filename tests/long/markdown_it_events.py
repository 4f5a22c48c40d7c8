"""A second reader behind the same adapter: markdown-it-py tokens as the events of campaign.document.events.

The project could switch to it if pyromark were abandoned: it is slower, and its ranges are whole lines. Trees made by
both are compared over every page (test_second_reader.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from campaign.document.events import COLON_MASK, _mask, cited

BLOCKS = {
    "paragraph": "Paragraph",
    "blockquote": "BlockQuote",
    "list_item": "Item",
    "dl": "DefinitionList",
    "dt": "DefinitionListTitle",
    "dd": "DefinitionListDefinition",
    "tr": "TableRow",
    "td": "TableCell",
    "th": "TableCell",
    "thead": "",
    "tbody": "",
    "footnote_block": "",
}
INLINES = {"strong": "Strong", "em": "Emphasis"}
ALIGN = {None: "None", "text-align:left": "Left", "text-align:center": "Center", "text-align:right": "Right"}
HEADING_ID = re.compile(r"\s*\{#([^\s{}]+)\}\s*$")
TASK = re.compile(r"\[([ xX])\]\s+")


def read_events(text: str, _on_broken_link: Any) -> Iterator[tuple[Any, int, int]]:
    """Like campaign.document.events.read_events; ranges are those of whole lines."""
    masked, letters = _mask(text)
    whole = masked + "\n" + "".join(f"\n\n[^{id}]: ." for id in cited(masked))
    parser = MarkdownIt("commonmark").enable("table").use(footnote_plugin, inline=False).use(deflist_plugin)
    starts = [0, *accumulate(len(line.encode()) for line in whole.splitlines(keepends=True))]
    length = len(text.encode())
    tokens = parser.parse(whole)
    left = list(letters.letters)
    start, end = 0, 0
    for index, token in enumerate(tokens):
        result = token.map or (_next_map(tokens, index) if token.nesting == 1 else None)
        if result:
            start, end = starts[result[0]], min(starts[min(result[1], len(starts) - 1)], length)
        if start >= length:
            continue
        for event in _block_events(tokens, index):
            yield _unmask(event, letters.mark, left), start, end


def _unmask(event: Any, mark: str, left: list[str]) -> Any:
    """Like events.py, but letters come back in the order of the text: there are no ranges to look them up by."""
    if isinstance(event, dict):
        return {key: _unmask(value, mark, left) for key, value in event.items()}
    if isinstance(event, str):
        event = event.replace(COLON_MASK, ":")
        while mark and mark in event:
            event = event.replace(mark, left.pop(0), 1)
    return event


def _next_map(tokens: Sequence[Token], index: int) -> list[int] | None:
    return next((token.map for token in tokens[index:] if token.map), None)


def _block_events(tokens: Sequence[Token], index: int) -> Iterator[Any]:
    token = tokens[index]
    name, _, side = token.type.rpartition("_")
    way = {"open": "Start", "close": "End"}.get(side, "")
    if token.hidden:
        return
    if token.type == "inline":
        yield from _inline_events(tokens, index)
    elif token.type == "hr":
        yield "Rule"
    elif token.type in ("code_block", "fence"):
        yield from ({"Start": {"CodeBlock": token.info}}, {"Text": token.content}, {"End": "CodeBlock"})
    elif token.type == "html_block":
        yield from ({"Start": "HtmlBlock"}, {"Html": token.content}, {"End": "HtmlBlock"})
    elif name == "heading":
        id = HEADING_ID.search(tokens[index + 1].content) if way == "Start" else None
        value = {"level": f"H{token.tag[1]}", "id": id[1] if id else None, "classes": (), "attrs": ()}
        yield {way: {"Heading": value if way == "Start" else value["level"]}}
    elif name in ("bullet_list", "ordered_list"):
        first = None if name == "bullet_list" else int(token.attrs.get("start", 1))
        yield {way: {"List": first}}
    elif name == "table":
        yield {way: {"Table": _aligns(tokens, index)} if way == "Start" else "Table"}
    elif name == "footnote":
        yield {way: {"FootnoteDefinition": token.meta["label"]} if way == "Start" else "FootnoteDefinition"}
    elif name == "tr" and _is_head(tokens, index):
        yield {way: "TableHead"}
    elif BLOCKS.get(name):
        yield {way: BLOCKS[name]}


def _aligns(tokens: Sequence[Token], index: int) -> tuple[str, ...]:
    row: list[str] = []
    for token in tokens[index:]:
        if token.type == "th_open":
            row.append(ALIGN[token.attrs.get("style")])
        if token.type == "thead_close":
            break
    return tuple(row)


def _is_head(tokens: Sequence[Token], index: int) -> bool:
    near = tokens[index - 1] if tokens[index].nesting == 1 else tokens[index + 1]
    return near.type.startswith("thead")


def _inline_events(tokens: Sequence[Token], index: int) -> Iterator[Any]:
    children = list(tokens[index].children or ())
    before = tokens[index - 1].type
    if before == "heading_open" and children and children[-1].type == "text":
        children[-1].content = HEADING_ID.sub("", children[-1].content)
    task = TASK.match(children[0].content) if children and children[0].type == "text" else None
    if task and tokens[index - 2].type == "list_item_open":
        yield {"TaskListMarker": task[1] != " "}
        children[0].content = children[0].content[task.end() :]
    for child in children:
        yield from _inline_event(child)


def _inline_event(child: Token) -> Iterator[Any]:
    name, _, side = child.type.rpartition("_")
    way = "Start" if side == "open" else "End"
    if child.type == "text" and child.content:
        yield {"Text": child.content}
    elif child.type == "code_inline":
        yield {"Code": child.content}
    elif child.type in ("softbreak", "hardbreak"):
        yield {"softbreak": "SoftBreak", "hardbreak": "HardBreak"}[child.type]
    elif child.type == "html_inline":
        yield {"InlineHtml": child.content}
    elif child.type == "footnote_ref":
        yield {"FootnoteReference": child.meta["label"]}
    elif child.type == "image":
        value = {"dest_url": child.attrs["src"], "title": child.attrs.get("title", ""), "link_type": "Inline"}
        yield {"Start": {"Image": value}}
        for inner in child.children or ():
            yield from _inline_event(inner)
        yield {"End": "Image"}
    elif name == "link":
        value = {"dest_url": child.attrs.get("href", ""), "title": child.attrs.get("title", ""), "link_type": "Inline"}
        yield {way: {"Link": value} if way == "Start" else "Link"}
    elif name in INLINES:
        yield {way: INLINES[name]}
