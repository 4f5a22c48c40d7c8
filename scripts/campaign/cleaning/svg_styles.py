"""The style sheets of a drawing, laid onto its elements: type, class, id, descendant and child selectors."""

from __future__ import annotations

from typing import Any

import tinycss2

Element = Any
_Compound = tuple[str, frozenset[str], str]  # type, classes, id
_Selector = tuple[list[_Compound], list[str]]  # from left to right, and what joins them


def styled(root: Element) -> dict[Element, dict[str, str]]:
    """What style sheets and `style` say of each element, the stronger over the weaker."""
    rules = [rule for sheet in root.iter("{*}style") for rule in _rules(sheet.text or "")]
    rules.sort(key=lambda rule: rule[0])
    found: dict[Element, dict[str, str]] = {}
    for element in root.iter():
        if isinstance(element.tag, str):
            said = {key: value for _, one, rows in rules if _fits(one, element) for key, value in rows.items()}
            said |= _declarations(tinycss2.parse_declaration_list(element.get("style") or ""))
            if said:
                found[element] = said
    return found


def _rules(css: str) -> list[tuple[tuple[int, int, int], _Selector, dict[str, str]]]:
    found = []
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            continue  # a font, a medium, an import: nothing of a drawing on paper
        rows = _declarations(tinycss2.parse_declaration_list(rule.content))
        for text in tinycss2.serialize(rule.prelude).split(","):
            if (one := _selector(text)) is not None:
                found.append((_weight(one), one, rows))
    return found


def _declarations(parsed: list[Any]) -> dict[str, str]:
    return {each.lower_name: tinycss2.serialize(each.value).strip() for each in parsed if each.type == "declaration"}


def _selector(text: str) -> _Selector | None:
    parts: list[_Compound] = []
    joins: list[str] = []
    for word in text.replace(">", " > ").split():
        if word == ">":
            if not parts or (joins[-1:] == [">"] and len(joins) == len(parts)):
                return None
            joins.append(">")
            continue
        if any(sign in word for sign in "[:+~"):
            return None
        if len(joins) < len(parts):
            joins.append(" ")
        head, *classes = word.split(".")
        tag, _, id = head.partition("#")
        if classes and "#" in classes[-1]:
            classes[-1], _, id = classes[-1].partition("#")
        parts.append((tag if tag != "*" else "", frozenset(classes), id))
    return (parts, joins) if parts and len(joins) < len(parts) else None


def _weight(one: _Selector) -> tuple[int, int, int]:
    parts = one[0]
    return (
        sum(bool(id) for _, _, id in parts),
        sum(len(some) for _, some, _ in parts),
        sum(bool(tag) for tag, *_ in parts),
    )


def _fits(one: _Selector, element: Element) -> bool:
    parts, joins = one
    if not _is(parts[-1], element):
        return False
    if len(parts) == 1:
        return True
    rest = (parts[:-1], joins[:-1])
    above = element.iterancestors()
    return any(_fits(rest, each) for each in ([*above][:1] if joins[-1] == ">" else above))


def _is(part: _Compound, element: Element) -> bool:
    tag, classes, id = part
    own = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    return tag in ("", own) and classes <= {*(element.get("class") or "").split()} and id in ("", element.get("id"))
