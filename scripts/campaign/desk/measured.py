"""Words that do not fit their panels, of the texts that were saved at this desk: the others nobody lays out to tell."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from campaign.models.formats import Format
from campaign.models.problem import Problem
from campaign.plan.shown_pieces import SCREEN
from campaign.serve.preview_process import NoPreview, PreviewProcess

# Seconds after which nothing more is measured of a text: somebody waits for it to be saved, or nobody does.
PATIENCE, PATIENCE_BESIDE = 4.0, 60.0

# What a preview tells of a problem, in this order.
TOLD = ("id", "where", "what", "fix")
LINES = re.compile(r" is (\d+) lines? too long ")


@dataclass(frozen=True)
class Fit:
    """How a text fits on its pieces. place: besides the whole country; is_whole: all was measured in time."""

    place: str
    problems: tuple[Problem, ...]
    is_whole: bool = True


UNMEASURED = Fit("", ())


def _excess(problem: Problem) -> int:
    """How many lines are too many, where it is about lines."""
    return int(found[1]) if (found := LINES.search(problem.what)) else 0


class Measured:
    """What was measured since the desk was opened, and is measured again after each change.

    Attributes:
        changes: counts up with each of them.
    """

    def __init__(self, previews: PreviewProcess, formats: Callable[[], Mapping[str, Format]]) -> None:
        self._previews, self._formats = previews, formats
        self._fits: dict[tuple[str, str], Fit] = {}
        self.changes = 0
        self._wanted: set[tuple[str, str]] = set()

    def measure(
        self, version: int, language: str, path: str, text: str, place: str = "", patience: float = PATIENCE
    ) -> Fit:
        """Lays out each piece of a text, as what is shown beside it does.

        Args:
            version: of the campaign on the disk.
            language: of the text.
            path: from the language's folder.
            text: as typed.
            place: where it is printed for besides the whole country; ''.
            patience: seconds.
        """
        until, found = time.monotonic() + patience, dict[tuple[str, str], Problem]()

        def ask(format: str, where: str) -> list[str]:
            given = (language, path, text, format, where, "")
            sides = self._previews.ask(version, "sides", *given)
            told = (Problem(*(each[part] for part in TOLD)) for each in sides["problems"])
            for each in told:
                # Of the shapes that a poster is sent in, the one with most too much is told.
                key = (each.id, each.where if format.startswith(SCREEN) else each.what)
                found[key] = max((found.get(key, each), each), key=_excess)
            formats: list[str] = sides["formats"]
            return formats

        try:
            for name in ask("", ""):
                # What runs over as many pages as it needs is never too long; a screen is alike everywhere.
                row = self._formats().get(name)
                for where in dict.fromkeys(("", place)) if row is None or row.sides else ():
                    if time.monotonic() > until:
                        return Fit(place, (*found.values(),), is_whole=False)
                    if not where or (row and row.has_places):
                        ask(name, where)
        except NoPreview:
            return Fit(place, (*found.values(),), is_whole=False)
        return Fit(place, (*found.values(),))

    def want(self, names: Iterable[str]) -> None:
        """Asks for the texts among some files to be measured; names: from the campaign's folder."""
        for name in names:
            top, _, rest = name.partition("/")
            language, _, path = rest.partition("/")
            if top == "docs" and path.endswith(".md"):
                self._wanted.add((language, path))

    def keep(self, language: str, path: str, fit: Fit) -> None:
        """Remembers it, for what tells of all that has to be mended."""
        self._wanted.discard((language, path))
        self._fits[language, path] = fit
        self.changes += 1

    def of(self, language: str, path: str) -> Fit:
        """What was measured of a text last."""
        return self._fits.get((language, path), UNMEASURED)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Of all texts."""
        return tuple(each for fit in [*self._fits.values()] for each in fit.problems)

    def asked(self) -> list[tuple[str, str]]:
        """(language, path) of each text that was asked for, or did not fit: a change elsewhere may have mended that."""
        wrong = [where for where, fit in [*self._fits.items()] if fit.problems]
        return [*dict.fromkeys((*self._wanted.copy(), *wrong))]

    def forget(self, language: str, path: str) -> None:
        """Of a text that is gone, or is no piece."""
        self._wanted.discard((language, path))
        self._fits.pop((language, path), None)
        self.changes += 1
