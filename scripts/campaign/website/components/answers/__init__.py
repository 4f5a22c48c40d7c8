"""The list of what readers ask, with pictograms, each leading to its answer."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from markupsafe import Markup

from campaign.content.answers import answers_in
from campaign.models.page import Answer, Page
from campaign.website.components import draw, in_language
from campaign.website.elements import heading, link
from campaign.website.view import View


def answer_list(view: View, pictogram: Callable[[str], str], only: str, level: int) -> str:
    """Return all answers by group, or those of the group `only` without its title; '' if there are none."""
    pairs = [(page, answer) for page, answer in answers_in(view.campaign, view.language.code)]
    shown = [pair for pair in pairs if not only or pair[1].group == only]
    drawings = _Drawings(pictogram, [answer.pictogram for _, answer in shown])
    groups = [
        {
            "title": None if only or not code else heading(view, level, _group_name(view, code)),
            "answers": [_entry(view, page, answer, drawings) for page, answer in members],
        }
        for code, members in groupby(shown, key=lambda pair: pair[1].group)
    ]
    return draw(view.campaign, "answers/list", {"groups": groups}) if groups else ""


class _Drawings:
    """Pictograms of a list: one that appears again refers to the first, so that it weighs nothing."""

    def __init__(self, pictogram: Callable[[str], str], names: list[str]) -> None:
        self._pictogram = pictogram
        self._repeated = {name for name in names if names.count(name) > 1}
        self._drawn = set[str]()

    def draw(self, name: str) -> dict[str, Any] | None:
        """Return a pictogram in parts, or None. `id` refers to it, `inner` is empty if it was drawn before."""
        svg = self._pictogram(name) if name else ""
        if not svg:
            return None
        start, _, inner = svg.rpartition("<")[0].partition(">")
        is_known = name in self._drawn
        self._drawn.add(name)
        id = f"p-{name}" if name in self._repeated else ""
        return {"start": Markup(start + ">"), "id": id, "inner": Markup("" if is_known and id else inner)}


def _group_name(view: View, code: str) -> str:
    return view.language.strings.get(f"answers-{code}", code)


def _entry(view: View, page: Page, answer: Answer, drawings: _Drawings) -> dict[str, Any]:
    own = page.language == view.language.code
    return {
        **link(view, page.title, view.page_link(page.path)),
        "drawing": drawings.draw(answer.pictogram),
        "language": None if own else in_language(view.campaign.languages[page.language]),
    }
