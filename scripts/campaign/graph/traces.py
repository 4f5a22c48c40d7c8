"""Store the inputs of outputs between builds and compare them with today's values.

A node is an output or a value that outputs are built from. Its row holds its result and a trace: ids of the inputs
(value path and digest) recorded while it was built. One table stores the inputs of all nodes, each once.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from campaign.cache.memo import Memo
from campaign.graph.tracking import ABSENT_DIGEST, OBJECT, Trace, Tracker, ValuePath

# The database's space with the inputs of all nodes.
INPUTS = "inputs"
MAX_REASONS = 10
# While a whole object is the same, its other inputs aren't compared; no node has its id.
OBJECT_ID = ""
MIN_INPUTS_OF_OBJECT = 4
Row = dict[str, Any]
Input = tuple[ValuePath, str]
# JSON turns tuples into lists: the type of a path's step, as deep as views nest.
_Word = str | int | float | bool | None
_Key = _Word | tuple[_Word | tuple[_Word | tuple[_Word, ...], ...], ...]
_Step = tuple[_Key, ...]
NewInputs = dict[ValuePath, tuple[str, str]]  # digest and id by path
_Row = dict[_Step, tuple[str, str]]  # the same for paths that differ only in their last step, by that step
_decode_path = msgspec.json.Decoder(tuple[_Step, ...]).decode
_decode_row = msgspec.json.Decoder(list[tuple[_Step, tuple[str, str]]]).decode


class InputTable:
    """The inputs of all nodes: of each path the digest recorded last, because nodes with another one are outdated."""

    def __init__(self, file: Path | None, tracker: Tracker | None) -> None:
        """Open the table in a database (None for none). tracker: today's values; None to reuse no node."""
        self.file, self.tracker = file, tracker
        self._memo = Memo(file, INPUTS)
        self._new: NewInputs = {}
        self._ids: dict[Input, str] = {}
        self._replaced: dict[str, Input] = {}
        self._changed: set[ValuePath] = set()  # keys of `_rows`
        self._current: set[str] | None = None
        self._generation = 0

    def __reduce__(self) -> tuple[Any, ...]:
        return InputTable, (self.file, self.tracker)

    @cached_property
    def _rows(self) -> dict[ValuePath, _Row]:
        """The inputs by their paths without the last step. A damaged row is missing: its nodes are made again."""
        rows = {key: self._memo.get(key, _decode_row) or () for key in sorted(self._memo.keys())}
        return defaultdict(dict, {_decode_path(key): dict(row) for key, row in rows.items()})

    @cached_property
    def by_id(self) -> dict[str, Input]:
        """The inputs of stored nodes by id, except those that are and stay current."""
        current, paths = self.current, dict[str, Input]()
        for parent, row in self._rows.items():
            known = set[str]() if self._is_recorded(parent) else current
            paths |= {id: ((*parent, step), digest) for step, (digest, id) in row.items() if id not in known}
        return paths | self._replaced

    @property
    def current(self) -> set[str]:
        """The ids of unchanged inputs: all are compared at the first use; `_is_recorded` ones again if one changes."""
        if not self.tracker:
            return set()
        if self._current is None:
            self._current = self._unchanged(self._rows)
        elif self._generation != self.tracker.generation:
            parents = [parent for parent in self._rows if self._is_recorded(parent)]
            self._current -= {id for parent in parents for _, id in self._rows[parent].values()}
            self._current |= self._unchanged(parents)
        self._generation = self.tracker.generation
        return self._current

    def _is_recorded(self, parent: ValuePath) -> bool:
        """Return whether makers record the values there while they run (`Tracker.note`)."""
        return bool(self.tracker and parent and parent[0] in self.tracker.recorded_steps)

    def _unchanged(self, parents: Iterable[ValuePath]) -> set[str]:
        assert self.tracker
        digest, ids = self.tracker.digest, set[str]()
        for parent in parents:
            row = self._rows[parent]
            is_same = OBJECT in row and digest((*parent, OBJECT)) == row[OBJECT][0]
            ids.update(id for step, (old, id) in row.items() if is_same or digest((*parent, step)) == old)
        return ids

    def add(self, trace: Trace) -> list[str]:
        """Add the inputs of a node and return their ids."""
        return sorted(map(self._add, trace.items()))

    def _add(self, node_input: Input) -> str:
        path, digest = node_input
        id = self._ids.get(node_input)
        if id is None:
            data = msgspec.json.encode(node_input)
            id = self._ids[node_input] = b2a_base64(blake2b(data, digest_size=9).digest(), newline=False).decode()
        if self._rows[path[:-1]].get(path[-1]) != (digest, id):
            self._new[path] = digest, id
            self._put(path, digest, id)
        return id

    def _put(self, path: ValuePath, digest: str, id: str) -> None:
        row, step, current = self._rows[path[:-1]], path[-1], self.current
        row.pop(OBJECT, None)
        if step in row:
            old_digest, old_id = row[step]
            self._replaced[old_id] = path, old_digest
            current.discard(old_id)
        row[step] = digest, id
        self._changed.add(path[:-1])
        if self.tracker and self.tracker.digest(path) == digest:
            current.add(id)

    def take_new(self) -> NewInputs:
        """Return the inputs added since the last call, for the process that saves them."""
        new, self._new = self._new, {}
        return new

    def merge(self, new: NewInputs) -> None:
        """Add the inputs that another process has added."""
        for path, (digest, id) in new.items():
            self._put(path, digest, id)

    def save(self, is_last: bool = False) -> None:
        """Save the table. is_last: all nodes were looked at, so inputs that changed belong to none."""
        if is_last and self.tracker:
            self._delete_changed()
            self._add_objects(self.tracker)
        keys = {parent: msgspec.json.encode(parent).decode() for parent, row in self._rows.items() if row}
        for parent in self._changed & keys.keys():
            self._memo.put(keys[parent], [*self._rows[parent].items()])
        self._memo.keep_only(set(keys.values()))
        self._memo.save()
        self._new, self._changed = {}, set()

    def _delete_changed(self) -> None:
        current = self.current
        for parent, row in self._rows.items():
            outdated = [] if self._is_recorded(parent) else [step for step, (_, id) in row.items() if id not in current]
            for step in outdated:
                del row[step]
                self._changed.add(parent)

    def _add_objects(self, tracker: Tracker) -> None:
        """Add digests of whole objects; all other inputs are current."""
        for parent, row in self._rows.items():
            if len(row) < MIN_INPUTS_OF_OBJECT:
                row.pop(OBJECT, None)
            elif tracker.is_plain(parent):
                digest = tracker.digest((*parent, OBJECT))
                if row.get(OBJECT) != (digest, OBJECT_ID):
                    row[OBJECT] = digest, OBJECT_ID
                    self._changed.add(parent)


class Nodes:
    """A table of nodes."""

    def __init__(self, memo: Memo, inputs: InputTable, shared: str) -> None:
        """Open it.

        Args:
            memo: the rows, by the nodes' names.
            inputs: the table of inputs.
            shared: the fingerprint of the other inputs of every node (the program, templates).
        """
        self.memo, self.inputs, self._shared = memo, inputs, shared

    def find(self, name: str) -> Row | None:
        """Return the row of a node if its inputs are unchanged."""
        row: Row | None = self.memo.get(name)
        if row is None or row.get("shared") != self._shared:
            return None
        return row if self.inputs.current.issuperset(row["trace"]) else None

    def put(self, name: str, row: Mapping[str, Any], trace: Trace) -> None:
        """Store a node's result, its inputs, and why it was built again."""
        metadata = {"shared": self._shared, "reasons": self._reasons(self.memo.get(name))}
        self.memo.put(name, {**row, **metadata, "trace": self.inputs.add(trace)})

    def _reasons(self, old_row: Row | None) -> list[str]:
        if old_row is None or self.inputs.tracker is None:
            return ["It was not built before."]
        if old_row.get("shared") != self._shared:
            return ["The program, mkdocs.yml, a template or the list of languages changed."]
        results = [f"{input_name}: {change}" for input_name, change in self._changes(old_row)]
        return results[:MAX_REASONS] or ["Its cached file was missing or damaged, or its frame was made again."]

    def _changes(self, row: Row) -> Iterator[tuple[str, str]]:
        """Return the inputs of a node that differ, each with 'changed', 'gone' or 'new'."""
        stored, digest = self.inputs.by_id, self.inputs.tracker.digest if self.inputs.tracker else None
        for path, old_digest in (stored[id] for id in sorted({*row["trace"]} - self.inputs.current) if id in stored):
            current_digest = digest(path) if digest else ABSENT_DIGEST
            if current_digest != old_digest:
                yield (
                    words_of(path),
                    "gone" if current_digest == ABSENT_DIGEST else "new" if old_digest == ABSENT_DIGEST else "changed",
                )


def words_of(path: ValuePath) -> str:
    """A value path as people read it: `campaign.languages[pt].strings[home]`."""
    return "".join(_word(*step) for step in path)


def _word(step: str, *arguments: Any) -> str:
    match step:
        case "of":
            return str(arguments[0])
        case "get":
            return f".{arguments[0]}"
        case "item":
            return f"[{' '.join(map(str, arguments[0])) if isinstance(arguments[0], tuple) else arguments[0]}]"
        case "has":
            return f" has {arguments[0]}"
        case "keys":
            return " (which there are)"
        case "derive":
            return f" by {arguments[0]}"
        case _:
            return f".{arguments[0]}({', '.join(map(str, arguments[1]))})"
