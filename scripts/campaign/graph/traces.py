"""What outputs were made from, kept from one build to the next, and compared with the values of today.

A node is an output, or something that outputs are made of. Its row holds what it came to and a trace: ids of the
inputs (value path and digest) that were recorded while it was made. Inputs are stored once for all nodes of a table.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from campaign.cache.memo import Memo
from campaign.graph.tracking import ABSENT, Trace, Tracker, ValuePath

INPUTS = "inputs"
MAX_REASONS = 10
Row = dict[str, Any]


class Nodes:
    """A table of nodes."""

    def __init__(self, memo: Memo, tracker: Tracker | None, shared: str) -> None:
        """Open it.

        Args:
            memo: the rows, by the nodes' names.
            tracker: today's values; None where no node is taken again.
            shared: the fingerprint of what every node is made from besides (the program, templates).
        """
        self.memo, self._tracker, self._shared = memo, tracker, shared
        self._inputs = memo.beside(f"{memo.space}/{INPUTS}")
        self._holding: dict[str, bool] = {}

    def find(self, name: str) -> Row | None:
        """Return the row of a node if it would come to the same today."""
        row: Row | None = self.memo.get(name)
        if row is None or self._tracker is None or row.get("shared") != self._shared:
            return None
        return row if all(map(self._holds, row["trace"])) else None

    def put(self, name: str, row: Mapping[str, Any], trace: Trace) -> None:
        """Note what a node came to, of what, and why it was made again."""
        about = {"shared": self._shared, "reasons": self._reasons(self.memo.get(name))}
        self.memo.put(name, {**row, **about, "trace": sorted(map(self._id, trace.items()))})

    def _reasons(self, before: Row | None) -> list[str]:
        if before is None or self._tracker is None:
            return ["It was not built before."]
        if before.get("shared") != self._shared:
            return ["The program, mkdocs.yml, a template or the list of languages changed."]
        found = [f"{what}: {how}" for what, how in changes(before, self._inputs, self._tracker)]
        return found[:MAX_REASONS] or ["Its kept file was missing or damaged, or its frame was made again."]

    def prune(self) -> None:
        """Forget inputs of which no node of this run was made."""
        rows = (row for row in self.memo.used() if isinstance(row, dict))
        self._inputs.keep_only({id for row in rows for id in row.get("trace", ())})

    def _holds(self, id: str) -> bool:
        if id not in self._holding:
            known: list[str] | None = self._inputs.get(id)
            self._holding[id] = bool(known and self._tracker and self._tracker.digest(path_of(known[0])) == known[1])
        return self._holding[id]

    def _id(self, recorded: tuple[ValuePath, str]) -> str:
        """The id of an input, made of what it holds: a damaged row is missing, and never another one's."""
        known = [text_of(recorded[0]), recorded[1]]
        id = b2a_base64(blake2b("\0".join(known).encode(), digest_size=9).digest(), newline=False).decode()
        if self._inputs.get(id) != known:
            self._inputs.put(id, known)
        return id


def text_of(path: ValuePath) -> str:
    """A value path as it is stored."""
    return msgspec.json.encode(path).decode()


def path_of(text: str) -> ValuePath:
    """The value path that was stored as a text."""
    found: ValuePath = _as_tuples(msgspec.json.decode(text))
    return found


def _as_tuples(value: Any) -> Any:
    return tuple(map(_as_tuples, value)) if isinstance(value, list) else value


def words_of(path: ValuePath) -> str:
    """A value path as people read it: `campaign.languages[pt].strings[home]`."""
    return "".join(_word(*step) for step in path)


def _word(do: str, *what: Any) -> str:
    match do:
        case "of":
            return str(what[0])
        case "get":
            return f".{what[0]}"
        case "item":
            return f"[{' '.join(map(str, what[0])) if isinstance(what[0], tuple) else what[0]}]"
        case "has":
            return f" has {what[0]}"
        case "keys":
            return " (which there are)"
        case "derive":
            return f" by {what[0]}"
        case _:
            return f".{what[0]}({', '.join(map(str, what[1]))})"


def changes(row: Row, inputs: Memo, tracker: Tracker) -> Iterator[tuple[str, str]]:
    """The inputs of a node that are not as they were, each with how: 'changed', 'gone' or 'new'."""
    for id in row["trace"]:
        known = inputs.get(id)
        path = path_of(known[0]) if known else ()
        now = tracker.digest(path) if path else ABSENT
        if known and now != known[1]:
            yield words_of(path), "gone" if now == ABSENT else "new" if known[1] == ABSENT else "changed"
