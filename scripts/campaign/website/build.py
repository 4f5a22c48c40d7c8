"""Runs MkDocs as a library, quietly: what it warns of comes back as problems."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Material prints a banner about MkDocs 2 on import otherwise.
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")

from mkdocs.commands.build import build as run_mkdocs
from mkdocs.commands.serve import serve as serve_mkdocs
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from campaign.model import Campaign, Made
from campaign.problems import Problem

FILE = "mkdocs.yml"


class _Gathering(logging.Handler):
    """Keeps what MkDocs and its plugins warn of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def problems(self) -> list[Problem]:
        """Each message once; an error stops the build, a warning does not."""
        found = {record.getMessage(): record.levelno >= logging.ERROR for record in self.records}
        return [Problem(FILE, what, "Mend what MkDocs names here.", stops) for what, stops in found.items()]


@contextmanager
def _gathered() -> Iterator[_Gathering]:
    logger, handler = logging.getLogger("mkdocs"), _Gathering()
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


def build_site(campaign: Campaign, made: list[Made], site_dir: Path) -> list[Problem]:
    """Builds the finished site into `site_dir` (emptied first) and returns what is wrong with it.

    made: every output that stands; those with `output.public` are copied into the site.
    """
    with _gathered() as handler:
        try:
            config = load_config(config_file=str(campaign.root / FILE), site_dir=str(site_dir))
            config.plugins["campaign"].given = (campaign, made)
            run_mkdocs(config)
        except MkDocsException as error:
            return [*handler.problems(), Problem(FILE, str(error), "Mend what MkDocs names here.")]
    return handler.problems()


def serve_site(root: Path, port: int) -> None:
    """Shows the site on this computer and builds it again at each change, until somebody stops it.

    The plugin that mkdocs.yml names prepares the outputs, so the package has to be installed.
    """
    serve_mkdocs(config_file=str(root / FILE), dev_addr=f"127.0.0.1:{port}")
