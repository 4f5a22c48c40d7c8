"""Runs jobs on a campaign in several processes, and times each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from campaign.cache.workers import map_in_workers
from campaign.models.campaign import Campaign
from campaign.models.outputs import Artifact
from campaign.models.problem import Problem

Job = TypeVar("Job")
Result = list[Artifact | Problem]
Work = Callable[[Campaign, Job], Result]


def run_jobs(
    work: Work[Job], campaign: Campaign, batches: list[list[Job]], threshold: int = 3, method: str = ""
) -> Iterator[tuple[Job, Result, float]]:
    """Run all jobs in several processes.

    Args:
        work: a module-level function.
        campaign: passed to all jobs.
        batches: jobs that one worker runs in sequence.
        threshold: up to this many jobs run in this process, because starting others takes longer.
        method: see `map_in_workers`.

    Yields:
        (job, results, seconds of work) for each job.
    """
    is_parallel = sum(map(len, batches)) > threshold
    for item in map_in_workers(_work_batch, (work, campaign), batches, is_parallel=is_parallel, method=method):
        yield from item


def _work_batch(shared: tuple[Work[Job], Campaign], batch: list[Job]) -> list[tuple[Job, Result, float]]:
    return [_run_timed(*shared, job) for job in batch]


def _run_timed(work: Work[Job], campaign: Campaign, job: Job) -> tuple[Job, Result, float]:
    start_time = time.process_time()
    return job, work(campaign, job), time.process_time() - start_time
