"""The commands that make some of the outputs."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from campaign.cache.atomic import work_folder, write_whole
from campaign.cache.cluster import Cluster
from campaign.cli import options
from campaign.cli.console import console, example, finish, show_destinations, show_problems, show_progress
from campaign.cli.resize import show_resized
from campaign.cli.selection import Names, kinds_of, names_of, select
from campaign.content import load
from campaign.content.languages import as_built
from campaign.content.messages import sms_length
from campaign.content.photos import bare_photo, find_photo
from campaign.content.settings import read_settings
from campaign.images.crop_preview import draw_crop_preview
from campaign.models.media import Rights
from campaign.models.outputs import PRESS_KIT
from campaign.models.problem import CampaignError, Problem, failure, unsilenced
from campaign.pipeline.embargo_previews import make_previews
from campaign.pipeline.proofs import make_proofs
from campaign.pipeline.resizing import destinations_of, read_photos_to_resize, resize_photos
from campaign.pipeline.selected import make_messages, make_pieces
from campaign.plan.print_queues import PRINT_QUEUE


@click.command(epilog=example("campaign leaflets --language pt --place north --flavour office"))
@options.choosing
@options.proofing
@click.pass_obj
def leaflets(root: Path, language: Names, place: Names, flavour: Names, pieces: Names, proof: bool) -> None:
    """Make only leaflets."""
    command_function = make_proofs_of if proof else make
    command_function(root, ("leaflet",), language, place, flavour, pieces=pieces)


@click.command(epilog=example("campaign posters --language pt --flavour print-shop"))
@options.choosing
@click.pass_obj
def posters(root: Path, language: Names, place: Names, flavour: Names, pieces: Names) -> None:
    """Make only posters."""
    make(root, ("poster",), language, place, flavour, pieces=pieces)


@click.command(epilog=example("campaign prints --format tri-fold --language pt"))
@click.option("--format", "formats", multiple=True, help="Format, such as tri-fold. Repeatable.")
@options.choosing
@options.clustering
@options.proofing
@click.pass_obj
def prints(
    root: Path,
    formats: Names,
    language: Names,
    place: Names,
    flavour: Names,
    pieces: Names,
    proof: bool,
    cluster: Cluster | None,
) -> None:
    """Make everything that is printed, or only some formats."""
    kinds = kinds_of(root, formats)
    if proof:
        make_proofs_of(root, kinds, language, place, flavour, formats, pieces)
    else:
        kinds = kinds if formats or pieces else (*kinds, PRINT_QUEUE)
        make(root, kinds, language, place, flavour, formats, cluster=cluster, pieces=pieces)


@click.command(epilog=example("campaign pictures --language pt --destination whatsapp-telegram"))
@options.by_language
@options.by_destination
@options.by_piece
@click.option("--look", metavar="PHOTO", help="Only draw a photo's covered regions and crops.")
@click.pass_obj
def pictures(root: Path, language: Names, destination: Names, pieces: Names, look: str | None) -> None:
    """Make only pictures, for the website and for sending."""
    if look:
        draw_crops(root, look)
    elif not (pieces and draw_undocumented(root, pieces, destination)):
        make(root, ("picture",), language, (), (), destinations=destination, pieces=pieces)


@click.command(epilog=example("campaign messages --language pt"))
@options.by_language
@click.pass_obj
def messages(root: Path, language: Names) -> None:
    """Write the texts that go with pictures to dist/.

    They are in dist/pictures/messages/. The command counts the characters of short ones.
    """
    select(root, language, (), ())
    campaign, problems, files = make_messages(root, language)
    table = Table("File", "Letters", "Of", "Messages", "Letters that make it 70", box=None)
    for name in files:
        text = (root / "dist" / name).read_text(encoding="utf-8").removesuffix("\n")
        length = sms_length(text)
        counts = ("", "", "", "") if name.endswith("-post.txt") else (
            str(length.letters), str(length.max_characters), str(length.parts), " ".join(length.foreign)
        )  # fmt: skip
        table.add_row(escape(f"dist/{name}"), *counts)
    console.print(table if files else "No docs/<language>/_messages.yml has a text for a picture.")
    show_problems(problems, campaign.silence)
    if any(not problem.is_note for problem in problems):
        sys.exit(1)


@click.command(epilog=example("campaign press --language pt"))
@options.by_language
@click.option("--preview", is_flag=True, help="Make marked previews of releases under embargo.")
@click.option("--for", "partners", multiple=True, help="With --preview: the recipient. Repeatable.")
@click.pass_obj
def press(root: Path, language: Names, preview: bool, partners: Names) -> None:
    """Make only press kits, or previews of releases under embargo.

    Previews are in dist/press-preview/ and never on the website.
    """
    partners = tuple(name.strip() for name in partners if name.strip())
    if preview != bool(partners):
        fix = 'Write --preview --for "Name of the newsroom", once for each.'
        raise failure("preview-nobody", "--preview", "`--for` needs `--preview`, and `--preview` needs `--for`.", fix)
    if not preview:
        make(root, (PRESS_KIT,), language, (), ())
        return

    for path in make_previews(root, partners):
        console.print(escape(path.relative_to(root).as_posix()))


def draw_crops(root: Path, name: str) -> None:
    """Draw a photo with its regions and crops, and print where. Raise CampaignError if it can't be read."""
    campaign, _ = load(root)
    photo = campaign.photos.get(name) or (bare_photo(file) if (file := find_photo(root, name)) else None)
    if photo is None:
        photo_names = ", ".join(campaign.photos) or "none yet"
        raise failure("value-unknown", "--look", f"There is no photo `{name}`.", f"In assets/photos: {photo_names}.")
    rows = {name: row for name, row in campaign.destinations.items() if not row.is_panels}
    picture = draw_crop_preview(root, photo, rows)
    if isinstance(picture, Problem):
        raise CampaignError([picture])
    target = work_folder(root) / "look" / f"{name}.png"
    write_whole(target, picture)
    console.print(f"Open {escape(str(target))}")


def draw_undocumented(root: Path, names: Names, wanted: Names) -> bool:
    """Resize photos for looking at them (`wanted`: destinations or all) and return True, if none has a record."""
    files = [file for name in names if (file := find_photo(root, name)) and not file.with_suffix(".yml").is_file()]
    if not files or len(files) < len(names):
        return False
    destinations = {name: row for name, row in destinations_of(root).items() if not wanted or name in wanted}
    photos = read_photos_to_resize(None, files, Rights(), date.today())
    show_resized(resize_photos(photos, destinations, work_folder(root) / "look"), destinations)
    console.print("They are for looking at: dist/ gets pictures when a record says who agreed to what.")
    return True


def make(
    root: Path,
    kinds: Names,
    languages: Names,
    places: Names,
    flavours: Names,
    formats: Names = (),
    destinations: Names = (),
    cluster: Cluster | None = None,
    pieces: Names = (),
) -> None:
    """Make outputs of some kinds, everything without a selection, and show them."""
    start_time = time.monotonic()
    selection = select(root, languages, places, flavours, frozenset(kinds), frozenset(destinations))
    narrowed = replace(selection, formats=frozenset(formats), names=names_of(root, pieces))
    with show_progress() as progress:
        report = make_pieces(root, narrowed, progress, cluster)
    report.made = [artifact for artifact in report.made if narrowed.includes(artifact.output)]
    if any(artifact.output.destination for artifact in report.made):
        show_destinations(read_settings(root, []).destinations, report.made)
    finish(report, time.monotonic() - start_time)


def make_proofs_of(
    root: Path, kinds: Names, languages: Names, places: Names, flavours: Names, formats: Names = (), pieces: Names = ()
) -> None:
    """Draw proofs, of the national pieces by default, and print where."""
    selection = select(root, languages, places or ("national",), flavours, frozenset(kinds))
    campaign, problems = load(root)
    if any(problem.stops for problem in problems):
        raise CampaignError(unsilenced(problems, campaign.silence))
    narrowed = replace(selection, formats=frozenset(formats), names=names_of(root, pieces))
    with show_progress() as progress:
        page = make_proofs(as_built(campaign), narrowed, progress)
    console.print(f"Open {escape(str(page))}")
