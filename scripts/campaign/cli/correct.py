"""The command for correcting printed numbers."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from campaign.cli.console import MAX_LISTED_FILES, console, example, show_progress
from campaign.cli.options import by_language
from campaign.cli.runs import Names, select
from campaign.models.campaign import NATIONAL


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
    from campaign.pipeline.corrections import make_correction

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
