"""What a style sheet may ask a page for: the elements, classes, ids and attributes that are on it."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

# What begins a text that is no HTML.
RAW = re.compile(r"<(script|style|!--)[^>]*>")
TAG = re.compile(r"""<[a-zA-Z][^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
# What a script may give an element as its class: a text of plain names, or one such name as a value of `className`.
GIVEN = re.compile(r"""(["'])([a-z][\w -]*)\1""")


def names_on(page: str) -> frozenset[str]:
    """`p`, `.note`, `#page-text`, `[hidden]`, `[dir=rtl]`: all that stands on an HTML page, and the classes that its
    scripts may set."""
    scripts, rest = _parted(page)
    tags = {tag for part in rest for tag in TAG.findall(part)}
    return frozenset({"html", "head", "body"}).union(*map(_given, scripts), *map(_names_of, tags))


def _parted(page: str) -> tuple[list[str], list[str]]:
    """The texts of a page's scripts, and its HTML between texts that are none."""
    scripts, rest, at = [], [], 0
    while begin := RAW.search(page, at):
        is_comment = begin[1] == "!--"
        inner = begin.end(1) if is_comment else begin.end()
        end = page.find("-->" if is_comment else f"</{begin[1]}", inner)
        rest.append(page[at : begin.start() if is_comment else inner])
        at = end if end >= 0 else len(page)
        if begin[1] == "script":
            scripts.append(page[inner:at])
    return scripts, [*rest, page[at:]]


@lru_cache(maxsize=256)
def _given(script: str) -> frozenset[str]:
    return frozenset(f".{name}" for _, given in GIVEN.findall(script) for name in given.split())


# Pages of a site have most of their tags in common.
@lru_cache(maxsize=20_000)
def _names_of(tag: str) -> frozenset[str]:
    (name, *_), *attributes = ATTRIBUTE.findall(tag[1:-1])
    names = {name.lower()}
    for key, *values in attributes:
        value = unescape("".join(values))
        names |= {f"[{key.lower()}]", f"[{key.lower()}={value}]"}
        if key.lower() == "class":
            names |= {f".{each}" for each in value.split()}
        elif key.lower() == "id":
            names.add(f"#{value}")
    return frozenset(names)
