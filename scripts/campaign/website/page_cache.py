"""Finished files that are put into place again as they were, as long as all that they are made from is the same."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from campaign.cache.memo import NAME, Memo
from campaign.cache.store import hash_content

Content = TypeVar("Content", str, bytes)


class PageCache:
    """Files by what they hold, found by the hash of all that they are made from, with what is known of each.

    A kept file and its place in the site are two names of one file where the disk allows it: nobody may write into
    either, only put another file in its place. One that is damaged, or that somebody wrote into all the same, is not
    taken again. What is made anew and holds the same is not written again.
    """

    def __init__(self, folder: Path | None) -> None:
        """Opens what was kept.

        Args:
            folder: where the files are; None where nothing is kept.
        """
        self.folder = folder
        file = folder.parents[1] / NAME if folder else None
        self.memo = Memo(file, f"{folder.parent.name}/{folder.name}" if folder else "")

    def take(self, key: str, target: Path) -> dict[str, Any] | None:
        """Puts the file of a key into place; what was noted of it, or None where there is none."""
        noted: dict[str, Any] | None = self.memo.get(key)
        if noted is None or self.folder is None:
            return None
        file = self.folder / noted["hash"]
        if hash_content(file) != noted["hash"]:
            return None
        put(file, target)
        return noted

    def keep(self, key: str, file: Path, text: str | bytes, known: Any) -> None:
        """Writes a file in its place, and keeps it.

        Args:
            key: the hash of all that it is made from.
            file: its place.
            text: what it holds.
            known: what is to be known of it, as plain JSON.
        """
        if self.folder:
            self.memo.put(key, {**write_kept(self.folder, file, text), "known": known})
        else:
            write_new(file, text)

    def save(self) -> None:
        """Writes what is known; deletes the files that nobody asked for."""
        self.memo.save(is_last=True)
        if self.folder and self.folder.is_dir():
            used = {row["hash"] for row in self.memo.used() if isinstance(row, dict)}
            for file in list(self.folder.iterdir()):
                if file.name not in used:
                    file.unlink()


def write_kept(folder: Path, file: Path, text: str | bytes) -> dict[str, Any]:
    """Writes a file that is kept in a folder too, by the hash of what it holds; what tells it again."""
    data = as_bytes(text)
    digest = hashlib.sha256(data).hexdigest()
    kept = folder / digest
    if hash_content(kept) == digest:
        put(kept, file)
    else:
        write_new(file, data)
        with suppress(FileExistsError):  # another process keeps the same
            put(file, kept)
    found = file.stat()
    return {"size": found.st_size, "time": found.st_mtime_ns, "hash": digest}


def put(file: Path, target: Path) -> None:
    """Gives a file a second name, or a copy where the disk has no second names. What stood there goes."""
    try:
        _link(file, target)
    except FileExistsError:
        target.unlink(missing_ok=True)
        _link(file, target)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        _link(file, target)


def _link(file: Path, target: Path) -> None:
    try:
        target.hardlink_to(file)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:
        shutil.copy2(file, target)


def write_new(path: Path, text: str | bytes) -> None:
    """Writes a file that shares nothing with one that may stand there under a second name."""
    try:
        file = path.open("xb")
    except FileExistsError:
        path.unlink()
        file = path.open("xb")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("xb")
    with file:
        file.write(as_bytes(text))


def as_bytes(text: str | bytes) -> bytes:
    """A text as MkDocs writes it."""
    return text if isinstance(text, bytes) else text.encode("utf-8", errors="xmlcharrefreplace")


def cached_or_made(
    kept: PageCache, key: str, target: Path, make: Callable[[], Content], look: Callable[[Content], dict[str, Any]]
) -> dict[str, Any]:
    """Puts a file into place, the kept one or one that is made now.

    Args:
        kept: finished files of the last build.
        key: the hash of all that it is made from.
        target: its place.
        make: makes what it holds, a text or bytes.
        look: what is to be known of that, as plain JSON.

    Returns:
        What `look` said, now or when it was made.
    """
    noted = kept.take(key, target)
    if noted:
        before: dict[str, Any] = noted["known"]
        return before
    text = make()
    known = look(text)
    kept.keep(key, target, text, known)
    return known
