"""The publishing targets: add one here, or in a package through the entry point `campaign.targets`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from campaign.cache.extensions import extensions
from campaign.cache.external_programs import find_program
from campaign.publishing.address import SCHEME, parse_host, refuse_other_address, refuse_unsafe
from campaign.publishing.bucket import BucketTarget
from campaign.publishing.folder import ZIP, FolderTarget, ZipTarget
from campaign.publishing.git_branch import GitTarget
from campaign.publishing.rsync import RsyncTarget
from campaign.publishing.sftp import SftpTarget
from campaign.publishing.target import Target

# Takes the campaign's folder, the address, and what follows `scheme:`.
Parser = Callable[[Path, str, str], Target]


def _parse_ssh(root: Path, raw: str, location: str) -> Target:
    """Use rsync if it is installed, else SFTP."""
    kind = RsyncTarget if find_program("rsync") and find_program("ssh") else SftpTarget
    return kind(*parse_host(raw, location))


TARGETS: dict[str, Parser] = {"git": GitTarget.parse, "ssh": _parse_ssh, "s3": BucketTarget.parse}


def parse_target(root: Path, raw: str) -> Target:
    """Parse the address given to `publish`. Raise CampaignError if it is incomplete, unsupported or unsafe."""
    refuse_unsafe(raw)
    match = SCHEME.fullmatch(raw)
    scheme = match["scheme"].lower() if match else ""
    if match and (parser := TARGETS.get(scheme)):
        return parser(root, raw, match["rest"])
    if match and (added := extensions("targets").get(scheme)):
        target: Target = added.parse(root, raw, match["rest"])
        return target
    refuse_other_address(raw)
    return ZipTarget.parse(root, raw) if raw.lower().endswith(ZIP) else FolderTarget.parse(root, raw)
