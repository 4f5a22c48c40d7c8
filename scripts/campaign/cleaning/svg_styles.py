"""The style sheets of a drawing, laid onto its elements: type, class, id, attribute, descendant and child selectors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import tinycss2

Element = Any
Token = Any  # tinycss2 has no types
_Weight = tuple[int, int, int]
# Rules that don't affect shapes on paper, and states that don't exist there.
IGNORED_RULES = ("charset", "font-face", "namespace", "import")  # imports are refused elsewhere
IGNORED_STATES = ("hover", "focus", "active", "visited", "selection", "link", "target", "focus-visible", "focus-within")
COMPUTED_VALUE_STARTS = ("var(", "calc(", "env(", "attr(")


class _Unsupported(Exception):
    """The selector can't be applied to elements."""


class _NeverMatches(Exception):
    """The selector matches no element on paper."""


@dataclass(frozen=True)
class _Compound:
    """The conditions of one element. Attributes are (name, operator, value); '' only requires its presence."""

    tag: str = ""
    id: str = ""
    classes: frozenset[str] = frozenset()
    attributes: tuple[tuple[str, str, str], ...] = ()

    def fits(self, element: Element) -> bool:
        tag_name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        return (
            self.tag in ("", tag_name)
            and self.id in ("", element.get("id"))
            and self.classes <= {*(element.get("class") or "").split()}
            and all(_attribute_matches(element, *attribute) for attribute in self.attributes)
        )


_Selector = tuple[list[_Compound], list[str]]  # left to right, with combinators


def styled(root: Element) -> dict[Element, dict[str, str]]:
    """Return the properties from style sheets and `style` of each element, by specificity."""
    rules = [ruleset for sheet in root.iter("{*}style") for ruleset in _rules(sheet.text or "")]
    rules.sort(key=lambda item: item[0])
    results: dict[Element, dict[str, str]] = {}
    for element in root.iter():
        if isinstance(element.tag, str):
            fitting = [rows for _, selector, rows in rules if _fits(selector, element)]
            fitting.append(tinycss2.parse_declaration_list(element.get("style") or ""))
            declarations = {
                row.lower_name: tinycss2.serialize(row.value).strip()
                for is_important in (False, True)
                for rows in fitting
                for row in rows
                if row.type == "declaration" and row.important == is_important
            }
            if declarations:
                results[element] = declarations
    return results


def unsupported_styles(root: Element) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of each rule and value that isn't applied."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for value in (element.get("style") or "").split(";"):
            if any(item in value for item in COMPUTED_VALUE_STARTS):
                yield element.sourceline or 1, value.strip()
        if element.tag.rpartition("}")[2] == "style":
            for line, text in _unsupported_rules(element.text or ""):
                yield (element.sourceline or 1) + line - 1, text


def _unsupported_rules(css: str) -> Iterator[tuple[int, str]]:
    for ruleset in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if ruleset.type == "at-rule" and ruleset.lower_at_keyword not in IGNORED_RULES:
            yield ruleset.source_line, f"@{ruleset.at_keyword}"
        if ruleset.type == "qualified-rule":
            for tokens in _split(ruleset.prelude):
                try:
                    _selector(tokens)
                except _Unsupported:
                    yield ruleset.source_line, tinycss2.serialize(tokens).strip()
                except _NeverMatches:
                    continue
            text = tinycss2.serialize(ruleset.content)
            if any(item in text for item in COMPUTED_VALUE_STARTS):
                yield (
                    ruleset.source_line,
                    next(item for item in text.split(";") if any(c in item for c in COMPUTED_VALUE_STARTS)).strip(),
                )


def _rules(css: str) -> list[tuple[_Weight, _Selector, list[Token]]]:
    results = []
    for ruleset in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if ruleset.type != "qualified-rule":
            continue
        rows = tinycss2.parse_declaration_list(ruleset.content)
        for tokens in _split(ruleset.prelude):
            try:
                selector = _selector(tokens)
            except (_Unsupported, _NeverMatches):
                continue
            results.append((_weight(selector), selector, rows))
    return results


def _split(prelude: list[Token]) -> Iterator[list[Token]]:
    tokens: list[Token] = []
    for token in (*prelude, None):
        if token is None or token == ",":
            yield tokens
            tokens = []
        else:
            tokens.append(token)


def _selector(tokens: list[Token]) -> _Selector:
    parts: list[_Compound] = []
    joins: list[str] = []
    run: list[Token] = []
    join = ""
    for token in (*tokens, None):
        if token is not None and token.type == "comment":
            continue
        if token is not None and token.type != "whitespace" and token not in (">", "+", "~"):
            run.append(token)
            continue
        if run:
            if parts:
                joins.append(join or " ")
            parts.append(_compound(run))
            run, join = [], ""
        if token in ("+", "~") or (token == ">" and (join or not parts)):
            raise _Unsupported
        join = ">" if token == ">" else join
    if not parts or join:
        raise _Unsupported
    return parts, joins


def _compound(run: list[Token]) -> _Compound:
    tag, id, classes, attributes = "", "", set[str](), list[tuple[str, str, str]]()
    position = 0
    while position < len(run):
        token, after = run[position], run[position + 1] if position + 1 < len(run) else None
        if token.type == "ident" and position == 0:
            tag = token.value
        elif token.type == "hash":
            id = token.value
        elif token == "." and after is not None and after.type == "ident":
            classes.add(after.value)
            position += 1
        elif token.type == "[] block":
            attributes.append(_attribute([item for item in token.content if item.type != "whitespace"]))
        elif token == ":" and any(
            item.type == "ident" and item.lower_value in IGNORED_STATES for item in run[position:]
        ):
            raise _NeverMatches
        elif not (token == "*" and position == 0):
            raise _Unsupported
        position += 1
    return _Compound(tag, id, frozenset(classes), tuple(attributes))


def _attribute(tokens: list[Token]) -> tuple[str, str, str]:
    name, signs = (tokens[0], tokens[1:-1]) if len(tokens) > 2 else (tokens[0] if tokens else None, [])
    if name is None or name.type != "ident" or len(tokens) == 2:
        raise _Unsupported
    if not signs:
        return name.value, "", ""
    sign = "".join(tinycss2.serialize([character]) for character in signs)
    if sign not in ("=", "~=", "|=", "^=", "$=", "*=") or tokens[-1].type not in ("ident", "string"):
        raise _Unsupported
    return name.value, sign, tokens[-1].value


def _attribute_matches(element: Element, name: str, sign: str, value: str) -> bool:
    own_value = element.get(name)
    if own_value is None or not sign:
        return own_value is not None
    if sign == "=":
        return bool(own_value == value)
    if sign == "~=":
        return value in own_value.split()
    if sign == "|=":
        return bool(own_value == value or own_value.startswith(f"{value}-"))
    if not value:
        return False
    return bool({"^=": own_value.startswith, "$=": own_value.endswith, "*=": own_value.__contains__}[sign](value))


def _weight(selector: _Selector) -> _Weight:
    parts = selector[0]
    return (
        sum(bool(part.id) for part in parts),
        sum(len(part.classes) + len(part.attributes) for part in parts),
        sum(bool(part.tag) for part in parts),
    )


def _fits(selector: _Selector, element: Element) -> bool:
    parts, joins = selector
    if not parts[-1].fits(element):
        return False
    if len(parts) == 1:
        return True
    rest = (parts[:-1], joins[:-1])
    above = element.iterancestors()
    return any(_fits(rest, item) for item in ([*above][:1] if joins[-1] == ">" else above))
