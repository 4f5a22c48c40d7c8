"""The command that opens the desk."""

from __future__ import annotations

import time
from pathlib import Path

import click
from rich.markup import escape

from campaign.cli.console import console, example
from campaign.cli.options import trusting
from campaign.cli.paths import OutputFolder
from campaign.cli.selection import Names
from campaign.desk import open_desk
from campaign.desk.office import make_office_folder
from campaign.models.problem import failure
from campaign.models.systems import PYTHONS, SYSTEMS, this_system


@click.command(epilog=example("campaign desk"))
@click.option("--port", default=8020, show_default=True, type=click.IntRange(1, 65535), help="Port on this computer.")
@click.option("--open/--no-open", "is_opened", default=True, help="Open the browser.")
@click.option(
    "--pack", type=OutputFolder(), metavar="FOLDER", help="Make a folder for an office that starts without a network."
)
@click.option(
    "--system", type=click.Choice([*SYSTEMS]), help="With --pack: the office's system. Default: like this one."
)
@click.option(
    "--python",
    "pythons",
    multiple=True,
    type=click.Choice(PYTHONS),
    help="With --pack: only for this version of Python. Repeatable.",
)
@trusting
@click.pass_obj
def desk(
    root: Path, port: int, is_opened: bool, pack: Path | None, system: str | None, pythons: Names, is_trusted: bool
) -> None:
    """Open the desk in the browser: write, print, publish."""
    if pack:
        _pack(root, pack, system, pythons or PYTHONS)
        return

    def on_start(address: str) -> None:
        console.print("The desk is open in the browser." if is_opened else "The desk is ready; this opens it once:")
        console.print(escape(address), soft_wrap=True)
        console.print("Leave this window open. Ctrl+C ends the desk.")

    open_desk(root, port, is_opened, is_trusted, on_start)


def _pack(root: Path, folder: Path, system: str | None, pythons: Names) -> None:
    start_time = time.monotonic()
    name = system or this_system()
    if not name:
        fix = f"Name the office's with --system: {', '.join(SYSTEMS)}."
        raise failure("value-unknown", "--system", "Not all programs exist for this system.", fix)
    make_office_folder(root, folder, name, pythons, lambda text: console.print(escape(text)))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    console.print(f"Done in {time.monotonic() - start_time:.1f} s: {size / 1e6:.0f} MB in {escape(str(folder))}.")
    console.print(f'Copy it to the office\'s computer, and double-click "{SYSTEMS[name].starters[0]}" there.')
