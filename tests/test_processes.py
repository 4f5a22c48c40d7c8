"""Work in worker processes ends with the build, however the build ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from conftest import MAX_WAIT_S
from needed_tools import leave_out

from campaign.cache import workers
from campaign.pipeline import memory

# Two workers that would be at it for longer than a test waits, and say so.
WORK = r"""
import os, sys, time
from campaign.cache.workers import map_in_workers

def work(shared, job):
    os.write(1, b"%d\n" % job)
    time.sleep(600)

if __name__ == "__main__":
    list(map_in_workers(work, None, [1, 2], method=sys.argv[1]))
"""
ENDINGS = [signal.SIGTERM, *([signal.SIGKILL] if sys.platform != "win32" else [])]


def starting(*command, cwd) -> subprocess.Popen:
    """A process and its children: each holds the pipe's end, which closes with the last of them."""
    return subprocess.Popen([sys.executable, *map(str, command)], cwd=cwd, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("method", ["fork", "spawn"] if sys.platform == "linux" else ["spawn"])
def test_workers_end_with_the_process_that_started_them(tmp_path, method, ending):
    (tmp_path / "work.py").write_text(WORK, encoding="utf-8")
    with starting("work.py", method, cwd=tmp_path) as process:
        begun = {process.stdout.readline() for _ in range(2)}
        process.send_signal(ending)
        assert process.communicate(timeout=MAX_WAIT_S)[0] == ""
    assert begun == {"1\n", "2\n"}


def test_there_are_as_many_workers_as_a_container_has_cores(tmp_path, monkeypatch):
    if sys.platform != "linux":
        leave_out("Linux")
    monkeypatch.setattr(workers, "GROUPS", tmp_path)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3}, raising=False)
    for limit, cores in (("max 100000", 4), ("150000 100000", 2), ("50000 100000", 1)):
        (tmp_path / "cpu.max").write_text(f"{limit}\n", encoding="ascii")
        assert workers.cpu_count() == cores


@pytest.mark.parametrize(("limit", "kept"), [("max", 400), ("2000000000", 250), ("1000000000", 125)])
def test_workers_keep_less_on_a_computer_with_little_memory(tmp_path, monkeypatch, limit, kept):
    if sys.platform != "linux":
        leave_out("Linux")
    monkeypatch.setattr(workers, "GROUPS", tmp_path)
    monkeypatch.setattr(memory, "cpu_count", lambda: 2)
    monkeypatch.setattr(os, "sysconf", lambda _: 1_000_000)  # as many pages, of as many bytes
    (tmp_path / "memory.max").write_text(f"{limit}\n", encoding="ascii")
    assert memory.kept_memory.__wrapped__() == kept * 1_000_000
