"""Describe what a page of the site shows as a dict, recorded by the functions that write its HTML."""

from __future__ import annotations

from typing import Any

from campaign.content.press_envelope import envelope
from campaign.content.releases import FORMAT as RELEASE
from campaign.models.campaign import Campaign
from campaign.website.page_writer import PageWriter
from campaign.website.pictures import PublicAssets
from campaign.website.view import page_view


def describe(campaign: Campaign, assets: PublicAssets, code: str, path: str) -> dict[str, Any]:
    """Return everything that a page shows in addition to its words, as plain JSON.

    `text` lists headings, contacts, numbers, pictures, links and downloads in order. Pictures are addresses below the
    site's root; links are relative to the page. `path` starts from the language's folder ('get-help.md').

    Raises:
        KeyError: the campaign has no such page.
    """
    view = page_view(campaign, campaign.languages[code], path)
    PageWriter(campaign, assets, view).write_page()
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
