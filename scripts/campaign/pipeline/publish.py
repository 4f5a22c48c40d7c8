"""`campaign publish`: the site that was built last goes to a folder, a host, a git branch, a bucket or a zip."""

from __future__ import annotations

import secrets
import socket
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from filelock import FileLock

from campaign.cache.atomic import files_below, finish_publishing, place_lock, work_folder, write_whole
from campaign.cache.external_programs import find_program
from campaign.content import load
from campaign.content.languages import as_built
from campaign.content.originals import check_originals, refuse_exposed
from campaign.content.releases import refuse_withheld
from campaign.models.campaign import Campaign
from campaign.models.problem import CampaignError, Problem, heard
from campaign.packs.archive import write_zip
from campaign.packs.member import Member
from campaign.publishing import bucket, folder, git_branch, sftp, ssh
from campaign.publishing.site_state import Change, changes, state_of
from campaign.publishing.target import (
    BucketTarget,
    GitTarget,
    HostTarget,
    Target,
    ZipTarget,
    parse_target,
)

SITE = "site"


@dataclass(frozen=True)
class Published:
    """What became of it: what changed, or the version that came back."""

    change: Change | None = None
    version: str = ""


def publish(root: Path, address: str, keep: int, is_dry: bool = False, is_rollback: bool = False) -> Published:
    """Publishes the site, or takes the last version back.

    Args:
        root: the campaign's folder.
        address: a folder; `ssh://user@host/folder`; `git:address#branch`; `s3://bucket/folder`; or the name of a zip.
        keep: so many versions stay in a folder.
        is_dry: only say what would change.
        is_rollback: back to the version before.

    Raises:
        CampaignError: nothing was built, the texts have a mistake, or the target refuses or is the campaign's own.
    """
    target = parse_target(root, address)
    if is_rollback:  # in haste: whatever is being built or written waits for nothing, and stops nothing
        with _target_lock(root, target):
            return Published(version=_roll_back(root, target))
    campaign, problems = load(root)
    if any(problem.stops for problem in problems):
        raise CampaignError(heard(problems, campaign.silence))
    refuse_exposed(check_originals(root))
    finish_publishing(root)
    with _target_lock(root, target), place_lock(root):
        if not (root / SITE / "index.html").is_file():
            raise CampaignError([Problem("publish-nothing", SITE, "No site was built yet.", "Run: campaign build")])
        refuse_withheld(campaign, root / SITE)
        campaign = as_built(campaign)
        return Published(_publish(campaign, root / SITE, target, keep, is_dry))


def _publish(campaign: Campaign, site: Path, target: Target, keep: int, is_dry: bool) -> Change:
    # By the real clock, whatever day the site is built as of: versions follow each other.
    state, moment = state_of(site, campaign), datetime.now(UTC)
    match target:
        case GitTarget():
            work = _own_folder(campaign.root, target)
            return git_branch.publish(site, target, state, work, campaign.version, is_dry)
        case HostTarget():
            publish_to_host = ssh.publish if _has_rsync() else sftp.publish
            return publish_to_host(site, target, state, moment, keep, is_dry)
        case BucketTarget():
            publisher = _publisher(campaign.root, target)
            return bucket.publish(site, target.address, publisher, state, moment, keep, is_dry)
        case ZipTarget():
            return _write_zip(campaign, site, target.path, is_dry)
        case _:
            return folder.publish(site, target.path, state, moment, keep, is_dry)


def _write_zip(campaign: Campaign, site: Path, target: Path, is_dry: bool) -> Change:
    change = changes(site, {})
    if not is_dry:
        with tempfile.TemporaryDirectory(prefix=".campaign-", dir=target.parent) as aside:
            members = {name: Member(file=Path(entry.path)) for name, entry in files_below(site)}
            write_zip(Path(aside, target.name), members, SITE, campaign.date)
            Path(aside, target.name).replace(target)
    return change


def _roll_back(root: Path, target: Target) -> str:
    match target:
        case GitTarget():
            return git_branch.roll_back(target, _own_folder(root, target))
        case HostTarget():
            return (ssh.roll_back if _has_rsync() else sftp.roll_back)(target)
        case BucketTarget():
            return bucket.roll_back(target.address, _publisher(root, target))
    if isinstance(target, ZipTarget) or not target.path.is_dir():
        what = "There is no version before here."
        raise CampaignError([Problem("rollback-none", str(target.path), what, "Name a folder, a host or a branch.")])
    return folder.roll_back(target.path)


def _has_rsync() -> bool:
    """Whether rsync carries files to a host; where this computer has none, SFTP does."""
    return bool(find_program("rsync") and find_program("ssh"))


def _own_folder(root: Path, target: Target) -> Path:
    """What publishing keeps here of each target: git what it fetched and will push."""
    return work_folder(root) / "publish" / sha256(repr(target).encode()).hexdigest()[:16]


def _target_lock(root: Path, target: Target) -> FileLock:
    """One at a time publishes to a target, or takes back what it did."""
    folder = _own_folder(root, target)
    folder.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(folder.with_suffix(".lock"))


def _publisher(root: Path, target: Target) -> str:
    """Who publishes, told by nothing that says who it is: the same for each run of this campaign on this computer."""
    file = _own_folder(root, target) / "publisher"
    if not file.is_file():
        write_whole(file, secrets.token_hex(16).encode())
    return sha256(file.read_bytes() + f"{socket.gethostname()} {root.resolve()}".encode()).hexdigest()[:32]
