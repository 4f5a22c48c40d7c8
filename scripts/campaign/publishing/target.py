"""The protocol of publishing targets (`plan`, `upload`, `activate`, `list_versions`), and what they share."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from campaign.models.problem import failure
from campaign.publishing.site_state import Change, SiteState, check_rollback

T = TypeVar("T")
CURRENT_LINK = "current"
VERSIONS = "versions"
# Suffixes in VERSIONS: incomplete versions, and recorded states.
PARTIAL_SUFFIX = ".part"
STATE = ".json"
LOCK = ".lock"
# A version's name begins with its day and time.
VERSION_NAME = re.compile(r"\d{8}-\d{6}-\d{6}\b")


@dataclass(frozen=True)
class Publication:
    """A built site to publish."""

    site: Path
    state: SiteState  # what must not return once a later version drops it
    moment: datetime  # names the version
    day: date  # the campaign's date, for timestamps
    keep: int = 3  # versions to keep for rollbacks

    @property
    def version(self) -> str:
        """The name of the version, sortable by time."""
        return f"{self.moment:%Y%m%d-%H%M%S-%f}"


@dataclass(frozen=True)
class Version:
    """A version on a target; `label` is for people."""

    name: str
    is_served: bool = False
    label: str = ""


class Target(ABC):
    """A place to publish to. Subclasses are dataclasses of their address."""

    @abstractmethod
    def plan(self, publication: Publication) -> Change:
        """Return what publishing would change."""

    @abstractmethod
    def upload(self, publication: Publication, change: Change) -> None:
        """Send the files that the target lacks, without a visible change."""

    @abstractmethod
    def activate(self, version: str) -> None:
        """Serve an uploaded version."""

    @abstractmethod
    def list_versions(self) -> list[Version]:
        """Return complete versions, oldest first."""

    def read_state(self, version: str) -> SiteState | None:
        """Return the recorded state of a version, or None."""
        raise NotImplementedError

    def prune(self, keep: int) -> None:  # noqa: B027
        """Remove old versions, if the target doesn't do so itself."""

    def forget_taken_back(self) -> None:  # noqa: B027
        """Remove versions newer than the served one, so that no rollback serves them, if the target keeps them."""

    @contextmanager
    def session(self, workspace: Path, writes: bool) -> Iterator[None]:
        """Connect, and keep others out. `workspace` is kept between runs."""
        yield

    def run(self, workspace: Path, work: Callable[[], T], writes: bool) -> T:
        """Run some work in a session."""
        with self.session(workspace, writes):
            return work()

    def publish(self, publication: Publication, workspace: Path, is_dry: bool = False) -> Change:
        """Publish a site and return the changes; with `is_dry` only return them."""

        def work() -> Change:
            change = self.plan(publication)
            if not is_dry and not change.is_empty:
                self.forget_taken_back()
                self.upload(publication, change)
                self.activate(publication.version)
                self.prune(publication.keep)
            return change

        return self.run(workspace, work, not is_dry)

    def rollback(self, workspace: Path) -> Version:
        """Serve the previous version again and return it. Raise CampaignError without a permitted one."""
        return self.run(workspace, self._serve_previous, writes=True)

    def _serve_previous(self) -> Version:
        versions = self.list_versions()
        index = next((number for number, version in enumerate(versions) if version.is_served), 0)
        if index == 0:
            message = "There is no version before the one online."
            raise failure("rollback-none", "--rollback", message, "Publish the corrected site instead.")
        before, current = versions[index - 1], versions[index]
        check_rollback(self.read_state(before.name), self.read_state(current.name))
        self.activate(before.name)
        return before


class VersionedFolder(Target):
    """A folder with complete versions in VERSIONS, and a link to the served one."""

    @abstractmethod
    def list_entries(self) -> Iterable[str]:
        """Return the names in the folder itself, none if there is no such folder."""

    @abstractmethod
    def list_files(self) -> tuple[Iterable[str], str]:
        """Return the names in VERSIONS, and the version that the link leads to, or ''."""

    @abstractmethod
    def remove(self, versions: list[str]) -> None:
        """Remove versions and their states."""

    def check_own(self, where: str) -> None:
        """Raise CampaignError if the folder holds other things and no version: it may be needed as it is."""
        others = sorted({*self.list_entries()} - {CURRENT_LINK, f"{CURRENT_LINK}{PARTIAL_SUFFIX}", VERSIONS, LOCK})
        if others and not any(VERSION_NAME.match(name) for name in self.list_files()[0]):
            message = f"This folder holds other things ({', '.join(others[:3])}), and no site that was published here."
            fix = "Name an empty folder, or one that doesn't exist yet, such as `site` in it."
            raise failure("publish-not-empty", where, message, fix)

    def list_versions(self) -> list[Version]:
        """Return the complete versions, oldest first."""
        names, files = self.list_files()
        complete = sorted(name for name in names if name[:1].isdigit() and not name.endswith((PARTIAL_SUFFIX, STATE)))
        return [Version(name, name == files) for name in complete]

    def forget_taken_back(self) -> None:
        """Remove versions newer than the served one: a rollback took them back, or a run was interrupted."""
        versions = self.list_versions()
        index = next((number for number, version in enumerate(versions) if version.is_served), len(versions))
        if newer := [version.name for version in versions[index + 1 :]]:
            self.remove(newer)

    def prune(self, keep: int) -> None:
        """Remove old versions, never the served one."""
        if old := [version.name for version in self.list_versions()[:-keep] if not version.is_served]:
            self.remove(old)
