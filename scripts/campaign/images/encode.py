"""What each format can hold."""

from __future__ import annotations

import math

from PIL import Image, ImageChops, ImageStat

from campaign.models.formats import THUMBNAIL_WIDTH

PAPER = (255, 255, 255)


# Flat art in so many colours is half as heavy as in all, and looks the same. What would look otherwise (a photo, a
# gradient) keeps its colours. Posters at 640 px, on average: 128 colours 29.8 kB, SSIMULACRA2 87.5, 0.02 s; 256 colours
# 31.3 kB, 91.7; AVIF of the same quality 32.1 kB, 0.6 s, of 20 kB 74.6.
COLOURS = (256, 128, 64, 32)
# dB; of a thumbnail less will do: its words are too small to read.
LEAST_LIKENESS, OF_THUMBNAIL = 40.0, 38.0
# Pixels. The colours of a wider picture are looked for in a ninth of its pixels: half the time, and as like (of every
# fourth, across and down, some are 4 dB less so).
SMALL_WIDTH, SAMPLE = 640, 3


def fit(picture: Image.Image, ending: str) -> Image.Image:
    """What the format can hold: JPEG knows no transparency; a PNG of few colours needs one byte a pixel.

    Args:
        picture: of mode L, RGB, RGBA, or P where it is in few colours already.
        ending: the format, or another key of RECIPES.
    """
    if ending == "jpeg" and picture.mode == "RGBA":
        paper = Image.new("RGB", picture.size, PAPER)
        paper.paste(picture, mask=picture.getchannel("A"))
        return paper
    if ending == "png" and picture.mode == "RGB" and picture.getcolors(256):
        return picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=256, dither=Image.Dither.NONE)
    return picture


def in_fewest_colours(picture: Image.Image) -> Image.Image:
    """Flat art in 128 colours, or in 256 where it would not look the same in those."""
    few = in_few_colours(picture, COLOURS[1])
    return in_few_colours(picture) if few is picture else few


def in_few_colours(picture: Image.Image, colours: int = COLOURS[0]) -> Image.Image:
    """Flat art with a palette; the picture itself where it would not look the same.

    Args:
        picture: of mode L, RGB or RGBA.
        colours: at most so many.
    """
    if picture.mode != "RGB":
        return picture
    if picture.getcolors(colours):
        return fit(picture, "png")
    try:
        few = _in_palette(picture, colours)
    except ValueError as error:  # "quantization error": it found no memory
        raise MemoryError(str(error)) from error
    least = OF_THUMBNAIL if picture.width <= THUMBNAIL_WIDTH else LEAST_LIKENESS
    # A quarter of the pixels tell as well: of 1,343 pictures four were decided otherwise, by less than 1 dB.
    return few if likeness(_every(picture, 2), _every(few, 2)) >= least else picture


def _in_palette(picture: Image.Image, colours: int) -> Image.Image:
    """Each pixel in one of so many colours, which are those of every third pixel where a picture is large."""
    is_large = picture.width > SMALL_WIDTH
    seen = _every(picture, SAMPLE) if is_large else picture
    few = seen.quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    return picture.quantize(palette=few, dither=Image.Dither.NONE) if is_large else few


def _every(picture: Image.Image, step: int) -> Image.Image:
    """One pixel of so many, across and down."""
    return picture.resize((-(-picture.width // step), -(-picture.height // step)), Image.Resampling.NEAREST)


def likeness(one: Image.Image, other: Image.Image) -> float:
    """How like two pictures of one size are: the ratio of peak signal to noise, in dB; 99 where they are the same."""
    first, second = (each if each.mode == "RGB" else each.convert("RGB") for each in (one, other))
    sums = ImageStat.Stat(ImageChops.difference(first, second)).sum2
    mean = sum(sums) / (3 * one.width * one.height)
    return min(99.0, 10 * math.log10(255 * 255 / mean)) if mean else 99.0
