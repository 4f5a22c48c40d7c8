"""How search compares words: built-in rules, replaced or extended by docs/<language>/_search.yml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from campaign.models.problem import Problem
from campaign.models.search_rules import SearchRules
from campaign.schema.declaration import bind
from campaign.schema.kinds import SearchFile
from campaign.schema.yaml_reader import read_yaml

FILE = "_search.yml"
BUILT_IN_FOLDER = Path(__file__).parent / "search_words"


def read_search_rules(root: Path, code: str, problems: list[Problem]) -> SearchRules:
    """Return the rules of a language; without any, words are compared as they are."""
    built_in = _built_in(code.partition("-")[0])
    where = f"docs/{code}/{FILE}"
    if not (root / where).is_file():
        return built_in
    file = bind(SearchFile, read_yaml(root / where, where, problems), where, problems)
    return SearchRules(
        prefixes=file.prefixes if file.has("prefixes") else built_in.prefixes,
        suffixes=file.suffixes if file.has("suffixes") else built_in.suffixes,
        alike=file.alike if file.has("alike") else built_in.alike,
        same=(*built_in.same, *_groups(file.same)),
        first=file.first,
    )


@cache
def _built_in(code: str) -> SearchRules:
    path = BUILT_IN_FOLDER / f"{code}.yml"
    if not path.is_file():
        return SearchRules()
    problems: list[Problem] = []
    file = bind(SearchFile, read_yaml(path, path.name, problems), path.name, problems)
    assert not problems, problems
    return SearchRules(file.prefixes, file.suffixes, file.alike, _groups(file.same))


def _groups(lines: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(group for group in (tuple(line.split()) for line in lines) if len(group) > 1)
