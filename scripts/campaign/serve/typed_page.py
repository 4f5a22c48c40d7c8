"""Read and check a page while it is typed, as if it were saved."""

from __future__ import annotations

from dataclasses import replace

from campaign.cache.memo import Memo
from campaign.content.pages import build_page, parse_typed, read_typed
from campaign.models.campaign import Campaign
from campaign.models.page import Page
from campaign.models.problem import Problem, unsilenced


def read_page(campaign: Campaign, language: str, path: str, text: str) -> tuple[Page, list[Problem]]:
    """Return the page and the reader's problems."""
    problems: list[Problem] = []
    raw = parse_typed(text, language, path, problems)
    source = campaign.source_language.code
    made_from, folder = None, campaign.root / "docs" / source
    is_translated = campaign.languages[language].is_whole or raw.front.formats
    if language != source and is_translated and (source, path) in campaign.pages:
        original = read_typed(campaign.root, source, folder / path, [])
        made_from = original.fingerprint if original else None
    return build_page(raw, language, campaign.audiences, campaign.formats, made_from, language == source), problems


def with_page(campaign: Campaign, page: Page) -> Campaign:
    """Return the campaign with an unsaved page."""
    return replace(campaign, pages={**campaign.pages, (page.language, page.path): page})


def check_typed(campaign: Campaign, page: Page, problems: list[Problem], memo: Memo) -> list[Problem]:
    """Return the problems of an unsaved page, worst first. `problems` are those of reading it."""
    # Only for pages: 60 MB that prints don't need.
    from campaign.checks.source import check_page
    from campaign.checks.structure import check_structure
    from campaign.checks.unfinished import check_unfinished
    from campaign.checks.words import check_words

    key = (page.language, page.path)
    related_pages = (key, (campaign.source_language.code, page.path))
    campaign_with_pages = replace(
        campaign, pages={item: campaign.pages[item] for item in related_pages if item in campaign.pages}
    )
    results = [
        *problems,
        *check_page(campaign, page),
        *check_structure(campaign),
        *check_unfinished(campaign, memo),
        *check_words(campaign_with_pages, memo),
    ]
    page_problems = (item for item in results if item.file == page.where)
    return unsilenced(page_problems, campaign.silence)
