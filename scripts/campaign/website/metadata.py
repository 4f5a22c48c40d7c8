"""Cards of pages for messages and social networks (Open Graph)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from campaign.models.campaign import Campaign
from campaign.models.outputs import Artifact
from campaign.models.page import Page
from campaign.website.pictures import PublicAssets
from campaign.website.view import View

CARD_WIDTH = 640
# The destination with the shape of link previews.
CARD = "open-graph"


@dataclass(frozen=True)
class Card:
    """A page's card in messages."""

    kind: str  # Open Graph: 'website' or 'article'
    title: str
    description: str
    picture: str = ""  # address or ''
    width: int = 0
    height: int = 0
    alt: str = ""


class Cards:
    """Makes the card of each page; the pieces of a language are collected once."""

    def __init__(self, campaign: Campaign, assets: PublicAssets) -> None:
        self.pieces: dict[str, list[tuple[Page, Artifact]]] = defaultdict(list)
        pages = sorted(
            (page for page in campaign.pages.values() if page.formats),
            key=lambda page: not campaign.formats[page.formats[0]].needs_drawing,
        )
        for page in pages:
            card_pictures = assets.sent(CARD, page.stem, page.language)
            pictures = card_pictures or assets.at_least(f"{page.stem}-{page.language}-{page.formats[0]}", CARD_WIDTH)
            if pictures:
                self.pieces[page.language].append((page, pictures))

    def picture(self, language: str, path: str) -> tuple[str, int, int, str] | None:
        """Return address, width, height and alt of a piece's picture, else of the language's first one.

        Other pages than the piece's own have a short alt, because it weighs as much as a paragraph.
        """
        result = self.pieces[language]
        page, best = next((item for item in result if item[0].path == path), result[0]) if result else (None, None)
        if not page or not best:
            return None
        alt = page.alt if page.path == path else ""
        return best.output.public, round(best.width), round(best.height), alt or page.title

    def card(self, view: View) -> Card:
        """Return a page's card; its picture is the piece's own, otherwise the first of the page's language.

        If readers may be watched, that of an answer doesn't name its subject, and urgent pages have no picture: others
        may see a message.
        """
        name, page = view.campaign.name_in(view.language.code), view.page
        if view.hides_title:
            title, description = name, view.language.strings["tagline"]
        else:
            title, description = name if view.is_home else page.headline, page.description
        kind = "website" if view.is_home else "article"
        is_bare = view.campaign.may_be_watched and view.is_urgent and not view.is_home
        picture = None if is_bare else self.picture(page.language, page.path if page.formats else "")
        if not picture:
            return Card(kind, title, description)
        address, width, height, alt = picture
        return Card(kind, title, description, view.absolute_url(address), width, height, alt)

    def front_card(self, campaign: Campaign, base_url: str) -> Card:
        """Return the card of the site's root, in the language that is offered first."""
        language = campaign.first_language
        title, description = campaign.name_in(language.code), language.strings["tagline"]
        picture = self.picture(language.code, "")
        if not picture:
            return Card("website", title, description)
        address, width, height, alt = picture
        return Card("website", title, description, base_url + address, width, height, alt)
