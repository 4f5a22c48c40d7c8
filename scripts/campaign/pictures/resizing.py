"""One decode, then each width of a photo from the one before it; every file written whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from PIL import Image

from campaign.formats import SITE_WIDTHS
from campaign.model import Made, Output
from campaign.pictures.opening import measure_picture, open_picture, shrunk
from campaign.problems import Problem

PHOTO_ENDINGS = ("avif", "jpeg")
FLAT_ENDINGS = ("webp", "png")

# Options that Pillow does not know are ignored in silence: change these with a test beside them.
RECIPES: Mapping[str, Mapping[str, object]] = {
    # More than one thread changes the bytes.
    "avif": {"format": "AVIF", "quality": 60, "speed": 9, "max_threads": 1},
    "jpeg": {"format": "JPEG", "quality": 72, "optimize": True, "progressive": True, "subsampling": "4:2:0"},
    "webp": {"format": "WEBP", "lossless": True, "quality": 75, "method": 4, "exact": True},
    "png": {"format": "PNG", "optimize": True},
}
PAPER = (255, 255, 255)


def widths_for(source_width: int, widths: Sequence[int] = SITE_WIDTHS) -> tuple[int, ...]:
    """The widths to make, in pixels, rising; what is wider than the source becomes the source's own width."""
    return tuple(sorted({min(width, source_width) for width in widths}))


def resize_all(
    root: Path, source: Path, where: str, outputs: Sequence[Output], targets: Sequence[Path]
) -> list[Made | Problem]:
    """Makes outputs[n] at targets[n]. A source that cannot be used is one Problem, alone in the list."""
    size = measure_picture(root, source, where)
    if isinstance(size, Problem):
        return [size]
    wanted = [min(output.width or size[0], size[0]) for output in outputs]
    # LANCZOS overshoots at hard edges, and blur adds up from width to width: invisible, but it doubles a lossless
    # file. So flat art is shrunk by HAMMING, each width from the whole.
    is_lossless = all(output.format in FLAT_ENDINGS for output in outputs)
    resampling = Image.Resampling.HAMMING if is_lossless else Image.Resampling.LANCZOS
    picture = whole = open_picture(root, source, where, None if is_lossless else max(wanted), resampling)
    if isinstance(picture, Problem):
        return [picture]
    made: dict[int, Made | Problem] = {}
    encoded: dict[str, bytes | Problem] = {}
    for n in sorted(range(len(outputs)), key=lambda n: -wanted[n]):
        if picture.width != wanted[n]:
            larger = whole if is_lossless else picture
            picture = larger.resize(shrunk(size, wanted[n]), resampling, reducing_gap=3.0)
            encoded.clear()
        ending = outputs[n].format
        if ending not in encoded:
            encoded[ending] = _encode(picture, ending, where)
        made[n] = _write(encoded[ending], picture.size, outputs[n], targets[n])
    return [made[n] for n in range(len(outputs))]


def _encode(picture: Image.Image, ending: str, where: str) -> bytes | Problem:
    """The file's bytes, the same each time. Nothing is passed on but pixels."""
    file = BytesIO()
    try:
        _fit(picture, ending).save(file, **RECIPES[ending])
    except Exception as error:  # each encoder has its own kind for "too long and thin"
        shape = f"{picture.width} × {picture.height}"
        what = f"No {ending} picture of {shape} pixels can be made from it ({error})."
        return Problem(where, what, "Cut it to a usual shape.")
    return file.getvalue()


def _fit(picture: Image.Image, ending: str) -> Image.Image:
    """What the format can hold: JPEG knows no transparency; a PNG of few colours needs one byte a pixel."""
    if ending == "jpeg" and picture.mode == "RGBA":
        paper = Image.new("RGB", picture.size, PAPER)
        paper.paste(picture, mask=picture.getchannel("A"))
        return paper
    if ending == "png" and picture.mode == "RGB" and picture.getcolors(256):
        return picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=256, dither=Image.Dither.NONE)
    return picture


def _write(data: bytes | Problem, size: tuple[int, int], output: Output, target: Path) -> Made | Problem:
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
        what = f"The picture {target.name} cannot be written: {error.strerror}."
        return Problem(target.parent.as_posix(), what, "Make room on the disk, or check who may write there.")
    return Made(output, target, len(data), hashlib.sha256(data).hexdigest(), *size)


def is_flat(image: Image.Image) -> bool:
    """Whether it is drawn (few colours, or transparent), not photographed: text and lines need lossless files."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        return True
    # NEAREST invents no colours.
    small = image.convert("RGB").resize((min(image.width, 320), min(image.height, 320)), Image.Resampling.NEAREST)
    counts = sorted((count for count, _ in small.getcolors(320 * 320)), reverse=True)
    return len(counts) <= 32 or sum(counts[:16]) >= 0.6 * small.width * small.height
