"""A shortcut for builds without changes: compares file stamps only, without reading or planning anything."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

from campaign.cache.atomic import OUTPUTS, is_publishing
from campaign.cache.inputs import entries_seen
from campaign.cache.memo import Memo
from campaign.cache.output_tree import NAMESPACE, is_unchanged
from campaign.cache.program import program_hash
from campaign.content import clock
from campaign.models.problem import Problem
from campaign.pipeline.placed import read_made
from campaign.pipeline.report import Report

ROW = "untouched"


def untouched(root: Path, is_trusted: bool) -> Report | None:
    """Return the last build's report if another build would make the same; otherwise None.

    Args:
        root: the campaign's folder.
        is_trusted: whether the campaign's own programs may run.
    """
    try:
        memo = Memo.of(root)
        known = memo.beside(NAMESPACE).get(ROW)
        if not known or known["is_trusted"] != is_trusted or is_publishing(root):
            return None
        if not _is_time(known) or _external_stamps(root, known["aside"]) != known["aside"]:
            return None
        if fingerprint(entries_seen(root, memo)) != known["look"]:
            return None
        if not all(is_unchanged(root, memo, name) for name in OUTPUTS):
            return None
        problems = [Problem(*each) for each in known["problems"]]
        return Report(made=read_made(root, memo), problems=problems, silence=known["silence"])
    except (OSError, sqlite3.Error, LookupError, TypeError, ValueError):
        return None  # the full build reports the fault


def note_untouched(
    root: Path,
    memo: Memo,
    seen: Mapping[str, str],
    is_trusted: bool,
    problems: Iterable[Problem],
    silence: Mapping[str, str],
    when: tuple[datetime, datetime | None],
    beside: Iterable[Path],
) -> None:
    """Record that site/ and dist/ are complete for the state in `seen`.

    Args:
        root: the campaign's folder.
        memo: the campaign's cache.
        seen: entries of the campaign's folder before reading (cache.inputs).
        is_trusted: whether the campaign's own programs ran.
        problems: the reported problems.
        silence: silenced notes.
        when: time of the build, and the time from which its result would differ, if any.
        beside: input files outside the campaign.
    """
    if entries_seen(root, memo) != seen:
        return
    begun, until = when
    said = [[problem.id, problem.where, problem.what, problem.fix] for problem in problems]
    aside = _external_stamps(root, {str(path): [] for path in beside})
    known = {
        "look": fingerprint(seen),
        "is_trusted": is_trusted,
        "problems": said,
        "silence": dict(silence),
        "aside": aside,
    }
    known |= {"begun": begun.isoformat(), "until": until.isoformat() if until else "", "day": str(begun.date())}
    memo.beside(NAMESPACE).put(ROW, json.loads(json.dumps(known)))
    memo.save()


def fingerprint(seen: Mapping[str, str]) -> str:
    """Return a hash of the entries of a campaign's folder and of the program."""
    text = "\0".join((program_hash(), *chain.from_iterable(seen.items())))
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def forget_untouched(memo: Memo) -> None:
    """Make the next build run in full; the caller, which changes site/ or dist/, saves the cache."""
    memo.beside(NAMESPACE).put(ROW, {})


def _is_time(known: dict[str, Any]) -> bool:
    """Return whether no number has become old and no embargo has ended since, in local time."""
    now = clock.now()
    is_over = known["until"] and now >= datetime.fromisoformat(known["until"])
    return str(now.date()) == known["day"] and now >= datetime.fromisoformat(known["begun"]) and not is_over


def _external_stamps(root: Path, known: dict[str, Any]) -> dict[str, Any]:
    """Return size and time of input files outside the campaign, and the folders of dist/, which select editions."""
    found: dict[str, Any] = {}
    for name in known:
        try:
            here = Path(name).stat()
            found[name] = [here.st_size, here.st_mtime_ns]
        except OSError:
            found[name] = []
    return found | {"dist": sorted(entry.name for entry in os.scandir(root / "dist"))}
