"""A campaign's own checks, which are data: `checks/<name>.yml` lists words to avoid."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from campaign.models.campaign import Campaign
from campaign.models.leftovers import is_leftover
from campaign.models.nodes import Text, walk
from campaign.models.problem import Problem
from campaign.schema.declaration import bind
from campaign.schema.kinds import CheckFile
from campaign.schema.yaml_reader import read_yaml

FOLDER = "checks"


@dataclass(frozen=True)
class OwnCheck:
    """Words to avoid, and what to write instead."""

    words: tuple[str, ...]
    languages: tuple[str, ...]
    instead: str
    stops: bool


def read_checks(root: Path, codes: Collection[str], problems: list[Problem]) -> list[OwnCheck]:
    """Return a campaign's own checks. `codes`: its languages."""
    results = []
    for path in sorted((root / FOLDER).glob("*.yaml")):
        if not is_leftover(path.name):
            message = "No check is read from this file."
            problems.append(
                Problem("name-not-plain", f"{FOLDER}/{path.name}", message, f"Rename it to {path.stem}.yml.")
            )
    for path in sorted((root / FOLDER).glob("*.yml")):
        if is_leftover(path.name):
            continue
        where = f"{FOLDER}/{path.name}"
        count = len(problems)
        value = read_yaml(path, where, problems)
        if len(problems) > count:
            continue
        row = bind(CheckFile, value, where, problems)
        if len(problems) == count:
            _check_words(row)
        _check_languages(row, codes)
        if words := tuple(word.strip() for word in row.avoid if word.strip()):
            results.append(OwnCheck(words, row.languages, row.instead, bool(row.stops)))
    return results


def _check_words(row: CheckFile) -> None:
    if not row.avoid or not all(word.strip() for word in row.avoid):
        row.complain("value-not-list", "avoid", "`avoid` lacks a word.", "Write a word, or delete the empty entry.")


def _check_languages(row: CheckFile, codes: Collection[str]) -> None:
    for code in row.languages:
        if code not in codes:
            fix = f"Choose from: {', '.join(codes)}."
            row.complain("value-unknown", "languages", f"`{code}` isn't a valid value of `languages`.", fix)


def run_checks(campaign: Campaign) -> Iterator[Problem]:
    """Yield a problem for each line with a word to avoid."""
    problems: list[Problem] = []
    checks = read_checks(campaign.root, campaign.languages, problems)
    yield from problems
    for check in checks:
        # Whole words in any case; patterns aren't accepted, because they could hang.
        pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in check.words), re.IGNORECASE)
        for (code, _), page in campaign.pages.items():
            if not check.languages or code in check.languages:
                text = "\n".join(node.text for node in walk(page.document.blocks) if isinstance(node, Text))
                for match in dict.fromkeys(match.group() for match in pattern.finditer(f"{page.title}\n{text}")):
                    message = f"`{match}` is among the words that this campaign avoids."
                    where = page.find(match)
                    if check.stops:
                        yield Problem("own-check-stops", where, message, check.instead)
                    else:
                        yield Problem("own-check", where, message, check.instead)
