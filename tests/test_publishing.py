"""Publishing: a folder of a server, a git branch, a zip; whole or not at all, and back. Over ssh: tests/long."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from conftest import copy_campaign, run

from campaign.cache.atomic import files_below


@pytest.fixture
def root(tiny, tmp_path) -> Path:
    """A campaign whose site stands; what is published is changed there by hand."""
    root = copy_campaign(tiny, tmp_path / "tiny")
    shutil.copytree(tiny / "site", root / "site")
    return root


def contents(folder: Path) -> dict[str, bytes]:
    return {name: Path(entry.path).read_bytes() for name, entry in files_below(folder)}


def change(root: Path, name: str = "fil/boil.html", old: str = "<title>", new: str = "<title>+") -> None:
    for page in (root / "site").glob(name):
        page.write_text(page.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_folder_has_the_new_site_at_once_and_the_old_one_back_at_once(root, tmp_path):
    target = tmp_path / "ünï web"
    said = run(root, "publish", str(target), "--dry-run")
    assert "Nothing was published" in said
    assert not target.exists()
    run(root, "publish", str(target))
    first = contents(root / "site")
    assert contents(target / "current") == first
    assert "Nothing to do" in run(root, "publish", str(target))
    change(root)
    assert "0 new, 1 changed, 0 gone" in run(root, "publish", str(target))
    assert contents(target / "current") == contents(root / "site") != first
    # What is the same lies on the disk once.
    pages = [*(target / "versions").glob("*/fil/index.html")]
    assert len({page.stat().st_ino for page in pages}) == 1 < len(pages)
    assert "Back to" in run(root, "publish", str(target), "--rollback")
    assert contents(target / "current") == first
    assert "There is no version before" in run(root, "publish", str(target), "--rollback", code=1)
    for _ in range(4):
        change(root)
        run(root, "publish", str(target), "--keep", "2")
    assert len([each for each in (target / "versions").iterdir() if each.is_dir()]) == 2
    (tmp_path / "mine/current").mkdir(parents=True)
    assert "This is no link that we made." in run(root, "publish", str(tmp_path / "mine"), code=1)


def test_number_that_was_taken_back_does_not_come_back(root, tmp_path):
    remote = tmp_path / "pages.git"
    subprocess.run(["git", "init", "--bare", "--quiet", remote], check=True)
    for target in (str(tmp_path / "web"), f"git:{remote}#pages"):
        run(root, "publish", target)
        change(root, "**/*.html", "tel:07700900143", "tel:07700900144")
        run(root, "publish", target)
        said = run(root, "publish", target, "--rollback", code=1)
        assert "would bring back what was taken out since: 07700900143." in said
        change(root, "**/*.html", "tel:07700900144", "tel:07700900143")


def test_git_branch_is_the_site_and_nobody_is_overwritten(root, tmp_path):
    remote = tmp_path / "pages.git"
    subprocess.run(["git", "init", "--bare", "--quiet", remote], check=True)
    target = f"git:{remote}#gh-pages"

    def served() -> dict[str, bytes]:
        folder = tmp_path / "clone"
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["git", "clone", "--quiet", "--branch", "gh-pages", remote, folder], check=True)
        own = (".git/", ".nojekyll", ".campaign.json")
        return {name: data for name, data in contents(folder).items() if not name.startswith(own)}

    run(root, "publish", target)
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
    assert "git ls-remote failed" in run(root, "publish", f"git:{tmp_path / 'nowhere.git'}", code=1)


def test_zip_is_whole_and_the_same_twice(root, tmp_path):
    run(root, "publish", str(tmp_path / "site.zip"))
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        assert archive.testzip() is None
        assert {f"site/{name}" for name in contents(root / "site")} < {*archive.namelist()}
    first = (tmp_path / "site.zip").read_bytes()
    run(root, "publish", str(tmp_path / "site.zip"))
    assert (tmp_path / "site.zip").read_bytes() == first


def test_publishing_that_is_killed_leaves_the_old_site(root, tmp_path):
    target = tmp_path / "web"
    run(root, "publish", str(target))
    first = contents(target / "current")
    change(root)
    for moment in (0.6, 0.9, 1.1, 1.3):
        with subprocess.Popen(
            [sys.executable, "-m", "campaign", "publish", str(target)], cwd=root, env={**os.environ},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            time.sleep(moment)
            process.send_signal(signal.SIGKILL)
        assert contents(target / "current") in (first, contents(root / "site"))
    run(root, "publish", str(target))
    assert contents(target / "current") == contents(root / "site")
    assert not [*(target / "versions").glob("*.part")]
