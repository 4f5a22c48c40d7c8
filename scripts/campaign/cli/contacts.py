"""The commands that keep contacts."""

from __future__ import annotations

from pathlib import Path

import click

from campaign.cli.console import example


@click.group(epilog=example("campaign contacts due"))
def contacts() -> None:
    """See which numbers have to be called again."""


@contacts.command(epilog=example("campaign contacts due > call-sheet.md"))
@click.option("--keeper", default="", help="Only those that this person keeps.")
@click.pass_obj
def due(root: Path, keeper: str) -> None:
    """Print a call sheet for each keeper: which numbers to make sure of, and what to ask."""
    from campaign.content import clock, load
    from campaign.exchange.call_sheet import call_sheets

    campaign, _ = load(root)
    click.echo(call_sheets(campaign, clock.now().date(), keeper).rstrip("\n"))
