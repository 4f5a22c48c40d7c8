"""Run MkDocs as a library; its warnings become problems."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from campaign.models.campaign import Campaign
from campaign.models.outputs import Artifact
from campaign.models.problem import Problem
from campaign.website.mkdocs.plugin import site_plugin

FILE = "mkdocs.yml"
# MkDocs warns that a dirty build may miss changes; ours knows which pages changed.
DIRTY_BUILD_MESSAGE = "A 'dirty' build"


class WarningCollector(logging.Handler):
    """Collects the warnings of MkDocs and its plugins."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Collect a record, except those of every build."""
        if not record.getMessage().startswith(DIRTY_BUILD_MESSAGE):
            self.records.append(record)

    def problems(self) -> list[Problem]:
        """Return each message once; errors stop the build."""
        results = {record.getMessage(): record.levelno >= logging.ERROR for record in self.records}
        return [
            Problem("mkdocs-error" if is_error else "mkdocs-warning", FILE, message, "Fix what MkDocs names here.")
            for message, is_error in results.items()
        ]


@contextmanager
def gathered() -> Iterator[WarningCollector]:
    """Redirect MkDocs' log to a WarningCollector."""
    logger, handler = logging.getLogger("mkdocs"), WarningCollector()
    old = logger.propagate, logger.level
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    try:
        yield handler
    finally:
        logger.removeHandler(handler)
        logger.propagate, level = old
        logger.setLevel(level)


def open_config(campaign: Campaign, artifacts: list[Artifact], site_dir: Path) -> MkDocsConfig:
    """Return MkDocs' settings of a campaign, with the campaign given to our plugin.

    Raises:
        MkDocsException: mkdocs.yml is invalid.
    """
    config = load_config(config_file=str(campaign.root / FILE), site_dir=str(site_dir))
    site_plugin(config).prebuilt = (campaign, artifacts)
    return config


def problem_of(error: Exception) -> Problem:
    """Return MkDocs' error as a problem."""
    return Problem("mkdocs-error", FILE, str(error), "Fix what MkDocs names here.")
