"""Commands that the desk runs beside itself, one after the other: what takes long, or may hang, holds up nobody."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from campaign.cache.workers import signals_deferred

# Of what a command says, as many lines are kept.
LINES = 400
# At the end of a problem stands its id.
ID = re.compile(r"\(([a-z][a-z-]+)\)")


@dataclass
class Job:
    """A command, and what came of it.

    Attributes:
        title: what it does, in words of whoever asked.
        arguments: of `campaign`.
        then: where its result is shown, below the desk's address.
        lines: what it has said so far.
        code: 0 where it went well; None while it waits or works.
    """

    number: int
    title: str
    arguments: tuple[str, ...]
    then: str = ""
    lines: list[str] = field(default_factory=list)
    code: int | None = None
    is_begun: bool = False
    process: subprocess.Popen[str] | None = None

    @property
    def problem_ids(self) -> list[str]:
        """The ids of the problems that it named."""
        return [found[1] for line in self.lines for found in ID.finditer(line)]

    @property
    def is_done(self) -> bool:
        """Whether it has ended."""
        return self.code is not None


class Jobs:
    """Runs `campaign` for the desk. Two at a time would wait for each other: only one may make things."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.all: list[Job] = []
        self._turn = threading.Lock()

    def start(self, title: str, arguments: Sequence[str], then: str = "") -> Job:
        """Begins a command as soon as those before it have ended."""
        job = Job(len(self.all) + 1, title, tuple(arguments), then)
        self.all.append(job)
        threading.Thread(target=self._run, args=(job,), daemon=True).start()
        return job

    def stop(self, number: int) -> None:
        """Ends a command; it leaves what was there before.

        Raises:
            LookupError: there is none of that number.
        """
        job = self.find(number)
        if job.process and job.code is None:
            job.process.terminate()
        elif job.code is None:
            job.code = -1

    def find(self, number: int) -> Job:
        """The command of a number.

        Raises:
            LookupError: there is none.
        """
        if not 0 < number <= len(self.all):
            raise LookupError(number)
        return self.all[number - 1]

    def end(self) -> None:
        """Ends all."""
        for job in self.all:
            self.stop(job.number)

    def _run(self, job: Job) -> None:
        with self._turn:
            if job.is_done:
                return
            job.is_begun = True
            environment = {**os.environ, "PYTHONSAFEPATH": "1", "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}
            command = [sys.executable, "-m", "campaign", "--root", str(self.root), *job.arguments]
            try:
                with signals_deferred():
                    job.process = subprocess.Popen(
                        command,
                        cwd=self.root,
                        env=environment,
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.STDOUT,
                        text=True,
                        encoding="utf-8",
                        errors="replace",
                    )
            except OSError as error:
                job.lines.append(str(error))
                job.code = 1
                return
            assert job.process.stdout is not None
            for line in job.process.stdout:
                job.lines.append(line.rstrip("\n"))
                del job.lines[:-LINES]
            job.code = job.process.wait()
