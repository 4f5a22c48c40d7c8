"""Sources of facts: docs/_sources.yml."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from campaign.models.campaign import Source, SourceReading
from campaign.models.problem import Problem
from campaign.schema.declaration import bind
from campaign.schema.kinds import SourceEntry
from campaign.schema.yaml_reader import read_yaml

FILE = "docs/_sources.yml"
DAY = re.compile(r"\d{4}-\d\d-\d\d")
DAYS_READ = 365  # when to read a source again by default


def read_sources(root: Path, problems: list[Problem]) -> tuple[dict[str, Source], dict[str, SourceReading]]:
    """Return the sources by id in the file's order, and when they were read."""
    if not (root / FILE).is_file():
        return {}, {}
    value = read_yaml(root / FILE, FILE, problems)
    entries = {id: bind(SourceEntry, item, FILE, problems) for id, item in (value.keys or {}).items()}
    results = {id: source for id, entry in entries.items() if (source := _source(id, entry, problems))}
    return results, {id: _reading(entries[id]) for id in results}


def _reading(entry: SourceEntry) -> SourceReading:
    read, reread = entry.read_on, entry.again
    if read and reread and reread <= read:
        message = f"It was read on {read}, and is due again on {reread}, which isn't later."
        entry.complain("source-again-early", "again", message, "Set the day on which to read it again.")
    key = "again" if reread else "read" if read else ""
    a_year_later = read + timedelta(days=DAYS_READ) if read else None
    return SourceReading(read, reread or a_year_later, entry.line(key))


def _is_day(raw: str) -> bool:
    try:
        return bool(date.fromisoformat(raw))
    except ValueError:
        return False


def _source(id: str, entry: SourceEntry, problems: list[Problem]) -> Source | None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
        fix = "Use lower-case letters, digits and hyphens."
        problems.append(Problem("name-not-plain", entry.line(), f"`{id}` cannot be cited.", fix))
        return None
    if DAY.fullmatch(entry.date) and not _is_day(entry.date):
        message = f"`{entry.date}` is not a date."
        entry.complain("value-not-date", "date", message, "Write the date printed on it, or only the year.")
    url, language = entry.url, entry.language
    if url and not re.fullmatch(r"https?://[^\s<>\"()]+", url):
        entry.complain("address-wrong", "url", f"`{url}` is not a web address.", "Begin it with https://.")
        url = ""
    if language and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        fix = "Write one such as en, pt or fil."
        entry.complain("language-code-wrong", "language", f"`{language}` is not the code of a language.", fix)
        language = ""
    short = entry.short or entry.title
    return Source(id, entry.title, entry.publisher, entry.date, url, short, language, entry.titles, entry.shorts)
