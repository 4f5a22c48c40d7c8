"""Publishing over SSH, by rsync to a host with a POSIX shell and by SFTP; against a real sshd: tests/long."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import publish_hosts
import pytest
from test_publishing import contents

from campaign.models.problem import CampaignError
from campaign.publishing.registry import parse_target
from campaign.publishing.rsync import RsyncTarget
from campaign.publishing.sftp import SftpTarget
from campaign.publishing.site_state import Change, SiteState
from campaign.publishing.target import Publication, Version, VersionedFolder

MOMENT = datetime(2026, 11, 27, tzinfo=UTC)


class Host:
    """A host, and a small site that is published there."""

    def __init__(self, login: str, folder: Path) -> None:
        self.site, self.workspace, self.folder = folder / "site", folder / "workspace", folder / "web ünï site"
        self.target = parse_target(folder / "campaign", f"ssh://{login}{self.folder}")
        self.count = 0

    def publish(self, state: SiteState | None = None, is_dry: bool = False, keep: int = 3, **files: str) -> Change:
        for name, text in files.items():
            file = self.site / name.replace("__", "/")
            file = file.with_name(file.name.replace("_", "."))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        self.count += 1
        moment = MOMENT + timedelta(minutes=self.count)
        publication = Publication(self.site, state or SiteState("1"), moment, moment.date(), keep)
        return self.target.publish(publication, self.workspace, is_dry)

    def served(self) -> dict[str, bytes]:
        return contents(self.folder / "current")


@pytest.fixture(params=["rsync", "sftp"])
def host(request, tmp_path, monkeypatch) -> Iterator[Host]:
    with publish_hosts.host(request.param, tmp_path / "host", monkeypatch) as login:
        found = Host(login, tmp_path)
        assert type(found.target) is {"rsync": RsyncTarget, "sftp": SftpTarget}[request.param]
        yield found


def test_host_serves_each_version_whole_and_goes_back(host):
    looked = host.publish(is_dry=True, index_html="1", fil__a_html="1", b_css="1")
    assert sorted(looked.new) == ["b.css", "fil/a.html", "index.html"]
    assert not host.folder.exists()
    host.publish()
    first = host.served()
    assert first == contents(host.site)
    assert host.publish().is_empty
    assert len([*(host.folder / "versions").glob("*.json")]) == 1
    (host.site / "b.css").unlink()
    looked = host.publish(is_dry=True, index_html="2")
    assert (looked.new, looked.changed, looked.gone) == ([], ["index.html"], ["b.css"])
    assert host.served() == first
    host.publish()
    assert host.served() == contents(host.site) != first
    pages = [*(host.folder / "versions").glob("*/fil/a.html")]
    assert len({page.stat().st_ino for page in pages}) == 1 < len(pages)
    assert isinstance(host.target.rollback(host.workspace), Version)
    assert host.served() == first
    with pytest.raises(CampaignError, match="no version before"):
        host.target.rollback(host.workspace)
    for word in "345":
        host.publish(keep=2, index_html=word)
    assert len([item for item in (host.folder / "versions").iterdir() if item.is_dir()]) == 2
    assert host.served()["index.html"] == b"5"


def test_number_photo_and_release_taken_out_do_not_come_back_from_a_host(host):
    old = SiteState("1", ("113", "114"), ("photos-hills",), ("fil/press/start.html",))
    for number, lost in enumerate(
        (
            {"numbers": ("114",)},
            {"photos": ()},
            {"releases": ()},
            {"former": ("113",)},
        )
    ):
        host.publish(old, index_html=f"{number} old")
        host.publish(SiteState(**{**vars(old), **lost}), index_html=f"{number} new")
        with pytest.raises(CampaignError, match="would bring back"):
            host.target.rollback(host.workspace)
        assert host.served()["index.html"] == f"{number} new".encode()
    host.publish(index_html="last")
    for note in (host.folder / "versions").glob("*.json"):
        note.write_bytes(b"{}")
    with pytest.raises(CampaignError, match=r"rollback-unknown"):
        host.target.rollback(host.workspace)


def test_files_on_a_host_can_be_read_by_its_web_server(host):
    host.publish(index_html="1", fil__a_html="1")
    assert stat.S_IMODE((host.folder / "versions").stat().st_mode) == 0o755
    for path in host.site.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    before = os.umask(0o077)
    try:
        host.publish(index_html="2", fil__a_html="2", b_css="2")
        (host.site / "b.css").chmod(0o600)
        host.publish(index_html="3")
    finally:
        os.umask(before)
    for path in (host.folder / "current/").resolve().rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode & 0o444 == 0o444, (path, oct(mode))
        assert not mode & 0o022, (path, oct(mode))
        assert not path.is_dir() or mode & 0o111 == 0o111


def test_version_that_was_interrupted_on_a_host_is_cleared_away(host, monkeypatch):
    host.publish(index_html="1")
    first = host.served()
    with monkeypatch.context() as patch:
        patch.setattr(type(host.target), "activate", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            host.publish(index_html="2")
    assert host.served() == first
    (host.folder / "versions/20261127-000000-000000.part").mkdir()
    host.publish(index_html="3")
    assert host.served() == contents(host.site)
    assert not [*(host.folder / "versions").glob("*.part")]


def test_folder_of_a_host_that_holds_other_things_is_left_alone(host):
    host.folder.mkdir()
    (host.folder / "theirs.txt").write_text("ours")
    with pytest.raises(CampaignError, match="This folder holds other things"):
        host.publish(index_html="1")
    assert [path.name for path in host.folder.iterdir()] == ["theirs.txt"]


def test_every_folder_of_versions_shares_one_rollback():
    for kind in (RsyncTarget, SftpTarget):
        assert issubclass(kind, VersionedFolder)
        assert "rollback" not in vars(kind)
