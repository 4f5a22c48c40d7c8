"""Read the pages of all languages in parallel, and cache what each file became."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from campaign.cache.memo import Memo
from campaign.cache.store import hash_file, hash_text
from campaign.cache.workers import map_in_workers
from campaign.content.pages import build_page, is_inside, read_typed
from campaign.content.trust import leads_out
from campaign.models.campaign import Language
from campaign.models.formats import Format
from campaign.models.leftovers import is_leftover
from campaign.models.page import Page
from campaign.models.problem import Problem

# Called with the number of pages read, and of all.
Progress = Callable[[int, int], None]
PARALLEL_THRESHOLD_PAGES = 150
PAGES_PER_JOB = 40


def no_progress(done: int, total: int) -> None:
    """Ignore progress."""


@dataclass(frozen=True)
class Reading:
    """Data on which reading a page depends."""

    root: Path
    source_language: str
    audiences: tuple[str, ...]
    formats: Mapping[str, Format]

    @cached_property
    def docs(self) -> Path:
        """The folder of all languages."""
        return self.root / "docs"


@dataclass(frozen=True)
class _Job:
    language: str
    path: Path
    source_fingerprint: str | None
    is_whole: bool


def read_pages(
    reading: Reading,
    languages: Mapping[str, Language],
    problems: list[Problem],
    memo: Memo,
    progress: Progress = no_progress,
) -> dict[tuple[str, str], Page]:
    """Return every page by (language, path). The source language is read first."""
    files = {code: _files(reading.root / "docs" / code) for code in languages}
    total = sum(map(len, files.values()))
    first = [_Job(reading.source_language, path, None, True) for path in files[reading.source_language]]
    sources = _read_all(reading, first, memo, lambda finished_count: progress(finished_count, total))
    results = dict(zip(files[reading.source_language], sources, strict=True))
    fingerprints = {item.page.path: item.fingerprint for item in results.values() if item.page}
    jobs = [
        _Job(
            code,
            path,
            fingerprints.get(_below(reading.docs / code, path)),
            languages[code].is_whole,
        )
        for code in languages
        if code != reading.source_language
        for path in files[code]
    ]
    read = _read_all(reading, jobs, memo, lambda finished_count: progress(len(first) + finished_count, total))
    results |= zip((job.path for job in jobs), read, strict=True)
    pages = {}
    for code in languages:
        for path in files[code]:
            problems += results[path].problems
            if page := results[path].page:
                pages[code, page.path] = page
    return pages


def _files(folder: Path) -> list[Path]:
    results = (path for path in folder.rglob("*.md") if not path.name.startswith("_"))
    # By parts: paths compare themselves in Python.
    return sorted((path for path in results if not is_leftover(_below(folder, path))), key=lambda path: path.parts)


def _below(folder: Path, path: Path) -> str:
    """Return the part of a path below a folder; thousands: `relative_to` takes ten times as long."""
    return path.as_posix().removeprefix(f"{folder.as_posix()}/")


def _read_all(reading: Reading, jobs: list[_Job], memo: Memo, progress: Callable[[int], None]) -> list[_Result]:
    shared = hash_text("\0".join(("page", *reading.audiences, *map(repr, reading.formats.values()))))
    keys = [_key(reading, shared, job, memo) for job in jobs]
    cached = [memo.get(key) if key else None for key in keys]
    new = [job for job, result in zip(jobs, cached, strict=True) if result is None]
    pages_read = iter(
        map_in_workers(_read, reading, new, chunk=PAGES_PER_JOB, is_parallel=len(new) > PARALLEL_THRESHOLD_PAGES)
    )
    results = []
    for job, key, page_result in zip(jobs, keys, cached, strict=True):
        result = page_result if page_result is not None else next(pages_read)
        # If the file changed while it was read, it is read again next time.
        if page_result is None and key and key == _key(reading, shared, job, memo):
            memo.put(key, result)
        results.append(msgspec.convert(result, _Result))
        progress(len(results))
    return results


def _key(reading: Reading, shared: str, job: _Job, memo: Memo) -> str:
    """Return the hash of everything that a page is read from; '' if it can't be cached."""
    # Called twice for each page: a Path takes several times as long.
    path = str(job.path)
    if os.path.islink(path) or not is_inside(os.path.dirname(path), reading.docs):  # noqa: PTH114, PTH120
        return ""
    name = _below(reading.root, job.path)
    try:
        digest = hash_file(path, name, memo)
    except OSError:
        return ""
    return hash_text(f"{name}\0{job.source_fingerprint}\0{job.is_whole}\0{shared}\0{digest}")


@dataclass(frozen=True)
class _Result:
    """The page read from a file, with the fingerprint of its text."""

    page: Page | None
    fingerprint: str
    problems: tuple[Problem, ...]


def _read(reading: Reading, job: _Job) -> dict[str, Any]:
    problems: list[Problem] = []
    typed_page = None
    if not leads_out(job.path, reading.root):
        typed_page = read_typed(reading.root, job.language, job.path, problems)
    page = None
    if typed_page:
        is_source = job.language == reading.source_language
        # In a language with pieces only, a plain page isn't a translation.
        made_from = job.source_fingerprint if job.is_whole or typed_page.front.formats else None
        page = build_page(typed_page, job.language, reading.audiences, reading.formats, made_from, is_source)
    row: dict[str, Any] = msgspec.to_builtins(
        _Result(page, typed_page.fingerprint if typed_page else "", tuple(problems))
    )
    return row
