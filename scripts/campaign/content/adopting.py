"""Adopt a campaign for another country: copy it, empty its contacts and places, and ask for its facts."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

from campaign.cache.atomic import write_whole
from campaign.content import load
from campaign.content.adopted_files import ShownFiles
from campaign.content.adopted_settings import Choices, adapt_settings
from campaign.content.asking import NOTE, Replaced, plain_glossary, with_placeholders, with_words_asked
from campaign.content.country_words import Country, read_country
from campaign.content.glossary import FILE as GLOSSARY
from campaign.content.open_list import find_numbers, write_open_list
from campaign.content.questions import Question, put_answers
from campaign.content.review import stamp_file
from campaign.content.settings import FILE
from campaign.content.sources import FILE as SOURCES
from campaign.content.translating import WORD_FILES, keep_source, origin_of
from campaign.content.upstream_base import keep_base
from campaign.content.writing import new_folder
from campaign.models.campaign import NATIONAL, Campaign
from campaign.models.leftovers import is_leftover
from campaign.schema.yaml_splice import parse, remove

CONTACTS = "assets/contacts"
# The replaced texts by file, to show the original wording.
REPLACED_TEXTS_FILE = "docs/_adopted.json"
WORDS = re.compile(r"[\w-]+")
EMPTY_CONTACTS_FILE = "# No contacts yet. `campaign explain contacts` shows an example.\ncontacts: []\n"
TEMPLATES = "overrides"  # the folder for a campaign's templates


@dataclass(frozen=True)
class Adopted:
    """The result of adopting a campaign."""

    questions: tuple[Question, ...]
    placeholders: int  # questions in texts
    contacts: int
    places: int
    sources: int
    left_names: tuple[str, ...]  # files of the first campaign that aren't in the copy


def adopt(
    campaign: Campaign, target: Path, choices: Choices, answers: Sequence[Question] = (), words: Sequence[str] = ()
) -> Adopted:
    """Make the copy in a new or empty folder. `words` are more names to ask for."""
    with new_folder(target) as part:
        return _adopt(campaign, part, choices, answers, words)


def _adopt(
    campaign: Campaign, target: Path, choices: Choices, answers: Sequence[Question], words: Sequence[str]
) -> Adopted:
    shown_files = ShownFiles(campaign)
    left_names = _copy_shown(shown_files, target)
    country = read_country(campaign, choices.languages, words)
    adapt_settings(target, choices)
    replaced = _ask(target, country, choices.languages)
    (target / REPLACED_TEXTS_FILE).write_text(
        json.dumps(replaced, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8"
    )
    _empty_contacts(target)
    if (target / GLOSSARY).is_file():
        text = plain_glossary(_read(target / GLOSSARY), country)
        (target / GLOSSARY).write_text(text, encoding="utf-8", newline="\n")
    sources = _without_sources(target, country.questions)
    _stamp(campaign, target)
    record = {"words": sorted(words), "names": sorted(country.all_names), "numbers": find_numbers(load(target)[0])}
    keep_base(target, shown_files, choices.source, record)
    questions = put_answers(target, answers)
    write_open_list(load(target)[0], questions)
    contacts = sum(1 for _ in campaign.all_contacts)
    placeholders = sum(map(len, replaced.values()))
    return Adopted(tuple(questions), placeholders, contacts, len(campaign.places), sources, tuple(left_names))


def _copy_shown(shown_files: ShownFiles, target: Path) -> list[str]:
    """Copy what others get; return the paths of what is left behind, except contacts."""
    left_names = list[str]()
    for name in shown_files.names():
        data = shown_files.read(name)
        if data is not None:
            write_whole(target / name, data)
        elif not name.startswith(f"{CONTACTS}/"):
            left_names.append(name)
    return sorted(left_names)


def _ask(root: Path, country: Country, languages: Iterable[str]) -> dict[str, Replaced]:
    """Put questions into every text; return what they replaced, by file."""
    results: dict[str, Replaced] = {}
    for code in languages:
        folder = root / "docs" / code
        for path in sorted(folder.rglob("*.md")):
            data, replaced = with_placeholders(path.read_bytes(), country, code, path.relative_to(folder).as_posix())
            path.write_bytes(data)
            if replaced:
                results[path.relative_to(root / "docs").as_posix()] = replaced
        for name in WORD_FILES:
            if (folder / name).is_file():
                text = with_words_asked((folder / name).read_text(encoding="utf-8"), country, code)
                (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return results


def _stamp(campaign: Campaign, target: Path) -> None:
    """Stamp translations that were up to date: both texts have the same questions."""
    copy, _ = load(target)
    source = copy.source_language.code
    paths = [*sorted(path for code, path in copy.pages if code == source), *WORD_FILES]
    for path in paths:
        if not (target / "docs" / source / path).is_file():
            continue
        for code in copy.languages:
            # The language that was the source translates the new one now.
            original = source if code == campaign.source_language.code else code
            origin = origin_of(campaign, original, path) if original in campaign.languages else None
            file = target / "docs" / code / path
            if origin and origin.source and not origin.is_outdated and file.is_file() and _is_translation(file):
                stamp_file(target, file, "")
        keep_source(copy, path)


def _is_translation(file: Path) -> bool:
    return bool(re.search(r"(?m)^translation:", file.read_text(encoding="utf-8", errors="replace")))


def _empty_contacts(root: Path) -> None:
    for path in (root / CONTACTS).glob("*.yml"):
        if path.stem != NATIONAL:
            path.unlink()
    (root / CONTACTS).mkdir(parents=True, exist_ok=True)
    (root / CONTACTS / f"{NATIONAL}.yml").write_text(EMPTY_CONTACTS_FILE, encoding="utf-8", newline="\n")


def _without_sources(root: Path, questions: Iterable[str]) -> int:
    path = root / SOURCES
    if not questions:
        return 0
    cited = {id for page in (root / "docs").glob("*/**/*.md") for id in NOTE.findall(_read(page))}
    for file in (*(root / "docs").rglob("_*.yml"), *(root / "assets").rglob("*.yml")):
        cited.update(() if file == path else WORDS.findall(_read(file)))
    text, unused_ids = _read(path), set(questions) - cited
    lines, is_gone = [], False
    for line in text.splitlines(keepends=True):
        if line[0] not in " \t\r\n#":
            is_gone = line.partition(":")[0].strip("\"' ") in unused_ids
        lines += [] if is_gone and line[0] != "#" else [line]
    data: Any = parse(text)
    result = "".join(lines)
    if parse(result) != {
        id: entry for id, entry in data.items() if id not in unused_ids
    }:  # the file is written in an unusual way
        result = reduce(lambda left, id: remove(left, (id,)), unused_ids, text)
    path.write_text(result, encoding="utf-8", newline="\n")
    return len(unused_ids)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def copy_written(root: Path, target: Path, folders: Iterable[str], left_out: Container[str] = ()) -> None:
    """Copy settings, tables of places, templates and `folders`, without links and leftovers."""
    target.mkdir(parents=True, exist_ok=True)
    settings = (root / FILE).read_text(encoding="utf-8", errors="replace") if (root / FILE).is_file() else ""
    # Other tables may contain anything.
    for path in (root / FILE, *(item for item in root.glob("*.csv") if item.name in settings)):
        if path.is_file() and not path.is_symlink():
            shutil.copyfile(path, target / path.name)

    def passed_over(folder: str, names: list[str]) -> list[str]:
        parent = Path(folder).relative_to(root).as_posix()
        return [
            name
            for name in names
            if is_leftover(name) or Path(folder, name).is_symlink() or f"{parent}/{name}" in left_out
        ]

    for name in (*folders, TEMPLATES):
        if (root / name).is_dir() and not (root / name).is_symlink():
            shutil.copytree(root / name, target / name, ignore=passed_over, dirs_exist_ok=True)
