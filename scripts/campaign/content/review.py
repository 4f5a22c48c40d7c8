"""`campaign translate stamp` and `accept`: record in a file who translated and reviewed it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from campaign.content.languages import read_source_strings
from campaign.content.messages import WORDS as MESSAGES
from campaign.content.pages import read_typed
from campaign.content.photos import WORDS
from campaign.content.settings import Settings, read_settings
from campaign.content.translation import parse_translation, strings_fingerprint, words_fingerprint, write_translation
from campaign.models.page import MACHINE_TRANSLATOR, Translation
from campaign.models.problem import CampaignError, Problem, failure
from campaign.schema.declaration import bind
from campaign.schema.interface_words import STRINGS
from campaign.schema.kinds import TranslatedWords
from campaign.schema.yaml_reader import read_yaml


def stamp_file(root: Path, file: Path, author: str) -> None:
    """Record that a file translates the current source text, and revoke its review.

    `author` is the translator, '' to keep the recorded one. Raise CampaignError if it is no translation, or its source
    is missing.
    """
    path, where, source, typed_file = _read(root, file)
    write_translation(
        root, path, where, Translation(source, author or (typed_file.by if typed_file else "") or "unknown")
    )


def accept_file(root: Path, file: Path, reviewer: str, day: date) -> None:
    """Record a review against the current source text.

    Raise CampaignError (see `stamp_file`; or the translation is outdated, or the reviewer's own).
    """
    path, where, source, typed_file = _read(root, file)
    if typed_file is None or typed_file.source != source:
        fix = "Compare them, fix the translation, run `campaign translate stamp` on it, then accept it."
        message = "The source text is not the one that this was translated from."
        raise failure("review-outdated", where, message, fix)
    if not re.search(r"[^\W\d_]", reviewer) or reviewer.strip().casefold() in (MACHINE_TRANSLATOR, "unknown"):
        raise failure("reviewer-no-name", "--by", "A reviewer has a name.", 'Write --by "First Last".')
    if typed_file.is_translated_by(reviewer):
        message = f"`{reviewer.strip()}` translated this text, so someone else must review it."
        raise failure("review-own", where, message, "Ask another person to read it against its source.")
    write_translation(
        root, path, where, replace(typed_file, reviewed_by=reviewer.strip(), reviewed_on=day, is_outdated=False)
    )


def _read(root: Path, file: Path) -> tuple[Path, str, str, Translation | None]:
    problems: list[Problem] = []
    settings = read_settings(root, problems)
    path = file.resolve()
    docs = root / "docs"
    parts = path.relative_to(docs).parts if path.is_relative_to(docs) else ()
    codes = [code for code, _ in settings.languages]
    if len(parts) < 2 or parts[0] not in codes or parts[0] == settings.source_language:
        fix = "Name a file below docs/<language>/, not of the source language."
        raise failure("translation-not-one", str(file), "This is not a translation.", fix)
    relative = Path(*parts[1:])
    where = f"docs/{parts[0]}/{relative.as_posix()}"
    source = source_fingerprint(root, settings, relative.as_posix())
    if relative.as_posix() in (STRINGS, WORDS, MESSAGES):
        data = read_yaml(path, where, problems)
        words = bind(TranslatedWords, data, where, [], data.keys or ())
        if problems:
            raise CampaignError(problems)
        return path, where, source, parse_translation(words, source)
    typed_page = read_typed(root, parts[0], path, problems)
    if not typed_page:
        raise CampaignError(problems)
    return path, where, source, parse_translation(typed_page.front, source)


def source_fingerprint(root: Path, settings: Settings, path: str) -> str:
    """Return the current fingerprint of a source file. Raise CampaignError if it is missing or unreadable."""
    problems: list[Problem] = []
    original = root / "docs" / settings.source_language / path
    where = original.relative_to(root).as_posix()
    if path == STRINGS:
        return strings_fingerprint(read_source_strings(root, settings))
    if not original.is_file():
        message = "The source language has no such file."
        raise failure("source-page-missing", where, message, f"Add {where}.")
    if path in (WORDS, MESSAGES):
        result = words_fingerprint(read_yaml(original, where, problems))
    else:
        raw = read_typed(root, settings.source_language, original, problems)
        result = raw.fingerprint if raw else ""
    if problems:
        raise CampaignError(problems)
    return result
