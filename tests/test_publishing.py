"""Publishing: a folder of a server, a git branch, a zip; whole or not at all, and back. Over ssh: tests/long."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import HERE, copy_campaign, run

from campaign.cache.atomic import files_below
from campaign.content import load
from campaign.models.problem import CampaignError
from campaign.pipeline.publish import publish
from campaign.publishing.address import has_secret, is_own
from campaign.publishing.registry import parse_target
from campaign.publishing.site_state import state_of, taken_back_on


@pytest.fixture
def root(tiny, tmp_path) -> Path:
    """A campaign with a built site; tests change the published copy by hand."""
    return with_site(tiny, tmp_path / "tiny")


def with_site(tiny: Path, root: Path) -> Path:
    """A copy with its site, without PDFs, and with a few of its pictures: each more is sent as one is."""
    copy_campaign(tiny, root)
    shutil.copytree(tiny / "site", root / "site", ignore=shutil.ignore_patterns("*.pdf", "leaflet-*", "*-[af]*-a3-*"))
    return root


def contents(folder: Path) -> dict[str, bytes]:
    return {name: Path(entry.path).read_bytes() for name, entry in files_below(folder)}


def change(root: Path, name: str = "fil/boil.html", old: str = "<title>", new: str = "<title>+") -> None:
    for page in (root / "site").glob(name):
        page.write_text(page.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_folder_has_the_new_site_at_once_and_the_old_one_back_at_once(root, tmp_path):
    target = tmp_path / "ünï web"
    output = run(root, "publish", str(target), "--dry-run")
    assert "Nothing was published" in output
    assert not target.exists()
    run(root, "publish", str(target))
    first = contents(root / "site")
    assert contents(target / "current") == first
    assert "Nothing to do" in run(root, "publish", str(target))
    change(root)
    assert "0 new, 1 changed, 0 gone" in run(root, "publish", str(target))
    assert contents(target / "current") == contents(root / "site") != first
    # Identical files are stored once.
    pages = [*(target / "versions").glob("*/fil/index.html")]
    assert len({page.stat().st_ino for page in pages}) == 1 < len(pages)
    assert "Back to" in run(root, "publish", str(target), "--rollback")
    assert contents(target / "current") == first
    assert "There is no version before" in run(root, "publish", str(target), "--rollback", code=1)
    for _ in range(4):
        change(root)
        run(root, "publish", str(target), "--keep", "2")
    assert len([item for item in (target / "versions").iterdir() if item.is_dir()]) == 2
    (tmp_path / "mine/current").mkdir(parents=True)
    assert "This isn't a link that publishing made." in run(root, "publish", str(tmp_path / "mine"), code=1)
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/notes.txt").write_text("ours")
    for option in ([], ["--rollback"]):
        said = run(root, "publish", str(tmp_path / "theirs"), *option, code=1)
        assert "This folder holds other things (notes.txt)" in said
    assert [path.name for path in (tmp_path / "theirs").iterdir()] == ["notes.txt"]
    # Nothing is written into the campaign, nor around it.
    for own in (root, root.parent, root / "docs", root / ".build/new"):
        with pytest.raises(CampaignError, match="the campaign's own folder"):
            publish(root, str(own), 3)
    assert parse_target(root, str(root / "site.zip"))
    assert is_own(root, root / "docs", is_file=True)
    assert parse_target(root, "s3://docs/x")


def test_number_that_was_taken_back_does_not_come_back(root, tmp_path):
    remote = tmp_path / "pages.git"
    subprocess.run(["git", "init", "--bare", "--quiet", remote], check=True)
    for target in (str(tmp_path / "web"), f"git:{remote}#pages"):
        run(root, "publish", target)
        change(root, "**/*.html", "tel:07700900143", "tel:07700900144")
        run(root, "publish", target)
        output = run(root, "publish", target, "--rollback", code=1)
        assert "would bring back numbers that were taken out since: 07700900143." in output
        change(root, "**/*.html", "tel:07700900144", "tel:07700900143")
    # A forgotten text still has it; it isn't the contact's any longer all the same.
    again = str(tmp_path / "again")
    run(root, "publish", again)
    contact = root / "assets/contacts/river.yml"
    former = "    former: [{phone: 07700 900143, until: 2026-11-28}]\n    source:"
    text = contact.read_text(encoding="utf-8").replace("07700 900143", "07700 900145").replace("    source:", former, 1)
    contact.write_text(text, encoding="utf-8")
    change(root)
    run(root, "publish", again)
    assert "taken out since: 07700900143." in run(root, "publish", again, "--rollback", code=1)


def test_number_that_was_put_back_is_right_again_and_an_address_has_no_password(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    contact, site = root / "assets/contacts/river.yml", tmp_path / "site"
    site.mkdir()
    former = (
        "    former: [{phone: 07700 900143, until: 2026-11-28}, {phone: 07700 900199, until: 2026-11-28}]\n    source:"
    )
    contact.write_text(contact.read_text(encoding="utf-8").replace("    source:", former, 1), encoding="utf-8")
    (site / "index.html").write_text('<a href="tel:07700900143">', encoding="utf-8")
    campaign = load(root)[0]
    assert state_of(site, campaign).former == ("07700 900199",)
    assert taken_back_on(site, campaign) == []
    for address in ("ssh://maria:secret@host/x", "git:https://secret@host/x"):
        with pytest.raises(CampaignError) as refused:
            publish(root, address, 3)
        assert "secret" not in str(refused.value)
    assert not has_secret("ssh://maria@host:2222/x@y")


def test_release_under_an_embargo_written_later_goes_out_no_more_and_does_not_come_back(root, tmp_path):
    target, release = str(tmp_path / "web"), root / "docs/fil/press/start.md"
    run(root, "publish", target)
    for code in ("fil", "ar"):
        page = root / f"docs/{code}/press/start.md"
        page.write_text(page.read_text("utf-8").replace('embargo: ""', "embargo: 2099-01-01T09:00+08:00"), "utf-8")
    # The previous build has it, and isn't published.
    for command in (("publish", target), ("stick", str(tmp_path / "stick")), ("publish", str(tmp_path / "site.zip"))):
        output = run(root, *command, code=1)
        assert (
            f"{release.relative_to(root).as_posix()} It is under embargo, and the site that was built before" in output
        )
    assert not (tmp_path / "stick").exists()
    for page in (root / "site").glob("*/press/start.html"):
        page.unlink()
    run(root, "publish", target)
    output = run(root, "publish", target, "--rollback", code=1)
    assert (
        "would bring back releases that are withheld now, or were taken out: ar/press/start.html, fil/press/start.html."
        in output
    )


def test_git_branch_is_the_site_names_nobody_and_nobody_is_overwritten(root, tmp_path, monkeypatch):
    remote = tmp_path / "pages.git"
    subprocess.run(["git", "init", "--bare", "--quiet", remote], check=True)
    target = f"git:{remote}#gh-pages"

    def served() -> dict[str, bytes]:
        folder = tmp_path / "clone"
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["git", "clone", "--quiet", "--branch", "gh-pages", remote, folder], check=True)
        own = (".git/", ".nojekyll", ".campaign.json")
        return {name: data for name, data in contents(folder).items() if not name.startswith(own)}

    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ana Soares")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "ana@office.example")
    monkeypatch.setenv("TZ", "Asia/Dili")
    run(root, "publish", target)
    show = ["git", "-C", remote, "log", "-1", "--format=%an %ae %cn %ce %ai %ci", "gh-pages"]
    line = subprocess.run(show, check=True, capture_output=True).stdout.decode()
    assert line.count("campaign campaign@localhost") == 2
    assert line.count("+0000") == 2
    first = contents(root / "site")
    assert served() == first
    assert "Nothing to do" in run(root, "publish", target)
    change(root)
    (root / "site/extra.txt").write_text("new")
    assert "1 new, 1 changed, 0 gone" in run(root, "publish", target, "--dry-run")
    assert served() == first
    run(root, "publish", target)
    assert served() == contents(root / "site")
    run(root, "publish", target, "--rollback")
    assert served() == first
    assert "There is no version before" in run(root, "publish", target, "--rollback", code=1)
    assert served() == first
    assert "There is no repository of that name" in run(root, "publish", f"git:{tmp_path / 'nowhere.git'}", code=1)


@pytest.mark.parametrize("kind", ["folder", "git"])
def test_rollbacks_never_serve_a_version_that_was_taken_back(root, tmp_path, kind):
    target = str(tmp_path / "web")
    if kind == "git":
        subprocess.run(["git", "init", "--bare", "--quiet", tmp_path / "web.git"], check=True)
        target = f"git:{tmp_path / 'web.git'}#pages"

    def served() -> str:
        if kind == "folder":
            return (tmp_path / "web/current/fil/boil.html").read_text("utf-8")
        show = ["git", "-C", tmp_path / "web.git", "show", "pages:fil/boil.html"]
        return subprocess.run(show, check=True, capture_output=True).stdout.decode()

    def publish(number: int) -> None:
        (root / "site/fil/boil.html").write_text(f"site {number}", "utf-8")
        run(root, "publish", target, "--keep", "9")

    def back() -> str:
        run(root, "publish", target, "--rollback")
        return served()

    for number in (1, 2, 3):
        publish(number)
    assert back() == "site 2"
    publish(4)
    assert back() == "site 2"
    assert back() == "site 1"
    publish(5)
    publish(6)
    assert [back(), back()] == ["site 5", "site 1"]
    assert "There is no version before" in run(root, "publish", target, "--rollback", code=1)
    assert served() == "site 1"


def test_zip_is_whole_and_the_same_twice(root, tmp_path):
    run(root, "publish", str(tmp_path / "site.zip"))
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        assert archive.testzip() is None
        assert {f"site/{name}" for name in contents(root / "site")} < {*archive.namelist()}
    first = (tmp_path / "site.zip").read_bytes()
    run(root, "publish", str(tmp_path / "site.zip"))
    assert (tmp_path / "site.zip").read_bytes() == first


# A process that is killed before the nth time that something is put into place.
KILLED_SCRIPT = """
import os, sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from campaign.publishing.folder import FolderTarget
from campaign.publishing.site_state import SiteState
from campaign.publishing.target import Publication
counted, at = count(), int(sys.argv[3])
for owner, name in ((os, "link"), (os, "fsync"), (Path, "replace"), (Path, "symlink_to"), (Path, "write_bytes")):
    def dying(*given, really=getattr(owner, name), **named):
        if next(counted) == at:
            os._exit(9)
        return really(*given, **named)
    setattr(owner, name, dying)
now = datetime.now(UTC)
FolderTarget(Path(sys.argv[2])).publish(Publication(Path(sys.argv[1]), SiteState("1"), now, now.date()), Path())
"""


def test_publishing_that_is_killed_leaves_the_old_site(tmp_path):
    site, target = tmp_path / "site", tmp_path / "web"
    for name in ("index.html", "a/1.html", "a/2.html", "b.css"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(name)

    def publish(moment: int) -> int:
        command = [sys.executable, "-c", KILLED_SCRIPT, site, target, str(moment)]
        return subprocess.run(command, check=False).returncode

    assert publish(99) == 0
    first = contents(target / "current")
    (site / "b.css").write_text("new")
    ended = []
    # Among files, before the note, the version's name, the link, and the link's place.
    for moment in (1, 4, 5, 6, 7):
        ended.append(publish(moment))
        assert contents(target / "current") == first
    assert ended == [9] * 5
    assert publish(99) == 0
    assert contents(target / "current") == contents(site) != first
    assert not [*(target / "versions").glob("*.part")]


def test_publishing_says_that_the_site_is_older_than_the_latest_edit(small, tmp_path):
    """Somebody corrects a number, publishes without building, and reads that all of it is there already."""
    root = copy_campaign(small, tmp_path / "campaign", is_warm=True)
    older, target = "The site is older than your latest change.", str(tmp_path / "www")
    run(root, "build")
    assert older not in run(root, "publish", target)
    contacts = root / "assets/contacts/hill.yml"
    contacts.write_text(f"{contacts.read_text('utf-8')}# edited\n", "utf-8")
    for arguments in (("publish", target), ("publish", target, "--dry-run")):
        assert older in run(root, *arguments)
    run(root, "build")
    assert older not in run(root, "publish", target)
