"""The commands for packs, offline copies and files to change."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from campaign.cli.console import console, example, show_problems, show_progress
from campaign.cli.options import by_language, by_piece, by_place
from campaign.cli.selection import Names, names_of, select
from campaign.content.settings import read_settings
from campaign.models.campaign import NATIONAL
from campaign.models.problem import CampaignError, Problem
from campaign.pipeline.editable import make_editable
from campaign.pipeline.hotspot import make_hotspot
from campaign.pipeline.packs import make_packs
from campaign.pipeline.stick import START_PAGE, make_stick
from campaign.pipeline.zim import make_zims


@click.command(epilog=example("campaign packs --audience teachers --place north"))
@click.option("--audience", "names", multiple=True, help="A row of `packs:` in mkdocs.yml, or an audience. Repeatable.")
@by_language
@by_place
@click.option("--since", default="", metavar="VERSION", help="Leave out what the packs of this version contained.")
@click.pass_obj
def packs(root: Path, names: Names, language: Names, place: Names, since: str) -> None:
    """Make packs for partners in dist/packs/.

    A pack has a zip of what all places share, a zip for each place, and a page to read first. The next build removes
    packs, so make them when you hand them over.
    """
    start_time = time.monotonic()
    select(root, language, place, ())
    known_packs = read_settings(root, []).packs
    problems = [
        Problem("value-unknown", "--audience", f"There is no pack `{name}`.", f"Choose from: {', '.join(known_packs)}.")
        for name in names
        if name not in known_packs
    ]
    if problems:
        raise CampaignError(problems)
    with show_progress() as progress:
        places = [item for item in place if item != NATIONAL] if place else None
        run = make_packs(root, names, language, places, since, progress)
    table = Table("File", "Size", box=None)
    for name, size in run.files.items():
        table.add_row(escape(f"dist/{name}"), f"{size / 1e6:.1f} MB")
    console.print(table)
    show_problems(run.report.problems, run.report.silence)
    if run.report.has_problems:
        console.print("[bold]The packs lack the pieces that have problems. Fix these, and pack again.[/bold]")
        sys.exit(1)
    summary = "Nothing to do: all packs are made already" if run.is_noop else "Done"
    console.print(
        f"{summary} ({time.monotonic() - start_time:.1f} s, {run.bytes / 1e6:.1f} MB on the disk). Open dist/packs"
    )


@click.command(epilog=example("campaign stick /media/stick/water --language pt"))
@click.argument("folder")
@by_language
@click.option("--prints", "has_prints", is_flag=True, help="Include dist/: prints, pictures and their index page.")
@click.pass_obj
def stick(root: Path, folder: str, language: Names, has_prints: bool) -> None:
    """Copy the last build to a USB stick.

    It opens there without a network and without installing anything. Every file is read back; `campaign verify FOLDER`
    does so again at any time.
    """
    start_time = time.monotonic()
    select(root, language, (), ())
    with show_progress() as progress:
        stick_copy = make_stick(root, folder, language, has_prints, progress)
    console.print(
        f"{stick_copy.files} files, {stick_copy.bytes / 1e6:.1f} MB, {stick_copy.written} written now, all read back."
    )
    console.print(
        f"Done in {time.monotonic() - start_time:.1f} s. Open {escape(str(Path(folder).expanduser() / START_PAGE))}"
    )


@click.command(epilog=example("campaign zim --language pt"))
@by_language
@click.pass_obj
def zim(root: Path, language: Names) -> None:
    """Make files for Kiwix in dist/copies/.

    One per language, from the last build; the next build removes them. Needs the optional library libzim.
    """
    start_time = time.monotonic()
    select(root, language, (), ())
    with show_progress() as progress:
        books = make_zims(root, language, progress)
    for name, size in books.items():
        console.print(f"dist/{escape(name)}: {size / 1e6:.1f} MB")
    console.print(f"Done in {time.monotonic() - start_time:.1f} s.")


@click.command(epilog=example("campaign hotspot /media/board --language pt"))
@click.argument("folder")
@by_language
@click.option("--prints", "has_prints", is_flag=True, help="Include the downloads of the website.")
@click.option("--name", default="", help="Name of the hotspot's website. Default: one that suits the readers.")
@click.option("--at", default="/srv/hotspot", show_default=True, help="Path of the folder on the board.")
@click.pass_obj
def hotspot(root: Path, folder: str, language: Names, has_prints: bool, name: str, at: str) -> None:
    """Copy the last build for a hotspot without internet.

    The folder also contains settings for two servers, nginx.conf and Caddyfile; use either. The guide describes how to
    set up a board.
    """
    start_time = time.monotonic()
    select(root, language, (), ())
    with show_progress() as progress:
        copy = make_hotspot(root, folder, language, has_prints, name, at, progress)
    console.print(f"{copy.files} files, {copy.bytes / 1e6:.1f} MB, {copy.written} written now, all read back.")
    console.print(f"Done in {time.monotonic() - start_time:.1f} s. Copy {escape(folder)} to {escape(at)} on the board.")


@click.command(epilog=example("campaign editable --language pt"))
@by_language
@by_piece
@click.pass_obj
def editable(root: Path, language: Names, pieces: Names) -> None:
    """Make Word files, slides and forms to fill in.

    They are in dist/editable/: handouts and guides as DOCX with locked telephone numbers, slides as PPTX, forms as PDF,
    which `campaign tally` reads. Builds keep them, and files that you have changed are never replaced.
    """
    select(root, language, (), ())
    names = names_of(root, pieces)
    with show_progress() as progress:
        report = make_editable(root, language, names, progress)
    for path in report.made if pieces else ():
        console.print(escape(f"dist/{path}"))
    for path in report.kept:
        console.print(escape(f"dist/{path} was changed and is kept. Move it elsewhere to get a new one."))
    show_problems(report.problems)
    if report.made:
        console.print(f"Files in dist/editable/: {len(report.made)} made.")
    elif not report.kept and not report.problems:
        console.print("No page here has the format handout, booklet or slides.")
    if report.problems:
        sys.exit(1)
