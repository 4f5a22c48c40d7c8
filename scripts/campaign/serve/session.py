"""One run of `campaign serve`: what browsers see, kept up to date."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from campaign.cache.atomic import is_publishing
from campaign.cache.inputs import is_page
from campaign.content.trust import check_trust
from campaign.models.problem import CampaignError, Problem
from campaign.serve.background_build import BackgroundBuild
from campaign.serve.page_process import CampaignState, PageProcess
from campaign.serve.server import Server, open_server, version_of
from campaign.serve.watch import Watch

# Seconds without a change until a build starts, and until the next try while another process builds.
BUILD_AFTER_S = 1.0
RETRY_AFTER_S = 3.0
OPEN_TAB_S = 3.0  # seconds after which a tab counts as closed; open pages are rendered first
PAGE_TIMEOUT_S = 2.0  # seconds that a browser waits for a page before it gets the earlier version
# Attempts to find a file while a new site moves into place.
MAX_FILE_TRIES = 25
STEPS = {
    "read": "The campaign is being read",
    "list": "Prints are being listed",
    "print": "Prints are being made",
    "pictures": "Pictures are being made",
    "pack": "Press kits are being packed",
    "website": "Search and copies are being made",
    "check": "The website is being checked",
}
BUILD_BROKE_OFF = "The background build crashed; the next change starts a new one."
Report = Callable[[list[Problem]], None]


def serve(root: Path, port: int, is_trusted: bool, on_start: Callable[[str], None], report: Report) -> None:
    """Preview a campaign on this computer until it is interrupted.

    `port`: the first to try. `is_trusted`: run programs and templates of the campaign. `report`: called with the
    problems whenever they change. Raise CampaignError if the campaign contains programs; OSError if no port is free.
    """
    problems = [] if is_trusted else list(check_trust(root))
    if problems:
        raise CampaignError(problems)
    session = Session(root, is_trusted, report)
    server = open_server(session, port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        on_start(server.address)
        session.run()
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl+C doesn't interrupt the first
        _end(session, server)


def _end(session: Session, server: Server) -> None:
    session.end()
    server.shutdown()
    server.server_close()


class Session:
    """The state of the campaign, read by many threads and changed by one."""

    def __init__(self, root: Path, is_trusted: bool, report: Report) -> None:
        self.root, self.site = root, root / "site"
        self._report, self._reported = report, list[Problem]()
        self._maker, self._build = PageProcess(root, is_trusted), BackgroundBuild(root, is_trusted)
        self._state, self._build_problems = CampaignState(), list[Problem]()
        self._is_read = False
        self._jobs: dict[str, Future[str | None]] = {}
        self._pages: dict[str, bytes] = {}
        self._open_pages: dict[str, float] = {}
        self._lock = threading.Lock()

    def run(self) -> None:
        """Watch for changes until interrupted."""
        watch = Watch(self.root)
        self._read()
        due: float | None = time.monotonic()
        while True:
            time.sleep(watch.pause)
            if watch.has_changed():
                self._build.end()
                self._read()
                due = time.monotonic() + BUILD_AFTER_S
            if due is not None and time.monotonic() >= due:
                due = None
                if not self._state.stops:  # a build would refuse it
                    self._build.start()
            finished_build = self._build.poll()
            if finished_build and finished_build.must_wait:
                due = time.monotonic() + RETRY_AFTER_S
            elif finished_build:
                # Reading reports the problems of texts; only a build sees the others.
                self._build_problems = [
                    problem for problem in finished_build.problems if problem not in self._state.problems
                ]
                self._read()

    def end(self) -> None:
        """Stop background processes."""
        self._build.end()
        self._maker.end()

    def _read(self) -> None:
        """Read the campaign, and render open pages at once."""
        self._state = self._maker.read() or self._state
        with self._lock:
            self._jobs = {}
        self._is_read = True
        if self._state.stops:
            self._build_problems = []  # about an earlier state
        now = time.monotonic()
        for address in [name for name, opened_at in list(self._open_pages.items()) if now - opened_at < OPEN_TAB_S]:
            self._begin(address)
        if (result := self._problems()) != self._reported:
            self._reported = result
            self._report(result)

    def _problems(self) -> list[Problem]:
        results = list(dict.fromkeys([*self._state.problems, *self._build_problems]))
        return sorted(results, key=lambda problem: (not problem.stops, problem.is_note))

    def page(self, address: str, wait: float = PAGE_TIMEOUT_S) -> bytes | None:
        """Return the current page, else after `wait` seconds its last good version, or None."""
        is_known = address in self._state.pages
        html = self._wait_for_page(address, wait) if is_known and address not in self._state.broken_pages else None
        return html or self.file(address) or (self._wait_for_page(address, wait) if is_known else None)

    def file(self, address: str) -> bytes | None:
        """Return a file of the last good site."""
        for _ in range(MAX_FILE_TRIES):
            try:
                return (self.site / address).read_bytes()
            except OSError:
                if not is_publishing(self.root):
                    break
                time.sleep(0.02)
        return None

    def home(self) -> str:
        """The page to open first without a landing page, or ''."""
        homes = [address for address in self._state.pages if address.endswith("/index.html")]
        return min(homes, key=lambda address: address.count("/"), default="")

    def _begin(self, address: str) -> Future[str | None] | None:
        with self._lock:
            if address in self._state.pages and address not in self._jobs:
                self._jobs[address] = self._maker.page(address)
            return self._jobs.get(address)

    def _wait_for_page(self, address: str, wait: float) -> bytes | None:
        job = self._begin(address)
        if job:
            try:
                html = job.result(wait)
            except Exception:  # late or failed: show the earlier version
                html = None
            if html:
                self._pages[address] = html.encode("utf-8", errors="xmlcharrefreplace")
        return self._pages.get(address)

    def state(self, address: str) -> dict[str, Any]:
        """Return version, problems and progress for an open page."""
        self._open_pages[address] = time.monotonic()
        page_states: list[Mapping[str, object]] = []
        elsewhere: list[Mapping[str, object]] = []
        own_name = self._state.pages.get(address)
        links = {name: page for page, name in reversed(self._state.pages.items())}
        for problem in self._problems():
            name = problem.file
            belongs_here = name == own_name or (problem.stops and not is_page(name))
            (page_states if belongs_here else elsewhere).append(_row(problem, links.get(name, "")))
        if self._maker.complaint:
            page_states.insert(0, {"where": "", "what": self._maker.complaint, "fix": "", "stops": True})
        return {
            "version": version_of(self.page(address, 0)),
            "here": page_states,
            "elsewhere": elsewhere,
            "making": self._making(),
        }

    def _making(self) -> str:
        if not self._is_read:
            return f"{STEPS['read']} …"
        step = self._build.step
        if step is None:
            return BUILD_BROKE_OFF if self._build.is_lost else ""
        count = f": {step.done} of {step.total}" if step.total > 1 else " …"
        return f"{STEPS.get(step.name, step.name)}{count}"


def _row(problem: Problem, page: str) -> Mapping[str, object]:
    return {
        "where": problem.where,
        "what": problem.message,
        "fix": problem.fix,
        "stops": not problem.is_note,
        "page": page,
    }
