"""A zip of the site, for servers that are filled by hand."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from campaign.cache.archive import StoredFile, write_zip
from campaign.cache.atomic import files_below
from campaign.publishing.local_path import refuse_campaign_path, refuse_special, typed_path
from campaign.publishing.site_state import Change, changes
from campaign.publishing.target import Publication, Target, Version

ZIP = ".zip"
FOLDER = "site"  # in the zip


@dataclass
class ZipTarget(Target):
    """A local zip file, which holds one version."""

    path: Path

    @classmethod
    def parse(cls, root: Path, raw: str) -> ZipTarget:
        """Parse the name of a zip."""
        path = typed_path(raw)
        refuse_campaign_path(root, raw, path.parent, is_file=True)
        refuse_special(raw, path, is_folder=False)
        return cls(path)

    def plan(self, publication: Publication) -> Change:
        """Return every file: a zip is always written whole."""
        return changes(publication.site, {})

    def upload(self, publication: Publication, change: Change) -> None:
        """Write the zip atomically."""
        members = {name: StoredFile(Path(entry.path)) for name, entry in files_below(publication.site)}
        with tempfile.TemporaryDirectory(prefix=".campaign-", dir=self.path.parent) as work_folder:
            file = Path(work_folder, self.path.name)
            write_zip(file, members, FOLDER, publication.day)
            file.replace(self.path)

    def activate(self, version: str) -> None:
        """Do nothing: people put the zip online."""

    def list_versions(self) -> list[Version]:
        """Return no versions."""
        return []
