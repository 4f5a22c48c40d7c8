"""A copy of the built site, for example for a stick: some languages, no files for hosts, no dead links."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from posixpath import basename, dirname, join, normpath
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from campaign.cache.atomic import files_below
from campaign.models.formats import PHONE
from campaign.website.finish import FINDER
from campaign.website.published_copies import SECTION, WORDS
from campaign.website.search.index import FULL_SCRIPT
from campaign.website.search.index import SCRIPT as SEARCH

# At a site's root: files for hosts and robots, the service worker (not allowed from file://), and the page that
# redirects to a language, which a copy may lack: a stick has its own start page.
HOST_FILES = (
    *("index.html", "_headers", "_nginx.conf", ".htaccess", "404.html"),
    *("CNAME", "robots.txt", "sitemap.xml", "gone.txt", "sw.js"),
)
IN_LANGUAGE_FOR_HOSTS = re.compile(r"feed\.xml|not-saved\.html|saved(-\d+)?\.json")
FILES = "files"
PICTURES = "pictures"
NEUTRAL_PREFIX = "w"
# Lists of what can be downloaded, and the page that finds it.
LISTS = "files-"
HAS_FINDER = re.compile(rb'<form[^>]*class="?[^">]*\bfinder\b')
# The address of what search finds, behind its title.
ENTRY = re.compile(r',"((?:\.\./)?[\w./-]+\.(?:html|pdf|zip|png))(?:#[^"]*)?"')
FALLBACK_SUFFIXES = (".png", ".jpeg", ".jpg")


def site_copy(
    site: Path, languages: Collection[str], all_languages: Collection[str], has_files: bool, is_served: bool = False
) -> dict[str, bytes | Path]:
    """Return a copy with some languages of a built site: rewritten texts, and files to copy, by address.

    `has_files` includes the downloads; `is_served` keeps older picture formats and copies for phones.
    """
    every = {name: Path(entry.path) for name, entry in files_below(site)}
    copied = {
        name: path for name, path in every.items() if _is_wanted(name, languages, all_languages, has_files, is_served)
    }
    texts = {name: path.read_bytes() for name, path in copied.items() if name.endswith(".html")}
    if not has_files:
        texts = {
            name: text
            for name, text in texts.items()
            if not basename(name).startswith(LISTS) and not HAS_FINDER.search(text)
        }
    copied = {name: path for name, path in copied.items() if not name.endswith(".html") or name in texts}
    used_files: set[str] = set()
    pages = {
        name: _rewritten(name, text.decode(), copied, used_files, is_served).encode() for name, text in texts.items()
    }
    for name in (name for name in copied if basename(name) in (SEARCH, FULL_SCRIPT)):
        pages[name] = _without_absent(name, copied[name].read_text(encoding="utf-8"), copied).encode()
    files = {name: path for name, path in copied.items() if not name.startswith(f"{PICTURES}/") or name in used_files}
    return files | pages


def _is_wanted(
    name: str, languages: Collection[str], all_languages: Collection[str], has_files: bool, is_served: bool
) -> bool:
    first, _, rest = name.partition("/")
    if not rest:
        return name not in HOST_FILES and (has_files or not name.startswith(FINDER.removesuffix(".js")))
    if first == FILES:
        is_copy = name.endswith((*WORDS,))
        return has_files and rest.partition("/")[0] in languages and (is_served or not is_copy)
    if first == PICTURES and "/" in rest and not has_files:
        return rest.startswith(f"{PHONE}/")
    if first == NEUTRAL_PREFIX:
        return rest.removesuffix(".html") in languages
    if first in all_languages:
        is_finder = rest == "finder-words.js" and not has_files
        return first in languages and not IN_LANGUAGE_FOR_HOSTS.fullmatch(rest) and not is_finder
    return True


def _rewritten(address: str, html: str, paths: Mapping[str, Path], used_files: set[str], is_served: bool) -> str:
    """Return a page with valid links; the files that it shows are added to `used_files`."""
    tree = LexborHTMLParser(html)
    for item in () if is_served else tree.css(f"section.{SECTION}"):
        item.decompose()  # a copy offers no copies
    for link in tree.css("link[href]"):
        if link.attributes.get("rel") in ("alternate", "canonical"):
            link.decompose()
    for link in tree.css("a[href]"):
        target = _target(address, link.attributes["href"] or "")
        if target is None or target in paths:
            if target and target.startswith(f"{PICTURES}/"):
                used_files.add(target)
            continue
        if (row := link.parent) is not None and row.tag == "li" and "hreflang" in link.attributes:
            row.decompose()  # a language that is not there
        else:
            _unlink(link)
    for element in tree.css(".languages .more"):
        _show_if_few(element)
    for image in () if is_served else tree.css("img[src]"):
        _slim(image)
    for item in tree.css("img, source, audio, script, link"):
        for name in ("src", "srcset", "href", "poster"):
            if value := item.attributes.get(name):
                used_files.update(target for link in _addresses(name, value) if (target := _target(address, link)))
    return tree.html or html


def _without_absent(address: str, script: str, paths: Mapping[str, Path]) -> str:
    """Remove the addresses of missing pages from a search index."""
    return ENTRY.sub(lambda match: match[0] if _target(address, match[1]) in paths else ',""', script)


def _unlink(link: LexborNode) -> None:
    """Turn a link into text."""
    for name in ("href", "download", "hreflang", "target", "rel"):
        if name in link.attributes:
            del link.attrs[name]


def _show_if_few(node: LexborNode) -> None:
    """Remove the link to more languages if there are none, and show the rest of its row."""
    row = node.parent
    rest = row.css(".rest") if row is not None else []
    if any(item.css_first("a[hreflang]") is not None for item in rest):
        return
    for item in rest:
        item.attrs["class"] = (item.attributes["class"] or "").replace("rest", "").strip()
    node.decompose()


def _slim(image: LexborNode) -> None:
    """Drop the fallback format of a picture for browsers that no computer has."""
    parent = image.parent
    sources = parent.css("source[srcset]") if parent is not None and parent.tag == "picture" else []
    if not sources or not (image.attributes["src"] or "").endswith(FALLBACK_SUFFIXES):
        return
    widest = [*_addresses("srcset", sources[-1].attributes["srcset"] or "")]
    image.attrs["src"] = widest[-1]
    if "srcset" in image.attributes:
        del image.attrs["srcset"]


def _addresses(name: str, value: str) -> Iterable[str]:
    return (part.split()[0] for part in value.split(",") if part.strip()) if name == "srcset" else (value,)


def _target(address: str, link: str) -> str | None:
    """Return the address below the site's root that a link leads to, or None."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    return normpath(join(dirname(address), unquote(parts.path)))
