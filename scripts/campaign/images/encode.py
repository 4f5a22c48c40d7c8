"""Prepare a picture for its file format: transparency, palettes."""

from __future__ import annotations

import math

from PIL import Image, ImageChops, ImageStat

from campaign.models.formats import THUMBNAIL_WIDTH

PAPER_RGB = (255, 255, 255)


# A palette halves the size of flat art without a visible difference; photos and gradients keep all colours. Average of
# posters at 640 px: 128 colours 29.8 kB, SSIMULACRA2 87.5, 0.02 s; 256 colours 31.3 kB, 91.7; AVIF of the same quality
# 32.1 kB, 0.6 s, AVIF of 20 kB 74.6.
COLOURS = (256, 128, 64, 32)
# dB; lower for thumbnails, whose words are too small to read.
MIN_LIKENESS = 40.0
MIN_THUMBNAIL_LIKENESS = 38.0
# Pixels. Palettes of wider pictures are computed from a ninth of the pixels, which halves the time at the same quality
# (with a sixteenth, some lose 4 dB).
SMALL_WIDTH = 640
SAMPLE = 3


def fit(picture: Image.Image, suffix: str) -> Image.Image:
    """Return the picture in a mode that the format supports: no transparency in JPEG, a palette in PNG if possible.

    Args:
        picture: of mode L, RGB, RGBA, or P if it already has a palette.
        suffix: the format, or another key of RECIPES.
    """
    if suffix == "jpeg" and picture.mode == "RGBA":
        paper = Image.new("RGB", picture.size, PAPER_RGB)
        paper.paste(picture, mask=picture.getchannel("A"))
        return paper
    if suffix == "png" and picture.mode == "RGB" and picture.getcolors(256):
        return picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=256, dither=Image.Dither.NONE)
    return picture


def minimise_colours(picture: Image.Image) -> Image.Image:
    """Return flat art with 128 colours, or 256 if 128 would be visible."""
    reduced = reduce_colours(picture, COLOURS[1])
    return reduce_colours(picture) if reduced is picture else reduced


def reduce_colours(picture: Image.Image, colours: int = COLOURS[0]) -> Image.Image:
    """Return flat art with a palette, or the picture unchanged if the difference would be visible.

    Args:
        picture: of mode L, RGB or RGBA.
        colours: the most colours in the palette.
    """
    if picture.mode != "RGB":
        return picture
    if picture.getcolors(colours):
        return fit(picture, "png")
    try:
        reduced = _in_palette(picture, colours)
    except ValueError as error:  # "quantization error": out of memory
        raise MemoryError(str(error)) from error
    least = MIN_THUMBNAIL_LIKENESS if picture.width <= THUMBNAIL_WIDTH else MIN_LIKENESS
    # Comparing a quarter of the pixels is enough: 4 of 1,343 pictures were decided differently, by less than 1 dB.
    return reduced if likeness(_sampled(picture, 2), _sampled(reduced, 2)) >= least else picture


def _in_palette(picture: Image.Image, colours: int) -> Image.Image:
    """Return the picture with a palette, computed from every third pixel if it is large."""
    is_large = picture.width > SMALL_WIDTH
    sample = _sampled(picture, SAMPLE) if is_large else picture
    palette_image = sample.quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    return picture.quantize(palette=palette_image, dither=Image.Dither.NONE) if is_large else palette_image


def _sampled(picture: Image.Image, step: int) -> Image.Image:
    """Return every `step`-th pixel, across and down."""
    return picture.resize((-(-picture.width // step), -(-picture.height // step)), Image.Resampling.NEAREST)


def likeness(image: Image.Image, other: Image.Image) -> float:
    """Return the peak signal-to-noise ratio of two pictures of the same size in dB, 99 if they are identical."""
    first, second = (item if item.mode == "RGB" else item.convert("RGB") for item in (image, other))
    checksums = ImageStat.Stat(ImageChops.difference(first, second)).sum2
    mean = sum(checksums) / (3 * image.width * image.height)
    return min(99.0, 10 * math.log10(255 * 255 / mean)) if mean else 99.0
