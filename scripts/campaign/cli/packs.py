"""The command that packs what is handed over."""

from __future__ import annotations

import time
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from campaign.cli.console import console, example, show_problems, show_progress
from campaign.cli.options import by_language, by_place
from campaign.cli.runs import Names, select
from campaign.models.campaign import NATIONAL
from campaign.models.problem import CampaignError, Problem


@click.command(epilog=example("campaign packs --audience police --place north"))
@click.option("--audience", "names", multiple=True, help="A row of `packs:` in mkdocs.yml, or an audience. Repeatable.")
@by_language
@by_place
@click.option("--since", default="", metavar="VERSION", help="Leave out what the packs of that version held.")
@click.pass_obj
def packs(root: Path, names: Names, language: Names, place: Names, since: str) -> None:
    """Pack what partners get: what all places share, a zip for each place, a page to read first, in dist/packs/.

    They are made when they are handed over; the next build takes them away.
    """
    from campaign.content.settings import read_settings
    from campaign.pipeline.packs import make_packs

    begun = time.monotonic()
    select(root, language, place, ())
    known = read_settings(root, []).packs
    wrong = [
        Problem("value-unknown", "--audience", f"There is no pack `{name}`.", f"Choose from: {', '.join(known)}.")
        for name in names
        if name not in known
    ]
    if wrong:
        raise CampaignError(wrong)
    with show_progress() as progress:
        places = [each for each in place if each != NATIONAL] if place else None
        run = make_packs(root, names, language, places, since, progress)
    table = Table("File", "Size", box=None)
    for name, size in run.files.items():
        table.add_row(escape(f"dist/{name}"), f"{size / 1e6:.1f} MB")
    console.print(table)
    show_problems(run.report.problems, run.report.silence)
    console.print(f"Done in {time.monotonic() - begun:.1f} s: {run.bytes / 1e6:.1f} MB on the disk. Open dist/packs")
