"""The choices for an adopted campaign (languages, readers, pattern), and the changes that they make in its copy."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from campaign.content.drafts import STAMPS_FOLDER
from campaign.content.new_language import start_language
from campaign.content.pattern import FILE_NAME
from campaign.content.phones import is_country
from campaign.content.settings import CODE, FILE, Settings, read_settings
from campaign.content.translating import UNKNOWN_STAMP, UNSIGNED_LINE, WORD_FILES
from campaign.content.units import read_units, with_translations
from campaign.models.band import NONE, PATTERNS, WOVEN
from campaign.models.campaign import Readers
from campaign.models.problem import CampaignError, Problem
from campaign.schema.kinds import QuestionFile
from campaign.schema.yaml_edit import CannotEdit
from campaign.schema.yaml_splice import parse, remove, set_value

IDENTITY = "assets/identity.yml"
DEFAULT_PATTERN = "waves"
EXAMPLE_ADDRESS = "https://campaign.example/"
# Filtered lists of languages, below `campaign:`.
LANGUAGE_LISTS = ("ask_phones_in", "pieces_only")
TRANSLATION = re.compile(r"(?m)^translation:.*\n(?:[ \t]+.*\n)*")
ANSWER = re.compile(r"(?m)^answer:.*\n(?:[ \t]+.*\n)*")  # only the source language has it
# A key without anything below it.
EMPTY_ENTRY = re.compile(r"(?m)^[\w-]+:\n(?=\S|\Z)")
FORGETTING = re.compile(r"(?m)^\{\{ forgetting \}\}\n")


@dataclass(frozen=True)
class Choices:
    """The choices of a country for its copy."""

    languages: tuple[str, ...]  # kept ones
    source: str
    first: str
    readers: Readers = "private"
    pattern: str = DEFAULT_PATTERN
    pattern_file: Path | None = None
    country: str = ""  # ISO 3166-1
    new_languages: Mapping[str, str] = field(default_factory=dict)


def read_choices(settings: Settings, old_pattern: str, file: QuestionFile, folder: Path) -> Choices:
    """Return the choices of a file in a folder, or the defaults. Raise CampaignError with every impossible one."""
    problems: list[Problem] = []
    codes = [code for code, _ in settings.languages]
    kept = tuple(code for code in codes if code in file.languages) if file.languages else tuple(codes)
    # Languages of pieces only lack most texts.
    complete = [code for code in kept if code not in settings.pieces_only]

    def expect(key: str, value: str, options: Iterable[str]) -> None:
        fix = f"Choose from: {', '.join(options)}."
        problems.append(Problem("value-unknown", file.line(key), f"`{value}` isn't a valid value of `{key}`.", fix))

    for code in file.languages:
        if code not in codes:
            expect("languages", code, codes)
    for code in file.new_languages:
        if not CODE.fullmatch(code) or code in codes:
            expect("new_languages", code, ["fr", "fil", "zh-Hans"])
    source = file.source or (
        settings.source_language if settings.source_language in complete else "".join(complete[:1])
    )
    if source not in complete:
        expect("source" if file.source else "languages", source or ", ".join(file.languages), complete or codes)
    default_first = settings.first_language if settings.first_language in kept else source
    first = file.first or (source if file.source else default_first)
    if first not in (*kept, *file.new_languages):
        expect("first", first, (*kept, *file.new_languages))
    country = file.country.strip().upper()
    if country and not is_country(country):
        expect("country", country, ["two letters of ISO 3166-1, such as LK", "none"])
    default = DEFAULT_PATTERN if old_pattern != DEFAULT_PATTERN else "zigzag"
    pattern, drawing = file.pattern or default, None
    if pattern not in (WOVEN, NONE, *PATTERNS):
        drawing = folder / pattern
        if not FILE_NAME.fullmatch(drawing.name) or not drawing.is_file() or drawing.is_symlink():
            expect("pattern", pattern, (*PATTERNS, WOVEN, NONE, "an SVG next to this file"))
        pattern = drawing.name
    if problems:
        raise CampaignError(problems)
    readers = file.readers or settings.readers
    return Choices(kept, source, first, readers, pattern, drawing, country, dict(file.new_languages))


def adapt_settings(root: Path, choices: Choices) -> None:
    """Apply the choices to a copy: languages, source language, mkdocs.yml, pattern."""
    settings = read_settings(root, [])
    codes = {code for code, _ in settings.languages}
    _write_settings(root, settings, choices)
    dropped = codes - set(choices.languages)
    for code in dropped:
        shutil.rmtree(root / "docs" / code, ignore_errors=True)
    for path in (*(root / "docs").glob("_*.yml"), *(root / "assets").rglob("*.yml")):
        text = path.read_text(encoding="utf-8")
        path.write_text(without_languages(text, dropped, codes), encoding="utf-8", newline="\n")
    if choices.source != settings.source_language:
        _change_source(root, settings.source_language, choices)
    for path in (root / "docs").glob("*/**/*.md"):
        _adapt_page(path, choices)
    if choices.pattern_file:
        shutil.copyfile(choices.pattern_file, root / "assets" / choices.pattern)
    identity = root / IDENTITY
    if identity.is_file():
        text = set_value(identity.read_text(encoding="utf-8"), ("pattern",), choices.pattern)
        identity.write_text(text, encoding="utf-8", newline="\n")
    for code, name in choices.new_languages.items():
        start_language(root, code, name)


def _write_settings(root: Path, settings: Settings, choices: Choices) -> None:
    path = root / FILE
    text = path.read_text(encoding="utf-8")
    plugins = parse(text).get("plugins") or []
    index = next(n for n, item in enumerate(plugins) if isinstance(item, dict) and "campaign" in item)
    own: Mapping[str, Any] = plugins[index]["campaign"] or {}
    below = ("plugins", index, "campaign")
    values: dict[str, Any] = {"places": [], "country_words": [], "country": choices.country}
    values |= {key: [code for code in own.get(key) or [] if code in choices.languages] for key in LANGUAGE_LISTS}
    values["first_language"] = choices.first if choices.first in choices.languages else choices.source
    values["readers"] = choices.readers
    for key, value in values.items():
        if key in own or value:
            text = set_value(text, (*below, key), value)
    gone = {code for code, _ in settings.languages} - set(choices.languages)
    for key in own.get("silence") or {}:
        if any(f" docs/{code}/" in key for code in gone):
            text = remove(text, (*below, "silence", key))
    for code in set(own.get("names") or {}) & gone:
        text = remove(text, (*below, "names", code))
    number = next(n for n, item in enumerate(plugins) if isinstance(item, dict) and "i18n" in item)
    rows = plugins[number]["i18n"]["languages"]
    for position in reversed(range(len(rows))):
        if rows[position]["locale"] in gone:
            text = remove(text, ("plugins", number, "i18n", "languages", position))
    rows = [row for row in rows if row["locale"] not in gone]
    if choices.source != settings.source_language:
        for position, row in enumerate(rows):
            where = ("plugins", number, "i18n", "languages", position, "default")
            if row["locale"] == choices.source:
                text = set_value(text, where, True)
            elif "default" in row:
                text = remove(text, where)
    if "site_url" in parse(text):
        text = set_value(text, ("site_url",), EXAMPLE_ADDRESS)
    path.write_text(text, encoding="utf-8", newline="\n")
    for table in (*root.glob("*.csv"), *(root / "assets").glob("*.csv")):
        table.unlink()


def without_languages(text: str, dropped: Container[str], codes: Container[str]) -> str:
    """Return a YAML file's text without some languages; its comments stay where whole lines are removed."""
    try:
        data = parse(text)
    except CannotEdit:
        return text
    wanted = _kept(data, dropped, codes)
    if wanted == data or not wanted:
        return text
    lines = [line for line in text.splitlines(keepends=True) if not _is_of(line, dropped)]
    short = EMPTY_ENTRY.sub("", "".join(lines))
    try:
        if parse(short) == wanted:
            return short
    except CannotEdit:
        pass
    return json.dumps(wanted, ensure_ascii=False, indent=1) + "\n"  # JSON is YAML


def _is_of(line: str, dropped: Container[str]) -> bool:
    match = re.match(r" +([a-z]{2,3}[A-Za-z-]*):", line)
    return bool(match and match[1] in dropped)


def _kept(node: Any, dropped: Container[str], codes: Container[str]) -> Any:
    if isinstance(node, list):
        return [_kept(item, dropped, codes) for item in node]
    if not isinstance(node, dict) or not node:
        return node
    # `id` is also a key of other mappings.
    is_by_language = sum(key in codes for key in node) > 1 or all(key in codes for key in node)
    kept = {key: _kept(item, dropped, codes) for key, item in node.items() if not (is_by_language and key in dropped)}
    return {key: item for key, item in kept.items() if item != {} or node[key] == {}}


def _adapt_page(path: Path, choices: Choices) -> None:
    try:
        page = read_units(path.read_bytes())
    except (UnicodeDecodeError, CannotEdit):
        return
    data = page.data
    languages = page.front.get("languages")
    if isinstance(languages, list):
        kept = [code for code in languages if code in choices.languages]
        data = with_translations(page, {}, {"languages": kept or [choices.source]})
    if choices.readers == "open":
        data = FORGETTING.sub("", data.decode()).encode()
    if data != page.data:
        path.write_bytes(data)


def _change_source(root: Path, old: str, choices: Choices) -> None:
    """Make another language the one that others translate; its pages take over the old one's settings."""
    docs = root / "docs"
    for file in sorted((docs / choices.source).rglob("*")):
        path = file.relative_to(docs / choices.source)
        if file.suffix != ".md" and path.as_posix() not in WORD_FILES:
            continue
        text = TRANSLATION.sub("", file.read_bytes().decode(), count=1)
        origin = docs / old / path
        if file.suffix == ".md" and origin.is_file():
            page, before = read_units(text.encode()), read_units(origin.read_bytes())
            missing = {key: value for key, value in before.front.items() if key not in page.front}
            text = with_translations(page, {}, missing).decode()
        file.write_bytes(text.encode())
    if old in choices.languages:
        for file in sorted((docs / old).rglob("*")):
            if file.suffix == ".md":
                data = ANSWER.sub("", file.read_bytes().decode(), count=1).encode()
                file.write_bytes(with_translations(read_units(data), {}, {"translation": UNKNOWN_STAMP}))
            elif file.relative_to(docs / old).as_posix() in WORD_FILES:
                file.write_bytes(UNSIGNED_LINE.encode() + file.read_bytes())
    shutil.rmtree(root / STAMPS_FOLDER, ignore_errors=True)
