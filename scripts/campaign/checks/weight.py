"""What a page weighs on its way to a phone, against its budget, and what of it weighs most.

Bytes are those that travel: text gzipped, pictures as they are; 1 KB is 1,024 bytes. A picture in several sizes counts
in the one that a common small phone takes, 360 px wide with two dots a pixel, and in the heaviest of its endings, since
an old phone may know that one alone.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from campaign.problems import Problem

PHONE_WIDTH, PHONE_DOTS = 360, 2
PX_IN_REM = 16
TEXTS = {".html", ".css", ".js", ".svg", ".json", ".xml", ".txt", ".webmanifest"}
SCRIPT_TYPES = {"", "text/javascript", "application/javascript", "module"}
LENGTH = re.compile(r"([\d.]+)(px|r?em|vw)$")
CONDITION = re.compile(r"\((min|max)-width:\s*([\d.]+)(px|r?em)\)\s*(.*)", re.DOTALL)
FIX = "Leave out, shorten or shrink what weighs most; a picture may be smaller, a text may go to a page of its own."
SCRIPT_FIX = "This is a fault of the generator: tell whoever looks after it."


@dataclass(frozen=True)
class Budget:
    """The most that a page may weigh. Bytes, and requests that hold up the first paint, the page itself included."""

    first: int
    whole: int | None
    blocking: int


HOME = Budget(first=8 * 1024, whole=45 * 1024, blocking=2)
PAGE = Budget(first=12 * 1024, whole=None, blocking=2)
SCRIPT = 6 * 1024


def weigh(html: str, tree: LexborHTMLParser, name: str) -> dict[str, Any]:
    """What check_weight needs to know of a page, as plain data; addresses are below the site's root.

    html: bytes of the page; script: of the scripts inside it; blocking, scripts, others: what a browser fetches before
    the first paint, of that and later the scripts, and all else; pictures: for each the addresses of its endings.
    """
    scripts = [node for node in tree.css("script") if (node.attributes.get("type") or "") in SCRIPT_TYPES]
    inside = "\n".join(node.text() for node in scripts if not node.attributes.get("src"))
    sheets = [
        node.attributes.get("href") or ""
        for node in tree.css('link[rel~="stylesheet"]')
        if (node.attributes.get("media") or "") != "print"
    ]
    waiting = [node for node in scripts if node.attributes.get("src") and not _is_patient(node)]
    linked = [node.attributes.get("href") or "" for node in tree.css('link[rel~="icon"], link[rel~="preload"]')]

    def targets(addresses: list[str]) -> list[str]:
        return list(dict.fromkeys(target for each in addresses if (target := _target(name, each))))

    return {
        "html": gzip_size(html.encode()),
        "script": _script_size(inside),
        "blocking": targets([*sheets, *(node.attributes["src"] for node in waiting)]),
        "scripts": targets([node.attributes["src"] for node in scripts if node.attributes.get("src")]),
        "others": targets(linked),
        "pictures": [targets(_endings(node)) for node in tree.css("img")],
    }


def gzip_size(data: bytes) -> int:
    """As a server sends it: level 6."""
    return len(gzip.compress(data, 6, mtime=0))


# Pages of a site have the same scripts.
@lru_cache(maxsize=64)
def _script_size(inside: str) -> int:
    return gzip_size(inside.encode()) if inside else 0


def check_weight(site: Path, name: str, weight: dict[str, Any], is_home: bool, size: Callable) -> Iterator[Problem]:
    """Whether a page keeps its budget. size: bytes that travel of a file below `site`, 0 where there is none."""
    budget = HOME if is_home else PAGE

    def weights(targets: list[str]) -> list[tuple[int, str]]:
        return [(size(target), target) for target in targets]

    page = [(weight["html"], "the page itself")]
    first = page + weights(weight["blocking"])
    if _sum(first) > budget.first:
        inside = _parts((site / name).read_text(encoding="utf-8"))
        what = f"The page weighs {_sum(first):,} bytes before it shows anything; {budget.first:,} are its budget."
        yield Problem(f"site/{name}", f"{what} It is: {_list(inside + first[1:])}.", FIX)
    if len(first) > budget.blocking:
        what = f"{len(first)} requests hold up the page; {budget.blocking} are its budget: {_list(first)}."
        yield Problem(f"site/{name}", what, SCRIPT_FIX)
    script = [(weight["script"], "inside the page"), *weights(weight["scripts"])]
    if _sum(script) > SCRIPT:
        what = f"The scripts weigh {_sum(script):,} bytes; {SCRIPT:,} are their budget: {_list(script)}."
        yield Problem(f"site/{name}", what, SCRIPT_FIX)
    if budget.whole:
        heaviest = [max(weights(endings), default=(0, "")) for endings in weight["pictures"]]
        late = weights([*weight["scripts"], *weight["others"]])
        whole = [*first, *dict.fromkeys([*(each for each in late if each not in first), *heaviest])]
        if _sum(whole) > budget.whole:
            what = f"The page weighs {_sum(whole):,} bytes with its pictures; {budget.whole:,} are its budget."
            yield Problem(f"site/{name}", f"{what} It is: {_list(whole)}.", FIX)


def file_size(path: Path) -> int:
    """Bytes that travel of a file; 0 where there is none."""
    if not path.is_file():
        return 0
    return gzip_size(path.read_bytes()) if path.suffix in TEXTS else path.stat().st_size


def _sum(weights: list[tuple[int, str]]) -> int:
    return sum(size for size, _ in weights)


def _list(weights: list[tuple[int, str]]) -> str:
    """The heaviest first."""
    return ", ".join(f"{name} {size:,}" for size, name in sorted(weights, reverse=True) if size)


def _target(name: str, address: str) -> str:
    """Where an address on a page leads below the site; '' where it is no file of the site."""
    parts = urlsplit(address)
    return "" if parts.scheme or parts.netloc or not parts.path else normpath(join(dirname(name), unquote(parts.path)))


def _parts(html: str) -> list[tuple[int, str]]:
    """What a page's HTML is made of, each part gzipped by itself: together a little more than the whole."""
    parts, rest = [], html
    for title, tag in (("styles", "style"), ("scripts", "script"), ("drawings", "svg")):
        found = re.compile(rf"<{tag}\b.*?</{tag}>", re.DOTALL)
        inside = "".join(found.findall(rest))
        rest = found.sub("", rest)
        if inside:
            parts.append((gzip_size(inside.encode()), title))
    return [*parts, (gzip_size(rest.encode()), "text and frame")]


def _is_patient(script: LexborNode) -> bool:
    return "async" in script.attributes or "defer" in script.attributes or script.attributes.get("type") == "module"


def _endings(image: LexborNode) -> list[str]:
    """What a phone takes of a picture: one address for each ending."""
    parent = image.parent
    sources = parent.css("source") if parent is not None and parent.tag == "picture" else []
    return [_chosen(node.attributes) for node in (*sources, image)]


def _chosen(attributes: dict[str, str | None]) -> str:
    """The candidate of a srcset that the phone takes: the smallest that is wide enough."""
    candidates = []
    for part in (attributes.get("srcset") or "").split(","):
        address, _, width = part.strip().partition(" ")
        if width.endswith("w") and width[:-1].isdigit():
            candidates.append((int(width[:-1]), address))
    if not candidates:
        return attributes.get("src") or (attributes.get("srcset") or "").split(" ")[0]
    needed = _shown_width(attributes.get("sizes") or "") * PHONE_DOTS
    enough = [each for each in sorted(candidates) if each[0] >= needed]
    return (enough or [max(candidates)])[0][1]


def _shown_width(sizes: str) -> float:
    """How wide a picture is shown on the phone, in CSS pixels, by its `sizes`."""
    for part in sizes.split(","):
        length, found = part.strip(), CONDITION.match(part.strip())
        if found:
            edge = float(found.group(2)) * (1 if found.group(3) == "px" else PX_IN_REM)
            if (edge > PHONE_WIDTH) if found.group(1) == "min" else (edge < PHONE_WIDTH):
                continue
            length = found.group(4).strip()
        measured = LENGTH.match(length)
        if measured:
            unit = {"px": 1, "vw": PHONE_WIDTH / 100}.get(measured.group(2), PX_IN_REM)
            return float(measured.group(1)) * unit
    return PHONE_WIDTH
