"""An office's folder, really installed, without a network, at a path that needs quoting. Fetches 100 MB."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from conftest import REPOSITORY, run

from campaign.models.systems import SYSTEMS, this_system

MAX_INSTALLED_MB = 400  # 33 of them are CLDR, in Babel
PYTHON_VERSION = "{}.{}".format(*sys.version_info[:2])
# The first is that of this Python; other ones may be installed too.
ENVIRONMENT = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
# No network except the computer's own, if that is possible.
NO_NETWORK_COMMAND = ("unshare", "-n", "sh", "-c", 'ip link set lo up 2>/dev/null; exec "$@"', "sh")


def alone() -> tuple[str, ...]:
    is_there = (
        shutil.which("unshare") and subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode == 0
    )
    return NO_NETWORK_COMMAND if is_there else ()


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    above = tmp_path_factory.mktemp("office")
    run(above, "new", "mine")
    folder = above / "Ofísiu 100% #1 $(x) 'a'"
    run(above / "mine", "desk", "--pack", str(folder), "--python", PYTHON_VERSION)
    return folder


def start(office: Path, *arguments: str) -> str:
    done = subprocess.run(
        [*alone(), office / SYSTEMS[this_system()].starters[0], *arguments],
        env=ENVIRONMENT,
        cwd="/",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_first_start_installs_without_a_network_and_the_next_does_not(office):
    text = start(office, "--version")
    assert "Setting up the desk" in text
    assert "campaign, version" in text
    used = subprocess.run(["du", "-sm", office / ".venv"], capture_output=True, text=True, check=True).stdout
    assert int(used.split()[0]) <= MAX_INSTALLED_MB
    assert "Setting up" not in start(office, "--version")
    # Half of it isn't mistaken for the whole.
    (office / ".venv/installed.txt").unlink()
    assert "Setting up" in start(office, "--version")


def test_campaign_is_checked_and_built_there_as_here(office):
    start(office, "check")
    start(office, "build")
    run(office.parent / "mine", "build")
    for name in ("site/en/index.html", "site/en/about.html"):
        assert (office / "campaign" / name).read_bytes() == (office.parent / "mine" / name).read_bytes()


def test_desk_opens_and_ends(office):
    with subprocess.Popen(
        [office / SYSTEMS[this_system()].starters[0], "desk", "--no-open"],
        env=ENVIRONMENT | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert "this opens it once" in process.stdout.readline()
        with urlopen(process.stdout.readline().strip(), timeout=120) as answer:
            assert answer.status == 200
        os.killpg(process.pid, 2)
        assert process.wait(120) == 0


def test_icon_of_a_linux_desktop_starts_it_wherever_the_folder_lies(office, tmp_path):
    folder = tmp_path / office.name
    folder.mkdir()
    entry = shutil.copy(office / "start-the-desk.desktop", folder)
    (folder / "start-the-desk.sh").write_text("#!/bin/sh\necho started\n")
    (folder / "start-the-desk.sh").chmod(0o755)
    # Unescaped like on desktops: the file's own escapes, then those of the quoted part.
    match = re.search("^Exec=(.*)$", Path(entry).read_text(), re.MULTILINE)[1].replace("\\\\", "\\")
    command = [part.replace("\\$", "$") if part != "%k" else str(entry) for part in shlex.split(match)]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stdout, done.stderr) == (0, "started\n", "")


def test_what_was_installed_packs_the_same_wheel_again(office, tmp_path):
    result = "from campaign.desk.office.folder import own_wheel; from pathlib import Path; import sys;"
    program = f"{result} own_wheel(Path(sys.argv[1]))"
    subprocess.run([office / ".venv/bin/python", "-c", program, tmp_path], check=True)
    again, first = next(tmp_path.glob("*.whl")), next((office / "programs").glob("campaign-*.whl"))
    assert names_and_sums(again) == names_and_sums(first)


def names_and_sums(wheel: Path) -> dict[str, int]:
    from zipfile import ZipFile

    with ZipFile(wheel) as read:
        return {entry.filename: entry.CRC for entry in read.infolist() if not entry.filename.endswith("RECORD")}


def test_package_says_all_of_itself_and_holds_no_campaign(tmp_path):
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", tmp_path], cwd=REPOSITORY, check=True)
    place = tmp_path / "tools"
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    subprocess.run([place / "bin/pip", "install", "--quiet", "twine"], check=True)
    result = [*tmp_path.glob("*.whl"), *tmp_path.glob("*.tar.gz")]
    done = subprocess.run([place / "bin/twine", "check", "--strict", *result], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    source = subprocess.run(["tar", "tzf", result[1]], capture_output=True, text=True, check=True).stdout
    tops = {"/".join(name.split("/")[1:3]) for name in source.splitlines()}
    assert not {name for name in tops if re.match(r"docs|tests|mkdocs|assets/(?!fonts)", name)}
    # It can be built from its contents.
    subprocess.run(["tar", "xzf", result[1], "-C", tmp_path], check=True)
    unpacked = next(tmp_path.glob("campaign-*/"))
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "again"], cwd=unpacked, check=True)
    assert names_and_sums(next(unpacked.glob("again/*.whl"))) == names_and_sums(result[0])
