"""Publishing targets: addresses that would run a command, lose files, or lead nowhere are refused by one parser."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from conftest import HERE, REPOSITORY, copy_campaign, mostly_long, run

from campaign.cache.external_programs import find_program
from campaign.cache.output_files import refuse_foreign_links, replace_file
from campaign.models.problem import CampaignError
from campaign.pipeline.publish import publish
from campaign.publishing import registry
from campaign.publishing.address import parse_folder
from campaign.publishing.bucket import BucketTarget
from campaign.publishing.folder import FolderTarget, ZipTarget
from campaign.publishing.git_branch import GitTarget
from campaign.publishing.registry import parse_target
from campaign.publishing.rsync import RsyncTarget


@pytest.fixture
def root(tmp_path) -> Path:
    """A campaign with a small site, published from a separate folder."""
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    (root / "site/fil").mkdir(parents=True)
    (root / "site/index.html").write_text("<title>First</title>", encoding="utf-8")
    (root / "site/fil/boil.html").write_text("<title>Boil</title>", encoding="utf-8")
    return root


OPTIONS = [
    "git:--upload-pack=touch X#b",
    "git:-x#b",
    "git:--upload-pack=touch X",
    "git:https://host.example/x.git#-b",
    "git:https://host.example/x.git#--force",
    "git:ext::sh -c touch% X#b",
    "git:EXT::sh -c touch% X",
    "git:fd::7#b",
    "git:file:///etc#b",
    "git:git://host.example/x.git#b",
    "git:http://host.example/x.git#b",
    "git:ssh://-oProxyCommand=touch/x#b",
    "git:ssh://me@-oProxyCommand=touch/x#b",
    "git:ssh://%2doProxyCommand=touch/x#b",
    "git:ssh://host/-x#b",
    "git:-oProxyCommand=touch:x#b",
    "git:me@-oProxyCommand=touch:x#b",
    "git:me@host:-x#b",
    "git:https://-host/x#b",
    "git:https://host.example/x.git#a..b",
    "git:https://host.example/x.git#a.lock",
    "git:https://host.example/x.git#HEAD",
    "ssh://-oProxyCommand=touch X/srv",
    "ssh://-oProxyCommand=touch/srv",
    "ssh://me@-oProxyCommand=touch/srv",
    "ssh://-lme@host/srv",
    "ssh://%2DoProxyCommand=touch/srv",
    "ssh://me@host/srv/$(touch X)",
    "ssh://me@host/srv/`touch X`",
    "ssh://me@host/srv/../../etc",
    "ssh://me@host/-rf",
    "ssh://me@host;touch X/srv",
    "s3://-bucket/x",
    "s3://bucket/../x",
    "--delete",
    "-rf",
    "-x.zip",
]
INCOMPLETE = {
    "": "No address was given",
    "  ": "No address was given",
    "ssh://me@host": "The folder on the host is missing",
    "ssh://me@host/": "The folder on the host is missing",
    "SSH://me@host": "The folder on the host is missing",
    "ssh://": "The host is missing",
    "ssh:///srv/web": "isn't a valid one",
    "ssh:host/srv": "The host is missing",
    "ssh:/me@host/srv": "The host is missing",
    "ssh://me@host:port/srv": "isn't a valid one",
    "ssh://me@host:99999/srv": "isn't a valid one",
    "ssh://me@host/~/www": "isn't a plain path",
    "ssh//me@host/srv": "without its colon",
    "sftp://me@host/srv": "Write ssh://me@host/srv",
    "SFTP://me@host/srv": "Write ssh://me@host/srv",
    "scp://me@host/srv": "Write ssh://me@host/srv",
    "rsync://me@host/srv": "Write ssh://me@host/srv",
    "git@host:me/x.git": "Write git:git@host:me/x.git#gh-pages",
    "me@host:/srv": "Write ssh://me@host/srv",
    "me@host:": "Write ssh://me@host/folder",
    "me@host/srv": "looks like a host's address",
    "host:path": "Write ssh://host/path",
    "host.example:/srv/web": "Write ssh://host.example/srv/web",
    "localhost:8080/web": "Write ssh://localhost/8080/web",
    "C:\\www": "a path of Windows",
    "c:/www": "a path of Windows",
    "C:www": "a path of Windows",
    "\\\\server\\www": "a path of Windows",
    "www\\site": "a path of Windows",
    "//server/www": "without its beginning",
    "file:///srv/web": "Write the folder itself: /srv/web",
    "FILE:/srv/web": "Write the folder itself: /srv/web",
    "http://host.example/web": "A web address isn't a place to publish to",
    "https://github.com/me/x.git": "write git:https://github.com/me/x.git#gh-pages",
    "ftp://host/web": "ftp: addresses aren't supported",
    "ftps://host/web": "ftps: addresses aren't supported",
    "gs://bucket": "gs: addresses aren't supported",
    "webdav://host/x": "webdav: addresses aren't supported",
    "s3:/bucket": "Write s3://bucket",
    "s3:bucket": "Write s3://bucket",
    "s3://": "Write s3://bucket",
    "S3://BUCKET": "Write s3://bucket",
    "s3//bucket": "without its colon",
    "git:": "The repository is missing",
    "git:#gh-pages": "The repository is missing",
    "git:https://host.example/x.git#": "The branch after # is missing",
    "git:github.com/me/x.git": "There is no repository of that name",
    "git:/nowhere/x.git": "There is no repository of that name",
    "'~/www'": "Leave out the quotes",
    '"/srv/web"': "Leave out the quotes",
    "“/srv/web”": "Leave out the quotes",
    "<ssh://me@host/srv>": "Leave out the quotes",
    "~nobody-of-that-name/www": "No user of this computer",
    "$HOME/www": "Variables aren't replaced",
    "%USERPROFILE%\\www": "a path of Windows",
    "./host:path": "looks like an address",
    "web/ssh:/x": "looks like an address",
    " /srv/web": "a space before or after",
    "ssh://me@host/srv ": "a space before or after",
    "ssh：//me@host/srv": "look-alike characters",
    "/srv/web\0": "control characters",
    "/srv/web\n": "control characters",
    "ssh://me@host/srv\u202e": "control characters",
    "/srv/\u200bweb": "control characters",
    "/srv/\udce9": "control characters",
}


@pytest.mark.parametrize("raw", OPTIONS)
@pytest.mark.parametrize("way", [[], ["--dry-run"], ["--rollback"]])
def test_address_that_could_run_a_command_is_refused(root, tmp_path, monkeypatch, raw, way):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    output = run(root, "publish", *way, "--", raw, code=1)
    assert "(target-address)" in output
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("raw", INCOMPLETE)
def test_incomplete_address_is_refused_with_what_is_missing_and_makes_no_folder(root, tmp_path, monkeypatch, raw):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    for parse in (parse_target, parse_folder):
        with pytest.raises(CampaignError) as refused:
            parse(root, raw)
        if parse is parse_target:
            assert INCOMPLETE[raw] in str(refused.value)
        assert refused.value.problems[0].id == "target-address"
        assert len(f"{refused.value.problems[0].message} {refused.value.problems[0].fix}".split()) < 26
    assert sorted(tmp_path.rglob("*")) == before


def test_same_addresses_are_understood_however_their_scheme_is_written(root, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(registry, "find_program", str)  # rsync and ssh, wherever this runs
    remote = tmp_path / "pages.git"
    subprocess.run(["git", "init", "--bare", "--quiet", remote], check=True)
    understood = {
        "ssh://me@host.example/srv/web/": RsyncTarget("me", "host.example", 0, "/srv/web"),
        "SSH://host:2222/srv/a b": RsyncTarget("", "host", 2222, "/srv/a b"),
        "ssh://me@[::1]:22/srv": RsyncTarget("me", "::1", 22, "/srv"),
        "S3://bucket/a/": BucketTarget("bucket", "a"),
        "git:HTTPS://host.example/me/x.git": GitTarget("https://host.example/me/x.git", "gh-pages"),
        "GIT:git@host.example:me/x.git#docs/pages": GitTarget("git@host.example:me/x.git", "docs/pages"),
        "git:ssh://git@host.example:22/~me/x.git#pages": GitTarget("ssh://git@host.example:22/~me/x.git", "pages"),
        f"git:{remote}": GitTarget(str(remote), "gh-pages"),
        "~/www": FolderTarget(tmp_path / "home/www"),
        str(tmp_path / "x.ZIP"): ZipTarget(tmp_path / "x.ZIP"),
    }
    assert {typed: parse_target(root, typed) for typed in understood} == understood


def test_nothing_is_written_into_the_campaign_by_any_spelling(root, tmp_path, monkeypatch):
    (tmp_path / "way-in").symlink_to(root / "docs")
    (tmp_path / "shared").mkdir()
    shutil.rmtree(root / "site")
    (root / "site").symlink_to(tmp_path / "shared")
    monkeypatch.chdir(root)
    own = [
        *(".", "..", "/", "~", "docs", "new", "docs/../new", "site/x", ".build", str(root), f"{root}/docs/web.zip"),
        *(str(tmp_path / "way-in/x"), str(tmp_path / "x/../tiny/y"), str(tmp_path / "shared"), f"git:{root}"),
        *(str(tmp_path / "shared/x"), "site.zip/../docs/x.zip"),
    ]
    before = sorted(tmp_path.rglob("*"))
    for typed in own:
        with pytest.raises(CampaignError) as refused:
            parse_target(root, typed)
        assert refused.value.problems[0].id == "target-own-folder", typed
    for command in ("stick", "hotspot", "publish"):
        assert "(target-own-folder)" in run(root, command, "docs/copy", code=1)
    assert sorted(tmp_path.rglob("*")) == before


def test_campaign_is_known_by_another_spelling_of_its_name(root, tmp_path, monkeypatch):
    """As on a disk that ignores case."""
    real = Path.samefile
    same = lambda one, other: str(one).lower() == str(other).lower() or real(one, other)  # noqa: E731
    monkeypatch.setattr(Path, "samefile", same)
    for typed in (tmp_path / "TINY", tmp_path / "TINY/Docs/x", tmp_path / "Tiny/new"):
        with pytest.raises(CampaignError, match="the campaign's own folder"):
            parse_target(root, str(typed))


def special_files(folder: Path) -> list[str]:
    os.mkfifo(folder / "pipe")
    (folder / "file").write_text("mine", encoding="utf-8")
    (folder / "loop").symlink_to("loop")
    (folder / "gone").symlink_to("nowhere/at/all")
    return [*(str(folder / name) for name in ("pipe", "file", "loop", "gone")), "/dev/zero", "/dev/null"]


def test_no_command_hangs_or_breaks_at_a_pipe_a_device_or_a_loop_of_links(root, tmp_path):
    page = root / "docs/fil/boil.md"
    kept = page.read_bytes()
    for path in special_files(tmp_path):
        for command in ("publish", "stick", "hotspot", "new", "adopt", "schemas"):
            run(root, command, path, code=1)
        run(root, "contacts", "give", path, code=1)
        run(root, "publish", "--rollback", path, code=1)
        for command in (["contacts", "take"], ["translate", "take"], ["verify"]):
            if not path.endswith("file"):
                run(root, *command, path, code=2)
        for command in (["stamp"], ["accept", "--by", "Maria Soares"]):
            if not path.endswith("file"):
                run(root, "translate", *command, path, code=2)
        if not path.endswith("file"):
            for command in (["review", "fil", "--to"], ["send", "fil", "--to", "po", "--out"]):
                run(root, "translate", *command, path, code=1)
            (tmp_path / "x.zip").unlink(missing_ok=True)
            (tmp_path / "x.zip").symlink_to(path)
            run(root, "publish", str(tmp_path / "x.zip"), code=1)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
    assert page.read_bytes() == kept


def test_dist_behind_a_link_destroys_nothing(root, tmp_path):
    mine = tmp_path / "Documents"
    (mine / ".ssh").mkdir(parents=True)
    (mine / "thesis.txt").write_text("mine", encoding="utf-8")
    for name in ("site", "dist", "dist/packs", "dist/corrections", "dist/press-preview", ".build"):
        link = root / name
        for output in ("site", "dist", ".build"):
            shutil.rmtree(root / output, ignore_errors=True)
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(mine)
        for command in (["build"], ["packs"], ["pictures"], ["zim"], ["messages"], ["press"]):
            assert "(output-linked)" in run(root, *command, code=1), (name, command)
        link.unlink()
    assert sorted(path.name for path in mine.rglob("*") if path.name != "lock") == [".ssh", "thesis.txt"]
    # Deeper down, a single file that is put into place.
    (root / "dist/fil").mkdir(parents=True, exist_ok=True)
    (root / "dist/fil/prints").symlink_to(mine)
    with pytest.raises(CampaignError, match="This link leads"):
        replace_file(root, "fil/prints/thesis.txt", b"ours")
    assert (mine / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_link_to_an_empty_folder_stays_usable_for_outputs(root, tmp_path):
    shutil.rmtree(root / "site")
    (tmp_path / "other-disk").mkdir()
    (root / "dist").symlink_to(tmp_path / "other-disk")
    refuse_foreign_links(root)
    (root / "dist/made.pdf").touch()
    refuse_foreign_links(root)
    (root / "dist").unlink()
    (root / "dist").symlink_to(tmp_path)
    with pytest.raises(CampaignError, match="This link leads"):
        refuse_foreign_links(root)


LEFTOVERS = {
    "a lock of the shallow list": lambda git: (git / "shallow.lock").touch(),
    "a lock of the index": lambda git: (git / "site.index.lock").touch(),
    "a lock of another index": lambda git: (git / "index.lock").touch(),
    "a lock of HEAD": lambda git: (git / "HEAD.lock").touch(),
    "a lock of packed refs": lambda git: (git / "packed-refs.lock").touch(),
    "a lock of the settings": lambda git: (git / "config.lock").touch(),
    "a lock of a reference": lambda git: (git / "refs/published.lock").touch(),
    "an empty HEAD": lambda git: (git / "HEAD").write_bytes(b""),
    "half a list of shallow commits": lambda git: (git / "shallow").write_bytes(b"abc"),
    "an empty reference": lambda git: (git / "refs/published").write_bytes(b""),
    "an index of zeros": lambda git: (git / "site.index").write_bytes(bytes(100)),
    "objects half written": lambda git: [_damage(path) for path in (git / "objects").glob("??/*")],
    "a half-written object aside": lambda git: (git / "objects/tmp_obj_x").write_bytes(b"x"),
    "a file in place of the folder": lambda git: (shutil.rmtree(git), git.write_text("x")),
    "no objects": lambda git: shutil.rmtree(git / "objects"),
}


def _damage(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:5])


@pytest.mark.parametrize("left", mostly_long(LEFTOVERS, *list(LEFTOVERS)[::4]))
def test_wrong_number_goes_offline_after_a_killed_run(root, tmp_path, left):
    remote = tmp_path / "pages.git"
    subprocess.run(["git", "init", "--bare", "--quiet", remote], check=True)
    target = f"git:{remote}"
    for title in ("First", "Second"):
        (root / "site/index.html").write_text(f"<title>{title}</title>", encoding="utf-8")
        publish(root, target, 3)
    [git] = [path for path in (root / ".build/publish").iterdir() if path.is_dir()]
    LEFTOVERS[left](git)
    publish(root, target, 3, is_rollback=True)
    shown = subprocess.run(["git", "-C", remote, "show", "gh-pages:index.html"], capture_output=True, check=True)
    assert b"First" in shown.stdout
    LEFTOVERS[left](git)
    (root / "site/index.html").write_text("<title>Third</title>", encoding="utf-8")
    publish(root, target, 3)
    shown = subprocess.run(["git", "-C", remote, "show", "gh-pages:index.html"], capture_output=True, check=True)
    assert b"Third" in shown.stdout


def test_two_who_publish_at_once_wait_for_each_other(root, tmp_path):
    remote = tmp_path / "pages.git"
    subprocess.run(["git", "init", "--bare", "--quiet", remote], check=True)
    failed: list[BaseException] = []

    def work() -> None:
        try:
            publish(root, f"git:{remote}", 3)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_settings_and_hooks_that_a_campaign_brings_along_are_not_run(root, tmp_path):
    remote = tmp_path / "pages.git"
    subprocess.run(["git", "init", "--bare", "--quiet", remote], check=True)
    publish(root, f"git:{remote}", 3)
    [git] = [path for path in (root / ".build/publish").iterdir() if path.is_dir()]
    ran = tmp_path / "ran"
    for name in ("pre-push", "reference-transaction", "post-index-change"):
        (git / "hooks").mkdir(exist_ok=True)
        (git / "hooks" / name).write_text(f"#!/bin/sh\ntouch {ran}\n", encoding="utf-8")
        (git / "hooks" / name).chmod(0o755)
    settings = f"""[core]
 repositoryformatversion = 0
 bare = true
 fsmonitor = touch {ran}
 sshCommand = touch {ran}
 hooksPath = {git}/hooks
[filter "x"]
 clean = touch {ran}
[url "ext::touch {ran} #"]
 insteadOf = {remote}
[credential]
 helper = !touch {ran}
"""
    (git / "config").write_text(settings, encoding="utf-8")
    (git / "info").mkdir(exist_ok=True)
    (git / "info/attributes").write_text("* filter=x\n", encoding="utf-8")
    (root / "site/.gitattributes").write_text("* filter=x\n", encoding="utf-8")
    (root / "site/index.html").write_text("<title>Second</title>", encoding="utf-8")
    publish(root, f"git:{remote}", 3)
    publish(root, f"git:{remote}", 3, is_rollback=True)
    assert not ran.exists()


# What starts programs; the office's starter runs before anything is installed.
STARTERS = {"scripts/campaign/cache/external_programs.py", "scripts/campaign/desk/office/starters/start.py"}
MODULES = {"subprocess", "webbrowser", "pty", "_posixsubprocess", "pexpect", "sh", "popen2"}
STARTS = re.compile(
    r"os\.(?:system|popen|startfile|exec[lv]\w*|spawn\w+|posix_spawn\w*)|click\.launch"
    r"|asyncio\.(?:subprocess\..*|create_subprocess_\w+)"
)


def starts_programs(tree: ast.Module) -> list[int]:
    lines = []
    for node in ast.walk(tree):
        names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        is_start = isinstance(node, ast.Attribute) and STARTS.fullmatch(ast.unparse(node))
        if any(name.partition(".")[0] in MODULES for name in names) or is_start:
            lines.append(node.lineno)
    return lines


def test_one_module_starts_programs():
    results = {
        path.relative_to(REPOSITORY).as_posix(): lines
        for folder in ("scripts", "overrides")
        for path in (REPOSITORY / folder).rglob("*.py")
        if (lines := starts_programs(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert results.keys() == STARTERS, results


def test_program_that_lies_in_the_campaign_is_not_run(root, monkeypatch):
    (root / "git").write_text("#!/bin/sh\ntouch ran\n", encoding="utf-8")
    (root / "git").chmod(0o755)
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", f".:{os.environ['PATH']}")
    assert find_program("git") == shutil.which("git", path=os.environ["PATH"].partition(":")[2])
    monkeypatch.setenv("PATH", ".:bin")
    assert find_program("git") == ""
