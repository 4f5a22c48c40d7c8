"""Fingerprints of the program, one for each part that makes outputs: a changed part makes only its own outputs stale.

A part is the code that a maker may import, which the import contracts in pyproject.toml fix, and the libraries that
this code uses. Fonts and pillow-heif are in no part: a piece records the font files that it is set with, a picture
records the decoder of HEIC where its source is one.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, lru_cache
from typing import Literal

from campaign.cache.atomic import WORK, files_below
from campaign.cache.extensions import extension_stamps
from campaign.models.shipped import PACKAGE, shipped_folder

Part = Literal["site", "prints", "pictures", "packs", "cleaned", "keys", "store", "outputs", "everything"]
# Modules that every maker may import: the layers below them. `reading` parses a campaign.
_SHARED = ("models/", "document/", "schema/", "skeleton/", "cache/", "graph/", "cleaning/", "content/", "plan/")
_PRINTS = (
    *(*_SHARED, "printing/", "pipeline/jobs.py", "checks/outside.py", "checks/painted.py", "checks/prints.py"),
    "checks/struck.py",
)
_PACKS = (*_SHARED, "packs/", "pipeline/jobs.py")
# Part -> beginnings of names below the package; '' for all of it.
PARTS: dict[Part, tuple[str, ...]] = {
    "site": (*_SHARED, "website/"),
    "prints": _PRINTS,
    "pictures": (*_SHARED, "images/", "pipeline/image_jobs.py"),
    "packs": _PACKS,
    "cleaned": ("models/", "cache/", "cleaning/", "content/clean_files.py"),
    "keys": (*_PRINTS, *_PACKS, "pipeline/keys.py"),
    "store": ("models/", "cache/", "pipeline/"),
    "outputs": ("",),
    "everything": ("",),
}
WITH_OVERRIDES = ("site", "outputs", "everything")
# Installed libraries may change the fonts of a piece and the results of checks.
WITH_OPTIONAL = ("keys", "everything")
# Layers above those that build outputs: their code can't affect an output.
UNHASHED = ("cli/", "desk/", "serve/", "publishing/", f"skeleton/{WORK}/")
# Libraries that shape outputs, with those that they bring along, by the folder that uses them.
LIBRARIES = {
    "models/": ("msgspec",),
    "graph/": ("msgspec",),
    "document/": ("icu4py", "nh3", "pyromark"),
    "schema/": ("msgspec", "pyyaml"),
    "cleaning/": ("lxml", "pikepdf", "pillow", "tinycss2", "webencodings"),
    "content/": ("babel", "lxml", "markdown", "msgspec", "phonenumberslite", "pyyaml"),
    "website/": (
        *("icu4py", "jinja2", "lxml", "markupsafe", "minify-html", "mkdocs", "mkdocs-material", "mkdocs-static-i18n"),
        *("msgspec", "pillow", "selectolax", "tinycss2", "webencodings"),
    ),
    "printing/": ("budoux", "fonttools", "icu4py", "lxml", "msgspec", "pikepdf", "pillow", "segno", "typst"),
    "images/": ("cykooz-resizer", "pillow", "pypdfium2", "simplejpeg"),
    "packs/": ("lxml", "msgspec", "pikepdf", "python-docx", "python-pptx"),
    "exchange/": ("babel", "jinja2", "lxml", "msgspec", "openpyxl", "pikepdf", "polib", "python-docx", "pyyaml"),
    "checks/": ("ftfy", "jinja2", "msgspec", "numpy", "pikepdf", "pillow", "py3langid", "pypdfium2"),
    "pipeline/": ("msgspec", "pikepdf", "pillow", "pypdfium2"),
}
# Libraries that only some outputs use, which record them: by the beginnings of their names.
OPTIONAL = ("fontpkg-", "justmytype-", "pillow-heif")
_Stamp = tuple[str, str, int, int]  # name, path, bytes, nanoseconds since 1970
INSTALLED = re.compile(r"(.+?)-([^-]+)\.(?:dist|egg)-info$")


@cache
def program_hash(part: Part = "everything") -> str:
    """The fingerprint of a part, cached for the life of the process."""
    return hash_program(part)


def hash_program(part: Part = "everything") -> str:
    """The fingerprint of a part as its files are now, with the versions of Python and of the part's libraries."""
    prefixes, installed = PARTS[part], _installed()
    libraries_used = {name for folder, names in LIBRARIES.items() if _is_in(folder, prefixes) for name in names}
    versions = (*sys.version_info[:3], zlib.ZLIB_RUNTIME_VERSION, unicodedata.unidata_version)
    optional = {name for name in installed if name.startswith(OPTIONAL) and part in WITH_OPTIONAL}
    libraries = sorted(f"{name} {installed[name]}" for name in (libraries_used & installed.keys()) | optional)
    digest = hashlib.sha256(" ".join((*map(str, versions), *libraries, *extension_stamps())).encode())
    for stamps in _program_files(part):
        digest.update(_hash_all(tuple(stamps)))
    return digest.hexdigest()


def library_version(name: str) -> str:
    """The version of an installed library, or ''."""
    return _installed().get(name, "")


def _program_files(part: Part) -> Iterator[list[_Stamp]]:
    results = ((name, entry) for name, entry in files_below(PACKAGE) if "__pycache__" not in name)
    part_files = (item for item in results if item[0].startswith(PARTS[part]) and not item[0].startswith(UNHASHED))
    yield sorted(_stamp(*item) for item in part_files)
    if part in WITH_OVERRIDES:
        yield sorted(_stamp(*item) for item in files_below(shipped_folder("overrides")))


def _is_in(folder: str, prefixes: tuple[str, ...]) -> bool:
    """Whether a part has files of a folder."""
    return any(beginning.startswith(folder) or folder.startswith(beginning) for beginning in prefixes)


def _stamp(name: str, entry: os.DirEntry[str]) -> _Stamp:
    stat = entry.stat()
    return name, entry.path, stat.st_size, stat.st_mtime_ns


@lru_cache
def _hash_all(files: tuple[_Stamp, ...]) -> bytes:
    """Return the hash of some files; files with unchanged size and time aren't read again."""
    hasher = hashlib.sha256()
    for stamp in files:
        hasher.update(f"\0{stamp[0]}\0".encode(errors="surrogateescape") + _hash_one(stamp))
    return hasher.digest()


@cache
def _hash_one(stamp: _Stamp) -> bytes:
    with open(stamp[1], "rb", buffering=0) as file:  # noqa: PTH123  half the time of a Path's
        return hashlib.sha256(file.read()).digest()


def _installed() -> dict[str, str]:
    """The version of each installed library by its name; reading folder names is much faster than metadata."""
    results: dict[str, str] = {}
    for folder in filter(None, dict.fromkeys(sys.path)):
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if match := INSTALLED.fullmatch(entry.name):
                    results.setdefault(re.sub(r"[-_.]+", "-", match.group(1)).lower(), match.group(2))
    return results
