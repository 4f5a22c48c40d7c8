"""Paper sizes, folds and picture widths: tables, not classes. All lengths are millimetres unless said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """How a piece is laid out. folds: per side, distances of the folds from the left edge of the trimmed sheet."""

    kind: str
    design: str
    width: float
    height: float
    sides: int
    panels: tuple[str, ...] = ()
    folds: tuple[tuple[float, ...], ...] = ()


# C-fold: the panel that folds in is 3 mm narrower, so that it lies flat (ISO A4, outside then inside).
FORMATS = {
    "tri-fold": Format(
        kind="leaflet",
        design="tri-fold",
        width=297,
        height=210,
        sides=2,
        panels=("cover", "flap", "left", "middle", "right", "back"),
        folds=((97, 197), (100, 200)),
    ),
    "a3": Format(kind="poster", design="poster", width=297, height=420, sides=1, panels=("title",)),
}

BLEED = 3.0
MARKS_BLEED = 10.0
OFFICE_MARGIN = 10.0

SITE_WIDTHS = (320, 640, 960, 1280)
