"""A process that keeps what it has read and answers questions: it may end, hang or grow, and nobody hangs with it."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import threading
from collections.abc import Collection, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from campaign.cache.workers import end_with_parent, signals_deferred

ARENAS = "MALLOC_ARENA_MAX"
ENDED = "the process that reads it has ended"


class AskedProcess:
    """Begins when it is first asked, and anew after it has ended.

    Attributes:
        memory: of the process at its last answer, in MB; 0 where that cannot be told.
        number: how many have begun so far.
    """

    def __init__(self, module: str, *given: object) -> None:
        """module: its `answer(*given, pipe)` runs in the process; whoever asks need not load it."""
        self._given = (module, *given)
        self._lock, self._count = threading.Lock(), count()
        self._process: Any = None
        self._pipe: Connection | None = None
        self._asked: dict[int, Future[Any]] = {}
        self._is_closed = False
        self.memory, self.number = 0, 0

    def ask(self, name: str, *given: object) -> Future[Any]:
        """What a method of the one in the process returns; RuntimeError where that or the process came to an end."""
        job: Future[Any] = Future()
        with self._lock:
            if self._is_closed:
                _fail(job)
                return job
            if self._process is None or not self._process.is_alive():
                self._begin()
            number = next(self._count)
            self._asked[number] = job
            try:
                assert self._pipe is not None
                self._pipe.send((number, name, given))
            except OSError:
                _fail(job)
        return job

    def end(self) -> None:
        """Ends the process, whatever it is at; what was asked fails."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join(1)

    def close(self) -> None:
        """Ends it for good: whoever asks again gets no other, which would outlive its parent."""
        with self._lock:
            self._is_closed = True
        self.end()

    @property
    def is_alive(self) -> bool:
        """Whether there is one."""
        return self._process is not None and self._process.is_alive()

    def _begin(self) -> None:
        self._pipe, theirs = get_context("spawn").Pipe()
        self._process = get_context("spawn").Process(target=_work, args=(*self._given, theirs))
        with signals_deferred(), _few_arenas():
            self._process.start()
        theirs.close()
        self._asked = {}
        self.number += 1
        threading.Thread(target=self._take_answers, args=(self._pipe, self._asked), daemon=True).start()

    def _take_answers(self, pipe: Connection, asked: dict[int, Future[Any]]) -> None:
        with suppress(EOFError, OSError):
            while True:
                number, found, error, self.memory = pipe.recv()
                job = asked.pop(number)
                if error is None:
                    job.set_result(found)
                else:
                    job.set_exception(RuntimeError(error))
        for job in list(asked.values()):
            _fail(job)


@contextmanager
def _few_arenas() -> Iterator[None]:
    """A process that is begun now gets its memory from two places, not from eight for each core (glibc): 45 MB less."""
    before = os.environ.get(ARENAS)
    os.environ[ARENAS] = before or "2"
    try:
        yield
    finally:
        if before is None:
            del os.environ[ARENAS]


def _fail(job: Future[Any]) -> None:
    if not job.done():
        job.set_exception(RuntimeError(ENDED))


def _work(module: str, *given: object) -> None:
    importlib.import_module(module).answer(*given)


def answer_with(asked: object, pipe: Connection, beside: Collection[str] = (), rests: str = "") -> None:
    """What such a process does: answers by the methods of something, until nobody asks any more.

    Args:
        asked: whose methods they are.
        pipe: to whoever asks.
        beside: methods that take long: others are answered meanwhile. They start no processes.
        rests: a method that is called after each answer, while nobody waits; '' for none.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for whoever started it
    end_with_parent()
    gc.set_threshold(100_000, 20, 100)
    sending = threading.Lock()

    def answer(number: int, name: str, given: tuple[object, ...]) -> None:
        answered: tuple[object, str | None]
        try:
            answered = getattr(asked, name)(*given), None
        except Exception as error:  # whatever it is: the next question may be another
            answered = None, f"{type(error).__name__}: {error}"
        with sending, suppress(OSError):
            pipe.send((number, *answered, memory()))

    with suppress(EOFError, OSError):
        while True:
            question = pipe.recv()
            if question[1] in beside:
                threading.Thread(target=answer, args=question, daemon=True).start()
                continue
            answer(*question)
            if rests:
                with suppress(Exception):
                    getattr(asked, rests)()


def memory() -> int:
    """How much of the computer's memory this process has, in MB; 0 where that cannot be told."""
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * 4096 // 1_000_000
    return 0
