"""Walk the ways back to a site after its exit button was pressed, in a real Chromium, on any site.

    python tests/leaving/bench.py https://example.org/help --exit "a.leave" --inside https://example.org/more

Needs Chromium and the Python package playwright. Each case begins with a new profile: a page elsewhere, the site, a
page inside it, the exit. A case counts as shown if words or the title of the site's pages are visible afterwards.
"""

from __future__ import annotations

import argparse
import contextlib
import http.server
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, sync_playwright

MAX_WAIT_S = 120
# Time for an exit to finish, and for a page reached by Back to show or hide itself.
SETTLE_S = 1.5
# Between two quick presses of Back.
QUICK_S = 0.05
MIN_LINE_LENGTH = 12
ELSEWHERE = "<!doctype html><title>Weather</title><p>Sunny, 31 degrees"
HIDDEN, SHOWN = "hidden", "shown"
NOT_FOUND = "no exit"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")


@dataclass
class Visit:
    """A tab that visited a site and left it."""

    browser: Browser
    page: Page
    seen: set[str] = field(default_factory=set)  # titles and lines of the site's pages
    addresses: set[str] = field(default_factory=set)  # the site's pages


@dataclass(frozen=True)
class Target:
    """The site to test."""

    start: str
    inside: str
    exit: str  # a CSS selector
    elsewhere: str


def is_shown(page: Page, seen: set[str]) -> bool:
    """Return whether a page shows anything of the site, and wait until it has settled."""
    text = ""
    for _ in range(3):
        time.sleep(SETTLE_S / 3)
        with contextlib.suppress(Error):
            text = page.evaluate("document.title + '\\n' + (document.body ? document.body.innerText : '')")
    return not seen.isdisjoint(_lines(text))


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.split("\n") if len(line.strip()) >= MIN_LINE_LENGTH}


def history(page: Page) -> tuple[list[dict[str, object]], int]:
    """Return the entries of a tab's history, as its list shows them, and which is open."""
    result = page.context.new_cdp_session(page).send("Page.getNavigationHistory")
    return result["entries"], result["currentIndex"]


def by_history(page: Page, steps: int) -> None:
    """Go some steps in the history, from inside the page."""
    with contextlib.suppress(Error):
        page.evaluate("by => { setTimeout(() => history.go(by)) }", steps)


def go_back(visit: Visit) -> bool:
    """One Back."""
    by_history(visit.page, -1)
    return is_shown(visit.page, visit.seen)


def go_back_and_forward(visit: Visit) -> bool:
    """Back five times, Forward five times, and a reload after each."""
    for step in (-1,) * 5 + (1,) * 5:
        by_history(visit.page, step)
        if is_shown(visit.page, visit.seen):
            return True
        with contextlib.suppress(Error):
            visit.page.reload(wait_until="commit")
        if is_shown(visit.page, visit.seen):
            return True
    return False


def go_back_twice_from_elsewhere(visit: Visit, elsewhere: str) -> bool:
    """One visit elsewhere, then two quick Backs."""
    visit.page.goto(f"{elsewhere}?again")  # not the address that an exit may have led to
    session = visit.page.context.new_cdp_session(visit.page)
    for _ in range(2):
        entries, index = history(visit.page)
        if index:
            session.send("Page.navigateToHistoryEntry", {"entryId": entries[index - 1]["id"]})
        time.sleep(QUICK_S)
    return is_shown(visit.page, visit.seen)


def jump_back_from_elsewhere(visit: Visit, elsewhere: str) -> bool:
    """One visit elsewhere, then history.go(-2)."""
    visit.page.goto(f"{elsewhere}?again")  # not the address that an exit may have led to
    by_history(visit.page, -2)
    return is_shown(visit.page, visit.seen)


def read_list(visit: Visit) -> bool:
    """The list behind the Back button names pages of the site."""
    entries, _ = history(visit.page)
    return any(entry["url"] in visit.addresses for entry in entries)


def choose_from_list(visit: Visit) -> bool:
    """Choose each page of the site in that list."""
    session = visit.page.context.new_cdp_session(visit.page)
    for entry in history(visit.page)[0]:
        if entry["url"] in visit.addresses:
            with contextlib.suppress(Error):
                session.send("Page.navigateToHistoryEntry", {"entryId": entry["id"]})
            if is_shown(visit.page, visit.seen):
                return True
    return False


CASES: dict[str, Callable[..., bool]] = {
    "one Back": go_back,
    "Back and Forward five times, with reloads": go_back_and_forward,
    "a visit elsewhere, then two quick Backs": go_back_twice_from_elsewhere,
    "a visit elsewhere, then `history.go(-2)`": jump_back_from_elsewhere,
    "the list behind Back names the site": read_list,
    "a page chosen from that list": choose_from_list,
}
RESTORED = "the browser is closed and restores its tabs; then two Backs"
SECOND_TAB = "the site in a second tab"


def walk(playwright: Playwright, chromium: str, target: Target) -> dict[str, str]:
    """Return case -> whether the site was hidden or shown."""
    results = {}
    for name, case in CASES.items():
        with _profile() as profile, _browser(playwright, chromium, profile) as browser:
            visit = _leave(browser, target)
            if visit and "elsewhere" in name:
                case = partial(case, elsewhere=target.elsewhere)
            results[name] = _verdict(case(visit)) if visit else NOT_FOUND
    results[RESTORED] = _restore(playwright, chromium, target)
    results[SECOND_TAB] = _look_at_second_tab(playwright, chromium, target)
    return results


def _restore(playwright: Playwright, chromium: str, target: Target) -> str:
    with _profile() as profile:
        with _browser(playwright, chromium, profile) as browser:
            visit = _leave(browser, target)
            time.sleep(SETTLE_S)  # the session is written with a delay
        if not visit:
            return NOT_FOUND
        with _browser(playwright, chromium, profile, "--restore-last-session") as browser:
            time.sleep(SETTLE_S)
            for page in browser.contexts[0].pages:
                for step in (0, -1, -1):
                    if step:
                        by_history(page, step)
                    if is_shown(page, visit.seen):
                        return SHOWN
    return HIDDEN


def _look_at_second_tab(playwright: Playwright, chromium: str, target: Target) -> str:
    with _profile() as profile, _browser(playwright, chromium, profile) as browser:
        context = browser.contexts[0]
        second = context.new_page()
        second.goto(target.inside)
        visit = _leave(browser, target)
        return _verdict(is_shown(second, visit.seen)) if visit else NOT_FOUND


def _leave(browser: Browser, target: Target) -> Visit | None:
    """Visit a page elsewhere, then the site, and press its exit; None if it has none."""
    context: BrowserContext = browser.contexts[0]
    page = context.new_page()
    visit = Visit(browser, page)
    page.goto(target.elsewhere)
    for address in (target.start, target.inside):
        page.goto(address)
        visit.addresses.add(page.url)
        visit.seen |= _lines(page.evaluate("document.title + '\\n' + document.body.innerText"))
    visit.seen -= _lines(ELSEWHERE)
    button = page.locator(target.exit).first  # in a shadow tree, too
    if not button.count():
        return None
    with contextlib.suppress(Error):  # the page may go away under the pointer
        button.click(no_wait_after=True)
    time.sleep(2 * SETTLE_S)
    return visit


def _verdict(is_site_shown: bool) -> str:
    return SHOWN if is_site_shown else HIDDEN


@contextlib.contextmanager
def _profile() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _browser(playwright: Playwright, chromium: str, profile: Path, *options: str) -> Iterator[Browser]:
    """Run Chromium as people have it: with its cache of whole pages, which Playwright's own options turn off."""
    command = [
        *(chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}"),
        *("--remote-debugging-port=0", "--disable-background-networking", "--disable-component-update", *options),
    ]
    if not options:
        command.append("about:blank")
    (profile / "DevToolsActivePort").unlink(missing_ok=True)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        browser = playwright.chromium.connect_over_cdp(_address(profile), timeout=MAX_WAIT_S * 1000)
        yield browser
        with contextlib.suppress(Error):
            browser.new_browser_cdp_session().send("Browser.close")
        process.wait(MAX_WAIT_S)
    finally:
        process.kill()
        process.wait()


def _address(profile: Path) -> str:
    end = time.monotonic() + MAX_WAIT_S
    file = profile / "DevToolsActivePort"
    while time.monotonic() < end:
        if file.is_file() and (port := re.match(r"\d+\n", file.read_text())):
            return f"http://127.0.0.1:{port[0].strip()}"
        time.sleep(0.05)
    raise TimeoutError("Chromium did not start.")


class _Elsewhere(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(ELSEWHERE.encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Print nothing."""


@contextlib.contextmanager
def elsewhere() -> Iterator[str]:
    """Serve another site; its address has another host than sites on 127.0.0.1."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


def main() -> int:
    """Print a table of the cases; the exit code is 1 if the site was shown in any."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("url", help="a page of the site")
    parser.add_argument("--exit", required=True, help="CSS selector of its exit")
    parser.add_argument("--inside", default="", help="another page of the site; default: the same page with ?n=1")
    parser.add_argument("--chromium", default=next(filter(None, map(shutil.which, CHROMIUM)), "chromium"))
    options = parser.parse_args()
    with elsewhere() as other, sync_playwright() as playwright:
        inside = options.inside or f"{options.url}{'&' if '?' in options.url else '?'}n=1"
        results = walk(playwright, options.chromium, Target(options.url, inside, options.exit, other))
    print("| after leaving | the site is |\n|---|---|")
    for case, verdict in results.items():
        print(f"| {case} | {verdict} |")
    return 0 if set(results.values()) == {HIDDEN} else 1


if __name__ == "__main__":
    sys.exit(main())
