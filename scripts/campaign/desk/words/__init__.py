"""The desk's words in each of its languages, from the YAML files next to this module."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml

from campaign.models.problem import Problem
from campaign.models.shipped import read_data

WORDS_FOLDER = Path(__file__).parent
DEFAULT_LANGUAGE = "en"
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # libyaml's is ten times faster
# Parts of a message that are the same in every language: codes, quotations, dates, numbers, files, and what follows a
# colon.
NAMES = re.compile(
    r"`([^`]+)`|“([^”]+)”|\(([^\s()]+)\)|\b(\d{4}-\d\d-\d\d)\b|(\+?\d[\d ]{4,}\d)"
    r"|(?<![\w/.])((?:[\w.-]+/)*[\w.-]*\w\.[a-z][a-z0-9]{1,4})(?![\w/])|: ([^“”`()]{1,80}?)(?: \(and [^()]*\))?\.?$"
)
MAX_NAMES = 6
BEHIND_COLON = NAMES.groups
SENTENCE = re.compile(r"[a-z]+(?: [a-z’']+){2,}")
# (facebook-instagram-square, 1080 × 1080 pixels)
SHAPE = re.compile(r"\(([a-z0-9-]+), (\d+ × \d+) pixels\)")
_DATA = read_data(__file__, "problems.toml")
AT_DESK: dict[str, list[str]] = _DATA["at_desk"]
FIGURES = {id: re.compile(pattern) for id, pattern in _DATA["figures"].items()}
REJECTION_WORDS: dict[str, str] = _DATA["rejections"]


class EntityName(str):
    """A name and the thing that it names: `contact:id`, `piece:path`, `file:name`."""

    of: str

    @staticmethod
    def by(name: str, of: str) -> EntityName:
        """Return the name of something."""
        entity_name = EntityName(name)
        entity_name.of = of
        return entity_name


class TranslatableText(str):
    """A text with its key and parameters, so that it can be translated later."""

    key: str
    given: Mapping[str, str]
    names: Mapping[str, str]

    @staticmethod
    def of(key: str, parameters: Mapping[str, object], words: str) -> TranslatableText:
        """Return such a text."""
        translatable_text = TranslatableText(words)
        translatable_text.key, translatable_text.given = key, {name: str(value) for name, value in parameters.items()}
        translatable_text.names = {
            name: value.of for name, value in parameters.items() if isinstance(value, EntityName)
        }
        return translatable_text


class Words(dict[str, str]):
    """The desk's words in one language."""

    def __init__(self, code: str, words: Mapping[str, str]) -> None:
        super().__init__(words)
        self.code, self.name = code, words["language"]
        self.is_machine_made = words["made-by"] == "machine"

    def of_problem(self, id: str) -> str:
        """Return a problem's short translation, or ''."""
        return _problem_words(self.code).get(id, "")

    def brief(self, problem: Problem) -> str:
        """Return a problem's short translation with its figures, or ''."""
        brief, result = self.of_problem(problem.id), _figures(problem)
        return self.name_shapes(self.say(f"told-{problem.id}", **result.groupdict(""))) if brief and result else brief

    def names(self, problem: Problem) -> list[str]:
        """Return the names in a message that its short translation leaves out."""
        if _figures(problem) or not self.of_problem(problem.id):
            return []
        matches = (
            match for match in NAMES.finditer(problem.message) if not SENTENCE.fullmatch(match[BEHIND_COLON] or "")
        )
        return list(dict.fromkeys(next(filter(None, item.groups())) for item in matches))[:MAX_NAMES]

    def fix(self, problem: Problem) -> str:
        """Return how to fix a problem at the desk, or '' if the message says it."""
        key, *buttons = AT_DESK.get(problem.id, ("",))
        names = (self[button] for button in buttons)
        return self.say(key, **dict(zip(("name", "how"), names, strict=False))) if key else ""

    @staticmethod
    def figures(problem: Problem) -> Mapping[str, str]:
        """Return the values in a message whose figures matter, else {}."""
        result = _figures(problem)
        return result.groupdict("") if result else {}

    def name_shapes(self, text: str) -> str:
        """Replace codes for picture shapes by words."""
        return SHAPE.sub(lambda match: f"({self.get(f'sent-{match[1]}', match[1])}, {match[2]})", text)

    def localise(self, problem: Problem | str) -> str:
        """Return a problem in one line, in this language if possible."""
        if isinstance(problem, str):
            return problem
        brief, names = self.brief(problem), ", ".join(self.names(problem))
        if not brief:
            return f"{self.name_shapes(problem.message)} {self.fix(problem) or problem.fix}"
        return " ".join(filter(None, (brief, f"({names})" if names else "", self.fix(problem))))

    def rejection(self, why: str) -> str:
        """Return why a sentence is rejected, as the end of a sentence."""
        key = next((key for english, key in REJECTION_WORDS.items() if english in why), "")
        if self.code == DEFAULT_LANGUAGE or not key:
            return why
        names = re.search(r"\((.*)\)$|starts with (\S+),", why)
        return self[key] + (f" ({next(filter(None, names.groups()), '')})" if names else "")

    def say(self, key: str, **value: object) -> TranslatableText:
        """Return a text with its parameters."""
        return TranslatableText.of(key, value, self[key].format(**value))

    def translate_again(self, text: str, key: str, parameters: Mapping[str, str]) -> str:
        """Translate a stored text, or return it unchanged."""
        try:
            return self.say(key, **parameters)
        except (LookupError, TypeError, ValueError):  # from another version, or damaged
            return text


def _figures(problem: Problem) -> re.Match[str] | None:
    pattern = FIGURES.get(problem.id)
    return pattern.match(problem.message, problem.message.find("`")) if pattern else None


@cache
def _problem_words(code: str) -> Mapping[str, str]:
    path = WORDS_FOLDER / "problems" / f"{code}.yml"
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER) if path.is_file() else {}


@cache
def languages() -> dict[str, Words]:
    """Return the desk's languages by code, English first."""
    paths = sorted(WORDS_FOLDER.glob("*.yml"), key=lambda path: (path.stem != DEFAULT_LANGUAGE, path.stem))
    return {path.stem: _read(path) for path in paths}


def _read(path: Path) -> Words:
    raw = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    return Words(path.stem, {str(key): str(value) for key, value in raw.items()})


def choose(codes: Iterable[str]) -> Words:
    """Return the first available language, else English."""
    available = languages()
    return next((available[code] for code in codes if code in available), available[DEFAULT_LANGUAGE])
