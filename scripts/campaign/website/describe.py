"""What a page of the site shows: a dict that a person can read, noted by the functions that write its HTML."""

from __future__ import annotations

from typing import Any

from campaign.content.press_envelope import envelope
from campaign.content.releases import FORMAT as RELEASE
from campaign.models.campaign import Campaign
from campaign.website.page_writer import PageWriter
from campaign.website.pictures import PublicAssets
from campaign.website.view import page_view


def describe(campaign: Campaign, shelf: PublicAssets, code: str, path: str) -> dict[str, Any]:
    """Return everything that a page shows, as plain JSON.

    Args:
        shelf: pictures and downloads that the site serves.
        code: the language in which the page is shown, translated or not.
        path: relative to the language's folder ('get-help.md').

    Returns:
        What surrounds the text, then `text`: its headings, contacts, numbers, pictures, links and downloads in order.
        `pictures` are addresses relative to the site, links relative to the page.

    Raises:
        KeyError: the campaign has no such page.
    """
    view = page_view(campaign, campaign.languages[code], path)
    PageWriter(campaign, shelf, view).write_page()
    emergency, page = view.emergency, view.page
    sender = envelope(campaign, page) if RELEASE in page.formats else None
    return {
        "language": code,
        "direction": view.language.direction,
        "text-language": view.text_language.code,
        "text-direction": view.text_language.direction,
        "title": sender.headline if sender else view.title,
        "notices": view.notices,
        "canonical": view.canonical,
        "alternates": dict(view.alternates),
        "emergency": {"number": emergency.phone, "dials": emergency.dial} if emergency else {},
        "languages": {link.title: link.href for link in view.languages},
        "menu": {link.title: link.href for link in view.menu},
        "text": [*view.facts, *([{"press": list(sender.contacts)}] if sender else [])],
    }
