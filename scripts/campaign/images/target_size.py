"""The best quality that fits into so many bytes, found in about three tries.

A file's size is nearly a straight line over quality once the logarithm is taken, so two tries tell where to look
(secant), and a bracket keeps it honest.
"""

from __future__ import annotations

import math
from collections.abc import Callable

# Of the logarithm of a JPEG's bytes, for each point of quality, as a first guess.
SLOPE = 0.035
CLOSE_ENOUGH = 0.97
MOST_TRIES = 8


def best_quality(encode: Callable[[int], bytes], most: int, least_quality: int, top: int) -> tuple[int, bytes] | None:
    """(quality, file) of at most so many bytes; None where even the least quality is larger.

    What is below 97 % of the limit is taken at once if a try more gains little.

    Args:
        encode: gives the file at a whole quality.
        most: bytes.
        least_quality: below it nothing is tried.
        top: the best quality, tried first.
    """
    tried = {top: encode(top)}
    if len(tried[top]) <= most:
        return top, tried[top]
    fits, too_large = least_quality - 1, top
    while too_large - fits > 1 and len(tried) < MOST_TRIES:
        quality = min(max(_guess(tried, most), fits + 1), too_large - 1)
        tried[quality] = encode(quality)
        if len(tried[quality]) <= most:
            fits = quality
            if len(tried[quality]) >= CLOSE_ENOUGH * most:
                break
        else:
            too_large = quality
    return (fits, tried[fits]) if fits in tried else None


def _guess(tried: dict[int, bytes], most: int) -> int:
    """Where the line through the two sizes next to the limit meets it."""
    points = sorted((abs(math.log(len(data) / most)), quality, math.log(len(data))) for quality, data in tried.items())
    _, quality, size = points[0]
    slope = SLOPE
    if len(points) > 1 and points[1][1] != quality:
        slope = max((points[1][2] - size) / (points[1][1] - quality), 0.005)
    return math.floor(quality + (math.log(most) - size) / slope)
