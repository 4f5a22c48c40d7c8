"""Pictures: one source in, every width and format out.

`open` reads what editors give (with `colours` and `file_sniffing`), `resize` writes the outputs. `shrink` makes a
picture smaller, `recipes` holds the encoder settings, `crop` and `target_size` fit a picture to its destination,
`credits` says what its metadata is, and `crop_preview` draws crops for the desk. Modules that load Pillow are imported
only when a picture is made (0.02 s).
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
from campaign.models.outputs import Artifact, Output
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
    """Return the hash of a source, and of the optional HEIC library if it is needed."""
    digest = hash_content(path)
    return f"{digest} {library_version('pillow-heif')}" if digest and is_heic(path) else digest


def key(
    digest: str, output: Output, orders: Mapping[Output, PictureRequest] | None = None, redact: Sequence[Region] = ()
) -> str:
    """Return the cache key of a picture: 64 hex digits over source, recipe, requests and library versions.

    Args:
        digest: from `source_digest`; '' if the source cannot be read (`make_all` reports it).
        output: the picture.
        orders: for all outputs of the source, since each width of a photo is made from the one before.
        redact: regions to paint over: left, top, right, bottom, from 0 to 1.
    """
    recipe: tuple[object, ...] = (
        program_hash("pictures"),
        sorted(RECIPES[output.part or output.format].items()),
        output.width,
        digest,
    )
    order = orders.get(output) if orders else None
    if order and orders:
        sent_sizes = {repr((number.width, order.destination)) for number, order in orders.items() if not order.is_drawn}
        recipe = (*recipe, order, tuple(redact), output.format, sorted(sent_sizes))
    return hashlib.sha256(repr(recipe).encode()).hexdigest()


def make_all(
    root: Path,
    source: Path,
    where: str,
    outputs: list[Output],
    targets: list[Path],
    orders: Mapping[Output, PictureRequest] | None = None,
    redact: Sequence[Region] = (),
    image: Image.Image | None = None,
) -> list[Artifact | Problem]:
    """Make all pictures of one source.

    Pass all outputs of a source even if only one is missing: it is decoded once, each width of a photo is made from the
    one before, and the same list gives the same bytes.

    Args:
        root: the campaign's folder.
        source: the source file.
        where: its path from the root, for problems.
        outputs: `width` is in pixels; None keeps the source's width.
        targets: the file of each output, in the same order.
        orders: settings beyond the width, for some outputs.
        redact: regions to paint over first: left, top, right, bottom, from 0 to 1.
        image: the source drawn as a picture, if it isn't a raster file.

    Returns:
        One result per output, in order; a single Problem if the source cannot be used. `Artifact.width` is the actual
        width, never more than the source's.
    """
    from campaign.images.resize import resize_all

    return resize_all(root, source, where, outputs, targets, orders, redact, image)


def measure(root: Path, path: Path, where: str) -> tuple[int, int] | Problem:
    """Return (width, height) in pixels after Exif rotation, from the header only."""
    from campaign.images.open import measure_picture

    return measure_picture(root, path, where)
