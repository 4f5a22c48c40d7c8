"""Files in public/, copied unchanged to the site's root (CNAME, .well-known/)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from campaign.cache.atomic import files_below
from campaign.models.campaign import Campaign
from campaign.models.leftovers import is_leftover
from campaign.models.problem import Problem

FOLDER = "public"
# Files of the site's root; robots.txt may be the campaign's.
OUR_FILES = {
    *("index.html", "404.html", "w", "files", "pictures", "favicon.svg", "sitemap.xml", "gone.txt", "sw.js"),
    *("deferred.js", "finder.js", "finder-data.js", "_headers", ".htaccess", "_nginx.conf"),
}


def check_public(campaign: Campaign) -> Iterator[Problem]:
    """Yield files that would replace the build's own."""
    for name, _ in public_files(campaign.root):
        first = name.split("/", 1)[0]
        if first.casefold() in OUR_FILES or first in campaign.languages:
            message = f"The site already has `{first}`: this file would replace it."
            yield Problem("public-name-taken", f"{FOLDER}/{name}", message, "Rename it, or delete it.")


def public_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield each with its path below the site's root."""
    for name, entry in files_below(root / FOLDER):
        if not is_leftover(name):
            yield name, Path(entry.path)
