"""Builds the site."""

from __future__ import annotations

from pathlib import Path

from mkdocs.commands.build import build as run_mkdocs
from mkdocs.exceptions import MkDocsException

from campaign.cache.inputs import Inputs
from campaign.cache.memo import Memo
from campaign.cache.output_tree import OutputTree
from campaign.models.campaign import Campaign
from campaign.models.outputs import Made
from campaign.models.problem import Problem
from campaign.website.mkdocs.incremental import build_languages, supports_incremental
from campaign.website.mkdocs.runner import gathered, open_config, problem_of


def build_site(
    campaign: Campaign,
    made: list[Made],
    site_dir: Path,
    memo: Memo | None = None,
    inputs: Inputs | None = None,
    tree: OutputTree | None = None,
    built: set[str] | None = None,
) -> list[Problem]:
    """Build the finished site into `site_dir` (emptied first) and return the problems.

    Args:
        campaign: the campaign.
        made: every finished output; those with `output.public` are copied into the site.
        site_dir: the folder to fill.
        memo: page audits (website.page_audit); new ones are added, and the caller saves. Without it, all are built.
        inputs: the files that the campaign was read from, hashed before reading.
        tree: current and new site folder; without it, every file is written.
        built: addresses of new files are added.
    """
    with gathered() as handler:
        try:
            config = open_config(campaign, made, site_dir)
            if supports_incremental(config):
                memo = memo or Memo(None)
                inputs = inputs or Inputs.look(campaign.root, memo)
                return build_languages(campaign, made, site_dir, memo, inputs, tree, config, built)
            run_mkdocs(config)
        except MkDocsException as error:
            return [*handler.problems(), problem_of(error)]
    return handler.problems()
