"""How each format is written, and what is asked of a picture: all that keys need, without what makes pictures."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from campaign.images.metadata import Notice
from campaign.models.formats import Destination

# Options that Pillow does not know are ignored in silence: change these with a test beside them.
RECIPES: Mapping[str, Mapping[str, Any]] = {
    # More than one thread changes the bytes. Whole colour at 58 is 5 % smaller than halved colour at 60, and as good.
    "avif": {"format": "AVIF", "quality": 58, "speed": 9, "max_threads": 1, "subsampling": "4:4:4"},
    "jpeg": {"format": "JPEG", "quality": 72, "optimize": True, "progressive": True, "subsampling": "4:2:0"},
    # Lossless: quality is how long it looks for the least. Of 75 pictures in few colours 25 takes a fifth less time
    # than 75 and makes them 2.6 % lighter; 20 makes them 13 % heavier; method 4 takes longer and gains nothing.
    "webp": {"format": "WEBP", "lossless": True, "quality": 25, "method": 2, "exact": True},
    # Level 6 takes a third longer in a palette and saves 3 %, "optimize" ten times as long. The type is zlib's: what
    # Pillow takes of itself (Z_FILTERED) makes flat art in all its colours 2 % heavier.
    "png": {"format": "PNG", "compress_level": 5, "compress_type": zlib.Z_DEFAULT_STRATEGY},
    # Stands in a page's own text until the photo has come.
    "placeholder": {"format": "WEBP", "quality": 30, "method": 6},
}

Region = tuple[float, float, float, float]  # left, top, right, bottom, from 0 to 1


@dataclass(frozen=True)
class PictureRequest:
    """What is asked of one picture beyond its width.

    Attributes:
        notice: what it says of itself.
        destination: where it goes; None for the site's own.
        focus: x and y from 0 to 1, what a crop keeps.
        is_drawn: flat art with letters in it, whose colours may not be thinned out.
    """

    notice: Notice | None = None
    destination: Destination | None = None
    focus: tuple[float, float] = (0.5, 0.5)
    is_drawn: bool = False
