"""Group messages that have one cause, so that each cause is shown once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from campaign.checks.renamed import NameChange, comes_from, renames
from campaign.content.typed_numbers import digits_of
from campaign.desk.words import Words
from campaign.models.campaign import Campaign
from campaign.models.problem import Problem

NUMBERS = "translation-numbers"
# Differences between a translation and its source; either may be wrong.
COMPARED_PROBLEMS = frozenset(
    (
        *("translation-headings", "translation-links", "translation-shortcodes", "translation-pictograms"),
        *("translation-sources", NUMBERS),
    )
)
FORMER_NUMBER_RULE = "number-taken-back"
OUTDATED_RULE = "translation-outdated"


@dataclass(frozen=True)
class GroupedProblems:
    """Messages with one cause."""

    where: str  # the cause, or the source text that differs from all translations
    cause: Problem | None  # its own message, if there is one
    repeats: tuple[Problem, ...]
    # values of the message about a former number; {} for other messages
    number: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_note(self) -> bool:
        """Whether none of them must be fixed."""
        return all(item.is_note for item in self.repeats)


@dataclass(frozen=True)
class ProblemGroups:
    """Messages, grouped."""

    single: tuple[Problem, ...]  # ungrouped, worst first; different numbers come before other notes
    grouped: tuple[GroupedProblems, ...]
    # problems that go away if something gets its old name back
    renamed: Mapping[Problem, NameChange] = field(default_factory=dict)

    def is_note(self, problem: Problem) -> bool:
        """Whether neither a problem nor one of its repetitions must be fixed."""
        return problem.is_note and all(echo.is_note for echo in self.grouped if echo.cause == problem)

    @property
    def stopping(self) -> int:
        """The number of problems to fix."""
        unknown = sum(not echo.is_note for echo in self.grouped if echo.cause is None)
        return unknown + sum(not self.is_note(problem) for problem in self.single)

    def count(self, problem: Problem) -> int:
        """Return the number of messages that repeat a problem."""
        return sum(len(group.repeats) for group in self.grouped if group.cause == problem)


def group_problems(problems: Iterable[Problem], campaign: Campaign) -> ProblemGroups:
    """Group messages by their cause."""
    problems = list(problems)
    renamed = _name_changes(problems, campaign)
    causes = {item.now: problem for problem, item in renamed.items() if problem.where == item.now}
    groups_by_file: dict[str, list[Problem]] = defaultdict(list)
    for problem, item in renamed.items():
        if item.now in causes and problem.where != item.now:
            groups_by_file[item.now].append(problem)
    mistakes = _source_problems(problems, campaign)
    for where, repeats in mistakes.items():
        groups_by_file[where] += repeats
    results = tuple(
        GroupedProblems(where, causes.get(where) or _stopping(problems, where), tuple(rows))
        for where, rows in groups_by_file.items()
    )
    results += tuple(_group_by_number(problems))
    repeated = {problem for item in results for problem in item.repeats}
    single = [problem for problem in problems if problem not in repeated]
    problem_groups = ProblemGroups((), results, renamed)
    single.sort(key=lambda item: (problem_groups.is_note(item), item.id != NUMBERS))
    return replace(problem_groups, single=tuple(single))


def _group_by_number(problems: list[Problem]) -> Iterator[GroupedProblems]:
    by_number: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.id == FORMER_NUMBER_RULE:
            by_number[digits_of(Words.figures(problem)["was"])].append(problem)
    for group in by_number.values():
        yield GroupedProblems(group[0].where, None, tuple(group), Words.figures(group[0]))


def _name_changes(problems: list[Problem], campaign: Campaign) -> dict[Problem, NameChange]:
    source = campaign.source_language.code
    return {
        problem: rename
        for rename in renames(campaign)
        for problem in problems
        if problem.where == rename.now or comes_from(rename, problem, source)
    }


def _source_problems(problems: list[Problem], campaign: Campaign) -> dict[str, list[Problem]]:
    source = campaign.source_language.code
    repeated: dict[tuple[str, str, str], list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.id in COMPARED_PROBLEMS or problem.id == OUTDATED_RULE:
            path = problem.file.split("/", 2)[-1]
            repeated[f"docs/{source}/{path}", problem.id, problem.message].append(problem)
    groups: dict[str, list[Problem]] = defaultdict(list)
    for (where, id, _), repeats in repeated.items():
        is_repeated = id != NUMBERS and _stopping(problems, where)
        if is_repeated or (id != OUTDATED_RULE and len(repeats) > 1):
            groups[where] += repeats
    return groups


def _stopping(problems: list[Problem], where: str) -> Problem | None:
    return next((problem for problem in problems if not problem.is_note and problem.file == where), None)
