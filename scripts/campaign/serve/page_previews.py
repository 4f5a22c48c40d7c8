"""Render unsaved texts as web pages, and check them and the campaign."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from campaign.cache.inputs import Inputs
from campaign.cache.memo import Memo
from campaign.cache.workers import give_back
from campaign.checks.languages import release_tables
from campaign.checks.source import check_page
from campaign.checks.structure import check_structure
from campaign.checks.unfinished import check_unfinished
from campaign.checks.words import check_words
from campaign.content.pseudo_language import pseudo_page
from campaign.models.campaign import Campaign
from campaign.models.page import Page
from campaign.models.problem import CampaignError, Problem, unsilenced
from campaign.pipeline.reading import check_all, last_artifacts
from campaign.plan.shown_pieces import shown_pieces
from campaign.serve.asked_process import answer_with
from campaign.serve.page_process import CampaignState
from campaign.serve.unsaved_texts import UnsavedTexts, rows
from campaign.website import PagesOnDemand

# The page's own policy lists its current styles, which typing may change; the desk's is stricter. Scripts don't run in
# the frame.
REMOVED_ELEMENTS = re.compile(
    r'<meta http-equiv="?Content-Security-Policy"?[^>]*>|<script\b[^>]*>.*?</script>', re.IGNORECASE | re.DOTALL
)


class PagePreviews(UnsavedTexts):
    """Web pages, and checks of the whole campaign."""

    def __init__(self, root: Path, is_trusted: bool) -> None:
        super().__init__(root, is_trusted)
        self.memo = Memo.of(root)
        self.is_kept = False
        self.pages: Any = None
        # Why the campaign can't be read.
        self.read_error: CampaignError | None = None
        self._reading = threading.Lock()

    def read(self) -> None:
        """Read the campaign; pictures and downloads are those of the last build."""
        self.campaign = None  # a running check ends
        with self._reading:
            try:
                self.read_error = None
                campaign = self._load()
                self.pages = PagesOnDemand()
                inputs = Inputs.scan(self.root, self.memo)
                if trust_problems := self.pages.take(campaign, last_artifacts(self.root), inputs):
                    self.problems += trust_problems
                    raise CampaignError(trust_problems)
            except CampaignError as error:
                self.read_error = error
                raise

    def check(self, language: str, path: str, text: str) -> dict[str, Any]:
        """Return the problems of a text, and its formats."""
        campaign, page, problems = self._read_unsaved(language, path, text)
        result = _check_typed(campaign, page, problems, self.memo)
        return {"problems": rows(result), "formats": list(shown_pieces(campaign, page))}

    def check_all(self) -> CampaignState | None:
        """Return all problems, in parallel with previews; None if the campaign is read again meanwhile."""
        with self._reading:
            campaign = self.campaign
            if campaign is None:
                return CampaignState(self.read_error.problems, stops=True) if self.read_error else None
            results = list(self.problems)
            try:
                for problems in check_all(self.loaded, self.memo):
                    if self.campaign is not campaign:
                        return None
                    results += problems
            finally:
                self.release_memory()
                give_back()
            return CampaignState(tuple(unsilenced(results, campaign.silence)))

    def keep(self) -> None:
        """Save the cache of reading and checking once, so that the next start is fast."""
        if not self.is_kept:
            self.is_kept = True
            self.memo.save()

    def release_memory(self) -> None:
        """Release memory: reading the language model again takes a millisecond."""
        release_tables()

    def page(self, language: str, path: str, text: str, pseudo: str = "") -> str:
        """Return the finished page; `pseudo`: see `sides`."""
        _, page, _ = self._read_unsaved(language, path, pseudo_page(text) if pseudo else text)
        return REMOVED_ELEMENTS.sub("", self.pages.typed(page))


def answer(root: Path, is_trusted: bool, pipe: Connection) -> None:
    """Run the process; see WorkerProcess."""
    answer_with(PagePreviews(root, is_trusted), pipe, threaded_methods=("check_all",), idle="release_memory")


def _check_typed(campaign: Campaign, page: Page, problems: list[Problem], memo: Memo) -> list[Problem]:
    """Return the problems of an unsaved page, worst first. `problems` are those of reading it."""
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
