"""Steps that several commands share: select outputs, make them, draw proofs."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from campaign.cli.console import console, finish, show_destinations, show_progress
from campaign.models.problem import CampaignError, Problem, failure, unsilenced

if TYPE_CHECKING:
    from campaign.cache.cluster import Cluster
    from campaign.models.campaign import Campaign, Language
    from campaign.pipeline.report import Selection

Names = tuple[str, ...]  # values of a repeatable option


def chosen_language(campaign: Campaign, code: str) -> Language:
    """Return the language of `--language`, by default the source. Raise CampaignError for others."""
    language = campaign.languages.get(code or campaign.source_language.code)
    if language is None:
        fix = f"Choose from: {', '.join(campaign.languages)}."
        raise failure("value-unknown", "--language", f"`{code}` isn't a valid value of `--language`.", fix)
    return language


def draw_crops(root: Path, name: str) -> None:
    """Draw a photo with its regions and crops, and print where. Raise CampaignError if it can't be read."""
    from campaign.cache.atomic import work_folder, write_whole
    from campaign.content import load
    from campaign.content.photos import bare_photo, find_photo
    from campaign.images.crop_preview import draw_crop_preview

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
    from campaign.cache.atomic import work_folder
    from campaign.cli.resize import show_resized
    from campaign.content.photos import find_photo
    from campaign.models.media import Rights
    from campaign.pipeline.resizing import destinations_of, read_photos_to_resize, resize_photos

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
    from campaign.content.settings import read_settings
    from campaign.pipeline.selected import make_pieces

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
    from campaign.content import load
    from campaign.content.languages import as_built
    from campaign.pipeline.proofs import make_proofs

    selection = select(root, languages, places or ("national",), flavours, frozenset(kinds))
    campaign, problems = load(root)
    if any(problem.stops for problem in problems):
        raise CampaignError(unsilenced(problems, campaign.silence))
    narrowed = replace(selection, formats=frozenset(formats), names=names_of(root, pieces))
    with show_progress() as progress:
        page = make_proofs(as_built(campaign), narrowed, progress)
    console.print(f"Open {escape(str(page))}")


def select(
    root: Path,
    languages: Names,
    places: Names,
    flavours: Names,
    kinds: frozenset[str] = frozenset(),
    destinations: frozenset[str] = frozenset(),
) -> Selection:
    """Return the selection of outputs. Raise CampaignError if a language, place or destination is unknown."""
    from campaign.pipeline.report import Selection

    known = known_values(root)
    problems = [
        Problem(
            "value-unknown", option, f"`{value}` is not in mkdocs.yml.", f"Choose from: {', '.join(known[option])}."
        )
        for option, values in (("--language", languages), ("--place", places), ("--destination", destinations))
        for value in values
        if value not in known[option]
    ]
    if problems:
        raise CampaignError(problems)
    codes = frozenset(None if place == "national" else place for place in places)
    return Selection(kinds, frozenset(languages), codes, frozenset(flavours), destinations=destinations)


def kinds_of(root: Path, formats: Names) -> tuple[str, ...]:
    """Return the kinds of all formats. Raise CampaignError if a requested format is unknown."""
    from campaign.content.formats import read_formats

    known_formats = read_formats(root, [])
    unknown = [f"The format `{name}` is not known." for name in formats if name not in known_formats]
    _refuse("--format", unknown, f"Choose from: {', '.join(known_formats)}.")
    return tuple(dict.fromkeys(format.kind for format in known_formats.values()))


def names_of(root: Path, pieces: Names) -> frozenset[str]:
    """Return the names of outputs of some pieces, with their pictures. Raise CampaignError without any."""
    from campaign.content.formats import read_formats
    from campaign.content.photos import find_photo
    from campaign.plan.outputs import CONTACT_SHEET, names_of_piece

    formats = read_formats(root, [])
    names = {CONTACT_SHEET, *(path.stem for path in (root / "docs").rglob("*.md"))}
    unknown = [piece for piece in pieces if piece not in names and not find_photo(root, piece)]
    fix = "It is the name of its text's file, without `.md`: `ask-first` of docs/en/posters/ask-first.md."
    _refuse("--piece", [f"No text of docs/ or photo is called `{piece}`." for piece in unknown], fix)
    return frozenset(name for piece in pieces for name in names_of_piece(formats, piece))


def _refuse(option: str, messages: list[str], fix: str) -> None:
    if messages:
        raise CampaignError([Problem("value-unknown", option, message, fix) for message in messages])


def known_values(root: Path) -> dict[str, list[str]]:
    """Return the values of each option for selecting, from mkdocs.yml."""
    from campaign.content.settings import read_settings

    settings = read_settings(root, [])
    return {
        "--language": [code for code, _ in settings.languages],
        "--place": ["national", *settings.places],
        "--destination": list(settings.destinations),
    }
