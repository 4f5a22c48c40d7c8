"""Sources that are due to be read again, or whose reading isn't recorded."""

from __future__ import annotations

from collections.abc import Iterator

from campaign.content import clock
from campaign.content.sources import FILE
from campaign.models.campaign import Campaign
from campaign.models.problem import Problem

# Sources named in a note.
MAX_NAMED_SOURCES = 8


def check_due_sources(campaign: Campaign) -> Iterator[Problem]:
    """Yield a note for each source that is due."""
    today = clock.now().date()
    for id, reading in campaign.readings.items():
        if reading.again and reading.again <= today:
            last = f"was last read on {reading.read}" if reading.read else "was never read"
            message = f"The source `{id}` {last}, and was due to be read again on {reading.again}."
            fix = "Read it, fix the pages that cite it, then set `read:` and `again:`."
            yield Problem("source-due", reading.where, message, fix)


def check_unread_sources(campaign: Campaign) -> Iterator[Problem]:
    """Yield one note on all cited sources without a date of reading."""
    cited = {id for page in campaign.pages.values() for id in page.cites}
    unread = [id for id, reading in campaign.readings.items() if id in cited and not reading.read]
    if unread:
        suffix = f" and {len(unread) - MAX_NAMED_SOURCES} more" if len(unread) > MAX_NAMED_SOURCES else ""
        message = f"No date of reading is recorded for {', '.join(unread[:MAX_NAMED_SOURCES])}{suffix}."
        yield Problem("source-unread", FILE, message, "Read them, and write `read: 2026-11-26` below each.")
