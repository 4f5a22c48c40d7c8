"""The moment of the build, which decides whether verifications, consents and embargoes have expired."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from campaign.models.problem import failure

EPOCH = "SOURCE_DATE_EPOCH"


def now() -> datetime:
    """Return SOURCE_DATE_EPOCH (reproducible-builds.org; CampaignError if invalid), otherwise the local time."""
    timestamp = os.environ.get(EPOCH, "")
    if not timestamp:
        return datetime.now().astimezone()
    try:
        return datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError):
        fix = "Set it to whole seconds since 1970 (`date +%s`), or to nothing: then the clock counts."
        raise failure("epoch-wrong", EPOCH, f"`{timestamp}` is no moment.", fix) from None
