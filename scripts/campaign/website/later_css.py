"""The style sheet that phones fetch last: wide screens, forced colours, print.

A page's first script inserts the link to it: at once on a wide screen, after the first paint on a phone. Of its rules,
only those for leaving are left out where pages can't be left. It can't use colours by name, because each page has its
own short names for them.
"""

from __future__ import annotations

from campaign.models.campaign import Campaign
from campaign.website.css_purge import parse_sheet, purge
from campaign.website.inline_css import read_style_sheet
from campaign.website.theme_css import theme_folders

SHEET = "later.css"
DIRECTIONS = ("ltr", "rtl")


def later_address(direction: str) -> str:
    """Return the address of the sheet for pages of a direction."""
    return SHEET if direction == "ltr" else SHEET.replace(".", f"-{direction}.")


def later_sheets(campaign: Campaign) -> dict[str, str]:
    """Return address -> CSS for each direction of the campaign's languages."""
    directions = {language.direction for language in campaign.languages.values()}
    sheet = parse_sheet(read_style_sheet(theme_folders(campaign), SHEET))
    names = sheet.names if campaign.may_be_watched else frozenset(name for name in sheet.names if "leav" not in name)
    return {
        later_address(direction): purge(sheet, names, direction, is_mixed=len(directions) > 1)
        for direction in DIRECTIONS
        if direction in directions
    }
