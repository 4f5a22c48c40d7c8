"""Git in a repository below .build. Git handles authentication, and no secret is stored."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from campaign.cache.external_programs import last_line, run_program
from campaign.models.problem import CampaignError, failure

# The author if git has no identity.
DEFAULT_IDENTITY = {
    **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "campaign"),
    **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "campaign@localhost"),
}
# The published commit.
PUBLISHED_REF = "refs/published"
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


class RepositoryDamagedError(CampaignError):
    """The repository is damaged; it can be recreated."""


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
        }
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        identity = {name: value for name, value in DEFAULT_IDENTITY.items() if name not in os.environ}
        try:
            completed = run_program(
                ["git", *settings, *arguments],
                stdin_data=stdin_data,
                folder=self.site or self.folder,
                environment={**identity, **environment},
            )
        except FileNotFoundError:
            fix = "Install git, or publish to a folder or a zip."
            raise failure("publish-no-tool", "git", "git isn't installed.", fix) from None
        if completed.returncode:
            message = f"git {arguments[0]} failed: {last_line(completed.stderr)}."
            raise failure("publish-refused", "git", message, "Try the same with git by hand.")
        return completed.stdout.decode(errors="replace").strip()

    def fetch(self, remote: str, branch: str) -> str:
        """Return the served commit, or '' without a branch."""
        self("fetch", "--quiet", "--depth=2", "--no-tags", "--", remote, f"+refs/heads/{branch}:{PUBLISHED_REF}")
        return self("rev-parse", PUBLISHED_REF)

    def has_branch(self, remote: str, branch: str) -> bool:
        """Return whether the branch exists."""
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
    """Remove locks and partial objects of killed runs, and foreign settings and hooks.

    The caller holds the target's lock.
    """
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
