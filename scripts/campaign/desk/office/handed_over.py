"""The campaign as an office gets it: without unused files and metadata.

Drawings are cleaned as for the site but keep their slots. Photos must be tidy already, because posters remember the
hash of their files. Fonts stay whole: they contain their licences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from campaign.cache.atomic import files_below, write_whole
from campaign.cache.memo import Memo
from campaign.checks.files import check_files
from campaign.checks.photos import check_exposed, check_photos
from campaign.content import load
from campaign.content.cleaned import clean_data
from campaign.content.originals import refuse_exposed
from campaign.content.trust import FOLDERS
from campaign.content.written import copy_written
from campaign.desk.files import HANDED_OUT
from campaign.models.campaign import Campaign
from campaign.models.problem import Problem
from campaign.printing.art import SLOT

STAYING = ("file-private", "file-stray", "file-not-cleanable")
CLEANED = (".svg", ".pdf", ".mp3", ".ogg", ".opus", ".png", ".webp")


def copy_for_office(root: Path, target: Path, say: Callable[[str], None]) -> None:
    """Copy a campaign into a new folder.

    Raises:
        CampaignError: photos still contain metadata or uncovered faces.
    """
    campaign, _ = load(root)
    refuse_exposed(_untidy(campaign))
    staying = {each.where for each in check_files(campaign) if each.id in STAYING}
    for name in sorted(staying):
        say(f"Left out: {name}")
    copy_written(root, target, (*FOLDERS, HANDED_OUT), staying)
    for top in ("docs", "assets"):
        for name, entry in list(files_below(target / top, f"{top}/")):
            if name.lower().endswith(CLEANED) and not name.startswith("assets/photos/"):
                _clean(Path(entry.path), name)


def _untidy(campaign: Campaign) -> Iterator[Problem]:
    yield from check_exposed(campaign)
    yield from (each for each in check_photos(campaign, Memo(None)) if each.id == "photo-metadata")


def _clean(path: Path, name: str) -> None:
    try:
        write_whole(path, clean_data(path.read_bytes(), name.lower(), SLOT))
    except (ValueError, SyntaxError):  # damaged: `check` reports it, and the office may repair it
        return
