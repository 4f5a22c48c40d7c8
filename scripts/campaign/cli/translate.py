"""The commands that keep translations."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from campaign.cli.console import console, example
from campaign.models.page import Translation


@click.group(epilog=example("campaign translate status"))
def translate() -> None:
    """See what is translated, from what, and who reviewed it."""


@translate.command(epilog=example("campaign translate status"))
@click.pass_obj
def status(root: Path) -> None:
    """Show each translation: up to date or not, reviewed or not."""
    from campaign.content import load
    from campaign.content.releases import with_withheld

    campaign = with_withheld(load(root)[0])
    table = Table("Language", "Page", "Made by", "State", box=None)
    source = campaign.source_language.code
    for code in campaign.languages:
        for _, path in [key for key in campaign.pages if key[0] == source]:
            page = campaign.pages.get((code, path))
            if code == source:
                continue
            made = page.translation if page else None
            state = "missing" if not page else describe(made)
            table.add_row(code, path, escape(made.by) if made else "", state)
    console.print(table)


@translate.command(epilog=example("campaign translate stamp docs/pt/signs.md"))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--by", default="", help="Who translated; else as it stands in the file.")
@click.pass_obj
def stamp(root: Path, files: tuple[Path, ...], by: str) -> None:
    """Say that files are translated from the source text as it is now. A review that was there is taken back."""
    from campaign.content.review import stamp_file

    for file in files:
        stamp_file(root, file, by)
        console.print(f"{escape(str(file))}: translated from the text as it is now, not reviewed.")


@translate.command(epilog=example('campaign translate accept docs/pt/signs.md --by "Maria Soares"'))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--by", required=True, help="Your name: it is printed nowhere but kept in the file.")
@click.pass_obj
def accept(root: Path, files: tuple[Path, ...], by: str) -> None:
    """Say that a person has read translations against their source and found them good."""
    from campaign.content.review import accept_file

    for file in files:
        accept_file(root, file, by, date.today())
        console.print(f"{escape(str(file))}: reviewed by {escape(by)}.")


def describe(made: Translation | None) -> str:
    """A translation's state in a few words."""
    if made is None:
        return "origin not said"
    if made.is_outdated:
        return "source has changed"
    return f"reviewed by {escape(made.reviewed_by)}, {made.reviewed_on}" if made.is_reviewed else "not reviewed"
