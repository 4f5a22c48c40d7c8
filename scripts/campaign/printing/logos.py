"""Logos and posters' art as separate files on a transparent background; art also as a drawing without slots."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from campaign.cache.program import program_hash
from campaign.cache.store import hash_text
from campaign.models.campaign import Campaign
from campaign.models.outputs import Artifact, Output
from campaign.models.problem import Problem
from campaign.printing import art
from campaign.printing import typeset as engine

# Wide enough for half a page of a newspaper at 300 dots to the inch.
WIDTH = 1600
PPI = 300
KINDS = ("logo", "art")


def key(campaign: Campaign, output: Output, drawing: Mapping[str, str]) -> str:
    """Return the hash of everything that is drawn, and of the campaign's date, which Typst needs."""
    parts = (*drawing.values(), output.ending, campaign.date.isoformat(), program_hash("prints"))
    return hash_text("\0".join(parts))


def drawing(campaign: Campaign, output: Output) -> dict[str, str]:
    """Return the drawing's hash by its name."""
    path = _source(campaign, output)
    return {_where(campaign, path): art.hash_drawing(path)}


def _source(campaign: Campaign, output: Output) -> Path:
    return campaign.logos[output.name] if output.kind == "logo" else campaign.posters[output.name].art


def _where(campaign: Campaign, path: Path) -> str:
    return Path(os.path.relpath(path, campaign.root)).as_posix()


def make(campaign: Campaign, output: Output, target: Path) -> Artifact | list[Problem]:
    """Write a PNG 1600 px wide or an SVG, or return the drawing's problems."""
    path = _source(campaign, output)
    where = _where(campaign, path)
    result = art.read_drawing(path, where)
    if isinstance(result, list):
        return result
    _, _, width, height = result.box
    if output.ending == "svg":
        svg = result.svg.encode()
        target.write_bytes(svg)
        return Artifact(output, target, len(svg), hashlib.sha256(svg).hexdigest(), width, height)
    try:
        png = engine.draw_alone(result.svg, WIDTH / PPI, WIDTH / PPI * height / width, campaign.date, PPI)
    except engine.TypesettingError as error:
        fix = "Draw it with plain fills."
        return [Problem("drawing-not-printable", where, f"It cannot be drawn: {' '.join(error.notes)}.", fix)]
    target.write_bytes(png)
    size = (int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big"))
    return Artifact(output, target, len(png), hashlib.sha256(png).hexdigest(), *size)
