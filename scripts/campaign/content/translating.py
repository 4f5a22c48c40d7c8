"""The state of a translation, sentence by sentence, and a translator's work.

To show changes, docs/_stamped/<file>.json keeps the source sentences of each translated version, by fingerprint.
docs/_open/<language>/<file>.json keeps translations of unfinished files; the file itself is written once it is
complete. Both belong in git.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from campaign.content.drafts import CONFLICTS_FOLDER, STAMPS_FOLDER, open_texts, read_json, write_json
from campaign.content.languages import usable_strings
from campaign.content.messages import WORDS as MESSAGES
from campaign.content.photos import WORDS as PHOTOS
from campaign.content.review import source_fingerprint, stamp_file
from campaign.content.settings import read_settings
from campaign.content.units import PageText, Unit, key_of, one_line, read_units, refusal, with_translations
from campaign.content.writing import all_or_none, write_file
from campaign.models.campaign import Campaign
from campaign.models.nodes import Image, walk
from campaign.models.page import MACHINE_TRANSLATOR, Translation
from campaign.schema.interface_words import LINE, STRINGS
from campaign.schema.yaml_edit import CannotEdit
from campaign.schema.yaml_splice import KeyPath, parse, set_value

WORD_FILES = (STRINGS, PHOTOS, MESSAGES)
NOTE = "translation"
UNSIGNED_LINE = "translation: {source: '', by: unknown, reviewed: no}\n"
UNKNOWN_STAMP = {"source": "", "by": "unknown", "reviewed": "no"}
SOURCE_STAMP = re.compile(r"^translation:\s*\{[^}]*\bsource:\s*[\"']?([0-9a-f]{12})", re.MULTILINE)
STATE_DONE = "done"
STATE_CHANGED = "changed"
STATE_MISSING = "missing"
STATE_UNSURE = "unsure"


@dataclass(frozen=True)
class Progress:
    """Number of files of a language: all, up to date, and reviewed."""

    total: int
    existing: int
    current: int
    reviewed: int


@dataclass(frozen=True)
class Row:
    """A source text with its translation."""

    unit: Unit
    state: str  # done, changed, missing, or unsure (which translated sentence it is)
    old_source: str = ""  # the source text that was translated, if it has changed
    now: str = ""  # the translation in the file
    draft: str = ""  # a newer translation that isn't in the file yet

    @property
    def is_open(self) -> bool:
        """Whether it needs translating."""
        return self.state != STATE_DONE and not self.draft

    @property
    def text(self) -> str:
        """The newest translation."""
        return self.draft or self.now


@dataclass(frozen=True)
class TextFile:
    """A file of a language, sentence by sentence."""

    language: str
    path: str  # below the language's folder
    rows: tuple[Row, ...]
    exists: bool

    @property
    def name(self) -> str:
        """The path from the campaign's folder."""
        return f"docs/{self.language}/{self.path}"

    @property
    def open_rows(self) -> list[Row]:
        """The rows left to translate."""
        return [row for row in self.rows if row.is_open]


def paths_of(campaign: Campaign, language: str) -> list[str]:
    """Return the files that a language should have: pages in menu order, then strings."""
    source = campaign.source_language.code
    order = {path: index for index, path in enumerate(campaign.navigation)}
    pages = [path for code, path in campaign.pages if code == source]
    # Releases are only issued in the languages that they name.
    releases = {
        path: page.release.languages for (code, path), page in campaign.pages.items() if code == source and page.release
    }
    pages = [path for path in pages if language in (releases.get(path) or (language,))]
    if not campaign.languages[language].is_whole:
        pages = [path for path in pages if (language, path) in campaign.pages]
    pages.sort(key=lambda path: (order.get(path, len(order)), path))
    words = [name for name in WORD_FILES if (campaign.root / "docs" / source / name).is_file()]
    if not campaign.languages[language].is_whole:
        words = [name for name in words if name == STRINGS or (campaign.root / "docs" / language / name).is_file()]
    return [*pages, *words]


def progress_of(campaign: Campaign, language: str) -> Progress:
    """Return the progress of a language. `campaign` includes embargoed releases."""
    paths = paths_of(campaign, language)
    existing_count = sum((campaign.root / "docs" / language / path).is_file() for path in paths)
    origins = [origin for path in paths if (origin := origin_of(campaign, language, path))]
    current_count = sum(bool(origin.source) and not origin.is_outdated for origin in origins)
    return Progress(len(paths), existing_count, current_count, sum(origin.is_reviewed for origin in origins))


def read_file(campaign: Campaign, language: str, path: str) -> TextFile:
    """Read a translation next to its source. Raise LookupError without a source, CannotEdit if one is broken."""
    root = campaign.root
    source = _texts(root / "docs" / campaign.source_language.code / path)
    if source is None:
        raise LookupError(path)
    file = root / "docs" / language / path
    target, origin = _texts(file), origin_of(campaign, language, path)
    old_texts = _stamped(root, path).get(_source_fingerprint_in(file)) if target is not None else None
    if origin and origin.source and not origin.is_outdated:
        old_texts = [_source_stamp(unit, path) for unit in source]
    drafts = open_texts(root, language, path)
    rows = _word_rows(source, target, old_texts) if path in WORD_FILES else _page_rows(source, target, old_texts)
    if path == STRINGS:
        rows = _with_shipped(campaign, language, rows)
    results = [replace(row, draft=drafts[row.unit.key]["text"]) if row.unit.key in drafts else row for row in rows]
    return TextFile(language, path, tuple(results), target is not None)


def _with_shipped(campaign: Campaign, language: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Offer the strings that ship with the program where the file has none: outputs use them."""
    source = campaign.source_language
    shipped = usable_strings(language, source.code, source.strings)
    for row in rows:
        is_shipped = row.state == STATE_MISSING and row.unit.kind in shipped
        yield replace(row, state=STATE_UNSURE, now=shipped[row.unit.kind]) if is_shipped else row


def origin_of(campaign: Campaign, language: str, path: str) -> Translation | None:
    """Return what a file says about its translation."""
    words = {STRINGS: campaign.word_origins, PHOTOS: campaign.caption_origins, MESSAGES: campaign.message_origins}
    if path in words:
        return words[path].get(language)
    page = campaign.pages.get((language, path))
    return page.translation if page else None


def _source_stamp(unit: Unit, path: str) -> str:
    return f"{unit.kind}: {unit.text}" if path in WORD_FILES else unit.text


def _texts(file: Path) -> tuple[Unit, ...] | None:
    try:
        data = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        return _units_of(data, file.name in WORD_FILES)
    except UnicodeDecodeError:
        raise CannotEdit(f"{file.name} is not UTF-8 text") from None


@lru_cache(maxsize=4096)
def _units_of(data: bytes, is_words: bool) -> tuple[Unit, ...]:
    return tuple(words_of(data.decode("utf-8-sig"))) if is_words else read_units(data).units


def words_of(text: str) -> Iterator[Unit]:
    """Yield the strings of a file, with the comments for translators."""
    comments = {key: " ".join(comment.replace("# ", "").split()) for comment, key in LINE.findall(text)}
    for key_path, raw in _texts_by_path(parse(text)):
        if key_path[0] != NOTE and raw.strip():
            name = ".".join(map(str, key_path))
            yield Unit(key_of(f"{name}\0{raw}"), raw.strip(), name, comments.get(str(key_path[0]), ""))


def _texts_by_path(node: Any, key_path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(node, dict):
        for key, inner in node.items():
            yield from _texts_by_path(inner, (*key_path, key))
    elif isinstance(node, list):
        for index, inner in enumerate(node):
            yield from _texts_by_path(inner, (*key_path, index))
    elif isinstance(node, str):
        yield key_path, node


def _word_rows(source: Sequence[Unit], target: Sequence[Unit] | None, old_texts: Sequence[str] | None) -> Iterator[Row]:
    translations = {unit.kind: unit.text for unit in target or ()}
    old_by_key = dict(line.split(": ", 1) for line in old_texts or () if ": " in line)
    for unit in source:
        old = old_by_key.get(unit.kind, unit.text)
        if unit.kind not in translations:
            yield Row(unit, STATE_MISSING)
        elif old != unit.text:
            yield Row(unit, STATE_CHANGED, old, translations[unit.kind])
        else:
            yield Row(unit, STATE_DONE, now=translations[unit.kind])


def _page_rows(source: Sequence[Unit], target: Sequence[Unit] | None, old_texts: Sequence[str] | None) -> list[Row]:
    if target is None:
        return [Row(unit, STATE_MISSING) for unit in source]
    if old_texts is not None and len(old_texts) == len(target):
        return _align(source, target, old_texts)
    if [unit.kind for unit in source] == [unit.kind for unit in target]:
        return [Row(unit, STATE_UNSURE, now=translated.text) for unit, translated in zip(source, target, strict=True)]
    rows = [Row(unit, STATE_MISSING) for unit in source]
    for start, old_begin, length in difflib.SequenceMatcher(
        None, [unit.kind for unit in source], [unit.kind for unit in target], autojunk=False
    ).get_matching_blocks():
        for index in range(length):
            rows[start + index] = Row(source[start + index], STATE_UNSURE, now=target[old_begin + index].text)
    return rows


def _align(source: Sequence[Unit], target: Sequence[Unit], old_texts: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    matcher = difflib.SequenceMatcher(None, old_texts, [unit.text for unit in source], autojunk=False)
    for opcode, start, end, new_begin, last in matcher.get_opcodes():
        for index, unit in enumerate(source[new_begin:last], start):
            if opcode == "equal":
                rows.append(Row(unit, STATE_DONE, now=target[index].text))
            elif index < end:
                rows.append(Row(unit, STATE_CHANGED, old_texts[index], target[index].text))
            else:
                rows.append(Row(unit, STATE_MISSING))
    return rows


def _source_fingerprint_in(file: Path) -> str:
    match = SOURCE_STAMP.search(file.read_text(encoding="utf-8", errors="replace"))
    return match[1] if match else ""


def _stamped(root: Path, path: str) -> dict[str, list[str]]:
    data = read_json(root / STAMPS_FOLDER / f"{path}.json")
    return {
        key: texts for key, texts in data.items() if isinstance(texts, list) and all(isinstance(s, str) for s in texts)
    }


def keep_source(campaign: Campaign, path: str) -> None:
    """Store the current source sentences of a file, and drop versions without translations."""
    root, source = campaign.root, campaign.source_language.code
    units = _texts(root / "docs" / source / path) or ()
    current_fingerprint = source_fingerprint(root, read_settings(root, []), path)
    files = [root / "docs" / code / path for code in campaign.languages if code != source]
    fingerprints = {_source_fingerprint_in(file) for file in files if file.is_file()}
    stamps = {key: texts for key, texts in _stamped(root, path).items() if key in fingerprints}
    if current_fingerprint in fingerprints:
        stamps[current_fingerprint] = [_source_stamp(unit, path) for unit in units]
    write_json(root, root / STAMPS_FOLDER / f"{path}.json", stamps)


def save_translations(
    campaign: Campaign, language: str, path: str, texts: Mapping[str, str], author: str
) -> tuple[TextFile, dict[str, str]]:
    """Save translations by key ('' deletes a draft), and write a complete file; return it and refused texts."""
    with all_or_none(campaign.root):
        return _save_translations(campaign, language, path, texts, author)


def _save_translations(
    campaign: Campaign, language: str, path: str, texts: Mapping[str, str], author: str
) -> tuple[TextFile, dict[str, str]]:
    root = campaign.root
    file = read_file(campaign, language, path)
    units = {row.unit.key: row.unit for row in file.rows}
    rejections: dict[str, str] = {}
    drafts = open_texts(root, language, path)
    for key, text in texts.items():
        if key not in units:
            continue
        text = one_line(text)
        why = refusal(units[key], text) if text else ""
        if why:
            rejections[key] = why
        elif text:
            drafts[key] = {"source": units[key].text, "text": text, "by": author}
        else:
            drafts.pop(key, None)
    write_json(root, root / CONFLICTS_FOLDER / language / f"{path}.json", drafts)
    file = read_file(campaign, language, path)
    if drafts and not file.open_rows:
        _finish(campaign, file, author)
        file = read_file(campaign, language, path)
    return file, rejections


def _finish(campaign: Campaign, file: TextFile, author: str) -> None:
    root, source = campaign.root, campaign.source_language.code
    target = root / file.name
    origin = root / "docs" / source / file.path
    texts = {row.unit.key: row.text for row in file.rows}
    if file.path in WORD_FILES:
        write_file(root, target, _written_words(target, file))
    else:
        page = read_units(origin.read_bytes())
        write_file(root, target, _written_page(target, page, file, texts))
        _copy_pictures(root, page, origin.parent, target.parent)
    stamp_file(root, target, _translators(campaign, file) or author)
    keep_source(campaign, file.path)
    write_json(root, root / CONFLICTS_FOLDER / file.language / f"{file.path}.json", {})


def written_so_far(campaign: Campaign, file: TextFile, typed: Mapping[str, str]) -> str:
    """Return a page with its translations so far and `typed` ones; the rest is in the source language."""
    rows = [replace(row, draft=typed.get(row.unit.key) or row.text or row.unit.text) for row in file.rows]
    origin = read_units((campaign.root / "docs" / campaign.source_language.code / file.path).read_bytes())
    so_far = replace(file, rows=tuple(rows))
    return _written_page(campaign.root / file.name, origin, so_far, {row.unit.key: row.draft for row in rows}).decode(
        "utf-8-sig"
    )


def _copy_pictures(root: Path, page: PageText, origin: Path, target: Path) -> None:
    for node in walk(page.document.blocks):
        if isinstance(node, Image) and re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", node.source):
            picture = origin / node.source
            if picture.is_file() and not picture.is_symlink() and not (target / node.source).exists():
                write_file(root, target / node.source, picture.read_bytes())


def _translators(campaign: Campaign, file: TextFile) -> str:
    origin = origin_of(campaign, file.language, file.path)
    is_machine_left = origin and origin.is_by_machine and not all(row.draft for row in file.rows)
    people = origin.by.removeprefix(MACHINE_TRANSLATOR).strip(", ") if origin and origin.by != "unknown" else ""
    translators = [*([MACHINE_TRANSLATOR] if is_machine_left else []), people]
    names = (text["by"] for text in open_texts(campaign.root, file.language, file.path).values())
    return ", ".join(dict.fromkeys(name for name in (*translators, *names) if name))


def _written_page(target: Path, origin: PageText, file: TextFile, texts: Mapping[str, str]) -> bytes:
    if file.exists:
        own_page = read_units(target.read_bytes())
        if len(own_page.units) == len(file.rows) and all(
            unit.kind == row.unit.kind and (not row.now or unit.text == row.now)
            for unit, row in zip(own_page.units, file.rows, strict=True)
        ):
            return with_translations(
                own_page, {unit.key: row.text for unit, row in zip(own_page.units, file.rows, strict=True)}
            )
        # The structure has changed: use the source's, with the translation's own front matter.
        extra_keys = {key: value for key, value in own_page.front.items() if key not in origin.front}
        return with_translations(origin, texts, extra_keys)
    return with_translations(origin, texts, {NOTE: UNKNOWN_STAMP})


def _written_words(target: Path, file: TextFile) -> bytes:
    text = target.read_text(encoding="utf-8") if file.exists else UNSIGNED_LINE
    texts_by_path = dict(_texts_by_path(parse(text)))
    for row in file.rows:
        if texts_by_path.get(row.unit.key_path, "").strip() != row.text:
            text = set_value(text, row.unit.key_path, row.text)
    return text.encode()
