"""Files in public/, which the site has at its root: texts unchanged (CNAME, robots.txt), others without metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from campaign.cache.atomic import files_below
from campaign.content.clean_files import CLEANED_SUFFIXES, cleaned_file
from campaign.models.campaign import Campaign
from campaign.models.leftovers import is_leftover
from campaign.models.problem import Problem

FOLDER = "public"
# Keys and answers that hosts ask for may have any content.
HOST_FOLDER = ".well-known/"
CONTROL_CHARACTERS = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# Documents that look like plain text, or have a name that isn't theirs.
DOCUMENTS = re.compile(
    rb"\s*(?:%PDF|%!PS|\{\\rtf|\xff\xd8|\x89PNG|GIF8|RIFF|II\*\0|MM\0\*|PK\x03\x04|\xd0\xcf\x11\xe0|....ftyp|ID3|OggS)"
    rb"|(?:\xef\xbb\xbf)?\s*(?:<[?!][^>]*>\s*)*<(?:svg|\w+:document|office:)",
    re.DOTALL,
)
# Web pages of word processors name their author.
WORD_PROCESSOR = re.compile(rb"(?i)xmlns:o=|content=\W?(?:LibreOffice|OpenOffice|Microsoft)")
# Files of the site's root; robots.txt may be the campaign's.
OUR_FILES = {
    *("index.html", "404.html", "w", "files", "pictures", "favicon.svg", "sitemap.xml", "gone.txt", "sw.js"),
    *("deferred.js", "finder.js", "finder-data.js", "_headers", ".htaccess", "_nginx.conf"),
}


def check_public(campaign: Campaign) -> Iterator[Problem]:
    """Yield files that would replace the build's own."""
    for name, _ in files_below(campaign.root / FOLDER):
        first = name.split("/", 1)[0]
        if not is_leftover(name) and (first.casefold() in OUR_FILES or first in campaign.languages):
            message = f"The site already has `{first}`: this file would replace it."
            yield Problem("public-name-taken", f"{FOLDER}/{name}", message, "Rename it, or delete it.")


def public_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield each, as it may be published, with its path below the site's root. Raise ValueError as `published_copy`."""
    for name, _ in files_below(root / FOLDER):
        if not is_leftover(name):
            yield name, published_copy(root, f"{FOLDER}/{name}")


def published_copy(root: Path, path: str) -> Path:
    """Return the file itself if it is plain text, else a copy without metadata. Raise ValueError if there is none."""
    if path.lower().endswith(CLEANED_SUFFIXES):
        return cleaned_file(root, path)
    data = (root / path).read_bytes()
    is_host_file = path.startswith(f"{FOLDER}/{HOST_FOLDER}")
    is_document = DOCUMENTS.match(data) or WORD_PROCESSOR.search(data)
    if is_document or (CONTROL_CHARACTERS.search(data) and not is_host_file):
        raise UnknownKindError(path)
    return root / path


class UnknownKindError(ValueError):
    """The file may hold metadata, and is of a kind that can't be cleaned."""
