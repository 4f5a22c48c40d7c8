"""Minify a self-contained page further."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from string import ascii_lowercase

import minify_html
from selectolax.lexbor import LexborHTMLParser

STYLES = re.compile(r"(?<=<style>).*?(?=</style>)", re.DOTALL)
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
# Drawn elements without anything in them.
EMPTY_SHAPE = re.compile(r"(\"?)></(?:path|circle|rect|ellipse|line|polygon|polyline|use)>")


def shorten(html: str) -> str:
    """Shorten class names and anchors, and remove unstyled classes and optional end tags. The page runs no script."""
    tree = LexborHTMLParser(html)
    styled_classes = set(CLASS.findall("".join(STYLES.findall(html))))
    count = Counter(name for item in tree.css("[class]") for name in _classes(item.attributes))
    short = {name: _letters(n) for n, (name, _) in enumerate(count.most_common()) if name in styled_classes}
    for item in tree.css("[class]"):
        class_names = [short[name] for name in _classes(item.attributes) if name in short]
        # Lists without a class are set otherwise (`ul:not([class])`).
        if class_names or item.tag in ("ul", "ol"):
            item.attrs["class"] = " ".join(class_names) or "_"
        else:
            del item.attrs["class"]
    anchored = tree.css("[id*='-']")
    anchors = {str(item.attributes["id"]): f"i{n}" for n, item in enumerate(anchored)}
    for item in anchored:
        item.attrs["id"] = anchors[str(item.attributes["id"])]
    for item in tree.css("a[href^='#']"):
        target = str(item.attributes["href"])[1:]
        item.attrs["href"] = f"#{anchors.get(target, target)}"
    for item in tree.css("html[dir=ltr] bdi[dir=ltr].number"):
        del item.attrs["dir"]
    result = STYLES.sub(
        lambda match: CLASS.sub(lambda name: f".{short.get(name[1], name[1])}", match[0]), tree.html or ""
    )
    result = minify_html.minify(result, keep_html_and_head_opening_tags=True)
    return EMPTY_SHAPE.sub(lambda match: f"{match[1] or ' '}/>", result)


def _classes(attributes: Mapping[str, str | None]) -> list[str]:
    return (attributes["class"] or "").split()


def _letters(number: int) -> str:
    """Return a, b, … z, aa, ab and so on."""
    rest, last = divmod(number, len(ascii_lowercase))
    return (_letters(rest - 1) if rest else "") + ascii_lowercase[last]
