"""The base of targets that keep versions next to each other and serve `current`, a link.

Replacing the link is one rename, so visitors never get a mixture.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable

from campaign.publishing.target import Target, Version

CURRENT_LINK = "current"
VERSIONS = "versions"
# Suffixes in VERSIONS: incomplete versions, and recorded states.
PARTIAL_SUFFIX = ".part"
STATE = ".json"


class VersionedFolder(Target):
    """A folder with complete versions in VERSIONS, and a link to the served one."""

    @abstractmethod
    def list_files(self) -> tuple[Iterable[str], str]:
        """Return the names in VERSIONS, and the version that the link leads to, or ''."""

    @abstractmethod
    def remove(self, versions: list[str]) -> None:
        """Remove versions and their states."""

    def list_versions(self) -> list[Version]:
        """Return the complete versions, oldest first."""
        names, files = self.list_files()
        complete = sorted(name for name in names if name[:1].isdigit() and not name.endswith((PARTIAL_SUFFIX, STATE)))
        return [Version(name, name == files) for name in complete]

    def prune(self, keep: int) -> None:
        """Remove old versions, never the served one."""
        if old := [version.name for version in self.list_versions()[:-keep] if not version.is_served]:
            self.remove(old)
