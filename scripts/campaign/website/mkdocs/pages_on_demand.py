"""Pages made one by one while somebody looks at them, each as a build would make it."""

from __future__ import annotations

from dataclasses import replace

from mkdocs.exceptions import MkDocsException

from campaign.cache.inputs import Inputs
from campaign.cache.store import hash_text
from campaign.models.campaign import Campaign
from campaign.models.outputs import Made
from campaign.models.page import Page, address_of
from campaign.models.problem import Problem
from campaign.website.csp import with_policy
from campaign.website.mkdocs.fingerprint import site_fingerprint
from campaign.website.mkdocs.incremental import Work, can_grow, open_plugin
from campaign.website.mkdocs.runner import gathered, open_config, problem_of
from campaign.website.offline_copy import is_open, size_of_built, with_size
from campaign.website.published_copies import LIST, copies_there, with_copies


class PagesOnDemand:
    """The pages of a campaign; one that was made stays until something that it shows has changed."""

    def __init__(self) -> None:
        self._work: Work | None = None
        self._pages: dict[str, tuple[str, str]] = {}
        self._kept: dict[str, tuple[str, str]] = {}

    def take(self, campaign: Campaign, made: list[Made], inputs: Inputs) -> list[Problem]:
        """Takes a campaign as it is now.

        Args:
            campaign: whose pages they are. Whatever its mkdocs.yml names runs here.
            made: the outputs that pages show.
            inputs: the files that it was read from.

        Returns:
            What MkDocs has against it; then the campaign that was taken before stays.
        """
        site = campaign.root / "site"
        try:
            with gathered():
                is_ours = can_grow(open_config(campaign, made, site))
        except MkDocsException as error:
            return [problem_of(error)]
        # Added programs may write anything into a page: only a whole build runs them.
        sizes = (f"{each.output.public} {each.bytes}" for each in made)
        fingerprint = hash_text("\0".join((site_fingerprint(campaign, made, inputs), *sizes)))
        work = Work(campaign, made, site, fingerprint)
        pages = {address_of(code, path): (code, path) for code in campaign.languages for path in work.paths(code)}
        self._work, self._pages = work, pages if is_ours else {}
        return []

    def typed(self, page: Page) -> str:
        """The page with a text that is not saved, finished; nothing of it stays.

        Raises:
            LookupError: pages of this campaign are made by a whole build alone.
        """
        if self._work is None or not self._pages:
            raise LookupError(page.where)
        before, plugin = self._work.campaign, open_plugin(self._work)
        pages = {**before.pages, (page.language, page.path): page}
        plugin.campaign = replace(before, pages=pages)
        try:
            with gathered():
                return plugin.finished(page.language, page.path)
        finally:
            plugin.campaign = before

    def files(self) -> dict[str, str]:
        """Address -> the file that its text is from."""
        return {address: self._text_file(*page) for address, page in self._pages.items()}

    def _text_file(self, code: str, path: str) -> str:
        assert self._work is not None
        page = self._work.campaign.page(code, path)
        assert page is not None
        return page.where

    def html(self, address: str) -> str | None:
        """The finished page; None where the campaign has none of this address."""
        if self._work is None or address not in self._pages:
            return None
        code, path = self._pages[address]
        campaign, site = self._work.campaign, self._work.site_dir
        language, size = campaign.languages[code], size_of_built(site, code)
        copies = {name: path.stat().st_size for name, path in copies_there(campaign, site).items()}
        key = f"{self._work.key(code, path)} {size} {copies}"
        known, html = self._kept.get(address, ("", ""))
        if known != key:
            with gathered():
                html = open_plugin(self._work).finished(code, path)
            if is_open(html) or LIST in html:
                html = with_copies(html, address, campaign, code, copies)
                html = with_policy(with_size(html, size, language))
            self._kept[address] = key, html
        return html
