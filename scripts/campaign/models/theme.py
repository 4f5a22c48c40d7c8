"""The visual identity as plain frozen data: colours, type, the paper and press that inks are meant for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Colour:
    """A colour of the look.

    Attributes:
        hex: '#rrggbb' for screens.
        cmyk: percent of four inks, or () where the profile is to say.
        grey: percent of black, for a one-ink printer.
    """

    hex: str
    cmyk: tuple[int, ...]
    grey: int


@dataclass(frozen=True)
class Profile:
    """The paper and press that inks are meant for.

    Attributes:
        condition: as print shops name it.
        about: the same in words.
        file: an ICC profile of four inks.
        ink_limit: percent that a spot may bear in all.
    """

    condition: str
    about: str
    file: Path
    ink_limit: int


@dataclass(frozen=True)
class Identity:
    """The look, from assets/identity.yml. colours and dark share their names; sizes are points in print."""

    colours: Mapping[str, Colour]
    dark: Mapping[str, str]
    type: Mapping[str, float]
    fonts: tuple[str, ...]
    profile: Profile
