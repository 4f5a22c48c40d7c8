"""What stands around the text of a page: where it changes, every page is made anew."""

from __future__ import annotations

import json

from campaign.cache.inputs import Inputs
from campaign.cache.program import program_hash
from campaign.cache.store import hash_text
from campaign.content.releases import is_example
from campaign.models.campaign import Campaign
from campaign.models.outputs import Made
from campaign.models.page import Page
from campaign.plan.press_kits import PRESS_FOLDER
from campaign.website.view import FEEDBACK, HOME, NO_ANSWER, SAFETY, SERVICES, SOURCES, heading_of, offers_saving

# Pages that others speak of wherever they stand, beside the one on getting help.
KNOWN = {FEEDBACK, HOME, SAFETY, SERVICES, SOURCES}


def site_fingerprint(campaign: Campaign, made: list[Made], inputs: Inputs) -> str:
    """A hash of everything but the pages' own texts, and the sizes of files that a page tells: it notes those.

    Args:
        campaign: whose site it is.
        made: every output that stands.
        inputs: the hashes of all that is read.
    """
    whole = [
        program_hash("site"),
        *campaign.fresh,
        # Whether there is a second list from A to Z, in every language.
        str(all(map(campaign.is_public, campaign.pages.values()))),
        *(f"{name} {digest}" for name, digest in inputs.around().items()),
        *(f"{each.output.public} {each.width} {each.height}" for each in made if each.output.public),
        *(
            json.dumps(_shown_elsewhere(page), default=str)
            for page in campaign.pages.values()
            if _is_known(campaign, page)
        ),
    ]
    return hash_text("\0".join(whole))


def _is_known(campaign: Campaign, page: Page) -> bool:
    """Whether other pages may show more of a page than that it is there."""
    return (
        bool(page.formats)
        or page.path in KNOWN
        or page.path == campaign.help_page
        or page.path in campaign.navigation
        or page.path.startswith(PRESS_FOLDER)
    )


def _shown_elsewhere(page: Page) -> list[object]:
    """What other pages may show of a page: in menus, lists and rows of languages."""
    shown = (
        page.language,
        page.path,
        page.title,
        page.description,
        page.audiences,
        page.needs,
        page.formats,
        page.headline,
    )
    return [
        *shown,
        repr(page.options),
        repr(page.release),
        is_example(page),
        page.alt,
        page.layout,
        offers_saving(page),
        heading_of(page, NO_ANSWER),
    ]
