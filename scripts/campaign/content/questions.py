"""The questions of an adopted campaign, each once, with answers: docs/_questions.yml.

An answer replaces the question everywhere. Languages without an answer get that of the source language, and their page
isn't stamped, so that the sentence counts as changed for translators.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from campaign.content import load
from campaign.content.placeholders import find_placeholders
from campaign.content.review import stamp_file
from campaign.content.sources import FILE as SOURCES
from campaign.content.translating import WORD_FILES, keep_source, read_file, words_of
from campaign.content.units import INVISIBLE, read_units, with_translations
from campaign.content.writing import all_or_none, write_files
from campaign.models.campaign import Campaign
from campaign.models.names import plain_name
from campaign.models.nodes import PLACEHOLDER_START
from campaign.models.problem import CampaignError, Problem
from campaign.schema.declaration import bind
from campaign.schema.kinds import AnswerSource, QuestionEntry, QuestionFile
from campaign.schema.yaml_edit import CannotEdit
from campaign.schema.yaml_reader import read_yaml
from campaign.schema.yaml_splice import parse, set_value

FILE = "docs/_questions.yml"
MAX_ANSWER_CHARS = 2000
MAX_ID_CHARS = 40
EVERY_LANGUAGE = ""
MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~!^&])")
BLOCK_START = re.compile(r"^(\d*)([-+=.)])")
PICTOGRAM = re.compile(r":(?=[a-z-]+:)")
ASKED_IN_TEXT = re.compile(r"\{\{ ask: ([^{}|]*?) \}\}")
ASKED_IN_WORDS = re.compile(rf"{re.escape(PLACEHOLDER_START)}([^\]]+)\]")
HEADER = """\
# yaml-language-server: $schema=../schemas/questions.json
# Every question of this campaign, once. Write your answers here, then run `campaign adopt` in this folder:
#   answer: {en: "The Water Act forbids it."}                a text for each language; others are left to translators
#   answer: Testland                                         a name or number, the same in every language
#   source: {title: "Water Act", publisher: "Parliament"}    facts need one
"""


@dataclass(frozen=True)
class Question:
    """A question with its answer, by language; EVERY_LANGUAGE for all."""

    id: str
    ask: str
    answer: Mapping[str, str]
    source: AnswerSource | None = None

    def _text_in(self, language: str, source_language: str) -> str:
        """Return the answer in a language, else in the source language, or ''."""
        own = self.answer.get(language) or self.answer.get(EVERY_LANGUAGE)
        return own or self.answer.get(source_language, "")

    def _is_answered_in(self, language: str) -> bool:
        return bool(self.answer.get(language) or self.answer.get(EVERY_LANGUAGE))


def _question_id(text: str) -> str:
    words = plain_name(text)
    return words if len(words) <= MAX_ID_CHARS else words[:MAX_ID_CHARS].rpartition("-")[0]


def read_answers(path: Path, where: str = FILE) -> tuple[QuestionFile, list[Question]]:
    """Read a file of questions. Raise CampaignError if an entry can't be read, or an answer is too long."""
    problems: list[Problem] = []
    file = bind(QuestionFile, read_yaml(path, where, problems), where, problems)
    questions = [_question(id, entry) for id, entry in file.questions.items()]
    if problems:
        raise CampaignError(problems)
    return file, questions


def _question(id: str, entry: QuestionEntry) -> Question:
    value = entry.value("answer") if entry.has("answer") else None
    raw = value.plain() if value else ""
    texts = raw if isinstance(raw, dict) else {EVERY_LANGUAGE: raw or ""}
    answer = {code: " ".join(str(text).split()) for code, text in texts.items() if isinstance(text, str)}
    if len(answer) != len(texts):
        entry.complain("value-not-text", "answer", "An answer is a text.", 'Write `answer: {en: "…"}`.')
    if any(len(text) > MAX_ANSWER_CHARS for text in answer.values()):
        message = f"The answer to `{id}` is longer than {MAX_ANSWER_CHARS} characters."
        entry.complain("answer-wrong", "answer", message, "Shorten it: it is printed in one paragraph.")
    if match := INVISIBLE.search("".join(answer.values())):
        message = f"The answer to `{id}` has an invisible character (U+{ord(match[0]):04X})."
        entry.complain("answer-wrong", "answer", message, "Delete it, or type the answer again.")
    return Question(id, entry.ask, {code: text for code, text in answer.items() if text}, entry.source)


def collect_questions(campaign: Campaign, known: Iterable[Question] = ()) -> list[Question]:
    """Return the questions that a campaign asks, most frequent first; answers and ids are those of `known`."""
    counts = Counter(placeholder.question for placeholder in find_placeholders(campaign))
    given = {question.id: question for question in known}
    by_text = {question.ask: question for question in given.values() if question.ask}
    results: dict[str, Question] = {}
    for text, _ in counts.most_common():
        question = by_text.get(text) or given.get(_question_id(text)) or Question(_question_id(text), text, {})
        id, number = question.id, 1
        while id in results:  # another question has the same first words
            number += 1
            id = f"{question.id}-{number}"
            question = given.get(id, Question(id, text, {}))
        results[id] = replace(question, ask=text)
    return [*results.values(), *(question for id, question in given.items() if id not in results and question.ask)]


def unasked(answers: Iterable[Question], questions: Iterable[Question]) -> list[str]:
    """Return the ids of answers to which a campaign has no question."""
    known = {question.id for question in questions} | {question.ask for question in questions}
    return [answer.id for answer in answers if answer.answer and not {answer.id, answer.ask} & known]


def write_answers(root: Path, known: Iterable[Question]) -> list[Question]:
    """Write answers into every language, and all questions to docs/_questions.yml; return them. All or nothing."""
    with all_or_none(root):
        return put_answers(root, known)


def put_answers(root: Path, known: Iterable[Question]) -> list[Question]:
    """Write answers like `write_answers`, in a folder that is still being made."""
    campaign, _ = load(root)
    questions = collect_questions(campaign, known)
    answered = {question.ask: question for question in questions if question.answer}
    if answered:
        _write_texts(campaign, answered)
    write_files(root, {root / FILE: _as_yaml(questions).encode()})
    return questions


def _write_texts(campaign: Campaign, answered: Mapping[str, Question]) -> None:
    root, source = campaign.root, campaign.source_language.code
    cited = _write_sources(root, answered.values())
    files: dict[Path, bytes | None] = {}
    translated = []
    for code in campaign.languages:
        folder = root / "docs" / code
        writer = _Writer(answered, cited, code, source)
        for path in sorted((*folder.rglob("*.md"), *(folder / name for name in WORD_FILES))):
            if not path.is_file():
                continue
            name = path.relative_to(folder).as_posix()
            writer.is_left = False
            data = path.read_bytes()
            files[path] = writer.page(data) if path.suffix == ".md" else writer.words(data.decode()).encode()
            if code != source and not writer.is_left and _is_current(campaign, code, name):
                translated.append((code, name))
    write_files(root, files)
    for code, name in translated:
        stamp_file(root, root / "docs" / code / name, "")
    campaign, _ = load(root)
    for name in sorted({name for _, name in translated}):
        keep_source(campaign, name)


def _is_current(campaign: Campaign, language: str, path: str) -> bool:
    try:
        return not read_file(campaign, language, path).open_rows
    except (LookupError, CannotEdit):
        return False


@dataclass
class _Writer:
    """Writes answers into the texts of a language."""

    answered: Mapping[str, Question]
    cited: Mapping[str, str]  # source by question
    language: str
    source: str
    is_left: bool = False  # whether an answer is left to translators

    def page(self, data: bytes) -> bytes:
        """Return a page with answers."""
        try:
            page = read_units(data)
            front = {unit.key: ASKED_IN_WORDS.sub(self._in_words, unit.text) for unit in page.units if unit.start < 0}
            data = with_translations(page, front)
        except (UnicodeDecodeError, CannotEdit):
            return data
        return ASKED_IN_TEXT.sub(self._in_markdown, data.decode()).encode()

    def words(self, text: str) -> str:
        """Return a file of strings with answers."""
        for unit in list(words_of(text)):
            new = ASKED_IN_WORDS.sub(self._in_words, unit.text)
            if new != unit.text:
                text = set_value(text, unit.key_path, new)
        return text

    def _answer(self, asked: str) -> str:
        question = self.answered.get(asked.strip())
        text = question._text_in(self.language, self.source) if question else ""
        if question and text:
            self.is_left |= not question._is_answered_in(self.language)
        return text

    def _in_words(self, match: re.Match[str]) -> str:
        return _plain_braces(self._answer(match[1])) or match[0]

    def _in_markdown(self, match: re.Match[str]) -> str:
        text = self._answer(match[1])
        if not text:
            return match[0]
        line_start = match.string.rfind("\n", 0, match.start()) + 1
        note = "" if match.string.startswith("#", line_start) else self.cited.get(match[1].strip(), "")
        return f"{as_markdown(text)}{f'[^{note}]' if note else ''}"


def _write_sources(root: Path, questions: Iterable[Question]) -> dict[str, str]:
    """Add the sources of answers to docs/_sources.yml; return their ids by question."""
    path = root / SOURCES
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    known = parse(text) or {}
    result = {}
    for question in questions:
        if not question.source:
            continue
        values = _source_values(question.source)
        id = question.id if known.get(question.id, values) == values else f"{question.id}-answer"
        if known.get(id) != values:
            text = f"{text.rstrip()}\n{id}:\n" if id not in known else text
            for key, value in values.items():
                text = set_value(text, (id, key), value)
        result[question.ask] = id
    write_files(root, {path: text.encode()})
    return result


def _source_values(source: AnswerSource) -> dict[str, str]:
    values = {"title": source.title, "publisher": source.publisher, "date": source.date, "url": source.url}
    return {key: value for key, value in values.items() if value}


def _as_yaml(questions: Iterable[Question]) -> str:
    text = f"{HEADER}questions:\n" if questions else f"{HEADER}questions: {{}}\n"
    for question in questions:
        answer = question.answer.get(EVERY_LANGUAGE) or dict(question.answer)
        text += f"  {question.id}:\n    ask: {_quoted(question.ask)}\n    answer: {_quoted(answer)}\n"
        if question.source:
            text += f"    source: {_quoted(_source_values(question.source))}\n"
    return text


def _quoted(value: object) -> str:
    """Return a value as JSON, which is YAML in one line."""
    return json.dumps(value or "", ensure_ascii=False)


def _plain_braces(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")


def as_markdown(text: str) -> str:
    """Return a text as Markdown that shows it as typed, except braces, which begin shortcodes."""
    escaped = MARKDOWN.sub(r"\\\1", _plain_braces(text))
    return PICTOGRAM.sub(": ", BLOCK_START.sub(r"\1\\\2", escaped))
