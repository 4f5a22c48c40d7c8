"""Drawings in spot inks: every colour becomes the ink that is nearest in lightness."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pikepdf import Array, Dictionary, Name, Page

from campaign.models.campaign import Campaign
from campaign.models.page import Page as CampaignPage
from campaign.printing.line_art import lightness

DEFAULT_INKS = ("night", "marigold")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")


def ink_colours(campaign: Campaign, page: CampaignPage) -> list[str]:
    """Return the names of the two colours of a page's inks."""
    return [name for name in page.options.inks or DEFAULT_INKS if name in campaign.identity.colours][:2]


def in_inks(svg: str, inks: Sequence[str]) -> str:
    """Return a drawing in inks only, given as '#rrggbb'."""
    return COLOUR.sub(lambda found: min(inks, key=lambda ink: abs(lightness(ink) - lightness(found[0]))), svg)


def spot_spaces(page: Page, spots: Mapping[str, str]) -> dict[str, Array]:
    """Return the colour space of each spot ink that a page names: '#rrggbb' -> its Separation.

    `spots` are the printer's names for the inks, by '#rrggbb'.
    """
    spaces = page.obj.get(Name.Resources, Dictionary()).get(Name.ColorSpace, Dictionary())
    found = {
        str(space[1])[1:]: space
        for _, space in spaces.items()
        if isinstance(space, Array) and str(space[0]) == "/Separation"
    }
    return {ink: found[name] for ink, name in spots.items() if name in found}
