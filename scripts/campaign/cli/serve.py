"""The command that previews the website."""

from __future__ import annotations

from pathlib import Path

import click

from campaign.cache.external_programs import open_in_browser
from campaign.cli import options
from campaign.cli.console import console, example, show_problems
from campaign.serve import serve as run


@click.command(epilog=example("campaign serve --open"))
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port; if it is taken, the next free one.",
)
@click.option("--open", "is_opened", is_flag=True, help="Open it in the browser.")
@options.trusting
@click.pass_obj
def serve(root: Path, port: int, is_opened: bool, is_trusted: bool) -> None:
    """Preview the website while you write.

    Each change and each mistake appears in the open page within about a second. Prints, search and everything else
    follow, as `campaign build` makes them.
    """

    def on_start(address: str) -> None:
        console.print(f"The website is at {address} until you press Ctrl+C.")
        if is_opened:
            open_in_browser(address)

    run(root, port, is_trusted, on_start, show_problems)
