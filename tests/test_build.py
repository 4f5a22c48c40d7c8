"""Only what changed is made again, from any campaign, without a change of code."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import REPOSITORY, copy_campaign, copy_or_link, program, run, run_process
from filelock import FileLock

from campaign.content import writing
from campaign.content.writing import move


@pytest.fixture
def warm(tiny, tmp_path):
    """The tiny campaign with everything that its build left, in a separate folder."""
    root = tmp_path / "warm"
    shutil.copytree(tiny, root, copy_function=copy_or_link)
    return root


def made_now(said: str) -> dict[tuple[str, str], int]:
    """(kind, language) -> how many were made by this run, from the table."""
    rows = re.findall(r"^\s*(leaflet|poster|preview|picture)\s+(\w*)\s+(\d+)\s+\d+\s", said, re.MULTILINE)
    return {(kind, language): int(count) for kind, language, count in rows if int(count)}


def test_second_build_makes_nothing_and_says_so(tiny):
    before = {path: path.stat().st_mtime_ns for folder in ("site", "dist") for path in (tiny / folder).rglob("*")}
    output = run_process(tiny, "build")
    assert "Nothing to do" in output
    assert "Made now" not in output  # a table with nothing but zeros
    assert "Made now" in run(tiny, "build", "--verbose")
    after = {path: path.stat().st_mtime_ns for folder in ("site", "dist") for path in (tiny / folder).rglob("*")}
    assert after == before


@pytest.mark.long
def test_changed_sentence_in_one_leaflet_remakes_that_languages_leaflets_only(warm):
    path = warm / "docs/ar/leaflets/boil-the-water.md"
    text = path.read_text(encoding="utf-8")
    heading = re.search(r"^## .*\{#left\}\n", text, re.MULTILINE)
    path.write_text(text[: heading.end()] + "\nماء نظيف.\n" + text[heading.end() :], encoding="utf-8")
    result = made_now(run_process(warm, "build"))
    leaflets = len(list((warm / "dist").glob("*/ar/*/*-tri-fold*.pdf")))
    assert result[("leaflet", "ar")] == leaflets > 4
    assert {language for _, language in result} == {"ar"}
    assert not [kind for kind, _ in result if kind == "poster"]


def test_somebody_deleting_a_file_from_the_site_brings_it_back(warm):
    (warm / "site/ar/index.html").unlink()
    run_process(warm, "build")
    assert (warm / "site/ar/index.html").is_file()


def test_plain_mkdocs_build_gives_the_same_site(warm):
    (warm / "site").rename(warm / "before")
    done = subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q"], cwd=warm, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    first = {
        path.relative_to(warm / "before"): path.read_bytes() for path in (warm / "before").rglob("*") if path.is_file()
    }
    second = {
        path.relative_to(warm / "site"): path.read_bytes() for path in (warm / "site").rglob("*") if path.is_file()
    }
    assert first.keys() == second.keys()
    assert [str(name) for name in first if first[name] != second[name]] == []


def test_second_build_at_the_same_time_is_refused(warm):
    with (warm / "docs/fil/boil.md").open("a", encoding="utf-8") as page:
        page.write("\nSandali lang.\n")
    with FileLock(warm / ".build/lock"):
        assert "Another build of this campaign is running." in run_process(warm, "build", code=1)


def test_one_language_and_place_can_be_made_alone(tiny, tmp_path):
    root = copy_campaign(tiny, tmp_path / "some")
    run_process(root, "leaflets", "--language", "km", "--place", "coast", "--flavour", "office")
    assert [path.name for path in (root / "dist").rglob("*.*")] == ["boil-the-water-km-coast-tri-fold.pdf"]
    assert not (root / "site").exists()


def test_new_campaign_builds_at_once_and_runs_no_module_that_lies_in_its_folder(tmp_path):
    """Neither the started process nor the workers load a module from the folder, not even one that a build left."""
    run_process(tmp_path, "new", "mine")
    for name in ("multiprocessing", "typst", "jinja2"):
        program(tmp_path / f"mine/{name}.py")
    for command in ("build", "check"):
        output = run_process(tmp_path / "mine", command)
        assert not [line for line in output.splitlines() if line.startswith(("problem", "note"))]
    assert (tmp_path / "mine/site/pt/index.html").is_file()
    assert not (tmp_path / "mine/ran").exists()
    # Jinja's cached templates are Python bytecode: a received campaign may contain some.
    left = [file for file in (tmp_path / "mine/.build").rglob("*") if file.is_file()]
    assert not [file for file in left if file.read_bytes()[:2] == b"j2"]
    assert (tmp_path / "mine/site/en/index.html").is_file()
    assert list((tmp_path / "mine/dist/national/en/print-shop").glob("*-tri-fold-*.pdf"))
    assert "The folder is not empty" in run(tmp_path, "new", "mine", code=1)


def test_new_campaign_that_is_cut_off_has_no_settings_yet(tmp_path, monkeypatch):
    """A folder with mkdocs.yml counts as a campaign, so that file comes last."""
    (tmp_path / "mine").mkdir()
    moved = []

    def move_and_look(source: Path, target: Path, *arguments: float) -> None:
        move(source, target, *arguments)
        moved.append(target.name)

    monkeypatch.setattr(writing, "move", move_and_look)
    run(tmp_path, "new", "mine")
    assert len(moved) > 5
    assert moved[-1] == "mkdocs.yml"
    # What the host needs is the campaign's own, and survives the next build.
    (tmp_path / "mine/public/.well-known").mkdir(parents=True)
    (tmp_path / "mine/public/.well-known/security.txt").write_text("Contact: mailto:a@water.example\n")
    run(tmp_path / "mine", "build")
    assert (tmp_path / "mine/site/.well-known/security.txt").is_file()
    assert "Nothing to do" in run(tmp_path / "mine", "build")


def test_wheel_holds_all_that_a_campaign_needs(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
    )
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    for needed in (
        "campaign/overrides/main.html",
        "campaign/fonts/Andika-Regular.ttf",
        "campaign/printing/formats/folded/design.typ",
        "campaign/fonts/NotoSansMyanmar-Bold.ttf",
        "campaign/printing/profiles/FOGRA39L_coated.icc",
        "campaign/skeleton/mkdocs.yml",
        "campaign/skeleton/.github/workflows/pages.yml",
        "campaign/skeleton/.gitlab-ci.yml",
        "campaign/skeleton/docs/en/_strings.yml",
    ):
        assert needed in names
