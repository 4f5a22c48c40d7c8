"""When a build is made: the one moment by which checks of numbers, consents and embargoes are old or over."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from campaign.models.problem import CampaignError, Problem

EPOCH = "SOURCE_DATE_EPOCH"


def now() -> datetime:
    """SOURCE_DATE_EPOCH (reproducible-builds.org) where it is set, else the clock, in the zone of whoever builds.

    Raises:
        CampaignError: it is set to what is no moment.
    """
    typed = os.environ.get(EPOCH, "")
    if not typed:
        return datetime.now().astimezone()
    try:
        return datetime.fromtimestamp(int(typed), UTC)
    except (ValueError, OverflowError, OSError):
        fix = "Set it to whole seconds since 1970 (`date +%s`), or to nothing: then the clock counts."
        raise CampaignError([Problem("epoch-wrong", EPOCH, f"`{typed}` is no moment.", fix)]) from None
