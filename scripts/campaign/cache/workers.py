"""Run jobs in worker processes, one per core; in this process if there are few, or if a worker dies."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from multiprocessing import active_children, get_context, parent_process, resource_tracker
from pathlib import Path
from typing import Any, TypeVar

# A forked process starts with all modules and data, but only Linux forks safely, and Typst's threads don't survive
# it: once Typst has run, jobs that run it ask for 'spawn'.
METHOD = "fork" if sys.platform == "linux" else "spawn"
# Limits of Linux control groups (cgroup v2).
GROUPS = Path("/sys/fs/cgroup")

Shared = TypeVar("Shared")
Job = TypeVar("Job")
Result = TypeVar("Result")


def cpu_count() -> int:
    """Return how many cores this process may use: a container or `taskset` may allow fewer than exist."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for quota, period in _group_limits("cpu.max"):
        cores = min(cores, -(-quota // period))
    return max(1, cores)


def memory_size() -> int:
    """Return how many bytes of memory this process may use; a very large number if unknown."""
    size = sys.maxsize
    with suppress(OSError, ValueError, AttributeError):
        size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min(size, *(limit for (limit,) in _group_limits("memory.max")), sys.maxsize)


def _group_limits(name: str) -> Iterator[list[int]]:
    """Yield the numbers of a limit of this process's control group and of those around it; none outside of Linux."""
    with suppress(OSError, ValueError):
        path = Path("/proc/self/cgroup").read_text(encoding="ascii").rpartition("::/")[2].strip()
        for folder in (GROUPS / path, *(GROUPS / path).parents):
            with suppress(OSError, ValueError):  # no limit: 'max'
                yield [*map(int, (folder / name).read_text(encoding="ascii").split())]


def resident() -> int:
    """Return the memory of this process in bytes; 0 if unknown."""
    with suppress(OSError, ValueError, AttributeError):
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    return 0


def give_back() -> None:
    """Return freed memory to the system: glibc keeps it otherwise."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def map_in_workers(
    work: Callable[[Shared, Job], Result],
    shared: Shared,
    jobs: list[Job],
    chunk: int = 1,
    is_parallel: bool = True,
    method: str = "",
) -> Iterator[Result]:
    """Yield work(shared, job) of each job in order.

    Args:
        work: a module-level function, so that spawned processes can import it.
        shared: sent once to each process.
        jobs: must be picklable.
        chunk: how many jobs a worker gets at once.
        is_parallel: whether the work justifies starting processes.
        method: start method of multiprocessing; default METHOD.
    """
    finished_count = 0
    # Never fork with other threads running: their locks would stay locked in the workers.
    is_main_thread_only = threading.current_thread() is threading.main_thread()
    if is_parallel and is_main_thread_only and len(jobs) > 1 and cpu_count() > 1:
        with _kill_workers_on_interrupt():
            pool, results = _start(work, shared, jobs, chunk, method or METHOD)
        with pool, suppress(BrokenProcessPool), _kill_workers_on_interrupt():
            for result in results:
                finished_count += 1
                yield result
    for job in jobs[finished_count:]:
        yield work(shared, job)


def _start(
    work: Callable[[Shared, Job], Result], shared: Shared, jobs: list[Job], chunk: int, method: str
) -> tuple[AbstractContextManager[object], Iterator[Result]]:
    """Start processes; none if the system refuses (no /dev/shm, too many processes, no memory)."""
    pool: AbstractContextManager[object] = nullcontext()
    with suppress(OSError, ImportError, RuntimeError), warnings.catch_warnings(), signals_deferred(method):
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12: fork in a process with threads
        count = min(cpu_count(), len(jobs))
        pool = started = ProcessPoolExecutor(count, get_context(method), _init_worker, (work, shared))
        return started, started.map(_work_remembered, jobs, chunksize=chunk)
    return pool, iter(())


@contextmanager
def _kill_workers_on_interrupt() -> Iterator[None]:
    """Kill the workers at once on Ctrl+C."""
    try:
        yield
    except (KeyboardInterrupt, GeneratorExit):
        for worker in active_children():
            worker.kill()
        raise


# Held while a process starts, so that a worker whose parent dies doesn't exit in between.
_starting = threading.Lock()
TERMINATION_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def signals_deferred(method: str = "spawn") -> Iterator[None]:
    """Start workers without an interruption halfway.

    Ctrl+C reaches workers too, which would print tracebacks, and a worker whose build ends while it starts would get
    incomplete data. Both signals are delivered afterwards; processes started here never see SIGINT.

    Args:
        method: start method of multiprocessing.
    """
    with _starting:
        if not hasattr(signal, "pthread_sigmask"):  # Windows
            yield
            return
        if method != "fork":
            resource_tracker.ensure_running()  # if the first worker started it, it would unblock the signals
        pending: list[int] = []
        # The mask covers only this thread: signals taken by a library's thread are recorded. Only the main thread
        # may set handlers.
        is_main = threading.current_thread() is threading.main_thread()
        handlers = {
            termination_signal: signal.signal(termination_signal, lambda number, _: pending.append(number))
            for termination_signal in TERMINATION_SIGNALS
            if is_main
        }
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, TERMINATION_SIGNALS)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            for number, handler in handlers.items():
                signal.signal(number, handler)
            for received in dict.fromkeys(pending):
                signal.raise_signal(received)


# Untyped, because types don't cross the border between processes.
_worker_task: tuple[Callable[[Any, Any], Any], object] | None = None


def _init_worker(work: Callable[[Any, Any], Any], shared: object) -> None:
    """Give a worker the shared data once, not with every job."""
    global _worker_task
    _worker_task = (work, shared)
    # Each core has a worker already: more Typst threads cost 6 % of a handout.
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    end_with_parent()
    # The campaign's objects live to the end, so the garbage collector can skip them. Objects of a PDF
    # make no reference cycles: collecting less often saves 3 % of a leaflet.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def end_with_parent() -> None:
    """Exit when the parent process dies: a killed process can't tell its workers."""
    global _starting
    _starting = threading.Lock()  # the copy that a forked process inherits is locked
    if hasattr(signal, "pthread_sigmask"):  # see signals_deferred
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    with _starting:
        os._exit(1)


def _work_remembered(job: object) -> Any:
    assert _worker_task is not None
    work, shared = _worker_task
    return work(shared, job)
