"""Reads the campaign and renders pages on demand, in a process that keeps what it has read."""

from __future__ import annotations

from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from campaign.cache.inputs import Inputs, is_page
from campaign.cache.memo import Memo
from campaign.content.pages import forget_folders
from campaign.content.trust import check_trust
from campaign.models.campaign import Campaign
from campaign.models.problem import CampaignError, Problem, unsilenced
from campaign.pipeline.reading import last_artifacts, read
from campaign.serve.asked_process import answer_with
from campaign.serve.page_process import CampaignState
from campaign.website import PagesOnDemand


class Pages:
    """The current campaign, and its last good version."""

    def __init__(self, root: Path, is_trusted: bool) -> None:
        self.root, self.is_trusted = root, is_trusted
        # Only builds write the cache.
        self.memo = Memo.of(root).read_only()
        self.maker = PagesOnDemand()
        self.last_good: Campaign | None = None

    def read(self) -> CampaignState:
        """Read all changes, and return the problems."""
        forget_folders()
        trust_problems = [] if self.is_trusted else list(check_trust(self.root))
        if trust_problems:  # rendering runs what mkdocs.yml names
            return self._stay(trust_problems)
        inputs = Inputs.scan(self.root, self.memo)
        try:
            campaign, problems = read(self.root, self.memo)
        except CampaignError as error:
            return self._stay(list(error.problems))
        campaign = campaign.with_left_out()
        problems_shown = tuple(unsilenced(problems, campaign.silence))
        problem_files = {problem.file for problem in problems_shown if not problem.is_note}
        is_shared = any(not is_page(name) for name in problem_files)
        if is_shared and self.last_good:
            return self._stay(list(problems_shown))
        # Pages with mistakes keep their last good version.
        old_by_key = self.last_good.pages if self.last_good else {}
        old_pages = {
            key: old_by_key[key]
            for key, page in campaign.pages.items()
            if page.where in problem_files and key in old_by_key
        }
        unknown = {
            page.where for key, page in campaign.pages.items() if page.where in problem_files and key not in old_by_key
        }
        campaign_shown = replace(campaign, pages={**campaign.pages, **old_pages})
        result = self.maker.take(campaign_shown, last_artifacts(self.root), inputs)
        if not is_shared:
            self.last_good = campaign_shown
        pages = self.maker.files()
        broken_addresses = [address for address, name in pages.items() if is_shared or name in unknown]
        return CampaignState(
            (*problems_shown, *result), pages, frozenset(broken_addresses), bool(problem_files or result)
        )

    def page(self, address: str) -> str | None:
        """Return a finished page, or None."""
        return self.maker.html(address)

    def _stay(self, problems: list[Problem]) -> CampaignState:
        return CampaignState(tuple(problems), self.maker.files(), stops=True)


def answer(root: Path, is_trusted: bool, pipe: Connection) -> None:
    """Run the process; see WorkerProcess."""
    answer_with(Pages(root, is_trusted), pipe)
