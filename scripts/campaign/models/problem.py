"""What a person reads when something has to be mended: never a traceback."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing to mend.

    where: path from the campaign's root, with a line where there is one (``docs/pt/signs.md:12``)
    what:  what is wrong, in a sentence
    fix:   how to mend it, in a sentence
    stops: whether nothing may be moved into place while it stands (False: a warning)
    """

    where: str
    what: str
    fix: str
    stops: bool = True

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.fix}"


class CampaignError(Exception):
    """Raised where work cannot go on; carries every problem known by then."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
