"""The look as frozen data: colours, type, paper and press."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from campaign.models.band import WOVEN


@dataclass(frozen=True)
class Colour:
    """A colour of the look."""

    hex: str  # '#rrggbb'
    cmyk: tuple[int, ...]  # percent, or () for the profile's conversion
    grey: int  # percent of black


@dataclass(frozen=True)
class Profile:
    """The paper and press."""

    condition: str  # its name for print shops
    about: str  # in words
    file: Path  # ICC profile, CMYK
    ink_limit: int  # total percent


@dataclass(frozen=True)
class Identity:
    """The look, from assets/identity.yml. `colours` and `dark` share names; sizes are points in print."""

    colours: Mapping[str, Colour]
    dark: Mapping[str, str]
    type: Mapping[str, float]
    fonts: tuple[str, ...]
    profile: Profile
    pattern: str = WOVEN  # of its bands (campaign.models.band)
