"""Convert any colour space to sRGB, which browsers and printers show alike."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms

from campaign.images.file_sniffing import UnusableFileError
from campaign.images.shrink import shrink

# The likeliest profile for CMYK without one; converting without a profile turns red into neon.
DEFAULT_CMYK_PROFILE = Path(__file__).parents[1] / "printing" / "profiles" / "FOGRA39L_coated.icc"
COLOUR_SPACES = {"L": "GRAY", "RGB": "RGB", "RGBA": "RGB", "CMYK": "CMYK"}
# The bytes of a profile with its date (ICC.1, “Profile header”).
CREATED = slice(24, 36)
NEW_YEAR_2000 = bytes.fromhex("07d0 0001 0001 0000 0000 0000")
FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION


def to_srgb(image: Image.Image, size: tuple[int, int], resampling: Image.Resampling) -> Image.Image:
    """Return an image in sRGB (mode L, RGB or RGBA) at a size in pixels; the image passed in must not be used again.

    Args:
        image: as Pillow opened it, with its profile.
        size: width and height; shrinking comes first, so that fewer pixels are converted.
        resampling: Pillow's filter.

    Raises:
        UnusableFileError: the colour space isn't supported.
    """
    profile = image.info.get("icc_profile")
    picture = plain_mode(image)
    if picture.size != size:
        # Width first, then height, like Pillow; freeing the decoded image in between saves a third of the memory.
        across = shrink(picture, (size[0], picture.height), resampling)
        picture.close()
        image.close()
        picture = shrink(across, size, resampling)
    transform = _transform(profile, picture.mode)
    if transform is None:
        return picture
    if picture.mode == "RGB" and _changes_little(transform):
        return picture
    return transform.apply(picture)


def plain_mode(image: Image.Image) -> Image.Image:
    """Return the picture as mode L, RGB, RGBA or CMYK with 8 bits per channel.

    Raises:
        UnusableFileError: the mode isn't supported.
    """
    if image.mode.startswith("I"):
        # A straight conversion clips everything above 255 to white.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if "transparency" in image.info or image.mode in ("LA", "La", "PA", "RGBA", "RGBa"):
        return image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    if image.mode in ("L", "RGB", "CMYK"):
        return image
    if image.mode in ("P", "YCbCr", "RGBX", "HSV"):
        return image.convert("RGB")
    raise UnusableFileError(
        "image-colours", f"has colours of a rare kind ({image.mode}).", "Save it with 8 bits a channel, in RGB."
    )


def _transform(profile: bytes | None, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Return the transform to sRGB, or None if none is needed; a broken profile is ignored, as in browsers."""
    output_mode = "RGBA" if mode == "RGBA" else "RGB"
    if profile and (embedded := _read(profile)) and embedded.profile.xcolor_space.strip() == COLOUR_SPACES[mode]:
        try:
            return _build(embedded, mode, output_mode)
        except ImageCms.PyCMSError:
            pass
    if mode != "CMYK":
        return None
    if not DEFAULT_CMYK_PROFILE.is_file():
        raise UnusableFileError("image-colours", "is CMYK without a colour profile.", "Save it in RGB.")
    return _build(ImageCms.ImageCmsProfile(str(DEFAULT_CMYK_PROFILE)), mode, output_mode)


def _read(profile: bytes) -> ImageCms.ImageCmsProfile | None:
    try:
        return ImageCms.ImageCmsProfile(BytesIO(profile))
    except (OSError, TypeError, ValueError, ImageCms.PyCMSError):
        return None


def _build(profile: ImageCms.ImageCmsProfile, mode: str, output_mode: str) -> ImageCms.ImageCmsTransform:
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    return ImageCms.buildTransform(profile, _srgb(), mode, output_mode, renderingIntent=intent, flags=FLAGS)


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@cache
def srgb_profile() -> bytes:
    """Return an sRGB profile to embed, always with the same bytes."""
    data = _srgb().tobytes()
    return data[: CREATED.start] + NEW_YEAR_2000 + data[CREATED.stop :]


def _changes_little(transform: ImageCms.ImageCmsTransform) -> bool:
    """Return whether a transform changes 216 sample colours by at most one step, as most sRGB profiles do."""
    steps = (0, 51, 102, 153, 204, 255)
    colours = bytes(value for red in steps for green in steps for blue in steps for value in (red, green, blue))
    after = transform.apply(Image.frombytes("RGB", (216, 1), colours)).tobytes()
    return all(abs(a - b) <= 1 for a, b in zip(colours, after, strict=True))
