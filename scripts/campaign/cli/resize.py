"""The command that resizes photos for destinations, in a campaign or outside."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import click
from rich.markup import escape

from campaign.cli.console import console, example, show_problems
from campaign.cli.paths import InputFile, OutputFolder
from campaign.models.formats import Destination
from campaign.models.problem import CampaignError, Problem
from campaign.pipeline.resizing import (
    ResizedPhoto,
    choose_destinations,
    destinations_of,
    read_photos_to_resize,
    resize_photos,
    typed_rights,
)

SETTINGS = "mkdocs.yml"
MAX_NAMES = 5


@click.command(epilog=example("campaign resize market.jpg --to whatsapp,press --out pictures"))
@click.argument("photos", nargs=-1, required=True, type=InputFile(), metavar="PHOTO...")
@click.option("--to", "wanted", default="whatsapp-telegram,press", show_default=True, help="Destinations, with commas.")
@click.option("--out", required=True, type=OutputFolder(), help="Folder to write to: one folder in it a destination.")
@click.option("--credit", default="", help="Who took photos that have no record (`market.yml` next to market.jpg).")
@click.option("--licence", default="", help="Their licence, such as CC-BY-4.0.")
@click.pass_obj
def resize(root: Path, photos: tuple[Path, ...], wanted: str, out: Path, credit: str, licence: str) -> None:
    """Resize photos for chats, posts or the press.

    Pictures are cropped and light enough, and hold no position, camera or names. Crops follow the photo's record if it
    has one: its focal point, covered regions, credit, and what people agreed to.
    """
    campaign_folder = root if (root / SETTINGS).is_file() else None
    chosen, problems = choose_destinations(destinations_of(campaign_folder), filter(None, wanted.split(",")))
    rights, wrong_rights = typed_rights(credit, licence)
    problems += wrong_rights
    if not chosen and not problems:
        problems.append(Problem("value-unknown", "--to", "No destination is named.", "Name one, such as `press`."))
    if problems:
        raise CampaignError(problems)
    show_resized(
        resize_photos(read_photos_to_resize(campaign_folder, photos, rights, date.today()), chosen, out), chosen
    )


def show_resized(results: Sequence[ResizedPhoto], destinations: Mapping[str, Destination]) -> None:
    """Print the new pictures, what to ask before they are sent, and the problems; exit with 1 if there are any."""
    lost = {artifact: result.lost_edges(artifact) for result in results for artifact in result.artifacts}
    for artifact, edges in lost.items():
        limit = destinations[artifact.output.destination].most_bytes
        limited = f" of at most {limit / 1000:.0f}" if limit else ""
        size = f"{artifact.width} × {artifact.height} px, {artifact.bytes / 1000:.0f} kB{limited}"
        console.print(escape(f"{artifact.file}  {size}{f', {edges}' if edges else ''}"))
    made = [result for result in results if result.artifacts]
    if made:
        number = sum(len(result.artifacts) for result in made)
        console.print(f"Pictures made: {number}. They hold no position, camera or names.")
    if any(lost.values()):
        console.print("Look at those that lost an edge: people may be cut off. `focus:` in the record moves the crop.")
    for result in made:
        if result.frames > 1:
            console.print(escape(f"{result.photo.file.name} holds {result.frames} pictures: only the first is used."))
    if bare := _names([result for result in made if not result.is_documented]):
        console.print(escape(f"No record says that people in these agreed: {bare}. Ask before you send them."))
    if uncredited := _names([result for result in made if not result.photo.rights.credit]):
        console.print(escape(f"Without a credit: {uncredited}. Name the photographer with --credit, or in the record."))
    problems = [problem for result in results for problem in result.problems]
    show_problems(problems)
    if any(not problem.is_note for problem in problems):
        sys.exit(1)


def _names(results: Sequence[ResizedPhoto]) -> str:
    """Return the names of some photos' files, only the first of many."""
    names = [result.photo.file.name for result in results]
    more = len(names) - MAX_NAMES
    return ", ".join(names[:MAX_NAMES]) + (f" and {more} more" if more > 0 else "")
