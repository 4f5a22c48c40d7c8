"""One hash of all that makes something out of something else: what it made before is taken again by it alone."""

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

from campaign.cache.atomic import WORK, files_below
from campaign.models.shipped import PACKAGE, shipped_folder

# Rooms above all that makes what is kept (imports point downwards): nothing that they say is in it.
APART = ("cli/", "desk/", "serve/", "publishing/", f"skeleton/{WORK}/")
# Libraries that shape what is made, with those that they bring along.
LIBRARIES = {
    *("budoux", "defusedxml", "fonttools", "icu4py", "jinja2", "lxml", "markdown", "markupsafe", "minify-html"),
    *("mkdocs", "mkdocs-material", "mkdocs-static-i18n", "msgspec", "nh3", "numpy", "openpyxl", "pikepdf", "pillow"),
    *("pillow-heif", "py3langid", "pyromark", "pypdfium2", "python-docx", "pyyaml", "segno", "selectolax"),
    *("simplejpeg", "tinycss2", "typst", "webencodings", "fontpkg-noto-sans", "fontpkg-noto-sans-arabic"),
    *("fontpkg-noto-sans-khmer", "fontpkg-noto-sans-thai"),
}
_Stamp = tuple[str, str, int, int]  # name, path, bytes, nanoseconds since 1970
INSTALLED = re.compile(r"(.+?)-([^-]+)\.(?:dist|egg)-info$")


@cache
def program_hash() -> str:
    """The hash of the package and of what comes with it, with the versions of Python and of libraries."""
    return hash_program()


def hash_program() -> str:
    """The same, as it stands on the disk now."""
    versions = (*sys.version_info[:3], zlib.ZLIB_RUNTIME_VERSION, unicodedata.unidata_version)
    whole = hashlib.sha256(" ".join((*map(str, versions), *sorted(_libraries()))).encode())
    for folder in (PACKAGE, shipped_folder("overrides")):
        found = ((name, entry) for name, entry in files_below(folder) if not name.startswith(APART))
        whole.update(_hash_all(tuple(sorted(_stamp(*each) for each in found if "__pycache__" not in each[0]))))
    return whole.hexdigest()


def _stamp(name: str, entry: os.DirEntry[str]) -> _Stamp:
    found = entry.stat()
    return name, entry.path, found.st_size, found.st_mtime_ns


@lru_cache
def _hash_all(files: tuple[_Stamp, ...]) -> bytes:
    """A process that asks again reads no file again that is as it was."""
    whole = hashlib.sha256()
    for name, path, *_ in files:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123  half the time of a Path's
            whole.update(f"\0{name}\0".encode(errors="surrogateescape") + hashlib.sha256(file.read()).digest())
    return whole.digest()


def _libraries() -> Iterator[str]:
    """Name and version of each of LIBRARIES that is there, by the names of folders: many times as fast as asking."""
    for folder in filter(None, dict.fromkeys(sys.path)):
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                found = INSTALLED.fullmatch(entry.name)
                if found and re.sub(r"[-_.]+", "-", found.group(1)).lower() in LIBRARIES:
                    yield entry.name
