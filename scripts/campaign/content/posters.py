"""Posters' art: assets/posters/<name>/poster.yml and art.svg."""

from __future__ import annotations

from pathlib import Path

from campaign.content.licences import read_rights
from campaign.content.meaning import read_area, read_meaning
from campaign.content.misnamed import rename_or
from campaign.content.photos import read_focus
from campaign.models.formats import Format
from campaign.models.leftovers import is_leftover
from campaign.models.media import Poster, Rights
from campaign.models.page import Page
from campaign.models.problem import Problem
from campaign.schema.declaration import bind
from campaign.schema.kinds import PosterFile
from campaign.schema.yaml_reader import read_yaml

FOLDER = "assets/posters"


def read_posters(root: Path, problems: list[Problem]) -> dict[str, Poster]:
    """Return posters by name; a folder without author and licence is a problem."""
    folders = sorted(path for path in (root / FOLDER).glob("*") if path.is_dir() and not is_leftover(path.name))
    return {path.name: _poster(path, problems) for path in folders}


def needs_art(page: Page, row: Format) -> bool:
    """Return whether a page shows a drawing in a format."""
    return bool(row.drawing and (row.needs_drawing or page.options.art or page.covers))


def arts_of(page: Page) -> list[str]:
    """Return the drawings of a page, by default the one of its name."""
    return [cover.art for cover in page.covers] or [page.art]


def _poster(folder: Path, problems: list[Problem]) -> Poster:
    where = f"{FOLDER}/{folder.name}/poster.yml"
    art = folder / "art.svg"
    if not art.is_file():
        fix = rename_or(art, "Add the drawing as art.svg.")
        problems.append(Problem("art-missing", f"{FOLDER}/{folder.name}/art.svg", "The poster has no art.", fix))
    if not (folder / "poster.yml").is_file():
        fix = rename_or(folder / "poster.yml", "Add poster.yml with `credit:` and `licence:`.")
        problems.append(Problem("art-uncredited", where, "The art doesn't say who made it.", fix))
        return Poster(folder.name, art, Rights(), where)
    note = bind(PosterFile, read_yaml(folder / "poster.yml", where, problems), where, problems)
    scene = read_area(note.scene) if note.scene else None
    return Poster(
        *(folder.name, art, read_rights(note), where, read_focus(note.focus), note.photo, note.photo_state),
        scene=scene,
        meaning=read_meaning(note.meaning, folder, scene),
    )


def read_drawings(root: Path, kind: str) -> dict[str, Path]:
    """Return the drawings in a folder of assets/ by name."""
    return {path.stem: path for path in sorted((root / "assets" / kind).glob("*.svg")) if not is_leftover(path.name)}


def read_fonts(root: Path) -> tuple[Path, ...]:
    """Return the campaign's font files."""
    suffixes = (".ttf", ".otf", ".ttc")
    results = (path for path in (root / "assets/fonts").glob("*") if path.suffix.lower() in suffixes)
    return tuple(sorted(path for path in results if not is_leftover(path.name)))
