"""Work spread over processes, one for each core; in this one where there is little of it, or where a worker dies."""

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

# A forked process has all modules and all data at once, but only Linux forks safely, and Typst's threads do not survive
# it: what runs Typst asks for 'spawn'.
METHOD = "fork" if sys.platform == "linux" else "spawn"
# Where Linux says what a group of processes may use (cgroup v2).
GROUPS = Path("/sys/fs/cgroup")

Shared = TypeVar("Shared")
Job = TypeVar("Job")
Result = TypeVar("Result")


def cpu_count() -> int:
    """Cores that this process may use: of those that there are a container or `taskset` may leave it few."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):
        own = Path("/proc/self/cgroup").read_text(encoding="ascii").rpartition("::/")[2].strip()
        for folder in (GROUPS / own, *(GROUPS / own).parents):
            with suppress(OSError, ValueError):  # it has no limit: 'max'
                quota, period = (folder / "cpu.max").read_text(encoding="ascii").split()
                cores = min(cores, -(-int(quota) // int(period)))
    return max(1, cores)


def resident() -> int:
    """Bytes of memory that this process has; 0 where nobody says."""
    with suppress(OSError, ValueError, AttributeError):
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    return 0


def give_back() -> None:
    """Gives the system memory that was freed: glibc keeps it."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def map_in_workers(
    work: Callable[[Shared, Job], Result],
    shared: Shared,
    jobs: list[Job],
    chunk: int = 1,
    is_much: bool = True,
    method: str = "",
) -> Iterator[Result]:
    """work(shared, job) of each job, in their order.

    Args:
        work: a function of a module, so that a process that does not share memory finds it.
        shared: what all jobs need; each process gets it once.
        jobs: what is worked on; each has to be picklable.
        chunk: how many jobs go to a worker at once.
        is_much: whether a process of its own is worth what starting it costs.
        method: how processes are started, a word of multiprocessing; METHOD where none is named.
    """
    done = 0
    # A thread beside others does not fork: what those have locked would stay locked in its workers.
    is_alone = threading.current_thread() is threading.main_thread()
    if is_much and is_alone and len(jobs) > 1 and cpu_count() > 1:
        with _kill_workers_on_interrupt():
            pool, results = _start(work, shared, jobs, chunk, method or METHOD)
        with pool, suppress(BrokenProcessPool), _kill_workers_on_interrupt():
            for result in results:
                done += 1
                yield result
    for job in jobs[done:]:
        yield work(shared, job)


def _start(
    work: Callable[[Shared, Job], Result], shared: Shared, jobs: list[Job], chunk: int, method: str
) -> tuple[AbstractContextManager[object], Iterator[Result]]:
    """Processes and what they give back; none where the system allows none (no /dev/shm, too many, no memory)."""
    pool: AbstractContextManager[object] = nullcontext()
    with suppress(OSError, ImportError, RuntimeError), warnings.catch_warnings(), signals_deferred(method):
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 on: of forking beside a thread
        count = min(cpu_count(), len(jobs))
        pool = started = ProcessPoolExecutor(count, get_context(method), _init_worker, (work, shared))
        return started, started.map(_work_remembered, jobs, chunksize=chunk)
    return pool, iter(())


@contextmanager
def _kill_workers_on_interrupt() -> Iterator[None]:
    """Where somebody ends the work by Ctrl+C, workers end at once: nobody waits for what nobody wants any more."""
    try:
        yield
    except (KeyboardInterrupt, GeneratorExit):
        for worker in active_children():
            worker.kill()
        raise


# Held while a process starts: whoever ends meanwhile with its parent waits that long.
_starting = threading.Lock()
TERMINATION_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def signals_deferred(method: str = "spawn") -> Iterator[None]:
    """Starts workers without an end in the midst of it.

    Ctrl+C goes to workers too, each of which would say so in a traceback, and one whose build is ended while it starts
    gets half of what it has to know. Both signals come afterwards; what is started here never sees the first.

    Args:
        method: how processes are started, a word of multiprocessing.
    """
    with _starting:
        if not hasattr(signal, "pthread_sigmask"):  # Windows
            yield
            return
        if method != "fork":
            resource_tracker.ensure_running()  # started by the first worker, it would let signals through again
        came: list[int] = []
        # A mask is the main thread's alone: what a library's thread takes has to be remembered. Only the main thread
        # may say how.
        is_main = threading.current_thread() is threading.main_thread()
        handlers = {
            each: signal.signal(each, lambda number, _: came.append(number)) for each in TERMINATION_SIGNALS if is_main
        }
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, TERMINATION_SIGNALS)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            for number, handler in handlers.items():
                signal.signal(number, handler)
            for each in dict.fromkeys(came):
                signal.raise_signal(each)


# Types end at the border of a process: what `map_in_workers` was given, its workers take as it is.
_worker_task: tuple[Callable[[Any, Any], Any], object] | None = None


def _init_worker(work: Callable[[Any, Any], Any], shared: object) -> None:
    """Gives a worker what all jobs share once, rather than with every job."""
    global _worker_task
    _worker_task = (work, shared)
    # Cores have a worker each; threads of Typst's beside it would look for work that others do (6 % of a handout).
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    end_with_parent()
    # What stands already stays to the end: the collector need not look through all of a campaign again and again. Nor
    # after each 700 new objects: those of a PDF make no reference cycles (3 % of a leaflet).
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def end_with_parent() -> None:
    """A process that is killed cannot tell its workers; without this they would wait for work for ever."""
    global _starting
    _starting = threading.Lock()  # a forked process has that of its parent, who holds it
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
