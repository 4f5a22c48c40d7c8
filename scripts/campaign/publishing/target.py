"""Where a site may not be put: into the campaign's own folder or around it, nor to an address with a password."""

from __future__ import annotations

import re
from pathlib import Path

from campaign.models.problem import CampaignError, Problem

# What is no folder of this computer: s3://bucket/folder, ssh://host/folder, git:address.
ELSEWHERE = re.compile(r"(?:s3|ssh)://|git:")
ZIP = ".zip"
# Addresses are shown, noted and written into what is told of a job; of the web, what stands before the @ is a token.
# Of a bucket it is the name of a key at least.
SECRET = re.compile(r"(?<=//)[^/?#@]*:[^/?#]*@|(?<=https://)[^/?#]*@|(?<=http://)[^/?#]*@|(?<=s3://)[^/]*@")


def is_own(root: Path, target: str) -> bool:
    """Whether a folder, or the folder of a zip, is the campaign's, lies in it or has it inside."""
    if ELSEWHERE.match(target):
        return False
    own, folder = root.resolve(), Path(target).expanduser().resolve()
    if folder.suffix == ZIP:  # one file beside mkdocs.yml is in nobody's way
        return folder.parent != own and folder.parent.is_relative_to(own)
    return folder.is_relative_to(own) or own.is_relative_to(folder)


def has_secret(target: str) -> bool:
    """Whether an address has a password or a token in it."""
    return bool(SECRET.search(target))


def refuse_secret(target: str) -> None:
    """An address is shown and kept.

    Raises:
        CampaignError: it has a password or a key in it.
    """
    if has_secret(target):
        what = "A password or a key in an address is read by everybody who sees this line."
        fix = "Change it, and leave it out: ssh and git know where keys are kept, a bucket's go into "
        fix += "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        raise CampaignError([Problem("target-password", SECRET.sub("", target), what, fix)])


def refuse_own(root: Path, target: str) -> None:
    """What is written whole goes to a place of its own, whose address may be shown.

    Raises:
        CampaignError: the target is the campaign's own folder, or has a password in it.
    """
    refuse_secret(target)
    if is_own(root, target):
        what = "This is the campaign's own folder, one in it, or one that has it inside."
        fix = "Name a folder outside the campaign, for this alone."
        raise CampaignError([Problem("target-own-folder", target, what, fix)])
