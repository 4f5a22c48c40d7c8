"""The words of the desk, in the languages that it speaks: a file for each beside this one, key -> words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml

HERE = Path(__file__).parent
FIRST = "en"


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

    def say(self, key: str, **given: object) -> str:
        """The words of a key, with what is put into them."""
        return self._words[key].format(**given)


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
