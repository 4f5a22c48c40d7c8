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
    function: Callable[[Shared, Job], Result], shared: Shared, jobs: dict[str, Job], cluster: Cluster
) -> Iterator[Result]:
    """Yield work(shared, job) of each job in order; a job whose worker dies is retried on another.

    Args:
        function: a module-level function that all workers can import.
        shared: sent once to each worker.
        jobs: by a hash of everything that the result depends on, which is the job's key in the cluster.
        cluster: where to run.

    Raises:
        CampaignError: see Cluster.secured; the scheduler doesn't answer, or no worker is left.
    """
    client = _connect(cluster)
    with client:
        futures: list[Any] = []
        try:
            scattered = client.scatter(shared, broadcast=True)
            # Equal jobs have equal keys, so a job that two people start at once runs once.
            futures = [
                client.submit(function, scattered, job, key=f"campaign-{key}", retries=MAX_RETRIES, pure=True)
                for key, job in jobs.items()
            ]
            for future in futures:
                yield future.result()
        except (KeyboardInterrupt, GeneratorExit):
            client.cancel(futures)
            raise
        except CampaignError:
            raise
        except Exception as error:  # clusters fail in many ways, all with the same fix
            message = str(error).splitlines()[0] if str(error) else type(error).__name__
            fix = "Finished outputs are kept. Check the workers' memory and disk, and run it again."
            raise _refused(f"The cluster gave up: {message[:200]}.", fix) from error


def _connect(cluster: Cluster) -> Client:
    address = cluster.secured
    try:
        from distributed import Client
        from distributed.security import Security
    except ImportError:
        fix = f"Run: {PARTS['cluster'].remedy}. Or leave --cluster out."
        raise _refused("Clusters need a part that is not installed.", fix) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
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
