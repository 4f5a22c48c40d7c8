"""The band of a campaign: stripes around a pattern, drawn from squares on a grid.

`woven` is a row of stepped figures, which each place arranges in its own way, chosen by the SHA-256 of its code. The
other patterns are the same everywhere, in colours that differ by place. All are plain geometry made for this program,
not copies of a community's cloth. Colours are painted from the outside in, each under the next, so that no hairline of
paper shows between them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import groupby

from campaign.models.shipped import read_data

# One letter a square; the names are those of assets/identity.yml.
COLOUR_NAMES = {"n": "night", "b": "band", "c": "clay", "m": "marigold", "s": "sand", "i": "indigo"}
FALLBACK_COLOURS = {"clay": "marigold", "indigo": "night"}  # for an identity with only the required colours
PALE_COLOURS = ("clay", "marigold", "sand")

REPEAT = 24  # squares along, after which the pattern repeats
ROWS = 13  # squares across: edge, stripe, ground, seven of figures, ground, stripe, edge
MARGIN = 3

_DATA = read_data(__file__, "band.toml")
FIGURES: list[list[str]] = _DATA["figures"]
FILLERS: list[list[str]] = _DATA["fillers"]
PATTERNS: dict[str, list[str]] = _DATA["patterns"]
WOVEN = "woven"
NONE = "none"  # no band; icons are squares in one colour
# Edge, stripe, ground, light, dark, core. A pale one separates dark ones.
CLOTHS = ("nmbmns", "bmnsbm", "nsisnm", "nsbsnm", "bsnmbs", "ncbsnm", "bcnmbs", "nmisnm")
NATIONAL = ("nmbmns", 0, 0, 1)


def band_cells(code: str, pattern: str = WOVEN) -> tuple[str, ...]:
    """Return one repeat of a place's band ('' for the national one): ROWS strings of REPEAT keys of COLOUR_NAMES."""
    cloth, first, filler, second = _arrangement(code)
    edge, stripe, ground, light, dark, core = tuple(cloth)
    if pattern == NONE:
        return (edge * REPEAT,) * ROWS
    if pattern == WOVEN:
        rows = [
            f".{FIGURES[first][row]}.{FILLERS[filler][row]}.{FIGURES[second][row]}.{FILLERS[filler][row]}"
            for row in range(ROWS - 2 * MARGIN)
        ]
    else:
        rows = [row * (REPEAT // len(row)) for row in PATTERNS.get(pattern) or pattern.split("\n")]
    inks = str.maketrans(".oxe", ground + light + dark + core)
    figures = [row.translate(inks) for row in rows]
    border = [letter * REPEAT for letter in (edge, stripe, ground)]
    return (*border, *figures, *reversed(border))


def band_svg(
    code: str, colours: Mapping[str, str], *, cells: int, unit: float, vertical: bool = False, pattern: str = WOVEN
) -> str:
    """Return a place's band as SVG, `cells` squares long and ROWS across.

    Multiples of REPEAT can be tiled; REPEAT * n + 9 begins and ends with the same figure. `colours`: '#rrggbb' by the
    names in COLOUR_NAMES. `unit`: width of a square. `vertical`: whether the band runs downwards. `pattern`: WOVEN,
    NONE, a key of PATTERNS, or rows like those, one per line. Raise ValueError if cells is under 1.
    """
    if cells < 1:
        raise ValueError("A band is at least one square long.")
    inks = {letter: colours.get(name) or colours[FALLBACK_COLOURS[name]] for letter, name in COLOUR_NAMES.items()}
    rows = [(row * (cells // REPEAT + 1))[:cells] for row in band_cells(code, pattern)]
    along, across = ("v", "h") if vertical else ("h", "v")

    def path(x: int, y: int, steps: str) -> str:
        position = f"{y} {x}" if vertical else f"{x} {y}"
        return f"M{position}{steps.translate(str.maketrans('hv', along + across))}z"

    shapes = [(rows[row][0], path(0, row, f"h{cells}v{ROWS - 2 * row}h-{cells}")) for row in range(MARGIN)] + [
        (letter, path(x, y, steps)) for letter, x, y, steps in _shapes(rows)
    ]
    paths = "".join(
        f'<path fill="{ink}" d="{"".join(shape for _, shape in ink_shapes)}"/>'
        for ink, ink_shapes in groupby(shapes, key=lambda shape: inks[shape[0]])
    )
    width, height = (ROWS, cells) if vertical else (cells, ROWS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * unit:g}" height="{height * unit:g}" '
        f'viewBox="0 0 {width} {height}" shape-rendering="crispEdges">{paths}</svg>'
    )


def one_ink(ink: str = "#000000", ground: str = "#ffffff") -> dict[str, str]:
    """Return colours for printing with one ink: dark yarns get the ink, pale ones the ground."""
    return {name: ground if name in PALE_COLOURS else ink for name in COLOUR_NAMES.values()}


def _arrangement(code: str) -> tuple[str, int, int, int]:
    """Return cloth, first figure, filler and second figure, which differs from the first."""
    if not code:
        return NATIONAL
    digest = hashlib.sha256(code.encode()).digest()
    first = digest[1] % len(FIGURES)
    second = (first + 1 + digest[3] % (len(FIGURES) - 1)) % len(FIGURES)
    return CLOTHS[digest[0] % len(CLOTHS)], first, digest[2] % len(FILLERS), second


def _shapes(rows: list[str]) -> Iterator[tuple[str, int, int, str]]:
    inner_rows = range(MARGIN, ROWS - MARGIN)
    remaining = {(x, y) for y in inner_rows for x in range(len(rows[0]))}
    ground = rows[MARGIN - 1][0]
    results = []
    while remaining:
        patch = _patch(rows, remaining)
        remaining -= patch
        columns, lines = {x for x, _ in patch}, {y for _, y in patch}
        letter = rows[min(lines)][min(x for x, y in patch if y == min(lines))]
        is_open = (
            min(lines) == inner_rows[0] or max(lines) == inner_rows[-1] or not {0, len(rows[0]) - 1}.isdisjoint(columns)
        )
        if letter != ground or not is_open:
            results.append((-len(columns) * len(lines), letter, *_outline(patch)))
    yield from (shape[1:] for shape in sorted(results))


def _patch(rows: list[str], remaining: set[tuple[int, int]]) -> set[tuple[int, int]]:
    start = min(remaining)
    patch, edge = {start}, [start]
    while edge:
        x, y = edge.pop()
        for neighbour in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if neighbour in remaining and neighbour not in patch and rows[neighbour[1]][neighbour[0]] == rows[y][x]:
                patch.add(neighbour)
                edge.append(neighbour)
    return patch


def _outline(patch: set[tuple[int, int]]) -> tuple[int, int, str]:
    """Return x, y and path ('h2v1h-2') of a patch's outer edge, clockwise; holes are filled."""
    x, y = start = min(patch, key=lambda square: (square[1], square[0]))
    dx, dy = 1, 0
    corners: list[tuple[str, int]] = []
    while True:
        if corners and corners[-1][0] == ("h" if dx else "v"):
            corners[-1] = (corners[-1][0], corners[-1][1] + dx + dy)
        else:
            corners.append(("h" if dx else "v", dx + dy))
        x, y = x + dx, y + dy
        # The squares ahead, left and right.
        ahead_left = (x + (dx + dy - 1) // 2, y + (dy - dx - 1) // 2)
        ahead_right = (x + (dx - dy - 1) // 2, y + (dx + dy - 1) // 2)
        if ahead_right not in patch:
            dx, dy = -dy, dx
        elif ahead_left in patch:
            dx, dy = dy, -dx
        if (x, y) == start:
            return *start, "".join(f"{step}{length}" for step, length in corners[:-1])
