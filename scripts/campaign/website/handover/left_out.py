"""The page of dist/ about outputs that a build has left out."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.models.problem import Problem
from campaign.models.rules import load_rules
from campaign.website.handover import page_writer

# Files that a list shows before the rest is folded away.
MAX_FILES = 6


@dataclass(frozen=True)
class Entry:
    """Problems that keep some outputs from being made.

    Attributes:
        outputs: the missing files of dist/.
        pictures: PNG of each page, with the excess marked; empty if it can't be drawn.
    """

    problems: tuple[Problem, ...]
    outputs: tuple[Output, ...]
    pictures: list[bytes]


def left_out_page(campaign: Campaign, entries: list[Entry]) -> str:
    """Return the page; the first entries concern most files."""
    count = sum(len(entry.outputs) for entry in entries)
    return page_writer(campaign)("left-out.html", name=campaign.name, count=count, rows=list(map(_row, entries)))


def _row(entry: Entry) -> dict[str, Any]:
    first = {(problem.id, problem.where): problem for problem in reversed(entry.problems)}.values()
    paths = [str(output.path) for output in entry.outputs]
    return {
        "problems": [(problem, problem.message.split("`"), load_rules()[problem.id].hint) for problem in first],
        "messages": [problem.message.split("`") for problem in entry.problems if problem not in first],
        "files": paths[:MAX_FILES],
        "more": paths[MAX_FILES:],
        "pictures": [base64.b64encode(picture).decode() for picture in entry.pictures],
    }
