"""An Atom feed of each language's pages."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

from campaign.content.releases import FORMAT, is_example, issued_at
from campaign.models.campaign import Campaign, Language
from campaign.models.page import Page, address_of
from campaign.website.view import HOME

FEED = "feed.xml"


def feed_address(code: str) -> str:
    """Return the address of a language's feed."""
    return f"{code}/{FEED}"


def feed(campaign: Campaign, language: Language) -> str:
    """Return Atom (RFC 4287) with the language's own pages, newest first, without releases that have placeholders."""
    own = (page for (code, _), page in campaign.pages.items() if code == language.code)
    pages = [page for page in own if page.path != HOME and not is_example(page)]
    pages.sort(key=lambda page: (_moment(campaign, page), page.path), reverse=True)
    self_address, home = campaign.site_url + feed_address(language.code), address_of(language.code, HOME)
    latest = updated(campaign, pages[0]) if pages else f"{campaign.date.isoformat()}T00:00:00+00:00"
    entries = "".join(_entry(campaign, page) for page in pages)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language.code}">\n'
        f"<id>{escape(self_address)}</id><title>{escape(campaign.name_in(language.code))}</title>"
        f"<subtitle>{escape(language.strings['tagline'])}</subtitle><updated>{latest}</updated>"
        f"<author><name>{escape(campaign.name_in(language.code))}</name></author>"
        f'<link rel="self" type="application/atom+xml" href="{escape(self_address)}"/>'
        f'<link rel="alternate" type="text/html" href="{escape(campaign.site_url + home)}"/>\n'
        f"{entries}</feed>\n"
    )


def _entry(campaign: Campaign, page: Page) -> str:
    address = escape(campaign.site_url + address_of(page.language, page.path))
    title = page.headline
    summary = f"<summary>{escape(page.description)}</summary>" if page.description else ""
    moment = updated(campaign, page)
    # Readers and newsrooms tell releases by their category, and sort by when they were issued.
    release = f'<published>{moment}</published><category term="{FORMAT}"/>' if FORMAT in page.formats else ""
    return (
        f"<entry><id>{address}</id><title>{escape(title)}</title><updated>{moment}</updated>{release}"
        f'<link rel="alternate" type="text/html" href="{address}"/>{summary}</entry>\n'
    )


def updated(campaign: Campaign, page: Page) -> str:
    """Return a page's time (RFC 3339): a release's own, otherwise the campaign's date."""
    return _moment(campaign, page).isoformat()


def _moment(campaign: Campaign, page: Page) -> datetime:
    day = campaign.date
    return issued_at(page) or datetime(day.year, day.month, day.day, tzinfo=UTC)
