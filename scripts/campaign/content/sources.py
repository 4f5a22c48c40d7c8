"""What the facts rest on: docs/_sources.yml."""

from __future__ import annotations

import re
from pathlib import Path

from campaign.models.campaign import Source
from campaign.models.problem import Problem
from campaign.schema.yaml_reader import EMPTY, Fields, read_yaml

FILE = "docs/_sources.yml"


def read_sources(root: Path, problems: list[Problem]) -> dict[str, Source]:
    """Sources by their id, in the order of the file; none where there is no file."""
    if not (root / FILE).is_file():
        return {}
    value = read_yaml(root / FILE, FILE, problems)
    if value is EMPTY:
        return {}
    return {id: source for id in value.keys or {} if (source := _source(id, Fields(value, FILE, problems), problems))}


def _source(id: str, top: Fields, problems: list[Problem]) -> Source | None:
    fields = Fields(top.mapping(id), FILE, problems, ("title", "publisher", "date", "url", "short", "language"))
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
        problems.append(
            Problem(top.line(id), f"`{id}` cannot be cited.", "Use lower-case letters, digits and hyphens.")
        )
        return None
    url = fields.text("url")
    if url and not re.fullmatch(r"https?://[^\s<>\"()]+", url):
        problems.append(Problem(fields.line("url"), f"`{url}` is not a web address.", "Begin it with https://."))
        url = ""
    language = fields.text("language")
    if language and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        what = f"`{language}` is not the code of a language."
        problems.append(Problem(fields.line("language"), what, "Write one such as en, pt or fil."))
        language = ""
    title = fields.text("title", required=True)
    short = fields.text("short") or title
    return Source(id, title, fields.text("publisher"), fields.text("date"), url, short, language)
