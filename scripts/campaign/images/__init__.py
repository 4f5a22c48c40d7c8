"""Pictures: one source in, every width and format out; opening what editors give, sizes, cache keys.

`open` and `resize` are the two halves; `colours` and `file_sniffing` serve opening. `recipes` says what is asked of a
picture, `crop` and `target_size` make of it what a destination takes, `metadata` writes what it says of itself.
`crop_preview` draws for the eye; it stands apart, since it alone needs fonts. What works on pictures is loaded where
there is one to be made: that takes 0.02 s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from campaign.cache.program import library_version, program_hash
from campaign.cache.store import hash_content
from campaign.images.credits import photo_requests, poster_requests
from campaign.images.file_sniffing import is_heic
from campaign.images.pdf_page import draw_page
from campaign.images.recipes import RECIPES, PictureRequest, Region
from campaign.models.outputs import Made, Output
from campaign.models.problem import Problem

if TYPE_CHECKING:
    from PIL import Image

__all__ = [
    "PictureRequest",
    "draw_page",
    "key",
    "make_all",
    "measure",
    "photo_requests",
    "poster_requests",
    "source_digest",
]


def source_digest(path: Path) -> str:
    """The hash of a source; of an HEIC photo with the version of the optional library that opens it."""
    digest = hash_content(path)
    return f"{digest} {library_version('pillow-heif')}" if digest and is_heic(path) else digest


def key(
    digest: str, output: Output, orders: Mapping[Output, PictureRequest] | None = None, redact: Sequence[Region] = ()
) -> str:
    """64 hex digits of all that the picture is made from: the source's bytes, the recipe, the orders, the programs.

    Args:
        digest: see `source_digest`; '' where it cannot be read: make_all says why.
        output: the picture.
        orders: of all outputs of the source: a photo's pictures are made from each other.
        redact: what is painted over: left, top, right, bottom, from 0 to 1.
    """
    recipe: tuple[object, ...] = (
        program_hash("pictures"),
        sorted(RECIPES[output.part or output.format].items()),
        output.width,
        digest,
    )
    order = orders.get(output) if orders else None
    if order and orders:
        beside = {repr((each.width, one.destination)) for each, one in orders.items() if not one.is_drawn}
        recipe = (*recipe, order, tuple(redact), output.format, sorted(beside))
    return hashlib.sha256(repr(recipe).encode()).hexdigest()


def make_all(
    root: Path,
    source: Path,
    where: str,
    outputs: list[Output],
    targets: list[Path],
    orders: Mapping[Output, PictureRequest] | None = None,
    redact: Sequence[Region] = (),
    drawn: Image.Image | None = None,
) -> list[Made | Problem]:
    """Makes all pictures of one source.

    Give all outputs of a source together, even if one only is missing: it is decoded once, each width of a photo comes
    from the one before, and the same list gives the same bytes.

    Args:
        root: the campaign's folder.
        source: the file that they are made from.
        where: the source as problems name it, from the root.
        outputs: their `width` is in pixels, or None for the source's own.
        targets: the file of each output, in the same order.
        orders: what is asked of some of them beyond their width.
        redact: what is painted over before all else: left, top, right, bottom, from 0 to 1.
        drawn: the source as a picture, where it is none itself.

    Returns:
        One result each, in order; if the source cannot be used, its one Problem alone. Made.width is what it became:
        never more than the source's.
    """
    from campaign.images.resize import resize_all

    return resize_all(root, source, where, outputs, targets, orders, redact, drawn)


def measure(root: Path, path: Path, where: str) -> tuple[int, int] | Problem:
    """(width, height) in pixels as shown, turned by its orientation; reads the header only."""
    from campaign.images.open import measure_picture

    return measure_picture(root, path, where)
