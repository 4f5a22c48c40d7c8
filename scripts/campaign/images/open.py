"""Opens any file that an editor gives, safely: what comes out is a clean sRGB picture, or one Problem.

The order matters: refuse by header, decode once (small, where the format can), shrink, colours, upright, forget.
Whatever has to be painted over is painted between decoding and shrinking, so that no smaller copy shows it.
"""

from __future__ import annotations

import logging
import math
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)
from PIL.ImageFile import ImageFile

from campaign.images import file_sniffing as wrong_kinds
from campaign.images.colours import plain_mode, to_srgb
from campaign.images.file_sniffing import Fault
from campaign.images.recipes import Region
from campaign.models.problem import Problem

# Named, because Pillow would otherwise hand an EPS to Ghostscript whatever its ending, and with what reads them,
# because it would otherwise load all that it can read. JPEG covers MPO.
FORMATS = {
    "JPEG": JpegImagePlugin,
    "PNG": PngImagePlugin,
    "WEBP": WebPImagePlugin,
    "AVIF": AvifImagePlugin,
    "GIF": GifImagePlugin,
    "TIFF": TiffImagePlugin,
}
ENDINGS = {"JPEG": ".jpg", "MPO": ".jpg", "TIFF": ".tif", "HEIF": ".heic"}
MOST_PIXELS = 120_000_000
# A progressive JPEG has about ten passes over all its pixels. A thousand fit into 20 kB and take minutes to decode.
MAX_JPEG_SCANS = 30
START_OF_SCAN = b"\xff\xda"
ORIENTATION = 0x112
# What libjpeg says of data that do not add up, and of marks that are odd but harmless: those stand before the data.
DAMAGE = re.compile(
    r"(?:corrupt jpeg data|premature end)(?!.*(?:icc marker|before marker 0x(?:c[0-2]|d[bd]|e|fe)))", re.I
)
PAINTED = (110, 110, 110)
PAINT: Mapping[str, int | tuple[int, ...]] = {
    "L": 110,
    "RGB": PAINTED,
    "RGBA": (110, 110, 110, 255),
    "CMYK": (0, 0, 0, 145),
}

# Pillow logs some faults of a file besides raising them; one Problem is enough.
logging.getLogger("PIL").addHandler(logging.NullHandler())

UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def open_picture(
    root: Path,
    path: Path,
    where: str,
    width: int | None = None,
    resampling: Image.Resampling = Image.Resampling.LANCZOS,
    redact: Sequence[Region] = (),
) -> Image.Image | Problem:
    """The first frame, upright, in sRGB, without metadata: mode L, RGB or RGBA (really transparent).

    Args:
        root: the campaign's folder.
        path: of the picture.
        where: the same as problems name it, from the root.
        width: pixels; the picture comes back no wider than that, and never wider than it is.
        resampling: by which it is made smaller.
        redact: what is painted over, as shares of the picture as it is seen (left, top, right, bottom, from 0 to 1),
            before anything is made smaller.
    """
    try:
        with _opened(path) as image:
            return _clean(image, path, width, resampling, redact)
    except Fault as fault:
        return fault.problem(root, path, where)


def measure_picture(root: Path, path: Path, where: str) -> tuple[int, int] | Problem:
    """Width and height in pixels as a reader sees it, from the header alone."""
    try:
        with _opened(path) as image:
            return _upright_size(image, _orientation(image, path))
    except Fault as fault:
        return fault.problem(root, path, where)


def picture_ending(root: Path, path: Path, where: str) -> str | Problem:
    """The ending that a picture's content asks for ('.jpg'), whatever its name says; it is decoded to its end.

    Args:
        root: the campaign's folder.
        path: of the picture.
        where: as a problem names it.
    """
    try:
        with _opened(path) as image:
            kind = image.format or ""
            _clean(image, path, 64, Image.Resampling.BOX)
            return ENDINGS.get(kind, f".{kind.lower()}")
    except Fault as fault:
        return fault.problem(root, path, where)


def orientation_of(path: Path) -> int:
    """How a viewer turns a picture: 1 to 8, as Exif counts; 1 where it cannot be read."""
    try:
        with _opened(path) as image:
            return _orientation(image, path)
    except Fault:
        return 1


@cache
def _formats() -> tuple[str, ...]:
    """What can be opened here: HEIC too, where somebody installed what it needs (pillow-heif)."""
    try:
        import pillow_heif
    except ImportError:
        return tuple(FORMATS)
    pillow_heif.register_heif_opener(thumbnails=False)
    return (*FORMATS, "HEIF")


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """The file's header read and found harmless. Any failure in the block too becomes a Fault."""
    wrong_kinds.refuse_what_is_no_file(path)
    try:
        with warnings.catch_warnings():
            # Pillow's own limits are global and soft; ours is below, and hard.
            warnings.simplefilter("ignore")
            with Image.open(path, formats=_formats()) as image:
                _refuse_bomb(image, path)
                yield image
    except Fault:
        raise
    except Image.DecompressionBombError as error:
        raise wrong_kinds.too_large(MOST_PIXELS) from error
    except UnidentifiedImageError as error:
        raise wrong_kinds.not_a_picture(path, "HEIF" in _formats()) from error
    except PermissionError as error:
        raise wrong_kinds.not_readable() from error
    except Exception as error:  # decoders raise nearly every kind: OSError, SyntaxError, struct.error, MemoryError
        raise wrong_kinds.damaged(error) from error


def _refuse_bomb(image: Image.Image, path: Path) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise wrong_kinds.too_large(MOST_PIXELS, image.size)
    if image.format in ("JPEG", "MPO") and path.read_bytes().count(START_OF_SCAN) > MAX_JPEG_SCANS:
        raise Fault("image-damaged", "has more passes than any program writes.", "Save it again as a plain JPEG.")


def _clean(
    image: Image.Image,
    path: Path,
    width: int | None,
    resampling: Image.Resampling,
    redact: Sequence[Region] = (),
) -> Image.Image:
    orientation = _orientation(image, path)
    seen = _upright_size(image, orientation)
    size = shrunk(seen, min(width or seen[0], seen[0]))
    stored = size[::-1] if orientation >= 5 else size
    if redact:
        # Not by draft(), which would mix pixels before they are painted over.
        _load(image, path)
        picture = plain_mode(image)
        if orientation in UPRIGHT:
            picture = picture.transpose(UPRIGHT[orientation])
        for region in redact:
            _paint_over(picture, region)
        return forget(to_srgb(picture, size, resampling))
    image.draft(None, stored)
    _load(image, path)
    picture = to_srgb(image, stored, resampling)
    if orientation in UPRIGHT:
        picture = picture.transpose(UPRIGHT[orientation])
    return forget(picture)


def _load(image: Image.Image, path: Path) -> None:
    image.load()
    _refuse_bomb(image, path)
    if image.format in ("JPEG", "MPO"):
        _refuse_damaged_jpeg(path)


def _refuse_damaged_jpeg(path: Path) -> None:
    """Decodes a JPEG once more, at an eighth, by what heeds damage.

    Where the middle of a JPEG is damaged libjpeg paints grey and only warns, and Pillow drops the warning.
    """
    from simplejpeg import decode_jpeg  # numpy takes 0.2 s to load

    try:
        decode_jpeg(path.read_bytes(), min_height=1, min_width=1, min_factor=8)
    except ValueError as error:
        if DAMAGE.search(str(error)):
            raise wrong_kinds.suspect() from error


def _paint_over(picture: Image.Image, region: Region) -> None:
    """One colour over every pixel that the region touches: nothing of them is left to be worked out."""
    left, top, right, bottom = region
    width, height = picture.size
    box = (
        *(math.floor(left * width), math.floor(top * height)),
        *(math.ceil(right * width), math.ceil(bottom * height)),
    )
    picture.paste(PAINT[picture.mode], box)


def shrunk(size: tuple[int, int], width: int) -> tuple[int, int]:
    """A size at that width, in the same shape. All are pixels."""
    return width, max(1, round(size[1] * width / size[0]))


def forget(picture: Image.Image) -> Image.Image:
    """A bare copy: no comment, profile or Exif for a later save to pick up, nothing beneath what is transparent."""
    if picture.mode == "RGBA":
        alpha = picture.getchannel("A")
        if alpha.getextrema() == (255, 255):
            picture = picture.convert("RGB")
        else:
            picture.paste((0, 0, 0, 0), mask=alpha.point(lambda value: 255 if value == 0 else 0))
    # What was opened is closed with its file; all else is ours already.
    bare = picture.copy() if isinstance(picture, ImageFile) else picture
    bare.info = {}
    return bare


def _upright_size(image: Image.Image, orientation: int) -> tuple[int, int]:
    return image.size[::-1] if orientation >= 5 else image.size


def _orientation(image: Image.Image, path: Path) -> int:
    """1 to 8, by Exif or XMP; 1 where it is not said or makes no sense."""
    if image.format == "TIFF":
        return 1  # Pillow turns these itself, size included
    if image.format == "PNG" and "exif" not in image.info:
        image.info["exif"] = _png_exif(path)
    try:
        # Not image.getexif(): for a PNG that would decode all of it.
        value = Image.Image.getexif(image).get(ORIENTATION, 1)
    except Exception:  # broken Exif is common and says nothing about the pixels
        return 1
    return value if value in UPRIGHT else 1


def _png_exif(path: Path) -> bytes | None:
    """The eXIf chunk, wherever it stands: the standard allows it after the pixels too."""
    with path.open("rb") as file:
        file.seek(8)
        while len(head := file.read(8)) == 8:
            length, name = int.from_bytes(head[:4]), head[4:]
            if name == b"eXIf":
                return b"Exif\0\0" + file.read(min(length, 65536))
            file.seek(length + 4, 1)
    return None
