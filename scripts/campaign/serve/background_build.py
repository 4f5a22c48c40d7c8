"""The whole build behind the pages: prints, pictures, search, copies, and then site/ and dist/."""

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
from campaign.models.problem import CampaignError, Problem, heard

# Seconds that a build gets to end by itself.
PATIENCE = 5


@dataclass(frozen=True)
class Step:
    """How far a build is: a step's name, how much of it is done, how much it is in all."""

    name: str
    done: int
    total: int


@dataclass(frozen=True)
class Built:
    """What a build came to: all that is wrong, but for what the campaign silences."""

    problems: tuple[Problem, ...]

    @property
    def must_wait(self) -> bool:
        """Whether somebody else is building."""
        return any(problem.id == "build-running" for problem in self.problems)


class BackgroundBuild:
    """One build at a time, in a process of its own that can be ended at any moment.

    Attributes:
        step: what it is at; None where none is running.
        is_lost: whether the last one ended without a word.
    """

    def __init__(self, root: Path, is_trusted: bool) -> None:
        self.root, self.is_trusted = root, is_trusted
        self.step: Step | None = None
        self.is_lost = False
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def start(self) -> None:
        """Begins a build; one that is under way is ended."""
        self.end()
        ours, theirs = get_context("spawn").Pipe(duplex=False)
        process = get_context("spawn").Process(target=_build, args=(self.root, self.is_trusted, theirs))
        with signals_deferred():
            process.start()
            # Known before a Ctrl+C that came meanwhile is heard: else nobody would end it.
            self.step, self._process, self._pipe, self.is_lost = Step("read", 0, 1), process, ours, False
        theirs.close()

    def poll(self) -> Built | None:
        """Takes in how far the build is; what it came to, once."""
        built = None
        while self._pipe is not None and built is None:
            try:
                if not self._pipe.poll():
                    return None
                said = self._pipe.recv()
            except (EOFError, OSError):
                said, self.is_lost = Built(()), True
            if isinstance(said, Step):
                self.step = said
            else:
                built = said
        if built is not None:
            self._forget()
        return built

    def end(self) -> None:
        """Ends a build that is under way; what it was moving into place is moved."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.join(PATIENCE)
        if self._process.is_alive():
            self._process.kill()
        self._forget()
        with suppress(CampaignError, OSError):  # the next build tries again, and says so
            atomic.finish_publishing(self.root)

    def _forget(self) -> None:
        assert self._process is not None
        assert self._pipe is not None
        self._process.join()
        self._pipe.close()
        self.step, self._process, self._pipe = None, None, None


def _build(root: Path, is_trusted: bool, pipe: Connection) -> None:
    from campaign.pipeline.build import build

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for whoever started it
    end_with_parent()
    with suppress(AttributeError, OSError):  # Windows has no such thing
        os.nice(5)  # pages come first
    try:
        report = build(root, lambda *step: pipe.send(Step(*step)), is_trusted=is_trusted)
        built = Built(tuple(heard(report.problems, report.silence)))
    except CampaignError as error:
        built = Built(error.problems)
    except OSError as error:
        built = Built((refused_by_system(error),))
    pipe.send(built)
