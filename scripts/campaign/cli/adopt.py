"""The command by which another country takes a campaign over."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape

from campaign.cli.console import console, example
from campaign.cli.runs import Names
from campaign.models.problem import CampaignError, Problem


@click.command(epilog=example("campaign adopt ../our-campaign"))
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--status", "is_status", is_flag=True, help="Instead: list what is still to be answered in this campaign."
)
@click.option("--word", "words", multiple=True, help="A hole where this stands too, as the country's name. Repeatable.")
@click.pass_obj
def adopt(root: Path, folder: Path | None, is_status: bool, words: Names) -> None:
    """Take this campaign over for another country: a copy with a hole wherever it speaks of its own.

    Holes are {{ ask: which law? }} in texts. Readers see the question; `campaign check` names each, and
    `campaign build --release` refuses them. What stood there is in docs/_adopted.json.
    """
    from campaign.content import load
    from campaign.content.holes import find_holes

    campaign, problems = load(root)
    if is_status:
        holes = list(find_holes(campaign))
        for hole in holes:
            click.echo(f"{hole.where}  {hole.question}")
        asked = len({hole.question for hole in holes})
        console.print(f"{len(holes)} holes, {asked} questions." if holes else "Nothing is left to be answered.")
        return
    if folder is None or (folder.exists() and any(folder.iterdir())) or folder.resolve().is_relative_to(root):
        what = "A new folder is needed, outside this campaign's."
        raise CampaignError([Problem("folder-not-empty", str(folder or "."), what, "Name a new one.")])
    stopping = [problem for problem in problems if problem.stops]
    if stopping:
        raise CampaignError(stopping)
    from campaign.content.adopting import adopt as run

    done = run(campaign, folder, words)
    console.print(
        f"{done.holes} texts wait for an answer; {done.contacts} contacts and {done.places} places were left out."
    )
    console.print(f"Go to {escape(str(folder))} and run: campaign adopt --status")
