"""Make the folder: the campaign, the wheels (those in the lock file, and the generator's own) and the starters."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

from campaign.cache.archive import ZIP_EPOCH, zip_bytes
from campaign.cache.atomic import files_below, write_whole
from campaign.cache.external_programs import last_line, run_program
from campaign.cache.memo import Memo
from campaign.checks.files import check_files
from campaign.checks.photos import check_exposed, check_photos
from campaign.cleaning.svg import SLOT_PREFIX
from campaign.content import load
from campaign.content.adopting import copy_written
from campaign.content.clean_files import CLEANED_SUFFIXES, clean_data
from campaign.content.originals import refuse_exposed
from campaign.content.public_files import FOLDER as PUBLIC
from campaign.content.trust import FOLDERS
from campaign.desk.files import HAND_OUT_FOLDER, SETTINGS
from campaign.models.campaign import Campaign
from campaign.models.problem import Problem, failure
from campaign.models.shipped import CHECKOUT, PACKAGE, shipped_folder
from campaign.models.systems import SYSTEMS, System
from campaign.schema.yaml_reader import Fields, read_yaml

STARTERS = Path(__file__).parent / "starters"
PROGRAMS = "programs"
CAMPAIGN = "campaign"
INSTALLER = "office"
# The other files in starters/ belong to one system.
COMMON_STARTERS = ("start.py", "READ-ME-FIRST.txt")
LEFT_OUT_RULES = ("file-private", "file-stray", "file-not-cleanable")
NAME = "campaign"
INSTALLER_FILES = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}  # written by the installer
# 14,000 icons: 58 MB, and half of the installation time. Our pages use none.
THEME = "mkdocs-material"
ICONS = "material/templates/.icons/"


def make_office_folder(
    root: Path, folder: Path, system_name: str, pythons: Sequence[str], say: Callable[[str], None]
) -> None:
    """Make a folder that opens the desk on a computer without a network.

    `folder`: new or empty. `system_name`: a name in SYSTEMS. `pythons`: versions such as `3.12`. Raise CampaignError if
    the folder isn't empty, or is inside the campaign, photos aren't tidy, or wheels are missing.
    """
    system = SYSTEMS[system_name]
    is_inside = any(folder.resolve().is_relative_to((root / name).resolve()) for name in (*FOLDERS, HAND_OUT_FOLDER))
    if is_inside or (folder.exists() and any(folder.iterdir())):
        raise failure("folder-not-empty", str(folder), "The folder is not empty.", "Name a new one.")
    say("Copying the campaign.")
    _copy_for_office(root, folder / CAMPAIGN, say)
    programs = folder / PROGRAMS
    programs.mkdir()
    fetched = {python: locked(system, python) for python in pythons}
    for python, lines in fetched.items():
        say(f"Fetching the programs for {system.title} with Python {python}.")
        list_file = programs / f"python-{python}.txt"
        list_file.write_text(lines + locked(system, python, INSTALLER), encoding="utf-8")
        download(system, python, list_file, programs)
    wheel_lines = [_requirement_line(own_wheel(programs)), *([] if _shows_icons(root) else [_take_icons_out(programs)])]
    replaced = tuple(f"{line.split('==')[0]}==" for line in wheel_lines)
    for python, lines in fetched.items():
        # pip doesn't install itself.
        requirements = [line for line in lines.splitlines() if not line.startswith(replaced)]
        text = "".join(f"{line}\n" for line in (*wheel_lines, *requirements))
        (programs / f"python-{python}.txt").write_text(text, encoding="utf-8", newline="\n")
    (programs / "system.json").write_text(
        json.dumps({"title": system.title, "like": system.platform_pattern, "pythons": list(pythons)}), encoding="utf-8"
    )
    _write_starters(system, folder, pythons)


def _write_starters(system: System, folder: Path, pythons: Sequence[str]) -> None:
    for name in (*COMMON_STARTERS, *system.starters):
        text = (STARTERS / name).read_text(encoding="utf-8")
        text = text.replace("PYTHONS", " ".join(reversed(pythons))).replace("STARTER", system.starters[0])
        is_windows = system.environment["os_name"] == "nt"
        # Windows needs these line ends in .bat files.
        target = folder / name
        target.write_text(text, encoding="utf-8", newline="\r\n" if is_windows else "\n")
        if not is_windows and name in system.starters:
            target.chmod(0o755)


def _shows_icons(root: Path) -> bool:
    theme = Fields(read_yaml(root / SETTINGS, SETTINGS, []), SETTINGS, []).keys.get("theme")
    return theme is not None and "icon" in (theme.keys or {})


def _copy_for_office(root: Path, target: Path, say: Callable[[str], None]) -> None:
    """Copy a campaign into a new folder. Raise CampaignError if photos still contain metadata or uncovered faces."""
    campaign, _ = load(root)
    refuse_exposed(_untidy(campaign))
    excluded_files = {file.where for file in check_files(campaign) if file.id in LEFT_OUT_RULES}
    for name in sorted(excluded_files):
        say(f"Left out: {name}")
    copy_written(root, target, (*FOLDERS, HAND_OUT_FOLDER), excluded_files)
    for top in ("docs", "assets", PUBLIC):
        for name, entry in list(files_below(target / top, f"{top}/")):
            if name.lower().endswith(CLEANED_SUFFIXES) and not name.startswith("assets/photos/"):
                _clean(Path(entry.path), name)


def _untidy(campaign: Campaign) -> Iterator[Problem]:
    yield from check_exposed(campaign)
    yield from (photo for photo in check_photos(campaign, Memo(None)) if photo.id == "photo-metadata")


def _clean(path: Path, name: str) -> None:
    try:
        write_whole(path, clean_data(path.read_bytes(), name.lower(), SLOT_PREFIX))
    except (ValueError, SyntaxError):  # damaged: `check` reports it, and the office may repair it
        return


def locked(system: System, python: str, name: str = "run") -> str:
    """Return a lock file's entries for a system and a Python, with hashes but without markers."""
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


def _take_icons_out(folder: Path) -> str:
    """Remove the icons from the theme's wheel, and return its line for the requirements list."""
    wheel = next(folder.glob(f"{THEME.replace('-', '_')}-*.whl"))
    original = wheel.with_suffix(".whole")
    wheel.rename(original)
    with zipfile.ZipFile(original) as read:
        names = [name for name in read.namelist() if not name.startswith(ICONS) and not name.endswith(("/", "/RECORD"))]
        _write_wheel(wheel, ((name, read.read(name)) for name in names))
    original.unlink()
    return _requirement_line(wheel)


def _requirement_line(wheel: Path) -> str:
    name, version = wheel.name.split("-")[:2]
    return f"{name.replace('_', '-')}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"


def own_wheel(folder: Path) -> Path:
    """Build the generator's own wheel from the checkout (CampaignError without hatchling) or the installed files."""
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
    _write_wheel(target, ((name, Path(str(result.locate_file(name))).read_bytes()) for name in names))
    return target


def _write_wheel(target: Path, members: Iterable[tuple[str, bytes]]) -> None:
    rows, wheel_files = io.StringIO(), dict(members)
    record = csv.writer(rows, lineterminator="\n")
    for name, data in wheel_files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record.writerow((name, f"sha256={digest}", len(data)))
    name = next(name.replace("/WHEEL", "/RECORD") for name in wheel_files if name.endswith(".dist-info/WHEEL"))
    record.writerow((name, "", ""))
    target.write_bytes(zip_bytes(wheel_files | {name: rows.getvalue().encode()}, ZIP_EPOCH, is_small=True))
