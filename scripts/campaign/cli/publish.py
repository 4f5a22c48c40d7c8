"""The command that puts the site online."""

from __future__ import annotations

import time
from pathlib import Path

import click
from rich.markup import escape

from campaign.cli.console import MOST, console, example

KEEP = 3


@click.command(epilog=example("campaign publish ssh://me@host.example/srv/water --dry-run"))
@click.argument("target")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say what would change, and how much of it would travel.")
@click.option("--rollback", "is_rollback", is_flag=True, help="Back to the version before, at once.")
@click.option("--keep", default=KEEP, show_default=True, type=click.IntRange(1, 100), help="How many versions stay.")
@click.pass_obj
def publish(root: Path, target: str, is_dry: bool, is_rollback: bool, keep: int) -> None:
    """Put the site that was built last online, whole or not at all.

    TARGET is a folder (the server serves `current` in it), ssh://user@host/folder, git:ADDRESS#BRANCH (for GitHub and
    GitLab Pages; gh-pages is meant), s3://bucket/folder, or the name of a zip. A bucket alone has old and new pages
    beside each other for some seconds.
    """
    from campaign.pipeline.publish import publish as run

    begun = time.monotonic()
    done = run(root, target, keep, is_dry, is_rollback)
    if done.change is None:
        console.print(f"Back to {escape(done.version)}. Readers' saved copies take it for a change, too.")
        return
    change = done.change
    for word, names in (("new", change.new), ("changed", change.changed), ("gone", change.gone)):
        for name in names[: MOST if is_dry else 0]:
            console.print(f"{word}  {escape(name)}")
        if is_dry and names[MOST:]:
            console.print(f"{word}  {len(names) - MOST} more")
    counts = f"{len(change.new)} new, {len(change.changed)} changed, {len(change.gone)} gone"
    console.print(f"{counts}; {change.bytes / 1e6:.1f} MB.")
    if is_dry:
        console.print("Nothing was published: this was a dry run.")
    elif change.is_none:
        console.print("Nothing to do: all of it is there already.")
    else:
        console.print(f"Published in {time.monotonic() - begun:.1f} s.")
