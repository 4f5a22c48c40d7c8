"""The lock that keeps two runs of one campaign apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from campaign.cache.atomic import work_folder
from campaign.cache.locks import LockedError, file_lock
from campaign.cache.output_files import refuse_foreign_links
from campaign.models.problem import CampaignError, Problem


@contextmanager
def lock(root: Path) -> Iterator[None]:
    """Hold the lock of a campaign's builds.

    Raises:
        CampaignError: another build is running, or an output is a link to a foreign folder.
    """
    refuse_foreign_links(root)
    try:
        with file_lock(work_folder(root) / "lock", is_patient=False):
            yield
    except LockedError:
        what = "Another build of this campaign is running."
        raise CampaignError([Problem("build-running", ".build/lock", what, "Wait until it has ended.")]) from None
