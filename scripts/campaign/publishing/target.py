"""The protocol of publishing targets: `plan`, `upload`, `activate`, `list_versions`, `rollback`.

A target is one class that implements the first four; `publish` and `rollback` are written here, once for all of them.
`registry.py` lists the classes. Called from pipeline/publish.py.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from campaign.models.problem import CampaignError, Problem
from campaign.publishing.site_state import Change, SiteState, refuse_return

T = TypeVar("T")


@dataclass(frozen=True)
class Publication:
    """A built site that goes to a target.

    Attributes:
        site: its folder.
        state: what must not come back once a later version leaves it out.
        moment: when it is published; names the version.
        day: the campaign's date, for files that carry a time.
        keep: how many versions stay for a rollback.
    """

    site: Path
    state: SiteState
    moment: datetime
    day: date
    keep: int = 3

    @property
    def version(self) -> str:
        """The name of the version, which sorts by time."""
        return f"{self.moment:%Y%m%d-%H%M%S-%f}"


@dataclass(frozen=True)
class Version:
    """A version that a target holds. label: how people know it, if not by its name."""

    name: str
    is_served: bool = False
    label: str = ""


class Target(ABC):
    """A place where sites are published.

    Subclasses are dataclasses of what the address says; what they learn while they work is no part of their value.
    """

    @abstractmethod
    def plan(self, publication: Publication) -> Change:
        """Return what publishing would change, and change nothing."""

    @abstractmethod
    def upload(self, publication: Publication, change: Change) -> None:
        """Send what the target lacks, without changing anything that visitors see."""

    @abstractmethod
    def activate(self, version: str) -> None:
        """Serve a version that was uploaded now or earlier."""

    @abstractmethod
    def list_versions(self) -> list[Version]:
        """Return the complete versions, the oldest first; empty if the target keeps none."""

    def read_state(self, version: str) -> SiteState | None:
        """Return the state that was recorded with a version; None if it can't be read."""
        raise NotImplementedError

    def prune(self, keep: int) -> None:  # noqa: B027
        """Remove old versions, if the target doesn't do so by itself."""

    @contextmanager
    def session(self, workspace: Path, writes: bool) -> Iterator[None]:
        """Connect, and keep others out for as long as it lasts.

        Args:
            workspace: a folder for the target's own files, kept between runs.
            writes: whether anything will be changed.
        """
        yield

    def run(self, workspace: Path, work: Callable[[], T], writes: bool) -> T:
        """Do some work in a session."""
        with self.session(workspace, writes):
            return work()

    def publish(self, publication: Publication, workspace: Path, is_dry: bool = False) -> Change:
        """Publish a site and return what changed; with `is_dry`, only what would change."""

        def work() -> Change:
            change = self.plan(publication)
            if not is_dry and not change.is_empty:
                self.upload(publication, change)
                self.activate(publication.version)
                self.prune(publication.keep)
            return change

        return self.run(workspace, work, not is_dry)

    def rollback(self, workspace: Path) -> Version:
        """Serve the version before the present one again, and return it.

        Raises:
            CampaignError: there is none, or it would bring back what has been taken out since.
        """
        return self.run(workspace, self._serve_previous, writes=True)

    def _serve_previous(self) -> Version:
        versions = self.list_versions()
        at = next((number for number, version in enumerate(versions) if version.is_served), 0)
        if at == 0:
            what = "There is no version before the one online."
            raise CampaignError([Problem("rollback-none", "--rollback", what, "Publish the corrected site instead.")])
        before, now = versions[at - 1], versions[at]
        refuse_return(self.read_state(before.name), self.read_state(now.name))
        self.activate(before.name)
        return before
