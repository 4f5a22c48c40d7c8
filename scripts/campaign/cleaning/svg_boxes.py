"""Bounding boxes of shapes in drawings, never too small."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from math import cos, isfinite, radians, sin, tan

Box = tuple[float, float, float, float]  # left, top, right, bottom
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
TOKEN = re.compile(r"[MmLlHhVvCcSsQqTtAaZz]|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
STEP = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]*)\)")
NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


def number(text: str | None, default: float = 0) -> float:
    """Return a length in user units; NaN for other units, which compares false."""
    try:
        return float((text or str(default)).removesuffix("px"))
    except ValueError:
        return float("nan")


def _numbers(text: str) -> list[float]:
    """Return the numbers in a transform or list of points; [] if it contains anything else."""
    try:
        results = [float(item) for item in TOKEN.findall(text)]
    except ValueError:  # a command of a path
        return []
    return results if all(map(isfinite, results)) else []


def multiplied(a: Matrix, b: Matrix) -> Matrix:
    """Return the matrix that applies b, then a."""
    return (
        *(a[0] * b[0] + a[2] * b[1], a[1] * b[0] + a[3] * b[1], a[0] * b[2] + a[2] * b[3], a[1] * b[2] + a[3] * b[3]),
        *(a[0] * b[4] + a[2] * b[5] + a[4], a[1] * b[4] + a[3] * b[5] + a[5]),
    )


def matrix_of(transform: str) -> Matrix | None:
    """Parse a transform; None if it is invalid."""
    matrix = IDENTITY
    for kind, arguments in STEP.findall(transform):
        n = _numbers(arguments)
        if kind == "matrix" and len(n) == 6:
            step: Matrix = (n[0], n[1], n[2], n[3], n[4], n[5])
        elif kind == "translate" and n:
            step = (1, 0, 0, 1, n[0], n[1] if len(n) > 1 else 0)
        elif kind == "scale" and n:
            step = (n[0], 0, 0, n[-1], 0, 0)
        elif kind == "rotate" and len(n) in (1, 3):
            a, (x, y) = radians(n[0]), n[1:] or (0.0, 0.0)
            step = multiplied(
                (1, 0, 0, 1, x, y), multiplied((cos(a), sin(a), -sin(a), cos(a), 0, 0), (1, 0, 0, 1, -x, -y))
            )
        elif kind in ("skewX", "skewY") and len(n) == 1:
            slant = tan(radians(n[0]))
            step = (1, 0, slant, 1, 0, 0) if kind == "skewX" else (1, slant, 0, 1, 0, 0)
        else:
            return None
        matrix = multiplied(matrix, step)
    return matrix


def inverse(matrix: Matrix) -> Matrix | None:
    """Return the inverse of a matrix; None if it is singular."""
    a, b, c, d, e, f = matrix
    size = a * d - b * c
    if abs(size) < 1e-12:
        return None
    return d / size, -b / size, -c / size, a / size, (c * f - d * e) / size, (b * e - a * f) / size


def is_upright(matrix: Matrix) -> bool:
    """Return whether a matrix only translates and scales, so that rectangles stay rectangles."""
    return matrix[1] == matrix[2] == 0


def overlap(box: Box | None, other: Box | None) -> Box | None:
    """Return the intersection of two boxes, or None."""
    if box is None or other is None:
        return None
    left, top, right = max(box[0], other[0]), max(box[1], other[1]), min(box[2], other[2])
    bottom = min(box[3], other[3])
    return (left, top, right, bottom) if left < right and top < bottom else None


def moved(box: Box, matrix: Matrix) -> Box:
    """Return the bounding box of a transformed box."""
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (box[0], box[2]) for y in (box[1], box[3])]
    return _box_of_points(corners)


def points_box(text: str) -> Box | None:
    """Return the bounding box of a polygon."""
    n = _numbers(text)
    return _box_of_points([*zip(n[::2], n[1::2], strict=False)]) if len(n) > 1 else None


def path_box(d: str) -> Box | None:
    """Return the bounding box of a path's points and control points, or None."""
    points = [*_path_points(d)]
    return _box_of_points(points) if points else None


def _path_points(d: str) -> Iterator[tuple[float, float]]:
    tokens, offset = TOKEN.findall(d), 0
    x = y = begin_x = begin_y = 0.0
    command = ""
    while offset < len(tokens):
        if tokens[offset].isalpha():
            command, offset = tokens[offset], offset + 1
        count = NUMBERS.get(command.upper(), 0)
        try:
            n = [float(token) for token in tokens[offset : offset + count]]
        except ValueError:
            return
        if len(n) < count or not command:
            return
        offset += count
        if not count:
            x, y = begin_x, begin_y
            if offset < len(tokens) and not tokens[offset].isalpha():
                return
            continue
        for point in _command_points(command, n, x, y):
            yield point
            x, y = point
        if command in "Mm":
            begin_x, begin_y = x, y
            command = "L" if command == "M" else "l"


def _command_points(command: str, n: list[float], x: float, y: float) -> Iterator[tuple[float, float]]:
    dx, dy = (x, y) if command.islower() else (0, 0)
    kind = command.upper()
    if kind == "H":
        yield n[0] + dx, y
    elif kind == "V":
        yield x, n[0] + dy
    elif kind == "A":
        reach, end = 2 * max(abs(n[0]), abs(n[1])), (n[5] + dx, n[6] + dy)
        for item in ((x, y), end):
            yield item[0] - reach, item[1] - reach
            yield item[0] + reach, item[1] + reach
        yield end
    elif kind in "ST":
        reach = max((abs(item) for item in n), default=0) * (1 if command.islower() else 2)
        yield x - reach, y - reach
        yield x + reach, y + reach
        yield from ((a + dx, b + dy) for a, b in zip(n[::2], n[1::2], strict=True))
    else:
        yield from ((a + dx, b + dy) for a, b in zip(n[::2], n[1::2], strict=True))


def bounding_box(boxes: Iterable[Box]) -> Box:
    """Return the bounding box of some boxes."""
    return _box_of_points([point for left, top, right, bottom in boxes for point in ((left, top), (right, bottom))])


def _box_of_points(points: Iterable[tuple[float, float]]) -> Box:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)
