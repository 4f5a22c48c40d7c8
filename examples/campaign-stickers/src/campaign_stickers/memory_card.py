"""A publishing target: `memory-card:/media/card` holds the latest site, for kiosks that read a card."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from campaign.publishing.address import parse_folder
from campaign.publishing.site_state import Change, changes
from campaign.publishing.target import Publication, Target, Version

NEW, SITE = "site.new", "site"


@dataclass
class MemoryCardTarget(Target):
    """A folder that holds one version; cards are too small for more."""

    path: Path

    @classmethod
    def parse(cls, root: Path, typed: str, rest: str) -> MemoryCardTarget:
        """Read what follows `memory-card:`."""
        return cls(parse_folder(root, rest))

    def plan(self, publication: Publication) -> Change:
        """Every file: a card is always written as a whole."""
        return changes(publication.site, {})

    def upload(self, publication: Publication, change: Change) -> None:
        """Copy the site next to the one that is shown."""
        shutil.rmtree(self.path / NEW, ignore_errors=True)
        shutil.copytree(publication.site, self.path / NEW)

    def activate(self, version: str) -> None:
        """Show the new site."""
        shutil.rmtree(self.path / SITE, ignore_errors=True)
        (self.path / NEW).rename(self.path / SITE)

    def list_versions(self) -> list[Version]:
        """Return none: there is nothing to go back to."""
        return []
