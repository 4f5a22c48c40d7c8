"""Records of translations (source text, translator, reviewer), and the files of captions and messages."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from campaign.content.settings import Settings
from campaign.content.writing import encoded_like, read_text, write_file
from campaign.models.page import Translation
from campaign.models.problem import Problem, failure
from campaign.schema.declaration import Declared, bind
from campaign.schema.kinds import Review, TranslatedWords, TranslationNote
from campaign.schema.yaml_reader import EMPTY_VALUE, Fields, Value, read_yaml


def fingerprint(*parts: str) -> str:
    """Return twelve hexadecimal digits for some words; white space doesn't count."""
    words = "\n".join(" ".join(part.split()) for part in parts)
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def strings_fingerprint(strings: Mapping[str, str]) -> str:
    """Return the fingerprint of a file of strings."""
    return fingerprint(*(f"{key}: {strings[key]}" for key in sorted(strings)))


def outdated_translation(where: str) -> Problem:
    """Return the note about a translation whose source has changed."""
    fix = "Fix the translation, then run `campaign translate stamp` on it."
    return Problem("translation-outdated", where, "The source text has changed since this was translated.", fix)


def parse_translation(front: Declared, source: str | None) -> Translation | None:
    """Return what `translation:` says. `source`: the source text's current fingerprint."""
    if not front.has("translation"):
        fix = "Add `translation: {source: '', by: machine, reviewed: no}`, then run `campaign translate stamp` on it."
        front.complain("translation-unsigned", "", "The translation doesn't say who made it.", fix)
        return None
    note = front.read("translation", TranslationNote)
    reviewed_by, reviewed_on = "", None
    review = note.reviewed
    if review is not None and review.keys is not None:
        result = note.read("reviewed", Review)
        reviewed_by, reviewed_on = result.by, result.on
    elif review is not None and (review.text or "").lower() not in ("no", "false", ""):
        fix = "Run `campaign translate accept FILE --by NAME`."
        note.complain("review-unsigned", "reviewed", "`reviewed` takes no, or who and when.", fix)
    outdated = source is not None and bool(note.source) and note.source != source
    return Translation(note.source, note.by, reviewed_by, reviewed_on, outdated)


def _write_translation(root: Path, path: Path, where: str, line: str) -> None:
    text = read_text(path)
    block = re.compile(r"^translation:.*\n(?:[ \t]+.*\n)*", re.MULTILINE)
    if not block.search(text):
        fix = "Add one to the front matter."
        raise failure("translation-no-line", where, "There is no line `translation:` to change.", fix)
    new = block.sub(lambda _: line + "\n", text, count=1)
    write_file(root, path, encoded_like(path.read_bytes(), new))


def write_translation(root: Path, path: Path, where: str, translation: Translation) -> None:
    """Replace the `translation:` lines of a file; the rest stays as typed. Raise CampaignError if the file has none."""
    reviewed = "no"
    if translation.reviewed_by:
        review_date = translation.reviewed_on or date.today()
        reviewed = f"{{by: {json.dumps(translation.reviewed_by, ensure_ascii=False)}, on: {review_date.isoformat()}}}"
    author_yaml = json.dumps(translation.by, ensure_ascii=False) if re.search(r"\W", translation.by) else translation.by
    _write_translation(
        root, path, where, f"translation: {{source: {translation.source}, by: {author_yaml}, reviewed: {reviewed}}}"
    )


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
