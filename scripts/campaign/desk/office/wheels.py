"""The wheels of an office's folder: those in the lock file, downloaded by pip, and the generator's own."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

from campaign.cache.archive import zip_bytes
from campaign.cache.external_programs import last_line, run_program
from campaign.models.problem import failure
from campaign.models.shipped import CHECKOUT, PACKAGE, shipped_folder
from campaign.models.systems import System

NAME = "campaign"
# Written by the installer.
INSTALLER_FILES = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}
# 14,000 icons: 58 MB, and half of the installation time. Our pages use none.
THEME = "mkdocs-material"
ICONS = "material/templates/.icons/"
# The first day that a zip can store.
ZIP_EPOCH = date(1980, 1, 1)


def locked(system: System, python: str, name: str = "run") -> str:
    """Return a lock file's entries for a system and a Python, with hashes.

    Markers are left out, because pip would evaluate them for this computer.
    """
    text = (shipped_folder("requirements") / f"{name}.txt").read_text(encoding="utf-8")
    # The first release of a version, the least that an office may have.
    environment = {**system.environment, "python_version": python, "python_full_version": f"{python}.0"}
    entries: list[str] = []
    for line in text.splitlines():
        if line.startswith("    --hash"):
            entries[-1] += " " + line.strip(" \\")
        elif line and not line.startswith((" ", "#")):
            entries.append(line.rstrip("\\ "))
    return "".join(f"{line}\n" for line in _that_apply(entries, environment))


def _that_apply(entries: Iterable[str], environment: dict[str, str]) -> Iterator[str]:
    for entry in entries:
        requirement_text, *hashes = entry.split(" --hash=")
        requirement = Requirement(requirement_text)
        if requirement.marker is None or requirement.marker.evaluate(environment):
            yield f"{requirement.name}{requirement.specifier}" + "".join(f" --hash={digest}" for digest in hashes)


def options(system: System, python: str, requirements: Path) -> list[str]:
    """Return pip options that select wheels for another system, and only those listed."""
    platforms = [part for platform in system.platforms for part in ("--platform", platform)]
    return [
        *("--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--only-binary", ":all:"),
        *("--implementation", "cp", "--python-version", python, *platforms, "--requirement", str(requirements)),
    ]


def download(system: System, python: str, requirements: Path, folder: Path) -> None:
    """Download the wheels of a list. Raise CampaignError if a wheel, the network or pip is missing."""
    command = [sys.executable, "-m", "pip", "download", *options(system, python, requirements), "--dest", str(folder)]
    completed = run_program(command)
    if completed.returncode:
        reason = last_line(completed.stderr).removeprefix("ERROR: ")
        message = f"The programs for {system.title} with Python {python} could not be fetched: {reason}"
        fix = "Look whether there is a network, and pip (`python -m pip --version`); try another --python."
        raise failure("wheels-missing", system.name, message, fix)


def take_icons_out(folder: Path) -> str:
    """Remove the icons from the theme's wheel, and return its line for the requirements list."""
    wheel = next(folder.glob(f"{THEME.replace('-', '_')}-*.whl"))
    original = wheel.with_suffix(".whole")
    wheel.rename(original)
    with zipfile.ZipFile(original) as read:
        names = [name for name in read.namelist() if not name.startswith(ICONS) and not name.endswith(("/", "/RECORD"))]
        write_wheel(wheel, ((name, read.read(name)) for name in names))
    original.unlink()
    return requirement_line(wheel)


def requirement_line(wheel: Path) -> str:
    """Return the line of a list for a wheel that was made here."""
    name, version = wheel.name.split("-")[:2]
    return f"{name.replace('_', '-')}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"


def own_wheel(folder: Path) -> Path:
    """Build the generator's own wheel, from the checkout or from the installed files.

    Raise CampaignError if the checkout has no hatchling.
    """
    if (PACKAGE / "overrides").is_dir():
        return _pack_installed(folder)
    checkout = PACKAGE.parents[1]
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder.resolve())]
    completed = run_program(command, folder=checkout)
    if completed.returncode:
        message = f"The generator's own wheel could not be made: {last_line(completed.stderr)}"
        raise failure("wheels-missing", CHECKOUT["requirements"], message, "Run `make build` first.")
    return next(folder.glob(f"{NAME}-*.whl"))


def _pack_installed(folder: Path) -> Path:
    result = distribution(NAME)
    names = sorted(
        file.as_posix()
        for file in result.files or ()
        if ".." not in file.parts and file.suffix != ".pyc" and file.name not in INSTALLER_FILES
    )
    target = folder / f"{NAME}-{result.version}-py3-none-any.whl"
    write_wheel(target, ((name, Path(str(result.locate_file(name))).read_bytes()) for name in names))
    return target


def write_wheel(target: Path, members: Iterable[tuple[str, bytes]]) -> None:
    """Write a reproducible wheel with its RECORD."""
    rows, wheel_files = io.StringIO(), dict(members)
    record = csv.writer(rows, lineterminator="\n")
    for name, data in wheel_files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record.writerow((name, f"sha256={digest}", len(data)))
    name = next(name.replace("/WHEEL", "/RECORD") for name in wheel_files if name.endswith(".dist-info/WHEEL"))
    record.writerow((name, "", ""))
    target.write_bytes(zip_bytes(wheel_files | {name: rows.getvalue().encode()}, ZIP_EPOCH, is_small=True))
