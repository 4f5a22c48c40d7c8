"""Screen colours through the profile of a press into inks, never more of them than the paper takes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import product

from PIL import Image, ImageChops, ImageCms, ImageColor, ImageFilter, ImageStat

from campaign.models.theme import Profile

GRID = 33  # steps along each edge of the cube of colours, as profiles have them
NEUTRAL = 5  # of 255 between the weakest and the strongest part


def coverage(picture: Image.Image, profile: Profile) -> tuple[float, ...]:
    """How much of a drawn page each of the four inks covers, about.

    Args:
        picture: the page in RGB.
        profile: of the paper and press.

    Returns:
        Cyan, magenta, yellow, black, from 0 to 1; neutrals are black alone.
    """
    red, green, blue = picture.split()
    light = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    dark = ImageChops.darker(ImageChops.darker(red, green), blue)
    is_neutral = ImageChops.subtract(light, dark).point(lambda part: 255 if part <= NEUTRAL else 0)
    none = Image.new("L", picture.size)
    black = Image.merge("CMYK", (none, none, none, ImageChops.invert(dark)))
    inks = Image.composite(black, separate(picture, profile), is_neutral)
    return tuple(mean / 255 for mean in ImageStat.Stat(inks).mean)


def separate(picture: Image.Image, profile: Profile) -> Image.Image:
    """An RGB picture in inks (CMYK, 8 bits each)."""
    return picture.filter(_table(profile))


@lru_cache(maxsize=4096)
def separate_colour(hex: str, profile: Profile) -> tuple[float, ...]:
    """The inks of '#rrggbb', from 0 to 1; of a neutral one, black alone."""
    parts = ImageColor.getrgb(hex)
    if max(parts) - min(parts) <= NEUTRAL:
        return (0.0, 0.0, 0.0, 1 - sum(parts) / 765)
    pixel = _transformed(Image.new("RGB", (1, 1), hex), profile)
    return _within(pixel.tobytes(), profile.ink_limit / 100)


def _transformed(picture: Image.Image, profile: Profile) -> Image.Image:
    inks = ImageCms.applyTransform(picture, _transform(profile))
    assert inks is not None  # it is only where a picture is changed in place
    return inks


@lru_cache(maxsize=4)
def _transform(profile: Profile) -> ImageCms.ImageCmsTransform:
    screen, intent = ImageCms.createProfile("sRGB"), ImageCms.Intent.RELATIVE_COLORIMETRIC
    return ImageCms.buildTransform(screen, str(profile.file), "RGB", "CMYK", intent)


@lru_cache(maxsize=4)
def _table(profile: Profile) -> ImageFilter.Color3DLUT:
    """The transform at the corners of a grid, red changing first, held within the limit; between them it is linear."""
    steps = [round(step * 255 / (GRID - 1)) for step in range(GRID)]
    corners = bytes(part for blue, green, red in product(steps, repeat=3) for part in (red, green, blue))
    cube = Image.frombytes("RGB", (GRID, GRID * GRID), corners)
    inks = _transformed(cube, profile).tobytes()
    limit = profile.ink_limit / 100 - 0.01  # room for rounding
    flat = [part for at in range(0, len(inks), 4) for part in _within(inks[at : at + 4], limit)]
    return ImageFilter.Color3DLUT(GRID, flat, channels=4, target_mode="CMYK")


def _within(parts: Iterable[int], limit: float) -> tuple[float, ...]:
    """Parts of 255 as parts of 1. Where they come to more than the limit, the colours give way and black stays."""
    *colours, black = (part / 255 for part in parts)
    total = sum(colours)
    if total + black <= limit:
        return (*colours, black)
    return (*(colour * (limit - black) / total for colour in colours), black)
