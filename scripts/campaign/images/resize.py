"""Decodes a source once and writes every width; each width of a photo is made from the one before."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from campaign.cache.atomic import refused_by_system
from campaign.content.picture_metadata import to_xmp
from campaign.images.crop import crop_box, encode_request, hidden_boxes
from campaign.images.encode import fit, minimise_colours
from campaign.images.open import measure_picture, open_picture, shrunk
from campaign.images.recipes import RECIPES, PictureRequest, Region
from campaign.images.shrink import shrink
from campaign.models.outputs import PLACEHOLDER, Artifact, Output
from campaign.models.problem import Problem

PHOTO_ENDINGS = ("avif", "jpeg")
FLAT_ENDINGS = ("webp", "png")


def resize_all(
    root: Path,
    source: Path,
    where: str,
    outputs: Sequence[Output],
    targets: Sequence[Path],
    orders: Mapping[Output, PictureRequest] | None = None,
    redact: Sequence[Region] = (),
    image: Image.Image | None = None,
) -> list[Artifact | Problem]:
    """Make outputs[n] at targets[n]; see `images.make_all`. Return a single Problem if the source cannot be used."""
    orders = orders or {}
    size = image.size if image else measure_picture(root, source, where)
    if isinstance(size, Problem):
        return [size]
    # For each output, the width to scale the whole picture to, and the box to keep.
    parts = [crop_box(size, output, orders.get(output)) for output in outputs]
    widths = [width for width, _ in parts]
    # LANCZOS overshoots at hard edges, and blur adds up from width to width. That is invisible but doubles a lossless
    # file, so flat art is resized with HAMMING, each width from the original.
    is_flat_art = all(_is_flat_art(output, orders.get(output)) for output in outputs)
    resampling = Image.Resampling.HAMMING if is_flat_art else Image.Resampling.LANCZOS
    widest = None if is_flat_art else max(widths)
    full_picture = image or open_picture(root, source, where, widest, resampling, redact)
    if isinstance(full_picture, Problem):
        return [full_picture]
    picture = full_picture
    results: dict[int, Artifact | Problem] = {}
    encoded: dict[str, bytes | Problem] = {}
    reduced: Image.Image | None = None
    for n in sorted(range(len(outputs)), key=lambda n: -widths[n]):
        if picture.width != widths[n]:
            larger = full_picture if is_flat_art else picture
            picture = shrink(larger, shrunk(size, widths[n]), resampling)
            encoded.clear()
            reduced = None
        output, order = outputs[n], orders.get(outputs[n])
        if hidden := next(hidden_boxes(size, output, order), None):
            results[n] = hidden
            continue
        if order and order.destination:
            box = parts[n][1]
            part = picture if box == (0, 0, *picture.size) else picture.crop(box)
            data, made_size = encode_request(part, output, order, where)
        else:
            recipe = output.part or output.format
            if recipe not in encoded:
                if is_flat_art and reduced is None:
                    reduced = minimise_colours(picture)
                encoded[recipe] = _encode(reduced or picture, recipe, where, order)
            data, made_size = encoded[recipe], picture.size
        results[n] = _write(data, made_size, output, targets[n])
    return [results[n] for n in range(len(outputs))]


def _is_flat_art(output: Output, order: PictureRequest | None) -> bool:
    return order.is_drawn if order else output.format in FLAT_ENDINGS


def _encode(picture: Image.Image, recipe: str, where: str, order: PictureRequest | None) -> bytes | Problem:
    """Return the file's bytes, always the same for the same input, with no metadata except the notice."""
    file = BytesIO()
    data: dict[str, Any] = {"xmp": to_xmp(order.notice)} if order and order.notice and recipe != PLACEHOLDER else {}
    try:
        fit(picture, recipe).save(file, **RECIPES[recipe], **data)
    except Exception as error:  # Each encoder raises its own exception for extreme aspect ratios.
        shape = f"{picture.width} × {picture.height}"
        message = f"No {recipe} picture of {shape} pixels can be made from it ({error})."
        return Problem("image-shape", where, message, "Cut it to a usual shape.")
    return file.getvalue()


def _write(data: bytes | Problem, size: tuple[int, int], output: Output, target: Path) -> Artifact | Problem:
    if isinstance(data, Problem):
        return data
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(target)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        # Names the folder, not the picture: a full disk is one problem, not one per picture.
        error.filename = target.parent.as_posix()
        return refused_by_system(error)
    return Artifact(output, target, len(data), hashlib.sha256(data).hexdigest(), *size)
