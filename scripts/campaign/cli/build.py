"""The command that builds the campaign."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from campaign.cache.cluster import Cluster
from campaign.cli import options
from campaign.cli.console import example, finish, print_json, show_progress
from campaign.pipeline.report import Progress, Report
from campaign.pipeline.unchanged_build import report_if_unchanged


@click.command(epilog=example("campaign build --release"))
@click.option("--release", "is_release", is_flag=True, help="Refuse unreviewed translations and unchecked numbers.")
@options.clustering
@options.trusting
@options.detailing
@options.as_json
@click.pass_obj
def build(
    root: Path, is_release: bool, is_trusted: bool, is_json: bool, detail: str | None, cluster: Cluster | None
) -> None:
    """Build site/ (the website) and dist/ (prints and pictures)."""
    start_time = time.monotonic()
    # Import the build only if there is something to do.
    result = None if is_release else report_if_unchanged(root, is_trusted)
    if is_json:
        report = result or _run(root, lambda *_: None, is_release, is_trusted, cluster)
        print_json(report.problems, report.silence, [artifact.output.path for artifact in report.made])
        sys.exit(report.has_problems)
    if result is None:
        with show_progress(detail) as progress:
            result = _run(root, progress, is_release, is_trusted, cluster)
    finish(result, time.monotonic() - start_time, detail)


def _run(root: Path, progress: Progress, is_release: bool, is_trusted: bool, cluster: Cluster | None) -> Report:
    from campaign.pipeline.build import build as run

    return run(root, progress, is_release, is_trusted, cluster)
