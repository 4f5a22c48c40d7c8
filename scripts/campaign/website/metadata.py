"""Metadata of pages: structured data for search engines, cards for messages and social networks."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass

from markupsafe import Markup

from campaign.content.releases import FORMAT, is_example
from campaign.models.campaign import Campaign
from campaign.models.outputs import Artifact
from campaign.models.page import Page, address_of
from campaign.plan.press_kits import PressPicture, press_pictures
from campaign.website.feed import updated
from campaign.website.pictures import PublicAssets
from campaign.website.view import HOME, View

CARD_WIDTH = 640
# The page that offers pictures to newspapers.
PRESS_PANEL = "press-kit"
# The destination with the shape of link previews.
CARD = "open-graph"
# The maker of a picture -> the term of schema.org.
MAKERS = {"person": "Person", "organisation": "Organization"}


@dataclass(frozen=True)
class Card:
    """A page's card in messages."""

    kind: str  # Open Graph: 'website' or 'article'
    title: str
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
        """Return address, width, height and alt of a piece's picture, else of the language's first one."""
        result = self.pieces[language]
        page, best = next((item for item in result if item[0].path == path), result[0]) if result else (None, None)
        if not page or not best:
            return None
        return best.output.public, round(best.width), round(best.height), page.alt or page.title

    def card(self, view: View) -> Card:
        """Return a page's card; its picture is the piece's own, otherwise the first of the page's language."""
        title = view.campaign.name_in(view.language.code) if view.is_home else view.page.headline
        kind = "website" if view.is_home else "article"
        picture = self.picture(view.page.language, view.page.path if view.page.formats else "")
        if not picture:
            return Card(kind, title)
        address, width, height, alt = picture
        return Card(kind, title, view.absolute_url(address), width, height, alt)


def structured_data(view: View, assets: PublicAssets) -> Markup:
    """Return a page's JSON-LD (schema.org)."""
    campaign, page = view.campaign, view.page
    is_release = FORMAT in page.formats and not is_example(page)
    site = {"@type": "WebSite", "name": campaign.name_in(view.language.code), "inLanguage": list(campaign.languages)}
    if campaign.is_published:
        site["url"] = campaign.site_url + address_of(view.language.code, HOME)
    data: dict[str, object] = {"@context": "https://schema.org"}
    data |= {
        "@type": "NewsArticle" if is_release else "WebPage",
        ("headline" if is_release else "name"): page.headline,
        "description": page.description,
        "inLanguage": page.language,
        "isPartOf": site,
    }
    if is_release:
        data |= {"datePublished": updated(campaign, page), "dateline": (page.release.dateline if page.release else "")}
    if is_release or page.outline.has_shortcode(PRESS_PANEL):
        pictures = press_pictures(campaign, view.language.code, assets.public)
        offered = view.absolute_url(address_of(view.language.code, _press_page(view)))
        data["image"] = [_image(view, picture, offered) for picture in pictures]
    if campaign.is_published:
        data["url"] = campaign.site_url + address_of(page.language, page.path)
    text = json.dumps({key: value for key, value in data.items() if value}, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))


def _press_page(view: View) -> str:
    """Return the path of the page with pictures for the press in the page's language, else its own."""
    press_pages = (page for page in view.campaign.pages.values() if page.language == view.language.code)
    return next((page.path for page in press_pages if page.outline.has_shortcode(PRESS_PANEL)), view.page.path)


def _image(view: View, picture: PressPicture, offered: str) -> dict[str, object]:
    """Return a press picture with its licence; `offered` is the page that explains its use.

    Source: developers.google.com/search/docs/appearance/structured-data/image-license-metadata
    """
    rights = picture.rights
    schema = {
        "@type": "ImageObject",
        "contentUrl": view.absolute_url(picture.large.output.public),
        "caption": picture.caption,
        "creditText": rights.credit,
        "creator": {"@type": MAKERS[rights.maker], "name": rights.credit} if rights.maker else "",
        "copyrightNotice": rights.line,
        "license": rights.url,
        "acquireLicensePage": offered,
        "width": round(picture.large.width),
        "height": round(picture.large.height),
    }
    return {key: value for key, value in schema.items() if value}
