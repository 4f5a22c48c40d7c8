"""Make the folder: the campaign, the wheels and the starters."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from campaign.cache.atomic import files_below, write_whole
from campaign.cache.memo import Memo
from campaign.checks.files import check_files
from campaign.checks.photos import check_exposed, check_photos
from campaign.content import load
from campaign.content.clean_files import clean_data
from campaign.content.copying import copy_written
from campaign.content.originals import refuse_exposed
from campaign.content.trust import FOLDERS
from campaign.desk.files import HAND_OUT_FOLDER, SETTINGS
from campaign.desk.office.wheels import download, locked, own_wheel, requirement_line, take_icons_out
from campaign.models.campaign import Campaign
from campaign.models.problem import Problem, failure
from campaign.models.systems import SYSTEMS, System
from campaign.printing.art import SLOT_PREFIX
from campaign.schema.yaml_reader import Fields, read_yaml

STARTERS = Path(__file__).parent / "starters"
PROGRAMS = "programs"
CAMPAIGN = "campaign"
INSTALLER = "office"
# The other files in starters/ belong to one system.
COMMON_STARTERS = ("start.py", "READ-ME-FIRST.txt")
LEFT_OUT_RULES = ("file-private", "file-stray", "file-not-cleanable")
CLEANED_SUFFIXES = (".svg", ".pdf", ".mp3", ".ogg", ".opus", ".png", ".webp")


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
    copy_for_office(root, folder / CAMPAIGN, say)
    programs = folder / PROGRAMS
    programs.mkdir()
    fetched = {python: locked(system, python) for python in pythons}
    for python, lines in fetched.items():
        say(f"Fetching the programs for {system.title} with Python {python}.")
        list_file = programs / f"python-{python}.txt"
        list_file.write_text(lines + locked(system, python, INSTALLER), encoding="utf-8")
        download(system, python, list_file, programs)
    wheel_lines = [requirement_line(own_wheel(programs)), *([] if _shows_icons(root) else [take_icons_out(programs)])]
    replaced = tuple(f"{line.split('==')[0]}==" for line in wheel_lines)
    for python, lines in fetched.items():
        # pip doesn't install itself.
        requirements = [line for line in lines.splitlines() if not line.startswith(replaced)]
        text = "".join(f"{line}\n" for line in (*wheel_lines, *requirements))
        (programs / f"python-{python}.txt").write_text(text, encoding="utf-8", newline="\n")
    (programs / "system.json").write_text(
        json.dumps({"title": system.title, "like": system.platform_pattern, "pythons": list(pythons)}), encoding="utf-8"
    )
    write_starters(system, folder, pythons)


def write_starters(system: System, folder: Path, pythons: Sequence[str]) -> None:
    """Write the files to double-click, and what they run."""
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


def copy_for_office(root: Path, target: Path, say: Callable[[str], None]) -> None:
    """Copy a campaign into a new folder. Raise CampaignError if photos still contain metadata or uncovered faces."""
    campaign, _ = load(root)
    refuse_exposed(_untidy(campaign))
    excluded_files = {file.where for file in check_files(campaign) if file.id in LEFT_OUT_RULES}
    for name in sorted(excluded_files):
        say(f"Left out: {name}")
    copy_written(root, target, (*FOLDERS, HAND_OUT_FOLDER), excluded_files)
    for top in ("docs", "assets"):
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
