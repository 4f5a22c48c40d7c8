"""Tests of programs that aren't installed are left out and listed, however they start them; in CI they fail."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import needed_tools
import pytest
import system_tools
from conftest import HERE, REPOSITORY, TERMINAL

from campaign.cache.external_programs import run_program

TESTS = """
import asyncio, subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from campaign.cache.external_programs import run_program
from needed_tools import leave_out, require


@pytest.fixture(scope="session")
def picture():
    return subprocess.run(["gs", "--version"], capture_output=True).stdout

def test_of_nothing():
    assert subprocess.run(["sh", "-c", "exit 3"]).returncode == 3

def test_that_brings_its_own(tmp_path):
    program = tmp_path / "qpdf"
    program.write_text("#!/bin/sh\\nexit 4")
    program.chmod(0o755)
    assert subprocess.run([program]).returncode == 4

def test_that_starts_it():
    subprocess.run(["qpdf", "--version"], check=True)

@pytest.mark.parametrize("number", [1, 2])
def test_whose_fixture_starts_it(picture, number):
    assert picture

def test_that_starts_it_in_threads():
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda name: subprocess.check_output([name, "-v"]), ["pdftotext", "pdftotext"]))

def test_that_starts_it_in_a_loop():
    asyncio.run(asyncio.create_subprocess_exec("exiv2", "--version"))

def test_that_expects_another_error():
    with pytest.raises(ValueError):
        try:
            subprocess.run(["exiftool", "-ver"])
        except Exception:
            raise ValueError

def test_whose_program_is_elsewhere():
    subprocess.run([require("sshd"), "-V"])

def test_whose_campaign_starts_it():
    require("rsync")
    run_program(["rsync", "--version"])

def test_of_root():
    leave_out("root on Linux")
"""
NEEDS = ["exiftool", "exiv2", "gs", "pdftotext", "qpdf", "rsync", "sshd"]


def pytest_run(folder: Path, *arguments: str | Path, **variables: str) -> tuple[int, str]:
    """Run pytest where only what every Unix has is installed; return its exit code and what it printed."""
    programs = folder / "programs"
    programs.mkdir()
    for name in (*system_tools.BASIC_TOOLS, "git"):
        (programs / name).symlink_to(shutil.which(name))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "CI"))}
    variables = TERMINAL | {"PATH": str(programs), "PYTHONPATH": str(HERE)} | variables
    done = subprocess.run(
        # In the folder that all runs share, it would first delete those of earlier runs.
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--basetemp", folder / "temporary", *arguments],
        env=environment | variables,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def own_tests(tmp_path) -> list[str | Path]:
    """Arguments of pytest for tests of the mechanism, without those of this folder."""
    (tmp_path / "pytest.ini").touch()
    (tmp_path / "test_of_tools.py").write_text(TESTS, encoding="utf-8")
    # Servers such as `sshd` are also found in Debian's folder for them.
    (tmp_path / "without_servers.py").write_text(
        "import system_tools\nsystem_tools.PLACES = system_tools.os.environ['PATH']\n"
    )
    plugins = ("-p", "without_servers", "-p", "needed_tools")
    return ["-c", tmp_path / "pytest.ini", *plugins, tmp_path / "test_of_tools.py"]


def test_tests_of_missing_programs_are_left_out_and_listed_with_the_packages_to_install(tmp_path, own_tests):
    code, said = pytest_run(tmp_path, *own_tests, PYTHONPATH=f"{HERE}{os.pathsep}{tmp_path}")
    assert code == 0, said
    assert "2 passed, 9 skipped" in said
    listed = dict(re.findall(r"^ +\d+ tests? needs? (.+)()$", said, re.MULTILINE))
    assert [*listed] == sorted([*NEEDS, "root on Linux"])
    assert "   2 tests need gs\n" in said
    assert (
        "sudo apt-get install exiv2 ghostscript libimage-exiftool-perl openssh-server poppler-utils qpdf rsync" in said
    )
    assert "sudo dnf install exiv2 ghostscript openssh-server perl-Image-ExifTool poppler-utils qpdf rsync" in said
    assert "brew install exiftool exiv2 ghostscript openssh poppler qpdf rsync" in said
    assert "Windows: run the tests in WSL" in said


def test_with_ci_set_a_test_of_a_missing_program_fails(tmp_path, own_tests):
    code, said = pytest_run(tmp_path, *own_tests, PYTHONPATH=f"{HERE}{os.pathsep}{tmp_path}", CI="true")
    assert code == 1
    assert re.search(r"[789] failed, 2 passed, 2 errors", said), said
    assert "skipped" not in said
    assert "needs qpdf, and CI is set" in said


def test_program_that_no_table_names_fails_even_where_it_is_installed():
    with pytest.raises(pytest.fail.Exception, match=r"`uptime` is in no table of tests/system_tools\.py"):
        subprocess.run(["uptime"])


def test_program_that_only_the_campaign_starts_fails_until_the_test_asks_for_it(monkeypatch):
    monkeypatch.setattr(needed_tools, "asked", set())
    with pytest.raises(pytest.fail.Exception, match=r'Begin the test with `require\("rsync"\)`'):
        run_program(["rsync", "--version"])
    needed_tools.require("rsync")
    assert run_program(["rsync", "--version"]).returncode == 0


@pytest.mark.long
def test_tests_of_this_folder_run_without_their_programs(tmp_path):
    code, said = pytest_run(tmp_path, "-n", "0", "tests/test_lines.py", "-k", "short_word or emphasis_has_weight")
    assert code == 0, said
    assert "passed" in said
    assert "test needs pdftotext" in said or "tests need pdftotext" in said


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_what_is_missing_stops_make_test_only_in_ci(monkeypatch, capsys, ci, code):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(sys, "argv", ["system_tools.py"])
    monkeypatch.setattr(system_tools, "PLACES", "")
    monkeypatch.setattr(system_tools, "may_install", lambda: False)
    assert system_tools.main() == code
    assert "chromium, exiftool, exiv2" in capsys.readouterr().out


def test_where_packages_can_be_installed_they_are_and_a_failure_is_told(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(sys, "argv", ["system_tools.py"])
    monkeypatch.setattr(system_tools, "PLACES", "")
    monkeypatch.setattr(system_tools, "may_install", lambda: True)
    monkeypatch.setattr(system_tools, "is_known", lambda _: False)
    monkeypatch.setattr(system_tools, "install", asked.extend)
    monkeypatch.delenv("CI", raising=False)
    assert system_tools.main() == 0
    assert asked == sorted({each.debian for each in system_tools.TOOLS.values()})
    assert "Missing programs: chromium" in capsys.readouterr().out


def test_only_one_file_skips_a_test():
    skips = re.compile(r"pytest\.(?:skip|xfail|importorskip)\b|mark\.(?:skip|xfail)|\bimport (?:skip|xfail)|unittest")
    for path in HERE.rglob("*.py"):
        found = skips.search(path.read_text(encoding="utf-8"))
        allowed = path.name in ("needed_tools.py", Path(__file__).name)
        assert not found or allowed, f"{path.relative_to(REPOSITORY)}: use `leave_out` of needed_tools.py"
