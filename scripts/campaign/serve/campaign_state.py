"""The state that the reading process sends to the answering one; both import it."""

from __future__ import annotations

from dataclasses import dataclass, field

from campaign.models.problem import Problem


@dataclass(frozen=True)
class CampaignState:
    """The result of reading the campaign."""

    problems: tuple[Problem, ...] = ()  # unsilenced
    pages: dict[str, str] = field(default_factory=dict)  # address -> source file
    broken_pages: frozenset[str] = frozenset()  # pages with mistakes and no good earlier version here
    stops: bool = False  # whether a build would refuse it
