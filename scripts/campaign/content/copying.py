"""Copy what people wrote of a campaign, without outputs."""

from __future__ import annotations

import shutil
from collections.abc import Container, Iterable
from pathlib import Path

from campaign.content.settings import FILE
from campaign.models.leftovers import is_leftover

# The folder for a campaign's templates.
TEMPLATES = "overrides"


def copy_written(root: Path, target: Path, folders: Iterable[str], left_out: Container[str] = ()) -> None:
    """Copy settings, tables of places, templates and `folders`, without links and leftovers."""
    target.mkdir(parents=True, exist_ok=True)
    settings = (root / FILE).read_text(encoding="utf-8", errors="replace") if (root / FILE).is_file() else ""
    # Other tables may contain anything.
    for path in (root / FILE, *(item for item in root.glob("*.csv") if item.name in settings)):
        if path.is_file() and not path.is_symlink():
            shutil.copyfile(path, target / path.name)

    def passed_over(folder: str, names: list[str]) -> list[str]:
        parent = Path(folder).relative_to(root).as_posix()
        return [
            name
            for name in names
            if is_leftover(name) or Path(folder, name).is_symlink() or f"{parent}/{name}" in left_out
        ]

    for name in (*folders, TEMPLATES):
        if (root / name).is_dir() and not (root / name).is_symlink():
            shutil.copytree(root / name, target / name, ignore=passed_over, dirs_exist_ok=True)
