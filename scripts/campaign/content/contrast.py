"""Contrast of colours as WCAG 2.2 measures it, for every pair that the designs use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from campaign.models.theme import Colour
from campaign.schema.yaml_reader import Fields

# Minimum for text (1.4.3), and for large text, signs and outlines (1.4.3, 1.4.11).
MIN_TEXT_CONTRAST = 4.5
MIN_LARGE_CONTRAST = 3.0
# Pairs of the website, either way round, by day and at night.
SCREEN_PAIRS = {
    **dict.fromkeys(
        (
            *(("night", "paper"), ("night", "sand"), ("ink-soft", "paper"), ("ink-soft", "sand")),
            *(("leaf", "paper"), ("leaf", "sand"), ("band", "paper"), ("on-marigold", "marigold")),
        ),
        MIN_TEXT_CONTRAST,
    ),
    **dict.fromkeys((("band", "sand"), ("indigo", "paper"), ("edge", "paper"), ("edge", "sand")), MIN_LARGE_CONTRAST),
}
# More pairs on prints: white on dark backgrounds, slide titles, the inside of leaflets.
PRINT_PAIRS = {
    **dict.fromkeys((("band", "paper"), ("night", "paper"), ("night", "sand"), ("leaf", "paper")), MIN_TEXT_CONTRAST),
    ("marigold", "night"): MIN_LARGE_CONTRAST,
}
# Luminance of solid inks on coated paper, from the lightness in ISO 12647-2: 55, 48, 89, 16.
SOLID_INK_LUMINANCES = (0.230, 0.168, 0.741, 0.021)


@cache  # each page with options needs all colours
def luminance(hex: str) -> float:
    """Return the relative luminance of '#rrggbb' (WCAG 2.2), from 0 to 1."""
    parts = [int(hex[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ink_luminance(cmyk: tuple[int, ...]) -> float:
    """Estimate the luminance of four ink percentages, from 0 to 1, within a fifth of the slow profile's value."""
    bright = 1.0
    for percent, solid in zip(cmyk, SOLID_INK_LUMINANCES, strict=True):
        bright *= 1 - percent / 100 * (1 - solid)
    return bright


def contrast(item: float, second: float) -> float:
    """Return the contrast ratio of two luminances (WCAG 2.2), from 1 to 21."""
    dark, bright = sorted((item, second))
    return (bright + 0.05) / (dark + 0.05)


def too_weak(values: Mapping[str, float], pairs: Mapping[tuple[str, str], float]) -> Iterator[tuple[str, str, float]]:
    """Yield the pairs with too little contrast. `pairs`: (foreground, background) -> minimum."""
    for (name, ground), least in pairs.items():
        if name in values and ground in values and (result := contrast(values[name], values[ground])) < least:
            yield name, ground, result


def check_contrast(colours: Mapping[str, Colour], dark: Mapping[str, str], lines: Mapping[str, Fields]) -> None:
    """Report unreadable pairs. `dark` has '#rrggbb' by name; `lines` says where 'colours' and 'dark' are."""
    day = {name: luminance(colour.hex) for name, colour in colours.items()}
    night = {name: luminance(hex) for name, hex in dark.items()}
    inks = {name: ink_luminance(colour.cmyk) for name, colour in colours.items() if colour.cmyk}
    for key, values, pairs, where in (
        ("colours", day, SCREEN_PAIRS | PRINT_PAIRS, "on light screens and on paper"),
        ("dark", night, SCREEN_PAIRS, "on dark screens"),
        ("colours", inks, PRINT_PAIRS, "in the inks of the print shop (`cmyk`)"),
    ):
        for name, ground, ratio in too_weak(values, pairs):
            least = pairs[name, ground]
            message = f"`{name}` cannot be read on `{ground}` {where}: their contrast is {ratio:.1f}:1"
            needs = "text needs" if least == MIN_TEXT_CONTRAST else "large letters, signs and outlines need"
            darker, lighter = sorted((name, ground), key=lambda item: values[item])
            fix = f"Make `{darker}` darker or `{lighter}` lighter."
            lines[key].complain("contrast-low", lines[key].keys[name], f"{message}, and {needs} {least:g}:1.", fix)
