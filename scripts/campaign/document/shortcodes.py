"""The closed list of shortcodes: what may stand in `{{ }}`, and with which words."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator

from campaign.models.campaign import Campaign
from campaign.models.contact import PRESS
from campaign.models.page import Page
from campaign.models.problem import Problem

Known = Callable[[Campaign], object]


def _kinds(campaign: Campaign) -> set[str]:
    words = campaign.source_language.strings
    return {key.removeprefix("kind-") for key in words if key.startswith("kind-")} - {PRESS}


def _shown_photos(campaign: Campaign) -> list[str]:
    """Those that are meant for pages, and that people agreed to have there."""
    return [name for name, photo in campaign.photos.items() if photo.is_for("site")]


# Name of the shortcode -> its arguments, each with the values that a campaign knows for it.
SHORTCODES: dict[str, dict[str, Known]] = {
    "call": {},
    "contacts": {"place": lambda campaign: campaign.places, "kind": _kinds},
    "places": {},
    "directory": {},
    "poster": {"name": lambda campaign: campaign.posters},
    "photo": {"name": _shown_photos},
    "downloads": {"for": lambda campaign: campaign.audiences},
    "sources": {},
    "saving": {},
    "forgetting": {},
    "imprint": {},
    "press-kit": {},
}
NEEDED = {"poster": ("name",), "photo": ("name",)}


def check_shortcodes(campaign: Campaign, page: Page) -> Iterator[Problem]:
    """Every shortcode of a page that is not known, or has other words than it takes."""
    for code in page.outline.shortcodes:
        name, arguments, where = code.to, code.arguments, page.line(code.at)
        if name not in SHORTCODES:
            yield Problem(where, f"There is no shortcode `{name}`.", _nearest(name, SHORTCODES))
            continue
        for missing in set(NEEDED.get(name, ())) - set(arguments):
            yield Problem(
                where, f"The shortcode `{name}` needs `{missing}=`.", f"Write {{{{ {name} {missing}=... }}}}."
            )
        yield from _check_arguments(campaign, name, arguments, where)


def _check_arguments(campaign: Campaign, name: str, arguments: dict[str, str], where: str) -> Iterator[Problem]:
    known = SHORTCODES[name]
    for key, value in arguments.items():
        if key not in known:
            yield Problem(where, f"The shortcode `{name}` takes no `{key}`.", _nearest(key, known))
        elif name == "photo" and value in campaign.photos and value not in _shown_photos(campaign):
            fix = f"Show another, or add `site` to its `use`{{}} in {campaign.photos[value].where}."
            fix = fix.format("" if campaign.photos[value].may_be("site") else " and to the scope of its consent")
            yield Problem(where, f"The photo `{value}` is not for pages.", fix)
        elif value not in (values := known[key](campaign)):  # type: ignore[operator]
            yield Problem(where, f"`{name}` names an unknown {key}: `{value}`.", _nearest(value, values))


def _nearest(typed: str, known) -> str:
    near = difflib.get_close_matches(typed, known, n=1)
    if near:
        return f"Did you mean `{near[0]}`?"
    return f"Choose from: {', '.join(sorted(known))}." if known else "Remove it."
