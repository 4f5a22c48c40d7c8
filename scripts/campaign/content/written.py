"""Copies what people wrote of a campaign, and nothing that is made of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from campaign.content.settings import FILE
from campaign.models.leftovers import is_leftover

# How the site looks, where a campaign brings that along.
TEMPLATES = "overrides"


def copy_written(root: Path, target: Path, tops: Iterable[str]) -> None:
    """Copies settings, tables of places and folders; links are not followed.

    Args:
        root: the campaign's folder.
        target: a folder that is made.
        tops: which folders, beside that of templates.
    """
    target.mkdir(parents=True, exist_ok=True)
    # Beside the settings: a country's table of places.
    for path in (root / FILE, *root.glob("*.csv")):
        if path.is_file() and not path.is_symlink():
            shutil.copyfile(path, target / path.name)
    for name in (*tops, TEMPLATES):
        if (root / name).is_dir() and not (root / name).is_symlink():
            shutil.copytree(root / name, target / name, ignore=_links_and_leftovers, dirs_exist_ok=True)


def _links_and_leftovers(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if is_leftover(name) or Path(folder, name).is_symlink()]
