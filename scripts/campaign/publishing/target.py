"""Where a site may not be put: into the campaign's own folder, whose texts it would mix with, or around it."""

from __future__ import annotations

import re
from pathlib import Path

from campaign.models.problem import CampaignError, Problem

# What is no folder of this computer: s3://bucket/folder, ssh://host/folder, git:address.
ELSEWHERE = re.compile(r"(?:s3|ssh)://|git:")
ZIP = ".zip"


def is_own(root: Path, target: str) -> bool:
    """Whether a folder, or the folder of a zip, is the campaign's, lies in it or has it inside."""
    if ELSEWHERE.match(target):
        return False
    own, folder = root.resolve(), Path(target).expanduser().resolve()
    if folder.suffix == ZIP:  # one file beside mkdocs.yml is in nobody's way
        return folder.parent != own and folder.parent.is_relative_to(own)
    return folder.is_relative_to(own) or own.is_relative_to(folder)


def refuse_own(root: Path, target: str) -> None:
    """What is written whole goes to a place of its own.

    Raises:
        CampaignError: the target is the campaign's own folder.
    """
    if is_own(root, target):
        what = "This is the campaign's own folder, one in it, or one that has it inside."
        fix = "Name a folder outside the campaign, for this alone."
        raise CampaignError([Problem("target-own-folder", target, what, fix)])
