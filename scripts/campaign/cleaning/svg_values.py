"""SVG elements that are drawn, and the values of their attributes (SVG 2; CSS Color 4).

Every attribute has a closed grammar, so no free text passes; other values are dropped.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from PIL import ImageColor

_TABLES = tomllib.loads(Path(__file__).with_name("svg_values.toml").read_text(encoding="utf-8"))
_NAMES = {key: tuple(text.split()) for key, text in _TABLES.items()}
SHAPES = frozenset(_NAMES["shapes"])
GROUPS = frozenset(_NAMES["groups"])
DEFINITIONS = frozenset(_NAMES["definitions"])
ELEMENTS = SHAPES | GROUPS | DEFINITIONS | {*_NAMES["filters"], "defs", "stop"}

NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
LENGTH = rf"{NUMBER}(?:px|mm|cm|in|pt|pc|em|ex|q|%)?"
LIST = rf"{LENGTH}(?:[\s,]+{LENGTH})*"
STEP = r"(?:matrix|translate|scale|rotate|skewX|skewY)\s*\([\d\s.,eE+-]+\)"
LOCAL_REFERENCE = r"url\(\s*['\"]?#([^'\")\s]+)['\"]?\s*\)"
FUNCTION = rf"(?:rgb|rgba|hsl|hsla)\(\s*{LENGTH}(?:deg)?(?:[\s,/]+{LENGTH}){{2,3}}\s*\)"
LENGTHS = re.compile(rf"\s*(?:{LIST}|auto)\s*")
PATH = re.compile(r"[MmLlHhVvCcSsQqTtAaZz\d\s.,eE+-]*")
TRANSFORM = re.compile(rf"(?:{STEP}[\s,]*)*")
PAINT = re.compile(rf"#[0-9a-f]{{3,8}}|{FUNCTION}|none|transparent|currentcolor|inherit|context-(?:fill|stroke)", re.I)
WORD = re.compile(
    r"inherit|none|auto|normal|visible|hidden|collapse|inline|block|scroll|nonzero|evenodd|butt|round|square|miter|bevel"
    r"|arcs|miter-clip|pad|reflect|repeat|userSpaceOnUse|objectBoundingBox|strokeWidth|sRGB|linearRGB|alpha|luminance"
    r"|auto-start-reverse|(?:defer )?x(?:Min|Mid|Max)Y(?:Min|Mid|Max)(?: (?:meet|slice))?|non-scaling-stroke|isolate"
    r"|optimizeSpeed|crispEdges|geometricPrecision|optimizeQuality|smooth|pixelated|multiply|screen|overlay|darken"
    r"|lighten|color-dodge|color-burn|hard-light|soft-light|difference|exclusion|hue|saturation|color|luminosity"
    r"|over|in|out|atop|xor|arithmetic|lighter|erode|dilate|matrix|saturate|hueRotate|luminanceToAlpha|identity|table"
    r"|discrete|linear|gamma|SourceGraphic|SourceAlpha|BackgroundImage|fill|stroke|markers"
    r"|(?:fill|stroke|markers)(?: (?:fill|stroke|markers))+"
)
PAINT_PROPERTIES = _NAMES["paint_properties"]
REFERENCE_PROPERTIES = _NAMES["reference_properties"]
WORDS = _NAMES["words"]
TRANSFORMS = _NAMES["transforms"]
RESULTS = _NAMES["results"]
INHERITED = _NAMES["inherited"]
STYLE_ONLY = _NAMES["style_only"]
ATTRIBUTES = frozenset(
    (*_NAMES["geometry"], *PAINT_PROPERTIES, *REFERENCE_PROPERTIES, *WORDS, *TRANSFORMS, *RESULTS, "d", "points")
)


def fitting(name: str, value: str, ids: Mapping[str, str], results: dict[str, str]) -> str | None:
    """Return a valid value, or None. `ids` and `results` of filters map old names to new ones."""
    value = " ".join(value.split())
    if name in PAINT_PROPERTIES or name in REFERENCE_PROPERTIES:
        return _paint(name, value, ids)
    if name in RESULTS:
        return value if WORD.fullmatch(value) else results.setdefault(value, f"f{len(results) + 1}")
    if name in ("d", "points"):
        return value if PATH.fullmatch(value) else None
    if name in TRANSFORMS:
        return value if TRANSFORM.fullmatch(value) else None
    grammar = WORD if name in WORDS else LENGTHS
    return value if grammar.fullmatch(value) or value == "inherit" or WORD.fullmatch(value) else None


def _paint(name: str, value: str, ids: Mapping[str, str]) -> str | None:
    if match := re.match(LOCAL_REFERENCE, value):
        rest = value[match.end() :].strip()
        if match[1] not in ids:
            return rest if rest and _is_colour(rest) else None
        return f"url(#{ids[match[1]]})" + (f" {rest}" if rest and _is_colour(rest) else "")
    if name in REFERENCE_PROPERTIES:
        return "none" if value == "none" else None
    return value if _is_colour(value) else None


def _is_colour(value: str) -> bool:
    return bool(PAINT.fullmatch(value)) or value.lower() in ImageColor.colormap
