"""`campaign publish`: put the site that was built last online, or go back to the version before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from filelock import FileLock

from campaign.cache.atomic import finish_publishing, place_lock, work_folder
from campaign.content import load
from campaign.content.languages import as_built
from campaign.content.originals import check_originals, refuse_exposed
from campaign.content.releases import refuse_withheld
from campaign.models.problem import CampaignError, Problem, unsilenced
from campaign.pipeline.unchanged_build import is_site_outdated
from campaign.publishing.registry import parse_target
from campaign.publishing.site_state import Change, state_of
from campaign.publishing.target import Publication, Target

SITE = "site"


@dataclass(frozen=True)
class Published:
    """The result: what changed, or the version that is served again."""

    change: Change | None = None
    version: str = ""
    is_outdated: bool = False  # a text was edited after the build, which doesn't include it


def publish(root: Path, address: str, keep: int, is_dry: bool = False, is_rollback: bool = False) -> Published:
    """Publish the site, or go back to the version before.

    Args:
        root: the campaign's folder.
        address: a folder; `ssh://user@host/folder`; `git:address#branch`; `s3://bucket/folder`; or the name of a zip.
        keep: how many versions stay.
        is_dry: only say what would change.
        is_rollback: go back to the version before.

    Raises:
        CampaignError: nothing was built, the texts have a mistake, or the target refuses or is the campaign's own.
    """
    target = parse_target(root, address)
    if is_rollback:  # urgent: it doesn't wait for a build, and needs no valid campaign
        with _target_lock(root, target):
            version = target.rollback(_workspace(root, target))
            return Published(version=version.label or version.name)
    campaign, problems = load(root)
    if any(problem.stops for problem in problems):
        raise CampaignError(unsilenced(problems, campaign.silence))
    refuse_exposed(check_originals(root))
    finish_publishing(root)
    with _target_lock(root, target), place_lock(root):
        if not (root / SITE / "index.html").is_file():
            raise CampaignError([Problem("publish-nothing", SITE, "There is no site yet.", "Run: campaign build")])
        refuse_withheld(campaign, root / SITE)
        campaign = as_built(campaign)
        # The real time, even if the site is built as of another day: names of versions sort by time.
        state, now = state_of(root / SITE, campaign), datetime.now(UTC)
        publication = Publication(root / SITE, state, now, campaign.date, keep)
        change = target.publish(publication, _workspace(root, target), is_dry)
        return Published(change, is_outdated=is_site_outdated(root))


def _workspace(root: Path, target: Target) -> Path:
    """Return the folder that publishing keeps for a target between runs, such as a git repository."""
    return work_folder(root) / "publish" / sha256(repr(target).encode()).hexdigest()[:16]


def _target_lock(root: Path, target: Target) -> FileLock:
    """Return the lock under which one run at a time publishes to a target."""
    folder = _workspace(root, target)
    folder.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(folder.with_suffix(".lock"))
