"""A photo's file as the desk saves it: covered where `redact` says so, its original in originals/."""

from __future__ import annotations

from pathlib import Path

from campaign.content.originals import ORIGINALS, original_of, originals_folder
from campaign.content.photos import FOLDER, read_redact
from campaign.desk.files import GONE, Change, Files, version_of
from campaign.desk.photo_file import yml
from campaign.images.stored import is_covered, stored_photo
from campaign.models.problem import Problem


def stored_changes(files: Files, name: str, photo: Path, is_new: bool, said: str | None) -> dict[str, Change] | Problem:
    """Return the changes to a photo's own files.

    Args:
        photo: its file, or the upload if `is_new`
        said: its new .yml, None if unchanged.
    """
    before = files.read(yml(name)) or b""
    redact = read_redact(said if said is not None else before.decode(errors="replace"))
    if not is_new and redact == read_redact(before.decode(errors="replace")) and is_covered(files.root, photo, redact):
        return {}
    original = None if is_new else original_of(files.root, name)
    if not is_new and not redact and original is None:
        return {}
    source = original or photo
    made = stored_photo(source.parent, source, redact)
    if isinstance(made, Problem):
        return made
    data, ending = made
    target, own = f"{FOLDER}/{name}{ending}", f"{FOLDER}/{photo.name}"
    changes = {target: Change(_version(files, target), data)}
    if not is_new and own != target:
        changes[own] = Change(_version(files, own), None)
    if redact and original is None:
        originals_folder(files.root)
        kept = f"{ORIGINALS}/{name}{photo.suffix}"
        changes[kept] = Change(_version(files, kept), photo.read_bytes())
    elif not redact:
        changes |= without_original(files, name)
    return changes


def without_original(files: Files, name: str) -> dict[str, Change]:
    """Return the deletion of a photo's original, if there is one."""
    original = original_of(files.root, name)
    kept = f"{ORIGINALS}/{original.name}" if original else ""
    return {kept: Change(_version(files, kept), None)} if kept else {}


def _version(files: Files, name: str) -> str:
    data = files.read(name)
    return GONE if data is None else version_of(data)
