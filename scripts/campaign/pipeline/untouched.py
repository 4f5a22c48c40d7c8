"""Whether nothing changed since the last build, told by files alone: nothing is read, planned or loaded for it."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from campaign.cache.atomic import OUTPUTS, is_publishing
from campaign.cache.inputs import FOLDERS
from campaign.cache.memo import Memo
from campaign.cache.output_tree import SPACE, is_unchanged
from campaign.cache.program import program_hash
from campaign.cache.store import hash_stamped, hash_text
from campaign.content import clock
from campaign.models.problem import Problem
from campaign.pipeline.placed import read_made
from campaign.pipeline.report import Report

ROW = "untouched"
# What hosts read, where a key may stand that nobody should see.
WORKFLOWS = ".github/workflows"
_Said = list[list[str]]


def look(root: Path, memo: Memo) -> str:
    """A hash of all that a build looks at in the campaign's folder: names, kinds, and what files hold."""
    return hash_text("\0".join((program_hash(), *sorted(_seen(root, memo)))))


def untouched(root: Path, is_trusted: bool) -> Report | None:
    """The report of the build that made what stands, if another one would make the same; None where nobody can tell.

    Args:
        root: the campaign's folder.
        is_trusted: whether what the campaign brings along may run.
    """
    try:
        memo = Memo.of(root)
        known = memo.beside(SPACE).get(ROW)
        if not known or known["is_trusted"] != is_trusted or is_publishing(root):
            return None
        if not _is_time(known) or _aside(root, known["aside"]) != known["aside"] or look(root, memo) != known["look"]:
            return None
        if not all(is_unchanged(root, memo, name) for name in OUTPUTS):
            return None
        problems = [Problem(*each) for each in known["problems"]]
        return Report(made=read_made(root, memo), problems=problems, silence=known["silence"])
    except (OSError, sqlite3.Error, LookupError, TypeError, ValueError):
        return None  # the whole build looks into it, and says what is wrong


def note_untouched(
    root: Path,
    memo: Memo,
    looked: str,
    is_trusted: bool,
    problems: Iterable[Problem],
    silence: Mapping[str, str],
    when: tuple[datetime, datetime | None],
    beside: Iterable[Path],
) -> None:
    """Notes that all that was seen by `look` stands in site/ and dist/.

    Args:
        root: the campaign's folder.
        memo: that of the campaign.
        looked: what `look` gave before anything was read.
        is_trusted: whether what the campaign brings along was run.
        problems: what was said.
        silence: ids of notes that are not shown.
        when: the moment of the build, and that from which on it makes something else, if somebody knows one.
        beside: files that lie elsewhere.
    """
    if look(root, memo) != looked:
        return
    begun, until = when
    said = [[each.id, each.where, each.what, each.fix] for each in problems]
    aside = _aside(root, {str(path): [] for path in beside})
    known = {"look": looked, "is_trusted": is_trusted, "problems": said, "silence": dict(silence), "aside": aside}
    known |= {"begun": begun.isoformat(), "until": until.isoformat() if until else "", "day": str(begun.date())}
    memo.beside(SPACE).put(ROW, json.loads(json.dumps(known)))
    memo.save()


def forget_untouched(memo: Memo) -> None:
    """Lets the next build look into all of it; whoever puts something else into site/ and dist/ saves."""
    memo.beside(SPACE).put(ROW, {})


def _is_time(known: dict[str, Any]) -> bool:
    """Whether nothing is old, or free of its embargo, that was not: days are those of whoever builds."""
    now = clock.now()
    is_over = known["until"] and now >= datetime.fromisoformat(known["until"])
    return str(now.date()) == known["day"] and now >= datetime.fromisoformat(known["begun"]) and not is_over


def _aside(root: Path, known: dict[str, Any]) -> dict[str, Any]:
    """What lies beside the campaign: files by size and time; and the folders of dist/, which ask for editions."""
    found: dict[str, Any] = {}
    for name in known:
        try:
            here = Path(name).stat()
            found[name] = [here.st_size, here.st_mtime_ns]
        except OSError:
            found[name] = []
    return found | {"dist": sorted(entry.name for entry in os.scandir(root / "dist"))}


def _seen(root: Path, memo: Memo) -> Iterator[str]:
    for name in (*FOLDERS, WORKFLOWS):
        if (root / name).is_symlink():
            yield f"{name} -> {(root / name).readlink()}"
        yield from _below(str(root / name), f"{name}/", memo)
    with os.scandir(root) as entries:
        for entry in entries:
            if entry.is_file():
                yield _one(entry, entry.name, memo)


def _below(folder: str, above: str, memo: Memo) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = above + entry.name
                yield _one(entry, name, memo)
                if entry.is_dir(follow_symlinks=False):
                    yield from _below(entry.path, f"{name}/", memo)
    except (FileNotFoundError, NotADirectoryError):
        return


def _one(entry: os.DirEntry[str], name: str, memo: Memo) -> str:
    link, found = "", None
    if entry.is_symlink():
        link = f" -> {Path(entry.path).readlink()}"
    with suppress(OSError):
        found = entry.stat()
    if found and stat.S_ISREG(found.st_mode):
        return f"{name}{link} {hash_stamped(entry.path, name, found, memo)}"
    return f"{name}{link} {found and stat.S_IFMT(found.st_mode)}"
