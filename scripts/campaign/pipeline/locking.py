"""Keeps two runs of one campaign apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from campaign.cache.atomic import work_folder
from campaign.cache.output_files import refuse_foreign_links
from campaign.models.problem import CampaignError, Problem

if TYPE_CHECKING:
    from filelock import FileLock


def lock(root: Path) -> FileLock:
    """Keeps two builds of one campaign apart.

    Raises:
        CampaignError: another one is running, or an output is a link to somebody's own folder.
    """
    refuse_foreign_links(root)
    # What it listens to makes each further import slower.
    from filelock import FileLock, Timeout

    lock = FileLock(work_folder(root) / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        what = "Another build of this campaign is running."
        raise CampaignError([Problem("build-running", ".build/lock", what, "Wait until it has ended.")]) from None
    return lock
