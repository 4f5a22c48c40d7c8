"""Scenes: a poster's drawing without its text, for panels, slides, and between paragraphs."""

from __future__ import annotations

from typing import Any

from campaign.models.campaign import Campaign
from campaign.models.media import Poster
from campaign.models.problem import Problem
from campaign.printing.views import views


def posters(campaign: Campaign, description: dict[str, Any]) -> list[Poster]:
    """Return the posters that a piece shows as scenes."""
    blocks = (block for panel in description["panels"].values() for block in panel["blocks"])
    names = dict.fromkeys(block["name"] for block in blocks if block["t"] == "scene")
    return [campaign.posters[name] for name in names if name in campaign.posters]


def drawings(campaign: Campaign, description: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """Return the views of each scene by name; as line art for photocopies."""
    return {
        poster.name: views(campaign, poster, description["flavour"], problems)
        for poster in posters(campaign, description)
    }
