"""Photos as a campaign keeps them: without metadata, and with everything painted over that nobody may see.

The folder of photos is copied, packed and pushed to hosts. What a camera wrote, and faces that are painted over in
every picture, stay out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image

from campaign.cleaning.photo import NotRewritable, clean_photo
from campaign.images.open import PAINTED, open_picture, orientation_of
from campaign.images.recipes import Region
from campaign.models.problem import Problem

QUALITY = 95
# Kinds that stay what they are where they have to be encoded anew; all others become JPEG, or PNG where clear.
SAME = {".png": "PNG", ".webp": "WEBP"}
# How far a painted region may be from its colour: JPEG blurs edges.
MAX_DIFFERENCE, EDGE = 12, 4


def stored_photo(folder: Path, file: Path, redact: Sequence[Region] = ()) -> tuple[bytes, str] | Problem:
    """(bytes, ending) of a photo as it is kept; the same pixels where nothing is painted over and the kind allows.

    Args:
        folder: in which it lies, as problems name it.
        file: the photo as somebody gave it.
        redact: what is painted over.
    """
    if not redact:
        try:
            return clean_photo(file.read_bytes(), orientation_of(file)), _ending(file)
        except NotRewritable:
            pass
    picture = open_picture(folder, file, file.name, redact=redact)
    if isinstance(picture, Problem):
        return picture
    kind = SAME.get(_ending(file), "PNG" if picture.mode == "RGBA" else "JPEG")
    made = BytesIO()
    lossy = {"quality": QUALITY}
    options = {"JPEG": {**lossy, "subsampling": 0}, "WEBP": {**lossy, "method": 4}, "PNG": {}}
    picture.save(made, kind, **options[kind])
    return made.getvalue(), {"JPEG": ".jpg", "WEBP": ".webp", "PNG": ".png"}[kind]


def _ending(file: Path) -> str:
    """As its name has it, which is kept: other files name the photo by it."""
    return file.suffix.lower()


def is_covered(folder: Path, file: Path, redact: Sequence[Region]) -> bool:
    """Whether each region is painted over in the file itself; True where it cannot be read, which is told elsewhere."""
    picture = open_picture(folder, file, file.name) if redact else None
    if not isinstance(picture, Image.Image):
        return True
    return all(_is_painted(picture, region) for region in redact)


def _is_painted(picture: Image.Image, region: Region) -> bool:
    box = [round(share * side) for share, side in zip(region, picture.size * 2, strict=True)]
    inset = min(EDGE, (box[2] - box[0]) // 4, (box[3] - box[1]) // 4)
    inside = (box[0] + inset, box[1] + inset, max(box[2] - inset, box[0] + 1), max(box[3] - inset, box[1] + 1))
    cut = picture.convert("RGB").crop(inside)
    lowest, highest = (tuple(each - PAINTED[0] for each in ends) for ends in _extremes(cut))
    return min(lowest) >= -MAX_DIFFERENCE and max(highest) <= MAX_DIFFERENCE


def _extremes(picture: Image.Image) -> tuple[bytes, bytes]:
    """The darkest and the lightest value of each band."""
    values = [band.tobytes() for band in picture.split()]
    return bytes(map(min, values)), bytes(map(max, values))
