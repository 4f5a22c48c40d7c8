"""A folder for an office: its contents, and its starter's messages. tests/long really installs one."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import planted
import pytest
import recorded
from conftest import HERE, copy_campaign, run
from searched import marks_in

from campaign.desk.office import folder as office
from campaign.desk.office.folder import locked
from campaign.models.systems import PYTHONS, SYSTEMS


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """A campaign packed for Windows, without a network: the theme's wheel replaces all downloads."""
    result = tmp_path_factory.mktemp("office")
    root = copy_campaign(HERE / "campaigns/tiny", result / "campaign")
    for name in ("site/index.html", "dist/leaflet.pdf", ".build/keys.sqlite", "handed-out/2026.csv", "docs/fil/a.md"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    run(root, "tidy", "--yes")
    (root / "assets/out").symlink_to("/etc")
    for name in ("victims.csv", "docs/fil/victims.xlsx", "assets/posters/boil-the-water/brief.docx", "public/.env"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("PLANTED-stray")
    art = root / "assets/posters/boil-the-water/art.svg"
    art.write_bytes(planted.svg("office", "-5 -5 307 430", art.read_text().partition(">")[2].rpartition("</svg>")[0]))
    (root / "assets/logos/water.svg").write_bytes(planted.svg("logo"))
    (root / "docs/fil/boil.mp3").write_bytes(recorded.mp3(marks=True))

    def fetch(_: object, __: str, ___: Path, folder: Path) -> None:
        with zipfile.ZipFile(folder / "mkdocs_material-9.8.2-py3-none-any.whl", "w") as wheel:
            for name in (f"{office_icons}pen.svg", "material/base.html", "mkdocs_material-9.8.2.dist-info/WHEEL"):
                wheel.writestr(name, name)
        (folder / "pip-26.3-py3-none-any.whl").touch()

    office_icons = "material/templates/.icons/"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office, "download", fetch)
        output = run(root, "desk", "--pack", str(result / "ö 100% #1"), "--system", "windows-x64", "--python", "3.12")
    return result / "ö 100% #1", output


def test_lock_names_what_each_system_needs_and_no_condition():
    for system in SYSTEMS.values():
        for python in PYTHONS:
            lines = locked(system, python).splitlines()
            names = [line.split("==")[0] for line in lines]
            assert len(names) == len(set(names)) > 50
            assert all(re.fullmatch(r"\S+==\S+( --hash=sha256:[0-9a-f]{64})+", line) for line in lines)
            assert {"typst", "pikepdf", "mkdocs", "babel"} <= set(names)
    old = {name: re.search(r"^pikepdf==(\d+)", locked(SYSTEMS[name], "3.12"), re.MULTILINE)[1] for name in SYSTEMS}
    assert old == {"windows-x64": "10", "macos-x86_64": "9", "macos-arm64": "8"} | dict.fromkeys(
        ("linux-x86_64", "linux-arm64"), "10"
    )


def test_folder_holds_what_people_wrote_and_nothing_made_of_it(packed):
    folder, text = packed
    campaign = {path.name for path in (folder / "campaign").iterdir()}
    assert campaign == {"mkdocs.yml", "docs", "assets", "handed-out", "public"}
    assert not (folder / "campaign/assets/out").exists()
    assert marks_in(folder / "campaign") == []
    assert "Left out: docs/fil/victims.xlsx" in text
    assert 'id="slot-' in (folder / "campaign/assets/posters/boil-the-water/art.svg").read_text()
    assert (folder / "campaign/docs/fil/boil.mp3").is_file()
    assert 'double-click "Start the desk.bat"' in text
    starter = (folder / "Start the desk.bat").read_bytes()
    assert starter.count(b"\r\n") == starter.count(b"\n") > 10
    assert b"in (3.12) do" in starter
    assert "Start the desk.bat" in (folder / "READ-ME-FIRST.txt").read_text()


def test_campaign_whose_photos_tell_where_they_were_taken_is_not_packed(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    (root / "assets/photos/hills.jpg").write_bytes(planted.jpeg("jpeg", 1500))
    output = run(root, "desk", "--pack", str(tmp_path / "office"), code=1)
    assert "(photo-metadata)" in output
    assert not (tmp_path / "office").exists()


def test_list_names_the_wheels_as_they_were_made_here(packed):
    programs = packed[0] / "programs"
    lines = (programs / "python-3.12.txt").read_text().splitlines()
    assert [line.split("==")[0] for line in lines[:2]] == ["campaign", "mkdocs-material"]
    assert sum(line.startswith("mkdocs-material==") for line in lines) == 1
    theme, own = (zipfile.ZipFile(next(programs.glob(name))) for name in ("mkdocs_material-*", "campaign-*"))
    assert set(theme.namelist()) == {
        *("material/base.html", "mkdocs_material-9.8.2.dist-info/WHEEL", "mkdocs_material-9.8.2.dist-info/RECORD")
    }
    # The generator with its dependencies, and no campaign from the repository.
    for name in (
        *("overrides/main.html", "fonts/Andika-Regular.ttf", "requirements/run.txt", "skeleton/.gitlab-ci.yml"),
        *("desk/client/desk.js", "desk/templates/base.html", "desk/words/en.yml", "desk/office/starters/start.py"),
    ):
        assert f"campaign/{name}" in own.namelist()
    assert not [name for name in own.namelist() if not name.startswith("campaign")]


def test_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine").write_text("mine")
    output = run(HERE / "campaigns/tiny", "desk", "--pack", str(tmp_path), code=1)
    assert "not empty" in output
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize(
    ("about", "wanted"),
    [
        ({"pythons": ["3.9"]}, "The desk needs Python 3.9 for Somewhere: get it from python.org"),
        ({"like": ["win", "amd64"]}, "This Python is for another kind of computer"),
        ({}, "The set-up failed"),
    ],
)
def test_starter_says_in_a_sentence_what_is_missing(packed, tmp_path, about, wanted):
    folder = tmp_path / "ö 100% #1 $(x) '"
    shutil.copytree(packed[0], folder)
    mine = "{}.{}".format(*sys.version_info[:2])
    known = {"title": "Somewhere", "pythons": [mine], "like": ["", ""]} | about
    (folder / "programs/system.json").write_text(json.dumps(known))
    (folder / "programs" / f"python-{mine}.txt").write_text("campaign==0.1.0 --hash=sha256:" + "0" * 64 + "\n")
    starters = Path(office.STARTERS)
    (folder / "start.sh").write_text((starters / "start-the-desk.sh").read_text().replace("PYTHONS", mine))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", str(folder / "start.sh")], env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    assert (done.returncode, "Traceback" in done.stdout + done.stderr) == (1, False)
    assert wanted in done.stdout


@pytest.mark.parametrize("name", ["start-the-desk.sh", "Start the desk.command"])
def test_computer_without_python_is_told_where_to_get_it(tmp_path, name):
    (tmp_path / "dirname").symlink_to(shutil.which("dirname"))
    text = (office.STARTERS / name).read_text()
    (tmp_path / name).write_text(text.replace("PYTHONS", "9.9"))
    done = subprocess.run(
        [shutil.which("sh"), str(tmp_path / name)], env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "python.org" in done.stdout
    assert done.stderr == ""
