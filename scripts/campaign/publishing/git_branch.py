"""A branch of a git repository, as GitHub and GitLab Pages serve it; each version is a commit of only the site."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

from campaign.cache.external_programs import last_line, run_program
from campaign.models.problem import CampaignError, failure
from campaign.publishing import address
from campaign.publishing.site_state import Change, SiteState, parse_state
from campaign.publishing.target import Publication, Target, Version

T = TypeVar("T")
WEB_REMOTE = re.compile(rf"https://(?:{address.NAME})(?::[0-9]{{1,5}})?/[^\s?#]+", re.I)
SSH_REMOTE = re.compile(rf"ssh://{address.LOGIN}/[^\s?#]+", re.I)
BRANCH_NAME = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)*")
# GitHub serves folders with underscores only with this file; the site's state, for rollbacks.
NO_JEKYLL = ".nojekyll"
STATE = ".campaign.json"
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
# Everyone can read a branch: its commits name neither the person who publishes nor their time zone.
NEUTRAL_AUTHOR = {
    **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "campaign"),
    **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "campaign@localhost"),
    "TZ": "UTC0",
}
PUBLISHED_REF = "refs/published"  # the published commit
ROLLBACK_SUBJECT = "Back to the site of version"
# Commits fetched: the served one and its predecessor; more behind a rollback, which hides the versions taken back.
DEPTH = 2
ROLLBACK_DEPTH = 20
# The repository's own settings: a received campaign could bring hooks and filters.
SETTINGS = {
    "core.autocrlf": "false",
    "core.attributesFile": os.devnull,
    "core.excludesFile": os.devnull,
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "commit.gpgSign": "false",
    "fetch.recurseSubmodules": "false",
    "push.recurseSubmodules": "no",
    "push.gpgSign": "false",
}
# `ext::` would run any command.
TRANSPORTS = "https:ssh:file"


@dataclass
class GitTarget(Target):
    """A branch; a rollback is a new commit of the previous site."""

    remote: str
    branch: str
    _repository: Repository | None = field(default=None, init=False, repr=False, compare=False)
    # The served commit at the start, the planned tree, and the uploaded commit.
    _served_commit: str = field(default="", init=False, repr=False, compare=False)
    _tree: str = field(default="", init=False, repr=False, compare=False)
    _uploaded: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def parse(cls, root: Path, raw: str, location: str) -> GitTarget:
        """Parse what follows `git:`: a repository, and a branch after #."""
        remote, mark, branch = location.rpartition("#") if "#" in location else (location, "", address.BRANCH)
        example = f"Write git:https://host.example/site.git#{address.BRANCH}"
        if not remote:
            raise address.refused(raw, "The repository is missing.", example)
        if mark and not branch:
            raise address.refused(raw, "The branch after # is missing.", example)
        is_name = BRANCH_NAME.fullmatch(branch) and not re.search(r"\.\.|\.lock(?:/|$)|\.(?:/|$)|^HEAD$|^refs/", branch)
        if not is_name:
            raise address.refused(
                raw, f"`{branch}` can't be the name of a branch.", f"Write a name such as {address.BRANCH}."
            )
        return cls(_parse_remote(root, raw, remote), branch)

    @contextmanager
    def session(self, workspace: Path, writes: bool) -> Iterator[None]:
        """Fetch the served commit."""
        self._repository = Repository(workspace)
        _has_branch = self._git._has_branch(self.remote, self.branch)
        try:
            self._served_commit = self._git.fetch(self.remote, self.branch) if _has_branch else ""
        except CampaignError as error:
            raise RepositoryDamagedError(error.problems) from None
        yield

    def run(self, workspace: Path, work: Callable[[], T], writes: bool) -> T:
        """Run a session, and again in a new repository if ours is damaged."""
        try:
            return super().run(workspace, work, writes)
        except RepositoryDamagedError:
            pass
        except CampaignError:
            if self._git.is_sound:
                raise
        remove(workspace)
        return super().run(workspace, work, writes)

    def plan(self, publication: Publication) -> Change:
        """Compare the site's tree with the served one."""
        git, git.site = self._git, publication.site
        git("read-tree", "--empty")
        git("add", "--all", "--force", "--", ".")
        for name, data in ((NO_JEKYLL, b""), (STATE, publication.state.to_json())):
            blob = git("hash-object", "-w", "--stdin", stdin_data=data)
            git("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}")
        self._tree = git("write-tree")
        return _changes(git, publication.site, self._served_commit or EMPTY_TREE, self._tree)

    def upload(self, publication: Publication, change: Change) -> None:
        """Commit the site locally."""
        parents = ("-p", self._served_commit) if self._served_commit else ()
        message = f"Site, version {publication.state.version}"
        self._uploaded[publication.version] = self._git("commit-tree", self._tree, *parents, "-m", message)

    def activate(self, version: str) -> None:
        """Push a commit, unless there was another push meanwhile."""
        commit = self._uploaded.get(version) or self._commit_rollback(version)
        self._git.push(self.remote, self.branch, commit, self._served_commit)

    def list_versions(self) -> list[Version]:
        """Return the version before the served one, if any, and the served commit."""
        if not self._served_commit:
            return []
        history = self._git.history(self._served_commit)
        if history[0].subject.startswith(ROLLBACK_SUBJECT):
            self._git.fetch(self.remote, self.branch, ROLLBACK_DEPTH)
            history = self._git.history(self._served_commit)
        position = _original(history) + 1
        names = [*(commit.name for commit in history[position : position + 1]), self._served_commit]
        return [Version(name, name == self._served_commit, self._name(name)) for name in names]

    def read_state(self, version: str) -> SiteState | None:
        """Return the state committed with a site."""
        if not self._git("ls-tree", version, "--", STATE):
            return None
        return parse_state(self._git("show", f"{version}:{STATE}").encode())

    @property
    def _git(self) -> Repository:
        assert self._repository, "no session"
        return self._repository

    def _name(self, commit: str) -> str:
        state = self.read_state(commit)
        return state.version if state else ""

    def _commit_rollback(self, commit: str) -> str:
        message = f"{ROLLBACK_SUBJECT} {self._name(commit)}"
        return self._git("commit-tree", f"{commit}^{{tree}}", "-p", self._served_commit, "-m", message)


def _original(history: list[Commit]) -> int:
    """Return the position of the commit whose site is served: a rollback's is the earlier one with the same files."""
    position = 0
    while history[position].subject.startswith(ROLLBACK_SUBJECT):
        tree = history[position].tree
        same = (number for number, commit in enumerate(history) if number > position and commit.tree == tree)
        position = next(same, len(history) - 1)
        if position == len(history) - 1:
            break
    return position


def _parse_remote(root: Path, raw: str, remote: str) -> str:
    """Return a repository over https, ssh or on this computer."""
    fix = "Use https://, ssh://, user@host:path or a repository's folder."
    if remote.startswith("-") or "::" in remote.partition("/")[0]:
        raise address.refused(raw, "This isn't a repository's address.", fix)
    if "://" in remote:
        scheme, _, location = remote.partition("://")
        remote = f"{scheme.lower()}://{location}"
        match = SSH_REMOTE.fullmatch(remote)
        if "%" in remote or "/-" in remote or not (WEB_REMOTE.fullmatch(remote) or match):
            raise address.refused(raw, f"`{remote}` isn't an address that git may use here.", fix)
        return remote
    if (match := address.SCP.fullmatch(remote)) and not address.WINDOWS_PATH.match(remote):
        if not match["path"] or match["path"].startswith("-") or "/-" in match["path"]:
            raise address.refused(raw, "The path on the host is missing or isn't plain.", fix)
        return remote
    path = address.typed_path(remote)
    if not path.is_dir():
        raise address.refused(raw, "There is no repository of that name on this computer.", fix)
    address.refuse_campaign_path(root, raw, path)
    return str(path)


def _changes(git: Repository, site: Path, parent: str, tree: str) -> Change:
    change = Change()
    kinds = {"A": change.new, "M": change.changed, "D": change.gone, "T": change.changed}
    for line in git("-c", "core.quotePath=false", "diff-tree", "-r", "--name-status", parent, tree).splitlines():
        kind, _, name = line.partition("\t")
        if name not in (NO_JEKYLL, STATE):
            kinds[kind].append(name)
            if kind != "D":
                change.bytes += (site / name).stat().st_size
    return change


class RepositoryDamagedError(CampaignError):
    """The repository is damaged; it can be recreated."""


class Commit(NamedTuple):
    """A commit: its hash, that of its files, and its subject."""

    name: str
    tree: str
    subject: str


class Repository:
    """A repository with published commits only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site: Path | None = None  # the work tree, if needed
        _clear_leftovers(folder)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self("init", "--bare", "--quiet", "--template=")
            self("rev-parse", "--git-dir")
        except CampaignError as error:
            raise RepositoryDamagedError(error.problems) from None

    def __call__(self, *arguments: str, stdin_data: bytes = b"") -> str:
        """Run a git command and return its output. Raise CampaignError if it fails, with its last line."""
        environment = {
            "GIT_DIR": str(self.folder),
            "GIT_COMMON_DIR": str(self.folder),
            "GIT_INDEX_FILE": str(self.folder / "site.index"),
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ALLOW_PROTOCOL": TRANSPORTS,
            "GIT_ATTR_NOSYSTEM": "1",
            **({"GIT_WORK_TREE": str(self.site)} if self.site and arguments[0] != "init" else {}),
            **NEUTRAL_AUTHOR,
        }
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command, folder = ["git", *settings, *arguments], self.site or self.folder
        try:
            completed = run_program(command, stdin_data=stdin_data, folder=folder, environment=environment)
        except FileNotFoundError:
            fix = "Install git, or publish to a folder or a zip."
            raise failure("publish-no-tool", "git", "git isn't installed.", fix) from None
        if completed.returncode:
            message = f"git {arguments[0]} failed: {last_line(completed.stderr)}."
            raise failure("publish-refused", "git", message, "Try the same with git by hand.")
        return completed.stdout.decode(errors="replace").strip()

    def history(self, commit: str) -> list[Commit]:
        """Return a commit and the fetched ones before it, newest first."""
        lines = self("log", "--first-parent", "--format=%H%x00%T%x00%s", commit).splitlines()
        return [Commit(*line.split("\0", 2)) for line in lines]

    def fetch(self, remote: str, branch: str, depth: int = DEPTH) -> str:
        """Return the served commit, or '' without a branch."""
        self("fetch", "--quiet", f"--depth={depth}", "--no-tags", "--", remote, f"+refs/heads/{branch}:{PUBLISHED_REF}")
        return self("rev-parse", PUBLISHED_REF)

    def _has_branch(self, remote: str, branch: str) -> bool:
        return bool(self("ls-remote", "--heads", "--", remote, f"refs/heads/{branch}"))

    def push(self, remote: str, branch: str, commit: str, expected: str) -> None:
        """Push a commit, unless the branch has moved on from `expected`."""
        lease = f"--force-with-lease=refs/heads/{branch}:{expected}"
        self("push", "--quiet", lease, "--", remote, f"{commit}:refs/heads/{branch}")

    @property
    def is_sound(self) -> bool:
        """Return whether every object is readable."""
        try:
            self("fsck", "--full", "--no-dangling", "--no-progress")
        except CampaignError:
            return False
        return True


def _clear_leftovers(folder: Path) -> None:
    """Remove locks and partial objects of killed runs, foreign settings and hooks, holding the lock."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    for name in ("hooks", "info", "worktrees", "modules"):
        remove(folder / name)
    for name in ("config", "config.worktree", "commondir", "gitdir", "objects/info/alternates"):
        remove(folder / name)
    for path in [*folder.rglob("*.lock"), *folder.rglob("tmp_*"), *folder.rglob("incoming-*")]:
        remove(path)


def remove(path: Path) -> None:
    """Remove a file, link or folder, if it exists."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
