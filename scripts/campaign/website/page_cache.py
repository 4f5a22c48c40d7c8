"""Cache of finished files, reused while their inputs are unchanged."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from campaign.cache.memo import NAME, Memo
from campaign.cache.output_tree import OutputTree
from campaign.cache.store import hash_content, hash_text
from campaign.graph.traces import InputTable, Nodes
from campaign.graph.tracking import Trace, ValuePath, recording

Content = TypeVar("Content", str, bytes)
# The path in a tracker of the values of nodes that other nodes are made from.
VALUES: ValuePath = (("of", "values"),)


class PageCache:
    """Files of the site by content hash, found by node name, with stored facts about each.

    A cached file and its place in the site may be hard links, so never write into either; replace it. Damaged or edited
    files aren't reused, and files with unchanged content aren't rewritten. `made` lists addresses made in this build;
    `tree` has the files that are in place.
    """

    def __init__(
        self,
        folder: Path | None,
        site: Path,
        tree: OutputTree | None,
        inputs: InputTable,
        shared: str,
    ) -> None:
        """Open the cache in `folder` (None for none); `shared` is the fingerprint of inputs of all nodes."""
        self.folder, self.site, self.tree = folder, site, tree and tree.part()
        file = folder.parents[1] / NAME if folder else None
        self.memo = Memo(file, f"{folder.parent.name}/{folder.name}" if folder else "")
        self.nodes, self._tracker = Nodes(self.memo, inputs, shared), inputs.tracker
        self.made: list[str] = []

    def take(self, name: str, address: str) -> dict[str, Any] | None:
        """Put a node's cached file into place; return its row, or None if it must be made."""
        row = self.nodes.find(name)
        if not row or (self.tree and self.tree.keep(address, row["hash"])):
            return row
        if self.folder is None or hash_content(self.folder / row["hash"]) != row["hash"]:
            return None
        link_or_copy(self.folder / row["hash"], self.site / address)
        self._record(address, row)
        return row

    def keep(self, name: str, address: str, text: str | bytes, facts: Any, trace: Trace) -> None:
        """Write a file in its place and cache it; `facts` are facts about it as plain JSON."""
        if self.folder:
            self.note(name, address, {**write_kept(self.folder, self.site / address, text), "known": facts}, trace)
        else:
            self.made.append(address)
            write_new(self.site / address, text)

    def note(self, name: str, address: str, row: dict[str, Any], trace: Trace) -> None:
        """Store a row about a file in place, as returned by `write_kept`."""
        self.made.append(address)
        self.nodes.put(name, row, trace)
        self._record(address, row)

    def _record(self, address: str, row: dict[str, Any]) -> None:
        if self.tree:
            self.tree.record(address, row["hash"], [row["size"], row["time"]])

    def value(self, name: str, make: Callable[[], Any]) -> Any:
        """Return a node's value (plain JSON), recomputed only if its inputs changed."""
        if row := self.nodes.find(name):
            return row["value"]
        with recording() as trace:
            value = make()
        self.nodes.put(name, {"value": value}, trace)
        return value

    def parts(self, name: str, make: Callable[[], Mapping[str, Any]]) -> dict[str, Callable[[], Any]]:
        """Return functions that return the parts of a node's value and record each as one input of the caller.

        So a dependent stays current while its part does, even if the inputs of the part change.

        Args:
            name: of the node.
            make: returns all parts by key, each to be hashed as JSON; it is called only if one must be made.
        """
        cached_make = cache(make)

        def hashes() -> dict[str, str]:
            return {key: hash_text(msgspec.json.encode(part).decode()) for key, part in cached_make().items()}

        paths = {}
        for key, digest in self.value(name, hashes).items():
            paths[key] = path = (*VALUES, ("item", f"{self.memo.space} {name} {key}"))
            if self._tracker:
                self._tracker.note(path, digest)

        def take(key: str) -> Any:
            if self._tracker:
                self._tracker.record(paths[key])
            with recording():  # the caller depends only on the part
                return cached_make()[key]

        return {key: partial(take, key) for key in paths}

    def save(self) -> None:
        """Save the rows, and delete unused files; the caller saves the table of inputs."""
        self.memo.save(is_last=True)
        if self.folder and self.folder.is_dir():
            used_hashes = {row["hash"] for row in self.memo.used() if isinstance(row, dict) and "hash" in row}
            for file in list(self.folder.iterdir()):
                if file.name not in used_hashes:
                    file.unlink()


def write_kept(folder: Path, file: Path, text: str | bytes) -> dict[str, Any]:
    """Write a file and its cached copy; return size, time and hash."""
    data = as_bytes(text)
    digest = hashlib.sha256(data).hexdigest()
    cached_file, target = f"{folder}/{digest}", str(file)  # thousands: a Path takes several times as long
    if os.path.exists(cached_file) and hash_content(folder / digest) == digest:  # noqa: PTH110
        link_or_copy(cached_file, target)
    else:
        write_new(target, data)
        with suppress(FileExistsError):  # another process keeps the same
            link_or_copy(target, cached_file)
    stat = os.stat(target)  # noqa: PTH116
    return {"size": stat.st_size, "time": stat.st_mtime_ns, "hash": digest}


def link_or_copy(file: Path | str, target: Path | str) -> None:
    """Replace `target` by a hard link to a file, or by a copy."""
    _replace(target, lambda: _link(file, target))


def _link(file: Path | str, target: Path | str) -> None:
    try:
        os.link(file, target)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:
        shutil.copy2(file, target)


def write_new(path: Path | str, text: str | bytes) -> None:
    """Write a file, replacing instead of changing one that may have a second name."""

    def write() -> None:
        with open(path, "xb") as file:  # noqa: PTH123
            file.write(as_bytes(text))

    _replace(path, write)


def _replace(path: Path | str, make: Callable[[], None]) -> None:
    """Make a new file at a path, after the old one is removed or the folder made if need be."""
    try:
        make()
    except FileExistsError:
        Path(path).unlink(missing_ok=True)
        make()
    except FileNotFoundError:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        make()


def as_bytes(text: str | bytes) -> bytes:
    """Encode a text like MkDocs."""
    return text if isinstance(text, bytes) else text.encode("utf-8", errors="xmlcharrefreplace")


def cached_or_made(
    pages: PageCache, name: str, address: str, make: Callable[[], Content], inspect: Callable[[Content], dict[str, Any]]
) -> dict[str, Any]:
    """Put a cached or new file into place; return `inspect` of its content, cached or new.

    `name` must contain the hash of inputs that no view records.
    """
    row = pages.take(name, address)
    if row:
        old_facts: dict[str, Any] = row["known"]
        return old_facts
    with recording() as trace:
        text = make()
    facts = inspect(text)
    pages.keep(name, address, text, facts, trace)
    return facts
