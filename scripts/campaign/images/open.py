"""Opens any file that an editor gives: returns a clean sRGB picture, or one Problem.

The order matters: refuse by header, decode once (at a reduced size if the format can), redact, shrink, convert colours,
rotate, drop metadata. Redacting comes before shrinking so that no smaller copy shows a covered region.
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
from campaign.images.file_sniffing import UnusableFileError
from campaign.images.recipes import Region
from campaign.models.problem import Problem

# Named explicitly, because Pillow would pass an EPS with any extension to Ghostscript, and with their plugins, because
# Pillow would load all of them. JPEG covers MPO.
FORMATS = {
    "JPEG": JpegImagePlugin,
    "PNG": PngImagePlugin,
    "WEBP": WebPImagePlugin,
    "AVIF": AvifImagePlugin,
    "GIF": GifImagePlugin,
    "TIFF": TiffImagePlugin,
}
ENDINGS = {"JPEG": ".jpg", "MPO": ".jpg", "TIFF": ".tif", "HEIF": ".heic"}
MAX_PIXELS = 120_000_000
# A progressive JPEG normally has about ten scans. A thousand fit into 20 kB and take minutes to decode.
MAX_JPEG_SCANS = 30
START_OF_SCAN = b"\xff\xda"
ORIENTATION = 0x112
# libjpeg's warnings about damaged data, and about unusual but harmless markers before the data.
DAMAGE_MESSAGE = re.compile(
    r"(?:corrupt jpeg data|premature end)(?!.*(?:icc marker|before marker 0x(?:c[0-2]|d[bd]|e|fe)))", re.I
)
REDACTION_RGB = (110, 110, 110)
REDACTION_COLOURS: Mapping[str, int | tuple[int, ...]] = {
    "L": 110,
    "RGB": REDACTION_RGB,
    "RGBA": (110, 110, 110, 255),
    "CMYK": (0, 0, 0, 145),
}

# Pillow logs some errors as well as raising them; one Problem is enough.
logging.getLogger("PIL").addHandler(logging.NullHandler())

ROTATIONS = {
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
    """Return the first frame, upright, in sRGB, without metadata: mode L, RGB, or RGBA if any pixel is transparent.

    Args:
        root: the campaign's folder.
        path: of the picture.
        where: the path from the root, for problems.
        width: the largest width to return, in pixels; pictures are never enlarged.
        resampling: Pillow's filter.
        redact: regions to paint over before shrinking, as shares of the upright picture (left, top, right, bottom, from
            0 to 1).
    """
    try:
        with _open_image(path) as image:
            return _clean(image, path, width, resampling, redact)
    except UnusableFileError as fault:
        return fault.problem(root, path, where)


def measure_picture(root: Path, path: Path, where: str) -> tuple[int, int] | Problem:
    """Return width and height in pixels after Exif rotation, from the header only."""
    try:
        with _open_image(path) as image:
            return _upright_size(image, _orientation(image, path))
    except UnusableFileError as fault:
        return fault.problem(root, path, where)


def count_frames(path: Path) -> int:
    """Return how many pictures a file holds: an animation or several pages; 1 if it cannot be read.

    The second picture of a phone's JPEG (MPO) is a preview or a depth map, which doesn't count.
    """
    try:
        with _open_image(path) as image:
            return 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
    except UnusableFileError:
        return 1


def picture_ending(root: Path, path: Path, where: str) -> str | Problem:
    """Return the extension that fits a picture's content ('.jpg'), after decoding it completely.

    Args:
        root: the campaign's folder.
        path: of the picture.
        where: the path for problems.
    """
    try:
        with _open_image(path) as image:
            kind = image.format or ""
            _clean(image, path, 64, Image.Resampling.BOX)
            return ENDINGS.get(kind, f".{kind.lower()}")
    except UnusableFileError as fault:
        return fault.problem(root, path, where)


def orientation_of(path: Path) -> int:
    """Return the Exif orientation, 1 to 8; 1 if it cannot be read."""
    try:
        with _open_image(path) as image:
            return _orientation(image, path)
    except UnusableFileError:
        return 1


@cache
def _formats() -> tuple[str, ...]:
    """Return the formats that can be opened, with HEIC if pillow-heif is installed."""
    try:
        import pillow_heif
    except ImportError:
        return tuple(FORMATS)
    pillow_heif.register_heif_opener(thumbnails=False)
    return (*FORMATS, "HEIF")


@contextmanager
def _open_image(path: Path) -> Iterator[Image.Image]:
    """Open a file after checking its header; any error inside the block becomes a Fault."""
    wrong_kinds.refuse_what_is_no_file(path)
    try:
        with warnings.catch_warnings():
            # Pillow's limit is global and only warns; ours is below and stops.
            warnings.simplefilter("ignore")
            with Image.open(path, formats=_formats()) as image:
                _refuse_bomb(image, path)
                yield image
    except UnusableFileError:
        raise
    except Image.DecompressionBombError as error:
        raise wrong_kinds.too_large(MAX_PIXELS) from error
    except UnidentifiedImageError as error:
        raise wrong_kinds.not_a_picture(path, "HEIF" in _formats()) from error
    except PermissionError as error:
        raise wrong_kinds.not_readable() from error
    except Exception as error:  # Decoders raise almost anything: OSError, SyntaxError, struct.error, MemoryError.
        raise wrong_kinds.damaged(error) from error


def _refuse_bomb(image: Image.Image, path: Path) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise wrong_kinds.too_large(MAX_PIXELS, image.size)
    if image.format in ("JPEG", "MPO") and path.read_bytes().count(START_OF_SCAN) > MAX_JPEG_SCANS:
        raise UnusableFileError(
            "image-damaged", "has more passes than any program writes.", "Save it again as a plain JPEG."
        )


def _clean(
    image: Image.Image,
    path: Path,
    width: int | None,
    resampling: Image.Resampling,
    redact: Sequence[Region] = (),
) -> Image.Image:
    orientation = _orientation(image, path)
    upright_size = _upright_size(image, orientation)
    size = shrunk(upright_size, min(width or upright_size[0], upright_size[0]))
    stored = size[::-1] if orientation >= 5 else size
    if redact:
        # Not draft(), which would blend pixels before they are redacted.
        _load(image, path)
        picture = plain_mode(image)
        if orientation in ROTATIONS:
            picture = picture.transpose(ROTATIONS[orientation])
        for region in redact:
            _paint_over(picture, region)
        return forget(to_srgb(picture, size, resampling))
    image.draft(None, stored)
    _load(image, path)
    picture = to_srgb(image, stored, resampling)
    if orientation in ROTATIONS:
        picture = picture.transpose(ROTATIONS[orientation])
    return forget(picture)


def _load(image: Image.Image, path: Path) -> None:
    image.load()
    _refuse_bomb(image, path)
    if image.format in ("JPEG", "MPO"):
        _refuse_damaged_jpeg(path)


def _refuse_damaged_jpeg(path: Path) -> None:
    """Decode a JPEG again, at an eighth of its size, with a decoder that reports damage.

    libjpeg paints damaged parts grey and only warns, and Pillow drops the warning.
    """
    from simplejpeg import decode_jpeg  # numpy takes 0.2 s to load

    try:
        decode_jpeg(path.read_bytes(), min_height=1, min_width=1, min_factor=8)
    except ValueError as error:
        if DAMAGE_MESSAGE.search(str(error)):
            raise wrong_kinds.suspect() from error


def _paint_over(picture: Image.Image, region: Region) -> None:
    """Paint one colour over every pixel that the region touches, so that nothing can be reconstructed."""
    left, top, right, bottom = region
    width, height = picture.size
    box = (
        *(math.floor(left * width), math.floor(top * height)),
        *(math.ceil(right * width), math.ceil(bottom * height)),
    )
    picture.paste(REDACTION_COLOURS[picture.mode], box)


def shrunk(size: tuple[int, int], width: int) -> tuple[int, int]:
    """Return a size of the given width with the same aspect ratio, in pixels."""
    return width, max(1, round(size[1] * width / size[0]))


def forget(picture: Image.Image) -> Image.Image:
    """Return a copy without metadata that a later save could pick up, and without colours under transparent pixels."""
    if picture.mode == "RGBA":
        alpha = picture.getchannel("A")
        if alpha.getextrema() == (255, 255):
            picture = picture.convert("RGB")
        else:
            picture.paste((0, 0, 0, 0), mask=alpha.point(lambda value: 255 if value == 0 else 0))
    # An image backed by a file is closed with the file; any other is already ours.
    image = picture.copy() if isinstance(picture, ImageFile) else picture
    image.info = {}
    return image


def _upright_size(image: Image.Image, orientation: int) -> tuple[int, int]:
    return image.size[::-1] if orientation >= 5 else image.size


def _orientation(image: Image.Image, path: Path) -> int:
    """Return the orientation, 1 to 8, from Exif or XMP; 1 if it is missing or invalid."""
    if image.format == "TIFF":
        return 1  # Pillow rotates these itself.
    if image.format == "PNG" and "exif" not in image.info:
        image.info["exif"] = _png_exif(path)
    try:
        # Not image.getexif(), which would decode a whole PNG.
        value = Image.Image.getexif(image).get(ORIENTATION, 1)
    except Exception:  # Broken Exif is common and harmless to the pixels.
        return 1
    return value if value in ROTATIONS else 1


def _png_exif(path: Path) -> bytes | None:
    """Return the eXIf chunk of a PNG; it may come after the pixels."""
    with path.open("rb") as file:
        file.seek(8)
        while len(head := file.read(8)) == 8:
            length, name = int.from_bytes(head[:4]), head[4:]
            if name == b"eXIf":
                return b"Exif\0\0" + file.read(min(length, 65536))
            file.seek(length + 4, 1)
    return None
