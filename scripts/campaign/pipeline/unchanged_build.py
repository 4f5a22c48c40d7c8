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
from campaign.cache.inputs import describe_entries
from campaign.cache.memo import Memo
from campaign.cache.output_tree import NAMESPACE, is_unchanged
from campaign.cache.program import program_hash
from campaign.content import clock
from campaign.models.problem import Problem
from campaign.pipeline.last_build import read_made
from campaign.pipeline.report import Report

ROW = "unchanged build"
# A hash of the files that the last build read, whichever kind of build it was.
BUILT_ROW = "built from"


def report_if_unchanged(root: Path, is_trusted: bool) -> Report | None:
    """Return the last build's report if another build would make the same; otherwise None.

    Args:
        root: the campaign's folder.
        is_trusted: whether the campaign's own programs may run.
    """
    try:
        memo = Memo.of(root)
        record = memo.namespace(NAMESPACE).get(ROW)
        if not record or record["is_trusted"] != is_trusted or is_publishing(root):
            return None
        if not _is_still_valid(record) or _external_stamps(root, record["aside"]) != record["aside"]:
            return None
        if fingerprint(describe_entries(root, memo)) != record["look"]:
            return None
        if not all(is_unchanged(root, memo, name) for name in OUTPUTS):
            return None
        problems = [Problem(*item) for item in record["problems"]]
        return Report(made=read_made(root, memo), problems=problems, silence=record["silence"])
    except (OSError, sqlite3.Error, LookupError, TypeError, ValueError):
        return None  # the full build reports the fault


def record_unchanged(
    root: Path,
    memo: Memo,
    entries: Mapping[str, str],
    is_trusted: bool,
    problems: Iterable[Problem],
    silence: Mapping[str, str],
    validity: tuple[datetime, datetime | None],
    external_files: Iterable[Path],
) -> None:
    """Record that site/ and dist/ are complete for the state in `entries`.

    Args:
        root: the campaign's folder.
        memo: the campaign's cache.
        entries: entries of the campaign's folder before reading (cache.inputs).
        is_trusted: whether the campaign's own programs ran.
        problems: the reported problems.
        silence: silenced notes.
        validity: time of the build, and the time from which its result would differ, if any.
        external_files: input files outside the campaign.
    """
    if describe_entries(root, memo) != entries:
        return
    start, until = validity
    problem_rows = [[problem.id, problem.where, problem.message, problem.fix] for problem in problems]
    stamps = _external_stamps(root, {str(path): [] for path in external_files})
    record = {
        "look": fingerprint(entries),
        "is_trusted": is_trusted,
        "problems": problem_rows,
        "silence": dict(silence),
        "aside": stamps,
    }
    record |= {"begun": start.isoformat(), "until": until.isoformat() if until else "", "day": str(start.date())}
    memo.namespace(NAMESPACE).put(ROW, json.loads(json.dumps(record)))
    memo.save()


def record_built(memo: Memo, entries: Mapping[str, str]) -> None:
    """Record which files the last build read; the caller saves the cache."""
    memo.namespace(NAMESPACE).put(BUILT_ROW, _hash_entries(entries))


def is_site_outdated(root: Path) -> bool:
    """Return whether a file of the campaign changed after the last build read it."""
    memo = Memo.of(root)
    built_from = memo.namespace(NAMESPACE).get(BUILT_ROW)
    return bool(built_from) and built_from != _hash_entries(describe_entries(root, memo))


def fingerprint(entries: Mapping[str, str]) -> str:
    """Return a hash of the entries of a campaign's folder and of the program."""
    return _hash_entries(entries, program_hash())


def _hash_entries(entries: Mapping[str, str], *more: str) -> str:
    text = "\0".join((*more, *chain.from_iterable(entries.items())))
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def forget_unchanged(memo: Memo) -> None:
    """Make the next build run in full; the caller, which changes site/ or dist/, saves the cache."""
    memo.namespace(NAMESPACE).put(ROW, {})


def _is_still_valid(record: dict[str, Any]) -> bool:
    """Return whether no number has become old and no embargo has ended since, in local time."""
    now = clock.now()
    has_expired = record["until"] and now >= datetime.fromisoformat(record["until"])
    return str(now.date()) == record["day"] and now >= datetime.fromisoformat(record["begun"]) and not has_expired


def _external_stamps(root: Path, record: dict[str, Any]) -> dict[str, Any]:
    """Return size and time of input files outside the campaign, and the folders of dist/, which select editions."""
    results: dict[str, Any] = {}
    for name in record:
        try:
            path = Path(name).stat()
            results[name] = [path.st_size, path.st_mtime_ns]
        except OSError:
            results[name] = []
    return results | {"dist": sorted(entry.name for entry in os.scandir(root / "dist"))}
