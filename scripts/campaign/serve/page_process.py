"""Calls campaign.serve.pages, for the process that answers browsers, and the state that it sends back."""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from campaign.models.problem import Problem
from campaign.serve.asked_process import WorkerProcess

READER_TIMEOUT_S = 60.0  # seconds; ten times the first campaign takes three


class PageProcess:
    """Reads the campaign and renders pages in order. `complaint`: why the campaign can't be read, or ''."""

    def __init__(self, root: Path, is_trusted: bool) -> None:
        self._process, self.complaint = WorkerProcess("campaign.serve.pages", root, is_trusted), ""

    def page(self, address: str) -> Future[str | None]:
        """Render a page."""
        return self._process.ask("page", address)

    def read(self) -> CampaignState | None:
        """Read the campaign; None, with a `complaint`, if that fails."""
        result, self.complaint = result_or_complaint(self._process, self._process.ask("read"))
        return result

    def end(self) -> None:
        """End the process for good."""
        self._process.close()


def result_or_complaint(
    process: WorkerProcess, job: Future[CampaignState | None], limit: float = READER_TIMEOUT_S
) -> tuple[CampaignState | None, str]:
    """Return the result of reading the campaign, or why it failed, within `limit` seconds."""
    until = time.monotonic() + limit
    while time.monotonic() < until:
        try:
            return job.result(0.5), ""  # so that Ctrl+C is handled
        except TimeoutError:
            continue
        except RuntimeError as error:
            return None, f"The campaign cannot be read: {error}"
    process.end()
    return None, f"Reading what changed last takes longer than {limit:.0f} seconds. Take it back."


@dataclass(frozen=True)
class CampaignState:
    """The result of reading the campaign."""

    problems: tuple[Problem, ...] = ()  # unsilenced
    pages: dict[str, str] = field(default_factory=dict)  # address -> source file
    broken_pages: frozenset[str] = frozenset()  # pages with mistakes and no good earlier version here
    stops: bool = False  # whether a build would refuse it
