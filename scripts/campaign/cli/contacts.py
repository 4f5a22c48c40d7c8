"""The commands for contacts."""

from __future__ import annotations

from pathlib import Path

import click

from campaign.cli.console import example
from campaign.cli.paths import InputFile, OutputFolder
from campaign.cli.runs import chosen_language


@click.group(epilog=example("campaign contacts due"))
def contacts() -> None:
    """Import, export and check contacts."""


@contacts.command(epilog=example("campaign contacts due > call-sheet.md"))
@click.option("--keeper", default="", help="Only those that this person keeps.")
@click.pass_obj
def due(root: Path, keeper: str) -> None:
    """Print a call sheet for each keeper of contacts."""
    from campaign.content import clock, load
    from campaign.exchange.call_sheet import call_sheets

    campaign, _ = load(root)
    click.echo(call_sheets(campaign, clock.now().date(), keeper).rstrip("\n"))


@contacts.command(epilog=example("campaign contacts take services.xlsx --write"))
@click.argument("file", type=InputFile())
@click.option("--write", "is_written", is_flag=True, help="Change the files.")
@click.pass_obj
def take(root: Path, file: Path, is_written: bool) -> None:
    """Import contacts from a table (CSV or XLSX).

    Shows what differs; --write changes the files. Nothing is removed.
    """
    from campaign.content import load
    from campaign.exchange.contacts_table import read_table
    from campaign.exchange.take_contacts import compare, write

    campaign, _ = load(root)
    table_changes = compare(campaign, read_table(file))
    for line in table_changes.differences:
        click.echo(line)
    for line in table_changes.by_hand:
        click.echo(f"by hand: {line}")
    if not table_changes.differences:
        click.echo("Nothing to change.")
    elif is_written:
        write(campaign, table_changes)
        count = len(table_changes.files())
        click.echo(f"{count} file{'' if count == 1 else 's'} changed. Now run: campaign check")
    else:
        click.echo("Nothing is changed yet. To change the files, add --write.")


@contacts.command(epilog=example("campaign contacts give to-partners"))
@click.argument("folder", type=OutputFolder())
@click.option("--language", default="", help="Language of the descriptions.")
@click.pass_obj
def give(root: Path, folder: Path, language: str) -> None:
    """Write contacts as CSV, vCard and HSDS."""
    from campaign.content import load
    from campaign.exchange.contacts_out import outward_files

    campaign, _ = load(root)
    selected_language = chosen_language(campaign, language)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in outward_files(campaign, selected_language).items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
        click.echo(str(folder / name))
