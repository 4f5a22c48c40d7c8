"""Problems: everything that a person must fix, instead of exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from campaign.models.rules import load_rules

# Control characters, directional formatting, and undecodable bytes of file names (PEP 383).
INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# Files that a page is in or shows; others concern the whole campaign.
FILE_OF_PAGES = re.compile(r"docs/.+\.(?!ya?ml$)\w+$|assets/posters/")


@dataclass(frozen=True)
class Problem:
    """Something to fix."""

    id: str  # a table in models/rules/
    where: str  # path from the campaign's root, with a line if there is one (docs/pt/signs.md:12)
    message: str  # what is wrong, in one sentence
    fix: str  # how to fix it

    def __post_init__(self) -> None:
        """Show characters that are invisible or change the direction of the line."""
        for name in ("where", "message") if INVISIBLE.search(self.where + self.message) else ():
            cleaned = INVISIBLE.sub(lambda match: f"[U+{ord(match[0]):04X}]", getattr(self, name))
            object.__setattr__(self, name, cleaned)

    def __str__(self) -> str:
        return f"{self.where}: {self.message} {self.fix} ({self.id})"

    @property
    def what(self) -> str:
        """The message, for scripts written for version 0.3."""
        return self.message

    @property
    def file(self) -> str:
        """The path, without the line."""
        return self.where.partition(":")[0]

    @property
    def stops(self) -> bool:
        """Whether it stops the build."""
        return load_rules()[self.id].stops and not self.leaves_out_page

    @property
    def effect(self) -> str:
        """Return its effect: 'stop' (no publication), 'page' or 'output' (one is left out) or 'note'."""
        return "stop" if self.stops else "page" if self.leaves_out_page else load_rules()[self.id].level

    @property
    def leaves_out_page(self) -> bool:
        """Whether it leaves out the pages that are in its file or show it, with their pieces."""
        return load_rules()[self.id].level in ("page", "unreadable") and bool(FILE_OF_PAGES.match(self.file))

    @property
    def is_note(self) -> bool:
        """Whether it needn't be fixed; other problems stop the build, or leave out a page or an output."""
        return load_rules()[self.id].is_note


def unsilenced(problems: Iterable[Problem], silence: Mapping[str, str]) -> list[Problem]:
    """Return the problems that aren't silenced (by `id` or `id file`), each once, worst first."""
    shown = (problem for problem in dict.fromkeys(problems) if not reason_of_silence(problem, silence))
    return sorted(shown, key=lambda problem: (not problem.stops, problem.is_note, problem.where))


def reason_of_silence(problem: Problem, silence: Mapping[str, str]) -> str:
    """Return why a campaign silences a note, everywhere or in its file; '' if it doesn't."""
    return "" if not problem.is_note else silence.get(problem.id) or silence.get(f"{problem.id} {problem.file}", "")


class CampaignError(Exception):
    """Work can't go on; it has every problem known by then."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def did_you_mean(raw: str, known: Iterable[str], otherwise: str) -> str:
    """Return the remedy for an unknown word: the closest known one, or else another remedy."""
    close_matches = get_close_matches(raw, list(known), n=1)
    return f"Did you mean `{close_matches[0]}`?" if close_matches else otherwise


def failure(rule: str, where: str, message: str, fix: str) -> CampaignError:
    """Return the error of a single problem."""
    return CampaignError([Problem(rule, where, message, fix)])
