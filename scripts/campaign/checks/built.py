"""Opens what was built and looks for what a visitor would stumble over: dead links, outside requests, missing sizes,
pages that weigh too much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from campaign.checks.weight import check_weight, file_size, weigh
from campaign.placing import files_below
from campaign.problems import Problem
from campaign.processes import spread
from campaign.store import Notes, hash_file, hash_files

# Elements whose address a browser fetches by itself; a link that a visitor follows is not among them.
FETCHED = {
    "img": "src",
    "script": "src",
    "iframe": "src",
    "source": "srcset",
    "audio source": "src",
    "audio": "src",
    "video": "src",
}
FETCHED_RELATIONS = {
    "stylesheet",
    "icon",
    "preload",
    "preconnect",
    "dns-prefetch",
    "manifest",
    "modulepreload",
    "prefetch",
}
FIX = "This is a fault of the generator or of a theme file: tell whoever looks after it."
# From so many new pages on, processes save more time than they cost.
MANY, CHUNK = 200, 50
HOME = "index.html"


def check_site(site: Path, site_url: str, notes: Notes | None = None) -> Iterator[Problem]:
    """Every page's links, pictures, requests and weight, against the files that stand below `site`.

    site_url: where the site will be; links that begin with a slash (a 404 page has no other way) are read below it.
    notes: what was seen on pages before; whoever gave them saves.
    """
    base = urlsplit(site_url).path
    notes = notes or Notes(None)
    files = {name for name, _ in files_below(site)}
    pages = _look_at_all(_Looking(site, base), sorted(name for name in files if name.endswith(".html")), notes)
    anchors = {name: set(page["ids"]) for name, page in pages.items()}
    homes = {name for name in pages if name.count("/") == 1 and name.endswith(f"/{HOME}")}
    size = cache(lambda target: file_size(site / target))
    for name, page in pages.items():
        for asked in page["asks"]:
            yield Problem(f"site/{name}", f"The page asks another site for {asked}.", FIX)
        yield from _check_links(name, page["links"], files, anchors)
        for source in page["sizeless"]:
            yield Problem(f"site/{name}", f"A picture has no size: {source}.", FIX)
        yield from check_weight(site, name, page["weight"], name in homes, size)


@dataclass(frozen=True)
class _Looking:
    """What the processes share. base: the path below which the site will be."""

    site: Path
    base: str


def _look_at_all(looking: _Looking, names: list[str], notes: Notes) -> dict[str, dict[str, Any]]:
    program = hash_files(sorted(Path(__file__).parent.glob("*.py"))) + looking.base
    keys = {name: f"{program} {name} {hash_file(looking.site / name, name, notes)}" for name in names}
    found = {name: notes.get(key) for name, key in keys.items()}
    new = [name for name, known in found.items() if known is None]
    for name, seen in zip(new, spread(_look_at, looking, new, CHUNK, len(new) > MANY), strict=True):
        found[name] = seen
        notes.put(keys[name], seen)
    return found


def _look_at(looking: _Looking, name: str) -> dict[str, Any]:
    """What a page asks for, links to, and holds, by itself, as plain data."""
    html = (looking.site / name).read_text(encoding="utf-8", errors="replace")
    tree = LexborHTMLParser(html)
    links = {node.attributes.get("href") or "" for node in tree.css("a[href]")}
    links |= {node.attributes.get("src") or "" for node in tree.css("img[src], script[src], audio[src], source[src]")}
    links |= {node.attributes.get("action") or "" for node in tree.css("form[action]")}
    links |= {node.attributes.get("data-search") or "" for node in tree.css("[data-search]")}
    for node in tree.css("source[srcset], img[srcset]"):
        links |= {part.split()[0] for part in (node.attributes["srcset"] or "").split(",") if part.strip()}
    return {
        "ids": [node.attributes.get("id") or "" for node in tree.css("[id]")],
        "links": [[link, *to] for link in sorted(links) if (to := _resolve(dirname(name), looking.base, link))],
        "asks": list(_asked(tree)),
        "sizeless": [
            str(node.attributes.get("src"))
            for node in tree.css("img")
            if not (node.attributes.get("width") and node.attributes.get("height"))
        ],
        "weight": weigh(html, tree, name),
    }


def _asked(tree: LexborHTMLParser) -> Iterator[str]:
    """Addresses of other sites that a browser fetches by itself."""
    for tag, attribute in FETCHED.items():
        for node in tree.css(f"{tag}[{attribute}]"):
            if re.match(r"\s*(https?:)?//", node.attributes[attribute] or ""):
                yield str(node.attributes[attribute])
    for node in tree.css("link[rel]"):
        relations = set((node.attributes["rel"] or "").split())
        if relations & FETCHED_RELATIONS and re.match(r"(https?:)?//", node.attributes.get("href") or ""):
            yield str(node.attributes["href"])


def _check_links(
    name: str, links: list[tuple[str, str, str]], files: set[str], anchors: dict[str, set[str]]
) -> Iterator[Problem]:
    """links: as it stands in the page, the file below the site that it leads to, and the anchor there."""
    for address, path, anchor in links:
        target = path or name
        if target not in files:
            yield Problem(f"site/{name}", f"A link leads nowhere: {address}.", FIX)
        elif anchor and target in anchors and anchor not in anchors[target]:
            yield Problem(f"site/{name}", f"A link leads to no heading: {address}.", FIX)


def _resolve(folder: str, base: str, address: str) -> tuple[str, str] | None:
    """(file below the site, '' for the page itself; anchor) of a link from a folder; None where it leaves the site."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    path = unquote(parts.path)
    if path.startswith("/"):
        target = normpath(path.removeprefix(base)) if path.startswith(base) else path
    else:
        target = normpath(join(folder, path)) if path else ""
    return target, unquote(parts.fragment)
