"""The lock that keeps two runs of one campaign apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from campaign.cache.atomic import work_folder
from campaign.cache.output_files import refuse_foreign_links
from campaign.models.problem import CampaignError, Problem

if TYPE_CHECKING:
    from filelock import FileLock


def lock(root: Path) -> FileLock:
    """Hold the lock of a campaign's builds.

    Raises:
        CampaignError: another build is running, or an output is a link to a foreign folder.
    """
    refuse_foreign_links(root)
    # Its import hook slows down every later import.
    from filelock import FileLock, Timeout

    lock = FileLock(work_folder(root) / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        message = "Another build of this campaign is running."
        raise CampaignError([Problem("build-running", ".build/lock", message, "Wait until it has ended.")]) from None
    return lock
