"""Create a campaign: a copy of the skeleton, with the parts that suit its readers."""

from __future__ import annotations

import shutil
from pathlib import Path

from campaign.cache.atomic import WORK
from campaign.content.new_source import ENGLISH, change_source, check_source
from campaign.content.settings import FILE
from campaign.content.writing import new_folder, write_files
from campaign.models.campaign import Readers
from campaign.schema.interface_words import SKELETON
from campaign.schema.json_schema import json_schemas

# Files in place of the skeleton's, for readers other than private.
BY_READERS = SKELETON.with_name("skeleton_by_readers")


def create_campaign(folder: Path, readers: Readers, source: str = ENGLISH, name: str = "") -> None:
    """Create a small campaign in a new folder, for another source language with its own name if given."""
    if source != ENGLISH:
        check_source(source, name)
    with new_folder(folder) as part:
        for skeleton in (SKELETON, BY_READERS / readers):
            if skeleton.is_dir():
                shutil.copytree(skeleton, part, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", WORK))
        settings = (part / FILE).read_text(encoding="utf-8").replace("readers: private", f"readers: {readers:7}", 1)
        schemas = {part / "schemas" / name: text.encode() for name, text in json_schemas().items()}
        write_files(part, {part / FILE: settings.encode(), **schemas})
        if source != ENGLISH:
            change_source(part, source, name)
