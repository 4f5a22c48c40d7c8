"""Sources that are to be read again, or of which nobody says when they were read: what they say may have changed."""

from __future__ import annotations

from collections.abc import Iterator

from campaign.content import clock
from campaign.content.sources import FILE
from campaign.models.campaign import Campaign
from campaign.models.problem import Problem

# A note names no more sources than these.
NAMED = 8


def check_due_sources(campaign: Campaign) -> Iterator[Problem]:
    """A note for each source that is to be read again by now."""
    today = clock.now().date()
    for id, reading in campaign.readings.items():
        if reading.again and reading.again <= today:
            last = f"was last read on {reading.read}" if reading.read else "was never read"
            what = f"The source `{id}` {last}, and was due again on {reading.again}."
            fix = "Read it, mend the pages that cite it, then set `read:` and `again:`."
            yield Problem("source-due", reading.where, what, fix)


def check_unread_sources(campaign: Campaign) -> Iterator[Problem]:
    """One note for all cited sources of which nobody says when they were read."""
    cited = {id for page in campaign.pages.values() for id in page.cites}
    unread = [id for id, reading in campaign.readings.items() if id in cited and not reading.read]
    if unread:
        more = f" and {len(unread) - NAMED} more" if len(unread) > NAMED else ""
        what = f"It is not said when somebody read {', '.join(unread[:NAMED])}{more}."
        yield Problem("source-unread", FILE, what, "Read them, and write `read: 2026-11-26` below each.")
