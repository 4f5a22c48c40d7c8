"""The command that adds up filled-in forms."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape
from rich.table import Column, Table

from campaign.cache.atomic import write_whole
from campaign.cli.console import console, example
from campaign.cli.selection import chosen_language
from campaign.content import clock, load
from campaign.exchange.tally import MIN_PUBLISHED_COUNT
from campaign.exchange.tally import tally as add_up
from campaign.exchange.tally_page import counted, page

PAGE = "tally.html"


@click.command(epilog=example("campaign tally forms-2026"))
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--language", default="", help="Language of the tables and the page.")
@click.pass_obj
def tally(root: Path, folder: Path, language: str) -> None:
    """Add up filled-in forms (CSV, XLSX, PDF) of a folder.

    Prints tables and writes tally.html with charts into the folder. Blank forms are in dist/forms/ after a build;
    `campaign editable` makes forms to fill in on a computer. Numbers of people below 5 are merged.
    """
    campaign, _ = load(root)
    chosen = chosen_language(campaign, language)
    result = add_up(campaign, folder, clock.now().date())
    for item in counted(campaign, result, chosen):
        table = Table(*item.head, Column("", justify="right"), title=escape(item.title), box=None)
        for names, count in item.rows:
            number = "" if item.is_list else f"<{MIN_PUBLISHED_COUNT}" if count is None else str(count)
            table.add_row(*map(escape, names), number)
        console.print(table)
    write_whole(folder / PAGE, page(campaign, result, chosen).encode())
    counts = {**result.files, **{f"{name} (ticks)": count for name, count in result.ticked_files.items()}}
    read = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    console.print(f"Read: {escape(read)}. The page with charts is {escape(str(folder / PAGE))}.")
