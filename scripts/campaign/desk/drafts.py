"""Keep what people type before they save it, so that no crash, restart, other port or other browser loses it.

Pages send what is typed, and offer it again; a form that was saved has no draft any more. Text that the desk can't
store, because it has stopped or the disk is full, stays in the browser meanwhile: see client/drafts.js.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from campaign.cache.atomic import WORK
from campaign.desk.notes import read_note, write_note

FOLDER = f"{WORK}/desk/drafts"
MAX_DRAFTS = 100
MAX_AGE_MS = 30 * 86_400_000
MAX_KEY_LENGTH = 2_000


@dataclass(frozen=True)
class Draft:
    """A form that somebody began to fill in.

    Attributes:
        key: the page, where the form is sent, and a random word, with spaces between; both paths are below the desk's.
        at: when, in milliseconds since 1970.
        values: its fields, as a browser sends them.
    """

    key: str
    at: int
    values: tuple[tuple[str, str], ...]

    @property
    def action(self) -> str:
        """Where the form is sent."""
        return self.key.split(" ")[1]

    @classmethod
    def of(cls, key: Any, at: Any, values: Any) -> Draft:
        """Check what a browser or a file says.

        Raises:
            ValueError, TypeError: it is no draft.
        """
        if not isinstance(key, str) or key.count(" ") != 2 or len(key) > MAX_KEY_LENGTH:
            raise ValueError(key)
        return cls(key, int(at), tuple((str(name), str(value)) for name, value in values))


class Drafts:
    """The drafts of a campaign, in memory and, where the disk takes them, in its working folder."""

    def __init__(self, root: Path) -> None:
        self._folder, self._lock = root / FOLDER, threading.Lock()
        self._drafts: dict[str, Draft] = {}
        # Drafts that were saved or thrown away in this run: browsers forget their copies.
        self.dropped: list[str] = []
        for path in sorted(self._folder.glob("*.json")):
            with suppress(ValueError, TypeError, KeyError):
                draft = Draft.of(**read_note(path, {}))
                self._drafts[draft.key] = draft
        self._limit()

    @property
    def listed(self) -> list[dict[str, Any]]:
        """The key and time of each draft, the newest first."""
        with self._lock:
            drafts = sorted(self._drafts.values(), key=lambda each: -each.at)
        return [{"key": each.key, "at": each.at} for each in drafts]

    def find(self, key: str) -> Draft | None:
        """Return the draft of a key."""
        return self._drafts.get(key)

    def keep(self, draft: Draft) -> None:
        """Keep a draft, or a newer state of it."""
        with self._lock:
            self._drafts[draft.key] = draft
            if draft.key in self.dropped:
                self.dropped.remove(draft.key)
            with suppress(OSError):
                write_note(self._file(draft.key), asdict(draft))
        self._limit()

    def drop(self, key: str) -> None:
        """Forget a draft that was saved, or that nobody wants."""
        with self._lock:
            self._drafts.pop(key, None)
            self.dropped = [*self.dropped, key][-MAX_DRAFTS:]
            with suppress(OSError):
                self._file(key).unlink(missing_ok=True)

    def _limit(self) -> None:
        oldest = time.time() * 1000 - MAX_AGE_MS
        rows = self.listed
        for row in [each for at, each in enumerate(rows) if at >= MAX_DRAFTS or each["at"] < oldest]:
            self.drop(row["key"])

    def _file(self, key: str) -> Path:
        return self._folder / f"{sha256(key.encode(errors='replace')).hexdigest()[:32]}.json"
