"""Changes in the campaign that this one was adopted from, sentence by sentence.

Three texts are compared: as adopted, upstream now, and ours, all with questions in place of the country's own
facts. The office's own sentences only change if the editor selects them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from campaign.content import upstream_changes
from campaign.content.adopted_files import ShownFiles
from campaign.content.adopted_settings import without_languages
from campaign.content.asking import plain_glossary, with_placeholders, with_words_asked
from campaign.content.country_words import read_country
from campaign.content.drafts import read_json, write_json
from campaign.content.glossary import FILE as GLOSSARY
from campaign.content.review import stamp_file
from campaign.content.sources import FILE as SOURCES
from campaign.content.translating import STATE_DONE, WORD_FILES, keep_source, origin_of, read_file
from campaign.content.units import read_units, with_translations
from campaign.content.upstream_base import (
    ADOPTED_FILE,
    files_of,
    read_base,
    signature,
    sum_of,
    texts_of,
    units_of,
    write_base,
)
from campaign.content.writing import all_or_none, encoded_like, write_file
from campaign.models.campaign import Campaign
from campaign.models.problem import failure
from campaign.schema.yaml_edit import CannotEdit
from campaign.schema.yaml_splice import remove, set_value


@dataclass
class AppliedChanges:
    """The number of changes applied and skipped, and those to make by hand; `files` are (language, path)."""

    applied: int = 0
    skipped: int = 0
    by_hand: list[upstream_changes.Change] = field(default_factory=list)
    files: dict[tuple[str, str], None] = field(default_factory=dict)


class Upstream:
    """The current state of the original campaign. Raises CampaignError if ours has no record of it."""

    def __init__(self, ours: Campaign, theirs: Campaign) -> None:
        self.ours, self.theirs = ours, theirs
        self.adopted: Mapping[str, Any] = read_json(ours.root / ADOPTED_FILE)
        if not self.adopted:
            message = "There is no record of this campaign as it was adopted."
            raise failure("upstream-unknown", ADOPTED_FILE, message, "Adopt it again, or restore that file.")
        self.source = ours.source_language.code
        self._country = read_country(theirs, tuple(ours.languages), self.adopted.get("words", ()))
        self._shown_files = ShownFiles(theirs)
        self._data: dict[tuple[str, str], bytes] = {}

    def data(self, language: str, path: str) -> bytes | None:
        """Return one of its files, with questions."""
        if (language, path) not in self._data:
            data = self._shown_files.read(f"docs/{language}/{path}" if language else f"docs/{path}")
            if data is None:
                return None
            if path in WORD_FILES:
                data = with_words_asked(data.decode(), self._country, language).encode()
            elif path == GLOSSARY.removeprefix("docs/"):
                codes = self.theirs.languages.keys()
                text = without_languages(data.decode(), codes - self.ours.languages.keys(), codes)
                data = plain_glossary(text, self._country).encode()
            elif path.endswith(".md"):
                data, _ = with_placeholders(data, self._country, language, path)
            self._data[language, path] = data
        return self._data[language, path]

    def changes(self) -> Iterator[upstream_changes.Change]:
        """Yield all changes, the source language first."""
        codes = [code for code in self.ours.languages if code != self.source]
        texts = sorted(
            {item for item in (*texts_of(self.theirs.root), *self._bases()) if item[0] in ("", self.source, *codes)},
            key=lambda item: (item[0] != "", item[0] != self.source, item),
        )
        for language, path in texts:
            yield from self._changes_of(language, path)
        files: Mapping[str, str] = self.adopted.get("files", {})
        for name in files_of(self.theirs.root):
            data, file = self._shown_files.read(name), self.ours.root / name
            if data is None:
                continue
            upstream_digest = sum_of(data)
            digest = sum_of(file.read_bytes()) if file.is_file() else ""
            if upstream_digest not in (files.get(name, ""), digest):
                key, kind = _key(name, upstream_digest), upstream_changes.KIND_OTHER_FILE
                is_ours = digest != files.get(name, "")
                yield upstream_changes.Change(key, kind, "", name, own_text=digest, is_changed_here=is_ours)

    def _bases(self) -> Iterator[tuple[str, str]]:
        folder = (self.ours.root / ADOPTED_FILE).parent
        for file in folder.rglob("*.json"):
            path = file.relative_to(folder).as_posix().removesuffix(".json")
            if path != "_taken":
                yield from ((language, path) for language in read_base(self.ours.root, path))

    def _changes_of(self, language: str, path: str) -> Iterator[upstream_changes.Change]:
        base_texts = read_base(self.ours.root, path).get(language)
        data, own_file = self.data(language, path), self.ours.root / "docs" / language / path
        if base_texts is None and data is not None and not own_file.exists():
            yield upstream_changes.Change(
                _key(language, path, "+"), upstream_changes.KIND_NEW_FILE, language, path, upstream_text=_title(data)
            )
        if base_texts is not None and data is None and own_file.exists():
            yield upstream_changes.Change(_key(language, path, "-"), upstream_changes.KIND_DELETED_FILE, language, path)
        current_units = units_of(path, data) if data is not None else None
        own_units = units_of(path, own_file.read_bytes()) if own_file.is_file() else None
        if base_texts is None or current_units is None or own_units is None:
            return
        is_whole = language in ("", self.source)
        compared = upstream_changes.compare_words if path.endswith(".yml") else upstream_changes.compare_sentences
        if path == SOURCES.removeprefix("docs/"):  # the country's own, asked for instead
            own_ids = {unit.key_path[0] for unit in own_units}
            current_units = [
                unit
                for unit in current_units
                if unit.key_path[0] in own_ids or unit.key_path[0] not in self._country.questions
            ]
        for change in compared(base_texts, current_units, own_units, path, is_whole):
            base_text = base_texts[change.position] if change.kind != upstream_changes.KIND_NEW else ""
            key = _key(language, path, change.kind, base_text, change.upstream_text)
            yield upstream_changes.Change(**vars(change) | {"key": key, "language": language})

    def take(
        self,
        keys: Sequence[str] | None = None,
        skipped: Sequence[str] = (),
        candidates: Sequence[upstream_changes.Change] | None = None,
    ) -> AppliedChanges:
        """Apply the changes with these keys, None for all of unchanged sentences, and hide the `skipped` ones."""
        applied_changes = AppliedChanges()
        with all_or_none(self.ours.root):
            self._take(applied_changes, keys, skipped, list(self.changes()) if candidates is None else candidates)
        return applied_changes

    def _take(
        self,
        applied_changes: AppliedChanges,
        keys: Sequence[str] | None,
        skipped: Sequence[str],
        candidates: Sequence[upstream_changes.Change],
    ) -> None:
        for change in candidates:
            is_skipped = change.key in skipped
            is_wanted = (
                change.key in keys
                if keys is not None
                else not change.is_changed_here and change.kind != upstream_changes.KIND_DELETED_FILE
            )
            if not is_skipped and not is_wanted:
                continue
            try:
                self._apply(change, is_skipped)
            except CannotEdit:
                applied_changes.by_hand.append(change)
                continue
            applied_changes.skipped += is_skipped
            applied_changes.applied += not is_skipped
            if not is_skipped and change.kind != upstream_changes.KIND_OTHER_FILE:
                applied_changes.files[change.language, change.path] = None

    def _apply(self, change: upstream_changes.Change, is_skipped: bool) -> None:
        root = self.ours.root
        if change.kind == upstream_changes.KIND_OTHER_FILE:
            data = self._shown_files.read(change.path) or b""
            if not is_skipped:
                write_file(root, root / change.path, data)
            files = {**self.adopted["files"], change.path: sum_of(data)}
            self.adopted = {**self.adopted, "files": files}
            write_json(root, root / ADOPTED_FILE, self.adopted)
            return
        # Each change affects the next comparison.
        selected = [item for item in self._changes_of(change.language, change.path) if item.key == change.key]
        if not selected:  # it was applied with another, like the cells of a row
            return
        change = selected[0]
        base = read_base(root, change.path)
        base_texts, is_whole = list(base.get(change.language, [])), change.language in ("", self.source)
        data = self.data(change.language, change.path) or b""
        if change.kind == upstream_changes.KIND_NEW_FILE:
            base_texts = [signature(item, change.path, is_whole) for item in units_of(change.path, data) or ()]
        elif change.kind == upstream_changes.KIND_NEW and change.unit:
            related = (
                [change.unit] if change.path.endswith(".yml") else upstream_changes.related_units(data, change.unit)
            )
            base_texts[change.position : change.position] = [signature(item, change.path, is_whole) for item in related]
        elif change.kind == upstream_changes.KIND_CHANGED and change.unit:
            base_texts[change.position] = signature(change.unit, change.path, is_whole)
        elif change.kind == upstream_changes.KIND_DELETED:
            del base_texts[change.position]
        if not is_skipped:
            self._put(change, root / change.name, data)
        base = base | {change.language: base_texts}
        if change.kind == upstream_changes.KIND_DELETED_FILE:
            del base[change.language]
        write_base(root, change.path, base)

    def _put(self, change: upstream_changes.Change, file: Path, data: bytes) -> None:
        if change.kind in (upstream_changes.KIND_NEW_FILE, upstream_changes.KIND_DELETED_FILE):
            if change.kind == upstream_changes.KIND_DELETED_FILE:
                raise CannotEdit(change.path)
            write_file(self.ours.root, file, data)
            return
        own_data, unit = file.read_bytes(), change.unit or change.own_unit
        if change.path.endswith(".yml") and unit:
            text = own_data.decode("utf-8-sig")
            new_data = (
                remove(text, unit.key_path)
                if change.kind == upstream_changes.KIND_DELETED
                else set_value(text, unit.key_path, change.upstream_text)
            )
            new = encoded_like(own_data, new_data)
        elif change.kind == upstream_changes.KIND_CHANGED and change.own_unit:
            new = with_translations(read_units(own_data), {change.own_unit.key: change.upstream_text})
        elif change.kind == upstream_changes.KIND_DELETED and change.own_unit:
            new = upstream_changes.without_sentence(own_data, change.own_unit)
        elif change.kind == upstream_changes.KIND_NEW and change.unit:
            new = upstream_changes.with_sentence_added(own_data, change.previous_unit, data, change.unit)
        else:
            raise CannotEdit(change.path)
        write_file(self.ours.root, file, new)


def stamp_current_translations(upstream: Upstream, own_unit: Campaign, files: Iterable[tuple[str, str]]) -> list[str]:
    """Stamp translations in `files` whose every sentence is upstream's or was up to date; return their names."""
    stamped = []
    for language, path in files:
        origin = origin_of(upstream.theirs, language, path)
        if language in ("", upstream.source) or origin is None or not origin.source or origin.is_outdated:
            continue
        unit_lists = [units_of(path, upstream.data(code, path) or b"") for code in (upstream.source, language)]
        if (
            not unit_lists[0]
            or not unit_lists[1]
            or [item.kind for item in unit_lists[0]] != [item.kind for item in unit_lists[1]]
        ):
            continue
        upstream_texts = {
            own_unit.text: upstream_unit.text for own_unit, upstream_unit in zip(*unit_lists, strict=True)
        }
        file = read_file(own_unit, language, path)
        if all(
            row.state == STATE_DONE or (row.now and upstream_texts.get(row.unit.text) == row.now) for row in file.rows
        ):
            stamp_file(own_unit.root, own_unit.root / file.name, "")
            keep_source(own_unit, path)
            stamped.append(file.name)
    return stamped


def _title(data: bytes) -> str:
    try:
        return next((unit.text for unit in read_units(data).units), "")
    except (UnicodeDecodeError, CannotEdit):
        return ""


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]
