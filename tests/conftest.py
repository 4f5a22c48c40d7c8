"""Campaigns as fixtures, built once each; a real browser; the tools that read PDFs."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
# The day of tests, 2026-11-26: numbers that are fresh in them would be old half a year later.
os.environ["SOURCE_DATE_EPOCH"] = "1795694400"

from campaign.models.formats import DESTINATIONS
from campaign.models.outputs import PRINT_SHOP, Output
from campaign.pipeline import build
from campaign.pipeline.jobs import make_all
from campaign.pipeline.report import Wanted

HERE = Path(__file__).parent
REPOSITORY = HERE.parent
PARTS = ("mkdocs.yml", "docs", "assets", "overrides")


def copy_campaign(source: Path, target: Path, is_warm: bool = False) -> Path:
    """A campaign's own files. is_warm: with what builds keep in .build, so that only what changes then is made."""
    for part in (*PARTS, ".build") if is_warm else PARTS:
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part)
        elif (source / part).exists():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / part, target / part)
    return target


def run(root: Path, *arguments: str, code: int | None = 0) -> str:
    """What `campaign` prints on both channels, run as a person would; code: the exit code that is wanted."""
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
    done = subprocess.run(
        [sys.executable, "-m", "campaign", *arguments], cwd=root, env=environment, capture_output=True, text=True
    )
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    assert code is None or done.returncode == code, said
    return said


def built_once(tmp_path_factory, name: str, make: Callable[[Path], None]) -> tuple[Path, Path]:
    """(a campaign's folder that `make` filled once for all processes that tests run in, one for this process alone)."""
    own = tmp_path_factory.mktemp(name) / "campaign"
    in_processes = "PYTEST_XDIST_WORKER" in os.environ
    shared = tmp_path_factory.getbasetemp().parent / name if in_processes else own
    with FileLock(f"{shared}.lock"):
        if not shared.exists():
            begun = shared.with_suffix(".begun")
            shutil.rmtree(begun, ignore_errors=True)
            make(begun)
            begun.rename(shared)
    return shared, own


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Path:
    """The tiny campaign, built. Each process has a copy, since a test may leave its mark on it."""

    def make(root: Path) -> None:
        copy_campaign(HERE / "campaigns/tiny", root)
        run(root, "build")

    shared, own = built_once(tmp_path_factory, "tiny", make)
    return own if own.exists() else shutil.copytree(shared, own)


@pytest.fixture(scope="session")
def small(tiny, tmp_path_factory) -> Path:
    """The tiny campaign with one place and two shapes of pictures, built: less to wait for where all is made again."""

    def make(root: Path) -> None:
        copy_campaign(tiny, root, is_warm=True)
        for place in ("river", "coast"):
            (root / f"assets/contacts/{place}.yml").unlink()
        unsent = ", ".join(f"{name}: no" for name in sorted(DESTINATIONS) if name not in ("open-graph", "press"))
        settings = root / "mkdocs.yml"
        text = settings.read_text(encoding="utf-8").replace("places: [river, hill, coast]", "places: [hill]")
        text = text.replace("      audiences:", f"      destinations: {{{unsent}}}\n      audiences:")
        settings.write_text(text, encoding="utf-8")
        run(root, "build")

    shared, own = built_once(tmp_path_factory, "small", make)
    return own if own.exists() else shutil.copytree(shared, own)


class _Some(Wanted):
    """Some outputs: of those for the print shop those that are handed to one most, and in the two languages that are
    shortest and longest on paper all that is not on the site itself.
    """

    def wants(self, output: Output) -> bool:
        if output.flavour == PRINT_SHOP and output.kind not in ("leaflet", "poster", "card"):
            return False
        if output.language in ("pt", "id") and output.kind == "picture":
            return super().wants(output) and output.destination in ("", "press", "open-graph")
        is_seen = output.kind in ("preview", "leaflet", "poster", "release", "press-kit")
        return super().wants(output) and (is_seen or output.language not in ("pt", "id"))


@pytest.fixture(scope="session")
def help_campaign(tmp_path_factory) -> Path:
    """HELP itself, built; no test may change it. Every page; the pieces of one place, since those of the other thirteen
    differ by a name alone; posters for the site, and in the widest and the smallest shape. What was made here before is
    taken over, as a second build would: its key is a hash of all that it is made from."""

    def make(root: Path) -> None:
        copy_campaign(REPOSITORY, root)
        store = REPOSITORY / ".build/store"
        if store.is_dir():
            shutil.copytree(store, root / ".build/store")
        places, shapes = (None, "viqueque"), ("", "open-graph", "press", "x-header", "feature-phone")
        some = _Some(places=frozenset(places), destinations=frozenset(shapes))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(build, "make_all", lambda campaign, _, *rest: make_all(campaign, some, *rest))
            report = build.build(root)
        assert not report.stops, report.problems

    return built_once(tmp_path_factory, "help", make)[0]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        """Nothing: tests print their own."""


@pytest.fixture(scope="session")
def served(help_campaign, tiny, tmp_path_factory):
    """Both sites on sub-paths of a server, as GitHub Pages would have them: name -> address."""
    folder = tmp_path_factory.mktemp("served")
    for name, root in (("help", help_campaign), ("tiny", tiny)):
        (folder / name).symlink_to(root / "site")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {name: f"http://127.0.0.1:{server.server_port}/{name}/" for name in ("help", "tiny")}
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser():
    """A real Chromium."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))))
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=quiet)
        yield running
        running.close()
