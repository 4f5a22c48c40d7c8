"""Calls page_previews or print_previews, which render unsaved texts, in a separate process."""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from campaign.serve.asked_process import PROCESS_ENDED, WorkerProcess
from campaign.serve.page_process import CampaignState, result_or_complaint

# Kinds, by the module that the process runs: web pages, and printed pieces.
PAGES = "campaign.serve.page_previews"
PRINTS = "campaign.serve.print_previews"


def _wait_factor() -> float:
    try:
        return float(os.environ.get("CAMPAIGN_WAIT_FACTOR", "1"))
    except ValueError:
        return 1.0


WAIT_FACTOR = _wait_factor()  # for slow or busy computers: how many times as long to wait for a text
# Seconds for a text, for reading the campaign, and for checking all of it. Ten times the first campaign, without a
# cache and on a busy computer, took 56 and 86.
TEXT_TIMEOUT_S = 5.0 * WAIT_FACTOR
READ_TIMEOUT_S = 180.0
CHECK_TIMEOUT_S = 600.0
# MB of growth after the campaign is read: Typst keeps everything that it has set, and the language model takes 80 next
# to pages.
MAX_GROWTH_MB = {PAGES: 250, PRINTS: 200}
MAX_TRIES = 3  # attempts of a check that ends because a text hangs


class NoPreview(Exception):
    """A text can't be shown now, with the reason; `is_late`: it took too long."""

    def __init__(self, message: str, is_late: bool = False) -> None:
        super().__init__(message)
        self.is_late = is_late


class PreviewProcess:
    """One call at a time, in a process that is replaced if it hangs or grows; `complaint` about the campaign."""

    def __init__(self, kind: str, root: Path, is_trusted: bool) -> None:
        self.kind, self.complaint = kind, ""
        self._process = WorkerProcess(kind, root, is_trusted)
        self._lock = threading.Lock()
        # Version and process of the last reading.
        self._read = (-1, -1)
        self._reading: Future[Any] | None = None
        # Process, and its memory after the first reading.
        self._baseline = (0, 0)

    def ask(self, version: int, name: str, *value: str) -> Any:
        """Call a method for a version of the campaign on the disk. Raise NoPreview if it took too long or failed."""
        with self._lock:
            self._prepare(version)
            if self._reading:
                self._take(self._reading, READ_TIMEOUT_S)
                self._reading = None
                if self._baseline[0] != self._process.number:
                    self._baseline = self._process.number, self._process.memory
            result = self._take(self._process.ask(name, *value), TEXT_TIMEOUT_S)
            if self._process.memory > self._baseline[1] + MAX_GROWTH_MB[self.kind]:
                self._process.end()
                self._prepare(version)
            return result

    def check(self, version: int) -> CampaignState | None:
        """Return all problems that only rendering finds, or None."""
        for _ in range(MAX_TRIES):
            with self._lock:
                self._prepare(version)
                job = self._process.ask("check_all")
            result, self.complaint = result_or_complaint(self._process, job, CHECK_TIMEOUT_S)
            if not self.complaint.endswith(PROCESS_ENDED):
                if result:
                    self._process.ask("keep")
                return result
        return None

    def prefetch(self, version: int) -> None:
        """Start reading the campaign, without waiting."""
        if self._lock.acquire(blocking=False):
            try:
                self._prepare(version)
            finally:
                self._lock.release()

    def end(self) -> None:
        """End the process for good."""
        self._process.close()

    def _prepare(self, version: int) -> None:
        if self._read != (version, self._process.number) or not self._process.is_alive:
            self._reading = self._process.ask("read")
            self._read = version, self._process.number

    def _take(self, job: Future[Any], limit: float) -> Any:
        try:
            return job.result(limit)
        except TimeoutError:
            self._process.end()
            raise NoPreview(f"{limit:.0f} s", is_late=True) from None
        except RuntimeError as error:
            raise NoPreview(str(error)) from None
