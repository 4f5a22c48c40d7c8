"""Facts about a finished page, collected once for the offline copy, the files for hosts and the checks of the site."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

PHONE_WIDTH = 360
PHONE_DOTS = 2
PX_IN_REM = 16
LENGTH = re.compile(r"([\d.]+)(px|r?em|vw)$")
CONDITION = re.compile(r"\((min|max)-width:\s*([\d.]+)(px|r?em)\)\s*(.*)", re.DOTALL)
EXTERNAL_ADDRESS = re.compile(r"\s*(https?:)?//")
# Elements whose addresses a browser fetches without a click.
MEDIA = "img, iframe, source, audio, video"
FETCHED_ELEMENTS = f"script, {MEDIA}"
FETCHED_RELATIONS = {
    *("stylesheet", "icon", "preload", "preconnect"),
    *("dns-prefetch", "manifest", "modulepreload", "prefetch"),
}
# The start of `media` of style sheets that no phone waits for.
OTHER_MEDIA = re.compile(r"print|\(min-width")
SCRIPT_TYPES = {"", "text/javascript", "application/javascript", "module"}
# Files that a page may name in a data- attribute and fetch later.
LAZY_SUFFIXES = (".js", ".json", ".svg")
DATA = re.compile(rf"""(data-[\w-]+)=["']?[^"'>]*(?:{"|".join(map(re.escape, LAZY_SUFFIXES))})""")
# Up to its end: `.*?` would take several times as long.
SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>[^<]*(?:<(?!/script>)[^<]*)*)</script>")
# Scripts that are data (structured data for search engines) never run.
DATA_TYPE = re.compile(r"""\btype=["']?application/""")
FAST_GZIP_THRESHOLD_BYTES = 500_000
# Pages up to this size are within every budget (checks.weight).
MIN_BUDGET_BYTES = 12 * 1024
# The start and end of parts that many pages share: the script for leaving, styles and top row, the footer.
SHARED_SPANS = ((b"<script", b"</script>"), (b"<style>", b"</header>"), (b"</main>", b"<script"))
Offer = tuple[str, int, str]
PageAudit = dict[str, Any]


def audit_page(name: str, html: str, base: str) -> PageAudit:
    """Return the facts about a page as plain data. `name`: below the site's root; `base`: path of the site.

    Keys:
        hash, travels: SHA-256 in base64; gzipped bytes or slightly more (see `packed_at_most`).
        extra: bytes beyond one per character: two for each in scripts such as Thai.
        ids: anchors.
        links: [as written, file below the site ('' for the page itself), anchor] of internal links.
        dials: numbers of phone links.
        asks: external addresses that a browser fetches.
        sizeless: pictures without width and height.
        script: gzipped bytes of inline scripts; digests: their hashes for policies.
        blocking, scripts, others: files fetched before the first paint; those and later scripts; the rest.
        pictures: per picture, the file that a phone takes in each format.
        needs: files for a saved copy; for a picture the pixels across that a phone needs, and (format, width, file).
    """
    # Styles, half of a page, request nothing.
    before, _, rest = html.partition("<style>")
    html_without_css = before + rest[max(rest.find("</style>"), 0) :]
    tree, folder = LexborHTMLParser(html_without_css), dirname(name)
    scripts = [node for node in tree.css("script") if (node.attributes.get("type") or "") in SCRIPT_TYPES]
    inline_scripts = [node.text() for node in scripts if not node.attributes.get("src")]
    fetched = [node for node in scripts if node.attributes.get("src")]
    waiting = [node.attributes["src"] for node in fetched if not _is_deferred(node)]
    links, media = tree.css("link[rel]"), tree.css(MEDIA)
    # Asking for each of its kinds in a tree without any takes as long as reading the page.
    images = tree.css("img") if media else []
    addresses = _links(tree, media, fetched)

    def files(addresses: Iterable[str | None]) -> list[str]:
        return list(dict.fromkeys(file for item in addresses for file in _own_address(folder, base, item)))

    return {
        "hash": hash_of(encoded := html.encode("utf-8", errors="xmlcharrefreplace")),
        "travels": packed_at_most(encoded),
        "extra": len(encoded) - len(html),
        "ids": [node.id or "" for node in tree.css("[id]")],
        "links": [[link, *to] for link in sorted(addresses) if (to := _resolve(folder, base, link))],
        "dials": sorted(link[4:] for link in addresses if link.startswith("tel:")),
        "asks": list(_requested_files(tree.css(FETCHED_ELEMENTS) if media else fetched, links)),
        "sizeless": [
            str(node.attributes.get("src"))
            for node in images
            if not (node.attributes.get("width") and node.attributes.get("height"))
        ],
        "script": _script_size("\n".join(inline_scripts)),
        "digests": script_digests(html_without_css),
        "blocking": files([*_sheets(links), *waiting]),
        "scripts": files(node.attributes.get("src") or node.attributes.get("data-rest") for node in scripts),
        "others": files(
            node.attributes.get("href") for node in links if {"icon", "preload", "stylesheet"} & _relations(node)
        ),
        "pictures": [files(_endings(node)) for node in images],
        "needs": list(_required_files(folder, base, html_without_css, tree, bool(media))),
    }


def audit_key(name: str, digest: str, base: str) -> str:
    """Return the key of a page's audit in a cache; `digest` is its SHA-256 in hexadecimal."""
    return f"{base} {name} {digest}"


def weigh(data: bytes, is_text: bool) -> PageAudit:
    """Return a file's hash in base64 and its transferred bytes; hosts compress texts."""
    return {"hash": hash_of(data), "travels": packed_size(data) if is_text else len(data)}


def hash_of(data: bytes) -> str:
    """Return SHA-256 in base64."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def packed_size(data: bytes) -> int:
    """Return the gzipped size at level 6, as common on hosts; large indexes at level 1, which saves half a second."""
    return len(gzip.compress(data, 6 if len(data) < FAST_GZIP_THRESHOLD_BYTES else 1, mtime=0))


def packed_at_most(page: bytes) -> int:
    """Return an upper bound of `packed_size`, much faster.

    Parts shared by many pages are compressed once; the rest only if the page isn't below every budget anyway.
    """
    size, offset, own_parts = 0, 0, []
    for begin, end in SHARED_SPANS:
        start = page.find(begin, offset)
        stop = page.find(end, start + 1)
        if 0 <= start < stop:
            size += _part_size(page[start:stop])
            own_parts.append(page[offset:start])
            offset = stop
    rest = b"".join((*own_parts, page[offset:]))
    return size + (len(rest) if size + len(rest) <= MIN_BUDGET_BYTES else len(zlib.compress(rest, 1)))


@lru_cache(maxsize=256)
def _part_size(part: bytes) -> int:
    return packed_size(part)


# Pages of a site have most of their scripts and styles in common.
@lru_cache(maxsize=256)
def digest(text: str) -> str:
    """Return a hash as in policies."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def script_digests(html: str) -> list[str]:
    """Return the digests of a page's inline scripts."""
    matches = SCRIPT.finditer(html)
    return [digest(m["text"]) for m in matches if m["text"] and not DATA_TYPE.search(m["attributes"])]


@lru_cache(maxsize=64)
def _script_size(inline_script: str) -> int:
    return packed_size(inline_script.encode()) if inline_script else 0


def _relations(link: LexborNode) -> set[str]:
    return set((link.attributes["rel"] or "").split())


def _sheets(links: list[LexborNode]) -> Iterator[str]:
    for link in links:
        if "stylesheet" in _relations(link) and not OTHER_MEDIA.match(link.attributes.get("media") or ""):
            yield link.attributes.get("href") or ""


def _is_deferred(script: LexborNode) -> bool:
    return "async" in script.attributes or "defer" in script.attributes or script.attributes.get("type") == "module"


def _links(tree: LexborHTMLParser, media: list[LexborNode], scripts: list[LexborNode]) -> set[str]:
    """Return every address on a page except those of `link` elements."""
    results = {node.attributes["href"] or "" for node in tree.css("a[href]")}
    for node in tree.css("form[action], [data-search], [data-rest]"):
        attributes = node.attributes
        results |= {attributes[key] or "" for key in ("action", "data-search", "data-rest") if key in attributes}
    for node in (*media, *scripts):
        if node.tag in ("img", "script", "audio", "source") and "src" in node.attributes:
            results.add(node.attributes["src"] or "")
        if node.tag in ("img", "source"):
            offered = (node.attributes.get("srcset") or "").split(",")
            results |= {part.split()[0] for part in offered if part.strip()}
    return results


def _requested_files(fetching: list[LexborNode], links: list[LexborNode]) -> Iterator[str]:
    """Yield external addresses that a browser fetches."""
    for node in fetching:
        addresses = (node.attributes.get("src"), node.attributes.get("srcset"))
        yield from (address for address in addresses if address and EXTERNAL_ADDRESS.match(address))
    for node in links:
        address = node.attributes.get("href") or ""
        if EXTERNAL_ADDRESS.match(address) and _relations(node) & FETCHED_RELATIONS:
            yield address


# Pages of a folder share most of their links.
@lru_cache(maxsize=20_000)
def _resolve(folder: str, base: str, address: str) -> tuple[str, str] | None:
    """Return (file below the site, '' for the page itself; anchor) of a link; None for external ones."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    path = unquote(parts.path)
    if path.startswith("/"):
        target = normpath(path.removeprefix(base)) if path.startswith(base) else path
    else:
        target = normpath(join(folder, path)) if path else ""
    return target, unquote(parts.fragment)


def _own_address(folder: str, base: str, address: str | None) -> Iterator[str]:
    """Yield the file below the site's root for an address, if it is one."""
    file, _ = _resolve(folder, base, address or "") or ("", "")
    if file and not file.startswith("/"):
        yield file


def _required_files(
    folder: str, base: str, html: str, tree: LexborHTMLParser, has_media: bool
) -> Iterator[str | tuple[int, list[Offer]]]:
    for picture in tree.css("picture") if has_media else ():
        nodes = picture.css("source[srcset], img[srcset]")
        dots = max((round(_shown_width(node.attributes.get("sizes") or "") * PHONE_DOTS) for node in nodes), default=0)
        yield dots, [offer for node in nodes for offer in _offers(folder, base, node)]
    for node in tree.css("img, script[src], audio, source, link"):
        if node.tag == "link" and not {"icon", "stylesheet"} & set((node.attributes.get("rel") or "").split()):
            continue
        yield from _own_address(folder, base, node.attributes.get("src") or node.attributes.get("href"))
    for node in tree.css("audio") if has_media else ():
        first = next((source.attributes["src"] for source in node.css("source[src]")), None)
        yield from _own_address(folder, base, first)
    for name in dict.fromkeys(DATA.findall(html)):
        for node in tree.css(f"[{name}]"):
            value = node.attributes[name]
            if value and urlsplit(value).path.endswith(LAZY_SUFFIXES):
                yield from _own_address(folder, base, value)


def _offers(folder: str, base: str, node: LexborNode) -> Iterator[Offer]:
    kind = (node.attributes.get("type") or "").removeprefix("image/")
    for part in (node.attributes["srcset"] or "").split(","):
        address, _, width = part.strip().partition(" ")
        yield from ((kind, int(width.rstrip("w") or 0), item) for item in _own_address(folder, base, address))


def _endings(image: LexborNode) -> list[str]:
    """Return the picture that a phone takes in each format."""
    parent = image.parent
    sources = parent.css("source") if parent is not None and parent.tag == "picture" else []
    return [_chosen(node.attributes) for node in (*sources, image)]


def _chosen(attributes: dict[str, str | None]) -> str:
    """Return the smallest srcset candidate that is wide enough for a phone."""
    candidates = []
    for part in (attributes.get("srcset") or "").split(","):
        address, _, width = part.strip().partition(" ")
        if width.endswith("w") and width[:-1].isdigit():
            candidates.append((int(width[:-1]), address))
    if not candidates:
        return attributes.get("src") or (attributes.get("srcset") or "").split(" ")[0]
    needed_width = _shown_width(attributes.get("sizes") or "") * PHONE_DOTS
    enough = [candidate for candidate in sorted(candidates) if candidate[0] >= needed_width]
    return (enough or [max(candidates)])[0][1]


def _shown_width(sizes: str) -> float:
    """Return a picture's width on a phone in CSS pixels, from its `sizes`."""
    for part in sizes.split(","):
        length, result = part.strip(), CONDITION.match(part.strip())
        if result:
            edge = float(result.group(2)) * (1 if result.group(3) == "px" else PX_IN_REM)
            if (edge > PHONE_WIDTH) if result.group(1) == "min" else (edge < PHONE_WIDTH):
                continue
            length = result.group(4).strip()
        measured = LENGTH.match(length)
        if measured:
            unit = {"px": 1, "vw": PHONE_WIDTH / 100}.get(measured.group(2), PX_IN_REM)
            return float(measured.group(1)) * unit
    return PHONE_WIDTH
