"""A folder of a web server that is reached by ssh: as `folder` has it, carried by rsync.

rsync and ssh themselves are run: keys and passwords stay theirs.
"""

from __future__ import annotations

import os
import shlex
import tempfile
from datetime import datetime
from pathlib import Path

from campaign.cache.external_programs import last_line, run_program
from campaign.models.problem import CampaignError, Problem
from campaign.publishing.folder import CURRENT, PART, VERSIONS, name_of
from campaign.publishing.site_state import Change, SiteState, parse_state, refuse_return
from campaign.publishing.target import HostTarget

# How ssh is called; the tests name a key and a port there.
SSH = "CAMPAIGN_SSH"


def publish(site: Path, host: HostTarget, state: SiteState, moment: datetime, keep: int, is_dry: bool) -> Change:
    """Sends what changed, then renames the version and replaces the link.

    Args:
        site: the folder of the built site.
        host: with the folder whose `current` is served.
        state: of the site.
        moment: names the version.
        keep: so many versions stay.
        is_dry: only say what would change.
    """
    folder = host.folder
    versions, name = f"{folder}/{VERSIONS}", name_of(moment)
    if not is_dry:
        _ssh(host, f"mkdir -p -- {_q(versions)} && rm -rf -- {_q(versions)}/*{PART}")
    change = Change()
    part = f"{versions}/{name}{PART}"
    said = _rsync(
        site, host, f"{folder}/{CURRENT}" if is_dry else part, f"../../{CURRENT}/" if not is_dry else "", is_dry
    )
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
        _run("rsync", "-e", _shell(host), "--chmod=F644", "--", str(note), _at(host, f"{versions}/"))
    _ssh(host, f"mv -- {_q(part)} {_q(f'{versions}/{name}')} && {_link(folder, name)}")
    _prune(host, keep)
    return change


def roll_back(host: HostTarget) -> str:
    """Links to the version before the one that is served, and says its name.

    Raises:
        CampaignError: there is none, or it would bring back what was taken out since.
    """
    folder = host.folder
    names, served = _versions(host)
    at = names.index(served) if served in names else 0
    if at == 0:
        what = "There is no version before the one that is served."
        raise CampaignError([Problem("rollback-none", host.login, what, "Publish anew instead.")])
    notes = [f"{folder}/{VERSIONS}/{name}.json" for name in (names[at - 1], served)]
    refuse_return(*(parse_state(_ssh(host, f"cat -- {_q(note)}").encode()) for note in notes))
    _ssh(host, _link(folder, names[at - 1]))
    return names[at - 1]


def _link(folder: str, name: str) -> str:
    """Makes `current` lead to a version by one rename."""
    aside = f"{folder}/{CURRENT}{PART}"
    return f"ln -sfn -- {_q(f'{VERSIONS}/{name}')} {_q(aside)} && mv -T -- {_q(aside)} {_q(f'{folder}/{CURRENT}')}"


def _versions(host: HostTarget) -> tuple[list[str], str]:
    """The versions that stand whole, the oldest first, and the one that is served."""
    listed = _ssh(host, f"cd -- {_q(host.folder)} && readlink {CURRENT} && ls -1 {VERSIONS}").splitlines()
    served = listed[0].rsplit("/", 1)[-1] if listed else ""
    return sorted(name for name in listed[1:] if not name.endswith((PART, ".json"))), served


def _prune(host: HostTarget, keep: int) -> None:
    """Takes old versions away, but never the one that is served."""
    names, served = _versions(host)
    old = [f"{host.folder}/{VERSIONS}/{name}" for name in names[:-keep] if name != served]
    if old:
        _ssh(host, f"rm -rf -- {' '.join(f'{_q(path)} {_q(path)}.json' for path in old)}")


def _q(path: str) -> str:
    return shlex.quote(path)


def _shell(host: HostTarget) -> str:
    return os.environ.get(SSH, "ssh -o BatchMode=yes") + (f" -p {host.port}" if host.port else "")


def _ssh(host: HostTarget, command: str) -> str:
    return _run(*shlex.split(_shell(host)), "--", host.login, command)


def _at(host: HostTarget, path: str) -> str:
    """A path on the host as rsync takes it."""
    name = f"[{host.name}]" if ":" in host.name else host.name
    return f"{host.user}@{name}:{path}" if host.user else f"{name}:{path}"


def _rsync(site: Path, host: HostTarget, folder: str, link: str, is_dry: bool) -> str:
    """What rsync lists: marks, size and path of each file that travels."""
    linked = [f"--link-dest={link}"] if link else []
    compared = ["--dry-run"] if is_dry else []
    asked = ["--recursive", "--checksum", "--chmod=D755,F644", "--out-format=%i %l %n", *linked, *compared]
    return _run("rsync", "-e", _shell(host), *asked, "--", f"{site}/", _at(host, f"{folder}/"))


def _run(*command: str) -> str:
    try:
        done = run_program(command)
    except FileNotFoundError:
        fix = f"Install {command[0]}, or publish to a folder, a git branch or a zip."
        raise CampaignError([Problem("publish-no-tool", command[0], f"{command[0]} is not installed.", fix)]) from None
    if done.returncode:
        what = f"{command[0]} failed: {last_line(done.stderr)}."
        raise CampaignError([Problem("publish-refused", command[0], what, "Try the same by hand with ssh.")])
    return done.stdout.decode(errors="replace")
