"""Files in docs/ and assets/: portable names, and content that matches their suffix."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import astuple
from pathlib import Path

from PIL import Image

from campaign.cache.memo import Memo
from campaign.cache.store import hash_file
from campaign.checks.strays import BLANK, SNIFFED_BYTES, check_strays, is_chat, used_files
from campaign.cleaning.hidden import HiddenContentError
from campaign.content.clean_files import clean_data
from campaign.content.public_files import FOLDER as PUBLIC
from campaign.content.public_files import UnknownKindError, check_public, published_copy
from campaign.models.campaign import Campaign
from campaign.models.leftovers import is_leftover
from campaign.models.names import MAX_NAME_BYTES, is_portable
from campaign.models.problem import Problem
from campaign.plan.outputs import RASTERS
from campaign.printing.scripts import ENDINGS

DOCS = "docs"
FOLDERS = (DOCS, "assets", "public")
MIN_PIXELS = 8  # pixels
FONTS = "assets/fonts/"
FORMATS = {".png": "PNG", ".webp": "WEBP", ".gif": "GIF", ".avif": "AVIF"}
# The first bytes of recordings (RFC 3533, ID3v2, MPEG audio).
SOUNDS = {".opus": rb"OggS", ".ogg": rb"OggS", ".mp3": rb"ID3|\xff[\xe0-\xff]"}
SECRET_NAME = re.compile(
    r"(?:id_(?:rsa|dsa|ecdsa|ed25519)\w*|known_hosts|authorized_keys|\.env.*|\.netrc|_netrc|\.npmrc|\.pypirc|\.pgpass"
    r"|\.my\.cnf|\.git-credentials|\.htpasswd|\.(?:bash|zsh|sh|python|mysql|psql|sqlite)_history|wp-config\.php.*"
    r"|credentials?(?:\.(?!html?$).*)?|secrets?(?:\.(?!html?$).*)?)"
    r"|.*\.(?:pem|p12|pfx|ppk|jks|keystore|kdbx?|ovpn|eml|emlx|msg|mbox|pst|ost|sqlite3?|mdb|accdb|crypt\d+|sql)"
    r"|.*(?:whatsapp|telegram|signal|viber|messenger|\bwa[-_ ]|\bchat).*\.(?:txt|zip)",
    re.IGNORECASE,
)
SECRET_FOLDERS = frozenset([".git", ".svn", ".hg", ".bzr", ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker"])
SECRET_BEGIN = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY|PuTTY-User-Key-File|openssh-key-v1|SQLite format 3|From \S+@"
    rb"|(?:[\w-]+: [^\n]*\r?\n)*(?:Received|Return-Path|Message-ID|Delivered-To): ",
    re.IGNORECASE,
)
SECRET_INSIDE = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\b(?:gh[opsur]_|github_pat_|glpat-|nfp_)\w{20,}"
)
PUBLISHED_KINDS = "PDF, JPEG, PNG, WebP, SVG, MP3, DOCX, XLSX, PPTX"


def check_files(campaign: Campaign, memo: Memo | None = None) -> Iterator[Problem]:
    """Yield files with names that some systems refuse, or with content of another kind. `memo` caches results."""
    yield from check_public(campaign)
    memo = memo or Memo(None)
    results: list[str] = []
    used_paths = used_files(campaign)
    for folder in FOLDERS:
        for parent, folders, files in os.walk(campaign.root / folder):
            folders[:] = sorted(folder for folder in folders if not is_leftover(folder))
            files = [file for file in files if not is_leftover(file)]
            where = Path(parent).relative_to(campaign.root).as_posix()
            yield from _check_names(where, [*folders, *sorted(files)])
            for name in sorted([*folders, *files]):
                yield from _check_kind(f"{parent}/{name}", f"{where}/{name}")
            results += [f"{where}/{name}" for name in sorted(files) if folder != PUBLIC]
            for name in sorted(files):
                check = check_published if folder == PUBLIC else CONTENTS.get(Path(name).suffix.lower())
                # Unpublished files may be of any kind; they are reported as strays.
                if check and (folder != DOCS or f"{where}/{name}" in used_paths):
                    yield from _remembered(check, Path(parent, name), f"{where}/{name}", memo)
    yield from check_strays(campaign, results, used_paths)


def _remembered(check: _Check, path: Path, where: str, memo: Memo) -> Iterator[Problem]:
    try:
        key = f"{check.__name__} {where} {hash_file(path, where, memo)}"
    except OSError:
        return
    yield from (Problem(*row) for row in memo.get_or_make(key, lambda: [astuple(item) for item in check(path, where)]))


def _check_names(folder: str, names: list[str]) -> Iterator[Problem]:
    results: dict[str, str] = {}
    for name in names:
        where = f"{folder}/{name}"
        if not is_portable(name):
            message = "Some computers cannot have a file of this name."
            fix = f"Use letters, digits and hyphens, {MAX_NAME_BYTES} at most, and none of con, prn, aux, nul."
            yield Problem("name-not-portable", where, message, fix)
        first = results.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
        if first != name:
            message = f"On Windows and macOS this is the same file as `{first}`."
            yield Problem("name-case", where, message, "Rename one of the two.")


def _check_kind(path: str, where: str) -> Iterator[Problem]:
    """Check a path given as str: hundreds are checked, and a Path takes twice as long."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116
    except OSError:
        if os.path.islink(path):  # noqa: PTH114
            message = "This is not a file that can be read."
            yield Problem("file-unreadable", where, message, "Put an ordinary file in its place.")
        return  # other kinds are checked by their users
    if stat.S_ISDIR(mode) and os.path.islink(path):  # noqa: PTH114
        message = "This is a link to a folder; files in it aren't read."
        yield Problem("link-to-folder", where, message, "Put the folder itself here.")
    elif not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
        message = "This is not a file that can be read."
        yield Problem("file-unreadable", where, message, "Put an ordinary file in its place.")


def _check_drawing(path: Path, where: str) -> list[Problem]:
    from campaign.printing.art import read_drawing  # 0.03 s to import, and most files are cached

    drawing = read_drawing(path, where)
    return drawing if isinstance(drawing, list) else list(drawing.doubts)


def _check_sound(path: Path, where: str) -> list[Problem]:
    with path.open("rb") as file:
        start = file.read(4)
    if re.match(SOUNDS[path.suffix.lower()], start):
        return _check_whole(path, where)
    message = f"This isn't the kind of recording that its ending {path.suffix} says."
    return [Problem("recording-kind", where, message, "Save it again as that kind, or rename it.")]


def _check_whole(path: Path, where: str) -> list[Problem]:
    return _check_cleaning(where, lambda: clean_data(path.read_bytes(), path.name.lower()))


def _check_cleaning(where: str, clean: Callable[[], object]) -> list[Problem]:
    """Return why a file can't be published without metadata."""
    try:
        clean()
    except HiddenContentError as error:
        message = f"This file holds {error}, which readers don't see, but could find."
        fix = "Take that out in the program that made the file, and export it again."
    except UnknownKindError:
        message = "Files of this kind can hold names, places and comments that aren't removed here."
        fix = f"Save it as {PUBLISHED_KINDS} or plain text, or link to it on another site."
    except (ValueError, SyntaxError):
        message = "This file is damaged, protected or animated: metadata can't be removed, so it can't be published."
        fix = "Save it again, without a password, or replace it."
    else:
        return []
    return [Problem("file-not-cleanable", where, message, fix)]


def _check_font(path: Path, where: str) -> list[Problem]:
    from campaign.printing.fonts import font_fault

    fault = font_fault(path) if where == FONTS + path.name else ""
    fix = "Copy the original again, or remove it."
    return [Problem("font-broken", where, f"This font cannot be used: {fault}.", fix)] if fault else []


def _check_picture(path: Path, where: str) -> list[Problem]:
    from campaign.images.open import count_frames, measure_picture

    size = measure_picture(Path(path.as_posix().removesuffix(where)), path, where)
    if isinstance(size, Problem):
        return [size]
    with Image.open(path) as image:
        kind = image.format
    expected = FORMATS[path.suffix.lower()]
    if kind != expected:
        message = f"The ending says {expected}, and the file is {kind}."
        return [Problem("image-kind", where, message, "Rename it, or save it again as what its name says.")]
    if min(size) < MIN_PIXELS:
        message = f"The picture is {size[0]} × {size[1]} pixels: too small to see anything."
        return [Problem("image-tiny", where, message, "Put a larger one in its place.")]
    if (frames := count_frames(path)) > 1:
        message = f"The file holds {frames} pictures (an animation, or pages): every output shows only the first."
        return [Problem("image-frames", where, message, "If another one is meant, save it as a file of its own.")]
    return []


_Check = Callable[[Path, str], list[Problem]]
CONTENTS: dict[str, _Check] = {
    ".svg": _check_drawing,
    **dict.fromkeys(SOUNDS, _check_sound),
    ".pdf": _check_whole,
    **dict.fromkeys(ENDINGS, _check_font),
    **dict.fromkeys(set(RASTERS) & set(FORMATS), _check_picture),
}


def check_published(path: Path, where: str) -> list[Problem]:
    """Return why a file of public/ can't be published. `where`: its path from the campaign's root."""
    folders, name = where.lower().split("/")[:-1], path.name
    if SECRET_FOLDERS & {*folders} or SECRET_NAME.fullmatch(name) or _holds_secret(path):
        message = f"`{name}` may be a key, password, message or database, and all of public/ is published."
        fix = "Move it out of the campaign, and change what it opens if it was published."
        return [Problem("file-private", where, message, fix)]
    drawing_problems = _check_drawing(path, where) if name.lower().endswith(".svg") else []
    return drawing_problems or _check_cleaning(
        where, lambda: published_copy(Path(path.as_posix().removesuffix(where)), where)
    )


def _holds_secret(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(SNIFFED_BYTES)
    return bool(SECRET_BEGIN.match(start.lstrip(BLANK)) or SECRET_INSIDE.search(start)) or is_chat(start)
