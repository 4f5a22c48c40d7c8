"""Commands that the desk runs beside itself, most one after the other: what takes long or hangs holds up nobody."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from campaign.cache.external_programs import Process, start_program
from campaign.cache.workers import signals_deferred
from campaign.models.problem import Problem
from campaign.models.rules import load_rules
from campaign.pipeline.report import PROGRESS_AS_LINES, of_line

# Of what a command says, as many lines are kept.
LINES = 400
# How a command tells a problem.
TOLD = re.compile(r"(?:problem|note) (\S+) (.+?[.?!:”]) (.*) ?\(([a-z][a-z0-9-]+)\)")
# So many are shown.
MOST = 20
# Seconds of a step after which can be told how long it takes.
TELLING = 20.0


@dataclass
class Job:
    """Commands one after the other, as long as each goes well, and what came of them.

    Attributes:
        title: what it does, in words of whoever asked.
        commands: arguments of `campaign`, of each.
        then: where its result is shown, below the desk's address.
        note: what whoever asked has to know of it when it is done.
        is_amiss: whether the note says that something is not as it was meant.
        offer: what a button below the note asks Publish for; empty where it has none.
        is_alone: whether it waits until no other of these works.
        is_cut: whether nothing follows what it is at.
        arguments: of the command that it is at.
        lines: what it has said so far.
        step: what it is at, how much of that is done, how much that is in all.
        code: 0 where it went well; None while it waits or works.
    """

    number: int
    title: str
    commands: tuple[tuple[str, ...], ...]
    then: str = ""
    note: str = ""
    is_alone: bool = True
    lines: list[str] = field(default_factory=list)
    step: tuple[str, int, int] = ("", 0, 0)
    code: int | None = None
    is_begun: bool = False
    is_cut: bool = False
    offer: Mapping[str, str] = field(default_factory=dict)
    is_amiss: bool = False
    is_stopped: bool = False
    arguments: tuple[str, ...] = ()
    process: Process | None = None
    # Since when it is at its step, and how much of that was done then.
    since: tuple[float, int] = (0.0, 0)

    @property
    def builds(self) -> bool:
        """Whether it makes the site and all prints."""
        return self.commands[0][0] == "build"

    @property
    def is_look(self) -> bool:
        """Whether what it says is what was asked for."""
        return "--dry-run" in self.arguments

    @property
    def minutes(self) -> int:
        """So many are left of the step, about; 0 where nobody can tell yet."""
        (_, done, total), (since, before) = self.step, self.since
        passed = time.monotonic() - since
        if passed < TELLING or done <= before or done >= total:
            return 0
        return round(passed / (done - before) * (total - done) / 60) or 1

    def hear(self, line: str) -> None:
        """Takes a line of what the command says."""
        if found := of_line(line):
            if found[0] != self.step[0]:
                self.since = time.monotonic(), found[1]
            self.step = found
        else:
            self.lines.append(line)
            del self.lines[:-LINES]

    @property
    def state(self) -> str:
        """How far it is: waiting, working, done, failed; stopped, unchanged (stopped, and nothing was changed)."""
        if not self.is_done:
            return "working" if self.is_begun else "waiting"
        if self.is_stopped and self.code:
            return "unchanged" if not self.is_begun or self.arguments[0] == "build" else "stopped"
        return "failed" if self.code else "done"

    @property
    def problems(self) -> list[Problem]:
        """What kept it from going on: the first of those problems that it told."""
        told = (found.groups() for line in self.lines if (found := TOLD.fullmatch(line)))
        named = [Problem(*(id, where, what, fix)) for where, what, fix, id in told if id in load_rules()]
        return [each for each in dict.fromkeys(named) if each.stops][:MOST]

    @property
    def is_done(self) -> bool:
        """Whether it has ended."""
        return self.code is not None


class Jobs:
    """Runs `campaign` for the desk. Two that make things would wait for each other: only one may at a time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.all: list[Job] = []
        self._turn = threading.Lock()

    def start(
        self,
        title: str,
        *commands: Sequence[str],
        then: str = "",
        note: str = "",
        is_amiss: bool = False,
        is_alone: bool = True,
        offer: Mapping[str, str] = MappingProxyType({}),
        ended: Callable[[tuple[str, ...]], None] = lambda _: None,
    ) -> Job:
        """Begins a job.

        Args:
            title: what it does, in words.
            commands: arguments of `campaign`, of each command.
            then: where its result is shown.
            note: what to say of it when it is done.
            is_amiss: whether that says that something is not as it was meant.
            offer: as Job.offer.
            is_alone: as soon as those before it have ended; else at once.
            ended: called with each command that has gone well.
        """
        job = Job(
            len(self.all) + 1,
            title,
            tuple(map(tuple, commands)),
            then,
            note,
            is_alone,
            offer=offer,
            is_amiss=is_amiss,
        )
        self.all.append(job)
        threading.Thread(target=self._wait, args=(job, ended), daemon=True).start()
        return job

    @property
    def building(self) -> Job | None:
        """The build that waits or works; None where there is none."""
        return next((job for job in self.all if job.builds and not job.is_done), None)

    def stop(self, number: int) -> None:
        """Ends a job; it leaves what was there before.

        Raises:
            LookupError: there is none of that number.
        """
        job = self.find(number)
        if job.is_done:
            return
        job.is_stopped = True
        if job.process:
            job.process.terminate()
        elif not job.is_begun:
            job.code = -1

    def cut(self, command: Sequence[str], note: str) -> None:
        """Takes a command away from each job that has yet to come to it; note: what the job says of that."""
        for job in self.all:
            if tuple(command) in job.commands[1:] and job.arguments != tuple(command) and not job.is_done:
                job.is_cut, job.note, job.is_amiss = True, note, True

    def find(self, number: int) -> Job:
        """The job of a number.

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

    def _wait(self, job: Job, ended: Callable[[tuple[str, ...]], None]) -> None:
        with self._turn if job.is_alone else nullcontext():
            if job.is_done:
                return
            job.is_begun = True
            for command in job.commands:
                if job.is_cut and command is not job.commands[0]:
                    break
                job.arguments = command
                code = -1 if job.is_stopped else self._run(job)
                if code:
                    break
                ended(command)
            job.code = code

    def _run(self, job: Job) -> int:
        """The exit code of the command that it is at."""
        own = {"PYTHONSAFEPATH": "1", "PYTHONIOENCODING": "utf-8", "COLUMNS": "100", PROGRESS_AS_LINES: "1"}
        command = [sys.executable, "-m", "campaign", "--root", str(self.root), *job.arguments]
        try:
            with signals_deferred():
                process = job.process = start_program(command, self.root, own)
        except OSError as error:
            job.lines.append(str(error))
            return 1
        if job.is_stopped:  # while it began
            process.terminate()
        assert process.stdout is not None
        for line in process.stdout:
            job.hear(line.rstrip("\n"))
        return process.wait()
