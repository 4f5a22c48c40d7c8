"""Explains why a file can't be used as a picture, and how to fix it."""

from __future__ import annotations

import re
from pathlib import Path

from campaign.models.optional_parts import PARTS
from campaign.models.problem import Problem

COPY_AGAIN_FIX = "Copy the original again, and check that it opens in a picture viewer."
EXPORT_FIX = "Open it in the program that made it and export it as JPEG (photos) or PNG (drawings)."

HEIC = "an HEIC photo"
# File types by their first bytes; the first match counts.
KINDS = (
    (rb"\xff\xd8\xff|\x89PNG|RIFF....WEBP|....ftypavi[fs]|GIF8|II\*\0|MM\0\*", "", ""),
    (rb"%PDF", "a PDF", EXPORT_FIX),
    (rb"%!PS|\xc5\xd0\xd3\xc6", "an EPS or PostScript file", EXPORT_FIX),
    (rb"8BPS", "a Photoshop file", EXPORT_FIX),
    (
        rb"....ftyp(?:hei[cxms]|hev[cx]|mif1|msf1)",
        HEIC,
        f"Export it as JPEG (an iPhone: Settings, Camera, Formats, Most Compatible), or run: {PARTS['heic'].remedy}.",
    ),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "a JPEG XL picture", EXPORT_FIX),
    (rb"....ftyp|\x1aE\xdf\xa3", "a film", "Use a still picture: JPEG or PNG."),
    (rb"PK\x03\x04", "a zip archive or an office document", "Take the picture out of it and use that."),
    (rb"version https://git-lfs", "a Git LFS pointer, not the picture itself", "Run `git lfs pull`."),
    (
        rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml.*)?<(?:!doctype html|html|head|body)",
        "a web page",
        "Save the picture itself, not the page that shows it.",
    ),
    (
        rb"(?:\xef\xbb\xbf)?\s*<(?:svg|\?xml|!doctype svg|!--)",
        "an SVG or XML file",
        "Export it as PNG, three times its displayed width.",
    ),
)


class UnusableFileError(Exception):
    """Why a file cannot be used; `problem` adds the path."""

    def __init__(self, rule: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.rule, self.message, self.fix = rule, message, fix

    def problem(self, root: Path, path: Path, where: str) -> Problem:
        """Return the Problem of a fault; the message names the picture unless `where` already does."""
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
        subject = "The picture" if re.fullmatch(rf"{re.escape(name)}(:\d+)?", where) else f"The picture {name}"
        return Problem(self.rule, where, f"{subject} {self.message}", self.fix)


def refuse_what_is_no_file(path: Path) -> None:
    """Refuse a file that is missing or empty, a folder, or a pipe, which would hang when read.

    Raises:
        UnusableFileError: the file is one of these.
    """
    try:
        if not path.exists():
            raise _missing(path)
        if not path.is_file():
            raise UnusableFileError("file-unreadable", "is not a file.", "Put a JPEG or PNG file there.")
        if path.stat().st_size == 0:
            raise UnusableFileError("image-damaged", "is empty: it has 0 bytes.", COPY_AGAIN_FIX)
    except OSError as error:  # A symlink loop, an overlong name, an unreadable folder.
        raise not_readable() from error


def _missing(path: Path) -> UnusableFileError:
    same_names = [file.name for file in path.parent.glob("*") if file.name.lower() == path.name.lower()]
    if same_names:
        return UnusableFileError(
            "image-missing", "does not exist.", f"There is {same_names[0]}: capital letters count."
        )
    return UnusableFileError("image-missing", "does not exist.", "Add the file, or correct its name.")


def not_readable() -> UnusableFileError:
    """Return the fault of a file without read permission."""
    return UnusableFileError("file-unreadable", "cannot be read.", "Check who may read the file and its folder.")


def too_large(max_bytes: int, size: tuple[int, int] | None = None) -> UnusableFileError:
    """Return the fault of a picture with too many pixels."""
    size_text = f"has {size[0]} × {size[1]} pixels" if size else "says that it has more pixels than any camera makes"
    return UnusableFileError(
        "image-large",
        f"{size_text}; the most is {max_bytes // 1_000_000} million.",
        "Save it smaller: 4000 pixels wide is plenty.",
    )


def is_heic(path: Path) -> bool:
    """Return whether a file is an HEIC photo, which needs an optional library."""
    with path.open("rb") as file:
        start = file.read(64)
    return next((kind for pattern, kind, _ in KINDS if re.match(pattern, start, re.DOTALL | re.IGNORECASE)), "") == HEIC


def not_a_picture(path: Path, opens_heic: bool) -> UnusableFileError:
    """Return the fault of a file of another type, or with a damaged header."""
    with path.open("rb") as file:
        start = file.read(512)
    for pattern, kind, fix in KINDS:
        if re.match(pattern, start, re.DOTALL | re.IGNORECASE):
            is_supported = not kind or (kind == HEIC and opens_heic)
            return damaged(OSError("header")) if is_supported else UnusableFileError("image-kind", f"is {kind}.", fix)
    return UnusableFileError(
        "image-kind", "isn't in a supported format, despite its name.", "Use a JPEG, PNG, WebP, AVIF, GIF or TIFF file."
    )


def damaged(error: Exception) -> UnusableFileError:
    """Return the fault of a picture that the decoder rejects: cut off or damaged."""
    if isinstance(error, MemoryError):
        return UnusableFileError(
            "image-large",
            "needs more memory than this computer has free.",
            "Save it smaller: 4000 pixels wide is plenty.",
        )
    if "truncated" in str(error).lower() or isinstance(error, EOFError):
        return UnusableFileError("image-damaged", "is cut off: its end is missing.", COPY_AGAIN_FIX)
    return UnusableFileError("image-damaged", "is damaged: it cannot be read to its end.", COPY_AGAIN_FIX)


def suspect() -> UnusableFileError:
    """Return the fault of a picture that opens although its data is damaged, so part of it may be grey or shifted."""
    fix = "Look at it. If a part is grey or shifted, copy it again; otherwise save it again as JPEG."
    return UnusableFileError("image-damaged", "opens, but seems damaged somewhere in the middle.", fix)
