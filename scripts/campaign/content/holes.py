"""Holes: what an office has yet to write into a campaign that it took over, `{{ ask: which law? }}`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from campaign.models.campaign import Campaign
from campaign.models.nodes import OPEN_HOLE, Strong, walk, words
from campaign.models.problem import Problem
from campaign.schema.interface_words import STRINGS

# In the words of the interface, where braces stand for something else.
ASKED = re.compile(rf"{re.escape(OPEN_HOLE)}([^\]]+)\]")
FIX = "Write what holds where you are, with its source, in the place of the question."


@dataclass(frozen=True)
class Hole:
    """A question that waits for an answer. where: file and line."""

    where: str
    question: str


def find_holes(campaign: Campaign) -> Iterator[Hole]:
    """Each hole of pages and of the words of the interface."""
    for page in campaign.pages.values():
        if OPEN_HOLE not in page.tree:
            continue
        for node in walk((*page.document.blocks, *page.document.notes)):
            if isinstance(node, Strong) and (said := words(node.children)).startswith(OPEN_HOLE):
                yield Hole(page.line(node.at), said.removeprefix(OPEN_HOLE).removesuffix("]"))
    for code, language in campaign.languages.items():
        for key, text in language.strings.items():
            for asked in ASKED.finditer(text):
                yield Hole(f"docs/{code}/{STRINGS} ({key})", asked[1])


def check_holes(campaign: Campaign, is_release: bool = False) -> Iterator[Problem]:
    """A note for each file with holes, at its first; before a release they stop it."""
    files: dict[str, list[Hole]] = {}
    for hole in find_holes(campaign):
        files.setdefault(re.split("[: ]", hole.where)[0], []).append(hole)
    for first, *more in files.values():
        others = f" (and {len(more)} more here)" if more else ""
        what = f"This is still to be answered: {first.question}{others}"
        yield Problem("hole-open-release" if is_release else "hole-open", first.where, what, FIX)
