"""Scenes: a poster's drawing without its text, for panels, slides, and between paragraphs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from campaign.models.campaign import Campaign
from campaign.models.outputs import PHOTOCOPY
from campaign.models.problem import Problem
from campaign.printing import art
from campaign.printing.line_art import line_art


def paths(campaign: Campaign, description: dict[str, Any]) -> dict[str, Path]:
    """Return the files of a piece's scenes, by name."""
    blocks = (block for panel in description["panels"].values() for block in panel["blocks"])
    names = dict.fromkeys(block["name"] for block in blocks if block["t"] == "scene")
    return {name: campaign.posters[name].cover for name in names if name in campaign.posters}


def drawings(campaign: Campaign, description: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """Return the SVG, aspect ratio and focus of each scene; as line art for photocopies."""
    results = {}
    for name, path in paths(campaign, description).items():
        drawing = art.read_drawing(path, path.relative_to(campaign.root).as_posix())
        if isinstance(drawing, list):
            problems += drawing
            continue
        svg = line_art(drawing.svg) if description["flavour"] == PHOTOCOPY else drawing.svg
        results[name] = {
            "svg": svg,
            "ratio": drawing.box[2] / drawing.box[3],
            "focus": list(campaign.posters[name].focus),
        }
    return results
