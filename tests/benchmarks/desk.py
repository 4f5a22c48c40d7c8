"""How long the desk takes to show a text, and from a key until its page and its leaflet show it.

    python tests/benchmarks/desk.py [FOLDER]

FOLDER: HELP, read once already (`campaign check`); nothing in it is changed. Without one, this repository. Seconds, the
middle and the worst of twelve keys; memory of the desk and its child processes, in MB.

    first: from the address until the first page of a desk that has just started
    editor: from the address of a text until it can be typed in      page, leaflet: from the key until the pixels
    begun: from the address of a text until its page and its leaflet are seen, without an earlier request

Marks: first 1, page 0.2, leaflet 0.4 (medians on a quiet machine), 400 MB.

Earlier measurements are in MEASURED.md.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PAGE, LEAFLET, FORMAT = "en/signs.md", "en/leaflets/know-the-signs.md", "tri-fold"
TIMES = 12
# Types a letter, and returns the seconds until the view has changed and is drawn.
KEY = """async (isPage) => {
  const frame = document.querySelector("iframe"), sides = document.querySelector(".sides");
  const pictures = () => [...sides.children].map((each) => each.src).join();
  const state = () => isPage ? frame.contentDocument.querySelector("main") : pictures();
  const before = state(), begun = performance.now();
  document.execCommand("insertText", false, "x");
  while (state() === before && performance.now() - begun < 8000) await new Promise((done) => setTimeout(done, 4));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return (performance.now() - begun) / 1000;
}"""


def processes(first: int) -> list[int]:
    """A process and its children."""
    results = [first]
    for item in results:
        tasks = Path(f"/proc/{item}/task").glob("*/children")
        results += [int(child) for task in tasks for child in task.read_text().split()]
    return results


def memory(first: int) -> int:
    """Their memory in MB, with shared parts divided (PSS)."""
    total = 0
    for process in processes(first):
        rows = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        total += next(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
    return total // 1000


def keys(page: Page, is_page: bool) -> list[float]:
    """Seconds of each key, in the first line of words."""
    page.locator(".cm-line").filter(has_text=re.compile(r"^[A-Z]\w+ \w+")).first.click()
    page.keyboard.press("End")
    results = []
    for _ in range(TIMES):
        results.append(page.evaluate(KEY, is_page))
        time.sleep(0.4)
    return results


@contextmanager
def opened(root: Path) -> Iterator[tuple[subprocess.Popen[str], Page, str, float]]:
    """A new desk: (its process, its first page, the page's address, seconds until it was there)."""
    command = [sys.executable, "-m", "campaign", "desk", "--no-open", "--port", "18070"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with (
        subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True) as desk,
        sync_playwright() as playwright,
    ):
        assert desk.stdout
        desk.stdout.readline()
        address = desk.stdout.readline().strip()
        path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("dialog", lambda dialog: dialog.accept())
        try:
            start_time = time.monotonic()
            page.goto(address)
            yield desk, page, page.url, time.monotonic() - start_time
            browser.close()
        finally:
            desk.send_signal(signal.SIGINT)


def main(root: Path) -> None:
    with opened(root) as (desk, page, base, first):
        data = {"first": first}
        start_time = time.monotonic()
        page.goto(f"{base}texts/{PAGE}")
        page.wait_for_selector(".cm-content")
        data["editor"] = time.monotonic() - start_time
        page.frame_locator("iframe").locator("main h2").first.wait_for()
        data["begun, page"] = time.monotonic() - start_time
        time.sleep(2)
        result = keys(page, True)
        data["page"], data["page, worst"] = median(result), max(result)
        page.goto(f"{base}texts/{LEAFLET}")
        page.wait_for_selector(".cm-content")
        start_time = time.monotonic()
        page.select_option("#shown", FORMAT)
        page.locator(".sides img").nth(1).wait_for()
        data["begun, leaflet"] = time.monotonic() - start_time
        time.sleep(1)
        result = keys(page, False)
        data["leaflet"], data["leaflet, worst"] = median(result), max(result)
        print("  ".join(f"{name} {seconds:.2f}" for name, seconds in data.items()), f" MB {memory(desk.pid)}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else REPOSITORY).resolve())
