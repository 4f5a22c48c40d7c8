"""Jobs on a campaign, spread over processes, with the time that each took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from campaign.cache.workers import map_in_workers
from campaign.models.campaign import Campaign
from campaign.models.outputs import Made
from campaign.models.problem import Problem

Job = TypeVar("Job")
Result = list[Made | Problem]
Work = Callable[[Campaign, Job], Result]


def run_jobs(
    work: Work[Job], campaign: Campaign, batches: list[list[Job]], threshold: int = 3
) -> Iterator[tuple[Job, Result, float]]:
    """Does all jobs, spread over processes.

    Args:
        work: a function of a module.
        campaign: what all jobs need.
        batches: jobs that one worker does one after the other.
        threshold: as many jobs as take this process no longer than starting others does.

    Yields:
        (job, results, seconds of work) of each.
    """
    is_much = sum(map(len, batches)) > threshold
    # Not forked: Typst's threads do not survive a fork of a process in which it has run.
    for done in map_in_workers(_work_batch, (work, campaign), batches, is_much=is_much, method="spawn"):
        yield from done


def _work_batch(shared: tuple[Work[Job], Campaign], batch: list[Job]) -> list[tuple[Job, Result, float]]:
    return [_timed(*shared, job) for job in batch]


def _timed(work: Work[Job], campaign: Campaign, job: Job) -> tuple[Job, Result, float]:
    begun = time.process_time()
    return job, work(campaign, job), time.process_time() - begun
