"""Change one value of a YAML text, checked by parsing the result; every other byte stays as typed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import date
from itertools import pairwise
from typing import Any

import yaml

from campaign.models.problem import Problem
from campaign.schema.yaml_edit import CannotEdit, MarkedText, YamlText
from campaign.schema.yaml_reader import parse_yaml

# Keys and list indexes; values as forms give them.
KeyPath = tuple[str | int, ...]
YamlValue = str | bool | int | float | date | Sequence["YamlValue"] | Mapping[str, "YamlValue"]

PLAIN_FRAME = "k: {text}\n"  # a value after its key, to the end of the line
# YAML 1.1 breaks lines at these, editors don't.
ESCAPES = {0x85: "\\x85", 0x2028: "\\u2028", 0x2029: "\\u2029", 0xFEFF: "\\ufeff"}


def set_value(text: str, key_path: KeyPath, value: YamlValue) -> str:
    """Return the text with a value set; missing parents are added.

    `key_path`: keys and list indexes; the index after the last adds an item. Raise CannotEdit if the text can't be
    parsed, or something would be lost.
    """
    expected = parse(text)
    try:
        _set_at(expected, key_path, _plain_value(value))
    except (KeyError, IndexError, TypeError):
        raise CannotEdit(_name(key_path)) from None
    return _compared(_Splice(text).put(key_path, value), expected, key_path)


def remove(text: str, key_path: KeyPath) -> str:
    """Return the text without a value and its empty parents, except lists, or raise CannotEdit."""
    expected = parse(text)
    while len(key_path) > 1 and isinstance(key_path[-1], str) and len(_value_at(expected, key_path[:-1])) == 1:
        key_path = key_path[:-1]
    try:
        del _value_at(expected, key_path[:-1])[key_path[-1]]
    except (KeyError, IndexError, TypeError):
        raise CannotEdit(_name(key_path)) from None
    return _compared(_Splice(text).cut(key_path), expected, key_path)


def set_aside(text: str, key_path: KeyPath, keys: Iterable[str], reason: str) -> str:
    """Return the text with keys turned into comments that say why. Raise CannotEdit if one is on the line of a dash."""
    edited = YamlText(text)
    node: yaml.Node | None = edited.root
    for step in key_path:
        node = _child(node, step) if node else None
    if isinstance(node, yaml.MappingNode):
        edited.set_aside(node, keys, reason)
    return edited.changed()


def parse(text: str) -> Any:
    """Return the parsed text as str, list and dict. Raise CannotEdit if it can't be parsed."""
    problems: list[Problem] = []
    result = parse_yaml(text.removeprefix("\ufeff"), "", problems)
    if problems:
        raise CannotEdit(problems[0].message)
    return result.plain()


def parse_mapping(text: str) -> dict[str, Any]:
    """Return the parsed text if it is a mapping, otherwise {}. Raise CannotEdit if it can't be parsed."""
    data = parse(text)
    return data if isinstance(data, dict) else {}


def _compared(text: str, expected: Any, key_path: KeyPath) -> str:
    if parse(text) != expected:
        raise CannotEdit(_name(key_path))
    return text


def _name(key_path: KeyPath) -> str:
    return ".".join(map(str, key_path))


def _plain_value(value: YamlValue) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain_value(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain_value(inner) for inner in value]
    return _bare(value)


def _bare(value: YamlValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def _value_at(data: Any, key_path: KeyPath) -> Any:
    for step in key_path:
        data = data[step]
    return data


def _set_at(data: Any, key_path: KeyPath, value: Any) -> None:
    for step, following in pairwise(key_path):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(data, dict) and data.get(str(step), "") == "":
            data[str(step)] = empty
        elif isinstance(data, list) and step == len(data):
            data.append(empty)
        data = data[step]
    if isinstance(data, list) and key_path[-1] == len(data):
        data.append(deepcopy(value))
    else:
        data[key_path[-1]] = deepcopy(value)


class _Splice(MarkedText):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        if not isinstance(self.root, yaml.MappingNode):
            raise CannotEdit("")
        self.newline = "\r\n" if "\r\n" in text else "\n"

    def put(self, key_path: KeyPath, value: YamlValue) -> str:
        node, depth = self._deepest(key_path)
        for inner in reversed(key_path[depth + 1 :]):
            value = _nested_value(inner, value)
        if depth == len(key_path):
            return self._replaced(node, value)
        if isinstance(node, yaml.MappingNode):
            return self._with_pair(node, str(key_path[depth]), value)
        if isinstance(node, yaml.SequenceNode) and key_path[depth] == len(node.value):
            return self._with_item(node, value)
        if isinstance(node, yaml.ScalarNode) and node.value == "":
            return self._replaced(node, _nested_value(key_path[depth], value))
        raise CannotEdit(_name(key_path))

    def _deepest(self, key_path: KeyPath) -> tuple[yaml.Node, int]:
        """Return the innermost existing node of a path, and its depth."""
        node = self.root
        assert node is not None  # a mapping
        for depth, step in enumerate(key_path):
            result = _child(node, step)
            if result is None:
                return node, depth
            node = result
        return node, len(key_path)

    def cut(self, key_path: KeyPath) -> str:
        owner, last = self._deepest(key_path[:-1])[0], key_path[-1]
        assert isinstance(owner, yaml.CollectionNode)  # the reader found the value
        index = (
            last if isinstance(last, int) else next(n for n, (key, _) in enumerate(owner.value) if key.value == last)
        )
        ends = (piece if isinstance(piece, tuple) else (piece, piece) for piece in owner.value)
        pieces = [(first.start_mark.index, self._end(last_node)) for first, last_node in ends]
        if len(pieces) == 1:
            return self._replaced(owner, [] if isinstance(last, int) else {})
        start, end = pieces[index]
        if owner.flow_style:
            start, end = (pieces[index - 1][1], end) if index else (start, pieces[1][0])
            return self.text[:start] + self.text[end:]
        if isinstance(last, int):  # with its dash
            start = self.text.rindex("-", 0, start)
        line = self._line_start(start)
        if self.text[line:start].strip():  # the next key takes its place after the dash
            return self.text[:start] + self.text[pieces[index + 1][0] :]
        return self.text[:line] + self.text[self._next_line(end) :]

    def _replaced(self, node: yaml.Node, value: YamlValue) -> str:
        start, end = node.start_mark.index, self._end(node)
        if isinstance(node, yaml.CollectionNode):
            if "#" in re.sub(r"\"(?:\\.|[^\"])*\"|'[^']*'", "", self.text[start:end]):
                raise CannotEdit(self.text[start:end])
            if not node.flow_style and node is not self.root:  # on the lines below its key
                start = self.text.rindex(":", 0, start) + 1
        if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
            start = node.start_mark.index
        lines = self._block(value, node) if self.text[start:end].strip() in ("", "[]", "{}") else None
        if lines:
            return self.text[: self._before_space(start)] + lines + self.text[end:]
        style = node.style or None if isinstance(node, yaml.ScalarNode) else None
        space = " " if self.text[start - 1 : start] in (":", "-") else ""
        if isinstance(value, str) and not style and not self._is_in_flow(node):
            return self.text[:start] + space + _scalar(value, frame=PLAIN_FRAME) + self.text[end:]
        return self.text[:start] + space + _flow(value, style) + self.text[end:]

    def _block(self, value: YamlValue, node: yaml.Node) -> str:
        if not isinstance(value, list) or not value or not isinstance(value[0], Mapping) or self._is_in_flow(node):
            return ""
        line = self._line_start(node.start_mark.index)
        key = self.text[line : node.start_mark.index]
        indent = len(key) - len(key.lstrip(" -"))
        return "".join(self.newline + self._item(item, indent + 2) for item in value if isinstance(item, Mapping))

    def _is_in_flow(self, node: yaml.Node) -> bool:
        line = self._line_start(node.start_mark.index)
        return any(sign in self.text[line : node.start_mark.index] for sign in "{[")

    def _before_space(self, position: int) -> int:
        return len(self.text[:position].rstrip(" "))

    def _with_pair(self, owner: yaml.MappingNode, key: str, value: YamlValue) -> str:
        if owner.flow_style or not owner.value:
            end = self._end(owner.value[-1][1]) if owner.value else owner.start_mark.index + 1
            pair = f"{_key(key)}: {_flow(value)}"
            return self.text[:end] + (f", {pair}" if owner.value else pair) + self.text[end:]
        end, indent = self._line_end(self._end(owner)), owner.value[0][0].start_mark.column
        lines = "".join(f"{self.newline}{' ' * indent}{line}" for line in self._lines(key, value))
        return self.text[:end] + lines + self.text[end:]

    def _with_item(self, owner: yaml.SequenceNode, value: YamlValue) -> str:
        if not owner.value:
            return self._replaced(owner, [value])
        if owner.flow_style:
            end = self._end(owner.value[-1])
            return f"{self.text[:end]}, {_flow(value)}{self.text[end:]}"
        end, indent = self._line_end(self._end(owner)), owner.start_mark.column
        # In the style of the previous item.
        is_flat = getattr(owner.value[-1], "flow_style", False)
        item = self._item(value, indent) if isinstance(value, Mapping) and not is_flat else ""
        item = item or f"{' ' * indent}- {_flow(value)}"
        return self.text[:end] + self.newline + item + self.text[end:]

    def _item(self, value: Mapping[str, YamlValue], indent: int) -> str:
        lines = [line for key, inner in value.items() for line in self._lines(key, inner)]
        return self.newline.join(" " * indent + ("  " if n else "- ") + line for n, line in enumerate(lines))

    def _lines(self, key: str, value: YamlValue) -> list[str]:
        if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
            items = (self._item(item, 2).split(self.newline) for item in value)
            return [f"{_key(key)}:", *(line for lines in items for line in lines)]
        return [f"{_key(key)}: {_flow(value)}"]

    def _next_line(self, position: int) -> int:
        end = self.text.find("\n", position)
        return len(self.text) if end < 0 else end + 1


def _child(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if step < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    return None


def _nested_value(step: str | int, value: YamlValue) -> YamlValue:
    return [value] if isinstance(step, int) else {step: value}


def _flow(value: YamlValue, style: str | None = None) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    if isinstance(value, str):
        return _scalar(value, style)
    return _bare(value)


def _key(text: str) -> str:
    """Return a key, unquoted: YAML 1.1 would read `on` as yes, but our reader doesn't."""
    return text if text.isascii() and text.isidentifier() else _scalar(text)


def _scalar(text: str, style: str | None = None, frame: str = "[{text}, {{k: {text}}}]") -> str:
    """Return a text in its former quotes, or unquoted if that can't be misread. `frame` is the YAML around it."""
    if style == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    if style != '"' and text[:1].isalpha() and text.isprintable():
        try:
            if yaml.safe_load(frame.format(text=text)) == yaml.safe_load(frame.format(text=json.dumps(text))):
                return text
        except yaml.YAMLError:
            pass
    return json.dumps(text, ensure_ascii=False).translate(ESCAPES)
