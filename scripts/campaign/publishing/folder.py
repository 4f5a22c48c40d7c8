"""A folder of a web server: versions beside each other, and `current`, a link to the one that is served.

The link is replaced by a rename: a visitor gets the old site or the new one, never half of each.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from filelock import FileLock

from campaign.cache.atomic import files_below
from campaign.models.problem import CampaignError, Problem
from campaign.publishing.site_state import Change, SiteState, changes, parse_state, refuse_return, sum_of

CURRENT, VERSIONS, PART = "current", "versions", ".part"


def publish(site: Path, target: Path, state: SiteState, moment: datetime, keep: int, is_dry: bool) -> Change:
    """Puts a site into a folder and links to it. What is the same as before is linked, not copied.

    Args:
        site: the folder of the built site.
        target: the folder whose `current` the server serves.
        state: of the site.
        moment: names the version.
        keep: so many versions stay, for --rollback.
        is_dry: only say what would change.

    Raises:
        CampaignError: something else stands where `current` is to be.
    """
    old = _served(target)
    change = changes(site, {name: sum_of(Path(entry.path)) for name, entry in files_below(old)} if old else {})
    if is_dry or (change.is_none and old):
        return change
    target.mkdir(parents=True, exist_ok=True)
    with FileLock(target / ".lock"):
        versions = target / VERSIONS
        for left in versions.glob(f"*{PART}"):
            shutil.rmtree(left)
        name = name_of(moment)
        part, differing = versions / f"{name}{PART}", {*change.new, *change.changed}
        for address, entry in files_below(site):
            _put(Path(entry.path), part / address, old / address if old and address not in differing else None)
        (versions / f"{name}.json").write_bytes(state.to_json())
        part.replace(versions / name)
        _serve(target, name)
        _prune(target, keep)
    return change


def name_of(moment: datetime) -> str:
    """The name of a version, which sorts by time."""
    return f"{moment:%Y%m%d-%H%M%S-%f}"


def roll_back(target: Path) -> str:
    """Links to the version before the one that is served, and says its name.

    Raises:
        CampaignError: there is none, or it would bring back what was taken out since.
    """
    with FileLock(target / ".lock"):
        served, names = _served(target), list(_names(target))
        at = names.index(served.name) if served and served.name in names else 0
        if at == 0:
            what = "There is no version before the one that is served."
            raise CampaignError([Problem("rollback-none", str(target), what, "Publish anew instead.")])
        refuse_return(_state(target, names[at - 1]), _state(target, names[at]))
        _serve(target, names[at - 1])
        return names[at - 1]


def _served(target: Path) -> Path | None:
    current = target / CURRENT
    if current.is_symlink():
        return current.resolve() if current.is_dir() else None
    if current.exists():
        what = "This is no link that we made."
        raise CampaignError(
            [Problem("publish-in-the-way", str(current), what, "Move it away, or name another folder.")]
        )
    return None


def _put(source: Path, target: Path, same: Path | None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if same:
        try:
            os.link(same, target)
            return
        except OSError:  # a disk that knows no second name for a file
            pass
    shutil.copyfile(source, target)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _serve(target: Path, name: str) -> None:
    """Makes `current` lead to a version, at once."""
    aside = target / f"{CURRENT}{PART}"
    aside.unlink(missing_ok=True)
    try:
        aside.symlink_to(Path(VERSIONS) / name, target_is_directory=True)
    except OSError as error:
        what, fix = f"No link can be made here ({error.strerror}).", "Publish to a zip, and unpack it on the server."
        raise CampaignError([Problem("publish-no-links", str(target), what, fix)]) from None
    aside.replace(target / CURRENT)


def _names(target: Path) -> Iterator[str]:
    """Versions that stand whole, the oldest first."""
    yield from sorted(path.name for path in (target / VERSIONS).iterdir() if path.is_dir() and path.suffix != PART)


def _state(target: Path, name: str) -> SiteState | None:
    note = target / VERSIONS / f"{name}.json"
    return parse_state(note.read_bytes()) if note.is_file() else None


def _prune(target: Path, keep: int) -> None:
    """Takes old versions away, but never the one that is served."""
    served = _served(target)
    for name in [*_names(target)][:-keep]:
        if served is None or name != served.name:
            shutil.rmtree(target / VERSIONS / name)
            (target / VERSIONS / f"{name}.json").unlink(missing_ok=True)
