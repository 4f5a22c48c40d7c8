"""A zip of the site, for servers that people fill by hand."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from campaign.cache.archive import StoredFile, write_zip
from campaign.cache.atomic import files_below
from campaign.publishing.local_path import refuse_own, refuse_special, typed_path
from campaign.publishing.site_state import Change, changes
from campaign.publishing.target import Publication, Target, Version

ZIP = ".zip"
FOLDER = "site"  # in the zip


@dataclass
class ZipTarget(Target):
    """A zip file on this computer; it holds one version, the latest."""

    path: Path

    @classmethod
    def parse(cls, root: Path, typed: str) -> ZipTarget:
        """Read the name of a zip."""
        path = typed_path(typed)
        refuse_own(root, typed, path.parent, is_file=True)
        refuse_special(typed, path, is_folder=False)
        return cls(path)

    def plan(self, publication: Publication) -> Change:
        """Every file: a zip is always written as a whole."""
        return changes(publication.site, {})

    def upload(self, publication: Publication, change: Change) -> None:
        """Write the zip next to its place, and rename it."""
        members = {name: StoredFile(Path(entry.path)) for name, entry in files_below(publication.site)}
        with tempfile.TemporaryDirectory(prefix=".campaign-", dir=self.path.parent) as aside:
            file = Path(aside, self.path.name)
            write_zip(file, members, FOLDER, publication.day)
            file.replace(self.path)

    def activate(self, version: str) -> None:
        """Do nothing: the zip is complete, and people put it online."""

    def list_versions(self) -> list[Version]:
        """Return none: there is nothing to go back to."""
        return []
