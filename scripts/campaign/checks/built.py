"""Opens what was built and looks for what a visitor would stumble over: dead links, outside requests, missing sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from campaign.problems import Problem

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


def check_site(site: Path, site_url: str) -> Iterator[Problem]:
    """Every page's links, pictures and requests, against the files that stand below `site`.

    site_url: where the site will be; links that begin with a slash (a 404 page has no other way) are read below it.
    """
    base = urlsplit(site_url).path
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    trees = {
        name: LexborHTMLParser((site / name).read_text(encoding="utf-8"))
        for name in sorted(files)
        if name.endswith(".html")
    }
    anchors = {name: {node.attributes.get("id") or "" for node in tree.css("[id]")} for name, tree in trees.items()}
    for name, tree in trees.items():
        yield from _check_requests(name, tree)
        yield from _check_links(name, tree, files, anchors, base)
        for node in tree.css("img"):
            if not (node.attributes.get("width") and node.attributes.get("height")):
                yield Problem(f"site/{name}", f"A picture has no size: {node.attributes.get('src')}.", FIX)


def _check_requests(name: str, tree: LexborHTMLParser) -> Iterator[Problem]:
    for tag, attribute in FETCHED.items():
        for node in tree.css(f"{tag}[{attribute}]"):
            if re.match(r"\s*(https?:)?//", node.attributes[attribute] or ""):
                yield Problem(f"site/{name}", f"The page asks another site for {node.attributes[attribute]}.", FIX)
    for node in tree.css("link[rel]"):
        relations = set((node.attributes["rel"] or "").split())
        if relations & FETCHED_RELATIONS and re.match(r"(https?:)?//", node.attributes.get("href") or ""):
            yield Problem(f"site/{name}", f"The page asks another site for {node.attributes['href']}.", FIX)


def _check_links(
    name: str, tree: LexborHTMLParser, files: set[str], anchors: dict[str, set[str]], base: str
) -> Iterator[Problem]:
    addresses = {node.attributes.get("href") or "" for node in tree.css("a[href]")}
    addresses |= {
        node.attributes.get("src") or "" for node in tree.css("img[src], script[src], audio[src], source[src]")
    }
    addresses |= {node.attributes.get("action") or "" for node in tree.css("form[action]")}
    addresses |= {node.attributes.get("data-search") or "" for node in tree.css("[data-search]")}
    for node in tree.css("source[srcset], img[srcset]"):
        addresses |= {part.split()[0] for part in (node.attributes["srcset"] or "").split(",") if part.strip()}
    for address in sorted(addresses):
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        path = unquote(parts.path)
        if path.startswith("/"):
            target = normpath(path.removeprefix(base)) if path.startswith(base) else path
        else:
            target = normpath(join(dirname(name), path)) if path else name
        if target not in files:
            yield Problem(f"site/{name}", f"A link leads nowhere: {address}.", FIX)
        elif parts.fragment and target in anchors and unquote(parts.fragment) not in anchors[target]:
            yield Problem(f"site/{name}", f"A link leads to no heading: {address}.", FIX)
