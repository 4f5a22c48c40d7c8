"""Make single pages for the live preview, as a build would."""

from __future__ import annotations

from typing import NamedTuple

from mkdocs.exceptions import MkDocsException

from campaign.cache.inputs import Inputs
from campaign.graph.tracking import Trace, recording
from campaign.models.campaign import Campaign
from campaign.models.outputs import Artifact
from campaign.models.page import Page, address_of
from campaign.models.problem import Problem
from campaign.website.csp import with_policy
from campaign.website.inputs import shared_inputs
from campaign.website.mkdocs.incremental import Work, open_plugin, opened, supports_incremental
from campaign.website.mkdocs.runner import gathered, open_config
from campaign.website.offline_copy import is_open, size_of_built, with_size
from campaign.website.parts import with_pages
from campaign.website.published_copies import LIST, copies_there, with_copies


class _CachedPage(NamedTuple):
    """A finished page."""

    html: str
    unrecorded_inputs: str  # inputs that no view records
    trace: Trace


class PagesOnDemand:
    """The pages of a campaign, cached until something that they show changes."""

    def __init__(self) -> None:
        self._work: Work | None = None
        self._pages: dict[str, tuple[str, str]] = {}
        self._cached_pages: dict[str, _CachedPage] = {}

    def take(self, campaign: Campaign, artifacts: list[Artifact], inputs: Inputs) -> list[Problem]:
        """Take the current campaign; if MkDocs has problems, return them and keep the previous one.

        Programs in its mkdocs.yml run here.
        """
        site = campaign.root / "site"
        with gathered() as handler:
            try:
                is_supported = supports_incremental(open_config(campaign, artifacts, site))
            except MkDocsException as error:
                return handler.problems(campaign.root, error)
        # Added programs may write anything into a page: only a whole build runs them.
        work = Work(campaign, artifacts, site, shared_inputs(campaign, inputs))
        pages = {address_of(code, path): (code, path) for code in campaign.languages for path in work.paths(code)}
        self._work, self._pages = work, pages if is_supported else {}
        return []

    def typed(self, page: Page) -> str:
        """Return a page with an unsaved text; nothing is cached.

        Raises:
            LookupError: only whole builds can make pages of this campaign.
        """
        if self._work is None or not self._pages:
            raise LookupError(page.where)
        plugin = open_plugin(self._work)
        old_campaign = plugin.campaign
        plugin.campaign = with_pages(old_campaign, {(page.language, page.path): page})
        try:
            with gathered():
                return plugin.finished(page.language, page.path)
        finally:
            plugin.campaign = old_campaign

    def files(self) -> dict[str, str]:
        """Return address -> the file of its text."""
        return {address: self._text_file(*page) for address, page in self._pages.items()}

    def _text_file(self, code: str, path: str) -> str:
        assert self._work is not None
        page = self._work.campaign.page(code, path)
        assert page is not None
        return page.where

    def html(self, address: str) -> str | None:
        """Return the finished page, or None if the address has none."""
        if self._work is None or address not in self._pages:
            return None
        code, path = self._pages[address]
        campaign, site = self._work.campaign, self._work.site_dir
        language, size = campaign.languages[code], size_of_built(site, code)
        copies = {name: path.stat().st_size for name, path in copies_there(campaign, site).items()}
        unrecorded_inputs = f"{self._work.shared} {size} {copies}"
        kept_page = self._cached_pages.get(address)
        if (
            kept_page
            and kept_page.unrecorded_inputs == unrecorded_inputs
            and opened(self._work).tracker.is_same(kept_page.trace)
        ):
            return kept_page.html
        with gathered(), recording() as trace:
            html = open_plugin(self._work).finished(code, path)
        if is_open(html) or LIST in html:
            html = with_copies(html, address, campaign, code, copies)
            html = with_policy(with_size(html, size, language))
        self._cached_pages[address] = _CachedPage(html, unrecorded_inputs, trace)
        return html
