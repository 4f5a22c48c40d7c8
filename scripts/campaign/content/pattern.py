"""A campaign's own pattern: an SVG in assets/ that `pattern:` names, drawn from squares on a grid."""

from __future__ import annotations

import re
from math import isfinite
from pathlib import Path

from lxml import etree

from campaign.cleaning.svg import SVG, Element, parse_svg
from campaign.models.band import MARGIN, NONE, PATTERNS, REPEAT, ROWS, WOVEN
from campaign.models.problem import Problem
from campaign.schema.kinds import IdentityFile

FILE_NAME = re.compile(r"[\w-]+\.svg")
HEIGHT = ROWS - 2 * MARGIN
WIDTHS = tuple(width for width in range(1, REPEAT + 1) if REPEAT % width == 0)
LIGHT = "o"
CORE = "e"
GROUND = "."
SILENT = ("g", "title", "desc", "metadata", "defs", "namedview")  # elements that draw nothing themselves
# Share of a square by which editors misplace edges.
TOLERANCE = 0.05
HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})")
NAMED = {"black": "#000", "white": "#fff"}
FILL = re.compile(r"(?:^|;)\s*fill\s*:\s*([^;]+)")


class _UnreadableError(ValueError):
    """The drawing isn't a pattern; the message is for readers."""


def drawn_pattern(file: IdentityFile, root: Path) -> str:
    """Return the rows of the SVG that `pattern:` names, one per line; WOVEN and a problem if it isn't one."""
    name = file.pattern
    path = root / "assets" / name
    if not FILE_NAME.fullmatch(name) or not path.is_file():
        fix = f"Choose from: {', '.join((WOVEN, *PATTERNS, NONE))}; or name an SVG in assets/."
        file.complain("value-unknown", "pattern", f"`{name}` isn't a valid value of `pattern`.", fix)
        return WOVEN
    try:
        return "\n".join(_rows(parse_svg(path.read_bytes())))
    except (OSError, ValueError, etree.LxmlError) as error:
        message = str(error) if isinstance(error, _UnreadableError) else "The file can't be read."
        fix = (
            f"Draw squares on a grid that is {HEIGHT} high and {', '.join(map(str, WIDTHS))} wide, light and dark ones."
        )
        file.problems.append(Problem("pattern-wrong", f"assets/{name}", message, fix))
        return WOVEN


def _rows(root: Element) -> list[str]:
    left, top, width, height = _view(root)
    unit = height / HEIGHT
    columns = _on_grid(width / unit, "The drawing's width")
    if columns not in WIDTHS:
        raise _UnreadableError(f"The drawing is {columns} squares wide.")
    cells = [[GROUND] * columns for _ in range(HEIGHT)]
    for element in root.iterdescendants("*"):
        name = element.tag.rpartition("}")[2]
        if element.get("transform"):
            raise _UnreadableError(f"`{name}` has a `transform`.")
        if name in SILENT or not element.tag.startswith(SVG):
            continue
        if name != "rect":
            raise _UnreadableError(f"`{name}` isn't a rectangle.")
        _paint(cells, element, (left, top, unit))
    rows = ["".join(row) for row in cells]
    _check_apart(rows)
    return rows


def _view(root: Element) -> tuple[float, float, float, float]:
    parts = [float(part) for part in re.split(r"[\s,]+", (root.get("viewBox") or "").strip()) if part]
    if len(parts) != 4 or not parts[3] > 0:
        raise _UnreadableError("The drawing has no `viewBox`.")
    return parts[0], parts[1], parts[2], parts[3]


def _paint(cells: list[list[str]], rect: Element, grid: tuple[float, float, float]) -> None:
    left, top, unit = grid
    x, y = ((float(rect.get(key) or 0) - start) / unit for key, start in (("x", left), ("y", top)))
    width, height = (float(rect.get(key) or 0) / unit for key in ("width", "height"))
    x1, y1, x2, y2 = (_on_grid(length, "A rectangle") for length in (x, y, x + width, y + height))
    letter = _letter(rect)
    for row in range(max(y1, 0), min(y2, HEIGHT)):
        for column in range(max(x1, 0), min(x2, len(cells[0]))):
            cells[row][column] = letter


def _letter(rect: Element) -> str:
    style = FILL.search(rect.get("style") or "")
    fill = (style[1] if style else rect.get("fill") or "#000").strip()
    if fill == "none":
        return GROUND
    digits = HEX.fullmatch(NAMED.get(fill, fill).lower())
    if not digits:
        raise _UnreadableError(f"`{fill}` isn't a colour such as #ffcc00.")
    size = len(digits[1]) // 3
    red, green, blue = (int(digits[1][at : at + size] * (3 - size), 16) for at in range(0, 3 * size, size))
    # Luma of Rec. 601: the brighter half is light.
    return LIGHT if 0.299 * red + 0.587 * green + 0.114 * blue > 127 else CORE


def _on_grid(length: float, part: str) -> int:
    if not isfinite(length) or abs(length - round(length)) > TOLERANCE:
        raise _UnreadableError(f"{part} doesn't end on the grid.")
    return round(length)


def _check_apart(rows: list[str]) -> None:
    """Raise if a light square touches a dark one: in one ink both are paper."""
    width = len(rows[0])
    for y, row in enumerate(rows):
        for x, letter in enumerate(row):
            below = rows[y + 1][x] if y + 1 < len(rows) else GROUND
            if {letter, row[(x + 1) % width]} == {LIGHT, CORE} or {letter, below} == {LIGHT, CORE}:
                raise _UnreadableError(f"A light and a dark square touch in column {x + 1}, row {y + 1}.")
