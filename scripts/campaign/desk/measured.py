"""Words that do not fit their panels, of the texts that were saved at this desk: the others nobody lays out to tell."""

from __future__ import annotations

import time
from dataclasses import dataclass

from campaign.models.formats import FORMATS
from campaign.models.problem import Problem
from campaign.serve.preview_process import NoPreview, PreviewProcess

# Seconds after which nothing more is measured of a text: somebody waits for it to be saved.
PATIENCE = 4.0


@dataclass(frozen=True)
class Fit:
    """How a text fits on its pieces. place: besides the whole country; is_whole: all was measured in time."""

    place: str
    problems: tuple[Problem, ...]
    is_whole: bool = True


class Measured:
    """What was measured since the desk was opened, and is measured again after each change.

    Attributes:
        changes: counts up with each of them.
    """

    def __init__(self, previews: PreviewProcess) -> None:
        self._previews = previews
        self._fits: dict[tuple[str, str], Fit] = {}
        self.changes = 0

    def measure(self, version: int, language: str, path: str, text: str, place: str = "") -> Fit:
        """Lays out each piece of a text, as what is shown beside it does.

        Args:
            version: of the campaign on the disk.
            language: of the text.
            path: from the language's folder.
            text: as typed.
            place: where it is printed for besides the whole country; ''.
        """
        until, found = time.monotonic() + PATIENCE, dict[str, Problem]()

        def ask(format: str, where: str) -> list[str]:
            given = (language, path, text, format, where, "")
            sides = self._previews.ask(version, "sides", *given)
            found.update(
                {
                    each["what"]: Problem(*(each[part] for part in ("id", "where", "what", "fix")))
                    for each in sides["problems"]
                    if each["stops"]
                }
            )
            formats: list[str] = sides["formats"]
            return formats

        try:
            for name in ask("", ""):
                # What runs over as many pages as it needs is never too long.
                for where in dict.fromkeys(("", place)) if FORMATS[name].sides else ():
                    if time.monotonic() > until:
                        return Fit(place, (*found.values(),), is_whole=False)
                    if not where or FORMATS[name].has_places:
                        ask(name, where)
        except NoPreview:
            return Fit(place, (*found.values(),), is_whole=False)
        return Fit(place, (*found.values(),))

    def keep(self, language: str, path: str, fit: Fit) -> None:
        """Remembers it, for what tells of all that has to be mended."""
        self._fits[language, path] = fit
        self.changes += 1

    def of(self, language: str, path: str) -> Fit:
        """What was measured of a text last."""
        return self._fits.get((language, path), Fit("", ()))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Of all texts."""
        return tuple(each for fit in [*self._fits.values()] for each in fit.problems)

    def wrong(self) -> list[tuple[str, str]]:
        """(language, path) of each text that did not fit: a change elsewhere may have mended it."""
        return [where for where, fit in [*self._fits.items()] if fit.problems]

    def forget(self, language: str, path: str) -> None:
        """Of a text that is gone."""
        self._fits.pop((language, path), None)
        self.changes += 1
