"""A branch of a git repository, as GitHub and GitLab Pages serve it: each version is a commit of nothing but the site.

Git itself is run, in a repository of its own below .build: whoever may push is known to it, and no secret is ours.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from campaign.cache.external_programs import last_line, run_program
from campaign.models.problem import CampaignError, Problem
from campaign.publishing.site_state import Change, SiteState, parse_state, refuse_return
from campaign.publishing.target import GitTarget

# Says to GitHub that folders with an underscore are served too; and what the commit holds, for --rollback.
NO_JEKYLL, STATE = ".nojekyll", ".campaign.json"
# Whose commits they are where git has not been told.
NOBODY = {
    **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "campaign"),
    **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "campaign@localhost"),
}
# What is served now, in our repository.
SERVED = "refs/published"
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


# Settings of the repository itself are ours: a campaign folder that somebody sent could bring hooks and filters along.
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
# https, ssh and folders of this computer; `ext::` would run any command.
TRANSPORTS = "https:ssh:file"


class _RepositoryBroken(Exception):
    """Our own repository is damaged; it holds only copies, so it can be made again."""


class _Git:
    """Git in a repository that holds only what is published."""

    def __init__(self, folder: Path, site: Path | None = None) -> None:
        self.folder, self.site = folder, site
        _clear_leftovers(folder)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self("init", "--bare", "--quiet", "--template=")
            self("rev-parse", "--git-dir")
        except CampaignError:
            raise _RepositoryBroken from None

    def __call__(self, *arguments: str, given: bytes = b"") -> str:
        """Run a git command and return what it prints.

        Raises:
            CampaignError: it fails, with its last line.
        """
        own = {
            "GIT_DIR": str(self.folder),
            "GIT_COMMON_DIR": str(self.folder),
            "GIT_INDEX_FILE": str(self.folder / "site.index"),
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ALLOW_PROTOCOL": TRANSPORTS,
            "GIT_ATTR_NOSYSTEM": "1",
            **({"GIT_WORK_TREE": str(self.site)} if self.site and arguments[0] != "init" else {}),
        }
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        identity = {name: value for name, value in NOBODY.items() if name not in os.environ}
        try:
            done = run_program(
                ["git", *settings, *arguments],
                given=given,
                folder=self.site or self.folder,
                environment={**identity, **own},
            )
        except FileNotFoundError:
            fix = "Install git, or publish to a folder or a zip."
            raise CampaignError([Problem("publish-no-tool", "git", "git is not installed.", fix)]) from None
        if done.returncode:
            what = f"git {arguments[0]} failed: {last_line(done.stderr)}."
            raise CampaignError([Problem("publish-refused", "git", what, "Try the same with git by hand.")])
        return done.stdout.decode(errors="replace").strip()

    def fetch(self, target: GitTarget) -> str:
        """The commit that is served; '' where the branch does not exist yet."""
        self("fetch", "--quiet", "--depth=2", "--no-tags", "--", target.remote, f"+refs/heads/{target.branch}:{SERVED}")
        return self("rev-parse", SERVED)

    def has_branch(self, target: GitTarget) -> bool:
        """Whether the branch exists."""
        return bool(self("ls-remote", "--heads", "--", target.remote, f"refs/heads/{target.branch}"))

    def push(self, target: GitTarget, commit: str, before: str) -> None:
        """Make the branch lead to a commit, unless somebody else has pushed since `before`."""
        lease = f"--force-with-lease=refs/heads/{target.branch}:{before}"
        self("push", "--quiet", lease, "--", target.remote, f"{commit}:refs/heads/{target.branch}")

    @property
    def is_sound(self) -> bool:
        """Whether git can read all that the repository holds."""
        try:
            self("fsck", "--full", "--no-dangling", "--no-progress")
        except CampaignError:
            return False
        return True


def _clear_leftovers(folder: Path) -> None:
    """Remove what a killed run left (locks, half-written objects), and settings and hooks that are not ours.

    The caller holds the lock of the target, so no other run of ours is at work here.
    """
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    for name in ("hooks", "info", "worktrees", "modules"):
        _remove(folder / name)
    for name in ("config", "config.worktree", "commondir", "gitdir", "objects/info/alternates"):
        _remove(folder / name)
    for path in [*folder.rglob("*.lock"), *folder.rglob("tmp_*"), *folder.rglob("incoming-*")]:
        _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


T = TypeVar("T")


def _in_repository(folder: Path, site: Path | None, target: GitTarget, work: Callable[[_Git, str], T]) -> T:
    """Do some work on what is served, once more in a new repository if the one that we kept turns out damaged.

    Args:
        folder: of the repository.
        site: the folder of the built site, if it is needed.
        target: the branch.
        work: is given the commit that is served, '' where there is none.
    """
    try:
        git = _Git(folder, site)
        has_branch = git.has_branch(target)
        try:
            served = git.fetch(target) if has_branch else ""
        except CampaignError:
            raise _RepositoryBroken from None
        try:
            return work(git, served)
        except CampaignError:
            if git.is_sound:
                raise
            raise _RepositoryBroken from None
    except _RepositoryBroken:
        _remove(folder)
        git = _Git(folder, site)
        return work(git, git.fetch(target) if git.has_branch(target) else "")


def publish(site: Path, target: GitTarget, state: SiteState, work: Path, version: str, is_dry: bool) -> Change:
    """Pushes a site as one commit; whoever pushed meanwhile is not overwritten.

    Args:
        site: the folder of the built site.
        target: the repository and its branch for pages.
        state: of the site.
        work: a folder for git's own files.
        version: of the campaign, for the commit's message.
        is_dry: only say what would change.
    """

    def put(git: _Git, before: str) -> Change:
        git("read-tree", "--empty")
        git("add", "--all", "--force", "--", ".")
        for name, data in ((NO_JEKYLL, b""), (STATE, state.to_json())):
            blob = git("hash-object", "-w", "--stdin", given=data)
            git("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}")
        tree = git("write-tree")
        change = _change(git, site, before or EMPTY_TREE, tree)
        if not is_dry and not change.is_none:
            parents = ("-p", before) if before else ()
            git.push(target, git("commit-tree", tree, *parents, "-m", f"Site, version {version}"), before)
        return change

    return _in_repository(work, site, target, put)


def roll_back(target: GitTarget, work: Path) -> str:
    """Pushes the site of the commit before as a new one, and says its version.

    Raises:
        CampaignError: there is none, or it would bring back what was taken out since.
    """

    def back(git: _Git, now: str) -> str:
        before = git("rev-list", "--max-count=1", "--skip=1", now) if now else ""
        if not before:
            what = "There is no commit before the one that is served."
            raise CampaignError([Problem("rollback-none", target.remote, what, "Publish anew instead.")])
        states = [parse_state(git("show", f"{commit}:{STATE}").encode()) for commit in (before, now)]
        refuse_return(*states)
        version = states[0].version if states[0] else ""
        message = f"Back to the site of version {version}"
        git.push(target, git("commit-tree", f"{before}^{{tree}}", "-p", now, "-m", message), now)
        return version

    return _in_repository(work, None, target, back)


def _change(git: _Git, site: Path, before: str, tree: str) -> Change:
    change = Change()
    kinds = {"A": change.new, "M": change.changed, "D": change.gone, "T": change.changed}
    for line in git("-c", "core.quotePath=false", "diff-tree", "-r", "--name-status", before, tree).splitlines():
        kind, _, name = line.partition("\t")
        if name not in (NO_JEKYLL, STATE):
            kinds[kind].append(name)
            if kind != "D":
                change.bytes += (site / name).stat().st_size
    return change
