"""Run `campaign` commands in the background, those that write outputs one after the other, and read what they print."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from campaign.cache.external_programs import Process, start_program
from campaign.cache.workers import signals_deferred
from campaign.models.campaign import Campaign
from campaign.models.problem import Problem
from campaign.models.rules import load_rules
from campaign.pipeline.report import LEFT_OUT, PROGRESS_AS_LINES, of_line

MAX_LINES = 400
# A problem as commands print it.
PROBLEM_LINE = re.compile(r"(?:problem|note) (\S+) (.+?[.?!:”]) (.*) ?\(([a-z][a-z0-9-]+)\)")
MAX_PROBLEMS = 20
ESTIMATE_AFTER_S = 20.0  # seconds before a step's duration can be estimated
# A file in the output of `campaign publish --dry-run`, or the number of those it leaves out.
PAGE = re.compile(r"[\w./-]+\.html")
LINE = re.compile(r"(new|changed|gone)  (?:(\d+) more( pages)?|(.+))")


@dataclass
class Job:
    """A sequence of commands that stops at the first failure, not at a build that leaves out outputs."""

    number: int
    title: str
    commands: tuple[tuple[str, ...], ...]  # arguments of `campaign`
    result_url: str = ""  # page of the desk that shows the result
    note: str = ""  # what to tell when it is done; `is_warning` if that is a warning
    is_exclusive: bool = True  # waits for other jobs
    lines: list[str] = field(default_factory=list)
    step: tuple[str, int, int] = ("", 0, 0)  # what it is doing, how much of it is done, and how much there is
    code: int | None = None  # exit code; None until it ends
    left_out: int = 0  # outputs that its commands could not make; all others are ready
    is_begun: bool = False
    is_cancelled: bool = False  # runs no further commands
    offer: Mapping[str, str] = field(default_factory=dict)  # form fields for a button below the note
    is_warning: bool = False
    is_stopped: bool = False
    arguments: tuple[str, ...] = ()  # of the current command
    process: Process | None = None
    # When this step started, and how much was done then.
    since: tuple[float, int] = (0.0, 0)

    @property
    def builds(self) -> bool:
        """Whether it builds the site and all prints."""
        return self.commands[0][0] == "build"

    @property
    def is_look(self) -> bool:
        """Whether its output is what the user asked for."""
        return "--dry-run" in self.arguments

    @property
    def minutes(self) -> int:
        """The estimated minutes left of this step; 0 if unknown."""
        (_, finished_count, total), (since, before) = self.step, self.since
        passed = time.monotonic() - since
        if passed < ESTIMATE_AFTER_S or finished_count <= before or finished_count >= total:
            return 0
        return round(passed / (finished_count - before) * (total - finished_count) / 60) or 1

    def parse_line(self, line: str) -> None:
        """Parse a line of the command's output."""
        result = of_line(line)
        if result and result[0] == LEFT_OUT:
            self.left_out += result[1]
        elif result:
            if result[0] != self.step[0]:
                self.since = time.monotonic(), result[1]
            self.step = result
        else:
            self.lines.append(line)
            del self.lines[:-MAX_LINES]

    @property
    def state(self) -> str:
        """One of waiting, working, done, partial, failed, stopped, unchanged (stopped without a change)."""
        if not self.is_done:
            return "working" if self.is_begun else "waiting"
        if self.is_stopped and self.code:
            return "unchanged" if not self.is_begun or self.arguments[0] == "build" else "stopped"
        if self.code:
            return "failed"
        return "partial" if self.left_out else "done"

    @property
    def problems(self) -> list[Problem]:
        """The problems that stopped it or left out outputs, as far as it printed them."""
        rows = (match.groups() for line in self.lines if (match := PROBLEM_LINE.fullmatch(line)))
        parsed = [Problem(*(id, where, message, fix)) for where, message, fix, id in rows if id in load_rules()]
        return [problem for problem in dict.fromkeys(parsed) if not problem.is_note][:MAX_PROBLEMS]

    @property
    def is_done(self) -> bool:
        """Whether it has ended."""
        return self.code is not None


class Jobs:
    """The jobs of the desk; only one at a time writes outputs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.all: list[Job] = []
        self._exclusive = threading.Lock()

    def start(
        self,
        title: str,
        *commands: Sequence[str],
        on_end: Callable[[tuple[str, ...]], None] = lambda _: None,
        **value: Any,
    ) -> Job:
        """Start a job. `on_end` is called with each command that succeeded; `value`: see Job."""
        job = Job(len(self.all) + 1, title, tuple(map(tuple, commands)), **value)
        self.all.append(job)
        threading.Thread(target=self._wait, args=(job, on_end), daemon=True).start()
        return job

    @property
    def building(self) -> Job | None:
        """The build that is waiting or running."""
        return next((job for job in self.all if job.builds and not job.is_done), None)

    def stop(self, number: int) -> None:
        """Stop a job; earlier outputs stay."""
        job = self.find(number)
        if job.is_done:
            return
        job.is_stopped = True
        if job.process:
            job.process.terminate()
        elif not job.is_begun:
            job.code = -1

    def cancel_pending(self, command: Sequence[str], note: str) -> None:
        """Remove a command from jobs that haven't reached it; `note` replaces their note."""
        for job in self.all:
            if tuple(command) in job.commands[1:] and job.arguments != tuple(command) and not job.is_done:
                job.is_cancelled, job.note, job.is_warning = True, note, True

    def find(self, number: int) -> Job:
        """Return a job."""
        if not 0 < number <= len(self.all):
            raise LookupError(number)
        return self.all[number - 1]

    def end(self) -> None:
        """Stop all jobs."""
        for job in self.all:
            self.stop(job.number)

    def _wait(self, job: Job, on_end: Callable[[tuple[str, ...]], None]) -> None:
        with self._exclusive if job.is_exclusive else nullcontext():
            if job.is_done:
                return
            job.is_begun = True
            for command in job.commands:
                if job.is_cancelled and command is not job.commands[0]:
                    break
                job.arguments, left_out = command, job.left_out
                code = -1 if job.is_stopped else self._run(job)
                if job.left_out > left_out and not job.is_stopped:
                    code = 0
                if code:
                    break
                on_end(command)
            job.code = code

    def _run(self, job: Job) -> int:
        environment = {"PYTHONSAFEPATH": "1", "PYTHONIOENCODING": "utf-8", "COLUMNS": "100", PROGRESS_AS_LINES: "1"}
        command = [sys.executable, "-m", "campaign", "--root", str(self.root), *job.arguments]
        try:
            with signals_deferred():
                process = job.process = start_program(command, self.root, environment)
        except OSError as error:
            job.lines.append(str(error))
            return 1
        if job.is_stopped:  # stopped while starting
            process.terminate()
        assert process.stdout is not None
        for line in process.stdout:
            job.parse_line(line.rstrip("\n"))
        return process.wait()


@dataclass(frozen=True)
class PlannedChange:
    """Pages that are new, changed or gone."""

    kind: str
    pages: list[str]  # titles with languages; addresses of pages that the campaign doesn't have
    other_files: int  # other files: pictures, lists, offline copies
    more_pages: int = 0  # pages that the command didn't list


def planned_changes(campaign: Campaign | None, lines: Iterable[str]) -> Iterator[PlannedChange]:
    """Read the lines of a dry run."""
    titles = _titles(campaign)
    changes: dict[str, PlannedChange] = {}
    for match in filter(None, map(LINE.fullmatch, lines)):
        kind, count, of_pages, name = match.groups()
        row = changes.get(kind, PlannedChange(kind, [], 0))
        if name in titles or (kind == "gone" and str(name).endswith(".html")):
            changes[kind] = replace(row, pages=[*row.pages, titles.get(name, name)])
        elif of_pages:
            changes[kind] = replace(row, more_pages=int(count))
        else:
            changes[kind] = replace(row, other_files=row.other_files + int(count or 1))
    yield from changes.values()


def with_titles(campaign: Campaign | None, problem: Problem) -> Problem:
    """Replace addresses of releases in a problem by their titles."""
    if problem.id != "rollback-withheld":
        return problem
    titles = _titles(campaign)
    return replace(problem, message=PAGE.sub(lambda page: f"“{titles.get(page[0], page[0])}”", problem.message))


def _titles(campaign: Campaign | None) -> dict[str, str]:
    if campaign is None:
        return {}
    pages = {**campaign.pages, **campaign.withheld}.values()
    return {page.address: f"{page.title} ({campaign.languages[page.language].name})" for page in pages}
