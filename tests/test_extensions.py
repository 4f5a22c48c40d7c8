"""What packages and a campaign's own folder add: the example package is installed, and used by a campaign."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from conftest import HERE, REPOSITORY, copy_campaign, run
from packaging.requirements import Requirement
from test_own_formats import printed_as

from campaign import printing
from campaign.cache import extensions as installed
from campaign.cache.program import hash_program
from campaign.checks.source import check_source
from campaign.content import load
from campaign.content.own_checks import read_checks
from campaign.content.trust import check_trust
from campaign.models.own_shortcode import OwnShortcode
from campaign.models.problem import CampaignError
from campaign.plan.outputs import catalogue
from campaign.printing.layout import describe
from campaign.website.components import draw_own

TINY = HERE / "campaigns/tiny"
EXAMPLE = REPOSITORY / "examples/campaign-stickers"


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    """The folder that the example is installed into, by pip as anybody would."""
    folder = tmp_path_factory.mktemp("installed")
    source = tmp_path_factory.mktemp("source") / "campaign-stickers"
    subprocess.run(["cp", "-r", EXAMPLE, source], check=True)
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", folder, source]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def output_of(root: Path, package: Path | None, *arguments: str, code: int = 0) -> str:
    """Return what `campaign` prints with the package installed, in a separate process."""
    path = os.pathsep.join(filter(None, [str(package or ""), os.environ.get("PYTHONPATH", "")]))
    environment = {**os.environ, "PYTHONPATH": path, "COLUMNS": "200", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "campaign", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def root(tmp_path) -> Path:
    return copy_campaign(TINY, tmp_path / "campaign")


def add_line(root: Path, line: str) -> None:
    for page in root.glob("docs/*/boil.md"):
        page.write_text(page.read_text("utf-8") + f"\n{line}\n", "utf-8")


HOURS = "{{ opening-hours days=Lunes hours=8:00 }}"


@pytest.mark.long
def test_example_package_adds_one_part_of_each_kind(small, package, tmp_path):
    root = copy_campaign(small, tmp_path / "campaign", is_warm=True)
    printed_as(root, "a3, door-sticker")
    add_line(root, HOURS)
    page = root / "docs/fil/posters/boil-the-water.md"
    page.write_text(page.read_text("utf-8").replace('title: "', 'title: "' + "Tubig " * 10, 1), "utf-8")
    # Without the package a campaign that needs it says so.
    lacking = output_of(root, None, "check", code=1)
    assert "The format `door-sticker` is not known." in lacking
    assert "There is no shortcode `opening-hours`." in lacking
    checked = output_of(root, package, "check")
    assert "The title of this sticker has" in checked
    assert "(own-check)" in checked
    page.write_text(page.read_text("utf-8").replace("Tubig " * 10, "", 1), "utf-8")
    output_of(root, package, "build")
    assert [*(root / "dist").glob("national/fil/office/*-door-sticker.pdf")]
    assert "<strong>Lunes</strong> 8:00" in (root / "site/fil/boil.html").read_text("utf-8")
    (titles,) = (root / "site/files/fil").glob("*-titles.txt")
    assert titles.read_text("utf-8").count("\n") > 5
    assert "All titles" in (root / "site/fil/downloads.html").read_text("utf-8")
    (tmp_path / "card").mkdir()
    output_of(root, package, "publish", f"memory-card:{tmp_path / 'card'}")
    assert (tmp_path / "card/site/index.html").is_file()
    assert "no version before" in output_of(
        root, package, "publish", "--rollback", f"memory-card:{tmp_path / 'card'}", code=1
    )
    assert "(target-address)" in output_of(root, None, "publish", "memory-card://x", code=1)


def test_example_package_needs_this_version_of_the_generator_and_nothing_else():
    """Otherwise pip would search a public index for another package that is called `campaign`."""
    example, ours = (
        tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"] for folder in (EXAMPLE, REPOSITORY)
    )
    (needed,) = map(Requirement, example["dependencies"])
    assert needed.name == ours["name"]
    assert ours["version"] in needed.specifier


def test_package_that_is_broken_is_named(tmp_path, monkeypatch):
    info = tmp_path / "broken-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1\n", "utf-8")
    (info / "entry_points.txt").write_text("[campaign.checks]\nbroken = no_such_module:check\n", "utf-8")
    before = hash_program("site")
    monkeypatch.syspath_prepend(str(tmp_path))
    for function in (installed.extensions, installed.extension_stamps):
        function.cache_clear()
    try:
        with pytest.raises(CampaignError, match=r"`broken` \(no_such_module:check\) can't be loaded: ModuleNotFound"):
            installed.extensions("checks")
        # Installed extensions are inputs of outputs.
        assert hash_program("site") != before
    finally:
        monkeypatch.undo()
        for function in (installed.extensions, installed.extension_stamps):
            function.cache_clear()
    assert hash_program("site") == before


@pytest.mark.long
def test_shortcode_of_a_campaign_is_shown_and_printed_once_it_is_trusted(small, tmp_path):
    root = copy_campaign(small, tmp_path / "campaign", is_warm=True)
    folder = root / "shortcodes"
    folder.mkdir()
    (folder / "hours.html").write_text("<p class='x'>{{ arguments.at }} {{ words.home }}</p>", "utf-8")
    (folder / "hours.typ").write_text("*#arguments.at*", "utf-8")
    add_line(root, "{{ hours at=8:00 }}")
    leaflet = root / "docs/fil/leaflets/boil-the-water.md"
    leaflet.write_text(leaflet.read_text("utf-8").replace("{#left}", "{#left}\n\n{{ hours at=8:00 }}", 1), "utf-8")
    assert {item.where for item in check_trust(root)} == {"shortcodes/hours.html", "shortcodes/hours.typ"}
    assert "(program-refused)" in run(root, "build", code=1)
    run(root, "build", "--trust")
    home = load(root)[0].languages["fil"].strings["home"]
    assert f"8:00 {home}</p>" in (root / "site/fil/boil.html").read_text("utf-8")
    # Pages that show it are made again when it changes.
    (folder / "hours.html").write_text("<p class='x'>{{ arguments.at }} now</p>", "utf-8")
    run(root, "build", "--trust")
    assert "8:00 now</p>" in (root / "site/fil/boil.html").read_text("utf-8")
    campaign, problems = load(root)
    assert not [problem for problem in problems if problem.stops]
    piece = next(output for output in catalogue(campaign) if output.kind == "leaflet" and output.language == "fil")
    blocks = [block for panel in describe(campaign, piece)["panels"].values() for block in panel["blocks"]]
    assert {"t": "own", "typst": "*#arguments.at*", "arguments": {"at": "8:00"}} in blocks


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("call.html", "The shortcode `call` exists already"),
        ("hours.typ", "no template for the site"),
        ("Hours 1.html", "isn't a plain name"),
    ],
)
def test_shortcode_that_cannot_be_used_is_told(root, name, said):
    (root / "shortcodes").mkdir()
    (root / "shortcodes" / name).write_text("x", "utf-8")
    problems = [item for item in load(root)[1] if item.id == "shortcode-wrong"]
    assert [said in problem.message for problem in problems] == [True]


@pytest.mark.parametrize(
    ("html", "line", "said"),
    [
        ("<p>\n{{ nothing.at.all }}", 2, "'nothing' is undefined"),
        ("{{ arguments.end }}", 1, "no attribute 'end'"),
        ("{{ 1 / 0 }}", 1, "division by zero"),
        ("\n\n{% include '/etc/passwd' %}", 3, "'/etc/passwd' not found"),
    ],
)
def test_template_of_a_shortcode_that_stops_is_named_with_its_line(root, html, line, said):
    campaign, shortcode = load(root)[0], OwnShortcode("hours", html, "", "shortcodes/hours.html")
    with pytest.raises(CampaignError) as error:
        draw_own(campaign, campaign.source_language, shortcode, {"at": "8:00"})
    (problem,) = error.value.problems
    assert (problem.id, problem.where) == ("shortcode-wrong", f"shortcodes/hours.html:{line}")
    assert said in problem.message


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [(b"<p>\n{{ arguments.at </p>", "shortcode-wrong", ":2"), (b"\xff", "file-not-utf8", ":1")],
)
def test_template_that_cannot_be_read_is_named(root, data, rule, line):
    (root / "shortcodes").mkdir()
    (root / "shortcodes/hours.html").write_bytes(data)
    (root / "shortcodes/hours.typ").mkdir()
    (root / "formats/own").mkdir(parents=True)
    (root / "formats/own/design.typ").write_bytes(b"\xff")
    declared = "formats:\n  own: {kind: own, width: 90, height: 90}\n"
    (root / "formats/own/format.yml").write_text(declared, "utf-8")
    campaign, problems = load(root)
    found = {(problem.id, problem.where) for problem in (*problems, *check_source(campaign))}
    assert found >= {
        (rule, f"shortcodes/hours.html{line}"),
        ("file-unreadable", "shortcodes/hours.typ"),
        ("file-not-utf8", "formats/own/design.typ:1"),
    }


@pytest.mark.parametrize(
    ("typst", "said"), [("#let a = (", "unclosed delimiter"), ('#panic("boo")', "boo"), ("#arguments.end", "end")]
)
def test_template_for_paper_that_stops_is_named(root, typst, said):
    (root / "shortcodes").mkdir()
    (root / "shortcodes/hours.html").write_text("<p>8:00", "utf-8")
    (root / "shortcodes/hours.typ").write_text(typst, "utf-8")
    leaflet = root / "docs/fil/leaflets/boil-the-water.md"
    leaflet.write_text(leaflet.read_text("utf-8").replace("{#left}", "{#left}\n\n{{ hours at=8:00 }}", 1), "utf-8")
    campaign = load(root)[0]
    piece = next(output for output in catalogue(campaign) if output.kind == "leaflet" and output.language == "fil")
    (problem,) = printing.measure(campaign, piece)
    assert (problem.id, problem.where) == ("shortcode-wrong", "shortcodes/hours.typ")
    assert said in problem.message
    assert "docs/fil/leaflets/boil-the-water.md" in problem.message


def test_words_that_a_campaign_avoids_are_told_with_their_line_and_need_no_trust(root):
    (root / "checks").mkdir()
    (root / "checks/promises.yml").write_text("avoid: [libre, (a+)+$]\ninstead: Sabihin ang halaga.\n", "utf-8")
    page = root / "docs/fil/boil.md"
    page.write_text(page.read_text("utf-8") + "\nLIBRE ito, at librepara.\n", "utf-8")
    assert not list(check_trust(root))
    told = run(root, "check")
    line = page.read_text("utf-8").splitlines().index("LIBRE ito, at librepara.") + 1
    assert f"docs/fil/boil.md:{line} `LIBRE` is among the words that this campaign avoids. Sabihin ang halaga." in told
    assert told.count("(own-check)") == 1
    (root / "checks/promises.yml").write_text("avoid: [libre]\ninstead: x\nstops: yes\nlanguages: [km]\n", "utf-8")
    assert "own-check" not in run(root, "check")
    (root / "checks/promises.yml").write_text("avoid: [libre]\ninstead: x\nstops: yes\n", "utf-8")
    assert "(own-check-stops)" in run(root, "check", code=1)
    (root / "checks/promises.yml").write_text("avoid: libre\n", "utf-8")
    assert "checks/promises.yml:1 `avoid` takes a list of words." in run(root, "check", code=1)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.yml", b"avoid: [x]\ninstead: y\nlanguages: [zz]\n", "`zz` isn't a valid value of `languages`."),
        ("a.yml", b'avoid: [""]\ninstead: y\n', "`avoid` lacks a word."),
        ("a.yml", b"avoid: []\ninstead: y\n", "`avoid` lacks a word."),
        ("a.yml", b"instead: y\n", "`avoid` is missing."),
        ("a.yaml", b"avoid: [x]\ninstead: y\n", "No check is read from this file."),
        ("a.yml", b"avoid: [\xff]\n", "The file is not UTF-8 text."),
        ("a.yml", b"- x\n", "Lines of `key: value` are expected here."),
    ],
)
def test_own_check_that_cannot_run_is_reported_once(root, name, content, message):
    (root / "checks").mkdir()
    (root / "checks" / name).write_bytes(content)
    problems: list = []
    read_checks(root, ("fil", "km", "ar"), problems)
    assert [problem.message for problem in problems] == [message]
