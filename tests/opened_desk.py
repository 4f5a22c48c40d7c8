"""A running desk for tests: opened as a person does, and requested as any program on the computer could."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from axe_playwright_python.sync_playwright import Axe
from conftest import MAX_WAIT_S
from playwright.sync_api import Error

HILL = "assets/contacts/hill.yml"
# preload: style sheets that don't affect the drawing aren't requested.
RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"], "preload": False}


class OpenDesk:
    """A running desk: the campaign, the address that opens it once, the process."""

    def __init__(self, root: Path, address: str, process: subprocess.Popen) -> None:
        self.root, self.address, self.process = root, address, process
        parts = urlsplit(address)
        self.host, self.port, self.ticket = parts.hostname, parts.port, parts.path
        self.key = json.loads((root / ".build/desk/running.json").read_text())["key"]
        self.base = f"http://127.0.0.1:{self.port}/{self.key}/"

    def ask(self, path: str, method: str = "GET", body: str = "", **fields: str) -> tuple[int, str]:
        """(status, body) of a request that any program could send."""
        asked = http.client.HTTPConnection(self.host, self.port, timeout=MAX_WAIT_S)
        if body:
            fields = {"Content-Type": "application/x-www-form-urlencoded"} | fields
        asked.request(method, path, body or None, fields)
        answer = asked.getresponse()
        text = answer.read().decode()
        asked.close()
        return answer.status, text

    def drop_drafts(self) -> None:
        """Drafts of another test are no longer offered."""
        noted = json.loads((self.root / ".build/desk/running.json").read_text())
        fields = {"Origin": f"http://{self.host}:{self.port}", "X-Desk-Token": noted["token"]}
        for path in (self.root / ".build/desk/drafts").glob("*.json"):
            body = urlencode({"key": json.loads(path.read_bytes())["key"], "drop": 1})
            assert self.ask(f"/{self.key}/drafts", "POST", body, **fields)[0] == 204

    def text(self, name: str = HILL) -> str:
        return (self.root / name).read_bytes().decode()


@contextmanager
def desk_of(root: Path) -> Iterator[OpenDesk]:
    """A desk that runs until the tests are done."""
    command = [sys.executable, "-m", "campaign", "desk", "--no-open", "--port", "18020"]
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    # On a busy machine, setting a page takes longer than the desk waits.
    patient = {**os.environ, "CAMPAIGN_WAIT_FACTOR": "60"}
    with subprocess.Popen(
        command, cwd=root, env=patient, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        signal.signal(signal.SIGINT, heard)
        assert "this opens it once" in process.stdout.readline()
        yield OpenDesk(root, process.stdout.readline().strip(), process)
        process.send_signal(signal.SIGINT)
        assert process.wait(MAX_WAIT_S) == 0
        assert not (root / ".build/desk/running.json").exists()
        assert not (root / ".build/desk/fault.txt").exists()


def check_access(page, address: str, is_whole: bool = True) -> None:
    """Check that a page is no wider than a phone or a screen; is_whole: and that axe finds no problem."""
    page.goto(address)
    if "/texts/" in address and address.endswith(".md"):
        page.wait_for_selector("#wrong .problems, .cm-content")
    page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true })")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
    if is_whole:
        axe = Axe().run(page, options=RULES).response["violations"]
        assert not axe, [(item["id"], item["nodes"][0]["html"]) for item in axe]


def reload_until(page, address, locator) -> None:
    """Open a page that doesn't refresh itself until something is on it."""
    for _ in range(MAX_WAIT_S * 10):
        page.goto(address)
        if locator.count():
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.inner_text("main"))


def come_back(page, is_so) -> None:
    """Return to the window until a condition holds: a page that refreshes itself does so early then."""
    for _ in range(MAX_WAIT_S * 10):
        with suppress(Error):  # it may be reloading just then
            if is_so():
                return
            page.evaluate("dispatchEvent(new Event('focus'))")
        page.wait_for_timeout(100)
    raise AssertionError(page.inner_text("main"))
