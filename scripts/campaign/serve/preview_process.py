"""A process that shows texts while they are typed; one that hangs, ends or grows is replaced by another."""

from __future__ import annotations

import threading
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from campaign.cache.workers import signals_deferred

# Kinds: pages of the website, pieces that are printed.
PAGES, PRINTS = "pages", "prints"
# Seconds: for a text; for reading the campaign, once.
LIMIT, LIMIT_OF_READING = 5.0, 60.0
# MB: Typst forgets nothing that it has set.
MOST_MEMORY = 250


class NoPreview(Exception):
    """A text cannot be shown now; says why in a few words. is_late: it took too long."""

    def __init__(self, said: str, is_late: bool = False) -> None:
        super().__init__(said)
        self.is_late = is_late


class PreviewProcess:
    """Asks campaign.serve.previews, one question at a time. It begins when somebody first asks."""

    def __init__(self, kind: str, root: Path, is_trusted: bool) -> None:
        self._given = (kind, root, is_trusted)
        self._lock = threading.Lock()
        self._process: Any = None
        self._pipe: Connection | None = None
        # Of the campaign, as it was read last; an answer to reading it is waited for before the next question.
        self._version, self._is_reading = -1, False

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
            self._take_reading()
            self._send(name, *given)
            found, memory = self._take(LIMIT)
            if memory > MOST_MEMORY:
                self._end()
                self._prepare(version)
            return found

    def warm(self, version: int) -> None:
        """Begins to read the campaign, since somebody will ask soon. Nobody waits for it."""
        if self._lock.acquire(blocking=False):
            try:
                if not self._is_reading:
                    self._prepare(version)
            except NoPreview:
                pass  # who asks is told
            finally:
                self._lock.release()

    def _prepare(self, version: int) -> None:
        if self._process is None or not self._process.is_alive():
            self._begin()
        if self._version != version:
            self._take_reading()
            self._send("read")
            self._version, self._is_reading = version, True

    def end(self) -> None:
        """Ends the process, whatever it is at."""
        self._end()

    def _begin(self) -> None:
        self._pipe, theirs = get_context("spawn").Pipe()
        self._process = get_context("spawn").Process(target=_answer, args=(*self._given, theirs))
        with signals_deferred():
            self._process.start()
        theirs.close()
        self._version, self._is_reading = -1, False

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join(1)
            self._process = None

    def _send(self, *question: str) -> None:
        assert self._pipe is not None
        try:
            self._pipe.send(question)
        except OSError as error:
            self._end()
            raise NoPreview(str(error)) from None

    def _take_reading(self) -> None:
        if self._is_reading:
            self._is_reading = False
            try:
                self._take(LIMIT_OF_READING)
            except NoPreview:
                self._version = -1
                raise

    def _take(self, limit: float) -> tuple[Any, int]:
        """(what was answered, memory of the process in MB)."""
        assert self._pipe is not None
        try:
            if not self._pipe.poll(limit):
                self._end()
                raise NoPreview(f"{limit:.0f} s", is_late=True)
            found, error, memory = self._pipe.recv()
        except (EOFError, OSError) as error:
            self._end()
            raise NoPreview(type(error).__name__) from None
        if error is not None:
            raise NoPreview(error)
        return found, memory


def _answer(kind: str, root: Path, is_trusted: bool, pipe: Connection) -> None:
    # Whoever answers browsers needs nothing of what makes pages and prints.
    from campaign.serve.previews import answer

    answer(kind, root, is_trusted, pipe)
