"""What machines read of a page: structured data for search engines, cards for messages and social networks.

Only what stands in the campaign: no organisation, no rating, no date that nobody set.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from markupsafe import Markup

from campaign.formats import FORMATS
from campaign.model import Made, Page
from campaign.website.feed import updated
from campaign.website.pictures import TYPES, Shelf
from campaign.website.view import HOME, View, address_of

CARD_WIDTH = 640


@dataclass(frozen=True)
class Card:
    """A page as it is shown in a message that links to it. picture: address, or ''."""

    kind: str
    title: str
    picture: str = ""
    picture_type: str = ""
    width: int = 0
    height: int = 0
    alt: str = ""


def card(view: View, shelf: Shelf) -> Card:
    """The picture is the page's own if it is a piece, else the campaign's first poster in the page's language."""
    title = view.campaign.name if view.is_home else str(view.page.options.get("headline") or view.title)
    kind = "website" if view.is_home else "article"
    found = _picture(view, shelf)
    if not found:
        return Card(kind, title)
    page, made = found
    address = view.reach(made.output.public)
    alt = str(page.options.get("alt", "")) or page.title
    return Card(kind, title, address, TYPES[made.output.format], round(made.width), round(made.height), alt)


def _picture(view: View, shelf: Shelf) -> tuple[Page, Made] | None:
    pages = [page for (code, _), page in view.campaign.pages.items() if code == view.page.language and page.formats]
    pages.sort(key=lambda page: (page is not view.page, FORMATS[page.formats[0]].kind != "poster"))
    for page in pages:
        made = shelf.at_least(f"{page.stem}-{page.language}-{page.formats[0]}", CARD_WIDTH)
        if made:
            return page, made
    return None


def structured_data(view: View) -> Markup:
    """JSON-LD of the page (schema.org)."""
    campaign, page, words = view.campaign, view.page, view.text_language.strings
    site = {"@type": "WebSite", "name": campaign.name, "inLanguage": list(campaign.languages)}
    if campaign.is_published:
        site["url"] = campaign.site_url + address_of(view.language.code, HOME)
    data: dict[str, object] = {"@context": "https://schema.org"}
    if view.is_home:
        data |= {**site, "description": words["tagline"], "inLanguage": page.language}
    else:
        is_release = view.layout == "release"
        data |= {
            "@type": "Article" if is_release else "WebPage",
            ("headline" if is_release else "name"): str(page.options.get("headline") or page.title),
            "description": page.description,
            "inLanguage": page.language,
            "isPartOf": site,
        }
        if is_release and page.options.get("release_date"):
            data["datePublished"] = updated(campaign, page)
        if campaign.is_published:
            data["url"] = campaign.site_url + address_of(page.language, page.path)
    text = json.dumps({key: value for key, value in data.items() if value}, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))
