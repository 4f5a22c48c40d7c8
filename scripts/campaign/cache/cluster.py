"""Run the jobs of a build on a dask cluster instead of local worker processes.

A scheduler unpickles and runs everything it gets. Connections are therefore allowed to this computer, or by TLS with
client certificates; others are refused before anything is sent.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from errno import ENOSPC
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from campaign.models.optional_parts import PARTS
from campaign.models.problem import CampaignError, Problem

if TYPE_CHECKING:
    from distributed import Client

Shared = TypeVar("Shared")
Job = TypeVar("Job")
Result = TypeVar("Result")

# Retries of a job whose worker died; seconds to wait for a scheduler.
MAX_RETRIES = 3
SCHEDULER_TIMEOUT_S = 10
# Seconds between looks at whether there are still workers.
CHECK_INTERVAL_S = 5
# Differences that a message names.
MAX_NAMED = 3
CLUSTER_OPTION = "--cluster"


@dataclass(frozen=True)
class Cluster:
    """A cluster, as given on the command line.

    Attributes:
        address: of its scheduler: `tcp://127.0.0.1:8786`, `tls://host:8786`.
        authority: file with the certificate authority; '' without TLS.
        certificate: file with our certificate.
        key: file with its key.
        store: folder that all its computers share; '' for the campaign's own.
    """

    address: str
    authority: str = ""
    certificate: str = ""
    key: str = ""
    store: str = ""

    @property
    def secured(self) -> str:
        """Return the address, with TLS if certificates are given.

        Raises:
            CampaignError: anyone on the network could run programs there, or a file is missing.
        """
        scheme, _, host = self.address.partition("://") if "://" in self.address else ("tcp", "", self.address)
        files = (self.authority, self.certificate, self.key)
        if missing := [name for name in files if name and not Path(name).is_file()]:
            raise _refused(f"There is no file `{missing[0]}`.", "Name the PEM files of the cluster.")
        if scheme not in ("tcp", "tls") or not host:
            raise _refused(f"`{self.address}` is no address of a scheduler.", "Write tls://host:8786.")
        if all(files):
            return f"tls://{host}"
        if any(files) or scheme == "tls":
            fix = "Name all three: --cluster-ca, --cluster-cert and --cluster-key."
            raise _refused("TLS needs an authority, a certificate and its key.", fix)
        if not _is_this_computer(host):
            message = f"`{self.address}` is unprotected: anyone who reaches it can run programs as you."
            fix = "Start the cluster with TLS, and name --cluster-ca, --cluster-cert and --cluster-key."
            raise CampaignError([Problem("cluster-open", CLUSTER_OPTION, message, fix)])
        return f"tcp://{host}"


def _refused(message: str, fix: str) -> CampaignError:
    return CampaignError([Problem("cluster-unreachable", CLUSTER_OPTION, message, fix)])


def _is_this_computer(host: str) -> bool:
    name = host.rpartition(":")[0].strip("[]") or host
    with suppress(ValueError):
        return ip_address(name).is_loopback
    return name == "localhost"


def map_on_cluster(
    function: Callable[[Shared, Job], Result],
    shared: Shared,
    jobs: dict[str, Job],
    cluster: Cluster,
    state: Callable[[Shared], dict[str, str]],
    problems: list[Problem],
) -> Iterator[Result]:
    """Yield work(shared, job) of each job in order; a job whose worker dies is retried on another.

    Args:
        function: a module-level function that all workers can import.
        shared: sent once to each worker.
        jobs: by a hash of everything that the result depends on, which is the job's key in the cluster.
        cluster: where to run.
        state: what results depend on besides, by name; computers on which it differs get no jobs.
        problems: a note about each of those computers is added.

    Raises:
        CampaignError: see Cluster.secured; the scheduler doesn't answer, or no worker is left.
    """
    client = _connect(cluster)
    with client:
        futures, workers = list[Any](), list[str]()
        try:
            workers = _same_workers(client, shared, state, problems)
            scattered = client.scatter(shared, broadcast=True, workers=workers)
            # Equal jobs have equal keys, so a job that two people start at once runs once.
            futures = [
                client.submit(
                    function, scattered, job, key=f"campaign-{key}", retries=MAX_RETRIES, pure=True, workers=workers
                )
                for key, job in jobs.items()
            ]
            for future in futures:
                yield _result(client, future, workers)
        except (KeyboardInterrupt, GeneratorExit):
            client.cancel(futures)
            raise
        except CampaignError:
            raise
        except Exception as error:  # clusters fail in many ways
            raise _failure(client, workers, error) from error


def is_cancelled() -> bool:
    """Return whether the job that runs on this worker is no longer wanted."""
    from distributed import get_worker

    try:
        worker = get_worker()
    except ValueError:
        return False  # no worker
    task = worker.state.tasks.get(worker.get_current_task())
    return task is None or task.state == "cancelled"


def _failure(client: Client, workers: list[str], error: Exception) -> CampaignError:
    kept = "Finished outputs are kept."
    if client.status != "running":
        return _refused("The cluster's scheduler no longer answers.", f"{kept} Start it, and run it again.")
    if workers and not _has_any(client, workers):
        return _lost_workers()
    if isinstance(error, OSError) and error.errno == ENOSPC:
        message = "A disk is full: that of the shared store, or of a worker."
        return _refused(message, f"{kept} Make room on it, and run it again.")
    cause = str(error).splitlines()[0] if str(error) else type(error).__name__
    fix = f"{kept} Check the workers' memory and disk, and run it again."
    return _refused(f"The cluster gave up: {cause[:200].rstrip('.')}.", fix)


def _lost_workers() -> CampaignError:
    return _refused("The cluster has lost all its workers.", "Finished outputs are kept. Start some, and run it again.")


def _has_any(client: Client, workers: list[str]) -> bool:
    """Return whether one of these workers still exists."""
    return not client.scheduler_info(n_workers=-1)["workers"].keys().isdisjoint(workers)


def _same_workers(
    client: Client, shared: Shared, state: Callable[[Shared], dict[str, str]], problems: list[Problem]
) -> list[str]:
    """Return the addresses of the workers with the same state as this computer.

    Raises:
        CampaignError: there are none.
    """
    own, results, differing = state(shared), list[str](), list[Problem]()
    for address, found in sorted(client.run(state, shared, on_error="return").items()):
        if found == own:
            results.append(address)
            continue
        place = f"{address.partition('://')[2]} of the cluster"
        message = f"The worker {place} makes nothing, because {_difference(own, found)}."
        fix = "Update the campaign folder and the package on its computer, and restart the worker."
        differing.append(Problem("cluster-worker-differs", CLUSTER_OPTION, message, fix))
    if not results:
        fix = "Update the campaign folder and the package on its computers, and restart the workers."
        raise CampaignError([*differing, *_refused("No worker has the same files as this computer.", fix).problems])
    problems += differing
    return results


def _difference(own: dict[str, str], found: dict[str, str] | Exception) -> str:
    """Return how a worker's state differs; `found` is an error if the worker couldn't tell it."""
    if not isinstance(found, dict):
        return "it can't run the program"
    names = [name for name in own | found if own.get(name) != found.get(name)]
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return f"it has another {', '.join(names[:MAX_NAMED])}{more}"


def _result(client: Client, future: Any, workers: list[str]) -> Any:
    """Return a result, or raise CampaignError once no worker is left that could compute it."""
    while True:
        try:
            return future.result(timeout=CHECK_INTERVAL_S)
        except TimeoutError:
            if not _has_any(client, workers):
                raise _lost_workers() from None


def _connect(cluster: Cluster) -> Client:
    address = cluster.secured
    try:
        from distributed import Client
        from distributed.security import Security
    except ImportError:
        fix = f"Run: {PARTS['cluster'].remedy}. Or leave --cluster out."
        raise _refused("Clusters need a part that is not installed.", fix) from None
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    security = Security(
        tls_ca_file=cluster.authority,
        tls_client_cert=cluster.certificate,
        tls_client_key=cluster.key,
        require_encryption=True,
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # versions may differ: keys tell whether pieces would
            client = Client(
                address, security=security if cluster.authority else None, timeout=SCHEDULER_TIMEOUT_S, name="campaign"
            )
        if not client.scheduler_info(n_workers=-1)["workers"]:
            client.close()
            raise _refused(f"The cluster at {address} has no worker.", "Start some: dask worker.")
    except (OSError, TimeoutError) as error:
        message = f"No answer from {address}: {str(error).splitlines()[0][:200] if str(error) else 'no connection'}."
        raise _refused(message, "Start the cluster's scheduler, or omit --cluster.") from error
    return client
