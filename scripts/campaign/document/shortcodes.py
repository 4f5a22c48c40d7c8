"""The registry of shortcodes.

Forms are named `module:function` and imported on first use, so that they may be in higher layers. A test loads every
form and writes every example.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

from campaign.models.campaign import Campaign
from campaign.models.contact import PRESS
from campaign.models.formats import ANSWERS, LISTS, SCENES
from campaign.models.nodes import Reference
from campaign.models.page import Page
from campaign.models.problem import Problem

SCREEN_ONLY = ""


@dataclass(frozen=True)
class Shortcode:
    """A shortcode."""

    name: str
    about: str  # what it becomes, for editors
    site: str  # `module:function` of its HTML, called with the page's writer and the arguments
    paper: str = SCREEN_ONLY  # the same for its blocks on paper, called with the piece and the arguments
    text: str = ""  # the same for its blocks as plain text, called with campaign and page; '' for none
    arguments: Mapping[str, Callable[[Campaign], Collection[str]]] = field(
        default_factory=dict
    )  # with the values that a campaign knows
    needed: tuple[str, ...] = ()  # required arguments
    open: tuple[str, ...] = ()  # arguments that take other values too, which another check looks at
    needs: str = ""  # what of Format.shows a design needs to print it, or ''

    @property
    def example(self) -> str:
        """Its notation in a text."""
        required_arguments = "".join(f" {key}=..." for key in self.needed)
        return f"{{{{ {self.name}{required_arguments} }}}}"


def _kinds(campaign: Campaign) -> set[str]:
    words = campaign.source_language.strings
    return {key.removeprefix("kind-") for key in words if key.startswith("kind-")} - {PRESS}


def _shown_photos(campaign: Campaign) -> list[str]:
    """Return the photos for pages that people agreed to."""
    return [name for name, photo in campaign.photos.items() if photo.is_for("site")]


def _scenes(campaign: Campaign) -> list[str]:
    return [name for name, poster in campaign.posters.items() if poster.cover.is_file()]


def _answer_groups(campaign: Campaign) -> list[str]:
    keys = campaign.source_language.strings
    return [key.removeprefix("answers-") for key in keys if key.startswith("answers-")]


_SITE = "campaign.website.shortcodes"
_PAPER = "campaign.printing.shortcodes"
_TEXT = "campaign.packs.blocks"
_ROWS = (
    Shortcode("call", "the button to call the main number", f"{_SITE}:call", f"{_PAPER}:call", f"{_TEXT}:call"),
    Shortcode(
        "contacts",
        "whom to call, in the whole country and in a place",
        f"{_SITE}:contacts",
        f"{_PAPER}:contacts",
        f"{_TEXT}:contacts",
        arguments={"place": lambda campaign: campaign.places, "kind": _kinds},
    ),
    Shortcode("places", "the contacts of every place", f"{_SITE}:places", f"{_PAPER}:places", needs=LISTS),
    Shortcode("directory", "who helps with what, with a map", f"{_SITE}:directory", f"{_PAPER}:directory", needs=LISTS),
    Shortcode(
        "answers",
        "what readers ask, with pictograms, each leading to its answer",
        f"{_SITE}:answers",
        f"{_PAPER}:answers",
        arguments={"group": _answer_groups},
        needs=ANSWERS,
    ),
    Shortcode(
        "poster",
        "a poster of the campaign, with its credit",
        f"{_SITE}:poster",
        arguments={"name": lambda campaign: campaign.posters},
        needed=("name",),
    ),
    Shortcode(
        "scene",
        "the picture of a poster without its words, for leaflets, booklets, handouts and slides",
        f"{_SITE}:nothing",
        f"{_PAPER}:scene",
        arguments={"name": _scenes},
        needed=("name",),
        needs=SCENES,
    ),
    Shortcode(
        "photo",
        "a photo of assets/photos/, with its caption",
        f"{_SITE}:photo",
        arguments={"name": _shown_photos},
        needed=("name",),
    ),
    Shortcode(
        "recording",
        "a button that plays the recording of a pictogram, or any other next to the page",
        f"{_SITE}:recording",
        arguments={"name": lambda campaign: campaign.pictograms},
        needed=("name",),
        open=("name",),
    ),
    Shortcode(
        "downloads",
        "everything to print and hand out",
        f"{_SITE}:downloads",
        arguments={"for": lambda campaign: campaign.audiences},
    ),
    Shortcode("sources", "all sources, as a list", f"{_SITE}:sources"),
    Shortcode("saving", "saves the pages on the phone; belongs on safety.md", f"{_SITE}:saving"),
    Shortcode("forgetting", "forgets them again; belongs on safety.md", f"{_SITE}:forgetting"),
    # On paper it is in the small print.
    Shortcode("imprint", "who publishes the campaign", f"{_SITE}:imprint", f"{_PAPER}:nothing", f"{_TEXT}:imprint"),
    Shortcode("press-kit", "what journalists need", f"{_SITE}:press_kit"),
)
SHORTCODES: Mapping[str, Shortcode] = {row.name: row for row in _ROWS}


@cache
def load_form(name: str) -> Callable[..., Any]:
    """Import a `module:function`."""
    module, _, function = name.partition(":")
    form: Callable[..., Any] = getattr(import_module(module), function)
    return form


def check_shortcodes(campaign: Campaign, page: Page) -> Iterator[Problem]:
    """Yield unknown shortcodes and arguments of a page."""
    for shortcode in page.outline.shortcodes:
        row, where = SHORTCODES.get(shortcode.to), page.line(shortcode.start)
        if shortcode.to in campaign.shortcodes:
            continue
        if row is None:
            similar_name = _nearest(shortcode.to, [*SHORTCODES, *campaign.shortcodes])
            yield Problem("shortcode-unknown", where, f"There is no shortcode `{shortcode.to}`.", similar_name)
            continue
        if row.name == "forgetting" and not campaign.shares_devices:
            message = "There is no shortcode `forgetting` in a campaign with `readers: open`."
            fix = "Remove it, or write `readers: school` in mkdocs.yml."
            yield Problem("shortcode-unknown", where, message, fix)
        for missing in sorted(set(row.needed) - set(shortcode.arguments)):
            fix = f"Write {row.example}."
            yield Problem("shortcode-incomplete", where, f"The shortcode `{row.name}` needs `{missing}=`.", fix)
        yield from _check_arguments(campaign, row, shortcode, where)


def _check_arguments(campaign: Campaign, row: Shortcode, reference: Reference, where: str) -> Iterator[Problem]:
    for key, value in reference.pairs:
        if key not in row.arguments:
            fix = _nearest(key, row.arguments)
            yield Problem("shortcode-argument", where, f"The shortcode `{row.name}` takes no `{key}`.", fix)
        elif row.name == "photo" and value in campaign.photos and value not in _shown_photos(campaign):
            fix = f"Show another, or add `site` to its `use`{{}} in {campaign.photos[value].where}."
            fix = fix.format("" if campaign.photos[value].allows("site") else " and to the scope of its consent")
            yield Problem("photo-not-for-pages", where, f"The photo `{value}` is not for pages.", fix)
        elif row.name == "scene" and value in campaign.posters and value not in _scenes(campaign):
            fix = "Add that drawing, or take the shortcode out."
            cover = campaign.posters[value].cover.relative_to(campaign.root).as_posix()
            yield Problem("shortcode-value", where, f"The poster `{value}` has no scene: {cover} is missing.", fix)
        elif key not in row.open and value not in (values := row.arguments[key](campaign)):
            fix = _nearest(value, values)
            yield Problem("shortcode-value", where, f"`{row.name}` names an unknown {key}: `{value}`.", fix)


def _nearest(raw: str, names: Collection[str]) -> str:
    close_matches = difflib.get_close_matches(raw, names, n=1)
    if close_matches:
        return f"Did you mean `{close_matches[0]}`?"
    return f"Choose from: {', '.join(sorted(names))}." if names else "Remove it."
