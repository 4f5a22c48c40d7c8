"""Read a campaign with a text that isn't saved, in the processes that render it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from campaign.cache.memo import Memo
from campaign.content import load
from campaign.content.pages import build_page, forget_folders, parse_typed, read_typed
from campaign.content.releases import with_withheld
from campaign.content.trust import check_trust
from campaign.models.campaign import Campaign
from campaign.models.page import Page
from campaign.models.problem import CampaignError, Problem


class UnsavedTexts:
    """Reads a campaign and unsaved texts; subclasses render them."""

    def __init__(self, root: Path, is_trusted: bool) -> None:
        self.root, self.is_trusted = root, is_trusted
        self.memo = Memo.of(root).read_only()
        self.campaign: Campaign | None = None
        # Problems of reading.
        self.problems: list[Problem] = []

    def read(self) -> None:
        """Read the campaign on the disk."""
        self._load()

    def _load(self) -> Campaign:
        forget_folders()
        trust_problems = [] if self.is_trusted else list(check_trust(self.root))
        if trust_problems:  # rendering runs what mkdocs.yml names
            raise CampaignError(trust_problems)
        self.loaded, self.problems = load(self.root, self.memo)
        self.campaign = with_withheld(self.loaded)
        return self.campaign

    def _read_unsaved(self, language: str, path: str, text: str) -> tuple[Campaign, Page, list[Problem]]:
        assert self.campaign is not None
        page, problems = read_page(self.campaign, language, path, text)
        return with_page(self.campaign, page), page, problems


def rows(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return problems for a browser; line 0 for none."""
    results = []
    for problem in problems:
        line = problem.where.rpartition(":")[2]
        number = int(line) if line.isdecimal() else 0
        row = {"what": problem.message, "fix": problem.fix, "stops": not problem.is_note, "id": problem.id}
        results.append({"line": number, "where": problem.where, **row})
    return results


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
