"""Store the inputs of outputs between builds and compare them with today's values.

A node is an output or a value that outputs are built from. Its row holds its result and a trace: ids of the inputs
(value path and digest) recorded while it was built. A table stores each input once for all its nodes.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from campaign.cache.memo import Memo
from campaign.graph.tracking import ABSENT_DIGEST, Trace, Tracker, ValuePath

# The row of a table that has its inputs.
INPUTS = "inputs"
MAX_REASONS = 10
Row = dict[str, Any]
Input = tuple[ValuePath, str]
# JSON turns tuples into lists: the type of a path's step, as deep as views nest.
_Word = str | int | float | bool | None
_Key = _Word | tuple[_Word | tuple[_Word | tuple[_Word, ...], ...], ...]
_Inputs = dict[str, tuple[tuple[tuple[_Key, ...], ...], str]]


class Nodes:
    """A table of nodes."""

    def __init__(self, memo: Memo, tracker: Tracker | None, shared: str) -> None:
        """Open it.

        Args:
            memo: the rows, by the nodes' names.
            tracker: today's values; None to reuse no node.
            shared: the fingerprint of the other inputs of every node (the program, templates).
        """
        self.memo, self._tracker, self._shared = memo, tracker, shared
        self._inputs = read_inputs(memo)
        self._ids: dict[Input, str] = {}  # filled when the first node is put
        self._current: set[str] | None = None
        self._generation = 0

    def find(self, name: str) -> Row | None:
        """Return the row of a node if its inputs are unchanged."""
        row: Row | None = self.memo.get(name)
        is_comparable = row is not None and self._tracker is not None and row.get("shared") == self._shared
        return row if row and is_comparable and self._are_current(row["trace"]) else None

    def _are_current(self, trace: list[str]) -> bool:
        """Return whether all inputs of a trace are unchanged; all inputs of a table are compared at once."""
        if self._tracker and self._current is None:
            self._generation = self._tracker.generation
            self._current = self._unchanged(self._inputs)
        elif self._tracker and self._current is not None and self._generation != self._tracker.generation:
            self._generation = self._tracker.generation
            ids = {id for id, (path, _) in self._inputs.items() if path[0] in self._tracker.recorded_steps}
            self._current = self._current - ids | self._unchanged(ids)
        return self._current is not None and self._current.issuperset(trace)

    def _unchanged(self, ids: Iterable[str]) -> set[str]:
        assert self._tracker
        digest, inputs = self._tracker.digest, self._inputs
        return {id for id in ids if digest(inputs[id][0]) == inputs[id][1]}

    def put(self, name: str, row: Mapping[str, Any], trace: Trace) -> None:
        """Store a node's result, its inputs, and why it was built again."""
        metadata = {"shared": self._shared, "reasons": self._reasons(self.memo.get(name))}
        self.memo.put(name, {**row, **metadata, "trace": sorted(map(self._id, trace.items()))})

    def _reasons(self, old_row: Row | None) -> list[str]:
        if old_row is None or self._tracker is None:
            return ["It was not built before."]
        if old_row.get("shared") != self._shared:
            return ["The program, mkdocs.yml, a template or the list of languages changed."]
        results = [f"{input_name}: {change}" for input_name, change in self._changes(old_row)]
        return results[:MAX_REASONS] or ["Its cached file was missing or damaged, or its frame was made again."]

    def _changes(self, row: Row) -> Iterator[tuple[str, str]]:
        """Return the inputs of a node that differ, each with 'changed', 'gone' or 'new'."""
        ids = row["trace"] if self._current is None else set(row["trace"]) - self._current
        for path, node_input in (self._inputs[id] for id in sorted(ids) if id in self._inputs):
            current_digest = self._tracker.digest(path) if self._tracker else ABSENT_DIGEST
            if current_digest != node_input:
                yield (
                    words_of(path),
                    "gone" if current_digest == ABSENT_DIGEST else "new" if node_input == ABSENT_DIGEST else "changed",
                )

    def save(self) -> None:
        """Store the inputs of the nodes built in this run; the caller saves the database."""
        rows = (row for row in self.memo.used() if isinstance(row, dict))
        used_ids = {id for row in rows for id in row.get("trace", ())}
        self.memo.put(INPUTS, {id: node_input for id, node_input in self._inputs.items() if id in used_ids})

    def _id(self, node_input: Input) -> str:
        """Return the id of an input, derived from its content."""
        if not self._ids:
            self._ids = {node_input: id for id, node_input in self._inputs.items()}
        if node_input not in self._ids:
            data = msgspec.json.encode(node_input)
            id = b2a_base64(blake2b(data, digest_size=9).digest(), newline=False).decode()
            self._ids[node_input], self._inputs[id] = id, node_input
            if self._current is not None:
                self._current |= self._unchanged([id])
        return self._ids[node_input]


def read_inputs(memo: Memo) -> dict[str, Input]:
    """The inputs of a table's nodes by their ids; {} where the row is damaged, so that no node is taken again."""
    inputs: dict[str, Input] = memo.get(INPUTS, _Inputs) or {}
    return inputs


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
