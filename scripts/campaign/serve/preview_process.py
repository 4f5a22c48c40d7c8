"""Asks campaign.serve.previews: what shows texts while they are typed, and checks the campaign."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from campaign.serve.asked_process import ENDED, AskedProcess
from campaign.serve.campaign_state import CampaignState
from campaign.serve.page_process import waited_for

# Kinds: pages of the website, pieces that are printed.
PAGES, PRINTS = "pages", "prints"
# Seconds: for a text; for reading the campaign; for checking all of it, which nobody waits for. Of ten times the first
# campaign, with nothing known from before, on a busy computer, these took 56 and 86.
LIMIT, LIMIT_OF_READING, LIMIT_OF_CHECK = 5.0, 180.0, 600.0
# MB by which each kind may grow once it has read the campaign, however large that is: Typst forgets nothing that it has
# set, and a model of the world's languages takes 80 beside the pages.
MOST_GROWTH = {PAGES: 250, PRINTS: 200}
# A check that ends with its process, since a text hung there, is begun again so many times.
TRIES = 3


class NoPreview(Exception):
    """A text cannot be shown now; says why in a few words. is_late: it took too long."""

    def __init__(self, said: str, is_late: bool = False) -> None:
        super().__init__(said)
        self.is_late = is_late


class PreviewProcess:
    """One question at a time. It begins when somebody first asks; one that hangs or grows is replaced by another.

    Attributes:
        complaint: what is said while the campaign cannot be checked; ''.
    """

    def __init__(self, kind: str, root: Path, is_trusted: bool) -> None:
        self.kind, self.complaint = kind, ""
        self._process = AskedProcess("campaign.serve.previews", kind, root, is_trusted)
        self._lock = threading.Lock()
        # Of the campaign, as it was read last, by which process.
        self._read = (-1, -1)
        self._reading: Future[Any] | None = None
        # Which process, and what it took once it had read the campaign for the first time.
        self._begun = (0, 0)

    def ask(self, version: int, name: str, *given: str) -> Any:
        """What a method of previews answers.

        Args:
            version: of the campaign on the disk: another one is read first.
            name: of the method.
            given: what it takes.

        Raises:
            NoPreview: it took too long, or cannot be shown.
        """
        with self._lock:
            self._prepare(version)
            if self._reading:
                self._take(self._reading, LIMIT_OF_READING)
                self._reading = None
                if self._begun[0] != self._process.number:
                    self._begun = self._process.number, self._process.memory
            found = self._take(self._process.ask(name, *given), LIMIT)
            if self._process.memory > self._begun[1] + MOST_GROWTH[self.kind]:
                self._process.end()
                self._prepare(version)
            return found

    def check(self, version: int) -> CampaignState | None:
        """All that is wrong with the campaign, which pages alone can tell. None where that cannot be told."""
        for _ in range(TRIES):
            with self._lock:
                self._prepare(version)
                job = self._process.ask("check_all")
            found, self.complaint = waited_for(self._process, job, LIMIT_OF_CHECK)
            if not self.complaint.endswith(ENDED):
                if found:
                    self._process.ask("keep")
                return found
        return None

    def warm(self, version: int) -> None:
        """Begins to read the campaign, since somebody will ask soon. Nobody waits for it."""
        if self._lock.acquire(blocking=False):
            try:
                self._prepare(version)
            finally:
                self._lock.release()

    def end(self) -> None:
        """Ends the process for good, whatever it is at."""
        self._process.close()

    def _prepare(self, version: int) -> None:
        """Has the campaign read, where that was another, or another process."""
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
