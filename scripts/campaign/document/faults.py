"""What is said of Markdown that did not become what its writer meant: kind of fault -> what is wrong, how to mend it.

`{typed}` is what stands in the text; `{classes}` the classes there are.
"""

from __future__ import annotations

from campaign.document.reader import CLASSES
from campaign.models.nodes import Fault

FAULTS = {
    "address": (
        "The link of “{typed}” leads nowhere that is allowed.",
        "Link to a page (.md), https:// or tel:.",
    ),
    "attribute": ("`{typed}` behind a heading is not known.", "Keep only its id: `## Title {{#id}}`."),
    "cells": (
        "A row has more cells than the table's head: `{typed}` would be lost.",
        "Give the head as many cells, or write `\\|` for a bar that is meant as a sign.",
    ),
    "class": ("The class `{typed}` is not known.", "Choose from: {classes}."),
    "class-alone": ("`{{.{typed}}}` stands before nothing.", "Put it above the paragraph or list that it is for."),
    "direction": (
        "An invisible sign turns the letters behind it round.",
        "Delete it: in most editors, type the line anew.",
    ),
    "heading-id": ("Two headings have the id `{typed}`.", "Give each heading an id of its own."),
    "html": ("HTML is not used here: `{typed}`.", "Write it in Markdown, or leave it out."),
    "nesting": (
        "Signs are nested or repeated here beyond all reading.",
        "Delete the run of brackets, stars or arrows.",
    ),
    "reference": ("`[...][{typed}]` leads nowhere.", "Write the address behind the words: `[words](page.md)`."),
    "shortcode": ("`{typed}` is not a shortcode.", "Write it as {{{{ name }}}} or {{{{ name key=value }}}}."),
    "shortcode-inside": ("`{typed}` stands inside other text.", "Give it a paragraph of its own."),
}
LONGEST = 60


def explain(fault: Fault) -> tuple[str, str]:
    """(what is wrong, how to mend it)."""
    what, fix = FAULTS[fault.kind]
    typed = " ".join(fault.typed.split())
    typed = typed if len(typed) < LONGEST else typed[: LONGEST - 3] + "..."
    return what.format(typed=typed), fix.format(typed=typed, classes=", ".join(CLASSES))
