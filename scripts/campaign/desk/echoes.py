"""What repeats another message: it goes away once that is mended, and is told in one line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from campaign.checks.renamed import Renamed, comes_from, renames
from campaign.content.typed_numbers import digits_of
from campaign.desk.words import Words
from campaign.models.campaign import Campaign
from campaign.models.problem import Problem

NUMBERS = "translation-numbers"
# Of these it is said how a translation differs from its source, which may be what is wrong.
COMPARED = frozenset(
    (
        *("translation-headings", "translation-links", "translation-shortcodes", "translation-pictograms"),
        *("translation-sources", NUMBERS),
    )
)
TAKEN_BACK = "number-taken-back"
OUTDATED = "translation-outdated"


@dataclass(frozen=True)
class Echoes:
    """Messages that one slip has made.

    Attributes:
        where: the slip, or the text of the source language that differs from all of them.
        cause: what is told of that; None where nothing is.
        told: the messages.
        number: of texts that say a number which a contact had: what their messages are about; else {}.
    """

    where: str
    cause: Problem | None
    told: tuple[Problem, ...]
    number: Mapping[str, str] = field(default_factory=dict)

    @property
    def stops(self) -> bool:
        """Whether one of them stops a build."""
        return any(each.stops for each in self.told)


@dataclass(frozen=True)
class Folded:
    """Messages without those that repeat another.

    Attributes:
        alone: worst first, numbers that differ from the source before other notes.
        echoes: the others, by what they come from.
        renamed: problem -> the name that something had before, where it only has to have it again.
    """

    alone: tuple[Problem, ...]
    echoes: tuple[Echoes, ...]
    renamed: Mapping[Problem, Renamed] = field(default_factory=dict)

    def stops(self, problem: Problem) -> bool:
        """Whether it stops a build, or one of those that repeat it does."""
        return problem.stops or any(each.stops for each in self.echoes if each.cause == problem)

    @property
    def stopping(self) -> int:
        """How many have to be mended."""
        unknown = sum(each.stops for each in self.echoes if each.cause is None)
        return unknown + sum(map(self.stops, self.alone))

    def count(self, problem: Problem) -> int:
        """How many messages repeat one."""
        return sum(len(each.told) for each in self.echoes if each.cause == problem)


def fold(problems: Iterable[Problem], campaign: Campaign) -> Folded:
    """Tells what repeats another message from what does not."""
    problems = list(problems)
    renamed = _of_names(problems, campaign)
    causes = {each.now: problem for problem, each in renamed.items() if problem.where == each.now}
    echoes: dict[str, list[Problem]] = defaultdict(list)
    for problem, each in renamed.items():
        if each.now in causes and problem.where != each.now:
            echoes[each.now].append(problem)
    slips = _slips(problems, campaign)
    for where, told in slips.items():
        echoes[where] += told
    found = tuple(
        Echoes(where, causes.get(where) or _stopping(problems, where), tuple(rows)) for where, rows in echoes.items()
    )
    found += tuple(_of_numbers(problems))
    repeated = {problem for each in found for problem in each.told}
    alone = [each for each in problems if each not in repeated]
    folded = Folded((), found, renamed)
    alone.sort(key=lambda each: (not folded.stops(each), each.id != NUMBERS))
    return replace(folded, alone=tuple(alone))


def _of_numbers(problems: list[Problem]) -> Iterator[Echoes]:
    """Texts that say a number which a contact had, in one line for each number."""
    of: dict[str, list[Problem]] = defaultdict(list)
    for each in problems:
        if each.id == TAKEN_BACK:
            of[digits_of(Words.figures(each)["was"])].append(each)
    for told in of.values():
        yield Echoes(told[0].where, None, tuple(told), Words.figures(told[0]))


def _of_names(problems: list[Problem], campaign: Campaign) -> dict[Problem, Renamed]:
    """What is told because something has another name than it had."""
    source = campaign.source_language.code
    return {
        problem: each
        for each in renames(campaign)
        for problem in problems
        if problem.where == each.now or comes_from(each, problem, source)
    }


def _slips(problems: list[Problem], campaign: Campaign) -> dict[str, list[Problem]]:
    """The source's texts -> what is told of their translations, since it is wrong or differs from all of them."""
    source = campaign.source_language.code
    same: dict[tuple[str, str, str], list[Problem]] = defaultdict(list)
    for each in problems:
        if each.id in COMPARED or each.id == OUTDATED:
            path = each.where.partition(":")[0].split("/", 2)[-1]
            same[f"docs/{source}/{path}", each.id, each.what].append(each)
    found: dict[str, list[Problem]] = defaultdict(list)
    for (where, id, _), told in same.items():
        is_repeated = id != NUMBERS and _stopping(problems, where)
        if is_repeated or (id != OUTDATED and len(told) > 1):
            found[where] += told
    return found


def _stopping(problems: list[Problem], where: str) -> Problem | None:
    return next((each for each in problems if each.stops and each.where.partition(":")[0] == where), None)
