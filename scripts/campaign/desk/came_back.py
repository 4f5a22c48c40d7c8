"""Sentences of files that came back which somebody else had translated meanwhile: they wait until one is chosen."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from campaign.cache.atomic import WORK, write_whole
from campaign.content.translating import read_file
from campaign.exchange.translation_file import Conflict
from campaign.models.campaign import Campaign
from campaign.schema.yaml_edit import CannotEdit

# On this computer, where the file was taken.
FILE = f"{WORK}/desk/came-back.json"


@dataclass(frozen=True)
class Waiting:
    """A sentence of which two translations are there; see Conflict. by: who made the one that came."""

    language: str
    path: str
    key: str
    source: str
    came: str
    by: str
    stands: str = ""


def keep_waiting(root: Path, language: str, conflicts: Iterable[Conflict], by: str) -> None:
    """Remembers what came; the latest for each sentence."""
    new = [Waiting(language, each.path, each.key, each.source, each.came, by) for each in conflicts]
    if new:
        taken = {(each.path, each.key) for each in new}
        before = [each for each in _all(root) if each.language != language or (each.path, each.key) not in taken]
        _write(root, [*before, *new])


def waiting(campaign: Campaign, language: str) -> list[Waiting]:
    """What waits in a language, with what stands there now; what says the same by now, or is gone, waits no more."""
    found, files = [], {}
    for each in _all(campaign.root):
        if each.language != language:
            continue
        if each.path not in files:
            try:
                rows = read_file(campaign, language, each.path).rows
            except (LookupError, CannotEdit):
                rows = ()
            files[each.path] = {row.unit.key: row.text for row in rows}
        stands = files[each.path].get(each.key, "")
        if stands and stands != each.came:
            found.append(Waiting(**{**asdict(each), "stands": stands}))
    return found


def settle(root: Path, language: str, path: str, key: str) -> None:
    """Somebody has chosen."""
    _write(root, [each for each in _all(root) if (each.language, each.path, each.key) != (language, path, key)])


def _all(root: Path) -> list[Waiting]:
    try:
        found = json.loads((root / FILE).read_bytes())
        return [Waiting(**{name: str(said) for name, said in each.items()}) for each in found]
    except (OSError, ValueError, TypeError, AttributeError):
        return []


def _write(root: Path, rows: list[Waiting]) -> None:
    write_whole(root / FILE, json.dumps([asdict(each) for each in rows], ensure_ascii=False).encode())
