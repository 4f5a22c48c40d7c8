"""Whether what the designs write can be read: contrast as WCAG 2.2 measures it, for the pairs that they use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from campaign.models.theme import Colour
from campaign.schema.yaml_reader import Fields

# How much it takes to read text (1.4.3), and what is large and bold, a sign or an outline (1.4.3, 1.4.11).
TEXT, LARGE = 4.5, 3.0
# What is seen, on what, or the other way round: the pairs of the website (overrides/assets/stylesheets, styles of
# website/components), by day and after dark.
SCREEN = {
    **dict.fromkeys(
        (
            *(("night", "paper"), ("night", "sand"), ("ink-soft", "paper"), ("ink-soft", "sand")),
            *(("leaf", "paper"), ("leaf", "sand"), ("band", "paper"), ("on-marigold", "marigold")),
        ),
        TEXT,
    ),
    **dict.fromkeys((("band", "sand"), ("indigo", "paper"), ("edge", "paper"), ("edge", "sand")), LARGE),
}
# Those of printed pieces (printing/formats) beside these: white words on deep grounds, the small title of slides, words
# inside a leaflet.
PRINT = {
    **dict.fromkeys((("band", "paper"), ("night", "paper"), ("night", "sand"), ("leaf", "paper")), TEXT),
    ("marigold", "night"): LARGE,
}
# How bright a full layer of each ink is on coated paper, from the lightness that ISO 12647-2 gives: 55, 48, 89, 16.
SOLIDS = (0.230, 0.168, 0.741, 0.021)


@cache  # each page with options asks for all colours
def luminance(hex: str) -> float:
    """Of '#rrggbb', from 0 to 1 (WCAG 2.2, "relative luminance")."""
    parts = [int(hex[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ink_luminance(cmyk: tuple[int, ...]) -> float:
    """Of percent of four inks, from 0 to 1: each dims what the others leave.

    Within a fifth of what a profile says, which would take longer than all other reading.
    """
    bright = 1.0
    for percent, solid in zip(cmyk, SOLIDS, strict=True):
        bright *= 1 - percent / 100 * (1 - solid)
    return bright


def contrast(one: float, other: float) -> float:
    """The contrast of two luminances, from 1 to 21 (WCAG 2.2, "contrast ratio").

    Args:
        one: relative luminance, from 0 to 1.
        other: likewise; which of the two is the darker makes no difference.
    """
    dark, bright = sorted((one, other))
    return (bright + 0.05) / (dark + 0.05)


def too_weak(values: Mapping[str, float], pairs: Mapping[tuple[str, str], float]) -> Iterator[tuple[str, str, float]]:
    """The pairs whose contrast is below what they need, with it.

    Args:
        values: luminance from 0 to 1, by name.
        pairs: the least contrast, from 1 to 21, of what stands on what: (name, name of the ground).
    """
    for (name, ground), least in pairs.items():
        if name in values and ground in values and (found := contrast(values[name], values[ground])) < least:
            yield name, ground, found


def check_contrast(colours: Mapping[str, Colour], dark: Mapping[str, str], lines: Mapping[str, Fields]) -> None:
    """Complains of each pair that cannot be read.

    Args:
        colours: by name, as on a light screen.
        dark: '#rrggbb' by name, as on a dark one.
        lines: where the colours stand in the file: 'colours' and 'dark'.
    """
    day = {name: luminance(colour.hex) for name, colour in colours.items()}
    night = {name: luminance(hex) for name, hex in dark.items()}
    inks = {name: ink_luminance(colour.cmyk) for name, colour in colours.items() if colour.cmyk}
    for key, values, pairs, where in (
        ("colours", day, SCREEN | PRINT, "on light screens and on paper"),
        ("dark", night, SCREEN, "on dark screens"),
        ("colours", inks, PRINT, "in the inks of the print shop (`cmyk`)"),
    ):
        for name, ground, found in too_weak(values, pairs):
            least = pairs[name, ground]
            what = f"`{name}` cannot be read on `{ground}` {where}: their contrast is {found:.1f}:1"
            needs = "text needs" if least == TEXT else "large letters, signs and outlines need"
            darker, lighter = sorted((name, ground), key=lambda each: values[each])
            fix = f"Make `{darker}` darker or `{lighter}` lighter."
            lines[key].complain("contrast-low", lines[key].keys[name], f"{what}, and {needs} {least:g}:1.", fix)
