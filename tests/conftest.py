"""Campaigns as fixtures, built once each; a real browser; the tools that read PDFs."""

from __future__ import annotations

import functools
import gc
import http.server
import json
import os
import pickle
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import fontpkg_noto_sans
import pytest
import yaml
from click.testing import CliRunner
from filelock import FileLock
from system_tools import HEADLESS_SHELL, find_tool

# If the environment disables the bytecode cache, each process that a test starts would compile all modules.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# The day of tests, 2026-11-26: numbers that are fresh now would be old half a year later.
os.environ["SOURCE_DATE_EPOCH"] = "1795694400"

from campaign.cache.store import hash_text
from campaign.checks import languages
from campaign.checks.words import MODELS_FOLDER
from campaign.content import load
from campaign.models.campaign import Campaign
from campaign.models.formats import DESTINATIONS
from campaign.models.outputs import OFFICE as OFFICE_PRINTER
from campaign.models.outputs import PRINT_SHOP, Output
from campaign.pipeline import build
from campaign.pipeline.jobs import make_all
from campaign.pipeline.report import Selection

pytest_plugins = ["needed_tools"]
sys.dont_write_bytecode = False  # of the tests themselves, too
# How long a test waits for an event: only a hang takes that long, even on a busy machine.
MAX_WAIT_S = int(os.environ.get("TEST_WAIT_S", "300"))
TERMINAL = {"COLUMNS": "200", "NO_COLOR": "1"}
# `make test-long` runs completely what `make test` samples.
IS_WHOLE = os.environ.get("CAMPAIGN_TESTS") == "whole"
HERE = Path(__file__).parent
REPOSITORY = HERE.parent
PARTS = ("mkdocs.yml", "docs", "assets", "overrides")


@functools.cache
def read_help() -> Campaign:
    """HELP as it is in this repository, read once for all tests of this process."""
    return load(REPOSITORY)[0]


def copy_campaign(source: Path, target: Path, is_warm: bool = False) -> Path:
    """A campaign's own files. is_warm: with the caches in .build, so that a build only makes what changes.

    Otherwise only the language models are there, as a build unpacks them: 0.7 s and 68 MB in each campaign.
    """
    for part in (*PARTS, ".build") if is_warm else PARTS:
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, copy_function=copy_or_link)
        elif (source / part).exists():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / part, target / part)
    for model in [] if is_warm else unpacked_models:
        (target / MODELS_FOLDER).mkdir(parents=True)
        for path in model.iterdir():
            os.link(path, target / MODELS_FOLDER / path.name)
    return target


def copy_or_link(source: str, target: str) -> None:
    """Copy a file; language models (67 MB, which no test writes into) are hard-linked."""
    if Path(source).parent.name == "languages":
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def shared_folder(tmp_path_factory) -> Path:
    """A folder for all processes of this test run."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session", autouse=True)
def shared_misfits(tmp_path_factory):
    """Texts that were measured for one test are known in the others, also in other processes.

    They are found by a hash of all that they are.
    """
    from campaign.pipeline import misfits

    folder = shared_folder(tmp_path_factory) / "misfits"
    folder.mkdir(exist_ok=True)

    class Shared(misfits.Misfits):
        def find(self, key, output):
            known, file = super().find(key, output), self._file(key, output)
            return pickle.loads(file.read_bytes()) if known is None and file.exists() else known

        def record(self, key, output, problems):
            super().record(key, output, problems)
            if (known := super().find(key, output)) is not None:
                part = folder / str(uuid.uuid4())
                part.write_bytes(pickle.dumps(known))
                part.replace(self._file(key, output))

        def _file(self, key, output):
            return folder / hash_text(self._name(key, output))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(misfits, "Misfits", Shared)
        yield


unpacked_models: list[Path] = []


@pytest.fixture(scope="session", autouse=True)
def unpacked_model(tmp_path_factory) -> Iterator[None]:
    """The language models, unpacked once for all test processes: 0.7 s and 68 MB for each campaign otherwise."""
    folder = shared_folder(tmp_path_factory) / "languages"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            languages.unpack(folder)
    unpacked_models.append(folder)
    unpack, read = languages._unpack, languages._cached_model
    model = functools.cache(functools.partial(read, folder))

    def cached(target: Path):
        """Its hash takes 0.06 s: files that are the shared ones need none."""
        is_shared = all((own := target / path.name).exists() and own.samefile(path) for path in folder.iterdir())
        return model() if is_shared else read(target)

    def linked(target: Path | None):
        if target and not target.exists():
            with suppress(OSError):  # a read-only or another disk
                target.mkdir()
                for path in folder.iterdir():
                    os.link(path, target / path.name)
        return cached(target or folder) or unpack(target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(languages, "_cached_model", cached)
        patch.setattr(languages, "_unpack", linked)
        yield


def keep_only_pieces(root: Path, *caches: str) -> None:
    """Delete everything that builds keep except the store, whose files are found by the hash of their inputs.

    Language models stay as well, since they come unchanged from a package. caches: others to keep, by their names.
    """
    for path in (root / ".build").iterdir():
        if path.is_dir() and path.name not in ("store", Path(MODELS_FOLDER).name):
            shutil.rmtree(path)
    kept = ("store", *caches)
    with closing(sqlite3.connect(root / ".build/memo.sqlite")) as memo:
        memo.execute(f"DELETE FROM known WHERE space NOT IN ({', '.join('?' * len(kept))})", kept)
        memo.commit()


def run_process(root: Path, *arguments: str, code: int | None = 0) -> str:
    """Return what `campaign` prints in a separate process, for tests about the process."""
    environment = {**os.environ, **TERMINAL}
    done = subprocess.run(
        [sys.executable, "-m", "campaign", *arguments], cwd=root, env=environment, capture_output=True, text=True
    )
    return checked_output(done.stdout + done.stderr, done.returncode, code)


def run(root: Path, *arguments: str, code: int | None = 0) -> str:
    """Return what `campaign` prints on both channels, run in this process: half a second less than `run_process`.

    Args:
        root: the working folder.
        code: the exit code it must end with; None: any.
    """
    from campaign.cli.commands import main
    from campaign.cli.console import console

    thresholds = gc.get_threshold()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONSAFEPATH", "1")  # The command sets it; here it must not outlive the command.
        patch.setattr(console, "width", int(TERMINAL["COLUMNS"]))  # The console keeps that of its first process.
        patch.chdir(root)
        done = CliRunner().invoke(main, list(map(str, arguments)), env=TERMINAL)
    gc.set_threshold(*thresholds)
    gc.unfreeze()
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return checked_output(done.output, done.exit_code, code)


def mostly_long(values: Iterable[str], *kept: str) -> list:
    """Return parameters of a test: all but `kept` are left to `make test-long`."""
    return [value if value in kept else pytest.param(value, marks=pytest.mark.long) for value in values]


def wait_for_deferred(page) -> None:
    """Wait for the script that a page fetches after its first paint: before that, “Forget this site” is a link."""
    page.wait_for_function("""() => performance.getEntriesByType("resource").some(
        each => /deferred[.]js/.test(each.name) && each.responseEnd)""")


def free_port() -> int:
    """A port that no program of this computer uses: other test runs may be going on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def checked_output(output: str, ended_with: int, code: int | None) -> str:
    assert "Traceback" not in output, output
    assert code is None or ended_with == code, output
    return output


def program(path: Path) -> None:
    """A module that records that it ran."""
    path.write_text(f"import pathlib\npathlib.Path({str(path.parent)!r}, 'ran').touch()\n", encoding="utf-8")


def built_once(tmp_path_factory, name: str, make: Callable[[Path], None]) -> tuple[Path, Path]:
    """Return a campaign's folder that `make` filled once for all test processes, and one for this process only."""
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
    """The tiny campaign, built. Each process has a copy, since a test may change it."""

    def make(root: Path) -> None:
        copy_campaign(HERE / "campaigns/tiny", root)
        run_process(root, "build")

    shared, own = built_once(tmp_path_factory, "tiny", make)
    return own if own.exists() else shutil.copytree(shared, own, copy_function=copy_or_link)


def leave_one_place(root: Path, *destinations: str) -> None:
    """Remove the other places from a copy of the tiny campaign, and its pictures for other destinations."""
    for place in ("river", "coast"):
        (root / f"assets/contacts/{place}.yml").unlink()
    unsent = ", ".join(f"{name}: no" for name in sorted(DESTINATIONS) if name not in destinations)
    settings = root / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8").replace("places: [river, hill, coast]", "places: [hill]")
    text = text.replace("      audiences:", f"      destinations: {{{unsent}}}\n      audiences:")
    settings.write_text(text, encoding="utf-8")


@pytest.fixture(scope="session")
def small(tiny, tmp_path_factory) -> Path:
    """The tiny campaign with one place and two shapes of pictures, built: faster if everything is made again."""

    def make(root: Path) -> None:
        copy_campaign(tiny, root, is_warm=True)
        leave_one_place(root, "open-graph", "press")
        run(root, "build")

    shared, own = built_once(tmp_path_factory, "small", make)
    return own if own.exists() else shutil.copytree(shared, own, copy_function=copy_or_link)


# HELP in these languages only: the source, the first one, and one in a script of three bytes that has pieces only.
SOME_LANGUAGES = ("en", "tet", "my")
# The size of an office's campaign: it has everything that a published campaign has.
OFFICE = "https://www.halt-exploitation.gov.tl/"


def leave_languages(root: Path, languages: tuple[str, ...]) -> None:
    """Remove the other languages from a copy of a campaign: folders, lines of mkdocs.yml, words in YAML files."""
    gone = {path.name for path in (root / "docs").iterdir() if path.is_dir()} - set(languages)
    for code in gone:
        shutil.rmtree(root / "docs" / code)
    settings = root / "mkdocs.yml"
    text = re.sub(rf"^ +- {{locale: (?:{'|'.join(gone)}),.*\n", "", settings.read_text("utf-8"), flags=re.MULTILINE)
    for whole, key, named in re.findall(r"((pieces_only|ask_phones_in): \[(.*?)\])", text):
        few = ", ".join(code for code in named.split(", ") if code not in gone)
        text = text.replace(whole, f"{key}: [{few}]")
    settings.write_text(text, "utf-8")

    def left(node: object) -> object:
        """`id` is a language only if there are others."""
        if isinstance(node, dict):
            is_words = len(gone & node.keys()) > 1
            return {key: left(value) for key, value in node.items() if not (is_words and key in gone)}
        return (
            [left(each) for each in node if not (isinstance(each, str) and each in gone)]
            if isinstance(node, list)
            else node
        )

    for path in (*(root / "docs").glob("_*.yml"), *(root / "assets").rglob("*.yml")):
        typed = path.read_text("utf-8")
        # Each value as text: days and numbers stay as typed.
        node = left(yaml.load(typed, yaml.BaseLoader))
        if node:
            path.write_text(json.dumps(node, ensure_ascii=False, indent=1), "utf-8")
    for path in (root / "docs").rglob("release-*.md"):
        text = path.read_text("utf-8")
        path.write_text(re.sub(r"^languages: .*\n", "", text, flags=re.MULTILINE), "utf-8")


FOR_PRINT_SHOPS = ("know-the-signs", "good-to-know")
# Pieces with many pages take longest: `make test` makes these, and `make test-long` all handouts once.
LONG_PIECES = ("fact-sheet-en-handout", "papers-en-handout", "test-en-handout", "agenda-en-booklet")


class _Some(Selection):
    """Some outputs: for the print shop only the most common ones (two pieces, or all), a few long pieces."""

    def includes(self, output: Output) -> bool:
        if output.flavour == PRINT_SHOP and (
            output.kind not in ("leaflet", "poster", "card") or not (IS_WHOLE or output.name in FOR_PRINT_SHOPS)
        ):
            return False
        if IS_WHOLE:
            is_first = output.language == "en" and output.flavour in (OFFICE_PRINTER, None)
            return super().includes(output) and (is_first or output.kind != "handout")
        # Thumbnails have the name of the piece in full.
        piece = output.name if output.kind == "picture" else f"{output.name}-{output.language}-{output.format}"
        is_long = piece.endswith(("-handout", "-booklet"))
        return super().includes(output) and (piece in LONG_PIECES or not is_long)


@pytest.fixture(scope="session")
def help_campaign(tmp_path_factory) -> Path:
    """HELP itself, built, at the address of an office; no test may change it. Every page, in three languages or all;
    the pieces of one place, since those of the other thirteen differ only by a name; pictures for the site and the
    press. Existing outputs are reused, as in a second build: an output's key is a hash of everything that it is made
    from."""

    def make(root: Path) -> None:
        copy_campaign(REPOSITORY, root)
        if not IS_WHOLE:
            leave_languages(root, SOME_LANGUAGES)
        settings = root / "mkdocs.yml"
        text = settings.read_text("utf-8")
        settings.write_text(text.replace("https://help.example/", OFFICE), "utf-8")
        if (REPOSITORY / ".build/store").is_dir():
            shutil.copytree(REPOSITORY / ".build/store", root / ".build/store")
            shutil.copyfile(REPOSITORY / ".build/memo.sqlite", root / ".build/memo.sqlite")
        places, shapes = (None, "viqueque"), ("", "open-graph", "press")
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


def chromium_path() -> str:
    """Return the path of the installed Chromium, or leave the test out."""
    from needed_tools import require  # pytest loads it as a plugin, after this file

    return require("chromium")


@pytest.fixture(scope="session")
def playwright():
    """Playwright, which a process can start only once at a time."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


FONTS_CONF = """<?xml version="1.0"?>
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{files}</dir>
  <cachedir>{cache}</cachedir>
  <match target="pattern">
    <test name="family"><string>system-ui</string></test>
    <edit name="family" mode="prepend" binding="strong"><string>Noto Sans</string></edit>
  </match>
</fontconfig>
"""


@pytest.fixture(scope="session")
def phone_fonts(tmp_path_factory) -> dict[str, str]:
    """Environment variables that make the browser use Noto Sans, as on Android.

    The default font of a computer may be a sixth wider, and differs once Java is installed.
    """
    folder = tmp_path_factory.mktemp("fonts")
    files = Path(fontpkg_noto_sans.__file__).parent / "files"
    (folder / "fonts.conf").write_text(FONTS_CONF.format(files=files, cache=folder), encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")}


@pytest.fixture(scope="session")
def browser(playwright, phone_fonts):
    """A real Chromium, headless if available: the same engine for two thirds of the work."""
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    path = find_tool(HEADLESS_SHELL) or chromium_path()
    running = playwright.chromium.launch(executable_path=path, args=quiet, env=phone_fonts)
    wait_patiently(running)
    yield running
    running.close()


def wait_patiently(browser) -> None:
    """Raise every timeout of a browser from Playwright's 5 and 30 s, which a busy machine exceeds, to MAX_WAIT_S."""
    from playwright.sync_api import expect

    def patient(create):
        def created(**options):
            new = create(**options)
            new.set_default_timeout(MAX_WAIT_S * 1000)
            return new

        return created

    expect.set_options(timeout=MAX_WAIT_S * 1000)
    browser.new_context, browser.new_page = patient(browser.new_context), patient(browser.new_page)


@pytest.fixture(scope="session")
def opened(tmp_path_factory):
    """The desk of a tiny campaign, for all tests of this process; each test restores the files."""
    from opened_desk import desk_of

    with desk_of(copy_campaign(HERE / "campaigns/tiny", tmp_path_factory.mktemp("desk") / "campaign")) as desk:
        yield desk


@pytest.fixture(scope="session")
def _desk_page(opened, browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", reduced_motion="reduce")
    page, told = context.new_page(), []
    page.on("console", lambda message: told.append(message.text))
    page.on("request", lambda request: told.append(request.url) if f":{opened.port}/" not in request.url else None)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(opened.address)
    # The page about reading the campaign loads the desk when that is done.
    page.wait_for_selector("main:not(:has(#waiting))")
    yield page, told
    context.close()


@pytest.fixture
def home(opened, _desk_page):
    """(a browser's page, opened by the address where the desk begins). No name has been entered yet."""
    page, told = _desk_page
    (opened.root / ".build/desk/choices.json").unlink(missing_ok=True)
    opened.drop_drafts()
    page.set_viewport_size({"width": 1280, "height": 900})
    told.clear()
    yield page, opened.base
    assert not [each for each in told if not each.startswith(("data:", "blob:")) and "Failed to load" not in each]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: tests wait for browsers and other programs a fifth of the time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests marked `long` to `make test-long`, and run tests of HELP first.

    One process builds HELP; the others, which begin further on, don't wait for it. The second of two begins with tests
    marked `early`: at the end the first would wait for them.
    """
    long = [item for item in items if item.get_closest_marker("long") and not IS_WHOLE]
    items[:] = sorted(
        (item for item in items if item not in set(long)),
        key=lambda item: "help_campaign" not in (*getattr(item, "fixturenames", ()), *re.split(r"[\[\]]", item.name)),
    )
    early = [item for item in items if item.get_closest_marker("early")]
    rest = [item for item in items if item not in set(early)]
    items[:] = [*rest[: len(rest) // 2], *early, *rest[len(rest) // 2 :]]
    config.hook.pytest_deselected(items=long)
