"""What a person reads when something has to be mended: never a traceback."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from campaign.models.rules import load_rules

# Control characters, those that turn letters round, and what of a file's name is no text (PEP 383).
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Problem:
    """One thing to mend.

    id:    of the kind of mistake, a table in campaign/models/rules/
    where: path from the campaign's root, with a line where there is one (``docs/pt/signs.md:12``)
    what:  what is wrong, in a sentence
    fix:   how to mend it, in a sentence
    """

    id: str
    where: str
    what: str
    fix: str

    def __post_init__(self) -> None:
        """Names of files and what was typed may hold signs that nobody sees, or that turn the line round."""
        for name in ("where", "what") if UNSEEN.search(self.where + self.what) else ():
            seen = UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", getattr(self, name))
            object.__setattr__(self, name, seen)

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.fix} ({self.id})"

    @property
    def stops(self) -> bool:
        """Whether nothing may be moved into place while it stands; else it is a note."""
        return load_rules()[self.id].stops


def heard(problems: Iterable[Problem], silence: Mapping[str, str]) -> list[Problem]:
    """The problems that a campaign has not silenced, each once, worst first. What stops is never silenced.

    silence: ids of notes, or `id file`, each with the reason (mkdocs.yml, `silence:`)
    """
    loud = (problem for problem in dict.fromkeys(problems) if not reason_of_silence(problem, silence))
    return sorted(loud, key=lambda problem: (not problem.stops, problem.where))


def reason_of_silence(problem: Problem, silence: Mapping[str, str]) -> str:
    """Return why a campaign silences a note, everywhere or in its file; '' if it doesn't."""
    file = problem.where.partition(":")[0]
    return "" if problem.stops else silence.get(problem.id) or silence.get(f"{problem.id} {file}", "")


class CampaignError(Exception):
    """Raised where work cannot go on; carries every problem known by then."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
