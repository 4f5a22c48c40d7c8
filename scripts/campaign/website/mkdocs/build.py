"""Builds the site, or shows it on this computer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from campaign.website.mkdocs.runner import FILE, gathered, open_config, problem_of  # isort: skip  quiets MkDocs first

from mkdocs.commands import serve
from mkdocs.commands.build import build as run_mkdocs
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import ConfigurationError, MkDocsException

from campaign.cache.inputs import Inputs
from campaign.cache.store import Memo
from campaign.content.settings import read_settings
from campaign.content.trust import check_trust
from campaign.models.campaign import Campaign
from campaign.models.outputs import Made
from campaign.models.problem import CampaignError, Problem
from campaign.website.mkdocs.incremental import build_languages, can_grow


def build_site(
    campaign: Campaign,
    made: list[Made],
    site_dir: Path,
    memo: Memo | None = None,
    inputs: Inputs | None = None,
) -> list[Problem]:
    """Builds the finished site into `site_dir` (emptied first) and returns what is wrong with it.

    Args:
        campaign: whose site it is.
        made: every output that stands; those with `output.public` are copied into the site.
        site_dir: the folder to fill.
        memo: what is known of pages already (website.page_audit); what is new is added, and whoever gave them saves.
            Without them every page is made anew.
        inputs: the files that the campaign was read from, as they were before.
    """
    with gathered() as handler:
        try:
            config = open_config(campaign, made, site_dir)
            if can_grow(config):
                memo = memo or Memo(None)
                return build_languages(campaign, made, site_dir, memo, inputs or Inputs.look(campaign.root, memo))
            run_mkdocs(config)
        except MkDocsException as error:
            return [*handler.problems(), problem_of(error)]
    return handler.problems()


def serve_site(root: Path, port: int, is_trusted: bool = False) -> None:
    """Shows the site on this computer and builds it again at each change, until somebody stops it.

    The plugin that mkdocs.yml names prepares the outputs, so the package has to be installed.

    Args:
        root: the campaign's folder.
        port: of this computer.
        is_trusted: run the programs and templates that the campaign brings along, instead of refusing them.

    Raises:
        CampaignError: mkdocs.yml is not plain, or the campaign brings programs along.
    """
    _refuse(root, is_trusted)

    def load_refusing(**options: Any) -> MkDocsConfig:
        try:
            _refuse(root, is_trusted)
        except CampaignError as error:
            raise ConfigurationError(str(error)) from error
        return load_config(**options)

    # MkDocs reads mkdocs.yml again at each change of it, and runs what it names as it reads.
    serve.load_config = load_refusing  # type: ignore[assignment, attr-defined]  # MkDocs has no place for this
    serve.serve(config_file=str(root / FILE), dev_addr=f"127.0.0.1:{port}")


def _refuse(root: Path, is_trusted: bool) -> None:
    problems: list[Problem] = []
    read_settings(root, problems)
    if not is_trusted:
        problems += check_trust(root)
    if problems:
        raise CampaignError(problems)
