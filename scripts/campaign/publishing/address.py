"""Refuse addresses (`publish`, `stick`, `hotspot`, desk) that may be options, commands, passwords or mistakes."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from campaign.models.problem import CampaignError, failure
from campaign.publishing.target import VERSIONS, VersionedFolder

BRANCH = "gh-pages"
# Addresses are shown, logged and stored. The part before @ may be a token (web addresses) or a key (buckets).
SECRET = re.compile(
    r"(?<=//)[^/?#@]*:[^/?#]*@|(?<=https://)[^/?#]*@|(?<=http://)[^/?#]*@|(?<=s3://)[^/]*@"
    r"|^git:[^/@:]+:[^/@]+@|^(?!git:)[^/@:]+:[^/@]+@",
    re.I,
)
SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]+):(?P<rest>.*)", re.I | re.S)
# A scheme without its colon: `ssh//host/folder`.
HALF_SCHEME = re.compile(r"(?:ssh|sftp|scp|git|s3|gs|ftps?|https?|file|rsync)/{1,2}[^/]", re.I)
USER = r"[A-Za-z0-9_][A-Za-z0-9_.+-]*"
NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\]"
LOGIN = rf"(?:(?P<user>{USER})@)?(?P<name>{NAME})(?::(?P<port>[0-9]{{1,5}}))?"
SCP = re.compile(rf"(?:{USER}@)?(?:{NAME}):(?P<path>.*)")
QUOTES = "\"'<“”‘’«»`"
IS_WINDOWS = os.name == "nt"
# If these are links, their targets belong to the campaign too.
OWN_FOLDERS = ("docs", "assets", "overrides", "formats", "shortcodes", "checks", "site", "dist", ".build", ".git")
WINDOWS_PATH = re.compile(r"[A-Za-z]:|.*\\")
DRIVE = re.compile(r"[A-Za-z]:[\\/]|\\\\[^\\]+\\[^\\]+")
HOST = re.compile(rf"//{LOGIN}(?P<folder>/.*)")
SHELL = re.compile(r"[$`;&|<>*?!(){}\[\]'\"\\~]")  # characters that a shell interprets or rsync splits at


def parse_folder(root: Path | None, raw: str) -> Path:
    """Parse an output folder. Raise CampaignError if it looks like an address, or touches the campaign's."""
    refuse_unsafe(raw)
    refuse_other_address(raw)
    path = typed_path(raw)
    if root is not None:
        refuse_campaign_path(root, raw, path)
    refuse_special(raw, path)
    return path


def parse_file(raw: str) -> Path:
    """Parse an output file. Raise CampaignError if it looks like an address, or is a folder, pipe or device."""
    refuse_unsafe(raw)
    refuse_other_address(raw)
    path = typed_path(raw)
    refuse_special(raw, path, is_folder=False)
    return path


def is_address(raw: str) -> bool:
    """Return whether a text is an address rather than a local folder."""
    return bool(SCHEME.fullmatch(raw))


def has_secret(raw: str) -> bool:
    """Return whether an address contains a password or token."""
    return bool(SECRET.search(raw))


def refuse_unsafe(raw: str) -> None:
    """Refuse what would leak a secret or be parsed as an option."""
    if has_secret(raw):
        message = "The address contains a password or a key, and addresses are shown and stored."
        fix = "Change that password. Leave it out: ssh, git and AWS_SECRET_ACCESS_KEY keep it."
        raise failure("target-password", SECRET.sub("", raw), message, fix)
    if not raw.strip():
        raise refused("(empty)", "No address was given.", "Name a folder, a zip, ssh://…, git:… or s3://….")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in raw):
        quoted = ascii(raw)
        raise refused(quoted, "The address contains invisible or control characters.", "Type it again by hand.")
    if raw != raw.strip():
        raise refused(repr(raw), "The address has a space before or after it.", f"Write {raw.strip()}")
    if raw.startswith("-"):
        raise refused(raw, "The address begins with `-`, so it looks like an option.", "Put ./ before a folder.")
    if raw[0] in QUOTES:
        raise refused(raw, "The address begins with a quote.", "Leave out the quotes and brackets around it.")
    normalised = unicodedata.normalize("NFKC", raw)
    if normalised != raw and SCHEME.match(normalised) and not SCHEME.match(raw):
        raise refused(raw, "The address contains look-alike characters.", f"Write {normalised}")


def refuse_other_address(raw: str) -> None:
    """Refuse addresses of unsupported kinds."""
    if match := SCHEME.fullmatch(raw):
        scheme, rest = match["scheme"].lower(), match["rest"].lstrip("/")
        if scheme == "file":
            raise refused(raw, "file:// addresses aren't supported.", f"Write the folder itself: /{rest}")
        if scheme in ("sftp", "scp", "rsync"):
            fix = f"Write ssh://{rest}; SFTP is used when rsync is missing."
            raise refused(raw, f"{scheme}:// addresses aren't supported.", fix)
        if scheme in ("http", "https") and "." in rest:
            fix = f"For a git repository, write git:https://{rest}#{BRANCH}"
            raise refused(raw, "A web address isn't a place to publish to.", fix)
        if "//" in raw[len(scheme) : len(scheme) + 3] or scheme in ("ftp", "ftps", "gs", "az", "http", "https"):
            fix = "Use a folder, a zip, ssh://user@host/folder, git:ADDRESS#BRANCH or s3://bucket."
            raise refused(raw, f"{scheme}: addresses aren't supported.", fix)
    if match := SCP.fullmatch(raw):
        path, login = match["path"], raw[: -len(match["path"]) - 1]
        if path.endswith(".git"):
            raise refused(raw, "A git address begins with `git:`.", f"Write git:{raw}#{BRANCH}")
        if len(login) > 1:
            place = "home/folder" if path.startswith("~") else path.lstrip("/") or "folder"
            fix = f"Write ssh://{login}/{place}, with the whole path."
            raise refused(raw, "This is a host's address without ssh://.", fix)
    if HALF_SCHEME.match(raw):
        fix = "Write ssh://user@host/folder, or ./ before a folder."
        raise refused(raw, "This looks like an address without its colon.", fix)


def refused(where: str, message: str, fix: str) -> CampaignError:
    """Return the error for an unusable address."""
    return failure("target-address", where, message, fix)


def typed_path(raw: str) -> Path:
    """Return the absolute path, with links and `~` resolved. Raise CampaignError if it isn't a local one."""
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
    """Raise CampaignError for files, pipes, devices and link loops in place of a folder, and vice versa."""
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


@dataclass
class HostTarget(VersionedFolder):
    """A folder of a host; port 0 leaves the choice to ssh."""

    user: str
    name: str
    port: int
    folder: str

    @property
    def login(self) -> str:
        """The host for ssh."""
        return f"{self.user}@{self.name}" if self.user else self.name

    @property
    def versions(self) -> str:
        """The folder of versions."""
        return f"{self.folder}/{VERSIONS}"


def parse_host(raw: str, location: str) -> tuple[str, str, int, str]:
    """Parse what follows `ssh:` into user, name, port and plain folder, or raise CampaignError."""
    fix = "Write ssh://user@host/folder, with the whole path of the folder."
    if not location.startswith("//") or not location.strip("/"):
        raise refused(raw, "The host is missing.", fix)
    if "/" not in location[2:].rstrip("/"):
        raise refused(raw, "The folder on the host is missing.", fix)
    match = HOST.fullmatch(location)
    if not match or int(match["port"] or 1) not in range(1, 65536):
        raise refused(raw, "The user, host or port isn't a valid one.", fix)
    parts = match["folder"].strip("/").split("/")
    if any(part in ("", ".", "..") or part.startswith("-") for part in parts) or SHELL.search(match["folder"]):
        raise refused(raw, "The folder on the host isn't a plain path.", fix)
    return match["user"] or "", match["name"].strip("[]"), int(match["port"] or 0), "/" + "/".join(parts)
