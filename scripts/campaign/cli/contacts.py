"""The commands for contacts, and for wrong numbers in print."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from campaign.cli.console import MAX_LISTED_FILES, console, example, show_progress
from campaign.cli.options import by_language
from campaign.cli.paths import InputFile, OutputFolder
from campaign.cli.selection import Names, chosen_language, select
from campaign.content import clock, load
from campaign.exchange.call_sheet import call_sheets
from campaign.exchange.contacts_out import outward_files
from campaign.exchange.contacts_table import read_table
from campaign.exchange.foreign_table import (
    IGNORED,
    is_ours,
    known_columns,
    open_foreign_table,
    read_foreign_rows,
    remember_columns,
)
from campaign.exchange.take_contacts import compare, write
from campaign.models.campaign import NATIONAL, Campaign
from campaign.models.problem import CampaignError
from campaign.pipeline.corrections import make_correction


@click.group(epilog=example("campaign contacts due"))
def contacts() -> None:
    """Import, export and check contacts."""


@contacts.command(epilog=example("campaign contacts due > call-sheet.md"))
@click.option("--keeper", default="", help="Only those that this person keeps.")
@click.pass_obj
def due(root: Path, keeper: str) -> None:
    """Print a call sheet for each keeper of contacts."""
    campaign, _ = load(root)
    click.echo(call_sheets(campaign, clock.now().date(), keeper).rstrip("\n"))


@contacts.command(epilog=example("campaign contacts take services.xlsx --write"))
@click.argument("file", type=InputFile())
@click.option("--column", "columns", multiple=True, help='A column that was guessed wrongly: "Telephone=phone".')
@click.option("--source", default="", help="The source of rows that name none: an id of docs/_sources.yml.")
@click.option("--write", "is_written", is_flag=True, help="Change the files.")
@click.pass_obj
def take(root: Path, file: Path, columns: tuple[str, ...], source: str, is_written: bool) -> None:
    """Import contacts from a table (CSV, XLSX or ODS).

    Columns with other names are guessed, shown and remembered. Shows what differs; --write changes the files. Nothing
    is removed.
    """
    campaign, _ = load(root)
    is_foreign = bool(columns) or not is_ours(file)
    rows = _read_foreign(campaign, file, columns, source) if is_foreign else read_table(file)
    table_changes = compare(campaign, rows)
    for difference in table_changes.differences:
        click.echo(str(difference))
    for line in table_changes.by_hand:
        click.echo(f"by hand: {line}")
    if table_changes.kept:
        click.echo(f"not in the table, and kept: {', '.join(table_changes.kept)}")
    if not table_changes.differences:
        click.echo("Nothing to change.")
    elif is_written:
        write(campaign, table_changes)
        count = len(table_changes.files())
        click.echo(f"{count} file{'' if count == 1 else 's'} changed. Now run: campaign check")
    else:
        click.echo("Nothing is changed yet. To change the files, add --write.")


def _read_foreign(campaign: Campaign, file: Path, columns: tuple[str, ...], source: str) -> list[dict[str, str]]:
    """Return the rows of a table with other headings, and show how they were read."""
    chosen = {heading.strip(): column.strip() for heading, _, column in (text.rpartition("=") for text in columns)}
    table = open_foreign_table(file, chosen, known_columns(campaign.root))
    if table.problems:
        raise CampaignError([*table.problems])
    rows = read_foreign_rows(table, campaign, source)
    remember_columns(campaign.root, table.columns)
    for heading, column in table.columns.items():
        click.echo(f"{heading}: {'left out' if column == IGNORED else column}")
    return rows


@contacts.command(epilog=example("campaign contacts give to-partners"))
@click.argument("folder", type=OutputFolder())
@click.option("--language", default="", help="Language of the descriptions.")
@click.pass_obj
def give(root: Path, folder: Path, language: str) -> None:
    """Write contacts as CSV, vCard and HSDS."""
    campaign, _ = load(root)
    selected_language = chosen_language(campaign, language)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in outward_files(campaign, selected_language).items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
        click.echo(str(folder / name))


@click.command(epilog=example('campaign correct emergency --was "07700 900199"'))
@click.argument("contact")
@click.option("--was", required=True, metavar="NUMBER", help="The wrong number, as printed.")
@click.option("--now", default="", metavar="NUMBER", help="The right number, if the contact has several.")
@click.option(
    "--log",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder of filled-in forms about handouts (see `campaign tally`).",
)
@by_language
@click.pass_obj
def correct(root: Path, contact: str, was: str, now: str, log: Path | None, language: Names) -> None:
    """Make labels and notices after a number was printed wrong.

    Fix the number first. CONTACT is its id, or the name of a deleted contact. A folder in dist/corrections/ then has
    the list of affected prints, labels (A4, 3 x 8), a notice, a picture and a text to send.
    """
    select(root, language, (), ())
    with show_progress() as progress:
        result = make_correction(root, contact, was, now, log, language, progress)
    table = Table("Piece", "Language", "Place", "Format", "Packed for", "Handed out", box=None)
    for bearer in result.bearers[:MAX_LISTED_FILES]:
        output, copies = bearer.output, "" if bearer.copies is None else str(bearer.copies)
        where = (output.name, output.language or "", output.place or NATIONAL, output.format)
        table.add_row(*where, escape(", ".join(bearer.packed)), copies)
    if result.bearers:
        console.print(table)
    if result.bearers[MAX_LISTED_FILES:]:
        console.print(f"{len(result.bearers) - MAX_LISTED_FILES} more are in what-bears-it.csv.")
    for line in result.typed[:MAX_LISTED_FILES]:
        console.print(f"{escape(line)}: the wrong number is typed into this text. Fix it there.")
    if result.copies is not None:
        console.print(f"{result.copies} copies of these were handed out.")
    if result.unsure:
        console.print(
            f"{escape(result.unsure)} isn't verified, so no notice names it and there are no labels. "
            "Verify it and record that (at the desk: Contacts), then make the correction again."
        )
    console.print(f"Open {escape(result.folder.relative_to(root).as_posix())}. Then build, and publish the site again.")
