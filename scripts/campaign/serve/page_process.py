"""The process that reads the campaign and makes pages: it may end or hang, and nobody hangs with it."""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from campaign.cache.workers import signals_deferred
from campaign.serve.campaign_state import CampaignState

# Seconds after which a reader is taken for lost: reading ten times the first campaign takes three.
LOST = 60.0
ENDED = "the process that reads it has ended"


class PageProcess:
    """Asks campaign.serve.pages, one question after the other.

    Attributes:
        complaint: what is said in every page while the campaign cannot be read; ''.
    """

    def __init__(self, root: Path, is_trusted: bool) -> None:
        self._given, self.complaint = (root, is_trusted), ""
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._pipe, theirs = get_context("spawn").Pipe()
        self._process = get_context("spawn").Process(target=_answer, args=(*self._given, theirs))
        with signals_deferred():
            self._process.start()
        theirs.close()
        self._asked: deque[Future[Any]] = deque()
        threading.Thread(target=_take_answers, args=(self._pipe, self._asked), daemon=True).start()

    def _ask(self, *question: str) -> Future[Any]:
        job: Future[Any] = Future()
        with self._lock:
            self._asked.append(job)
            try:
                self._pipe.send(question)
            except OSError:
                _fail(job)
        return job

    def page(self, address: str) -> Future[str | None]:
        """The finished page of an address, once its turn comes."""
        return self._ask("page", address)

    def read(self) -> CampaignState | None:
        """Reads the campaign; None where nothing comes of it, which `complaint` then says."""
        if not self._process.is_alive():
            self._begin()
        job, until = self._ask("read"), time.monotonic() + LOST
        while time.monotonic() < until:
            try:
                found: CampaignState = job.result(0.5)  # Ctrl+C gets in between
            except TimeoutError:
                continue
            except RuntimeError as error:
                self.complaint = f"The campaign cannot be read: {error}"
                return None
            self.complaint = ""
            return found
        self.complaint = f"Reading what changed last takes longer than {LOST:.0f} seconds. Take it back."
        self.end()
        return None

    def end(self) -> None:
        """Ends the process, whatever it is at."""
        self._process.terminate()
        self._process.join(1)
        if self._process.is_alive():
            self._process.kill()


def _answer(root: Path, is_trusted: bool, pipe: Connection) -> None:
    # Whoever answers browsers needs nothing of what reads and makes.
    from campaign.serve.pages import answer

    answer(root, is_trusted, pipe)


def _take_answers(pipe: Connection, asked: deque[Future[Any]]) -> None:
    try:
        while True:
            found, error = pipe.recv()
            job = asked.popleft()
            if error is None:
                job.set_result(found)
            else:
                job.set_exception(RuntimeError(error))
    except (EOFError, OSError):
        while asked:
            _fail(asked.popleft())


def _fail(job: Future[Any]) -> None:
    if not job.done():
        job.set_exception(RuntimeError(ENDED))
