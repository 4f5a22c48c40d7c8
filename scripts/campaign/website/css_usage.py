"""Find a style sheet's names on a page: elements, classes, ids and attributes."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from itertools import chain

# The selector for elements without a class, after the colon.
NO_CLASS = "not([class])"
ELEMENT = re.compile(r"<([a-zA-Z][\w-]*)")
TEMPLATE = "template"
HIDDEN = "[hidden]"
VOID_ELEMENTS = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
# Attributes whose values differ from tag to tag.
IGNORED_ATTRIBUTES = ("href", "src", "srcset", "alt", "content", "aria-label", "title", "d", "points")
# The start of text that isn't HTML.
RAW_ELEMENT = re.compile(r"<(script|style|!--)[^>]*>")
TAG = re.compile(r"""</([a-zA-Z][\w-]*)\s*>|<[a-zA-Z][^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
# Classes that a script may set: a string of plain names, or one such name assigned to `className`.
SCRIPT_CLASS = re.compile(r"""(["'])([a-z][\w -]*)\1""")


def names_on(page: str, wanted_names: frozenset[str], classes: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return which of the `wanted_names` names are on an HTML page.

    Names are `p`, `.note`, `#page-text`, `[hidden]`, `[dir=rtl]`, `ul:not([class])`, and `.text ul` for a list inside
    `.text`. Names that scripts may set (`classes`) count as present everywhere.
    """
    scripts, rest = _split_scripts(page)
    seen_pairs: set[frozenset[str]] = set()
    hidden: set[frozenset[str]] = set()
    ancestors = frozenset(("html", "body"))
    stack: list[tuple[str, frozenset[str]]] = []
    values = _needless_values(wanted_names)
    for part in rest:
        for tag in TAG.finditer(values.sub(r' \1=""', part)):
            if closed := tag[1]:
                ancestors = _close(closed.lower(), stack, ancestors)
                continue
            names, names_inside, element = _classes_of(tag[0], wanted_names, ancestors)
            seen_pairs.add(names)
            # Hidden elements wait for a script, which may move them anywhere.
            if TEMPLATE in ancestors or HIDDEN in ancestors:
                hidden.add(names)
            if element:
                stack.append((element, ancestors))
                ancestors = names_inside
    set_by_scripts = {"html", "head", "body"}.union(*map(_classes_in_script, scripts))
    all_names = classes.union(set_by_scripts, *hidden)
    return frozenset(set_by_scripts.union(_scripted_pairs(all_names, wanted_names), *seen_pairs))


def _close(element: str, stack: list[tuple[str, frozenset[str]]], ancestors: frozenset[str]) -> frozenset[str]:
    """Close the innermost element of a name and those left open inside it; return the names around it."""
    if (stack and stack[-1][0] == element) or any(element == tag for tag, _ in reversed(stack)):
        tag = ""
        while tag != element:
            tag, ancestors = stack.pop()
    return ancestors


def unbalanced_tags(part: str) -> str:
    """Return the tags of a part of a page that have no start or end tag in it."""
    open_tags: list[tuple[str, str]] = []
    for tag in chain.from_iterable(map(TAG.finditer, _split_scripts(part)[1])):
        if tag[1] and open_tags and open_tags[-1][1] == tag[1].lower():
            open_tags.pop()
        elif tag[1] or (element := _element_of(tag[0])):
            open_tags.append((tag[0], "" if tag[1] else element))
    return "".join(tag for tag, _ in open_tags)


def _element_of(tag: str) -> str:
    """Return the element that a tag opens, '' if it is void."""
    match = ELEMENT.match(tag)
    element = match[1].lower() if match else ""
    return "" if element in VOID_ELEMENTS or tag.endswith("/>") else element


@lru_cache(maxsize=16)
def _pairs(names: frozenset[str]) -> tuple[tuple[str, str, str], ...]:
    """Return (outer, inner, both) for each descendant pair among the names."""
    return tuple((outer, name, pair) for pair in names for outer, space, name in [pair.partition(" ")] if space)


@lru_cache(maxsize=256)
def _scripted_pairs(all_names: frozenset[str], names: frozenset[str]) -> frozenset[str]:
    """Return the pairs with a name that scripts may put anywhere."""
    return frozenset(pair for outer, name, pair in _pairs(names) if name in all_names or outer in all_names)


@lru_cache(maxsize=16)
def _needless_values(names: frozenset[str]) -> re.Pattern[str]:
    """Match attribute values that no selector asks for; without them most tags are equal, and cached."""
    attribute_names = [name for name in IGNORED_ATTRIBUTES if not any(f"[{name}=" in item for item in names)]
    return re.compile(rf' ({"|".join(attribute_names)})="[^"<>]*"') if attribute_names else re.compile(r"(?!)")


# Pages of a site have most of their tags in common.
@lru_cache(maxsize=20_000)
def _classes_of(
    tag: str, class_names: frozenset[str], ancestors: frozenset[str]
) -> tuple[frozenset[str], frozenset[str], str]:
    """Return a tag's names and pairs, the names around its content, and its element."""
    names, pairs = _names_of(tag), _pairs(class_names)
    return (
        names.union(pair for outer, name, pair in pairs if name in names and outer in ancestors),
        ancestors | (names & {TEMPLATE, HIDDEN, *(outer for outer, _, _ in pairs)}),
        _element_of(tag),
    )


def _split_scripts(page: str) -> tuple[list[str], list[str]]:
    """Return the texts of a page's scripts, and its HTML between raw texts."""
    scripts, rest, depth = [], [], 0
    while start := RAW_ELEMENT.search(page, depth):
        is_comment = start[1] == "!--"
        inner = start.end(1) if is_comment else start.end()
        end = page.find("-->" if is_comment else f"</{start[1]}", inner)
        rest.append(page[depth : start.start() if is_comment else inner])
        depth = end if end >= 0 else len(page)
        if start[1] == "script":
            scripts.append(page[inner:depth])
    return scripts, [*rest, page[depth:]]


@lru_cache(maxsize=256)
def _classes_in_script(script: str) -> frozenset[str]:
    return frozenset(f".{name}" for name in _words(script))


@lru_cache(maxsize=16)
def names_given(script: str) -> frozenset[str]:
    """Return the classes that a script may set and the elements that it may make: every name in its string literals."""
    return frozenset(name for word in _words(script) for name in (word, f".{word}"))


def _words(script: str) -> list[str]:
    return [word for _, names_in_script in SCRIPT_CLASS.findall(script) for word in names_in_script.split()]


def _names_of(tag: str) -> frozenset[str]:
    (name, *_), *attributes = ATTRIBUTE.findall(tag[1:-1])
    names = {name.lower()}
    if not any(key.lower() == "class" for key, *_ in attributes):
        names.add(f"{name.lower()}:{NO_CLASS}")
    for key, *values in attributes:
        value = unescape("".join(values))
        names |= {f"[{key.lower()}]", f"[{key.lower()}={value}]"}
        if key.lower() == "class":
            names |= {f".{item}" for item in value.split()}
        elif key.lower() == "id":
            names.add(f"#{value}")
    return frozenset(names)
