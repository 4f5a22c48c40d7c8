"""A folder of a web server reached over SSH, with rsync (`rsync.py`) or SFTP (`sftp.py`)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from campaign.publishing.address import LOGIN, refused
from campaign.publishing.target import VERSIONS, VersionedFolder

HOST = re.compile(rf"//{LOGIN}(?P<folder>/.*)")
SHELL = re.compile(r"[$`;&|<>*?!(){}\[\]'\"\\~]")  # characters that a shell interprets or rsync splits at


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
