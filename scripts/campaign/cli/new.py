"""The commands that write files for a new campaign and for editors."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

import click
from rich.markup import escape

from campaign.cli.console import console, example
from campaign.cli.paths import OutputFolder
from campaign.content.new_campaign import create_campaign
from campaign.content.writing import write_files
from campaign.models.campaign import Readers
from campaign.models.problem import failure
from campaign.schema.json_schema import json_schemas


@click.command(epilog=example("campaign new my-campaign"))
@click.argument("folder", type=OutputFolder())
@click.option("--readers", type=click.Choice(["private", "school", "open"]), help="Who reads its pages.")
@click.option("--source", default="en", help="Code of the language that you write in. Default: en.")
@click.option("--name", default="", help="What that language calls itself.")
def new(folder: Path, readers: Readers | None, source: str, name: str) -> None:
    """Create a small campaign that builds at once.

    Readers are private (people who may be watched: pages have Leave and Forget), a school (people who share computers:
    pages have Forget), or open (everybody: neither).

    With --source, all pages are in that language: the example texts to write over are English, or Portuguese for pt.
    """
    if folder.exists() and any(folder.iterdir()):
        raise failure("folder-not-empty", str(folder), "The folder is not empty.", "Name a new one.")
    if readers is None:
        readers = ask_for_readers() if sys.stdin.isatty() else "private"
    create_campaign(folder, readers, source, name)
    console.print(f"A new campaign is in {escape(str(folder))}. Go there and run: campaign build")


def ask_for_readers() -> Readers:
    """Ask who reads the pages of a new campaign."""
    console.print("Who reads the pages?")
    console.print("  private  people who may be watched: each page can be left at once")
    console.print("  school   people who share computers: each page can be forgotten")
    console.print("  open     everybody")
    answer = click.prompt("Readers", type=click.Choice(["private", "school", "open"]), default="private")
    return cast("Readers", answer)


@click.command(epilog=example("campaign schemas"))
@click.argument("folder", default="schemas", type=OutputFolder())
@click.pass_obj
def schemas(root: Path, folder: Path) -> None:
    """Write JSON Schemas with which editors check YAML files."""
    files = {root / folder / name: text.encode() for name, text in json_schemas().items()}
    write_files(root, files)
    console.print(f"{len(files)} schemas are in {escape(str(root / folder))}.")
