"""Replace names and words of one country for `campaign adopt`, with questions or neutral words (docs/_country.yml)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from campaign.content.settings import read_settings
from campaign.content.sources import FILE as SOURCES
from campaign.models.campaign import Campaign
from campaign.models.nodes import PLACEHOLDER_START
from campaign.models.problem import CampaignError, Problem
from campaign.schema.declaration import bind
from campaign.schema.kinds import CountryGroup
from campaign.schema.yaml_reader import read_yaml
from campaign.schema.yaml_splice import parse

FILE = "docs/_country.yml"
COUNTRY_QUESTION = "What is your country called?"
HELP_QUESTION = "How does this work where you are, and who does it?"
FACT_QUESTION = "What is known of this in your country, and from whom?"
NAME_QUESTION = "What is this called where you are?"  # headings, titles and strings ask only for the name
# Shorter names appear inside other words.
MIN_NAME_CHARS = 3
SENTENCE_START = re.compile(r"(?:^|[.!?:|] |\*\*|[“«\n>])\s*$")
# Parts of a text that readers don't see as words: targets of links, ids, shortcodes, code, addresses, pictograms.
MARKUP = r"\{\{.*?\}\}|\]\([^)]*\)|\{#[^}]*\}|\[\^[^\]]*\]|\[\? [^\]]*\]|`[^`]*`|https?://\S+|:[a-z-]+:"
ANCHOR = re.compile(r"(?<=#)[\w-]+")


@dataclass(frozen=True)
class Words:
    """Words with their replacements: neutral words, or a question."""

    becomes: Mapping[str, str]  # in lower case
    questions: Mapping[str, str]
    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, becomes: Mapping[str, str], questions: Mapping[str, str]) -> Words:
        """Return these words; those of `becomes` match in upper and lower case."""
        becomes = {word.lower(): neutral for word, neutral in becomes.items()}
        return cls(becomes, questions, _in_text(becomes, questions))

    def replace(self, text: str, start: str, end: str) -> str:
        """Return a text with every word replaced; questions are enclosed in `start` and `end`."""
        if self.pattern is None:
            return text

        def replaced(match: re.Match[str]) -> str:
            word = match["linked"] or match["word"]
            if word is None:
                return ANCHOR.sub(lambda anchor: self._anchor(anchor[0]), match[0])
            if question := self.questions.get(word):
                return f"{start}{question}{end}"
            neutral = self.becomes[word.lower()]
            is_first = SENTENCE_START.search(text[: match.start()])
            return neutral[:1].upper() + neutral[1:] if is_first else neutral

        return self.pattern.sub(replaced, text)

    def _anchor(self, anchor: str) -> str:
        for word in (*self.becomes, *(word.lower() for word in self.questions)):
            slug = re.sub(r"[^a-z0-9]+", "-", word)
            if len(slug) >= MIN_NAME_CHARS and not slug.isdecimal():
                anchor = re.sub(rf"(?:^|(?<=-)){re.escape(slug)}(?=-|$)", "here", anchor)
        return anchor


@dataclass(frozen=True)
class Country:
    """Everything in texts that another country replaces."""

    questions: Mapping[str, str]  # by source
    names: Mapping[str, str] = field(default_factory=dict)  # question by name: the whole sentence is replaced
    by_language: Mapping[str, Words] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)  # question by page: replaces the rows of its tables
    pattern: re.Pattern[str] | None = None  # of names

    @property
    def all_names(self) -> set[str]:
        """Every name and word, without numbers, which also have other meanings."""
        words = {word for words in self.by_language.values() for word in (*words.becomes, *words.questions)}
        return {word for word in (*self.names, *words) if not word.isdecimal()}

    def question_of(self, text: str) -> str:
        """Return the question that replaces a sentence with a name, or ''."""
        match = self.pattern.search(text) if self.pattern else None
        return self.names[match[0]] if match else ""

    def replace_words(self, text: str, language: str, start: str = "{{ ask: ", end: str = " }}") -> str:
        """Return a text with the country's words replaced in place."""
        words = self.by_language.get(language)
        return words.replace(text, start, end) if words else text

    def plain(self, text: str, language: str) -> str:
        """Return a title or string with the country's words and names replaced."""
        text = self.replace_words(text, language, PLACEHOLDER_START, "]")
        return self.pattern.sub(f"{PLACEHOLDER_START}{NAME_QUESTION}]", text) if self.pattern else text


def read_country(campaign: Campaign, languages: Sequence[str], words: Iterable[str] = ()) -> Country:
    """Return the words, and `words`, to replace in a copy that keeps `languages`, or raise CampaignError."""
    root, problems = campaign.root, list[Problem]()
    groups = {name: group for name, group in _read_groups(root, problems).items() if group.language not in languages}
    if problems:
        raise CampaignError(problems)
    in_place = dict.fromkeys(read_settings(root, []).country_words, COUNTRY_QUESTION)
    names = {name: HELP_QUESTION for name in (*words, *_names_of(campaign)) if len(name) >= MIN_NAME_CHARS}
    pages: dict[str, str] = {}
    for group in groups.values():
        pages |= dict.fromkeys(group.pages, _plain_question(group.ask))
        if group.ask:
            target = in_place if group.in_place else names
            target |= dict.fromkeys(group.names, _plain_question(group.ask))
    names = {name: question for name, question in names.items() if name not in in_place}
    by_language = {}
    for code in languages:
        becomes = {word: neutral for group in groups.values() for word, neutral in group.becomes.get(code, {}).items()}
        by_language[code] = Words.of(becomes, in_place)
    return Country(_questions_of(root, in_place), names, by_language, pages, one_of(names))


def _read_groups(root: Path, problems: list[Problem]) -> dict[str, CountryGroup]:
    if not (root / FILE).is_file():
        return {}
    value = read_yaml(root / FILE, FILE, problems)
    return {name: bind(CountryGroup, item, FILE, problems) for name, item in (value.keys or {}).items()}


def _plain_question(text: object) -> str:
    return re.sub(r"[\[\]{}\s|]+", " ", str(text)).strip()


def one_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern that matches any of these whole words, longest first; None if there are none."""
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(_as_word, longest_first))) if longest_first else None


def _as_word(name: str) -> str:
    """Return a pattern for whole words; scripts without spaces have no word boundaries."""
    before, after = (r"\b" if item.lower() != item.upper() or item.isdecimal() else "" for item in (name[0], name[-1]))
    return f"{before}{re.escape(name)}{after}"


def _in_text(becomes: Iterable[str], questions: Iterable[str]) -> re.Pattern[str] | None:
    neutral, asked = one_of(becomes), one_of(questions)
    words = [asked.pattern] if asked else []
    words += [f"(?i:{neutral.pattern})"] if neutral else []
    if not words:
        return None
    linked = rf"\[(?P<linked>{asked.pattern})\]\(tel:[^)]*\)" if asked else "(?P<linked>(?!))"
    return re.compile(f"{linked}|{MARKUP}|(?P<word>{'|'.join(words)})", re.DOTALL)


def _names_of(campaign: Campaign) -> Iterator[str]:
    for contact in campaign.all_contacts:
        for name in (contact.name, *contact.names.values()):
            yield from (part.strip() for part in name.split(","))
    for place in campaign.places.values():
        yield from place.names.values()


def _questions_of(root: Path, in_place: Mapping[str, str]) -> dict[str, str]:
    """Return questions by source, for sources that have one or name the country."""
    path = root / SOURCES
    entries = parse(path.read_text(encoding="utf-8")) if path.is_file() else {}
    country = one_of(word for word, question in in_place.items() if question == COUNTRY_QUESTION)
    result = {}
    for id, entry in (entries or {}).items():
        if not isinstance(entry, dict):
            continue
        asked = _plain_question(entry.get("ask") or "")
        is_national = country and country.search(f"{entry.get('title')} {entry.get('publisher')}")
        if asked or is_national:
            result[id] = asked or FACT_QUESTION
    return result
