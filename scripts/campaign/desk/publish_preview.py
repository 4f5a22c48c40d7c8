"""The changes of a dry run of `campaign publish`, by titles of pages instead of files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from campaign.models.campaign import Campaign
from campaign.models.problem import Problem

# A file in the output of `campaign publish --dry-run`, or the number of those it leaves out.
PAGE = re.compile(r"[\w./-]+\.html")
LINE = re.compile(r"(new|changed|gone)  (?:(\d+) more( pages)?|(.+))")


@dataclass(frozen=True)
class WouldChange:
    """Pages that are new, changed or gone."""

    what: str
    pages: list[str]  # titles with languages; addresses of pages that the campaign doesn't have
    others: int  # other files: pictures, lists, offline copies
    more: int = 0  # pages that the command didn't list


def would_change(campaign: Campaign | None, lines: Iterable[str]) -> Iterator[WouldChange]:
    """Read the lines of a dry run."""
    titles = _titles(campaign)
    told: dict[str, WouldChange] = {}
    for found in filter(None, map(LINE.fullmatch, lines)):
        what, more, of_pages, name = found.groups()
        row = told.get(what, WouldChange(what, [], 0))
        if name in titles or (what == "gone" and str(name).endswith(".html")):
            told[what] = replace(row, pages=[*row.pages, titles.get(name, name)])
        elif of_pages:
            told[what] = replace(row, more=int(more))
        else:
            told[what] = replace(row, others=row.others + int(more or 1))
    yield from told.values()


def with_titles(campaign: Campaign | None, problem: Problem) -> Problem:
    """Replace addresses of releases in a problem by their titles."""
    if problem.id != "rollback-withheld":
        return problem
    titles = _titles(campaign)
    return replace(problem, what=PAGE.sub(lambda page: f"“{titles.get(page[0], page[0])}”", problem.what))


def _titles(campaign: Campaign | None) -> dict[str, str]:
    if campaign is None:
        return {}
    pages = {**campaign.pages, **campaign.withheld}.values()
    return {page.address: f"{page.title} ({campaign.languages[page.language].name})" for page in pages}
