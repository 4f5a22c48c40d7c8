"""Finished files that are put into place again as they were, as long as what they are made from is the same."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from campaign.cache.memo import NAME, Memo
from campaign.cache.output_tree import OutputTree
from campaign.cache.store import hash_content
from campaign.graph.traces import Nodes
from campaign.graph.tracking import Trace, Tracker, ValuePath, recording

Content = TypeVar("Content", str, bytes)
# Where a tracker has the values of nodes that other nodes are made from.
VALUES: ValuePath = (("of", "values"),)


class PageCache:
    """Files of the site by what they hold, found by the names of the nodes that they are, with what is known of each.

    A kept file and its place in the site are two names of one file where the disk allows it: nobody may write into
    either, only put another file in its place. One that is damaged, or that somebody wrote into all the same, is not
    taken again. What is made anew and holds the same is not written again.

    Attributes:
        made: the addresses of files that were made and not taken as they were.
        tree: has what was put into place.
    """

    def __init__(
        self,
        folder: Path | None,
        site: Path,
        tree: OutputTree | None = None,
        tracker: Tracker | None = None,
        shared: str = "",
    ) -> None:
        """Open what was kept.

        Args:
            folder: where the files are; None where nothing is kept.
            site: where they are put.
            tree: the site as it was placed, whose files are taken first.
            tracker: today's values of what nodes were made from.
            shared: the fingerprint of what all of them are made from.
        """
        self.folder, self.site, self.tree = folder, site, tree and tree.part()
        file = folder.parents[1] / NAME if folder else None
        self.memo = Memo(file, f"{folder.parent.name}/{folder.name}" if folder else "")
        self.nodes, self._tracker = Nodes(self.memo, tracker, shared), tracker
        self.made: list[str] = []

    def take(self, name: str, address: str) -> dict[str, Any] | None:
        """Put the file of a node into place; what was noted of it, or None where it has to be made."""
        row = self.nodes.find(name)
        if not row or (self.tree and self.tree.keep(address, row["hash"])):
            return row
        if self.folder is None or hash_content(self.folder / row["hash"]) != row["hash"]:
            return None
        link_or_copy(self.folder / row["hash"], self.site / address)
        self._record(address, row)
        return row

    def keep(self, name: str, address: str, text: str | bytes, known: Any, trace: Trace) -> None:
        """Write a file in its place, and keep it.

        Args:
            name: of the node.
            address: its place.
            text: what it holds.
            known: what is to be known of it, as plain JSON.
            trace: what it was made from.
        """
        if self.folder:
            self.note(name, address, {**write_kept(self.folder, self.site / address, text), "known": known}, trace)
        else:
            self.made.append(address)
            write_new(self.site / address, text)

    def note(self, name: str, address: str, row: dict[str, Any], trace: Trace) -> None:
        """Keep what is known of a file that stands in its place; row: with what `write_kept` said of it."""
        self.made.append(address)
        self.nodes.put(name, row, trace)
        self._record(address, row)

    def _record(self, address: str, row: dict[str, Any]) -> None:
        if self.tree:
            self.tree.record(address, row["hash"], [row["size"], row["time"]])

    def value(self, name: str, make: Callable[[], Any]) -> Any:
        """The value of a node, plain JSON, worked out again only where something that it was made from has changed."""
        if row := self.nodes.find(name):
            return row["value"]
        with recording() as trace:
            value = make()
        self.nodes.put(name, {"value": value}, trace)
        return value

    def use(self, name: str, make: Callable[[], Any]) -> Callable[[], Any]:
        """Return what gives the value of a node, see `value`, and records it as one input of whoever asks.

        So what is made of the value stays as long as that is the same, whatever the value was made from.
        """
        value, path = self.value(name, make), (*VALUES, ("item", f"{self.memo.space} {name}"))
        if self._tracker:
            self._tracker.note(path, value)

        def take() -> Any:
            if self._tracker:
                self._tracker.record(path)
            return value

        return take

    def save(self) -> None:
        """Writes what is known; deletes the files that nobody asked for."""
        self.nodes.save()
        self.memo.save(is_last=True)
        if self.folder and self.folder.is_dir():
            used = {row["hash"] for row in self.memo.used() if isinstance(row, dict) and "hash" in row}
            for file in list(self.folder.iterdir()):
                if file.name not in used:
                    file.unlink()


def write_kept(folder: Path, file: Path, text: str | bytes) -> dict[str, Any]:
    """Writes a file that is kept in a folder too, by the hash of what it holds; what tells it again."""
    data = as_bytes(text)
    digest = hashlib.sha256(data).hexdigest()
    kept, target = f"{folder}/{digest}", str(file)  # thousands: a Path takes several times as long
    if os.path.exists(kept) and hash_content(folder / digest) == digest:  # noqa: PTH110
        link_or_copy(kept, target)
    else:
        write_new(target, data)
        with suppress(FileExistsError):  # another process keeps the same
            link_or_copy(target, kept)
    found = os.stat(target)  # noqa: PTH116
    return {"size": found.st_size, "time": found.st_mtime_ns, "hash": digest}


def link_or_copy(file: Path | str, target: Path | str) -> None:
    """Gives a file a second name, or a copy where the disk has no second names. What stood there goes."""
    try:
        _link(file, target)
    except FileExistsError:
        Path(target).unlink(missing_ok=True)
        _link(file, target)
    except FileNotFoundError:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        _link(file, target)


def _link(file: Path | str, target: Path | str) -> None:
    try:
        os.link(file, target)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:
        shutil.copy2(file, target)


def write_new(path: Path | str, text: str | bytes) -> None:
    """Writes a file that shares nothing with one that may stand there under a second name."""
    try:
        _write(path, text)
    except FileExistsError:
        Path(path).unlink()
        _write(path, text)
    except FileNotFoundError:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        _write(path, text)


def _write(path: Path | str, text: str | bytes) -> None:
    with open(path, "xb") as file:  # noqa: PTH123
        file.write(as_bytes(text))


def as_bytes(text: str | bytes) -> bytes:
    """A text as MkDocs writes it."""
    return text if isinstance(text, bytes) else text.encode("utf-8", errors="xmlcharrefreplace")


def cached_or_made(
    kept: PageCache, name: str, address: str, make: Callable[[], Content], look: Callable[[Content], dict[str, Any]]
) -> dict[str, Any]:
    """Put a file into place, the kept one or one that is made now.

    Args:
        kept: finished files of the last build.
        name: of the node; with the hash of what it is made from, as far as no view records that.
        address: its place.
        make: makes what it holds, a text or bytes.
        look: what is to be known of that, as plain JSON.

    Returns:
        What `look` said, now or when it was made.
    """
    noted = kept.take(name, address)
    if noted:
        before: dict[str, Any] = noted["known"]
        return before
    with recording() as trace:
        text = make()
    known = look(text)
    kept.keep(name, address, text, known, trace)
    return known
