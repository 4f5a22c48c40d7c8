"""Converts RGB to CMYK with an ICC profile, within the total ink limit of the paper."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import product

from PIL import Image, ImageChops, ImageCms, ImageColor, ImageFilter, ImageStat

from campaign.models.theme import Profile

GRID = 33  # grid points along each axis of the lookup table
MAX_NEUTRAL_SPREAD = 5  # of 255, between the smallest and the largest component


def coverage(picture: Image.Image, profile: Profile) -> tuple[float, ...]:
    """Estimate the coverage of an RGB page by cyan, magenta, yellow and black, from 0 to 1; neutrals use black only."""
    red, green, blue = picture.split()
    light = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    dark = ImageChops.darker(ImageChops.darker(red, green), blue)
    is_neutral = ImageChops.subtract(light, dark).point(lambda part: 255 if part <= MAX_NEUTRAL_SPREAD else 0)
    zero = Image.new("L", picture.size)
    black = Image.merge("CMYK", (zero, zero, zero, ImageChops.invert(dark)))
    inks = Image.composite(black, separate(picture, profile), is_neutral)
    return tuple(mean / 255 for mean in ImageStat.Stat(inks).mean)


def separate(picture: Image.Image, profile: Profile) -> Image.Image:
    """Convert an RGB picture to CMYK with 8 bits per channel."""
    return picture.filter(_table(profile))


@lru_cache(maxsize=4096)
def separate_colour(hex: str, profile: Profile) -> tuple[float, ...]:
    """Return the inks of '#rrggbb', from 0 to 1; neutrals use black only."""
    parts = ImageColor.getrgb(hex)
    if max(parts) - min(parts) <= MAX_NEUTRAL_SPREAD:
        return (0.0, 0.0, 0.0, 1 - sum(parts) / 765)
    pixel = _transformed(Image.new("RGB", (1, 1), hex), profile)
    return _limit_inks(pixel.tobytes(), profile.ink_limit / 100)


def _transformed(picture: Image.Image, profile: Profile) -> Image.Image:
    inks = ImageCms.applyTransform(picture, _transform(profile))
    assert inks is not None  # None only for in-place conversion
    return inks


@lru_cache(maxsize=4)
def _transform(profile: Profile) -> ImageCms.ImageCmsTransform:
    screen, intent = ImageCms.createProfile("sRGB"), ImageCms.Intent.RELATIVE_COLORIMETRIC
    return ImageCms.buildTransform(screen, str(profile.file), "RGB", "CMYK", intent)


@lru_cache(maxsize=4)
def _table(profile: Profile) -> ImageFilter.Color3DLUT:
    """Return the transform as a lookup table (red varies fastest), within the ink limit, for linear interpolation."""
    steps = [round(step * 255 / (GRID - 1)) for step in range(GRID)]
    corners = bytes(part for blue, green, red in product(steps, repeat=3) for part in (red, green, blue))
    cube = Image.frombytes("RGB", (GRID, GRID * GRID), corners)
    inks = _transformed(cube, profile).tobytes()
    limit = profile.ink_limit / 100 - 0.01  # margin for rounding
    flat = [part for index in range(0, len(inks), 4) for part in _limit_inks(inks[index : index + 4], limit)]
    return ImageFilter.Color3DLUT(GRID, flat, channels=4, target_mode="CMYK")


def _limit_inks(parts: Iterable[int], limit: float) -> tuple[float, ...]:
    """Scale inks from 255 to 1; above the limit, cyan, magenta and yellow are reduced, and black is kept."""
    *colours, black = (part / 255 for part in parts)
    total = sum(colours)
    if total + black <= limit:
        return (*colours, black)
    return (*(colour * (limit - black) / total for colour in colours), black)
