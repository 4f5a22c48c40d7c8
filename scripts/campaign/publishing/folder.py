"""A local folder that a web server serves, and a zip of the site for servers that are filled by hand."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock

from campaign.cache.archive import StoredFile, write_zip
from campaign.cache.atomic import files_below
from campaign.models.problem import failure
from campaign.publishing.address import parse_folder, refuse_campaign_path, refuse_special, typed_path
from campaign.publishing.site_state import Change, SiteState, changes, parse_state, sum_of
from campaign.publishing.target import (
    CURRENT_LINK,
    LOCK,
    PARTIAL_SUFFIX,
    STATE,
    VERSIONS,
    Publication,
    Target,
    Version,
    VersionedFolder,
)

ZIP = ".zip"
FOLDER = "site"  # in the zip


@dataclass
class FolderTarget(VersionedFolder):
    """A folder; the server serves `current` in it."""

    path: Path
    _locks: ExitStack = field(default_factory=ExitStack, init=False, repr=False, compare=False)

    @classmethod
    def parse(cls, root: Path, raw: str) -> FolderTarget:
        """Parse the name of a folder."""
        return cls(parse_folder(root, raw))

    @contextmanager
    def session(self, workspace: Path, writes: bool) -> Iterator[None]:
        """Lock the folder, if it exists; `upload` locks a new one."""
        self.check_own(str(self.path))
        with self._locks:
            if writes and self.path.is_dir():
                self._lock()
            yield

    def plan(self, publication: Publication) -> Change:
        """Compare the site with the served files."""
        current = self._served_folder()
        old = {name: sum_of(Path(entry.path)) for name, entry in files_below(current)} if current else {}
        return changes(publication.site, old)

    def upload(self, publication: Publication, change: Change) -> None:
        """Copy changed files; unchanged ones are hard links."""
        self.path.mkdir(parents=True, exist_ok=True)
        self._lock()
        versions, name, current = self.path / VERSIONS, publication.version, self._served_folder()
        for leftover in versions.glob(f"*{PARTIAL_SUFFIX}"):
            shutil.rmtree(leftover)
        part, changed_names = versions / f"{name}{PARTIAL_SUFFIX}", {*change.new, *change.changed}
        for address, entry in files_below(publication.site):
            unchanged = current / address if current and address not in changed_names else None
            _copy_or_link(Path(entry.path), part / address, unchanged)
        for folder in (part, *(path for path in part.rglob("*") if path.is_dir())):
            folder.chmod(folder.stat().st_mode | 0o755)
        (versions / f"{name}{STATE}").write_bytes(publication.state.to_json())
        part.replace(versions / name)

    def activate(self, version: str) -> None:
        """Point `current` to a version."""
        new_link = self.path / f"{CURRENT_LINK}{PARTIAL_SUFFIX}"
        new_link.unlink(missing_ok=True)
        try:
            new_link.symlink_to(Path(VERSIONS) / version, target_is_directory=True)
        except OSError as error:
            message = f"Links can't be made here ({error.strerror})."
            fix = "Publish a zip, and unpack it on the server."
            raise failure("publish-no-links", str(self.path), message, fix) from None
        new_link.replace(self.path / CURRENT_LINK)

    def list_entries(self) -> Iterable[str]:
        """See VersionedFolder."""
        return [path.name for path in self.path.iterdir()] if self.path.is_dir() else []

    def list_files(self) -> tuple[Iterable[str], str]:
        """See VersionedFolder."""
        current, versions = self._served_folder(), self.path / VERSIONS
        names = [path.name for path in versions.iterdir()] if versions.is_dir() else []
        return names, current.name if current else ""

    def read_state(self, version: str) -> SiteState | None:
        """Return the recorded state of a version."""
        file = self.path / VERSIONS / f"{version}{STATE}"
        return parse_state(file.read_bytes()) if file.is_file() else None

    def remove(self, versions: list[str]) -> None:
        """Remove versions and their states."""
        for name in versions:
            shutil.rmtree(self.path / VERSIONS / name)
            (self.path / VERSIONS / f"{name}{STATE}").unlink(missing_ok=True)

    def _lock(self) -> None:
        self._locks.enter_context(FileLock(self.path / LOCK, is_singleton=True))

    def _served_folder(self) -> Path | None:
        current = self.path / CURRENT_LINK
        if current.is_symlink():
            return current.resolve() if current.is_dir() else None
        if current.exists():
            message, fix = "This isn't a link that publishing made.", "Move it away, or name another folder."
            raise failure("publish-in-the-way", str(current), message, fix)
        return None


def _copy_or_link(source: Path, target: Path, unchanged: Path | None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if unchanged:
        try:
            os.link(unchanged, target)
            return
        except OSError:  # no hard links on this file system
            pass
    shutil.copyfile(source, target)
    target.chmod(target.stat().st_mode | 0o644)  # readable for the web server, with any umask
    with target.open("rb+") as file:
        os.fsync(file.fileno())


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
