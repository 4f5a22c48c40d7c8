"""What a style sheet may ask a page for: the elements, classes, ids and attributes that are on it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable
from functools import lru_cache
from html import unescape

# How style sheets ask for elements without a class, behind a colon.
BARE = "not([class])"
ELEMENT = re.compile(r"<[a-zA-Z][\w-]*")
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
# What begins a text that is no HTML.
RAW = re.compile(r"<(script|style|!--)[^>]*>")
TAG = re.compile(r"""</([a-zA-Z][\w-]*)\s*>|<[a-zA-Z][^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
# What a script may give an element as its class: a text of plain names, or one such name as a value of `className`.
GIVEN = re.compile(r"""(["'])([a-z][\w -]*)\1""")


def names_on(page: str, asked: Iterable[str], given: Container[str] = ()) -> frozenset[str]:
    """What of `asked` stands on an HTML page: `p`, `.note`, `#page-text`, `[hidden]`, `[dir=rtl]`, `ul:not([class])`,
    and `.text ul`, a list inside of `.text`. What scripts may set or make is taken as standing everywhere.

    given: names that scripts beside the page may set or make
    """
    scripts, rest = _parted(page)
    pairs: dict[str, list[str]] = {}
    for name in asked:
        outer, _, inner = name.rpartition(" ")
        pairs.setdefault(inner, []).extend([outer] if outer else [])
    found = {"html", "head", "body"}.union(*map(_given, scripts))
    moved = {name for name in pairs if name in given} | found
    around: Counter[str] = Counter(("html", "body"))
    opened: list[tuple[str, frozenset[str]]] = []
    for part in rest:
        for tag in TAG.finditer(part):
            if tag[1]:
                _close(tag[1].lower(), opened, around)
                continue
            names = _names_of(tag[0])
            found |= names
            for name in names & pairs.keys():
                found.update(f"{outer} {name}" for outer in pairs[name] if around[outer])
            if around["template"]:
                moved |= names
            element = ELEMENT.match(tag[0])[0].lower()
            if element[1:] not in VOID and not tag[0].endswith("/>"):
                opened.append((element[1:], names))
                around.update(names)
    found.update(name for name in asked if " " in name and not moved.isdisjoint(name.split(" ")))
    return frozenset(found)


def _close(element: str, opened: list[tuple[str, frozenset[str]]], around: Counter[str]) -> None:
    """Closes the innermost element of that name, and what was left open inside it."""
    if any(element == each for each, _ in opened):
        while opened:
            each, names = opened.pop()
            around.subtract(names)
            if each == element:
                return


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
    return frozenset(f".{name}" for name in _words(script))


@lru_cache(maxsize=16)
def names_given(script: str) -> frozenset[str]:
    """The classes that a script may set and the elements that it may make: every name that stands in it as a text."""
    return frozenset(name for word in _words(script) for name in (word, f".{word}"))


def _words(script: str) -> list[str]:
    return [word for _, given in GIVEN.findall(script) for word in given.split()]


# Pages of a site have most of their tags in common.
@lru_cache(maxsize=20_000)
def _names_of(tag: str) -> frozenset[str]:
    (name, *_), *attributes = ATTRIBUTE.findall(tag[1:-1])
    names = {name.lower()}
    if not any(key.lower() == "class" for key, *_ in attributes):
        names.add(f"{name.lower()}:{BARE}")
    for key, *values in attributes:
        value = unescape("".join(values))
        names |= {f"[{key.lower()}]", f"[{key.lower()}={value}]"}
        if key.lower() == "class":
            names |= {f".{each}" for each in value.split()}
        elif key.lower() == "id":
            names.add(f"#{value}")
    return frozenset(names)
