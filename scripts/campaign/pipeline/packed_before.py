"""What the last `campaign packs` made of what: the same packs are not made again, the same zips not written again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from campaign.cache.atomic import snapshot
from campaign.cache.inputs import Inputs
from campaign.cache.memo import Memo
from campaign.cache.output_tree import SPACE, is_unchanged
from campaign.cache.store import hash_text
from campaign.models.campaign import Campaign
from campaign.pipeline.jobs import waiting_places
from campaign.pipeline.placed import around_of
from campaign.plan.packs import PACKS


@dataclass
class PackedBefore:
    """What stands in dist/packs/.

    Attributes:
        key: of all that the last run made packs of.
        has_site: whether the site was in those that have it.
        zips: the key of each zip, by its name from dist/packs/.
        files: size and time of each file when it was put there.
    """

    key: str = ""
    has_site: bool = False
    zips: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[int]] = field(default_factory=dict)

    @staticmethod
    def of(memo: Memo) -> PackedBefore:
        """What was noted; nothing where another version of the program did so."""
        return PackedBefore(**(memo.beside(PACKS).get(PACKS) or {}))

    def note(self, root: Path, memo: Memo) -> None:
        """Keeps it for the next run, with the files as they stand."""
        self.files = snapshot(_folder(root))
        self.zips = {name: key for name, key in self.zips.items() if name in self.files}
        memo.beside(PACKS).put(PACKS, vars(self))
        memo.save()

    def stands(self, root: Path, key: str) -> bool:
        """Whether packs of this key stand there, each file as it was put there."""
        return self.key == key and self.files == snapshot(_folder(root))

    def zips_standing(self, root: Path) -> dict[str, Path]:
        """The zips that are as they were put there, by their keys."""
        now = snapshot(_folder(root))
        return {key: _folder(root) / name for name, key in self.zips.items() if now.get(name) == self.files[name]}


def key_of_packs(campaign: Campaign, inputs: Inputs, memo: Memo, asked: object) -> str:
    """A hash of all that packs are made of: what people wrote, the site that stands, and what was asked for."""
    written = [sorted(inputs.hashes.items()), sorted(campaign.pages), around_of(campaign, inputs)]
    site = [memo.beside(SPACE).get("placed"), is_unchanged(campaign.root, memo, "site")]
    return hash_text(json.dumps([written, sorted(waiting_places(campaign)), site, asked]))


def _folder(root: Path) -> Path:
    return root / "dist" / PACKS
