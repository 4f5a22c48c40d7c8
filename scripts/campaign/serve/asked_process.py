"""A process that keeps what it has read and answers questions; it may end, hang or grow without harm to the caller."""

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
PROCESS_ENDED = "the process that reads it has ended"


class WorkerProcess:
    """A process that starts at the first request, and again after it has ended."""

    def __init__(self, module: str, *module_arguments: object) -> None:
        """The process runs `answer(*module_arguments, pipe)` of a module, which the caller doesn't import."""
        self._module_call = (module, *module_arguments)
        self._lock, self._count = threading.Lock(), count()
        self._process: Any = None
        self._pipe: Connection | None = None
        self._requests: dict[int, Future[Any]] = {}
        self._is_closed = False
        self.memory, self.number = 0, 0

    def ask(self, name: str, *value: object) -> Future[Any]:
        """Call a method in the process; the future fails with RuntimeError if that or the process fails."""
        job: Future[Any] = Future()
        with self._lock:
            if self._is_closed:
                _fail(job)
                return job
            if self._process is None or not self._process.is_alive():
                self._begin()
            number = next(self._count)
            self._requests[number] = job
            try:
                assert self._pipe is not None
                self._pipe.send((number, name, value))
            except OSError:
                _fail(job)
        return job

    def end(self) -> None:
        """End the process; pending calls fail."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join(1)

    def close(self) -> None:
        """End the process, and start no other."""
        with self._lock:
            self._is_closed = True
        self.end()

    @property
    def is_alive(self) -> bool:
        """Return whether it is running."""
        return self._process is not None and self._process.is_alive()

    def _begin(self) -> None:
        self._pipe, child_pipe = get_context("spawn").Pipe()
        self._process = get_context("spawn").Process(target=_work, args=(*self._module_call, child_pipe))
        with signals_deferred(), _few_arenas():
            self._process.start()
        child_pipe.close()
        self._requests = {}
        self.number += 1
        threading.Thread(target=self._take_answers, args=(self._pipe, self._requests), daemon=True).start()

    def _take_answers(self, pipe: Connection, pending: dict[int, Future[Any]]) -> None:
        with suppress(EOFError, OSError):
            while True:
                number, result, error, self.memory = pipe.recv()
                job = pending.pop(number)
                if error is None:
                    job.set_result(result)
                else:
                    job.set_exception(RuntimeError(error))
        for job in list(pending.values()):
            _fail(job)


@contextmanager
def _few_arenas() -> Iterator[None]:
    """Start a process with two malloc arenas instead of eight a core (glibc): 45 MB less."""
    old_value = os.environ.get(ARENAS)
    os.environ[ARENAS] = old_value or "2"
    try:
        yield
    finally:
        if old_value is None:
            del os.environ[ARENAS]


def _fail(job: Future[Any]) -> None:
    if not job.done():
        job.set_exception(RuntimeError(PROCESS_ENDED))


def _work(module: str, *value: object) -> None:
    importlib.import_module(module).answer(*value)


def answer_with(service: object, pipe: Connection, threaded_methods: Collection[str] = (), idle: str = "") -> None:
    """Answer calls by the methods of `service`, some in threads, until the pipe closes; call `idle` between."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent
    end_with_parent()
    gc.set_threshold(100_000, 20, 100)
    sending = threading.Lock()

    def answer(number: int, name: str, arguments: tuple[object, ...]) -> None:
        reply: tuple[object, str | None]
        try:
            reply = getattr(service, name)(*arguments), None
        except Exception as error:  # the next call may succeed
            reply = None, f"{type(error).__name__}: {error}"
        with sending, suppress(OSError):
            pipe.send((number, *reply, memory()))

    with suppress(EOFError, OSError):
        while True:
            question = pipe.recv()
            if question[1] in threaded_methods:
                threading.Thread(target=answer, args=question, daemon=True).start()
                continue
            answer(*question)
            if idle:
                with suppress(Exception):
                    getattr(service, idle)()


def memory() -> int:
    """Return this process's memory in MB, 0 if unknown."""
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * 4096 // 1_000_000
    return 0
