"""The look as CSS and small files: colours and the woven band, from the identity."""

from __future__ import annotations

from urllib.parse import quote

from campaign.model import Campaign, Identity

def head_styles(campaign: Campaign) -> str:
    """Colours as custom properties, light and dark, and the band as a background that repeats."""
    identity = campaign.identity
    light = _properties({name: colour.hex for name, colour in identity.colours.items()})
    dark = _properties(dict(identity.dark))
    return f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def _properties(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())
