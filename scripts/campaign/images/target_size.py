"""Finds the best quality within a size limit, in about three attempts.

The logarithm of a file's size is nearly linear in quality, so the secant through two attempts predicts the third; a
bracket guards against exceptions.
"""

from __future__ import annotations

import math
from collections.abc import Callable

# Slope of the logarithm of a JPEG's size per point of quality, as a first guess.
SLOPE = 0.035
ACCEPTED_SHARE = 0.97
MAX_ATTEMPTS = 8


def best_quality(
    encode: Callable[[int], bytes], max_bytes: int, least_quality: int, top: int
) -> tuple[int, bytes] | None:
    """Return the best quality and its file within a limit, or None if even the lowest quality is too large.

    A file close to the limit is accepted at once if another attempt would gain little.

    Args:
        encode: returns the file for an integer quality.
        max_bytes: the limit in bytes.
        least_quality: the lowest quality to try.
        top: the highest quality, tried first.
    """
    sizes = {top: encode(top)}
    if len(sizes[top]) <= max_bytes:
        return top, sizes[top]
    fitting, too_large = least_quality - 1, top
    while too_large - fitting > 1 and len(sizes) < MAX_ATTEMPTS:
        quality = min(max(_guess(sizes, max_bytes), fitting + 1), too_large - 1)
        sizes[quality] = encode(quality)
        if len(sizes[quality]) <= max_bytes:
            fitting = quality
            if len(sizes[quality]) >= ACCEPTED_SHARE * max_bytes:
                break
        else:
            too_large = quality
    return (fitting, sizes[fitting]) if fitting in sizes else None


def _guess(sizes: dict[int, bytes], max_bytes: int) -> int:
    """Return where the line through the two sizes nearest to the limit crosses it."""
    points = sorted(
        (abs(math.log(len(data) / max_bytes)), quality, math.log(len(data))) for quality, data in sizes.items()
    )
    _, quality, size = points[0]
    slope = SLOPE
    if len(points) > 1 and points[1][1] != quality:
        slope = max((points[1][2] - size) / (points[1][1] - quality), 0.005)
    return math.floor(quality + (math.log(max_bytes) - size) / slope)
