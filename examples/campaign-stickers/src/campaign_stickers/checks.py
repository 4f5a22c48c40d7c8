"""A check: every sticker is made for offices that print in one go."""

from __future__ import annotations

from collections.abc import Iterator

from campaign.models.campaign import Campaign
from campaign.models.problem import Problem

MAX_TITLE_LENGTH = 60


def check_stickers(campaign: Campaign) -> Iterator[Problem]:
    """Yield a note for each sticker whose title is too long to be read from a street."""
    for page in campaign.pages.values():
        if "door-sticker" in page.formats and len(page.title) > MAX_TITLE_LENGTH:
            what = f"The title of this sticker has {len(page.title)} letters."
            yield Problem("own-check", page.where, what, f"Shorten it to {MAX_TITLE_LENGTH}.")
