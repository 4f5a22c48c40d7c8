"""The look as CSS and a small picture: colours by name, and the woven band, from the identity."""

from __future__ import annotations

import re
from pathlib import Path

from campaign.graph.disk import is_file
from campaign.models.band import REPEAT, ROWS, band_svg
from campaign.models.campaign import Campaign
from campaign.models.shipped import shipped_folder

# What the band on pages does without: the style sheet says how high it is, and its squares are whole pixels there.
REDUNDANT_ATTRIBUTES = re.compile(r' (?:width|height|shape-rendering)="\w+"')


def head_styles(campaign: Campaign) -> str:
    """Colours as custom properties, light and dark, and the band as a picture that repeats.

    Two names are made here: `deep`, a ground that stays dark in both schemes, and `on-deep`, text on it.
    """
    identity = campaign.identity
    light = {name: colour.hex for name, colour in identity.colours.items()}
    dark = dict(identity.dark)
    picture = svg_url(REDUNDANT_ATTRIBUTES.sub("", band_svg("", light, cells=REPEAT, unit=1)))
    light |= {"deep": light["night"], "on-deep": light["paper"], "band-picture": picture}
    dark |= {"deep": dark["sand"], "on-deep": dark["night"]}
    return f":root{{{_properties(light)}}}@media (prefers-color-scheme:dark){{:root{{{_properties(dark)}}}}}"


def theme_folders(campaign: Campaign) -> list[Path]:
    """Return the folders with style sheets, the campaign's own first."""
    return [*filter(None, [campaign.templates]), shipped_folder("overrides")]


def hero_pictures(campaign: Campaign) -> dict[str, Path]:
    """Wide drawings that posters bring for the front page, by their address below the site's root."""
    found = {f"pictures/{name}-hero.svg": poster.art.with_name("hero.svg") for name, poster in campaign.posters.items()}
    return {address: path for address, path in found.items() if is_file(path)}


def favicon(campaign: Campaign) -> str:
    """A square of the band: its first figure."""
    colours = {name: colour.hex for name, colour in campaign.identity.colours.items()}
    return band_svg("", colours, cells=ROWS, unit=4)


def place_band(campaign: Campaign, code: str) -> str:
    """A piece of a place's own band, for the inside of a page."""
    colours = {name: colour.hex for name, colour in campaign.identity.colours.items()}
    svg = band_svg(code, colours, cells=REPEAT, unit=2)
    return svg.replace(' xmlns="http://www.w3.org/2000/svg"', ' class="place-band" aria-hidden="true"', 1)


def svg_url(svg: str) -> str:
    """Return an SVG as a url() for CSS, with as little escaping as possible."""
    for plain, escaped in (('"', "'"), ("%", "%25"), ("#", "%23")):
        svg = svg.replace(plain, escaped)
    return f'url("data:image/svg+xml,{svg}")'


def _properties(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())
