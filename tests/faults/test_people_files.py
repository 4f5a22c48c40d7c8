"""What a computer does to people's files and to published sites: full disks, kills, hostile addresses, stale locks.

`make faults` runs it. After each fault every file that people wrote has its old or its intended content, and a
wrong number can still be taken offline.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import polib
import pytest
from conftest import HERE, copy_campaign
from hypothesis import given, settings
from hypothesis import strategies as st
from test_system import SEED, command, mounted, needs_root, run, tmpfs

from campaign.models.problem import CampaignError
from campaign.publishing.address import HostTarget
from campaign.publishing.bucket import BucketTarget
from campaign.publishing.folder import FolderTarget, ZipTarget
from campaign.publishing.git_branch import GitTarget
from campaign.publishing.registry import parse_target

PLACES = ("river", "hill", "coast")
CONTACTS_PER_PLACE = 61
COMMANDS = {
    "contacts take": ("contacts", "take", "../in.csv", "--write"),
    "translate stamp": ("translate", "stamp", "docs/ar/boil.md", "docs/ar/index.md", "--by", "Ana"),
    "translate accept": ("translate", "accept", "docs/ar/boil.md", "docs/ar/services.md", "--by", "Rui Sousa"),
    "translate take": ("translate", "take", "../ar.po"),
    "translate start": ("translate", "start", "fr", "--name", "Français"),
    "translate keep": ("translate", "keep"),
}
NEW_FOLDERS = {"new": ("new", "../made"), "adopt": ("adopt", "../made")}


def written_by_people(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".build" not in path.relative_to(root).parts
    }


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    """A folder with the campaign, a table with another number for each contact, and a translator's PO file."""
    folder = tmp_path_factory.mktemp("people")
    root = copy_campaign(HERE / "campaigns/tiny", folder / "campaign")
    for place in PLACES:
        rows = (
            f"  - id: {place}-{number}\n    kind: health\n    name: Clinic {number}\n"
            f"    phone: 07700 900{number:03}\n    source: drama-numbers\n"
            for number in range(CONTACTS_PER_PLACE)
        )
        file = root / f"assets/contacts/{place}.yml"
        head = file.read_text(encoding="utf-8").partition("contacts:")[0]
        file.write_text(f"{head}contacts:\n{''.join(rows)}", encoding="utf-8")
    run(root, "contacts", "give", "../given")
    [table] = (folder / "given").glob("*.csv")
    with table.open(encoding="utf-8-sig", newline="") as file:
        contacts = list(csv.DictReader(file))
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, contacts[0])
        writer.writeheader()
        writer.writerows(row | {"phone": f"07700 9{number:05}"} for number, row in enumerate(contacts))
    code, output = run(root, "translate", "send", "ar", "--to", "po", "--out", "../ar.po")
    assert code == 0, output
    translations = polib.pofile(str(folder / "ar.po"), wrapwidth=78)
    changed = [entry for entry in translations if entry.msgstr.endswith(".") and ":" not in entry.msgstr]
    assert len({entry.msgctxt.partition("#")[0] for entry in changed}) > 3
    for entry in changed:
        entry.msgstr = entry.msgstr.removesuffix(".") + "، نعم."
    translations.save()
    return folder


@pytest.fixture(scope="module")
def wanted(prepared, tmp_path_factory) -> dict[str, dict[str, bytes]]:
    """The result of each command on people's files without a fault."""
    results = {}
    for name, arguments in COMMANDS.items():
        copy = shutil.copytree(prepared, tmp_path_factory.mktemp("wanted") / "x")
        code, output = run(copy / "campaign", *arguments)
        assert code == 0, (name, output)
        results[name] = written_by_people(copy / "campaign")
    return results


def fill(disk: Path, room_kb: int) -> Path:
    """Leave this much room on a disk; return the file that takes the rest."""
    filling = disk / "filling"
    filling.write_bytes(bytes(shutil.disk_usage(disk).free - room_kb * 1024))
    return filling


@needs_root
@pytest.mark.parametrize("room", [0, 4, 12, 40])  # kB
@pytest.mark.parametrize("name", COMMANDS)
def test_full_disk_keeps_what_people_wrote(prepared, wanted, tmp_path, name, room):
    old = written_by_people(prepared / "campaign")
    with mounted(tmp_path / "disk", *tmpfs("100m")):
        root = shutil.copytree(prepared, tmp_path / "disk/x") / "campaign"
        filling = fill(tmp_path / "disk", room)
        code, output = run(root, *COMMANDS[name])
        assert code == 0 or "The disk is full." in output, output
        assert written_by_people(root) == (old if code else wanted[name])
        filling.unlink()
        if code:
            assert run(root, *COMMANDS[name])[0] == 0
            assert written_by_people(root) == wanted[name]


@needs_root
@pytest.mark.parametrize("room", [0, 40, 400])  # kB
@pytest.mark.parametrize("name", NEW_FOLDERS)
def test_full_disk_leaves_no_half_campaign(prepared, tmp_path, name, room):
    with mounted(tmp_path / "disk", *tmpfs("100m")):
        root = shutil.copytree(prepared, tmp_path / "disk/x") / "campaign"
        fill(tmp_path / "disk", room)
        old = written_by_people(root)
        code, output = run(root, *NEW_FOLDERS[name])
        assert (code == 1 and "The disk is full." in output) or (
            code == 0 and (root.parent / "made/mkdocs.yml").exists()
        )
        assert code == 0 or not (root.parent / "made").exists()
        assert written_by_people(root) == old


@pytest.mark.parametrize("number", range(8))
@pytest.mark.parametrize("name", COMMANDS)
def test_killed_command_writes_all_or_nothing(prepared, wanted, tmp_path, name, number):
    root = shutil.copytree(prepared, tmp_path / "x") / "campaign"
    old = written_by_people(root)
    moment = random.Random(f"{SEED} {name} {number}").uniform(0.2, 2.0)
    print(f"FAULT_SEED={SEED}: {name} killed after {moment:.2f} s")
    with subprocess.Popen(command(*COMMANDS[name]), cwd=root, stdout=subprocess.DEVNULL) as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(moment)
        process.kill()
    run(root, "contacts", "due")  # any command finishes an interrupted one
    assert written_by_people(root) in (old, wanted[name])


SAVING_SCRIPT = """
import sys
from pathlib import Path
from campaign.desk.files import Change, Files, version_of

files, number = Files(Path(sys.argv[1])), 0
names = [f"assets/contacts/{place}.yml" for place in ("river", "hill", "coast")]
print("begun", flush=True)
while True:
    number += 1
    changes = {}
    for name in names:
        data = files.read(name)
        changes[name] = Change(version_of(data), data.partition(b"\\n# save ")[0] + f"\\n# save {number}\\n".encode())
    files.save("contacts", "Ana", changes)
"""


@pytest.mark.parametrize("number", range(12))
def test_desk_that_is_killed_while_it_saves_keeps_files_of_one_save_together(prepared, tmp_path, number):
    root = shutil.copytree(prepared, tmp_path / "x") / "campaign"
    with subprocess.Popen([sys.executable, "-c", SAVING_SCRIPT, root], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "begun\n"
        time.sleep(random.Random(SEED + number).uniform(0.0, 0.5))
        process.kill()
    run(root, "contacts", "due")
    texts = [(root / f"assets/contacts/{place}.yml").read_text(encoding="utf-8") for place in PLACES]
    assert len({text.partition("\n# save ")[2] for text in texts}) == 1
    assert all(text.count("id:") == CONTACTS_PER_PLACE for text in texts)


PARTS = ["-", "--", "git:", "ssh://", "s3://", "https://", "ext::", "me@", "host", ":", "/", "#", "x.git", "-oProxy="]
PARTS += ["%2d", "..", "~", "$(touch X)", " ", "\u2010", "b", "[::1]", ":22", "--upload-pack=touch X", ".zip", "\\"]


@settings(deadline=None, max_examples=int(os.environ.get("FAULT_EXAMPLES", "200")))
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=7).map("".join))
def test_no_part_of_an_accepted_address_is_an_option(raw):
    try:
        target = parse_target(HERE / "campaigns/tiny", raw)
    except CampaignError:
        return
    if isinstance(target, HostTarget):
        parts = [target.login, target.name, target.folder]
    elif isinstance(target, GitTarget):
        # As git splits it: the path on the host begins after the first colon.
        login, _, path = target.remote.partition(":")
        parts = [target.remote, target.branch, *login.split("@"), path]
    elif isinstance(target, BucketTarget):
        parts = [target.bucket, *target.prefix.split("/")]
    else:
        parts = [str(target.path)]
    assert not [part for part in parts if part.startswith("-")]
    assert isinstance(target, (FolderTarget, ZipTarget)) or "$(" not in raw


@pytest.mark.parametrize("number", range(10))
@pytest.mark.parametrize("kind", ["git", "folder", "zip"])
def test_wrong_number_goes_offline_after_a_kill_at_any_moment(tmp_path, kind, number):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    (root / "site").mkdir()
    target = {"git": f"git:{tmp_path}/pages.git", "folder": f"{tmp_path}/web", "zip": f"{tmp_path}/web.zip"}[kind]
    if kind == "git":
        subprocess.run(["git", "init", "--bare", "--quiet", tmp_path / "pages.git"], check=True)
    for title in ("right", "wrong"):
        (root / "site/index.html").write_text(f"<title>{title}</title>", encoding="utf-8")
        arguments = command("publish", target)
        with subprocess.Popen(arguments, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            if title == "wrong":
                with suppress(subprocess.TimeoutExpired):
                    process.wait(random.Random(f"{SEED} {kind} {number}").uniform(0.2, 2.0))
                process.kill()
            output = b"".join(process.communicate()).decode()
        assert title == "wrong" or process.returncode == 0, output
    (root / "site/index.html").write_text("<title>corrected</title>", encoding="utf-8")
    code, output = run(root, "publish", target)
    assert code == 0, output
    assert "corrected" in _published(tmp_path, kind)
    if kind != "zip":
        code, output = run(root, "publish", "--rollback", target)
        assert code == 0, output
        assert "corrected" not in _published(tmp_path, kind)


def _published(folder: Path, kind: str) -> str:
    if kind == "folder":
        return (folder / "web/current/index.html").read_text(encoding="utf-8")
    reading = ["unzip", "-p", folder / "web.zip", "*index.html"]
    if kind == "git":
        reading = ["git", "-C", folder / "pages.git", "show", "gh-pages:index.html"]
    return subprocess.run(reading, capture_output=True, text=True, check=True).stdout
