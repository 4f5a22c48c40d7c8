"""A folder of a web server that is reached by ssh: as `folder` has it, carried by rsync.

rsync and ssh themselves are run: keys and passwords stay theirs.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from campaign.models.problem import CampaignError, Problem
from campaign.publishing.folder import CURRENT, PART, VERSIONS, name_of
from campaign.publishing.site_state import Change, SiteState, parse_state, refuse_return

# How ssh is called; the tests name a key and a port there.
SSH = "CAMPAIGN_SSH"


def publish(site: Path, host: str, folder: str, state: SiteState, moment: datetime, keep: int, is_dry: bool) -> Change:
    """Sends what changed, then renames the version and replaces the link.

    Args:
        site: the folder of the built site.
        host: as ssh takes it, 'user@host'.
        folder: on the host; its `current` is served.
        state: of the site.
        moment: names the version.
        keep: so many versions stay.
        is_dry: only say what would change.
    """
    versions, name = f"{folder}/{VERSIONS}", name_of(moment)
    if not is_dry:
        _ssh(host, f"mkdir -p {_q(versions)} && rm -rf {_q(versions)}/*{PART}")
    change = Change()
    part = f"{versions}/{name}{PART}"
    said = _rsync(site, host, folder if is_dry else part, f"../../{CURRENT}/" if not is_dry else "", is_dry)
    for line in said.splitlines():
        marks, _, rest = line.partition(" ")
        size, _, path = rest.strip().partition(" ")
        if marks.startswith("<f+"):
            change.new.append(path)
        elif marks.startswith("<f"):
            change.changed.append(path)
        else:
            continue
        change.bytes += int(size)
    if is_dry:
        return change
    with tempfile.TemporaryDirectory(prefix="campaign-") as own:
        note = Path(own, f"{name}.json")
        note.write_bytes(state.to_json())
        _run("rsync", "-e", _shell(), "--chmod=F644", str(note), f"{host}:{versions}/")
    _ssh(host, f"mv {_q(part)} {_q(f'{versions}/{name}')} && {_link(folder, name)}")
    _prune(host, folder, keep)
    return change


def roll_back(host: str, folder: str) -> str:
    """Links to the version before the one that is served, and says its name.

    Raises:
        CampaignError: there is none, or it would bring back what was taken out since.
    """
    names, served = _versions(host, folder)
    at = names.index(served) if served in names else 0
    if at == 0:
        what = "There is no version before the one that is served."
        raise CampaignError([Problem("rollback-none", host, what, "Publish anew instead.")])
    notes = [f"{folder}/{VERSIONS}/{name}.json" for name in (names[at - 1], served)]
    refuse_return(*(parse_state(_ssh(host, f"cat {_q(note)}").encode()) for note in notes))
    _ssh(host, _link(folder, names[at - 1]))
    return names[at - 1]


def _link(folder: str, name: str) -> str:
    """Makes `current` lead to a version by one rename."""
    aside = f"{folder}/{CURRENT}{PART}"
    return f"ln -sfn {_q(f'{VERSIONS}/{name}')} {_q(aside)} && mv -T {_q(aside)} {_q(f'{folder}/{CURRENT}')}"


def _versions(host: str, folder: str) -> tuple[list[str], str]:
    """The versions that stand whole, the oldest first, and the one that is served."""
    listed = _ssh(host, f"cd {_q(folder)} && readlink {CURRENT} && ls -1 {VERSIONS}").splitlines()
    served = listed[0].rsplit("/", 1)[-1] if listed else ""
    return sorted(name for name in listed[1:] if not name.endswith((PART, ".json"))), served


def _prune(host: str, folder: str, keep: int) -> None:
    """Takes old versions away, but never the one that is served."""
    names, served = _versions(host, folder)
    old = [f"{folder}/{VERSIONS}/{name}" for name in names[:-keep] if name != served]
    if old:
        _ssh(host, f"rm -rf {' '.join(f'{_q(path)} {_q(path)}.json' for path in old)}")


def _q(path: str) -> str:
    return shlex.quote(path)


def _shell() -> str:
    return os.environ.get(SSH, "ssh -o BatchMode=yes")


def _ssh(host: str, command: str) -> str:
    return _run(*shlex.split(_shell()), host, command)


def _rsync(site: Path, host: str, folder: str, link: str, is_dry: bool) -> str:
    """What rsync lists: marks, size and path of each file that travels."""
    linked = [f"--link-dest={link}"] if link else []
    compared = ["--dry-run"] if is_dry else []
    to = f"{host}:{folder}/{CURRENT}/" if is_dry else f"{host}:{folder}/"
    asked = ["--recursive", "--checksum", "--chmod=D755,F644", "--out-format=%i %l %n", *linked, *compared]
    return _run("rsync", "-e", _shell(), *asked, f"{site}/", to)


def _run(*command: str) -> str:
    if not shutil.which(command[0]):
        fix = f"Install {command[0]}, or publish to a folder, a git branch or a zip."
        raise CampaignError([Problem("publish-no-tool", command[0], f"{command[0]} is not installed.", fix)])
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        what = f"{command[0]} failed: {said[-1]}."
        raise CampaignError([Problem("publish-refused", command[0], what, "Try the same by hand with ssh.")])
    return done.stdout.decode(errors="replace")
