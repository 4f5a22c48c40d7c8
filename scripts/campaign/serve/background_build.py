"""The complete build in the background: prints, pictures, search and copies, then site/ and dist/."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from campaign.cache import atomic
from campaign.cache.atomic import refused_by_system
from campaign.cache.workers import end_with_parent, signals_deferred
from campaign.models.problem import CampaignError, Problem, unsilenced

END_TIMEOUT_S = 5  # seconds that it has to end before it is killed


@dataclass(frozen=True)
class Step:
    """The progress of a build: step, done, total."""

    name: str
    done: int
    total: int


@dataclass(frozen=True)
class Built:
    """The result of a build: all unsilenced problems."""

    problems: tuple[Problem, ...]

    @property
    def must_wait(self) -> bool:
        """Whether another process is building."""
        return any(problem.id == "build-running" for problem in self.problems)


class BackgroundBuild:
    """One build at a time in a separate process. `step` is None when idle; `is_lost`: it crashed."""

    def __init__(self, root: Path, is_trusted: bool) -> None:
        self.root, self.is_trusted = root, is_trusted
        self.step: Step | None = None
        self.is_lost = False
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def start(self) -> None:
        """Start a build, and end a running one."""
        self.end()
        receiver, sender = get_context("spawn").Pipe(duplex=False)
        process = get_context("spawn").Process(target=_build, args=(self.root, self.is_trusted, sender))
        with signals_deferred():
            process.start()
            # Set before a Ctrl+C is handled, so that the process is ended.
            self.step, self._process, self._pipe, self.is_lost = Step("read", 0, 1), process, receiver, False
        sender.close()

    def poll(self) -> Built | None:
        """Update the progress; return the result once."""
        build_result = None
        while self._pipe is not None and build_result is None:
            try:
                if not self._pipe.poll():
                    return None
                message = self._pipe.recv()
            except (EOFError, OSError):
                message, self.is_lost = Built(()), True
            if isinstance(message, Step):
                self.step = message
            else:
                build_result = message
        if build_result is not None:
            self._forget()
        return build_result

    def end(self) -> None:
        """End a running build; a move into place is completed."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.join(END_TIMEOUT_S)
        if self._process.is_alive():
            self._process.kill()
        self._forget()
        with suppress(CampaignError, OSError):  # the next build tries again and reports it
            atomic.finish_publishing(self.root)

    def _forget(self) -> None:
        assert self._process is not None
        assert self._pipe is not None
        self._process.join()
        self._pipe.close()
        self.step, self._process, self._pipe = None, None, None


def _build(root: Path, is_trusted: bool, pipe: Connection) -> None:
    from campaign.pipeline.build import build

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent
    end_with_parent()
    with suppress(AttributeError, OSError):  # not on Windows
        os.nice(5)  # pages come first
    try:
        report = build(root, lambda *step: pipe.send(Step(*step)), is_trusted=is_trusted)
        built = Built(tuple(unsilenced(report.problems, report.silence)))
    except CampaignError as error:
        built = Built(error.problems)
    except OSError as error:
        built = Built((refused_by_system(error),))
    pipe.send(built)
