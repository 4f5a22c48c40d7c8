"""Commands measured in the same way for every side of a benchmark: clock, CPU, memory, bytes written."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = {**os.environ, "NO_COLOR": "1"}
SCRIPTS = REPOSITORY / "scripts"
# Ours is compiled once, like libraries and binaries of others.
ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)
CAMPAIGN = (sys.executable, "-m", "campaign")


@dataclass(frozen=True)
class Run:
    """One run of a command, including the child processes that it waited for.

    Attributes:
        wall: seconds by the clock.
        cpu: seconds of all processors.
        memory: megabytes of its largest process.
        written: megabytes that it gave the system to write.
    """

    wall: float
    cpu: float
    memory: float
    written: float


def serial_share(run: Run, processors: int) -> float:
    """How much of a run's work kept one processor busy while the others had nothing to do, 0 to 1 (Amdahl's law)."""
    return (processors * run.wall - run.cpu) / ((processors - 1) * run.cpu)


def measure(*command: str | Path, at: Path, given: str = "", scripts: Path = SCRIPTS) -> Run:
    """A command that must succeed; given: its standard input; scripts: the folder of our programs."""
    start_time = time.monotonic()
    process = subprocess.Popen(
        list(map(str, command)),
        cwd=at,
        env={**ENVIRONMENT, "PYTHONPATH": str(scripts)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin
    process.stdin.write(given)
    process.stdin.close()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))} in {at} failed.")
    return Run(
        time.monotonic() - start_time, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000, used.ru_oublock * 512 / 1e6
    )


def middle(numbers: Sequence[float]) -> str:
    """The median, with the least and the most in brackets: `12.3 (11.9 to 14.0)`."""
    low, high = min(numbers), max(numbers)
    told = f"{statistics.median(numbers):.3g}"
    return told if len(numbers) == 1 else f"{told} ({low:.3g} to {high:.3g})"
