"""The layouts shown while a text is edited: its pieces, and each screen shape of a poster."""

from __future__ import annotations

from dataclasses import replace

from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.models.page import Page
from campaign.plan.outputs import screens

# Prefix of a destination's name: a poster laid out for screens of that shape.
SCREEN_PREFIX = "screen:"


def shown_pieces(campaign: Campaign, page: Page) -> dict[str, Output]:
    """Return a text's layouts for the whole country, by format, or by SCREEN and destination."""
    rows = ((name, campaign.formats[name]) for name in page.formats)
    pieces = {name: Output(row.kind, page.stem, page.language, None, name, row.flavours[0]) for name, row in rows}
    campaign_with_page = replace(campaign, pages={(page.language, page.path): page})
    return pieces | {
        f"{SCREEN_PREFIX}{screen.destination}": screen for screen in screens(campaign_with_page) if not screen.part
    }
