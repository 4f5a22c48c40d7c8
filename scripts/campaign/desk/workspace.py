"""The current campaign on the disk, read again after each change by anyone, for all panels."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from campaign.cache.atomic import WORK
from campaign.cache.memo import Memo
from campaign.cache.workers import give_back
from campaign.content import clock, load
from campaign.content.releases import embargo_of, next_embargo
from campaign.desk.files import SETTINGS, Files
from campaign.desk.measurements import BACKGROUND_TIMEOUT_S, Measurements
from campaign.desk.notes import read_note, write_note
from campaign.models.campaign import Campaign
from campaign.models.names import plain_name
from campaign.models.problem import CampaignError, Problem
from campaign.serve.asked_process import PROCESS_ENDED
from campaign.serve.page_process import CampaignState
from campaign.serve.preview_process import PAGES, PRINTS, PreviewProcess
from campaign.serve.watch import Watch

# Seconds before the first check, which takes a processor while the desk opens.
FIRST_CHECK_AFTER_S = 1.0
CHOICES = f"{WORK}/desk/choices.json"


@dataclass(frozen=True)
class Choices:
    """The user's own settings: a name for saves, and the desk's language."""

    you: str = ""
    language: str = ""


class Workspace:
    """The campaign and its files, with previews of unsaved texts and measurements of saved ones."""

    def __init__(self, root: Path, is_trusted: bool = False) -> None:
        self.root = root.resolve()
        self.files = Files(self.root, lambda names: self.measured.enqueue(names))
        self._memo = Memo.of(self.root).read_only()
        self._watch, self._lock = Watch(self.root), threading.RLock()
        self._version = 0
        # When time next changes the campaign.
        self._until: datetime | None = None
        # The version that was read, and the result; pages read and in all, while it is being read.
        self._read: tuple[int, Campaign | CampaignError | None] = (-1, None)
        self._reading, self._reader = threading.RLock(), threading.Thread()
        self.pages_read = (0, 0)
        self._checked: tuple[int, CampaignState] = (-1, CampaignState())
        # Whether `_checked` is of its version, not of an earlier one because a check failed.
        self._is_checked = False
        self.page_previews = PreviewProcess(PAGES, self.root, is_trusted)
        self.print_previews = PreviewProcess(PRINTS, self.root, is_trusted)
        self.measured = Measurements(self.print_previews, lambda: self.campaign.formats)
        self._is_ended, self._is_wanted = False, threading.Event()
        threading.Thread(target=self._check, daemon=True).start()

    def end(self) -> None:
        """Stop background processes."""
        self._is_ended = True
        self.page_previews.end()
        self.print_previews.end()

    @property
    def version(self) -> int:
        """Counts up with each change on the disk, at midnight and when an embargo ends."""
        with self._lock:
            has_expired = self._until is not None and clock.now() >= self._until
            if has_expired:
                self._until = None
            if self._watch.has_changed() or has_expired:
                self._version += 1
            return self._version

    def is_read_within(self, seconds: float) -> bool:
        """Return whether the current campaign is read within some seconds. A large one takes a minute."""
        with self._lock:
            if self._read[0] == self.version:
                return True
            if not self._reader.is_alive():
                self._reader = threading.Thread(target=self._read_now, daemon=True)
                self._reader.start()
            reader = self._reader
        reader.join(seconds)
        return not reader.is_alive()

    def _read_now(self) -> Campaign | CampaignError | None:
        with self._reading:
            version = self.version
            if self._read[0] != version:
                self.pages_read = (0, 0)
                try:
                    campaign = load(self.root, self._memo, self._count)[0]
                    self._until = _until_when(campaign)
                    self._read = (version, campaign)
                except CampaignError as error:
                    self._read = (version, error)
                give_back()
            return self._read[1]

    def _count(self, finished_count: int, total: int) -> None:
        self.pages_read = (finished_count, total)

    @property
    def campaign(self) -> Campaign:
        """The current campaign."""
        return _campaign_or_error(self._read_now())

    @property
    def cached_campaign(self) -> tuple[Campaign, int]:
        """The campaign as last read, with its version, for each keystroke: scanning the disk would take too long."""
        version, result = self._read
        return _campaign_or_error(result if version == self._version else self._read_now()), self._version

    @property
    def problems(self) -> tuple[tuple[Problem, ...], bool]:
        """All problems, and whether they are of the current campaign."""
        self._is_wanted.set()
        version, state = self._checked
        return (*state.problems, *self.measured.problems), version == self.version and self._is_checked

    def problems_of(self, name: str) -> list[Problem]:
        """Return a file's problems; [] until they are current."""
        problems, is_current = self.problems
        return [problem for problem in problems if problem.file == name] if is_current else []

    @property
    def revision(self) -> str:
        """Changes whenever `problems` may. It doesn't scan the disk."""
        return f"{self._version}.{self._checked[0]}.{self.measured.changes}.{len(self.complaint)}"

    @property
    def last_campaign(self) -> Campaign | None:
        """The campaign as last read, without scanning the disk; None if it couldn't be read."""
        result = self._read[1]
        return result if isinstance(result, Campaign) else None

    @property
    def read_error(self) -> CampaignError | None:
        """Why the campaign couldn't be read last."""
        result = self._read[1]
        return result if isinstance(result, CampaignError) else None

    @property
    def complaint(self) -> str:
        """Why the campaign can't be checked now, or ''."""
        return self.page_previews.complaint

    def _check(self) -> None:
        """Check the campaign after each change, in the process for previews: it may take seconds, or hang."""
        self._is_wanted.wait(FIRST_CHECK_AFTER_S)
        while not self._is_ended:
            version = self.version
            # A text that hangs kills the check's process, so check again.
            is_lost = not self._is_checked and self.page_previews.complaint.endswith(PROCESS_ENDED)
            if version != self._checked[0] or is_lost:
                result = self.page_previews.check(version)
                self._is_checked = result is not None
                self._measure_again(version)
                self._checked = (version, result or self._checked[1])
            time.sleep(self._watch.pause)

    def _measure_again(self, version: int) -> None:
        requests = self.measured.pending()
        campaign = self._read_now() if requests else None
        if not isinstance(campaign, Campaign):
            return
        for language, path in requests:
            page, data = campaign.pages.get((language, path)), self.files.read(f"docs/{language}/{path}")
            if data is None or page is None or not any(campaign.formats[name].sides for name in page.formats):
                self.measured.forget(language, path)
                continue
            text = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
            old_fit = self.measured.get(language, path)
            fit = self.measured.measure(version, language, path, text, old_fit.place, BACKGROUND_TIMEOUT_S)
            if fit.is_complete and self.measured.get(language, path) is old_fit:  # it wasn't saved meanwhile
                self.measured.keep(language, path, fit)

    @property
    def changed_at(self) -> float:
        """When a file was last changed or an embargo ended, in seconds since 1970."""
        files = [path for top in ("docs", "assets") for path in (self.root / top).rglob("*") if path.is_file()]
        times = (path.stat().st_mtime for path in (*files, self.root / SETTINGS) if path.exists())
        return max((self.embargo_ended_at, *times))

    @property
    def embargo_ended_at(self) -> float:
        """When an embargo last ended, in seconds since 1970, or 0."""
        campaign, now = self.last_campaign, clock.now()
        pages = campaign.pages.values() if campaign else ()
        ends = (until for page in pages if (until := embargo_of(page)) and until <= now)
        return max((until.timestamp() for until in ends), default=0.0)

    @contextmanager
    def received(self, name: str, upload: BinaryIO) -> Iterator[Path]:
        """Store an upload while it is used. Of its name only the suffix matters."""
        sent_as = PurePosixPath(name.replace("\\", "/"))
        stem, suffix = plain_name(sent_as.stem)[:60] or "sent", sent_as.suffix.lower()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{stem}{suffix if suffix.isalnum() or suffix[1:].isalnum() else ''}"
            with path.open("wb") as file:
                shutil.copyfileobj(upload, file)
            yield path

    @property
    def choices(self) -> Choices:
        """The stored settings."""
        raw = read_note(self.root / CHOICES, {})
        return Choices(str(raw.get("you", "")), str(raw.get("language", "")))

    def choose(self, choices: Choices) -> None:
        """Store settings, on this computer only."""
        write_note(self.root / CHOICES, asdict(choices))


def _until_when(campaign: Campaign) -> datetime:
    """Return when time next changes the campaign: at the end of an embargo, or at midnight."""
    now = clock.now()
    tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return min(filter(None, (tomorrow, next_embargo(campaign, now))))


def _campaign_or_error(result: Campaign | CampaignError | None) -> Campaign:
    if isinstance(result, Campaign):
        return result
    raise result or CampaignError([])
