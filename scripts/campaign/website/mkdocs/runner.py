"""Runs MkDocs as a library, quietly: what it warns of comes back as problems."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from campaign.models.campaign import Campaign
from campaign.models.outputs import Made
from campaign.models.problem import Problem
from campaign.website.mkdocs.plugin import site_plugin

FILE = "mkdocs.yml"
# MkDocs warns that a dirty build may miss changes; ours knows which pages changed.
DIRTY_BUILD_MESSAGE = "A 'dirty' build"


class Gathering(logging.Handler):
    """Keeps what MkDocs and its plugins warn of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps a record, except of what MkDocs says of every build of ours."""
        if not record.getMessage().startswith(DIRTY_BUILD_MESSAGE):
            self.records.append(record)

    def problems(self) -> list[Problem]:
        """Each message once; an error stops the build, a warning does not."""
        found = {record.getMessage(): record.levelno >= logging.ERROR for record in self.records}
        return [
            Problem("mkdocs-error" if is_error else "mkdocs-warning", FILE, what, "Mend what MkDocs names here.")
            for what, is_error in found.items()
        ]


@contextmanager
def gathered() -> Iterator[Gathering]:
    """What MkDocs says goes into the Gathering, and nowhere else."""
    logger, handler = logging.getLogger("mkdocs"), Gathering()
    was = logger.propagate, logger.level
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    try:
        yield handler
    finally:
        logger.removeHandler(handler)
        logger.propagate, level = was
        logger.setLevel(level)


def open_config(campaign: Campaign, made: list[Made], site_dir: Path) -> MkDocsConfig:
    """Load MkDocs' settings of a campaign and prepare our plugin.

    Raises:
        MkDocsException: mkdocs.yml isn't valid for MkDocs.
    """
    config = load_config(config_file=str(campaign.root / FILE), site_dir=str(site_dir))
    site_plugin(config).given = (campaign, made)
    return config


def problem_of(error: Exception) -> Problem:
    """MkDocs' own error as a problem."""
    return Problem("mkdocs-error", FILE, str(error), "Mend what MkDocs names here.")
