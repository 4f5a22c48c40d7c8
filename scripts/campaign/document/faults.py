"""Messages about Markdown that doesn't mean what its author intended."""

from __future__ import annotations

from campaign.document.reader import CLASSES
from campaign.models.nodes import Fault

FAULTS = {
    "link-refused": ("The link of “{typed}” leads nowhere that is allowed.", "Link to a page (.md), https:// or tel:."),
    "heading-attribute": ("`{typed}` after a heading is unknown.", "Keep only its id: `## Title {{#id}}`."),
    "table-cells": (
        "A row has more cells than the table's head: `{typed}` would be lost.",
        "Give the heading row as many cells, or write `\\|` for a literal pipe.",
    ),
    "table-cells-few": (
        "The row `{typed}` has fewer cells than the heading row: empty cells are added at its end.",
        "Write all cells, as in `| 1 | | |`, or add the missing text.",
    ),
    "mark-unpaired": (
        "`{typed}` would be printed as typed: it isn't closed, or has a space inside.",
        "Write **words** without spaces inside, or a backslash before each literal asterisk.",
    ),
    "mark-foreign": (
        "`{typed}` isn't supported here and is published as typed.",
        "Remove it. Quotes begin with `>`, notes with `{{.note}}`; a backslash keeps the character.",
    ),
    "mark-without-space": (
        "`{typed}` would be printed as typed.",
        "Write `## Title` with a space, `- ` before each part of a list, and an empty line above.",
    ),
    "link-apart": ("A space separates a link from its address.", "Write `[words](address)` without a space."),
    "link-empty": ("The link of “{typed}” has no address.", "Write it between the brackets: `[words](page.md)`."),
    "table-unread": (
        "`{typed}` isn't a table: the line below its heading row is missing, or it has tabs instead of pipes.",
        "Write `| a | b |`, below it `|---|---|`, then the rows.",
    ),
    "text-indented": (
        "`{typed}` would be shown as program code, because it starts with four spaces.",
        "Remove the spaces.",
    ),
    "heading-empty": ("A heading has no words.", "Write them behind the `#` signs, or delete the line."),
    "heading-title": ("`# {typed}` would be a second title: the page has its `title:`.", "Write `## {typed}`."),
    "class-unknown": ("The class `{typed}` is not known.", "Choose from: {classes}."),
    "class-alone": (
        "`{{.{typed}}}` has no paragraph or list below it.",
        "Put it above the paragraph or list that it is for.",
    ),
    "text-direction": (
        "An invisible character reverses the text after it.",
        "Delete it; in most editors, type the line again.",
    ),
    "heading-id-twice": ("Two headings have the id `{typed}`.", "Give each heading its own id."),
    "html-refused": ("HTML is not used here: `{typed}`.", "Write it in Markdown, or leave it out."),
    "text-nesting": (
        "Markup is nested too deeply here.",
        "Delete the run of brackets, stars or arrows.",
    ),
    "link-reference": ("`[...][{typed}]` leads nowhere.", "Write the address behind the words: `[words](page.md)`."),
    "shortcode-broken": ("`{typed}` is not a shortcode.", "Write it as {{{{ name }}}} or {{{{ name key=value }}}}."),
    "shortcode-inside": ("`{typed}` is inside other text.", "Give it its own paragraph."),
}
MAX_EXCERPT = 60


def explain(fault: Fault) -> tuple[str, str]:
    """Return (what is wrong, how to fix it)."""
    message, fix = FAULTS[fault.rule]
    markup = " ".join(fault.typed.split())
    markup = markup if len(markup) < MAX_EXCERPT else markup[: MAX_EXCERPT - 3] + "..."
    return message.format(typed=markup), fix.format(typed=markup, classes=", ".join(CLASSES))
