"""Photos as a campaign stores them: without metadata, and redacted.

The photo folder is copied, packed and pushed to hosts, so camera data and covered faces must not be in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image

from campaign.cleaning.photo import NotRewritable, clean_photo
from campaign.images.open import REDACTION_RGB, open_picture, orientation_of
from campaign.images.recipes import Region
from campaign.models.problem import Problem

QUALITY = 95
# Formats that are kept when a photo is re-encoded; others become JPEG, or PNG if transparent.
KEPT_FORMATS = {".png": "PNG", ".webp": "WEBP"}
# Tolerance for a redacted region's colour, since JPEG blurs edges.
MAX_DIFFERENCE = 12
EDGE_PX = 4


def stored_photo(folder: Path, file: Path, redact: Sequence[Region] = ()) -> tuple[bytes, str] | Problem:
    """Return the bytes and extension of a photo to store; the pixels are unchanged unless it is redacted or converted.

    Args:
        folder: of the photo.
        file: the original photo.
        redact: regions to paint over.
    """
    if not redact:
        try:
            return clean_photo(file.read_bytes(), orientation_of(file)), _ending(file)
        except NotRewritable:
            pass
    picture = open_picture(folder, file, file.name, redact=redact)
    if isinstance(picture, Problem):
        return picture
    kind = KEPT_FORMATS.get(_ending(file), "PNG" if picture.mode == "RGBA" else "JPEG")
    buffer = BytesIO()
    lossy = {"quality": QUALITY}
    options = {"JPEG": {**lossy, "subsampling": 0}, "WEBP": {**lossy, "method": 4}, "PNG": {}}
    picture.save(buffer, kind, **options[kind])
    return buffer.getvalue(), {"JPEG": ".jpg", "WEBP": ".webp", "PNG": ".png"}[kind]


def _ending(file: Path) -> str:
    """Return the extension of the file's name, which is kept because other files refer to it."""
    return file.suffix.lower()


def is_covered(folder: Path, file: Path, redact: Sequence[Region]) -> bool:
    """Return whether each region is redacted in the file itself; True if it cannot be read (reported elsewhere)."""
    picture = open_picture(folder, file, file.name) if redact else None
    if not isinstance(picture, Image.Image):
        return True
    return all(_is_painted(picture, region) for region in redact)


def _is_painted(picture: Image.Image, region: Region) -> bool:
    box = [round(share * side) for share, side in zip(region, picture.size * 2, strict=True)]
    inset = min(EDGE_PX, (box[2] - box[0]) // 4, (box[3] - box[1]) // 4)
    inner_box = (box[0] + inset, box[1] + inset, max(box[2] - inset, box[0] + 1), max(box[3] - inset, box[1] + 1))
    cut = picture.convert("RGB").crop(inner_box)
    lowest, highest = (tuple(end - REDACTION_RGB[0] for end in ends) for ends in _extremes(cut))
    return min(lowest) >= -MAX_DIFFERENCE and max(highest) <= MAX_DIFFERENCE


def _extremes(picture: Image.Image) -> tuple[bytes, bytes]:
    """Return the minimum and maximum of each band."""
    values = [band.tobytes() for band in picture.split()]
    return bytes(map(min, values)), bytes(map(max, values))
