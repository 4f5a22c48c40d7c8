"""A branch of a git repository, as GitHub and GitLab Pages serve it: each version is a commit of nothing but the site.

Git itself is run, in a repository of its own below .build: whoever may push is known to it, and no secret is ours.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from campaign.models.problem import CampaignError, Problem
from campaign.publishing.site_state import Change, SiteState, parse_state, refuse_return

BRANCH = "gh-pages"
# Says to GitHub that folders with an underscore are served too; and what the commit holds, for --rollback.
NO_JEKYLL, STATE = ".nojekyll", ".campaign.json"
# Whose commits they are where git has not been told.
NOBODY = {
    **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "campaign"),
    **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "campaign@localhost"),
}
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


class _Git:
    """Git in a repository that holds only what is published."""

    def __init__(self, folder: Path, site: Path | None = None) -> None:
        if not shutil.which("git"):
            fix = "Install git, or publish to a folder or a zip."
            raise CampaignError([Problem("publish-no-tool", "git", "git is not installed.", fix)])
        self.folder, self.site = folder, site
        if not (folder / "HEAD").is_file():
            folder.mkdir(parents=True, exist_ok=True)
            self("init", "--bare", "--quiet")

    def __call__(self, *arguments: str, given: bytes | None = None) -> str:
        """What git says.

        Raises:
            CampaignError: it fails, with its last line.
        """
        own = {
            "GIT_DIR": str(self.folder),
            "GIT_INDEX_FILE": str(self.folder / "site.index"),
            "GIT_TERMINAL_PROMPT": "0",
            **({"GIT_WORK_TREE": str(self.site)} if self.site and arguments[0] != "init" else {}),
        }
        done = subprocess.run(
            ["git", "-c", "core.autocrlf=false", "-c", "core.excludesFile=", *arguments],
            env={**NOBODY, **os.environ, **own},
            cwd=self.site or self.folder,
            input=given,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
            what = f"git {arguments[0]} failed: {said[-1]}."
            raise CampaignError([Problem("publish-refused", "git", what, "Try the same with git by hand.")])
        return done.stdout.decode(errors="replace").strip()

    def fetch(self, remote: str, branch: str) -> str:
        """The commit that is served; '' where the branch does not exist yet."""
        if not self("ls-remote", "--heads", remote, f"refs/heads/{branch}"):
            return ""
        self("fetch", "--quiet", "--depth=2", remote, f"+refs/heads/{branch}:refs/published")
        return self("rev-parse", "refs/published")


def publish(site: Path, remote: str, branch: str, state: SiteState, work: Path, version: str, is_dry: bool) -> Change:
    """Pushes a site as one commit; whoever pushed meanwhile is not overwritten.

    Args:
        site: the folder of the built site.
        remote: the repository's address.
        branch: its branch for pages.
        state: of the site.
        work: a folder for git's own files.
        version: of the campaign, for the commit's message.
        is_dry: only say what would change.
    """
    git = _Git(work, site)
    before = git.fetch(remote, branch)
    git("read-tree", "--empty")
    git("add", "--all", "--force", ".")
    for name, data in ((NO_JEKYLL, b""), (STATE, state.to_json())):
        blob = git("hash-object", "-w", "--stdin", given=data)
        git("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}")
    tree = git("write-tree")
    change = _change(git, site, before or EMPTY_TREE, tree)
    if is_dry or change.is_none:
        return change
    parents = ("-p", before) if before else ()
    commit = git("commit-tree", tree, *parents, "-m", f"Site, version {version}")
    git("push", "--quiet", f"--force-with-lease=refs/heads/{branch}:{before}", remote, f"{commit}:refs/heads/{branch}")
    return change


def roll_back(remote: str, branch: str, work: Path) -> str:
    """Pushes the site of the commit before as a new one, and says its version.

    Raises:
        CampaignError: there is none, or it would bring back what was taken out since.
    """
    git = _Git(work)
    now = git.fetch(remote, branch)
    before = git("rev-list", "--max-count=1", "--skip=1", now) if now else ""
    if not before:
        what = "There is no commit before the one that is served."
        raise CampaignError([Problem("rollback-none", remote, what, "Publish anew instead.")])
    states = [parse_state(git("show", f"{commit}:{STATE}").encode()) for commit in (before, now)]
    refuse_return(*states)
    version = states[0].version if states[0] else ""
    commit = git("commit-tree", f"{before}^{{tree}}", "-p", now, "-m", f"Back to the site of version {version}")
    git("push", "--quiet", f"--force-with-lease=refs/heads/{branch}:{now}", remote, f"{commit}:refs/heads/{branch}")
    return version


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
