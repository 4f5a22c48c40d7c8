"""Keep what people type before they save it: here, or in the browser while the desk can't (client/drafts.js)."""

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
    """An unsaved form."""

    key: str  # the page, the form's address and a random word, separated by spaces
    at: int  # milliseconds since 1970
    values: tuple[tuple[str, str], ...]

    @property
    def action(self) -> str:
        """The address that the form is sent to."""
        return self.key.split(" ")[1]

    @classmethod
    def of(cls, key: Any, at: Any, values: Any) -> Draft:
        """Validate a draft from a browser or a file."""
        if not isinstance(key, str) or key.count(" ") != 2 or len(key) > MAX_KEY_LENGTH:
            raise ValueError(key)
        return cls(key, int(at), tuple((str(name), str(value)) for name, value in values))


class Drafts:
    """The drafts of a campaign, in memory and in its working folder."""

    def __init__(self, root: Path) -> None:
        self._folder, self._lock = root / FOLDER, threading.Lock()
        self._drafts: dict[str, Draft] = {}
        # Keys deleted in this run: browsers delete their copies too.
        self.dropped: list[str] = []
        for path in sorted(self._folder.glob("*.json")):
            with suppress(ValueError, TypeError, KeyError):
                draft = Draft.of(**read_note(path, {}))
                self._drafts[draft.key] = draft
        self._limit()

    @property
    def listed(self) -> list[dict[str, Any]]:
        """The key and time of each draft, newest first."""
        with self._lock:
            drafts = sorted(self._drafts.values(), key=lambda item: -item.at)
        return [{"key": draft.key, "at": draft.at} for draft in drafts]

    def find(self, key: str) -> Draft | None:
        """Return a draft by its key."""
        return self._drafts.get(key)

    def keep(self, draft: Draft) -> None:
        """Store a draft or its newer version."""
        with self._lock:
            self._drafts[draft.key] = draft
            if draft.key in self.dropped:
                self.dropped.remove(draft.key)
            with suppress(OSError):
                write_note(self._file(draft.key), asdict(draft))
        self._limit()

    def drop(self, key: str) -> None:
        """Delete a draft."""
        with self._lock:
            self._drafts.pop(key, None)
            self.dropped = [*self.dropped, key][-MAX_DRAFTS:]
            with suppress(OSError):
                self._file(key).unlink(missing_ok=True)

    def _limit(self) -> None:
        oldest = time.time() * 1000 - MAX_AGE_MS
        rows = self.listed
        for row in [row for index, row in enumerate(rows) if index >= MAX_DRAFTS or row["at"] < oldest]:
            self.drop(row["key"])

    def _file(self, key: str) -> Path:
        return self._folder / f"{sha256(key.encode(errors='replace')).hexdigest()[:32]}.json"
