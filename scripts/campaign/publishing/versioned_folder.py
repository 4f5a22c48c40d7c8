"""What targets have in common that keep versions next to each other and serve `current`, a link to one of them.

The link is replaced by one rename: a visitor gets the old site or the new one, never half of each. `folder`, `rsync`
and `sftp` differ only in how they reach the folder.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable

from campaign.publishing.target import Target, Version

CURRENT, VERSIONS = "current", "versions"
# Endings in VERSIONS: of a version that isn't complete yet, and of the state that is recorded with one.
PART, STATE = ".part", ".json"


class VersionedFolder(Target):
    """A folder with complete versions in VERSIONS and a link to the one that is served."""

    @abstractmethod
    def list_files(self) -> tuple[Iterable[str], str]:
        """Return the names in VERSIONS and that of the version that the link leads to, '' if there is none."""

    @abstractmethod
    def remove(self, versions: list[str]) -> None:
        """Remove versions and their states."""

    def list_versions(self) -> list[Version]:
        """Return the complete versions, the oldest first."""
        names, served = self.list_files()
        complete = sorted(name for name in names if name[:1].isdigit() and not name.endswith((PART, STATE)))
        return [Version(name, name == served) for name in complete]

    def prune(self, keep: int) -> None:
        """Remove all but the latest versions, never the one that is served."""
        if old := [version.name for version in self.list_versions()[:-keep] if not version.is_served]:
            self.remove(old)
