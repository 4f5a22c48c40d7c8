"""Run MkDocs as a library; its warnings become problems."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from campaign.models.campaign import Campaign
from campaign.models.outputs import Artifact
from campaign.models.problem import Problem
from campaign.schema.yaml_reader import read_yaml
from campaign.website.mkdocs.plugin import site_plugin

FILE = "mkdocs.yml"
# MkDocs warns that a dirty build may miss changes; ours knows which pages changed.
DIRTY_BUILD_MESSAGE = "A 'dirty' build"
# How it names a setting.
SETTING = re.compile(r"Config value '(\w+)': (.*)", re.DOTALL)


class WarningCollector(logging.Handler):
    """Collects the warnings of MkDocs and its plugins."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Collect a record, except those of every build."""
        if not record.getMessage().startswith(DIRTY_BUILD_MESSAGE):
            self.records.append(record)

    def problems(self, root: Path, error: Exception | None = None) -> list[Problem]:
        """Return each message once; errors stop the build.

        Args:
            root: the campaign's folder.
            error: what ended MkDocs; said only if it logged no error before.
        """
        results = {record.getMessage(): record.levelno >= logging.ERROR for record in self.records}
        if error and not any(results.values()):
            results[str(error)] = True
        return [_problem(root, message, is_error) for message, is_error in results.items()]


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
    # Not strict: a dirty build has a warning in each run.
    config = load_config(config_file=str(campaign.root / FILE), site_dir=str(site_dir), strict=False)
    site_plugin(config).prebuilt = (campaign, artifacts)
    return config


def check_settings(campaign: Campaign) -> list[Problem]:
    """Return what MkDocs finds in mkdocs.yml."""
    with gathered() as handler:
        try:
            open_config(campaign, [], campaign.root / "site")
        except MkDocsException as error:
            return handler.problems(campaign.root, error)
    return handler.problems(campaign.root)


def _problem(root: Path, message: str, is_error: bool) -> Problem:
    where, named = FILE, SETTING.match(message)
    if named:
        key, message = named[1], f"`{named[1]}`: {named[2]}"
        value = (read_yaml(root / FILE, FILE, []).keys or {}).get(key)
        where = f"{FILE}:{value.line}" if value else FILE
    return Problem("mkdocs-error" if is_error else "mkdocs-warning", where, message, "Fix what MkDocs names here.")
