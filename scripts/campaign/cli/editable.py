"""The command that makes Word files, slides and forms to fill in."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.markup import escape

from campaign.cli.console import console, example, show_problems, show_progress
from campaign.cli.options import by_language, by_piece
from campaign.cli.runs import Names, names_of, select


@click.command(epilog=example("campaign editable --language pt"))
@by_language
@by_piece
@click.pass_obj
def editable(root: Path, language: Names, pieces: Names) -> None:
    """Make Word files, slides and forms to fill in.

    They are in dist/editable/: handouts and guides as DOCX with locked telephone numbers, slides as PPTX, forms as PDF,
    which `campaign tally` reads. Builds keep them, and files that you have changed are never replaced.
    """
    from campaign.pipeline.editable import make_editable

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
