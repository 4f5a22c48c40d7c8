"""What a style sheet may ask a page for: the elements, classes, ids and attributes that are on it."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

# An element whose text is no HTML, with its opening tag; comments.
RAW = re.compile(r"(<(script|style)\b[^>]*>)(.*?)</\2>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""")
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
# What a script may give an element as its class: a text of plain names, or one such name as a value of `className`.
GIVEN = re.compile(r"""(["'])([a-z][\w -]*)\1""")


def names_on(page: str) -> frozenset[str]:
    """`p`, `.note`, `#page-text`, `[hidden]`, `[dir=rtl]`: all that stands on an HTML page, and the classes that its
    scripts may set."""
    names = [frozenset({"html", "head", "body"})]
    for _, element, text in RAW.findall(page):
        if element.lower() == "script" and text:
            names.append(_given(text))
    names += map(_names_of, set(TAG.findall(RAW.sub(r"\1", page))))
    return frozenset().union(*names)


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
