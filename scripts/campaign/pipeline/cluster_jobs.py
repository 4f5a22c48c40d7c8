"""Makes pieces on a cluster: workers put them into a shared store, from which this computer fetches them."""

from __future__ import annotations

import hashlib
import platform
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from campaign.cache.atomic import files_below, is_text, write_whole
from campaign.cache.cluster import CLUSTER_OPTION, Cluster, is_cancelled, map_on_cluster
from campaign.cache.inputs import PICTURE_FOLDERS
from campaign.cache.program import program_hash
from campaign.cache.store import FOLDER
from campaign.models.campaign import Campaign
from campaign.models.outputs import Artifact, Output
from campaign.models.problem import Problem
from campaign.pipeline.shared_store import SharedStore, shared_store
from campaign.pipeline.timed_jobs import Result
from campaign.printing.art import hash_drawing

# An output, and its file in the requesting computer's store.
Job = tuple[Output, Path]
# Pieces per batch, the most that is lost when a worker dies.
MAX_PIECES_PER_BATCH = 20
# Typst runs once per process at a time, but a worker may have several threads.
_setting = threading.Lock()


@dataclass(frozen=True)
class JobContext:
    """Data that all batches share.

    Attributes:
        make: makes a piece at a path.
        key: returns an output's key.
        store: the shared store.
    """

    campaign: Campaign
    make: Callable[[Campaign, Job], Result]
    key: Callable[[Campaign, Output], str]
    store: str


def run_on_cluster(
    make: Callable[[Campaign, Job], Result],
    key: Callable[[Campaign, Output], str],
    campaign: Campaign,
    batches: list[list[Job]],
    cluster: Cluster,
    problems: list[Problem],
) -> Iterator[tuple[Job, Result, float]]:
    """Make pieces on a cluster, like `timed_jobs.run_jobs`.

    Args:
        make: makes a piece.
        key: returns its key; a worker with other drawings, fonts or programs gets another key and makes nothing.
        campaign: the campaign.
        batches: jobs that one worker runs in sequence.
        cluster: the scheduler's address.
        problems: a note about each worker that makes nothing is added.

    Yields:
        (job, results, seconds of work) for each job.
    """
    order = JobContext(campaign, make, key, cluster.store or str(campaign.root / FOLDER))
    store = shared_store(order.store)
    short = [
        batch[index : index + MAX_PIECES_PER_BATCH]
        for batch in batches
        for index in range(0, len(batch), MAX_PIECES_PER_BATCH)
    ]
    batches_by_name = {_name(batch, order.store): batch for batch in short}
    made = map_on_cluster(make_batch, order, batches_by_name, cluster, state_here, problems)
    for batch, results_of_batch in zip(batches_by_name.values(), made, strict=True):
        for job, (results, seconds) in zip(batch, results_of_batch, strict=True):
            yield job, [_fetched(result, job[1], store) for result in results], seconds


def state_here(order: JobContext) -> dict[str, str]:
    """Return the hashes of what pieces are made from on this computer besides the campaign's texts, by name."""
    campaign = order.campaign
    files = [*campaign.fonts, campaign.identity.profile.file]
    files += [Path(entry.path) for name in PICTURE_FOLDERS for _, entry in files_below(campaign.root / name)]
    return {
        "Python": platform.python_version(),
        "program": program_hash("prints") + program_hash("packs"),
        **{_short_name(file, campaign.root): hash_drawing(file) for file in files if is_text(file.name)},
    }


def _short_name(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name


def _name(batch: list[Job], store: str) -> str:
    keys = "\0".join((store, *(file.stem for _, file in batch)))
    return hashlib.sha256(keys.encode()).hexdigest()[:32]


def make_batch(order: JobContext, batch: list[Job]) -> list[tuple[Result, float]]:
    """Make a batch on a worker, except for pieces already in the shared store; stop once it is cancelled."""
    store, done = shared_store(order.store), []
    for output, file in batch:
        if is_cancelled():
            break
        start_time = time.process_time()
        result = store.find(file.stem, output)
        results: Result = [result] if result else _make(order, store, output, file.stem)
        done.append((results, time.process_time() - start_time))
    return done


def _make(order: JobContext, store: SharedStore, output: Output, key: str) -> Result:
    with _setting, tempfile.TemporaryDirectory(prefix="campaign-") as folder:
        if order.key(order.campaign, output) != key:
            message = f"A computer of the cluster has other programs, drawings or fonts ({order.campaign.root})."
            fix = "Update the campaign folder and the package on all of them, and restart their workers."
            return [Problem("cluster-differs", CLUSTER_OPTION, message, fix)]
        target = Path(folder, f"{key}.{output.ending}")
        result = order.make(order.campaign, (output, target))
        return [store.put(artifact) if isinstance(artifact, Artifact) else artifact for artifact in result]


def _fetched(result: Artifact | Problem, file: Path, store: SharedStore) -> Artifact | Problem:
    """Fetch a file into this computer's store; a damaged one is reported and made again."""
    if not isinstance(result, Artifact):
        return result
    if result.file != file:
        data = store.read(result)
        if hashlib.sha256(data).hexdigest() != result.sha256:
            store.forget(result)
            message = f"A file in the shared store was damaged ({result.file.name}) and has been deleted."
            return Problem("cluster-differs", CLUSTER_OPTION, message, "Run it again.")
        write_whole(file, data)
    return replace(result, file=file)
