"""The campaign's colours and band as CSS and SVG."""

from __future__ import annotations

import re
from pathlib import Path

from campaign.models.band import NONE, REPEAT, ROWS, band_svg
from campaign.models.campaign import Campaign
from campaign.models.shipped import shipped_folder

# Attributes that bands on pages don't need: the style sheet sets their height, and their squares are whole pixels.
REDUNDANT_ATTRIBUTES = re.compile(r' (?:width|height|shape-rendering)="\w+"')


def head_styles(campaign: Campaign) -> str:
    """Return colours as custom properties, light and dark, and the band as a background image.

    Two names are added: `deep`, a background that is dark in both schemes, and `on-deep`, text on it.
    """
    identity = campaign.identity
    light = {name: colour.hex for name, colour in identity.colours.items()}
    dark = dict(identity.dark)
    picture = svg_url(REDUNDANT_ATTRIBUTES.sub("", band_svg("", light, cells=REPEAT, unit=1, pattern=identity.pattern)))
    light |= {"deep": light["night"], "on-deep": light["paper"], "band-picture": picture}
    dark |= {"deep": dark["sand"], "on-deep": dark["night"]}
    styles = f":root{{{_properties(light)}}}@media (prefers-color-scheme:dark){{:root{{{_properties(dark)}}}}}"
    return styles + (".band{display:none}" if identity.pattern == NONE else "")


def theme_folders(campaign: Campaign) -> list[Path]:
    """Return the folders of style sheets, the campaign's first."""
    return [*filter(None, [campaign.templates]), shipped_folder("overrides")]


def favicon(campaign: Campaign) -> str:
    """Return a square of the band."""
    colours = {name: colour.hex for name, colour in campaign.identity.colours.items()}
    return band_svg("", colours, cells=ROWS, unit=4, pattern=campaign.identity.pattern)


def place_band(campaign: Campaign, code: str) -> str:
    """Return a part of a place's band, or '' if the campaign has none."""
    if campaign.identity.pattern == NONE:
        return ""
    colours = {name: colour.hex for name, colour in campaign.identity.colours.items()}
    svg = band_svg(code, colours, cells=REPEAT, unit=2, pattern=campaign.identity.pattern)
    return svg.replace(' xmlns="http://www.w3.org/2000/svg"', ' class="place-band" aria-hidden="true"', 1)


def svg_url(svg: str) -> str:
    """Return an SVG as a CSS url()."""
    for plain, escaped in (('"', "'"), ("%", "%25"), ("#", "%23")):
        svg = svg.replace(plain, escaped)
    return f'url("data:image/svg+xml,{svg}")'


def _properties(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())
