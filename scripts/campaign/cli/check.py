"""The command that checks the campaign."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Column, Table

from campaign.checks.words import hardest_pages, measure_languages
from campaign.cli.console import QUIET, console, example, print_json, show_problems, show_progress
from campaign.cli.options import as_json, detailing, trusting
from campaign.models.campaign import Campaign
from campaign.models.problem import unsilenced
from campaign.pipeline.build import check as run


@click.command(epilog=example("campaign check --verbose"))
@click.option("--all", "is_all", is_flag=True, help="Also show notes silenced in mkdocs.yml, with reasons.")
@trusting
@detailing
@as_json
@click.pass_obj
def check(root: Path, is_all: bool, is_trusted: bool, is_json: bool, detail: str | None) -> None:
    """Check the campaign and the last build, and list problems.

    Also shows how long sentences and words are in each language, and which pages are hardest to read.
    """
    with show_progress(QUIET if is_json else detail) as progress:
        campaign, problems = run(root, is_trusted, progress)
    if is_json:
        print_json(problems, campaign.silence)
        sys.exit(any(not problem.is_note for problem in problems))
    show_problems(problems, campaign.silence, is_all, detail)
    if any(not problem.is_note for problem in problems):
        sys.exit(1)
    if detail != QUIET:
        _show_lengths(campaign)
        notes = len(unsilenced(problems, campaign.silence))
        console.print(f"No problems. Notes: {notes}." if notes else "Nothing to fix.")


def _show_lengths(campaign: Campaign) -> None:
    table = Table("Language", *("Sentences", "Words per sentence", "Longest", "Letters per word"), box=None)
    for code, length in measure_languages(campaign).items():
        cells = (f"{length.sentences:,}", f"{length.words:.1f}", str(length.longest), f"{length.letters:.1f}")
        table.add_row(code, *(cells if length.sentences else ("no spaces between words",)))
    console.print(table)
    hardest = Table(
        Column("Hardest to read", no_wrap=True), "Words per sentence", "Longest", "Its first words", box=None
    )
    for page, length, sentence in hardest_pages(campaign):
        hardest.add_row(escape(page.where), f"{length.words:.1f}", str(length.longest), escape(sentence))
    console.print(hardest)
