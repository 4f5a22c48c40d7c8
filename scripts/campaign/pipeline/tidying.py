"""`campaign tidy`: removes metadata and covered faces from the files of photos."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from campaign.cache.memo import Memo
from campaign.checks.photos import check_photos
from campaign.content import load
from campaign.content.originals import original_of, originals_folder
from campaign.content.photos import photo_state
from campaign.content.writing import all_or_none, encoded_like, read_text, write_file, write_files
from campaign.images.stored import is_covered, stored_photo
from campaign.models.campaign import Campaign
from campaign.models.media import Photo
from campaign.models.problem import Problem
from campaign.schema.yaml_edit import CannotEdit
from campaign.schema.yaml_splice import set_value


def untidy_photos(root: Path) -> tuple[Campaign, list[Photo]]:
    """Return photos whose files contain metadata or faces that should be covered."""
    campaign, _ = load(root)
    paths = {problem.where for problem in check_photos(campaign, Memo.of(root))}
    return campaign, [photo for photo in campaign.photos.values() if photo.file.relative_to(root).as_posix() in paths]


def tidy_photos(campaign: Campaign, photos: Iterable[Photo]) -> tuple[list[str], list[Problem]]:
    """Rewrite the files of photos; return the names of those rewritten, and problems with others."""
    tidied, problems = [], []
    for photo in photos:
        try:
            result = _tidy(campaign, photo)
        except CannotEdit as error:
            result = Problem(
                "file-unreadable", str(error), "The file can't be changed automatically.", "Edit it by hand."
            )
        if isinstance(result, Problem):
            problems.append(result)
        else:
            tidied.append(photo.file.name)
    return tidied, problems


def _tidy(campaign: Campaign, photo: Photo) -> Problem | None:
    root, file = campaign.root, photo.file
    is_open = not is_covered(root, file, photo.redact)
    stored = stored_photo(root, file, photo.redact if is_open else ())
    if isinstance(stored, Problem):
        return stored
    data, suffix = stored
    state = photo_state(photo)
    target = file.with_suffix(suffix) if suffix != file.suffix.lower() else file
    with all_or_none(root):
        if is_open and original_of(root, photo.name) is None:
            write_file(root, originals_folder(root) / file.name, file.read_bytes())
        write_files(root, ({file: None} if target != file else {}) | {target: data})
        _follow(campaign, photo, target, state)
    return None


def _follow(campaign: Campaign, photo: Photo, file: Path, state: str) -> None:
    """Update posters that contain a copy of the photo."""
    for poster in campaign.posters.values():
        if poster.photo == photo.name and poster.photo_state == state:
            path = campaign.root / poster.where.partition(":")[0]
            text = set_value(read_text(path), ("photo_state",), photo_state(replace(photo, file=file)))
            write_file(campaign.root, path, encoded_like(path.read_bytes(), text))
