"""The process that reads the campaign and makes pages: it may end or hang, and nobody hangs with it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from campaign.cache.workers import undisturbed
from campaign.serve import pages

Answer = TypeVar("Answer")
# Seconds after which a reader is taken for lost: reading ten times the first campaign takes three.
LOST = 60.0


class PageProcess:
    """Asks the functions of campaign.serve.pages, one after the other.

    Attributes:
        complaint: what is said in every page while the process does not answer; ''.
    """

    def __init__(self, root: Path, is_trusted: bool) -> None:
        self._given, self.complaint = (root, is_trusted), ""
        self._begin()

    def _begin(self) -> None:
        self._pool = ProcessPoolExecutor(1, get_context("spawn"), pages.begin, self._given)
        with undisturbed():
            self._number = self._pool.submit(pages.number)

    def submit(self, work: Callable[..., Answer], *given: Any) -> Future[Answer]:
        """Work that is done once its turn comes."""
        try:
            return self._pool.submit(work, *given)
        except (BrokenProcessPool, RuntimeError) as error:
            lost: Future[Answer] = Future()
            lost.set_exception(error)
            return lost

    def ask(self, work: Callable[[], Answer]) -> Answer | None:
        """An answer that is waited for; None where there is none in time, or an error."""
        job, until = self.submit(work), time.monotonic() + LOST
        while time.monotonic() < until:
            try:
                answer = job.result(0.5)  # Ctrl+C gets in between
            except TimeoutError:
                continue
            except BrokenProcessPool:
                self._begin()
                job = self.submit(work)
                continue
            except Exception as error:  # whatever it is: the next change may mend it
                self.complaint = f"The campaign cannot be read: {type(error).__name__}: {error}"
                return None
            self.complaint = ""
            return answer
        self.complaint = f"Reading what changed last takes longer than {LOST:.0f} seconds. Take it back."
        self.end()
        self._begin()
        return None

    def end(self) -> None:
        """Ends the process, whatever it is at."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        with suppress(Exception):
            os.kill(self._number.result(0), signal.SIGTERM)
