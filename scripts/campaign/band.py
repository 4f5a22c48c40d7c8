"""The woven band: stripes around a row of stepped figures, drawn from squares on a grid.

A band is the sign of a campaign, and each place has its own arrangement of the same figures. Which one is read off
the SHA-256 of the place's code, so that it never changes and nobody has to keep a list. The figures are plain
geometry made for this program; they copy no community's own cloth.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

# One letter a square; the names are those of assets/identity.yml.
NAMES = {"n": "night", "b": "band", "c": "clay", "m": "marigold", "s": "sand", "i": "indigo"}
INSTEAD = {"clay": "marigold", "indigo": "night"}  # for an identity that has only the colours every campaign needs
PALE = frozenset("cms")

REPEAT = 20  # squares after which the pattern begins again
ROWS = 15  # squares across

# Figures are nine squares high: o light, x dark, e the core, a dot the ground.
LARGE = (
    ("....o....", "...ooo...", "..oo.oo..", ".oo.e.oo.", "oo.eee.oo", ".oo.e.oo.", "..oo.oo..", "...ooo...", "....o...."),
    ("....o....", "...ooo...", "..ooooo..", ".ooxxxoo.", "oooxexooo", ".ooxxxoo.", "..ooooo..", "...ooo...", "....o...."),
    ("ooooooooo", ".ooooooo.", "..ooooo..", "...eee...", "e...e...e", "...eee...", "..ooooo..", ".ooooooo.", "ooooooooo"),
    ("...ooo...", "...oeo...", "...ooo...", "ooo.o.ooo", "oeooxooeo", "ooo.o.ooo", "...ooo...", "...oeo...", "...ooo..."),
    ("....e....", "....o....", "...ooo...", "...o.o...", "..oo.oo..", "..o.e.o..", ".oo.e.oo.", ".o..e..o.", "ooooooooo"),
    ("o...e...o", "oo.....oo", ".oo...oo.", "..oo.oo..", "e..ooo..e", "..oo.oo..", ".oo...oo.", "oo.....oo", "o...e...o"),
    ("....o....", "...ooo...", "..oo.oo..", ".oo...oo.", "oo..e..oo", "o..eee..o", "..eeeee..", ".eeexeee.", "eeexxxeee"),
    ("..o...o..", ".ooo.ooo.", "oo.ooo.oo", "o...o...o", "..e...e..", "o...o...o", "oo.ooo.oo", ".ooo.ooo.", "..o...o.."),
)  # fmt: skip
EMPTY = (".",) * 9
BETWEEN = (
    ("...", "...", "...", ".o.", "ooo", ".o.", "...", "...", "..."),
    (".e.", "...", ".o.", "...", ".e.", "...", ".o.", "...", ".e."),
    (".o.", "ooo", ".o.", "...", ".e.", "...", ".o.", "ooo", ".o."),
)
# Ground of the figures, then light, dark and core. Every step is a clear one in grey.
CLOTHS = ("bmns", "nmbs", "isnm", "bsnm", "ncbs", "imns")
# Three rows on either side, from the edge inwards. Two dark stripes never touch.
STRIPES = ("nmn", "nsb", "bmn", "nmc", "bsc", "isn")


def band_cells(code: str) -> tuple[str, ...]:
    """One repeat of a place's band: ROWS strings of REPEAT letters, each a key of NAMES. '' is the national band."""
    ground, light, dark, core, stripes, first, between, second = _choice(code)
    ink = {".": ground, "o": light, "x": dark, "e": core}
    columns = (first, EMPTY_, between, EMPTY_, second)
    raise NotImplementedError
