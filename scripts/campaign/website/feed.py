"""A feed of each language's pages, for whoever follows the campaign."""

from __future__ import annotations

from html import escape

from campaign.model import Campaign, Language, Page
from campaign.website.view import HOME, address_of

FEED = "feed.xml"


def feed_address(code: str) -> str:
    """Where a language's feed stands below the site's root."""
    return f"{code}/{FEED}"


def feed(campaign: Campaign, language: Language) -> str:
    """Atom (RFC 4287): the language's own pages, newest first. A page without a day has that of the campaign."""
    pages = [page for (code, _), page in campaign.pages.items() if code == language.code and page.path != HOME]
    pages.sort(key=lambda page: (updated(campaign, page), page.path), reverse=True)
    self_address, home = campaign.site_url + feed_address(language.code), address_of(language.code, HOME)
    latest = max([updated(campaign, page) for page in pages], default=_stamp(campaign.date.isoformat()))
    entries = "".join(_entry(campaign, page) for page in pages)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language.code}">\n'
        f"<id>{escape(self_address)}</id><title>{escape(campaign.name)}</title>"
        f"<subtitle>{escape(language.strings['tagline'])}</subtitle><updated>{latest}</updated>"
        f"<author><name>{escape(campaign.name)}</name></author>"
        f'<link rel="self" type="application/atom+xml" href="{escape(self_address)}"/>'
        f'<link rel="alternate" type="text/html" href="{escape(campaign.site_url + home)}"/>\n'
        f"{entries}</feed>\n"
    )


def _entry(campaign: Campaign, page: Page) -> str:
    address = escape(campaign.site_url + address_of(page.language, page.path))
    title = str(page.options.get("headline") or page.title)
    summary = f"<summary>{escape(page.description)}</summary>" if page.description else ""
    return (
        f"<entry><id>{address}</id><title>{escape(title)}</title><updated>{updated(campaign, page)}</updated>"
        f'<link rel="alternate" type="text/html" href="{address}"/>{summary}</entry>\n'
    )


def updated(campaign: Campaign, page: Page) -> str:
    """A page's day and hour (RFC 3339): that of a release, else the campaign's own day. Never the clock."""
    return _stamp(str(page.options.get("release_date") or campaign.date.isoformat()))


def _stamp(typed: str) -> str:
    day, _, hour = typed.partition("T")
    if not hour:
        return f"{day}T00:00:00Z"
    time, zone = (hour[:-6], hour[-6:]) if hour[-6:-5] in ("+", "-") else (hour.removesuffix("Z"), "Z")
    return f"{day}T{time}{':00' if time.count(':') == 1 else ''}{zone}"
