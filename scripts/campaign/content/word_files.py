"""Word files next to a language's pages: captions of photos, and messages that go with pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from campaign.content.settings import Settings
from campaign.content.translation import fingerprint, outdated_translation, parse_translation
from campaign.models.page import Translation
from campaign.models.problem import Problem
from campaign.schema.declaration import bind
from campaign.schema.kinds import TranslatedWords
from campaign.schema.yaml_reader import EMPTY_VALUE, Fields, Value, read_yaml

Origins = dict[str, Translation | None]


def words_fingerprint(value: Value) -> str:
    """Return the fingerprint of a source language's word file."""
    entries = (value.keys or {}).items()
    rows = [(name, key, item.text or "") for name, words in entries for key, item in (words.keys or {}).items()]
    return fingerprint(*(f"{name} {key}: {text}" for name, key, text in sorted(rows) if name != "translation"))


def read_word_files(
    root: Path, settings: Settings, name: str, origins: Origins, problems: list[Problem]
) -> Iterator[tuple[str, str, Fields]]:
    """Yield (language, path, fields) of each language's file, the source's first; `origins` gets translators."""
    source = settings.source_language
    made_from = ""
    for code in sorted((code for code, _ in settings.languages), key=lambda code: code != source):
        where = f"docs/{code}/{name}"
        if not (root / where).is_file():
            continue
        value = read_yaml(root / where, where, problems)
        top = Fields(value, where, problems)
        if code == source:
            made_from = words_fingerprint(value)
        elif value is not EMPTY_VALUE:
            origins[code] = translation = parse_translation(
                bind(TranslatedWords, value, where, problems, top.keys), made_from
            )
            if translation and translation.is_outdated:
                problems.append(outdated_translation(where))
        yield code, where, top
