"""Take the guide's pictures: the desk, on a campaign with made-up names and numbers, and a new campaign's results."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
CAMPAIGN = HERE.parent / "tests/campaigns/tiny"
PICTURES = HERE / "docs/pictures"
PORT = 18400
MAX_PICTURE_BYTES = 60_000
MAX_WAIT_MS = 600_000
PHONE = {"width": 360, "height": 640}
DESK = {"width": 1100, "height": 760}
LEAFLET_DPI = 60
# Name of the picture -> the desk's page, on the campaign of the tests.
SHOWN = {
    "contacts": "contacts",
    "call-sheet": "contacts/sheet",
    "texts": "texts/fil/boil.md",
    "new-text": "texts/new?kind=poster",
    "outside": "translate/ar#to",
    "translate": "translate/ar/boil.md?all",
    "photo": "photos/hills",
    "look": "look",
    "logos": "look#logos",
    "print": "print?place=hill&language=fil",
    "publish": "publish",
    "undo": "history",
}
# The same on a new campaign, which readers of the tutorial have in front of them.
TUTORIAL = {
    "today": "",
    "contact": "contacts/national/emergency",
    "leaflet": "texts/en/leaflets/wash-your-hands.md",
}

# What the tutorial and the home page show of a campaign.
RESULTS = {"what-it-makes": "the repository's picture", "tutorial-site": "its site", "tutorial-leaflet": "its leaflet"}


def main() -> None:
    """Take every picture."""
    PICTURES.mkdir(exist_ok=True)
    _save(Image.open(HERE / "what-it-makes.png"), PICTURES / "what-it-makes.webp")
    with tempfile.TemporaryDirectory() as folder:
        _take_desk(shutil.copytree(CAMPAIGN, Path(folder) / "campaign"), SHOWN)
    _take_results()


def _take_results() -> None:
    """Build a new campaign as the tutorial does, and show its front page and the outside of its leaflet."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "my-campaign"
        for arguments in (["new", root], ["--root", root, "build"]):
            subprocess.run([sys.executable, "-m", "campaign", *map(str, arguments)], check=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = browser.new_page(viewport=PHONE, locale="en-GB")
            page.goto((root / "site/en/index.html").as_uri())
            _save(Image.open(BytesIO(page.screenshot())), PICTURES / "tutorial-site.webp")
            browser.close()
        _take_desk(root, TUTORIAL)
        leaflet = min((root / "dist/north/en/office").glob("*tri-fold*.pdf"))
        drawn = pypdfium2.PdfDocument(leaflet)[0].render(scale=LEAFLET_DPI / 72).to_pil()
        _save(drawn, PICTURES / "tutorial-leaflet.webp")


def _take_desk(root: Path, shown: dict[str, str]) -> None:
    """Open the desk of a campaign, and take a picture of each page in `shown`."""
    with _open_desk(root) as (page, base):
        for name, path in shown.items():
            if name == "undo":
                _save_something(page, base)
            _take(page, base + path, PICTURES / f"{name}.webp")


@contextmanager
def _open_desk(root: Path) -> Iterator[tuple[Page, str]]:
    """Yield a browser's page, and the address of the desk's pages."""
    command = [sys.executable, "-m", "campaign", "desk", "--no-open", "--port", str(PORT)]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as desk:
        assert desk.stdout
        desk.stdout.readline()
        address = desk.stdout.readline().strip()
        running = json.loads((root / ".build/desk/running.json").read_text(encoding="utf-8"))
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
                page = browser.new_page(viewport=DESK, locale="en-GB")
                page.set_default_timeout(MAX_WAIT_MS)
                page.goto(address)
                yield page, address.split("/open/")[0] + f"/{running['key']}/"
                browser.close()
        finally:
            desk.terminate()


def _save_something(page: Page, base: str) -> None:
    """Save something, so that Undo has an entry."""
    page.goto(f"{base}contacts/hill/hill-clinic")
    page.fill("[name='contacts.0.hours']", "mon-fri 8:00-16:00")
    page.click("main .form > .save button")
    page.wait_for_load_state()


def _take(page: Page, address: str, target: Path) -> None:
    page.goto(address)
    page.wait_for_load_state()
    if target.stem == "leaflet":
        page.select_option("#shown", "tri-fold")
    page.wait_for_timeout(1000)
    # Previews and checks arrive later; until then the desk says that it is working. Its pages forbid `eval`, and so
    # Playwright's wait_for_function.
    for _ in range(MAX_WAIT_MS // 500):
        if "Working" not in page.inner_text("body"):
            break
        page.wait_for_timeout(500)
    page.wait_for_load_state("networkidle")
    _save(Image.open(BytesIO(page.screenshot())), target)


def _save(picture: Image.Image, target: Path) -> None:
    """Save a picture with the best quality that stays within MAX_PICTURE_BYTES."""
    picture = picture.convert("RGB")
    for quality in range(80, 20, -10):
        picture.save(target, "WEBP", quality=quality, method=6)
        if target.stat().st_size <= MAX_PICTURE_BYTES:
            return
    raise SystemExit(f"{target.name} is heavier than {MAX_PICTURE_BYTES} bytes")


if __name__ == "__main__":
    main()
