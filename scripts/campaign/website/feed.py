"""An Atom feed of each language's pages."""

from __future__ import annotations

from datetime import UTC, datetime

from campaign.content.releases import FORMAT, is_example, issued_at
from campaign.models.campaign import Campaign, Language
from campaign.models.page import Page, address_of
from campaign.website.texts import fill
from campaign.website.view import HOME

FEED = "feed.xml"


def feed_address(code: str) -> str:
    """Return the address of a language's feed."""
    return f"{code}/{FEED}"


def feed(campaign: Campaign, language: Language) -> str:
    """Return Atom (RFC 4287) with the language's own pages, newest first, without releases that have placeholders."""
    own_pages = (page for (code, _), page in campaign.pages.items() if code == language.code)
    pages = [page for page in own_pages if page.path != HOME and not is_example(page)]
    pages.sort(key=lambda page: (_moment(campaign, page), page.path), reverse=True)
    latest = updated(campaign, pages[0]) if pages else f"{campaign.date.isoformat()}T00:00:00+00:00"
    return fill(
        "feed.xml",
        language=language,
        address=campaign.site_url + feed_address(language.code),
        home=campaign.site_url + address_of(language.code, HOME),
        name=campaign.name_in(language.code),
        updated=latest,
        entries=[_entry(campaign, page) for page in pages],
    )


def _entry(campaign: Campaign, page: Page) -> dict[str, str]:
    return {
        "address": campaign.site_url + address_of(page.language, page.path),
        "title": page.headline,
        "updated": updated(campaign, page),
        # Readers and newsrooms tell releases by their category, and sort by when they were issued.
        "release": FORMAT if FORMAT in page.formats else "",
        "summary": page.description,
    }


def updated(campaign: Campaign, page: Page) -> str:
    """Return a page's time (RFC 3339): a release's own, otherwise the campaign's date."""
    return _moment(campaign, page).isoformat()


def _moment(campaign: Campaign, page: Page) -> datetime:
    day = campaign.date
    return issued_at(page) or datetime(day.year, day.month, day.day, tzinfo=UTC)
