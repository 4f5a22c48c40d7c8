"""The command that cleans a campaign's files."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.markup import escape

from campaign.cli.console import console, example, show_problems
from campaign.content.leftovers import TIDIED_FOLDER, leftovers, tidy_leftovers
from campaign.models.leftovers import can_hold_work
from campaign.pipeline.tidying import tidy_photos, untidy_photos


@click.command(epilog=example("campaign tidy"))
@click.option("--yes", "is_sure", is_flag=True, help="Don't ask first.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only show what would be done.")
@click.pass_obj
def tidy(root: Path, is_sure: bool, is_dry: bool) -> None:
    """Remove leftover files, and clean photos.

    Files that may contain work (conflict copies, backups) move to tidied/; only system files are deleted. Photos lose
    position, camera and serial numbers. Where `redact` covers something, the file itself is covered, and its original
    moves to originals/, which Git ignores and nothing packs.
    """
    result = leftovers(root)
    campaign, photos = untidy_photos(root)
    for name in result:
        console.print(escape(f"{'move  ' if can_hold_work(name) else 'delete'} {name}"))
    for photo in photos:
        console.print(escape(f"clean  {photo.file.relative_to(root).as_posix()}"))
    if not result and not photos:
        console.print("Nothing to tidy.")
    if is_dry or not (result or photos):
        return
    if result and (is_sure or click.confirm(f"Clear away {len(result)} files?")):
        deleted, moved_names = tidy_leftovers(root, result)
        console.print(f"{len(deleted)} files deleted.")
        if moved_names:
            console.print(
                escape(f"{len(moved_names)} files moved to {TIDIED_FOLDER}/: look through them before you delete them.")
            )
    tidied, problems = tidy_photos(campaign, photos)
    if photos:
        console.print(f"{len(tidied)} photos cleaned.")
    show_problems(problems)
    if problems:
        sys.exit(1)
