"""How long from saving a file until the browser shows it, with `campaign serve`.

    python tests/benchmarks/serve.py [FOLDER]

FOLDER: HELP, built already; it is changed and restored afterwards. Without one, HELP is copied and built, which takes
minutes. Seconds, the middle of nine changes: from the file being in its place until the text is on the page.

    page: a sentence, no print being made               page, prints: the same while prints are being made
    contact: another name, on the page of contacts      fixed: from the last key until the mistake has gone

Marks: page and contact at most 1.5 s on HELP (with MkDocs' own server: 9.3 and 45.6).

2026-11-27, two cores shared with other work (load 2.9 to 10):

    page 0.83  fixed 0.41  contact 0.68  page, prints 1.26
"""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PAGE, CONTACTS = "docs/en/signs.md", "assets/contacts/national.yml"
NAME = "FOKUPERS"
TIMES = 9
# Seconds between changes: prints begin after one without a change.
SHORT_PAUSE_S, LONG_PAUSE_S = 0.5, 3.0


@contextmanager
def running(root: Path, *command: str) -> Iterator[str]:
    """The address of a server that runs during the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = [item.replace("PORT", str(port)) for item in command]
    quiet = subprocess.DEVNULL
    with subprocess.Popen([sys.executable, "-m", *given], cwd=root, stdout=quiet, stderr=quiet) as it:
        until = time.monotonic() + 900
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            it.send_signal(signal.SIGINT)


def replace(path: Path, text: str) -> None:
    """As editors do it."""
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


def seconds_until(page: Page, path: Path, text: str, shown: str) -> float:
    """Seconds from the change of a file until JavaScript finds `shown` to be true."""
    replace(path, text)
    begun = time.perf_counter()
    page.wait_for_function(f"() => {shown}", polling=20, timeout=600_000)
    return time.perf_counter() - begun


def shows(text: str) -> str:
    return f"document.querySelector('main')?.textContent.includes({text!r})"


@contextmanager
def changed(path: Path) -> Iterator[str]:
    """The text of a file, which is restored afterwards."""
    before = path.read_text(encoding="utf-8")
    try:
        yield before
    finally:
        replace(path, before)


def sentences(page: Page, path: Path, times: int, pause: float) -> float:
    """pause: seconds before each change."""
    results = []
    with changed(path) as before:
        for number in range(times):
            time.sleep(pause)
            text = f"Sentence number {number} of {pause}."
            results.append(seconds_until(page, path, f"{before}\n{text}\n", shows(text)))
    return median(results)


def contacts(page: Page, path: Path, times: int) -> float:
    results = []
    with changed(path) as before:
        for number in range(times):
            time.sleep(SHORT_PAUSE_S)
            name = f"{NAME} {number}"
            results.append(seconds_until(page, path, before.replace(NAME, name), shows(name)))
    return median(results)


def mended(page: Page, path: Path, times: int) -> float:
    panel = "document.querySelector('campaign-serve')?.shadowRoot.querySelectorAll('ul').length"
    results = []
    with changed(path) as before:
        for _ in range(times):
            seconds_until(page, path, f"{before}\n[there](nowhere.md)\n", f"{panel} > 0")
            results.append(seconds_until(page, path, before, f"{panel} === 0"))
    return median(results)


def help_page(root: Path) -> str:
    match = re.search(r"^ *help_page: *(\S+)\.md", (root / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    return f"en/{match[1] if match else 'get-help'}.html"


def measure(root: Path, page: Page) -> None:
    with running(root, "campaign", "serve", "--port", "PORT") as address:
        page.goto(f"{address}en/signs.html")
        page.wait_for_selector("campaign-serve", state="attached")
        alone = sentences(page, root / PAGE, TIMES, SHORT_PAUSE_S)
        print(f"page {alone:.2f}  mended {mended(page, root / PAGE, TIMES):.2f}", end="  ", flush=True)
        page.goto(address + help_page(root))
        print(f"contact {contacts(page, root / CONTACTS, TIMES):.2f}", end="  ", flush=True)
        page.goto(f"{address}en/signs.html")
        print(f"page, prints {sentences(page, root / PAGE, TIMES, LONG_PAUSE_S):.2f}", end="  ", flush=True)


def main() -> None:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))))
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        root = Path(sys.argv[1]).resolve() if sys.argv[1:] else Path(name) / "campaign"
        if not sys.argv[1:]:
            for part in ("docs", "assets"):
                shutil.copytree(REPOSITORY / part, root / part)
            shutil.copy(REPOSITORY / "mkdocs.yml", root)
            subprocess.run([sys.executable, "-m", "campaign", "build", "--quiet"], cwd=root, check=True)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        measure(root, browser.new_page())
        print()
        browser.close()


if __name__ == "__main__":
    main()
