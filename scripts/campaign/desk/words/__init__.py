"""The words of the desk, in the languages that it speaks: a file for each beside this one, key -> words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml

from campaign.models.problem import Problem

HERE = Path(__file__).parent
FIRST = "en"
# What a message names as it is written, which is the same in each language: codes, quotations, days, numbers, files,
# and what stands behind its colon.
NAMES = re.compile(
    r"`([^`]+)`|“([^”]+)”|\(([^\s()]+)\)|\b(\d{4}-\d\d-\d\d)\b|(\+?\d[\d ]{4,}\d)"
    r"|(?<![\w/.])((?:[\w.-]+/)*[\w.-]*\w\.[a-z][a-z0-9]{1,4})(?![\w/])|: ([^“”`()]{1,80}?)(?: \(and [^()]*\))?\.?$"
)
MOST_NAMES, BEHIND_COLON = 6, NAMES.groups
# What stands behind a colon, and is a part of the English sentence.
SENTENCE = re.compile(r"[a-z]+(?: [a-z’']+){2,}")
# How a problem is mended at the desk, of which the message names a command: the key of the desk's words, and those of
# the buttons that they name.
AT_DESK = {
    "translation-unstamped": ("fix-sentences", "save-sentence"),
    "translation-outdated": ("fix-sentences", "save-sentence"),
    "review-outdated": ("fix-sentences", "save-sentence"),
    "translation-unsigned": ("fix-unsigned", "save-sentence"),
    "translation-unreviewed": ("fix-accept", "accept-it"),
    "review-unsigned": ("fix-accept", "accept-it"),
    "translation-file": ("fix-file", "send-file"),
    "words-begun": ("fix-begun",),
    "main-number-due": ("fix-main-due", "save-call", "official-found"),
    "main-number-once": ("fix-main-once", "second-person"),
    "publish-nothing": ("fix-build", "build-it"),
    "stick-nothing": ("fix-build", "build-it"),
    "pack-no-site": ("fix-build", "build-it"),
    "release-built": ("fix-build", "build-it"),
    "rollback-unknown": ("fix-build", "build-it"),
    **dict.fromkeys(("rollback-returns", "rollback-photo", "rollback-withheld"), ("fix-build", "publish-build")),
    "program-refused": ("fix-program",),
}
# In the place of the name of a shape of pictures, and of its size: (facebook-instagram-square, 1080 × 1080 pixels).
SHAPE = re.compile(r"\(([a-z0-9-]+), (\d+ × \d+) pixels\)")
# Messages of which the figures matter as much as the names, by their id.
FIGURES = {
    "panel-long": re.compile(r"`(?P<id>[^`]*)` is (?P<count>\d+) lines? too long at .*? size(?P<where> \(.*?\))?\."),
    "words-begun": re.compile(r"`(?P<id>[^`]*)` has (?P<count>\d+) of its (?P<whole>\d+) words"),
    "number-taken-back": re.compile(r"(?P<was>.+) was the number of (?P<name>.*) until (?P<date>[\d-]+)\."),
    "title-small": re.compile(r"`title` can be read from (?P<where>[\d.]+) m .* about (?P<count>\d+) would"),
}
# Why a sentence is refused, by what the English of it holds (content/units.py): the key of the desk's words.
REFUSED = {
    "is no file": "why-no-file",
    "has no words": "why-empty",
    "invisible sign": "why-unseen",
    "more than one line": "why-lines",
    "signs to fill in": "why-signs",
    "in a cell": "why-cell",
    "which begins": "why-begins",
    "more than a run": "why-run",
    "other pictograms": "why-pictograms",
    "other notes": "why-notes",
    "other links": "why-links",
    "other pictures": "why-pictures",
}


class Named(str):
    """A name in somebody's language, with what it is the name of: `contact:id`, `piece:path`, `file:name`."""

    __slots__ = ("of",)
    of: str

    @staticmethod
    def by(name: str, of: str) -> Named:
        """A name of something."""
        named = Named(name)
        named.of = of
        return named


class Said(str):
    """Words with their key and what was put into them, so that they can be said in another language later.

    names: of what was put in, what each name is the name of.
    """

    __slots__ = ("given", "key", "names")
    key: str
    given: Mapping[str, str]
    names: Mapping[str, str]

    @staticmethod
    def of(key: str, given: Mapping[str, object], words: str) -> Said:
        """As Words.say makes it."""
        said = Said(words)
        said.key, said.given = key, {name: str(value) for name, value in given.items()}
        said.names = {name: value.of for name, value in given.items() if isinstance(value, Named)}
        return said


class Words(Mapping[str, str]):
    """What the desk says in one language. `name`: of the language, by itself; is_machine_made: nobody has read it."""

    def __init__(self, code: str, words: Mapping[str, str]) -> None:
        self.code, self._words = code, words
        self.name = words["language"]
        self.is_machine_made = words["made-by"] == "machine"

    def __getitem__(self, key: str) -> str:
        return self._words[key]

    def __iter__(self):  # type: ignore[no-untyped-def]  # as Mapping has it
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def of_problem(self, id: str) -> str:
        """What a problem is, in a few words; '' in English, and where nobody has said it yet."""
        return _of_problems(self.code).get(id, "")

    def brief(self, problem: Problem) -> str:
        """What a problem is in this language, with its figures where they matter; '' as `of_problem`."""
        brief, found = self.of_problem(problem.id), _figures(problem)
        return self.what(self.say(f"told-{problem.id}", **found.groupdict(""))) if brief and found else brief

    def names(self, problem: Problem) -> list[str]:
        """What the whole message names, where the brief one does not."""
        if _figures(problem) or not self.of_problem(problem.id):
            return []
        named = (each for each in NAMES.finditer(problem.what) if not SENTENCE.fullmatch(each[BEHIND_COLON] or ""))
        return list(dict.fromkeys(next(filter(None, each.groups())) for each in named))[:MOST_NAMES]

    def fix(self, problem: Problem) -> str:
        """How a problem is mended at the desk, in this language; '' where that is as its message says."""
        key, *buttons = AT_DESK.get(problem.id, ("",))
        names = (self[button] for button in buttons)
        return self.say(key, **dict(zip(("name", "how"), names, strict=False))) if key else ""

    @staticmethod
    def figures(problem: Problem) -> Mapping[str, str]:
        """What a message is about, where its figures matter; {} of any other."""
        found = _figures(problem)
        return found.groupdict("") if found else {}

    def what(self, text: str) -> str:
        """What a message says, with words in the place of a code for the shape of a picture."""
        return SHAPE.sub(lambda found: f"({self.get(f'sent-{found[1]}', found[1])}, {found[2]})", text)

    def told(self, problem: Problem | str) -> str:
        """A problem in one line: in this language where that is possible, else in English."""
        if isinstance(problem, str):
            return problem
        brief, names = self.brief(problem), ", ".join(self.names(problem))
        if not brief:
            return f"{self.what(problem.what)} {self.fix(problem) or problem.fix}"
        return " ".join(filter(None, (brief, f"({names})" if names else "", self.fix(problem))))

    def refused(self, why: str) -> str:
        """Why a sentence is refused, as the end of a sentence; its names stay as they are."""
        key = next((key for said, key in REFUSED.items() if said in why), "")
        if self.code == FIRST or not key:
            return why
        names = re.search(r"\((.*)\)$|fill in than (.*)$|begins with (\S+),", why)
        return self[key] + (f" ({next(filter(None, names.groups()), '')})" if names else "")

    def say(self, key: str, **given: object) -> Said:
        """The words of a key, with what is put into them."""
        return Said.of(key, given, self._words[key].format(**given))

    def say_again(self, said: str, key: str, given: Mapping[str, str]) -> str:
        """What was said in another language, in this one; as it was said where that cannot be told."""
        try:
            return self.say(key, **given)
        except (LookupError, TypeError, ValueError):  # a note of another version, or one that was spoilt
            return said


def _figures(problem: Problem) -> re.Match[str] | None:
    wanted = FIGURES.get(problem.id)
    return wanted.match(problem.what, problem.what.find("`")) if wanted else None


@cache
def _of_problems(code: str) -> Mapping[str, str]:
    path = HERE / "problems" / f"{code}.yml"
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) if path.is_file() else {}


@cache
def languages() -> dict[str, Words]:
    """Every language that the desk speaks, by its code; English first."""
    paths = sorted(HERE.glob("*.yml"), key=lambda path: (path.stem != FIRST, path.stem))
    return {path.stem: _read(path) for path in paths}


def _read(path: Path) -> Words:
    # The first page waits for it: written in C, it takes a tenth.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    typed = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    return Words(path.stem, {str(key): str(value) for key, value in typed.items()})


def choose(wished: Iterable[str]) -> Words:
    """The first language of those wished that the desk speaks; else English."""
    spoken = languages()
    return next((spoken[code] for code in wished if code in spoken), spoken[FIRST])
