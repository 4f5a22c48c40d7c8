"""Pieces made on a cluster of two workers: the same bytes, even if workers are killed meanwhile."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import HERE, copy_campaign, free_port
from distributed import Client
from distributed.security import Security
from s3_server import BUCKET, KEYS, listed, s3_server
from test_publishing import contents

import campaign

PRINTS_COMMAND = ("prints", "--language", "fil", "--language", "ar")


def start(*arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen:
    """A scheduler or worker without output."""
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{arguments[0]}", *arguments[1:]],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


def begin_cluster(address: str, folder: Path, *tls: str) -> list[subprocess.Popen]:
    """A scheduler and two workers, each with one thread and over 2 GB."""
    port = address.rpartition(":")[2]
    scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard", *tls)
    options = ("--nthreads", "1", "--memory-limit", "3GiB", "--no-dashboard", "--no-nanny", "--host", "127.0.0.1")
    folders = [("--local-directory", str(folder / f"worker-{n}")) for n in range(2)]
    processes = [*(start("dask_worker", address, *options, *folder, *tls) for folder in folders), scheduler]
    wait_for_workers(address, 2, *tls[1::2])
    return processes


def wait_for_workers(address: str, count: int, *files: str) -> None:
    """Wait until a scheduler knows some workers. files: authority, certificate and key, with TLS."""
    names = ("tls_ca_file", "tls_client_cert", "tls_client_key")
    security = Security(**dict(zip(names, files, strict=True)), require_encryption=True) if files else None
    with Client(address, security=security, timeout=120) as client:
        client.wait_for_workers(count, timeout=120)


def end(processes: list[subprocess.Popen]) -> None:
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture
def cluster(tmp_path):
    """(address, its processes, workers first): on this computer only."""
    address = f"tcp://127.0.0.1:{free_port()}"
    processes = begin_cluster(address, tmp_path)
    yield address, processes
    end(processes)


def country(root: Path, places: int) -> Path:
    copy_campaign(HERE / "campaigns/tiny", root)
    settings = root / "mkdocs.yml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("[river, hill, coast]", "places.csv"))
    rows = "".join(f"village-{n},Baryo {n},{('river', 'hill', 'coast')[n % 3]}\n" for n in range(places))
    (root / "places.csv").write_text(f"id,name,region\n{rows}", encoding="utf-8")
    return root


def begin(root: Path, *arguments: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "campaign", *PRINTS_COMMAND, *arguments]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def made(root: Path) -> int:
    return len([*(root / ".build/store").glob("*/*.pdf")])


def wait_for(root: Path, count: int) -> None:
    until = time.monotonic() + 120
    while made(root) < count:
        assert time.monotonic() < until
        time.sleep(0.05)


def wait_until_idle(address: str) -> None:
    """Wait until no worker has a task, not even one that was cancelled and hasn't ended yet."""

    def running(dask_worker) -> int:  # inside, since workers can't import this module
        return len(dask_worker.state.executing)

    until = time.monotonic() + 120
    with Client(address, timeout=120) as client:
        while any(client.processing().values()) or any(client.run(running).values()):
            assert time.monotonic() < until
            time.sleep(0.05)


def test_cluster_makes_the_same_bytes_whoever_is_killed(cluster, tmp_path):
    address, workers = cluster
    expected = country(tmp_path / "alone", 24)
    output = begin(expected).communicate()[0]
    assert "Done" in output, output
    whole = made(expected)
    # The client is killed: pieces that its workers had made by then aren't made again.
    root = country(tmp_path / "campaign", 24)
    client = begin(root, "--cluster", address)
    wait_for(root, whole // 4)
    client.kill()
    client.communicate()
    wait_until_idle(address)
    kept = {path: path.stat().st_mtime_ns for path in (root / ".build/store").glob("*/*.pdf")}
    assert whole // 4 <= len(kept) < whole, (len(kept), whole)
    # A worker is killed: its work goes to the other one.
    client = begin(root, "--cluster", address)
    wait_for(root, len(kept) + (whole - len(kept)) // 3)
    workers[0].send_signal(signal.SIGKILL)
    output = client.communicate()[0]
    assert client.returncode == 0, output
    assert contents(root / "dist") == contents(expected / "dist")
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    print(f"{whole} pieces; {len(kept)} were there when the client was killed.")


def test_pieces_come_by_a_shared_folder_and_a_damaged_one_is_named(cluster, tmp_path):
    address, _ = cluster
    root, shared = country(tmp_path / "campaign", 3), tmp_path / "shared"
    output = begin(root, "--cluster", address, "--store", str(shared)).communicate()[0]
    assert "Done" in output, output
    first = contents(root / "dist")
    # Another computer takes them from there; damaged ones are never taken.
    shutil.rmtree(root / ".build")
    one = next(shared.glob("*/*.pdf"))
    data = bytearray(one.read_bytes())
    data[100] ^= 1
    one.write_bytes(data)
    output = begin(root, "--cluster", address, "--store", str(shared)).communicate()[0]
    assert one.name in output.replace("\n", ""), output
    output = begin(root, "--cluster", address, "--store", str(shared)).communicate()[0]
    assert "Done" in output, output
    assert contents(root / "dist") == first


def test_pieces_come_by_a_shared_bucket(tmp_path, monkeypatch):
    with s3_server(tmp_path / "log") as server:
        for name, value in {**KEYS, "AWS_ENDPOINT_URL": server, "HOME": "/nowhere"}.items():
            monkeypatch.setenv(name, value)
        address = f"tcp://127.0.0.1:{free_port()}"
        processes = begin_cluster(address, tmp_path)
        try:
            root, store = country(tmp_path / "campaign", 3), f"s3://{BUCKET}/store"
            output = begin(root, "--cluster", address, "--store", store).communicate()[0]
            assert "Done" in output, output
            first, kept = contents(root / "dist"), listed(server, "store/")
            assert len(kept) > 20
            # Another computer takes them from there: nothing is uploaded again.
            shutil.rmtree(root / ".build")
            output = begin(root, "--cluster", address, "--store", store).communicate()[0]
            assert "Done" in output, output
            assert contents(root / "dist") == first
            assert listed(server, "store/") == kept
        finally:
            end(processes)


def test_nobody_answers(tmp_path):
    root = country(tmp_path / "campaign", 3)
    output = begin(root, "--cluster", "tcp://127.0.0.1:9").communicate()[0]
    assert "cluster-unreachable" in output


def test_scheduler_on_a_network_is_asked_by_tls_and_whoever_has_no_certificate_gets_nothing(tmp_path):
    address, root = f"tls://127.0.0.1:{free_port()}", country(tmp_path / "campaign", 3)
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    ask = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=campaign"]
    subprocess.run([*ask, "-keyout", key, "-out", cert], check=True, capture_output=True)
    files = ("--tls-ca-file", str(cert), "--tls-cert", str(cert), "--tls-key", str(key))
    processes = begin_cluster(address, tmp_path, *files)
    try:
        mine = ("--cluster-ca", str(cert), "--cluster-cert", str(cert), "--cluster-key", str(key))
        output = begin(root, "--cluster", address, *mine).communicate()[0]
        assert "Done" in output, output
        shutil.rmtree(root / ".build")
        output = begin(root, "--cluster", address.replace("tls", "tcp")).communicate()[0]
        assert "cluster-unreachable" in output, output
    finally:
        end(processes)


def test_worker_that_differs_is_named_and_makes_nothing(cluster, tmp_path):
    address, processes = cluster
    root, programs = country(tmp_path / "campaign", 3), tmp_path / "programs"
    shutil.copytree(Path(campaign.__file__).parent, programs / "campaign")
    with (programs / "campaign/printing/typst/parts.typ").open("a") as design:
        design.write("// of last week\n")
    options = ("--nthreads", "1", "--no-dashboard", "--no-nanny", "--host", "127.0.0.1")
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(programs)}
    processes.append(start("dask_worker", address, *options, "--worker-port", str(port), environment=environment))
    wait_for_workers(address, 3)
    output = " ".join(begin(root, "--cluster", address).communicate()[0].split())
    assert f"The worker 127.0.0.1:{port} of the cluster makes nothing, because it has another program." in output
    assert "Done in" in output, output
    assert made(root) > 40


@pytest.mark.parametrize(
    ("ended", "message"),
    [
        ("workers", "The cluster has lost all its workers."),
        ("scheduler", "The cluster's scheduler no longer answers."),
    ],
)
def test_what_a_cluster_has_lost_is_said_in_one_sentence(cluster, tmp_path, ended, message):
    address, processes = cluster
    root = country(tmp_path / "campaign", 24)
    client = begin(root, "--cluster", address)
    wait_for(root, 10)
    end(processes[:2] if ended == "workers" else processes[2:])
    output = client.communicate()[0]
    assert client.returncode == 1
    assert message in " ".join(output.split())
    assert "Traceback" not in output
    assert " - ERROR - " not in output


def test_interrupted_build_stops_the_workers(cluster, tmp_path):
    address, _ = cluster
    root = country(tmp_path / "campaign", 24)
    client = begin(root, "--cluster", address)
    wait_for(root, 10)
    client.send_signal(signal.SIGINT)
    client.communicate()
    count = made(root)
    wait_until_idle(address)
    assert made(root) <= count + 4
