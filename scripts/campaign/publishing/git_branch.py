"""A branch of a git repository, as GitHub and GitLab Pages serve it; each version is a commit of only the site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from campaign.models.problem import CampaignError
from campaign.publishing.address import BRANCH, LOGIN, NAME, SCP, refused
from campaign.publishing.git_repository import Repository, RepositoryDamagedError, remove
from campaign.publishing.local_path import WINDOWS_PATH, refuse_campaign_path, typed_path
from campaign.publishing.site_state import Change, SiteState, parse_state
from campaign.publishing.target import Publication, Target, Version

T = TypeVar("T")
WEB_REMOTE = re.compile(rf"https://(?:{NAME})(?::[0-9]{{1,5}})?/[^\s?#]+", re.I)
SSH_REMOTE = re.compile(rf"ssh://{LOGIN}/[^\s?#]+", re.I)
BRANCH_NAME = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)*")
# GitHub serves folders with underscores only with this file; the site's state, for rollbacks.
NO_JEKYLL = ".nojekyll"
STATE = ".campaign.json"
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


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
        remote, mark, branch = location.rpartition("#") if "#" in location else (location, "", BRANCH)
        example = f"Write git:https://host.example/site.git#{BRANCH}"
        if not remote:
            raise refused(raw, "The repository is missing.", example)
        if mark and not branch:
            raise refused(raw, "The branch after # is missing.", example)
        is_name = BRANCH_NAME.fullmatch(branch) and not re.search(r"\.\.|\.lock(?:/|$)|\.(?:/|$)|^HEAD$|^refs/", branch)
        if not is_name:
            raise refused(raw, f"`{branch}` can't be the name of a branch.", f"Write a name such as {BRANCH}.")
        return cls(_parse_remote(root, raw, remote), branch)

    @contextmanager
    def session(self, workspace: Path, writes: bool) -> Iterator[None]:
        """Fetch the served commit."""
        self._repository = Repository(workspace)
        has_branch = self._git.has_branch(self.remote, self.branch)
        try:
            self._served_commit = self._git.fetch(self.remote, self.branch) if has_branch else ""
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
        """Return the served commit and its predecessor."""
        if not self._served_commit:
            return []
        commits = self._git("rev-list", "--max-count=2", self._served_commit).split()
        return [Version(commit, commit == self._served_commit, self._name(commit)) for commit in reversed(commits)]

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
        message = f"Back to the site of version {self._name(commit)}"
        return self._git("commit-tree", f"{commit}^{{tree}}", "-p", self._served_commit, "-m", message)


def _parse_remote(root: Path, raw: str, remote: str) -> str:
    """Return a repository over https, ssh or on this computer."""
    fix = "Use https://, ssh://, user@host:path or a repository's folder."
    if remote.startswith("-") or "::" in remote.partition("/")[0]:
        raise refused(raw, "This isn't a repository's address.", fix)
    if "://" in remote:
        scheme, _, location = remote.partition("://")
        remote = f"{scheme.lower()}://{location}"
        match = SSH_REMOTE.fullmatch(remote)
        if "%" in remote or "/-" in remote or not (WEB_REMOTE.fullmatch(remote) or match):
            raise refused(raw, f"`{remote}` isn't an address that git may use here.", fix)
        return remote
    if (match := SCP.fullmatch(remote)) and not WINDOWS_PATH.match(remote):
        if not match["path"] or match["path"].startswith("-") or "/-" in match["path"]:
            raise refused(raw, "The path on the host is missing or isn't plain.", fix)
        return remote
    path = typed_path(remote)
    if not path.is_dir():
        raise refused(raw, "There is no repository of that name on this computer.", fix)
    refuse_campaign_path(root, raw, path)
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
