"""What a style sheet may ask a page for: the elements, classes, ids and attributes that are on it."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from html import unescape
from typing import NamedTuple

# How style sheets ask for elements without a class, behind a colon.
BARE = "not([class])"
ELEMENT = re.compile(r"<([a-zA-Z][\w-]*)")
TEMPLATE, HIDDEN = "template", "[hidden]"
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
# Attributes whose values differ from tag to tag.
DIFFERING = ("href", "src", "srcset", "alt", "content", "aria-label", "title", "d", "points")
# What begins a text that is no HTML.
RAW = re.compile(r"<(script|style|!--)[^>]*>")
TAG = re.compile(r"""</([a-zA-Z][\w-]*)\s*>|(<[a-zA-Z][^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>)""")
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
# What a script may give an element as its class: a text of plain names, or one such name as a value of `className`.
GIVEN = re.compile(r"""(["'])([a-z][\w -]*)\1""")


def names_on(page: str, asked: frozenset[str], given: frozenset[str] = frozenset()) -> frozenset[str]:
    """What of `asked` stands on an HTML page.

    Names are `p`, `.note`, `#page-text`, `[hidden]`, `[dir=rtl]`, `ul:not([class])`, and `.text ul`, a list inside of
    `.text`. What scripts may set or make is taken as standing everywhere.

    Args:
        page: HTML.
        asked: names to look for.
        given: names that scripts beside the page may set or make.
    """
    scripts, rest = _parted(page)
    found = {"html", "head", "body"}.union(_anywhere(given, asked), *(_given(script, asked) for script in scripts))
    around, standing = {"html": 1, "body": 1}, {"html", "body"}
    opened: list[tuple[str, tuple[str, ...]]] = []
    rows: dict[str, _Row] = {}
    for closed, tag in TAG.findall(_needless_values(asked).sub(r' \1=""', "".join(rest))):
        if closed:
            _close(closed.lower(), opened, around, standing)
            continue
        row = rows.get(tag)
        if row is None:
            row = rows[tag] = _asked_of(tag, asked)
            found |= row.names
        for outer in row.insides.keys() & standing:
            found.update(row.insides[outer])
        # What is hidden waits for a script, which may put it anywhere.
        if HIDDEN in standing or TEMPLATE in standing:
            found |= _anywhere(row.names, asked)
        if row.element:
            opened.append((row.element, row.outsides))
            for outer in row.outsides:
                around[outer] = around.get(outer, 0) + 1
                standing.add(outer)
    return asked & found


class _Row(NamedTuple):
    """What a tag has of what is asked for.

    Attributes:
        insides: pairs whose inner one it may be, by their outer one.
        outsides: what it is around others by.
        element: what it opens; '' where that has no end.
    """

    names: frozenset[str]
    insides: dict[str, tuple[str, ...]]
    outsides: tuple[str, ...]
    element: str


def _close(element: str, opened: list[tuple[str, tuple[str, ...]]], around: dict[str, int], standing: set[str]) -> None:
    """Closes the innermost element of that name, and what was left open inside it."""
    if not (opened and opened[-1][0] == element) and not any(element == each for each, _ in reversed(opened)):
        return
    each = ""
    while each != element:
        each, outsides = opened.pop()
        for outer in outsides:
            around[outer] -= 1
            if not around[outer]:
                standing.discard(outer)


@lru_cache(maxsize=16)
def _pairs(asked: frozenset[str]) -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Name -> (what is around, what is inside, both) of each pair that is asked for and has the name."""
    found = defaultdict(list)
    for pair in asked:
        outer, space, name = pair.partition(" ")
        for each in {outer, name} if space else ():
            found[each].append((outer, name, pair))
    return {name: tuple(pairs) for name, pairs in found.items()}


@lru_cache(maxsize=4096)
def _anywhere(names: frozenset[str], asked: frozenset[str]) -> frozenset[str]:
    """What is met by names that may stand anywhere on a page: every pair that has one of them."""
    pairs = _pairs(asked)
    return frozenset(pair for name in names for _, _, pair in pairs.get(name, ()))


@lru_cache(maxsize=16)
def _needless_values(asked: frozenset[str]) -> re.Pattern[str]:
    """What differs from tag to tag and no selector asks for: without it most tags are alike."""
    some = [name for name in DIFFERING if not any(f"[{name}=" in each for each in asked)]
    return re.compile(rf' ({"|".join(some)})="[^"<>]*"') if some else re.compile(r"(?!)")


# Pages of a site have most of their tags in common.
@lru_cache(maxsize=20_000)
def _asked_of(tag: str, asked: frozenset[str]) -> _Row:
    names, pairs, found = _names_of(tag), _pairs(asked), ELEMENT.match(tag)
    element = found[1].lower() if found else ""
    insides, outsides = defaultdict(list), names & {TEMPLATE, HIDDEN}
    for outer, name, pair in (each for known in names for each in pairs.get(known, ())):
        if name in names:
            insides[outer].append(pair)
        if outer in names:
            outsides |= {outer}
    return _Row(
        names,
        {outer: tuple(each) for outer, each in insides.items()},
        tuple(outsides),
        "" if element in VOID or tag.endswith("/>") else element,
    )


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
def _given(script: str, asked: frozenset[str]) -> frozenset[str]:
    """What a script of the page may set, and what is met by it."""
    names = frozenset(f".{name}" for name in _words(script))
    return names | _anywhere(names, asked)


@lru_cache(maxsize=16)
def names_given(script: str) -> frozenset[str]:
    """The classes that a script may set and the elements that it may make: every name that stands in it as a text."""
    return frozenset(name for word in _words(script) for name in (word, f".{word}"))


def _words(script: str) -> list[str]:
    return [word for _, given in GIVEN.findall(script) for word in given.split()]


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
