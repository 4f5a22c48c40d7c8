"""Whatever colours a picture comes in, sRGB comes out: browsers and printers then agree about it."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms

from campaign.images.file_sniffing import Fault

# What CMYK without a profile most likely means; guessing without any turns red into neon.
USUAL_CMYK = Path(__file__).parents[1] / "printing" / "profiles" / "FOGRA39L_coated.icc"
SPACES = {"L": "GRAY", "RGB": "RGB", "RGBA": "RGB", "CMYK": "CMYK"}
FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION


def to_srgb(image: Image.Image, size: tuple[int, int], resampling: Image.Resampling) -> Image.Image:
    """A loaded image, which is used up, as L, RGB or RGBA in sRGB at that size. Shrinks first: less to convert.

    Args:
        image: as Pillow opened it, with its profile.
        size: width and height, in pixels.
        resampling: by which it is made smaller.

    Raises:
        Fault: its colours are of a rare kind, or CMYK without a profile.
    """
    profile = image.info.get("icc_profile")
    picture = plain_mode(image)
    if picture.size != size:
        # Across, then down, as Pillow does it too; between the two what was decoded is let go, a third of the memory.
        across = picture.resize((size[0], picture.height), resampling, reducing_gap=3.0)
        picture.close()
        image.close()
        picture = across.resize(size, resampling, reducing_gap=3.0)
    transform = _transform(profile, picture.mode)
    if transform is None:
        return picture
    if picture.mode == "RGB" and _changes_little(transform):
        return picture
    return transform.apply(picture)


def plain_mode(image: Image.Image) -> Image.Image:
    """The same picture as mode L, RGB, RGBA or CMYK, 8 bits a channel.

    Raises:
        Fault: its colours are of a rare kind.
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
    raise Fault(
        "image-colours", f"has colours of a rare kind ({image.mode}).", "Save it with 8 bits a channel, in RGB."
    )


def _transform(profile: bytes | None, mode: str) -> ImageCms.ImageCmsTransform | None:
    """To sRGB, or None where there is nothing to do. A broken profile counts as none, as in browsers."""
    out = "RGBA" if mode == "RGBA" else "RGB"
    if profile and (embedded := _read(profile)) and embedded.profile.xcolor_space.strip() == SPACES[mode]:
        try:
            return _build(embedded, mode, out)
        except ImageCms.PyCMSError:
            pass
    if mode != "CMYK":
        return None
    if not USUAL_CMYK.is_file():
        raise Fault("image-colours", "is CMYK without a colour profile.", "Save it in RGB.")
    return _build(ImageCms.ImageCmsProfile(str(USUAL_CMYK)), mode, out)


def _read(profile: bytes) -> ImageCms.ImageCmsProfile | None:
    try:
        return ImageCms.ImageCmsProfile(BytesIO(profile))
    except (OSError, TypeError, ValueError, ImageCms.PyCMSError):
        return None


def _build(profile: ImageCms.ImageCmsProfile, mode: str, out: str) -> ImageCms.ImageCmsTransform:
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    return ImageCms.buildTransform(profile, _srgb(), mode, out, renderingIntent=intent, flags=FLAGS)


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _changes_little(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether it leaves 216 colours as they are, within one step: most photos carry some sRGB profile."""
    steps = (0, 51, 102, 153, 204, 255)
    colours = bytes(value for red in steps for green in steps for blue in steps for value in (red, green, blue))
    after = transform.apply(Image.frombytes("RGB", (216, 1), colours)).tobytes()
    return all(abs(a - b) <= 1 for a, b in zip(colours, after, strict=True))
