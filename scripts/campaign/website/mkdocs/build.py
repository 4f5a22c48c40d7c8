"""Builds the site, or shows it on this computer."""

from __future__ import annotations

from pathlib import Path

from campaign.website.mkdocs.runner import FILE, gathered, open_config, problem_of  # isort: skip  quiets MkDocs first

from mkdocs.commands.build import build as run_mkdocs
from mkdocs.exceptions import MkDocsException

from campaign.cache.store import Notes
from campaign.models.campaign import Campaign
from campaign.models.outputs import Made
from campaign.models.problem import Problem
from campaign.website.mkdocs.incremental import build_languages, can_grow


def build_site(campaign: Campaign, made: list[Made], site_dir: Path, notes: Notes | None = None) -> list[Problem]:
    """Builds the finished site into `site_dir` (emptied first) and returns what is wrong with it.

    made: every output that stands; those with `output.public` are copied into the site.
    notes: what was seen on pages before (website.page_audit); what is new is added, and whoever gave them saves.
    Without them every page is made anew.
    """
    with gathered() as handler:
        try:
            config = open_config(campaign, made, site_dir)
            if can_grow(config):
                return build_languages(campaign, made, site_dir, notes or Notes(None))
            run_mkdocs(config)
        except MkDocsException as error:
            return [*handler.problems(), problem_of(error)]
    return handler.problems()


def serve_site(root: Path, port: int) -> None:
    """Shows the site on this computer and builds it again at each change, until somebody stops it.

    The plugin that mkdocs.yml names prepares the outputs, so the package has to be installed.
    """
    from mkdocs.commands.serve import serve

    serve(config_file=str(root / FILE), dev_addr=f"127.0.0.1:{port}")
