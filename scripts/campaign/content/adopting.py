"""Adopt a campaign for another country: copy it, and replace facts that are only true in the first one by questions.

Sources with `ask:` in docs/_sources.yml mark these facts. Contacts and places are emptied.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

from campaign.content.copying import copy_written
from campaign.content.review import stamp_file
from campaign.content.settings import FILE, read_settings
from campaign.content.sources import FILE as SOURCES
from campaign.content.translating import WORD_FILES, words_of
from campaign.content.trust import FOLDERS
from campaign.content.units import read_units, with_translations
from campaign.content.upstream_base import keep_base
from campaign.content.writing import new_folder
from campaign.models.campaign import NATIONAL, Campaign
from campaign.models.nodes import PLACEHOLDER_START
from campaign.schema.yaml_edit import CannotEdit
from campaign.schema.yaml_splice import parse, remove, set_value

CONTACTS = "assets/contacts"
# The replaced texts by file, to show the original wording.
REPLACED_TEXTS_FILE = "docs/_adopted.json"
PUBLISHER_QUESTION = "Who issues this campaign?"
PLACE_QUESTION = "Who helps in this place?"
HELP_QUESTION = "How is this where you are, and who does it?"
# Headings, titles and strings ask only for the name.
NAME_QUESTION = "How is this called where you are?"
# Shorter names appear inside other words.
MIN_NAME_CHARS = 3
# Text up to one or more footnotes.
CITED_TEXT = re.compile(r"(?P<text>.*?)(?P<notes>(?:\s*\[\^[\w-]+\])+)", re.DOTALL)
NOTE = re.compile(r"\[\^([\w-]+)\]")
WORDS = re.compile(r"[\w-]+")
LEADING_PICTOGRAM = re.compile(r"\s*(?::[a-z-]+:\s*)?")
# A pictogram and bold words at the beginning of an item say what it is about.
ITEM_LEAD = re.compile(r"\s*(?::[a-z-]+:\s*)?(?:\*\*[^*]+\*\*\s*)?")
PLACE_SHORTCODE = re.compile(r"\{\{[^{}]*\bplace=[^{}]*\}\}")
NAME_PLACEHOLDER = f"{PLACEHOLDER_START}{NAME_QUESTION}]"
EMPTY_CONTACTS_FILE = "# No contacts yet. `campaign explain contacts` shows an example.\ncontacts: []\n"


@dataclass(frozen=True)
class Adopted:
    """The result of adopting a campaign."""

    placeholders: int  # questions in texts
    contacts: int
    places: int
    sources: int


def adopt(campaign: Campaign, target: Path, words: Sequence[str] = ()) -> Adopted:
    """Make the copy in a new or empty folder. `words` are more words of the country, such as its name."""
    with new_folder(target) as part:
        return _adopt(campaign, part, words)


def _adopt(campaign: Campaign, target: Path, words: Sequence[str]) -> Adopted:
    root = campaign.root
    copy_written(root, target, FOLDERS)
    questions, names = questions_of(target), names_of(campaign, words)
    current = [page for page in campaign.pages.values() if page.translation and not page.translation.is_outdated]
    replaced: dict[str, list[tuple[str, str]]] = {}
    for path in sorted((target / "docs").rglob("*.md")):
        data, result = with_placeholders(path.read_bytes(), questions, names)
        if result:
            path.write_bytes(data)
            replaced[path.relative_to(target / "docs").as_posix()] = result
    for path in sorted(file for name in WORD_FILES for file in (target / "docs").glob(f"*/{name}")):
        text = path.read_text(encoding="utf-8")
        path.write_text(with_words_asked(text, names), encoding="utf-8", newline="\n")
    (target / REPLACED_TEXTS_FILE).write_text(
        json.dumps(replaced, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8"
    )
    _empty_contacts(target)
    _empty_places(target)
    # Both have the same questions, so a translation that was up to date still is.
    for page in current:
        stamp_file(target, target / page.where, page.translation.by if page.translation else "")
    keep_base(target, campaign.source_language.code, words)
    sources = _without_sources(target, questions)
    contacts = sum(1 for _ in campaign.all_contacts)
    return Adopted(sum(map(len, replaced.values())), contacts, len(campaign.places), sources)


def questions_of(root: Path) -> dict[str, str]:
    """Return the question of each source that has one."""
    path = root / SOURCES
    data: Any = parse(path.read_text(encoding="utf-8")) if path.is_file() else {}
    questions = {id: entry.get("ask") for id, entry in (data or {}).items() if isinstance(entry, dict)}
    return {id: re.sub(r"[{}\s|]+", " ", str(text)).strip() for id, text in questions.items() if text}


def names_of(campaign: Campaign, words: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern for names of services and places and for `words`, or None."""
    results = {*words, *read_settings(campaign.root, []).country_words}
    for contact in campaign.all_contacts:
        for name in (contact.name, *contact.names.values()):
            results.update(part.strip() for part in name.split(","))
    for place in campaign.places.values():
        results.update(place.names.values())
    names_longest_first = sorted((name for name in results if len(name) >= MIN_NAME_CHARS), key=len, reverse=True)
    return re.compile("|".join(map(_as_word, names_longest_first))) if names_longest_first else None


def _as_word(name: str) -> str:
    """Return a pattern for whole words; scripts without spaces have no word boundaries."""
    before, after = (r"\b" if item.lower() != item.upper() else "" for item in (name[0], name[-1]))
    return f"{before}{re.escape(name)}{after}"


def with_placeholders(
    data: bytes, questions: Mapping[str, str], names: re.Pattern[str] | None = None
) -> tuple[bytes, list[tuple[str, str]]]:
    """Return a page with questions, and each question with the text that it replaced."""
    try:
        page = read_units(data)
    except (UnicodeDecodeError, CannotEdit):
        return data, []
    results: list[tuple[str, str]] = []
    front = {unit.key: unit.text for unit in page.units if unit.start < 0 and names and names.search(unit.text)}
    for unit in sorted((unit for unit in page.units if unit.start >= 0), key=lambda unit: -unit.start):
        text = data[unit.start : unit.end].decode()
        if unit.kind == "heading" and names and names.search(text):
            data = data[: unit.start] + names.sub(_placeholder(NAME_QUESTION), text).encode() + data[unit.end :]
            results.insert(0, (NAME_QUESTION, text))
            continue
        if "`" in text:  # footnotes in code are text
            continue
        new, questions_and_texts = _with_questions(text, questions, names)
        if questions_and_texts:
            data = data[: unit.start] + new.encode() + data[unit.end :]
            results = questions_and_texts + results
    if front and names:
        front_texts = {key: names.sub(NAME_PLACEHOLDER, text) for key, text in front.items()}
        data = with_translations(read_units(data), front_texts)
        results = [*((NAME_QUESTION, text) for text in front.values()), *results]
    text = data.decode()
    for place in PLACE_SHORTCODE.findall(text):
        results.append((PLACE_QUESTION, place))
    return PLACE_SHORTCODE.sub(f"{{{{ ask: {PLACE_QUESTION} }}}}", text).encode(), results


def _with_questions(
    text: str, questions: Mapping[str, str], names: re.Pattern[str] | None
) -> tuple[str, list[tuple[str, str]]]:
    output, position = "", 0
    result: list[tuple[str, str]] = []
    for part in CITED_TEXT.finditer(text):
        questions_cited = list(dict.fromkeys(questions[id] for id in NOTE.findall(part["notes"]) if id in questions))
        position = part.end()
        if not questions_cited:
            output += part[0]
            continue
        lead = ITEM_LEAD.match(part["text"])
        start = lead[0] if lead else ""
        if names and names.search(start):  # a service of that country, in bold
            start = _sign(start)
        answer = part["text"][len(start) :]
        if not _is_whole(answer):  # it would end inside bold words or a link: replace all of it
            return _sign(text) + _placeholder(questions_cited[0]), [(questions_cited[0], text)]
        result.append((questions_cited[0], f"{answer.strip()}{part['notes']}"))
        placeholder = _placeholder(questions_cited[0])
        if start.strip() or not output.endswith(placeholder):  # don't repeat a question
            gap = " " if output and not (start or output).endswith((" ", "\n")) else ""
            output += start + gap + placeholder
    output += text[position:]
    if names and names.search(output):
        return _sign(text) + _placeholder(HELP_QUESTION), [(HELP_QUESTION, text)]
    return output, result


def _placeholder(question: str) -> str:
    return f"{{{{ ask: {question} }}}}"


def _sign(text: str) -> str:
    match = LEADING_PICTOGRAM.match(text)
    return match[0] if match else ""


def _is_whole(text: str) -> bool:
    return text.count("**") % 2 == 0 and text.count("[") == text.count("]") and text.count("(") == text.count(")")


def with_words_asked(text: str, names: re.Pattern[str] | None = None) -> str:
    """Replace the publisher and the country's names in strings, captions and messages by questions."""
    for unit in list(words_of(text)) if names else ():
        if names and names.search(unit.text):
            text = set_value(text, unit.key_path, names.sub(NAME_PLACEHOLDER, unit.text))
    for key in ("imprint", "imprint-short"):
        if key in (parse(text) or {}):
            text = set_value(text, (key,), f"{PLACEHOLDER_START}{PUBLISHER_QUESTION}]")
    return text


def _empty_contacts(root: Path) -> None:
    for path in (root / CONTACTS).glob("*.yml"):
        if path.stem != NATIONAL:
            path.unlink()
    (root / CONTACTS).mkdir(parents=True, exist_ok=True)
    (root / CONTACTS / f"{NATIONAL}.yml").write_text(EMPTY_CONTACTS_FILE, encoding="utf-8", newline="\n")


def _without_sources(root: Path, questions: Mapping[str, str]) -> int:
    path = root / SOURCES
    if not questions:
        return 0
    cited = {id for page in (root / "docs").glob("*/**/*.md") for id in NOTE.findall(_read(page))}
    for file in (*(root / "docs").rglob("_*.yml"), *(root / "assets").rglob("*.yml")):
        cited.update(() if file == path else WORDS.findall(_read(file)))
    text, unused_ids = _read(path), questions.keys() - cited
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


def _empty_places(root: Path) -> None:
    path = root / FILE
    text = path.read_text(encoding="utf-8")
    plugins = parse(text).get("plugins") or []
    for number, plugin in enumerate(plugins):
        for key, empty in (("places", []), ("country_words", []), ("country", "")):
            if isinstance(plugin, dict) and key in (plugin.get("campaign") or {}):
                text = set_value(text, ("plugins", number, "campaign", key), empty)
    path.write_text(text, encoding="utf-8", newline="\n")
    for table in (*root.glob("*.csv"), *(root / "assets").glob("*.csv")):
        table.unlink()
