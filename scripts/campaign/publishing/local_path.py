"""Local output paths: never the campaign's own folders, never a device."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from campaign.models.problem import CampaignError, failure

IS_WINDOWS = os.name == "nt"
# If these are links, their targets belong to the campaign too.
OWN_FOLDERS = ("docs", "assets", "overrides", "formats", "shortcodes", "checks", "site", "dist", ".build", ".git")
WINDOWS_PATH = re.compile(r"[A-Za-z]:|.*\\")
DRIVE = re.compile(r"[A-Za-z]:[\\/]|\\\\[^\\]+\\[^\\]+")


def typed_path(raw: str) -> Path:
    """Return the absolute path, with links and `~` resolved.

    Raise CampaignError if it isn't a local path, or a new folder would look like an address.
    """
    path = Path(raw).expanduser() if not raw.startswith("~") else _home_path(raw)
    if not IS_WINDOWS and WINDOWS_PATH.match(raw):
        raise _refused(raw, "This is a path of Windows.", "Write it as on this computer: /srv/site.")
    if IS_WINDOWS and ":" in raw and not DRIVE.match(raw):
        raise _refused(raw, "The path isn't complete.", "Write it from the drive on: D:\\site.")
    if raw.startswith("//"):
        raise _refused(raw, "This looks like an address without its beginning.", "Write one / before a folder.")
    if re.match(r"[$%]\w", raw):
        raise _refused(raw, "Variables aren't replaced here.", "Write the whole path.")
    if not path.is_absolute() and "@" in "".join(path.parts[:1]):
        raise _refused(raw, "This looks like a host's address.", "Write ssh://user@host/folder.")
    real_path = Path(os.path.realpath(path))
    for item in (real_path, *real_path.parents):
        if (":" in item.name or item.name.startswith("-")) and not os.path.lexists(item):
            raise _refused(raw, f"`{item.name}` looks like an address or an option.", "Choose another name.")
    return real_path


def _home_path(raw: str) -> Path:
    try:
        return Path(raw).expanduser()
    except RuntimeError:
        raise _refused(raw, "No user of this computer has that name.", "Write the whole path.") from None


def refuse_special(raw: str, path: Path, is_folder: bool = True) -> None:
    """Refuse files, pipes, devices and link loops in place of a folder, and vice versa.

    Raise CampaignError if something else has that name.
    """
    link = Path(raw).expanduser()
    if link.is_symlink() and not link.exists():
        raise _refused(raw, "This link leads nowhere.", "Name what it should lead to, or remove it.")
    if is_folder and os.path.lexists(path) and not path.is_dir():
        raise _refused(raw, "This isn't a folder.", "Name a folder, or one that doesn't exist yet.")
    if not is_folder and os.path.lexists(path) and not path.is_file():
        raise _refused(raw, "This isn't a file.", "Name a file, or one that doesn't exist yet.")
    if not is_folder and not path.parent.is_dir():
        raise _refused(raw, "The folder of this file doesn't exist.", "Create the folder first.")


def refuse_campaign_path(root: Path, raw: str, folder: Path, is_file: bool = False) -> None:
    """Refuse the campaign's folders and their parents, the home folder and whole disks.

    A single file (`is_file`) may be next to mkdocs.yml or at home. Raise CampaignError if it is one of these.
    """
    if is_own(root, folder, is_file):
        message = "This is the campaign's own folder, one in it, or one that contains it."
        fix = "Name a separate folder outside the campaign."
        raise failure("target-own-folder", raw, message, fix)
    home = Path(os.path.realpath(Path.home()))
    if not is_file and (_contains(folder, home) or folder == Path(folder.anchor) == Path(root.resolve().anchor)):
        message, fix = "This folder has other things in it.", "Name a separate folder."
        raise failure("target-own-folder", raw, message, fix)


def is_own(root: Path, folder: Path, is_file: bool = False) -> bool:
    """Return whether a folder overlaps the campaign's, also under another spelling or through links."""
    folder = Path(os.path.realpath(folder))
    own_folders = [Path(os.path.realpath(item)) for item in (root, *(root / name for name in OWN_FOLDERS))]
    if is_file:
        return not _is_same(folder, root) and any(_contains(item, folder) for item in own_folders)
    return any(_contains(item, folder) or _contains(folder, item) for item in own_folders)


def _contains(outer: Path, inner: Path) -> bool:
    return any(_is_same(outer, item) for item in _and_above(inner))


def _and_above(path: Path) -> Iterator[Path]:
    yield path
    yield from path.parents


def _is_same(path: Path, other: Path) -> bool:
    """Compare by file identity: disks may ignore case, and folders may be mounted twice."""
    try:
        return path == other or path.samefile(other)
    except OSError:
        return False


def _refused(where: str, message: str, fix: str) -> CampaignError:
    return failure("target-address", where, message, fix)
