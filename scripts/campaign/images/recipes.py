"""Encoder settings and picture requests: the inputs of cache keys, without importing Pillow."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from campaign.content.picture_metadata import PictureMetadata
from campaign.models.formats import Destination
from campaign.models.media import MeaningBox

# Pillow ignores unknown options silently, so cover changes with a test.
RECIPES: Mapping[str, Mapping[str, Any]] = {
    # More than one thread changes the bytes. 4:4:4 at 58 is 5 % smaller than 4:2:0 at 60, at the same quality.
    "avif": {"format": "AVIF", "quality": 58, "speed": 9, "max_threads": 1, "subsampling": "4:4:4"},
    "jpeg": {"format": "JPEG", "quality": 72, "optimize": True, "progressive": True, "subsampling": "4:2:0"},
    # Lossless, where quality is the effort. Over 75 pictures with palettes, 25 takes a fifth less time than 75 and is
    # 2.6 % smaller; 20 is 13 % larger; method 4 is slower and gains nothing.
    "webp": {"format": "WEBP", "lossless": True, "quality": 25, "method": 2, "exact": True},
    # With a palette, level 6 takes a third longer and saves 3 %, "optimize" takes ten times as long. Pillow's default
    # type (Z_FILTERED) makes flat art without a palette 2 % larger.
    "png": {"format": "PNG", "compress_level": 5, "compress_type": zlib.Z_DEFAULT_STRATEGY},
    # The placeholder inlined in a page until the photo has loaded.
    "placeholder": {"format": "WEBP", "quality": 30, "method": 6},
}

Region = tuple[float, float, float, float]  # left, top, right, bottom, from 0 to 1


@dataclass(frozen=True)
class PictureRequest:
    """Settings of one picture beyond its width.

    Attributes:
        notice: its metadata.
        destination: None for pictures of the website.
        focus: focal point of crops, x and y from 0 to 1.
        is_drawn: flat art with letters, which must not lose colour resolution.
        meaning: what crops must show.
    """

    notice: PictureMetadata | None = None
    destination: Destination | None = None
    focus: tuple[float, float] = (0.5, 0.5)
    is_drawn: bool = False
    meaning: tuple[MeaningBox, ...] = ()
