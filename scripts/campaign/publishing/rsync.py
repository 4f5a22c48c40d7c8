"""Publish to a host with rsync and ssh, which manage keys and passwords.

The host needs rsync and a POSIX shell. `mv -T` is missing on BSD and macOS, so rsync replaces the link (rsync 3.1 and
openrsync do it with a rename).
"""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from campaign.cache.atomic import files_below
from campaign.cache.external_programs import last_line, run_program
from campaign.models.problem import failure
from campaign.publishing.address import HostTarget
from campaign.publishing.site_state import Change, SiteState, parse_state
from campaign.publishing.target import CURRENT_LINK, PARTIAL_SUFFIX, STATE, VERSIONS, Publication

# The command that replaces `ssh`; tests set a key and port in it.
SSH = "CAMPAIGN_SSH"
COMPARE_OPTIONS = ("--recursive", "--checksum", "--perms", "--chmod=D755,F644")


@dataclass
class RsyncTarget(HostTarget):
    """A folder of a host with rsync."""

    def plan(self, publication: Publication) -> Change:
        """Let rsync compare the site with the served files."""
        self.check_own(f"{self.login}:{self.folder}")
        site = publication.site
        _, files = self.list_files()
        if not files:
            results = {name: entry.stat().st_size for name, entry in files_below(site)}
            return Change(new=sorted(results), bytes=sum(results.values()))
        options = (*COMPARE_OPTIONS, "--delete", "--dry-run", "--out-format=%i %l %n")
        return _parse_changes(self._rsync(*options, source=f"{site}/", folder=f"{self.folder}/{CURRENT_LINK}/"))

    def upload(self, publication: Publication, change: Change) -> None:
        """Send changed files; unchanged ones are hard links."""
        name = publication.version
        part = f"{self.versions}/{name}{PARTIAL_SUFFIX}"
        self._ssh(f"mkdir -p -m 755 -- {_q(self.versions)} && rm -rf -- {_q(self.versions)}/*{PARTIAL_SUFFIX}")
        link = f"--link-dest=../../{CURRENT_LINK}/"
        self._rsync(*COMPARE_OPTIONS, link, source=f"{publication.site}/", folder=f"{part}/")
        with tempfile.TemporaryDirectory(prefix="campaign-") as work_folder:
            note = Path(work_folder, f"{name}{STATE}")
            note.write_bytes(publication.state.to_json())
            self._rsync("--perms", "--chmod=F644", source=str(note), folder=f"{self.versions}/")
        self._ssh(f"mv -- {_q(part)} {_q(f'{self.versions}/{name}')}")

    def activate(self, version: str) -> None:
        """Send the link, which rsync replaces by a rename."""
        with tempfile.TemporaryDirectory(prefix="campaign-") as work_folder:
            link = Path(work_folder, CURRENT_LINK)
            link.symlink_to(f"{VERSIONS}/{version}")
            self._rsync("--links", source=str(link), folder=f"{self.folder}/")

    def list_entries(self) -> Iterable[str]:
        """See VersionedFolder."""
        folder = _q(self.folder)
        return self._ssh(f"if test -d {folder}; then ls -1A -- {folder}; fi").splitlines()

    def list_files(self) -> tuple[Iterable[str], str]:
        """See VersionedFolder."""
        folder = _q(self.folder)
        list_current = f"cd -- {folder} && {{ readlink {CURRENT_LINK} || echo; }} && ls -1 {VERSIONS}"
        command = f"if test -d {folder}; then {list_current}; fi"
        link, *names = self._ssh(f"if test -d {_q(self.versions)}; then {command}; fi").splitlines() or [""]
        return names, link.rsplit("/", 1)[-1]

    def read_state(self, version: str) -> SiteState | None:
        """Return the recorded state of a version."""
        return parse_state(self._ssh(f"cat -- {_q(f'{self.versions}/{version}{STATE}')}").encode())

    def remove(self, versions: list[str]) -> None:
        """Remove versions and their states."""
        paths = [f"{self.versions}/{name}{suffix}" for name in versions for suffix in ("", STATE)]
        self._ssh(f"rm -rf -- {' '.join(map(_q, paths))}")

    @property
    def _shell(self) -> str:
        return os.environ.get(SSH, "ssh -o BatchMode=yes") + (f" -p {self.port}" if self.port else "")

    def _ssh(self, command: str) -> str:
        return _run(*shlex.split(self._shell), "--", self.login, command)

    def _rsync(self, *options: str, source: str, folder: str) -> str:
        name = f"[{self.name}]" if ":" in self.name else self.name
        target = f"{self.user}@{name}:{folder}" if self.user else f"{name}:{folder}"
        return _run("rsync", "-e", self._shell, *options, "--", source, target)


def _parse_changes(output: str) -> Change:
    """Parse rsync's list of marks, sizes and paths."""
    change = Change()
    for line in output.splitlines():
        marks, _, rest = line.partition(" ")
        size, _, path = rest.strip().partition(" ")
        if marks == "*deleting":
            if not path.endswith("/"):
                change.gone.append(path)
            continue
        if not marks.startswith("<f"):
            continue
        (change.new if marks.startswith("<f+") else change.changed).append(path)
        change.bytes += int(size)
    return change


def _q(path: str) -> str:
    return shlex.quote(path)


def _run(*command: str) -> str:
    try:
        completed = run_program(command)
    except FileNotFoundError:
        fix = f"Install {command[0]}, or publish to a folder, a git branch or a zip."
        raise failure("publish-no-tool", command[0], f"{command[0]} isn't installed.", fix) from None
    if completed.returncode:
        message = f"{command[0]} failed: {last_line(completed.stderr)}."
        raise failure("publish-refused", command[0], message, "Try the same by hand with ssh.")
    return completed.stdout.decode(errors="replace")
