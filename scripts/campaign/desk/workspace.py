"""A campaign as it is on the disk now, for the panels: read again after each change, whoever made it."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from campaign.cache.atomic import WORK, write_whole
from campaign.cache.memo import Memo
from campaign.content import load
from campaign.desk.files import SETTINGS, Files
from campaign.models.campaign import Campaign
from campaign.models.problem import CampaignError, Problem
from campaign.serve.campaign_state import CampaignState
from campaign.serve.preview_process import PAGES, PRINTS, PreviewProcess
from campaign.serve.watch import Watch

# Seconds in which whoever opens the desk sees it, before what checks the campaign begins, which takes a processor.
FIRST = 1.0
CHOICES = f"{WORK}/desk/choices.json"


@dataclass(frozen=True)
class Choices:
    """What whoever sits at the desk has said of themselves. you: a name, which saves carry; language: the desk's."""

    you: str = ""
    language: str = ""


class Workspace:
    """What panels read, and the files that they change.

    Attributes:
        files: what may be opened and saved.
        page_previews, print_previews: show texts that are being typed; the first checks the campaign too.
    """

    def __init__(self, root: Path, is_trusted: bool = False) -> None:
        self.root = root.resolve()
        self.files = Files(self.root)
        self._memo = Memo.of(self.root).read_only()
        self._watch, self._lock = Watch(self.root), threading.RLock()
        self._campaign: Campaign | None = None
        self._refusal: CampaignError | None = None
        self._version = 0
        self._checked: tuple[int, CampaignState] = (-1, CampaignState())
        self.page_previews = PreviewProcess(PAGES, self.root, is_trusted)
        self.print_previews = PreviewProcess(PRINTS, self.root, is_trusted)
        self._is_ended, self._is_wanted = False, threading.Event()
        threading.Thread(target=self._check, daemon=True).start()

    def end(self) -> None:
        """Ends what runs behind."""
        self._is_ended = True
        self.page_previews.end()
        self.print_previews.end()

    @property
    def version(self) -> int:
        """Counts up with each change on the disk."""
        with self._lock:
            if self._watch.has_changed():
                self._version += 1
                self._campaign = None
            return self._version

    @property
    def is_read(self) -> bool:
        """Whether the campaign is at hand as it is now; reading it for the first time may take seconds."""
        with self._lock:
            _ = self.version
            return self._campaign is not None

    @property
    def campaign(self) -> Campaign:
        """The campaign as it is written now.

        Raises:
            CampaignError: there is none to speak of.
        """
        with self._lock:
            _ = self.version
            if self._campaign is None:
                self._campaign = load(self.root, self._memo)[0]
            return self._campaign

    @property
    def lately(self) -> tuple[Campaign, int]:
        """(the campaign, its version) of a moment ago: looking at the disk for each key that is typed takes too long.

        Raises:
            CampaignError: there is none to speak of.
        """
        with self._lock:
            return (self.campaign if self._campaign is None else self._campaign), self._version

    @property
    def problems(self) -> tuple[tuple[Problem, ...], bool]:
        """(what has to be mended, whether that is of the campaign as it is now)."""
        self._is_wanted.set()
        version, state = self._checked
        return state.problems, version == self.version

    @property
    def complaint(self) -> str:
        """What is said while the campaign cannot be checked; ''."""
        return self.page_previews.complaint

    def _check(self) -> None:
        """Checks the campaign after each change, in the process that shows pages: it may take seconds, or hang."""
        self._is_wanted.wait(FIRST)
        while not self._is_ended:
            version = self.version
            if version != self._checked[0]:
                found = self.page_previews.check(version)
                self._checked = (version, found or self._checked[1])
            time.sleep(self._watch.pause)

    @property
    def changed_at(self) -> float:
        """When something that people write was changed last, in seconds since 1970."""
        files = [path for top in ("docs", "assets") for path in (self.root / top).rglob("*") if path.is_file()]
        times = (path.stat().st_mtime for path in (*files, self.root / SETTINGS) if path.exists())
        return max(times, default=0.0)

    @contextmanager
    def received(self, name: str, sent: BinaryIO) -> Iterator[Path]:
        """A file that a browser sent, for as long as it is read. name: as the browser has it; its ending counts."""
        ending = PurePosixPath(name.replace("\\", "/")).suffix.lower()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"sent{ending if ending.isalnum() or ending[1:].isalnum() else ''}"
            with path.open("wb") as file:
                shutil.copyfileobj(sent, file)
            yield path

    @property
    def choices(self) -> Choices:
        """Who sits there."""
        try:
            typed = json.loads((self.root / CHOICES).read_bytes())
            return Choices(str(typed.get("you", "")), str(typed.get("language", "")))
        except (OSError, ValueError, AttributeError):
            return Choices()

    def choose(self, choices: Choices) -> None:
        """Keeps what somebody said of themselves until somebody else does, on this computer alone."""
        write_whole(self.root / CHOICES, json.dumps(asdict(choices), ensure_ascii=False).encode())
