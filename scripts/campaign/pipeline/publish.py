"""`campaign publish`: the site that was built last goes to a folder, a host, a git branch, a bucket or a zip."""

from __future__ import annotations

import re
import secrets
import shutil
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from filelock import FileLock

from campaign.cache.atomic import files_below, finish_publishing, place_lock, work_folder, write_whole
from campaign.content import load
from campaign.content.languages import as_built
from campaign.content.releases import refuse_withheld
from campaign.models.campaign import Campaign
from campaign.models.problem import CampaignError, Problem, heard
from campaign.packs.archive import write_zip
from campaign.packs.member import Member
from campaign.publishing import bucket, folder, git_branch, sftp, ssh
from campaign.publishing.site_state import Change, changes, state_of
from campaign.publishing.target import ZIP, refuse_own, refuse_secret

SITE, BUCKET = "site", "s3://"
GIT = re.compile(r"git:(?P<remote>[^#]+?)(?:#(?P<branch>[\w./-]+))?")
SSH = re.compile(r"ssh://(?P<host>[^/\s-][^/\s]*)(?P<folder>/.+?)/?")


@dataclass(frozen=True)
class Published:
    """What became of it: what changed, or the version that came back."""

    change: Change | None = None
    version: str = ""


def publish(root: Path, target: str, keep: int, is_dry: bool = False, is_rollback: bool = False) -> Published:
    """Publishes the site, or takes the last version back.

    Args:
        root: the campaign's folder.
        target: a folder; `ssh://user@host/folder`; `git:address#branch`; `s3://bucket/folder`; or the name of a zip.
        keep: so many versions stay in a folder.
        is_dry: only say what would change.
        is_rollback: back to the version before.

    Raises:
        CampaignError: nothing was built, the texts have a mistake, or the target refuses or is the campaign's own.
    """
    if is_rollback:  # in haste: whatever is being built or written waits for nothing, and stops nothing
        refuse_secret(target)
        with _target_lock(root, target):
            return Published(version=_roll_back(root, target))
    refuse_own(root, target)
    campaign, problems = load(root)
    if any(problem.stops for problem in problems):
        raise CampaignError(heard(problems, campaign.silence))
    finish_publishing(root)
    with _target_lock(root, target), place_lock(root):
        if not (root / SITE / "index.html").is_file():
            raise CampaignError([Problem("publish-nothing", SITE, "No site was built yet.", "Run: campaign build")])
        refuse_withheld(campaign, root / SITE)
        campaign = as_built(campaign)
        return Published(_publish(campaign, root / SITE, target, keep, is_dry))


def _publish(campaign: Campaign, site: Path, target: str, keep: int, is_dry: bool) -> Change:
    # By the real clock, whatever day the site is built as of: versions follow each other.
    state, moment = state_of(site, campaign), datetime.now(UTC)
    if found := GIT.fullmatch(target):
        remote, branch = found["remote"], found["branch"] or git_branch.BRANCH
        work = _own_folder(campaign.root, target)
        return git_branch.publish(site, remote, branch, state, work, campaign.version, is_dry)
    if found := SSH.fullmatch(target):
        publish_to_host = ssh.publish if _has_rsync() else sftp.publish
        return publish_to_host(site, found["host"], found["folder"], state, moment, keep, is_dry)
    if target.startswith(BUCKET):
        return bucket.publish(site, target, _publisher(campaign.root, target), state, moment, keep, is_dry)
    if target.endswith(ZIP):
        change = changes(site, {})
        if not is_dry:
            aside = Path(f"{target}.part")
            members = {name: Member(file=Path(entry.path)) for name, entry in files_below(site)}
            write_zip(aside, members, SITE, campaign.date)
            aside.replace(target)
        return change
    return folder.publish(site, Path(target), state, moment, keep, is_dry)


def _roll_back(root: Path, target: str) -> str:
    if found := GIT.fullmatch(target):
        return git_branch.roll_back(found["remote"], found["branch"] or git_branch.BRANCH, _own_folder(root, target))
    if found := SSH.fullmatch(target):
        return (ssh.roll_back if _has_rsync() else sftp.roll_back)(found["host"], found["folder"])
    if target.startswith(BUCKET):
        return bucket.roll_back(target, _publisher(root, target))
    if target.endswith(ZIP) or not Path(target).is_dir():
        what = "There is no version before here."
        raise CampaignError([Problem("rollback-none", target, what, "Name a folder, a host or a branch.")])
    return folder.roll_back(Path(target))


def _has_rsync() -> bool:
    """Whether rsync carries files to a host; where this computer has none, SFTP does."""
    return bool(shutil.which("rsync") and shutil.which("ssh"))


def _own_folder(root: Path, target: str) -> Path:
    """What publishing keeps here of each target: git what it fetched and will push."""
    return work_folder(root) / "publish" / sha256(target.encode()).hexdigest()[:16]


def _target_lock(root: Path, target: str) -> FileLock:
    """One at a time publishes to a target, or takes back what it did."""
    folder = _own_folder(root, target)
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder.with_suffix(".lock"))


def _publisher(root: Path, target: str) -> str:
    """Who publishes, told by nothing that says who it is: the same for each run of this campaign on this computer."""
    file = _own_folder(root, target) / "publisher"
    if not file.is_file():
        write_whole(file, secrets.token_hex(16).encode())
    return sha256(file.read_bytes() + f"{socket.gethostname()} {root.resolve()}".encode()).hexdigest()[:32]
