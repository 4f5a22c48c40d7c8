"""Texts that don't fit their panels, of those saved in this run of the desk."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from campaign.models.formats import Format
from campaign.models.problem import Problem
from campaign.plan.shown_pieces import SCREEN_PREFIX
from campaign.serve.preview_process import WAIT_FACTOR, NoPreview, PreviewProcess

# Seconds: while a page is saved, and in the background.
SAVE_TIMEOUT_S = 4.0 * WAIT_FACTOR
BACKGROUND_TIMEOUT_S = 60.0 * WAIT_FACTOR

PROBLEM_FIELDS = ("id", "where", "what", "fix")
EXCESS_LINES = re.compile(r" is (\d+) lines? too long ")


@dataclass(frozen=True)
class Fit:
    """The fit of a text on its pieces."""

    place: str  # measured for this place too
    problems: tuple[Problem, ...]
    is_complete: bool = True  # False if time ran out


UNMEASURED = Fit("", ())


def _excess(problem: Problem) -> int:
    return int(match[1]) if (match := EXCESS_LINES.search(problem.message)) else 0


class Measurements:
    """Measurements of this run, renewed after each change."""

    def __init__(self, previews: PreviewProcess, formats: Callable[[], Mapping[str, Format]]) -> None:
        self._previews, self._formats = previews, formats
        self._fits: dict[tuple[str, str], Fit] = {}
        self.changes = 0
        self._requested: set[tuple[str, str]] = set()

    def measure(
        self, version: int, language: str, path: str, text: str, place: str = "", timeout_s: float = SAVE_TIMEOUT_S
    ) -> Fit:
        """Lay out each piece of a text, for the country and for `place`, in at most `timeout_s` seconds."""
        until, result = time.monotonic() + timeout_s, dict[tuple[str, str], Problem]()

        def ask(format: str, where: str) -> list[str]:
            arguments = (language, path, text, format, where, "")
            sides = self._previews.ask(version, "sides", *arguments)
            problems = (Problem(*(side[part] for part in PROBLEM_FIELDS)) for side in sides["problems"])
            for item in problems:
                # For a poster's screen shapes, report the worst.
                key = (item.id, item.where if format.startswith(SCREEN_PREFIX) else item.message)
                result[key] = max((result.get(key, item), item), key=_excess)
            formats: list[str] = sides["formats"]
            return formats

        try:
            for name in ask("", ""):
                # Formats that run over as many pages as they need are never too full; screens are the same everywhere.
                row = self._formats().get(name)
                for where in dict.fromkeys(("", place)) if row is None or row.sides else ():
                    if time.monotonic() > until:
                        return Fit(place, (*result.values(),), is_complete=False)
                    if not where or (row and row.has_places):
                        ask(name, where)
        except NoPreview:
            return Fit(place, (*result.values(),), is_complete=False)
        return Fit(place, (*result.values(),))

    def enqueue(self, names: Iterable[str]) -> None:
        """Request measurements of the texts among some files."""
        for name in names:
            top, _, subpath = name.partition("/")
            language, _, path = subpath.partition("/")
            if top == "docs" and path.endswith(".md"):
                self._requested.add((language, path))

    def keep(self, language: str, path: str, fit: Fit) -> None:
        """Store a measurement."""
        self._requested.discard((language, path))
        self._fits[language, path] = fit
        self.changes += 1

    def get(self, language: str, path: str) -> Fit:
        """Return a text's last measurement."""
        return self._fits.get((language, path), UNMEASURED)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The misfits of all texts."""
        return tuple(problem for fit in [*self._fits.values()] for problem in fit.problems)

    def pending(self) -> list[tuple[str, str]]:
        """Return (language, path) of texts to measure: requested ones and misfits, which may be fixed by now."""
        misfits = [where for where, fit in [*self._fits.items()] if fit.problems]
        return [*dict.fromkeys((*self._requested.copy(), *misfits))]

    def forget(self, language: str, path: str) -> None:
        """Forget a text that is gone or no longer printed."""
        self._requested.discard((language, path))
        self._fits.pop((language, path), None)
        self.changes += 1
