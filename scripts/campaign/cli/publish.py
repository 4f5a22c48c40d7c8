"""The command that publishes the site."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import click
from rich.markup import escape

from campaign.cli.console import MAX_LISTED_FILES, console, example
from campaign.pipeline.publish import publish as run

KEPT_VERSIONS = 3


MAX_LISTED_PAGES = 100  # pages listed for a dry run


@click.command(epilog=example("campaign publish ssh://me@host.example/srv/water --dry-run"))
@click.argument("target")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only show what would change and be sent.")
@click.option("--rollback", "is_rollback", is_flag=True, help="Go back to the version before.")
@click.option(
    "--keep", default=KEPT_VERSIONS, show_default=True, type=click.IntRange(1, 100), help="Number of versions to keep."
)
@click.pass_obj
def publish(root: Path, target: str, is_dry: bool, is_rollback: bool, keep: int) -> None:
    """Put the last build online, completely or not at all.

    TARGET is a folder (the server serves `current` in it), ssh://user@host/folder, git:ADDRESS#BRANCH (for GitHub and
    GitLab Pages; default branch: gh-pages), s3://bucket/folder, or the name of a zip. Only a bucket has old and new
    pages online together, for some seconds.
    """
    start_time = time.monotonic()
    outcome = run(root, target, keep, is_dry, is_rollback)
    if outcome.change is None:
        console.print(f"Back to version {escape(outcome.version)}. Saved copies on phones will update to it.")
        return
    change = outcome.change
    for word, names in (("new", change.new), ("changed", change.changed), ("gone", change.gone)):
        if is_dry:
            # Pages come first; there are too many other files.
            pages = [name for name in names if name.endswith(".html")]
            _print_names(word, pages, MAX_LISTED_PAGES, " pages")
            _print_names(word, [name for name in names if not name.endswith(".html")], MAX_LISTED_FILES)
    counts = f"{len(change.new)} new, {len(change.changed)} changed, {len(change.gone)} gone"
    console.print(f"{counts}; {change.bytes / 1e6:.1f} MB.")
    if is_dry:
        console.print("Nothing was published: this was a dry run.")
    elif change.is_empty:
        console.print("Nothing to do: all of it is there already.")
    else:
        console.print(f"Published in {time.monotonic() - start_time:.1f} s.")
    if outcome.is_outdated:
        console.print("The site is older than your latest change. To publish that too, run `campaign build` first.")


def _print_names(word: str, names: Sequence[str], max_names: int, kind: str = "") -> None:
    for name in names[:max_names]:
        console.print(f"{word}  {escape(name)}")
    if names[max_names:]:
        console.print(f"{word}  {len(names) - max_names} more{kind}")
