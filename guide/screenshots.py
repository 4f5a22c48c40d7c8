"""Takes the guide's pictures of the desk, on a copy of a campaign whose names and numbers are made up."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
CAMPAIGN = HERE.parent / "tests/campaigns/tiny"
PICTURES = HERE / "docs/pictures"
PORT = 18400
# The heaviest that a picture may be; those that are heavier are saved again with less quality.
MOST_BYTES = 60_000
SHOWN = {
    "today": "",
    "contacts": "contacts",
    "call-sheet": "contacts/sheet",
    "contact": "contacts/hill/hill-clinic",
    "texts": "texts/fil/boil.md",
    "leaflet": "texts/fil/leaflets/boil-the-water.md",
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


def main() -> None:
    """Opens the desk and takes each picture."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        root = shutil.copytree(CAMPAIGN, Path(folder) / "campaign")
        command = [sys.executable, "-m", "campaign", "desk", "--no-open", "--port", str(PORT)]
        with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as desk:
            assert desk.stdout
            desk.stdout.readline()
            address = desk.stdout.readline().strip()
            running = json.loads((root / ".build/desk/running.json").read_text(encoding="utf-8"))
            base = address.split("/open/")[0] + f"/{running['key']}/"
            try:
                with sync_playwright() as playwright:
                    browser = playwright.chromium.launch(
                        executable_path=shutil.which("chromium"), args=["--no-sandbox"]
                    )
                    page = browser.new_page(viewport={"width": 1100, "height": 760}, locale="en-GB")
                    page.goto(address)
                    for name, path in SHOWN.items():
                        if name == "undo":
                            _save_something(page, base)
                        _take(page, base + path, PICTURES / f"{name}.webp")
                    browser.close()
            finally:
                desk.terminate()


def _save_something(page: Page, base: str) -> None:
    """So that there is something to take back."""
    page.goto(f"{base}contacts/hill/hill-clinic")
    page.fill("[name='contacts.0.hours']", "mon-fri 8:00-16:00")
    page.click("main .form > .save button")
    page.wait_for_load_state()


def _take(page: Page, address: str, target: Path) -> None:
    page.goto(address)
    page.wait_for_load_state()
    if target.stem == "leaflet":
        page.select_option("#shown", "tri-fold")
    # What is drawn beside an editor, and what is checked, comes a while later.
    page.wait_for_timeout(6000 if target.stem in ("today", "texts", "leaflet") else 600)
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    for quality in range(80, 20, -10):
        picture.save(target, "WEBP", quality=quality, method=6)
        if target.stat().st_size <= MOST_BYTES:
            return
    raise SystemExit(f"{target.name} is heavier than {MOST_BYTES} bytes")


if __name__ == "__main__":
    main()
