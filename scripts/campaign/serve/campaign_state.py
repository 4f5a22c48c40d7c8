"""What the process that reads tells the one that answers browsers; both load it."""

from __future__ import annotations

from dataclasses import dataclass, field

from campaign.models.problem import Problem


@dataclass(frozen=True)
class CampaignState:
    """What reading the campaign came to.

    Attributes:
        problems: all that is wrong with what was written, but for what the campaign silences.
        pages: address -> the file that its text is from.
        broken: addresses of pages with a mistake that nothing good is known of: the last build may have it.
        stops: whether a build would refuse it.
    """

    problems: tuple[Problem, ...] = ()
    pages: dict[str, str] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    stops: bool = False


def file_of(problem: Problem) -> str:
    """The file that a problem is in, without the line."""
    name, _, line = problem.where.rpartition(":")
    return name if name and line.isdecimal() else problem.where
