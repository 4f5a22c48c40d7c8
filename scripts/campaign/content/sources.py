"""What the facts rest on: docs/_sources.yml."""

from __future__ import annotations

import re
from pathlib import Path

from campaign.models.campaign import Source
from campaign.models.problem import Problem
from campaign.schema.declaration import bind
from campaign.schema.kinds import SourceEntry
from campaign.schema.yaml_reader import read_yaml

FILE = "docs/_sources.yml"


def read_sources(root: Path, problems: list[Problem]) -> dict[str, Source]:
    """Sources by their id, in the order of the file; none where there is no file."""
    if not (root / FILE).is_file():
        return {}
    value = read_yaml(root / FILE, FILE, problems)
    found = (_source(id, bind(SourceEntry, each, FILE, problems), problems) for id, each in (value.keys or {}).items())
    return {source.id: source for source in found if source}


def _source(id: str, entry: SourceEntry, problems: list[Problem]) -> Source | None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
        problems.append(
            Problem(
                "name-not-plain",
                entry.line(),
                f"`{id}` cannot be cited.",
                "Use lower-case letters, digits and hyphens.",
            )
        )
        return None
    url, language = entry.url, entry.language
    if url and not re.fullmatch(r"https?://[^\s<>\"()]+", url):
        entry.complain("address-wrong", "url", f"`{url}` is not a web address.", "Begin it with https://.")
        url = ""
    if language and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        entry.complain(
            "language-code-wrong",
            "language",
            f"`{language}` is not the code of a language.",
            "Write one such as en, pt or fil.",
        )
        language = ""
    short = entry.short or entry.title
    return Source(id, entry.title, entry.publisher, entry.date, url, short, language, entry.titles, entry.shorts)
