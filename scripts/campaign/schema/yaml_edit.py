"""Change single values in a YAML text; comments and quotes stay as typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import yaml

COMMENTED_LINE = "# {why}: {line}"


class CannotEdit(Exception):
    """Changing the text would lose something, so a person must do it."""


def compose(text: str) -> yaml.Node | None:
    """Return the root node of a YAML text, whose marks are offsets.

    With libyaml it is ten times faster than with PyYAML's parser: seconds instead of minutes for 600 contacts. The
    marks are the same except after a byte order mark. Raise yaml.YAMLError if the text isn't valid YAML.
    """
    if text.startswith("\ufeff"):
        return yaml.compose(text, Loader=yaml.SafeLoader)
    return yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


class MarkedText:
    """A text with the positions of its values."""

    def __init__(self, text: str) -> None:
        self.text, self.root = text, compose(text)

    def _end(self, node: yaml.Node) -> int:
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self._end(last[1] if isinstance(last, tuple) else last)
        start, end = node.start_mark.index, node.end_mark.index
        return start + len(self.text[start:end].rstrip())

    def _line_start(self, position: int) -> int:
        return self.text.rfind("\n", 0, position) + 1

    def _line_end(self, position: int) -> int:
        end = self.text.find("\n", position)
        end = len(self.text) if end < 0 else end
        return end - 1 if self.text[end - 1 : end] == "\r" else end


class YamlText(MarkedText):
    """A text and its pending changes. Nodes are those of the original; `changed` applies all changes at once."""

    def __init__(self, text: str, original: str | None = None) -> None:
        super().__init__(text)
        self.before = text if original is None else original
        self._changes: list[tuple[int, int, str]] = []
        self._aside: set[tuple[int, str]] = set()

    def changed(self) -> str:
        """Return the text with all changes."""
        parts, position = [], 0
        for start, end, text in sorted(self._changes, key=_order):
            parts += [self.text[position:start], text]
            position = max(position, end)
        return "".join((*parts, self.text[position:]))

    def lines_of(self, item: yaml.Node) -> tuple[int, int]:
        """Return where the lines of a list's item begin and end, with its comments: above it, or indented below it."""
        start, end = self._line_start(item.start_mark.index), self._line_end(self._end(item))
        dash = len(self._indent(start))
        while start and self._is_comment(before := self._line_start(start - 1)) and len(self._indent(before)) <= dash:
            start = before
        while (after := self.text.find("\n", end) + 1) and self._is_comment(after) and len(self._indent(after)) > dash:
            end = self._line_end(after)
        return start, end

    def _is_comment(self, line: int) -> bool:
        return self.text[line : self._line_end(line)].lstrip().startswith("#")

    def replace(self, start: int, end: int, text: str) -> None:
        """Replace a part of the text."""
        self._changes.append((start, end, text))

    def set_value(self, owner: yaml.MappingNode, key: str, value: str) -> None:
        """Replace a value by one-line YAML, or add it below the last key. Raise CannotEdit at comments inside."""
        pair = self._pair(owner, key)
        if pair is None:
            self._add_pair(owner, f"{key}: {value}")
            return
        head, old = pair
        start, end = old.start_mark.index, self._end(old)
        if isinstance(old, yaml.CollectionNode) and not old.flow_style:
            start = self.text.index(":", head.end_mark.index) + 1
        if "#" in self.text[start:end] and not isinstance(old, yaml.ScalarNode):
            raise CannotEdit(key)
        space = " " if self.text[start - 1 : start] == ":" else ""
        self._changes.append((start, end, space + value))

    def set_aside(self, owner: yaml.MappingNode, keys: Iterable[str], reason: str) -> None:
        """Turn values into comments. Raise CannotEdit if one is on the line of a dash."""
        for key in keys:
            pair = self._pair(owner, key)
            if pair is None:
                continue
            self._aside.add((id(owner), key))
            start, end = pair[0].start_mark.index, self._end(pair[1])
            if owner.flow_style:
                self._cut(owner, key)
                line = self._line_start(owner.start_mark.index)
                indent = self._indent(line)
                comment = " ".join(self.text[start:end].split())
                self._changes.append((line, line, f"{indent}{COMMENTED_LINE.format(why=reason, line=comment)}\n"))
            else:
                start, end = self._whole_lines(pair)
                indent = " " * pair[0].start_mark.column
                lines = (line.strip() for line in self.text[start:end].split("\n"))
                comment = "\n".join(indent + COMMENTED_LINE.format(why=reason, line=line) for line in lines if line)
                self._changes.append((start, end, comment))

    def append(self, owner: yaml.MappingNode, key: str, pairs: list[str]) -> None:
        """Add an item of `key: value` lines to a list. Raise CannotEdit if the value isn't a list."""
        pair = self._pair(owner, key)
        items = pair[1] if pair else None
        if isinstance(items, yaml.SequenceNode) and items.value:
            if items.flow_style:
                end = self._end(items.value[-1])
                self._changes.append((end, end, f", {{{', '.join(pairs)}}}"))
            else:
                end = self._line_end(self._end(items))
                self._changes.append((end, end, "\n" + _item(pairs, items.start_mark.column)))
            return
        is_empty = isinstance(items, yaml.SequenceNode) or (isinstance(items, yaml.ScalarNode) and not items.value)
        if pair is None or not is_empty or owner.flow_style:
            raise CannotEdit(key)
        start = self.text.index(":", pair[0].end_mark.index) + 1
        self._changes.append((start, max(start, self._end(pair[1])), ""))
        end = self._line_end(max(start, self._end(pair[1])))
        self._changes.append((end, end, "\n" + _item(pairs, pair[0].start_mark.column + 2)))

    def gather(self, owner: yaml.MappingNode, keys: Iterable[str], under: str, pairs: list[str]) -> None:
        """Move values into the first item of a new list, add a second, or raise CannotEdit."""
        results = [pair for key in keys if (pair := self._pair(owner, key))]
        results.sort(key=lambda pair: pair[0].start_mark.index)
        if owner.flow_style:
            first = ", ".join(self.text[head.start_mark.index : self._end(value)] for head, value in results)
            for head, _ in results:
                self._cut(owner, str(head.value))
            self._add_pair(owner, f"{under}: [{{{first}}}, {{{', '.join(pairs)}}}]")
            return
        indent = results[0][0].start_mark.column
        lines: list[str] = []
        for pair in results:
            start, end = self._whole_lines(pair)
            lines += (line[indent:] for line in self.text[start:end].split("\n"))
            self._changes.append((start, min(end + 1, len(self.text)), ""))
        start = self._whole_lines(results[0])[0]
        items = f"{_item(lines, indent + 2)}\n{_item(pairs, indent + 2)}"
        self._changes.append((start, start, f"{' ' * indent}{under}:\n{items}\n"))

    def _pair(self, owner: yaml.MappingNode, key: str) -> tuple[yaml.Node, yaml.Node] | None:
        if (id(owner), key) in self._aside:
            return None
        return next((pair for pair in owner.value if pair[0].value == key), None)

    def _add_pair(self, owner: yaml.MappingNode, line: str) -> None:
        if owner.flow_style:
            end = self._end(owner.value[-1][1]) if owner.value else owner.start_mark.index + 1
            self._changes.append((end, end, f", {line}" if owner.value else line))
        else:
            end = self._line_end(self._end(owner))
            self._changes.append((end, end, f"\n{' ' * owner.value[0][0].start_mark.column}{line}"))

    def _cut(self, owner: yaml.MappingNode, key: str) -> None:
        index = next(n for n, pair in enumerate(owner.value) if pair[0].value == key)
        start, end = owner.value[index][0].start_mark.index, self._end(owner.value[index][1])
        if index:
            start = self._end(owner.value[index - 1][1])
        elif len(owner.value) > 1:
            end = owner.value[1][0].start_mark.index
        self._changes.append((start, end, ""))

    def _whole_lines(self, pair: tuple[yaml.Node, yaml.Node]) -> tuple[int, int]:
        start = self._line_start(pair[0].start_mark.index)
        if self.text[start : pair[0].start_mark.index].strip():
            raise CannotEdit(pair[0].value)
        return start, self._line_end(self._end(pair[1]))

    def _indent(self, line: int) -> str:
        rest = self.text[line : self._line_end(line)]
        return rest[: len(rest) - len(rest.lstrip(" "))]


def _order(change: tuple[int, int, str]) -> tuple[int, int, bool]:
    line = change[2].removeprefix("\n")
    return change[0], len(line.lstrip(" ")) - len(line) if line != change[2] else 0, not line.lstrip().startswith("- ")


def _item(lines: list[str], indent: int) -> str:
    return "\n".join(" " * indent + ("  " if index else "- ") + line for index, line in enumerate(lines))


def mappings(node: yaml.Node | None, key: str) -> Iterator[yaml.MappingNode]:
    """Yield the mappings in a list."""
    result = value_of(node, key)
    if isinstance(result, yaml.SequenceNode):
        yield from (item for item in result.value if isinstance(item, yaml.MappingNode))


def value_of(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """Return the value of a key."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)
