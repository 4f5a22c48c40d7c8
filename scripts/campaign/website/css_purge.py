"""Reduce a style sheet to what a page can use.

A selector stays if every class, id, element and attribute in it is on the page, at the right place in the tree;
:not(), :is() and the like always match. Declarations that a later one overrides are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any

import tinycss2

from campaign.website.css_usage import NO_CLASS
from campaign.website.old_browsers import Declarations, physical_properties, with_colours

Node = Any  # of tinycss2, which brings no types
Styles = list[tuple[str, list[str], Declarations]]

NESTED_RULES = ("media", "supports")
# Order of media queries after all other rules: narrow screens, narrower ones, wide ones, print.
WIDTH = re.compile(r"@media (?:\((max|min)-width:([\d.]+)em\)|(print))")
# Set by the browser as readers use the page, so never in the file.
KEPT_SELECTORS = frozenset({"[open]", "[hidden]"})
MOTION = re.compile(r"(?:-webkit-)?(?:transition|animation)")
PROPERTY = re.compile(r"(?<![\w-])--[\w-]+")
VARIABLE_USE = re.compile(r"var\(\s*(--[\w-]+)")
# Shorthands that set every property that begins with their name; `font` also sets line-height.
SHORTHANDS = frozenset(
    {"background", "border", "flex", "font", "list-style", "margin", "outline", "overflow", "padding"}
)
NOT_IN_SHORTHAND = re.compile(r"border-(?:radius|collapse|spacing)|border-\w+(?:-\w+)?-radius")
# Vendor-specific properties that no reader misses; the last one hides the feedback of a tapped link.
IGNORED_PROPERTIES = frozenset(
    {"-webkit-font-smoothing", "-moz-osx-font-smoothing", "-moz-text-size-adjust", "-webkit-tap-highlight-color"}
)
ZERO = re.compile(r"(?<![\w.#-])(-?)0(\.\d)")


@dataclass(frozen=True)
class Rule:
    """A style rule."""

    condition: str  # the at-rules around it, one per line
    selectors: tuple[tuple[str, frozenset[str]], ...]  # each with the names that it needs on a page
    declarations: tuple[tuple[str, str], ...]  # (property, value)


@dataclass(frozen=True)
class Sheet:
    """A parsed style sheet; `keyframes` are (name, CSS)."""

    rules: tuple[Rule, ...]
    keyframes: tuple[tuple[str, str], ...]

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name in any selector; a descendant is two names with a space between them."""
        return frozenset().union(*(needs for rule in self.rules for _, needs in rule.selectors))


# Pages of most kinds have most sheets in common; reading those takes longer than making them.
@lru_cache(maxsize=32)
def parse_sheet(text: str) -> Sheet:
    """Parse CSS. Unknown at-rules (fonts, imports) are dropped."""
    rules: list[Rule] = []
    keyframes: list[tuple[str, str]] = []
    _read(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True), "", rules, keyframes)
    return Sheet(tuple(sorted(rules, key=_cascade_order)), tuple(keyframes))


def joined(sheets: Iterable[Sheet]) -> Sheet:
    """Return consecutive sheets as one."""
    parts = [*sheets]
    rules = chain.from_iterable(part.rules for part in parts)
    return Sheet(tuple(sorted(rules, key=_cascade_order)), tuple(chain.from_iterable(part.keyframes for part in parts)))


def _cascade_order(rule: Rule) -> tuple[int, float]:
    """Return the position of a rule's media query, so that each component can have its own."""
    match = WIDTH.match(rule.condition)
    if not match:
        return bool(rule.condition), 0
    bound, width, _ = match.groups()
    return {"max": 2, "min": 3, None: 4}[bound], float(width or 0) * (-1 if bound == "max" else 1)


def _read(nodes: Iterable[Node], condition: str, rules: list[Rule], keyframes: list[tuple[str, str]]) -> None:
    for node in nodes:
        if node.type == "qualified-rule":
            parts = [
                (_compact(tinycss2.serialize(part)), frozenset(_required_names(part))) for part in _split(node.prelude)
            ]
            rules.append(Rule(condition, tuple(parts), tuple(_declarations(node.content))))
        elif node.type == "at-rule" and node.lower_at_keyword in NESTED_RULES and node.content is not None:
            inner = f"@{node.lower_at_keyword} {_compact(tinycss2.serialize(node.prelude))}"
            content = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            _read(content, f"{condition}\n{inner}".strip(), rules, keyframes)
        elif node.type == "at-rule" and node.lower_at_keyword == "keyframes":
            name = tinycss2.serialize(node.prelude).strip()
            keyframes.append((name, f"@keyframes {name}{{{_compact(tinycss2.serialize(node.content))}}}"))
        elif node.type == "at-rule" and node.lower_at_keyword == "page":
            selector = f"@page {tinycss2.serialize(node.prelude).strip()}".strip()
            rules.append(Rule(condition, ((selector, frozenset()),), tuple(_declarations(node.content))))


def _declarations(content: list[Node]) -> Iterator[tuple[str, str]]:
    for item in tinycss2.parse_declaration_list(content, skip_comments=True, skip_whitespace=True):
        if item.type == "declaration" and item.lower_name not in IGNORED_PROPERTIES:
            name = item.name if item.name.startswith("--") else item.lower_name
            important = "!important" if item.important else ""
            value = re.sub(r"\s+", " ", tinycss2.serialize(item.value)).strip()
            if "url(" not in value:
                value = ZERO.sub(r"\1\2", re.sub(r"\s*,\s*", ",", value))
            yield name, value + important


def _compact(text: str) -> str:
    return re.sub(r"\s*([{};,>])\s*", r"\1", re.sub(r":\s+", ":", re.sub(r"\s+", " ", text))).strip()


def _split(tokens: list[Node]) -> Iterator[list[Node]]:
    part: list[Node] = []
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _required_names(tokens: list[Node]) -> Iterator[str]:
    previous = ""
    outer: list[str] = []
    own_names: list[str] = []
    for token in tokens:
        name = ""
        if token.type == "hash":
            name = f"#{token.value}"
        elif token.type == "ident" and previous == ".":
            name = f".{token.value}"
        elif token.type == "ident" and previous != ":":
            name = token.lower_value
        elif token.type == "function" and tinycss2.serialize([token]) == NO_CLASS and own_names:
            name = f"{own_names[-1]}:{NO_CLASS}"
        elif token.type == "[] block":
            yield _attribute(tinycss2.serialize(token.content))
        elif token.type == "whitespace" or (token.type == "literal" and token.value in ">+~"):
            # Optional spaces around operators and at the ends.
            outer, own_names = own_names or outer, []
            outer = outer if token.type == "whitespace" or token.value == ">" else []
        if name:
            own_names.append(name)
            yield name
            yield from (f"{context} {name}" for context in outer)
        previous = token.value if token.type == "literal" else ""


def _attribute(attribute_text: str) -> str:
    match = re.fullmatch(r"\s*([\w-]+)\s*(?:=\s*[\"']?([\w-]+)[\"']?\s*)?", attribute_text)
    if not match:
        name = re.match(r"[ ]*([A-Za-z-]+)", attribute_text)
        return f"[{name.group(1) if name else attribute_text}]"
    return f"[{match.group(1)}={match.group(2)}]" if match.group(2) else f"[{match.group(1)}]"


def purge(sheet: Sheet, names: Iterable[str], direction: str = "ltr", is_mixed: bool = False) -> str:
    """Return the compact CSS that a page with these names (see css_usage.names_on) can use.

    Unused custom properties are dropped, and the others get short names. `direction` is the page's, 'ltr' or 'rtl';
    `is_mixed`: parts of it have the other direction.
    """
    class_names = frozenset(names) | KEPT_SELECTORS
    results = [(rule, [text for text, needs in rule.selectors if needs <= class_names]) for rule in sheet.rules]
    rules = [(rule.condition, texts, rule.declarations) for rule, texts in results if texts]
    rules = [
        physical_property for rule in rules for physical_property in physical_properties(*rule, direction, is_mixed)
    ]
    rules_used = _without_overridden(_drop_unused_motion(rules))
    properties, colours = _used_properties(rules_used), _colours(sheet)
    rules_used = [
        (a, b, tuple(d for d in c if not d[0].startswith("--") or d[0] in properties)) for a, b, c in rules_used
    ]
    body = _write([(a, b, with_colours(c, colours)) for a, b, c in rules_used])
    # 26 letters, then each with a number behind it.
    long = dict.fromkeys(PROPERTY.findall(body))
    short = {name: f"--{chr(ord('a') + n % 26)}{n // 26 or ''}" for n, name in enumerate(long)}
    body = PROPERTY.sub(lambda name: short[name.group()], body)
    run = " ".join(re.findall(r"animation[\w-]*:([^;}]*)", body))
    return body + "".join(text for name, text in sheet.keyframes if re.search(rf"\b{re.escape(name)}\b", run))


def _colours(sheet: Sheet) -> dict[str, str]:
    """Return the values of custom properties on every screen."""
    roots = (rule for rule in sheet.rules if not rule.condition and rule.selectors[0][0] == ":root")
    return {name: value for rule in roots for name, value in rule.declarations if name.startswith("--")}


def _drop_unused_motion(rules: Styles) -> Styles:
    """Drop `transition: none` and the like if nothing moves."""
    if any(MOTION.match(name) and not value.startswith("none") for _, _, ds in rules for name, value in ds):
        return rules
    return [(a, b, tuple(item for item in ds if not MOTION.match(item[0]))) for a, b, ds in rules]


def _without_overridden(rules: Styles) -> list[tuple[str, str, Declarations]]:
    """Drop declarations that a later rule with the same selectors overrides. Equal selectors have equal specificity."""
    later: dict[tuple[str, str], set[str]] = {}
    result = []
    for condition, texts, declarations in reversed(rules):
        later_properties = [later.get((condition, text), set()) | later.get(("", text), set()) for text in texts]
        rest = tuple(
            (name, value)
            for name, value in declarations
            if value.endswith("!important") or not all(_is_overridden(name, names) for names in later_properties)
        )
        if rest:
            result.append((condition, ",".join(texts), rest))
        for text in texts:
            later.setdefault((condition, text), set()).update(name for name, _ in declarations)
    return result[::-1]


def _is_overridden(name: str, names: set[str]) -> bool:
    """Return whether declarations with these names set a property."""
    if name in names or (name == "line-height" and "font" in names):
        return True
    parts = name.split("-")
    shorthands = ("-".join(parts[:n]) for n in range(1, len(parts)))
    return not NOT_IN_SHORTHAND.fullmatch(name) and any(
        shorthand in SHORTHANDS and shorthand in names for shorthand in shorthands
    )


def _used_properties(rules: list[tuple[str, str, Declarations]]) -> set[str]:
    defined = [(name, value) for _, _, declarations in rules for name, value in declarations if name.startswith("--")]
    properties = {
        name
        for _, _, ds in rules
        for key, value in ds
        if not key.startswith("--")
        for name in VARIABLE_USE.findall(value)
    }
    while True:
        referenced = {
            name for key, value in defined if key in properties for name in VARIABLE_USE.findall(value)
        } - properties
        if not referenced:
            return properties
        properties |= referenced


def _write(rules: list[tuple[str, str, Declarations]]) -> str:
    parts: list[str] = []
    context = ""
    for condition, selectors, declarations in rules:
        if not declarations:
            continue
        if condition != context:
            parts.append("}" * len(context.split("\n") if context else ()))
            parts.append("".join(f"{line}{{" for line in condition.split("\n")) if condition else "")
            context = condition
        parts.append(f"{selectors}{{{';'.join(f'{name}:{value}' for name, value in declarations)}}}")
    parts.append("}" * len(context.split("\n") if context else ()))
    return "".join(parts)
