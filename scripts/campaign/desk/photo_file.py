"""A photo as the desk edits it: its .yml, its captions in each language, and its covered file with the original."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from campaign.content import clock
from campaign.content.new_language import UNSTAMPED_LINE
from campaign.content.originals import ORIGINALS, original_of, originals_folder
from campaign.content.photos import ENDINGS, FOLDER, WORDS, read_photos, read_redact
from campaign.content.settings import read_settings
from campaign.desk.box_list import BoxList
from campaign.desk.dry_check import new_problems, problems_in
from campaign.desk.files import NO_FILE, Change, Files, version_of
from campaign.desk.forms import Edit, Field
from campaign.images.stored import is_covered, stored_photo
from campaign.models.campaign import Campaign
from campaign.models.leftovers import is_leftover
from campaign.models.names import free_name, is_portable, plain_name
from campaign.models.problem import Problem
from campaign.schema.yaml_edit import CannotEdit
from campaign.schema.yaml_splice import YamlValue, parse, parse_mapping, remove, set_value

CAPTIONS = "captions"


@dataclass(frozen=True)
class PhotoText:
    """The recorded data of a photo."""

    name: str
    texts: Mapping[str, str | None]  # path -> content: the .yml first, then each language's captions
    versions: Mapping[str, str]
    parsed: Mapping[str, Any]  # the parsed .yml
    captions: Mapping[str, Mapping[str, str]]  # by language

    @staticmethod
    def read(files: Files, name: str, languages: Iterable[str]) -> PhotoText:
        """Read a photo's files."""
        texts, versions, captions = {}, {}, {}
        for path in (yml(name), *(words(code) for code in languages)):
            data = files.read(path)
            texts[path] = None if data is None else _decoded(data, path)
            versions[path] = version_of(data)
        parsed = parse_mapping(texts[yml(name)] or "")
        for code in languages:
            entry = parse_mapping(texts[words(code)] or "").get(name)
            captions[code] = entry if isinstance(entry, dict) else {}
        return PhotoText(name, texts, versions, parsed, captions)

    @property
    def version(self) -> str:
        """The version of all its files together."""
        return ".".join(self.versions.values())

    def boxes(self, key: str) -> BoxList:
        """Return the boxes at a key of BOX_COLUMNS."""
        return BoxList.read(self.parsed, key)

    @property
    def focus(self) -> tuple[str, str]:
        """The focal point of crops, as typed; the middle by default."""
        raw = self.parsed.get("focus")
        raw = raw if isinstance(raw, dict) else {}
        return str(raw.get("x", "50")), str(raw.get("y", "50"))

    def edited(self, edits: Iterable[Edit]) -> dict[str, str]:
        """Return the files that change."""
        texts = {path: text or "" for path, text in self.texts.items()}
        for edit in edits:
            path, key_path = yml(self.name), edit.key_path
            if key_path[0] == CAPTIONS:
                path, key_path = words(str(key_path[1])), (self.name, *key_path[2:])
            if edit.value is None:
                texts[path] = remove(texts[path], key_path)
            elif parse(texts[path]):
                texts[path] = set_value(texts[path], key_path, edit.value)
            else:  # only comments: there is nothing to splice into yet
                texts[path] = _start_file(
                    texts[path] + (UNSTAMPED_LINE if path not in list(self.texts)[:2] else ""), key_path, edit.value
                )
        return {path: text for path, text in texts.items() if text != (self.texts[path] or "")}

    def without(self) -> dict[str, str | None]:
        """Return the files that change when the photo is deleted."""
        deletions: dict[str, str | None] = {} if self.texts[yml(self.name)] is None else {yml(self.name): None}
        for path, text in list(self.texts.items())[1:]:
            if text and self.name in (data := parse(text)):
                deletions[path] = None if len(data) == 1 else remove(text, (self.name,))
        return deletions

    def changes(self, texts: Mapping[str, str | None]) -> dict[str, Change]:
        """Return changes for Files.save."""
        return {
            path: Change(self.versions.get(path, NO_FILE), None if text is None else text.encode())
            for path, text in texts.items()
        }


def yml(name: str) -> str:
    """Return the path of a photo's .yml."""
    return f"{FOLDER}/{name}.yml"


def words(code: str) -> str:
    """Return the path of a language's captions."""
    return f"docs/{code}/{WORDS}"


def photos_of(root: Path) -> dict[str, Path]:
    """Return every picture file among the photos, by name."""
    results = sorted(
        path for path in (root / FOLDER).glob("*") if path.suffix.lower() in ENDINGS and not is_leftover(path.name)
    )
    return {path.stem: path for path in reversed(results) if path.is_file() and not path.is_symlink()}


def photo_name(raw: str, used_names: Iterable[str]) -> str:
    """Return a free name for a photo, made from the typed one or from its file name."""
    name = plain_name(raw)[:60].strip("-") or "photo"
    return free_name(name if is_portable(name) else f"photo-{name}", used_names)


def check_photo(campaign: Campaign, text: PhotoText, texts: Mapping[str, str], suffix: str = ".jpg") -> list[Problem]:
    """Return the problems that stop a build after a change to a photo and didn't before."""
    return new_problems(lambda item: _problems(campaign, text, *item), ({}, ""), (texts, suffix))


def _problems(campaign: Campaign, text: PhotoText, texts: Mapping[str, str], ending: str) -> list[Problem]:
    photos = {name: path.suffix for name, path in photos_of(campaign.root).items()}
    if ending:
        photos.setdefault(text.name, ending)
    files = {f"{FOLDER}/{name}{suffix}": "" for name, suffix in photos.items()}
    files |= {path: new_text for path, new_text in (dict(text.texts) | dict(texts)).items() if new_text is not None}
    settings, today = read_settings(campaign.root, []), clock.now().date()
    problems = problems_in(files, lambda root, problems: read_photos(root, settings, problems, today))
    own_files = {yml(text.name), f"{FOLDER}/{text.name}{photos.get(text.name, '')}"}
    return [
        problem
        for problem in problems
        if not problem.is_note
        and ((path := problem.file) in own_files or (path in text.texts and text.name in problem.message))
    ]


def stored_changes(files: Files, name: str, photo: Path, is_new: bool, text: str | None) -> dict[str, Change] | Problem:
    """Return the changes to a photo's own files. `photo`: its file or upload. `text`: its new .yml, or None."""
    old_data = files.read(yml(name)) or b""
    redact = read_redact(text if text is not None else old_data.decode(errors="replace"))
    if (
        not is_new
        and redact == read_redact(old_data.decode(errors="replace"))
        and is_covered(files.root, photo, redact)
    ):
        return {}
    original = None if is_new else original_of(files.root, name)
    if not is_new and not redact and original is None:
        return {}
    source = original or photo
    stored = stored_photo(source.parent, source, redact)
    if isinstance(stored, Problem):
        return stored
    data, suffix = stored
    target, own_stem = f"{FOLDER}/{name}{suffix}", f"{FOLDER}/{photo.name}"
    changes = files.change(target, data)
    if not is_new and own_stem != target:
        changes |= files.change(own_stem, None)
    if redact and original is None:
        originals_folder(files.root)
        changes |= files.change(f"{ORIGINALS}/{name}{photo.suffix}", photo.read_bytes())
    elif not redact:
        changes |= without_original(files, name)
    return changes


def without_original(files: Files, name: str) -> dict[str, Change]:
    """Return the deletion of a photo's original, if there is one."""
    original = original_of(files.root, name)
    return files.change(f"{ORIGINALS}/{original.name}", None) if original else {}


def show_problems(problems: Iterable[Problem], fields: Iterable[Field]) -> list[Problem]:
    """Attach each problem to its field, and return those without one."""
    fields, fields_left = list(fields), []
    for problem in problems:
        code = problem.where.split("/")[1] if problem.where.startswith("docs/") else ""
        kind = problem.id.partition("-")[0]
        for field in fields:
            is_of_words = field.key_path[0] == CAPTIONS
            if (code and is_of_words and field.key_path[1] == code) or (
                not is_of_words
                and not code
                and (f"`{field.key_path[-1]}" in problem.message + problem.fix or kind == field.key_path[0])
            ):
                field.problem = problem
                break
        else:
            fields_left.append(problem)
    return fields_left


def _start_file(text: str, key_path: tuple[str | int, ...], value: YamlValue) -> str:
    if len(key_path) == 2 and isinstance(value, str) and key_path[0] != "consent":
        return f"{text}{key_path[0]}:\n  {key_path[1]}: {json.dumps(value, ensure_ascii=False)}\n"
    return set_value(f'{text}credit: ""\n', key_path, value)


def _decoded(data: bytes, path: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise CannotEdit(path) from None
