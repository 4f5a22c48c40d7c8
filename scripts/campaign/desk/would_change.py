"""What publishing would change or bring back, by the titles of pages: the command tells files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from campaign.models.campaign import Campaign
from campaign.models.problem import Problem

# A file as `campaign publish --dry-run` tells it, or how many it does not tell.
PAGE = re.compile(r"[\w./-]+\.html")
LINE = re.compile(r"(new|changed|gone)  (?:(\d+) more( pages)?|(.+))")


@dataclass(frozen=True)
class WouldChange:
    """Pages that would be new, changed or gone.

    Attributes:
        what: 'new', 'changed' or 'gone'.
        pages: their titles, each with its language; of one that the campaign does not have, its address.
        others: how many other files: pictures, lists, saved copies.
        more: how many pages that are not told.
    """

    what: str
    pages: list[str]
    others: int
    more: int = 0


def would_change(campaign: Campaign | None, lines: Iterable[str]) -> Iterator[WouldChange]:
    """What the lines of a dry run tell.

    Args:
        campaign: whose site it is; None where it is not read yet.
        lines: as the command wrote them.
    """
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


def by_titles(campaign: Campaign | None, problem: Problem) -> Problem:
    """A problem that tells releases by the addresses of their pages, with their titles in the place of these."""
    if problem.id != "rollback-withheld":
        return problem
    titles = _titles(campaign)
    return replace(problem, what=PAGE.sub(lambda page: f"“{titles.get(page[0], page[0])}”", problem.what))


def _titles(campaign: Campaign | None) -> dict[str, str]:
    """The title of each page by its address, with its language."""
    if campaign is None:
        return {}
    pages = {**campaign.pages, **campaign.withheld}.values()
    return {page.address: f"{page.title} ({campaign.languages[page.language].name})" for page in pages}
