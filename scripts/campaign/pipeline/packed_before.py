"""Remembers the last `campaign packs`, so that unchanged packs and zips aren't written again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from campaign.cache.atomic import snapshot
from campaign.cache.inputs import Inputs
from campaign.cache.memo import Memo
from campaign.cache.output_tree import NAMESPACE, is_unchanged
from campaign.cache.store import hash_text
from campaign.models.campaign import Campaign
from campaign.pipeline.jobs import waiting_places
from campaign.pipeline.last_build import shared_key
from campaign.plan.packs import PACKS


@dataclass
class PackState:
    """The state of dist/packs/.

    Attributes:
        key: of the last run's inputs.
        has_site: whether packs contained the site.
        zips: the key of each zip, by path below dist/packs/.
        files: size and time of each file when it was written.
    """

    key: str = ""
    has_site: bool = False
    zips: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[int]] = field(default_factory=dict)

    @staticmethod
    def of(memo: Memo) -> PackState:
        """Return the recorded state, or an empty one if another version of the program wrote it."""
        return PackState(**(memo.namespace(PACKS).get(PACKS) or {}))

    def note(self, root: Path, memo: Memo) -> None:
        """Record the state for the next run, with the current files."""
        self.files = snapshot(_folder(root))
        self.zips = {name: key for name, key in self.zips.items() if name in self.files}
        memo.namespace(PACKS).put(PACKS, vars(self))
        memo.save()

    def is_current(self, root: Path, key: str) -> bool:
        """Return whether packs with this key exist and their files are unchanged."""
        return self.key == key and self.files == snapshot(_folder(root))

    def current_zips(self, root: Path) -> dict[str, Path]:
        """Return the unchanged zips, by key."""
        current = snapshot(_folder(root))
        return {key: _folder(root) / name for name, key in self.zips.items() if current.get(name) == self.files[name]}


def packs_key(campaign: Campaign, inputs: Inputs, memo: Memo, selection: object) -> str:
    """Return a hash of the inputs of packs: sources, the current site, and the request."""
    key_parts = [sorted(inputs.hashes.items()), sorted(campaign.pages), shared_key(campaign, inputs)]
    site = [memo.namespace(NAMESPACE).get("placed"), is_unchanged(campaign.root, memo, "site")]
    return hash_text(json.dumps([key_parts, sorted(waiting_places(campaign)), site, selection]))


def _folder(root: Path) -> Path:
    return root / "dist" / PACKS
