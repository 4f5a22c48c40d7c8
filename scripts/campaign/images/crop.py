"""Pictures for a destination: cropped around the focal point, never enlarged, within the size limit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from math import ceil
from typing import Any

from PIL import Image, PngImagePlugin

from campaign.content.meaning import MIN_VISIBLE_SHARE, PHOTO_FIX, hidden_meaning
from campaign.content.picture_metadata import to_xmp, with_iim
from campaign.images.colours import srgb_profile
from campaign.images.encode import COLOURS, fit, reduce_colours
from campaign.images.recipes import RECIPES, PictureRequest
from campaign.images.shrink import shrink
from campaign.images.target_size import best_quality
from campaign.models.media import MeaningBox
from campaign.models.outputs import Output
from campaign.models.problem import Problem

# Below this quality a JPEG looks worse than a smaller one (stack-pictures.md, “Target size”).
MIN_QUALITY = 68
# Newspapers print and edit these: nothing may be lost that they could need.
MIN_PRESS_QUALITY = 92
SHRINK_FACTOR = 0.8
# The share of bytes that is left then, at the same quality: 0.65 to 0.7 in photos that were measured.
SHRUNK_BYTES = 0.69
MIN_WIDTH = 48
Box = tuple[int, int, int, int]


def crop_box(size: tuple[int, int], output: Output, order: PictureRequest | None) -> tuple[int, Box]:
    """Return how to scale and crop a picture, never beyond the source's size.

    Args:
        size: width and height of the source, in pixels.
        output: the picture to make.
        order: settings beyond its width.

    Returns:
        The width to scale the whole picture to, and the box to keep then: left, top, right, bottom, in pixels.
    """
    width, height = size
    row = order.destination if order else None
    if order is None or row is None:
        max_width = min(output.width or width, width)
        return max_width, (0, 0, max_width, max(1, round(height * max_width / width)))
    if row.is_panels:
        return width, (0, 0, width, height)
    if row.keeps_shape:
        # A drawing keeps the width of its layout; for a photo the longer side counts.
        scale = min(1.0, max(row.width, row.height) / max(size)) if not order.is_drawn else min(1.0, row.width / width)
        max_width = max(1, round(width * scale))
        return max_width, (0, 0, max_width, max(1, round(height * max_width / width)))
    # The largest box of that shape, then scaled down to the destination's size.
    scale = min(1.0, max(row.width / width, row.height / height))
    max_width = max(1, ceil(width * scale - 1e-6))
    high = max(1, round(height * max_width / width))
    part = min(max_width / row.width, high / row.height, 1.0)
    cut = (max(1, min(max_width, round(row.width * part))), max(1, min(high, round(row.height * part))))
    left, top = (
        crop_start(order.focus[axis], length, side, _span(order, axis, length))
        for axis, (length, side) in enumerate(zip((max_width, high), cut, strict=True))
    )
    return max_width, (left, top, left + cut[0], top + cut[1])


def hidden_boxes(size: tuple[int, int], output: Output, order: PictureRequest | None) -> Iterator[Problem]:
    """Yield the problem of each box that a crop doesn't show; arguments as for `crop_box`."""
    for box, share in visible_shares(size, output, order):
        if share < MIN_VISIBLE_SHARE:
            yield hidden_meaning(output.destination, box.label, share, box.where, PHOTO_FIX)


def visible_shares(
    size: tuple[int, int], output: Output, order: PictureRequest | None
) -> Iterator[tuple[MeaningBox, float]]:
    """Yield each box with its visible part, which apps don't cover; arguments as for `crop_box`."""
    width, (left, top, right, bottom) = crop_box(size, output, order)
    row = order.destination if order else None
    if order is None or row is None:
        return
    high = size[1] * width / size[0]
    above, east, below, west = (0.0, 0.0, 0.0, 0.0) if row.keeps_shape else row.clear
    across, down = right - left, bottom - top
    shown = (left + west * across, top + above * down, right - east * across, bottom - below * down)
    for box in order.meaning:
        area = (box.area[0] * width, box.area[1] * high, box.area[2] * width, box.area[3] * high)
        yield box, _part(area[0::2], shown[0::2]) * _part(area[1::2], shown[1::2])


def _part(span: tuple[float, ...], shown: tuple[float, ...]) -> float:
    """Return the share of a span that is shown; half a pixel may be lost by rounding."""
    (low, high), (start, end) = span, shown
    lost = max(0, start - low - 0.5) + max(0, high - end - 0.5)
    return max(0.0, 1 - lost / max(high - low, 1e-9))


def _span(order: PictureRequest, axis: int, length: int) -> tuple[float, float, float, float] | None:
    """Return start and end of all boxes in pixels, and the shares that apps cover before and after them."""
    if not order.meaning or order.destination is None:
        return None
    starts, ends = ([box.area[edge] * length for box in order.meaning] for edge in (axis, axis + 2))
    above, east, below, west = order.destination.clear
    return min(starts), max(ends), *((west, east) if axis == 0 else (above, below))


def crop_start(focus: float, length: int, side: int, span: tuple[float, float, float, float] | None) -> int:
    """Return where a crop begins on an axis: around its focus, moved so that all boxes are in it, if they fit.

    Args:
        focus: a share.
        length: of the picture, in pixels.
        side: of the crop, in pixels.
        span: start and end of all boxes in pixels, and the shares of the crop that are covered before and after them.
    """
    start = min(max(0, round(focus * length - side / 2)), length - side)
    if span is None:
        return start
    low, high, before, after = span
    latest, earliest = low - before * side, high - (1 - after) * side
    wanted = max(earliest, min(latest, start)) if earliest <= latest else (earliest + latest) / 2
    return min(max(0, round(wanted)), length - side)


def encode_request(
    picture: Image.Image, output: Output, order: PictureRequest, where: str
) -> tuple[bytes | Problem, tuple[int, int]]:
    """Encode a picture for its destination, scaling it down while the file is too large.

    Args:
        picture: already cropped.
        output: the picture to make.
        order: must have a destination.
        where: the source, for problems.

    Returns:
        The file's bytes and its size in pixels; a Problem with the numbers if it cannot be small enough.
    """
    row = order.destination
    assert row is not None
    least = 0
    while True:
        try:
            data, least = _lightest(picture, output, order, round(least * SHRUNK_BYTES))
        except Exception as error:  # Each encoder raises its own exception for extreme aspect ratios.
            message = f"No picture for {output.destination} can be made from it ({error})."
            return Problem("image-shape", where, message, "Cut it to a usual shape."), picture.size
        if data is not None:
            return data, picture.size
        smaller = (round(picture.width * SHRINK_FACTOR), round(picture.height * SHRINK_FACTOR))
        if min(smaller) < MIN_WIDTH:
            message = (
                f"No picture for {output.destination} is light enough: at {picture.width} × {picture.height} pixels "
            )
            message += f"it has {least:,} bytes, and {row.most_bytes:,} are the most."
            return Problem(
                "image-heavy", where, message, "Raise `most_bytes` in mkdocs.yml, or use a simpler picture."
            ), picture.size
        picture = shrink(picture, smaller, Image.Resampling.LANCZOS)


def _lightest(picture: Image.Image, output: Output, order: PictureRequest, expected: int) -> tuple[bytes | None, int]:
    """Return the best file within the limit, or None, and the size in bytes of the smallest one tried.

    Args:
        picture: already cropped.
        output: the picture to make.
        order: must have a destination.
        expected: roughly the size in bytes at the lowest quality; 0 if unknown.
    """
    row = order.destination
    assert row is not None
    if output.format == "png":
        return _lightest_png(picture, order)
    image = fit(picture, output.format)
    if not row.most_bytes:
        data = _jpeg(image, order, max(row.quality, MIN_PRESS_QUALITY) if row.use == "press" else row.quality)
        return data, len(data)
    encode = cache(lambda quality: _jpeg(image, order, quality))
    if expected > row.most_bytes and len(encode(MIN_QUALITY)) > row.most_bytes:
        return None, len(encode(MIN_QUALITY))  # no higher quality needs to be tried
    result = best_quality(encode, row.most_bytes, MIN_QUALITY, row.quality)
    return (result[1], len(result[1])) if result else (None, len(encode(MIN_QUALITY)))


def _lightest_png(picture: Image.Image, order: PictureRequest) -> tuple[bytes | None, int]:
    """Return a PNG with as many colours as the destination allows; print destinations get all of them."""
    row = order.destination
    assert row is not None
    if row.use == "press":
        data = _png(fit(picture, "png"), order)
        return (data if len(data) <= (row.most_bytes or len(data)) else None), len(data)
    data = b""
    for colours in COLOURS:
        data = _png(reduce_colours(picture, colours), order)
        if len(data) <= (row.most_bytes or len(data)):
            return data, len(data)
    return None, len(data)


def _jpeg(picture: Image.Image, order: PictureRequest, quality: int) -> bytes:
    row = order.destination
    assert row is not None
    options: dict[str, Any] = {
        **RECIPES["jpeg"],
        "quality": quality,
        "progressive": not row.is_baseline,
        # Chroma subsampling blurs letters and hard edges.
        "subsampling": "4:4:4" if order.is_drawn or row.use == "press" else "4:2:0",
        **_profile(picture, order),
    }
    if order.notice:
        options["xmp"] = to_xmp(order.notice)
    if row.dpi:
        options["dpi"] = (row.dpi, row.dpi)
    file = BytesIO()
    picture.save(file, **options)
    data = file.getvalue()
    return with_iim(data, order.notice) if order.notice and row.use == "press" else data


def _png(picture: Image.Image, order: PictureRequest) -> bytes:
    row, info = order.destination, PngImagePlugin.PngInfo()
    if order.notice:
        info.add_itxt("XML:com.adobe.xmp", to_xmp(order.notice).decode())
    options: dict[str, Any] = {**RECIPES["png"], "pnginfo": info, **_profile(picture, order)}
    if row and row.dpi:
        options["dpi"] = (row.dpi, row.dpi)
    file = BytesIO()
    picture.save(file, **options)
    return file.getvalue()


def _profile(picture: Image.Image, order: PictureRequest) -> dict[str, Any]:
    """Return the option that embeds a colour profile, which print shops ask for and phones don't need."""
    is_press = order.destination is not None and order.destination.use == "press"
    return {"icc_profile": srgb_profile()} if is_press and picture.mode != "L" else {}
