"""Files of the campaign's own for its host: what lies in public/ stands in the site as it is (CNAME, .well-known/)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from campaign.cache.atomic import files_below
from campaign.models.campaign import Campaign
from campaign.models.leftovers import is_leftover
from campaign.models.problem import Problem

FOLDER = "public"
# What a site has at its root; robots.txt is the campaign's to write.
OURS = frozenset(
    [
        "index.html",
        "404.html",
        "w",
        "files",
        "pictures",
        "favicon.svg",
        "sitemap.xml",
        "gone.txt",
        "sw.js",
        "deferred.js",
        "finder.js",
        "finder-data.js",
        "_headers",
        ".htaccess",
        "_nginx.conf",
    ]
)


def check_public(campaign: Campaign) -> Iterator[Problem]:
    """Files that would stand where a build puts its own."""
    for name, _ in public_files(campaign.root):
        first = name.split("/", 1)[0]
        if first.casefold() in OURS or first in campaign.languages:
            what = f"The site has `{first}` already: this file would take its place."
            yield Problem("public-name-taken", f"{FOLDER}/{name}", what, "Rename it, or delete it.")


def public_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Each by its address below the site's root. root: the campaign's folder."""
    for name, entry in files_below(root / FOLDER):
        if not is_leftover(name):
            yield name, Path(entry.path)
