"""Whether site/ and dist/ are what they should be: by what is made of each file, and before that by the files alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from campaign.cache.atomic import WORK, snapshot, work_folder, write_whole
from campaign.cache.inputs import Inputs
from campaign.cache.store import hash_text
from campaign.models.campaign import Campaign
from campaign.models.outputs import Made
from campaign.models.problem import Problem
from campaign.pipeline.jobs import waiting_places


def key_of(campaign: Campaign, made: list[Made], inputs: Inputs) -> str:
    """A hash of all that the website and dist/ are made from."""
    hashes_made = sorted([each.output.path, each.output.public, each.sha256] for each in made)
    return hash_text("\0".join((*_read(campaign, inputs), json.dumps(hashes_made))))


def wish_of(campaign: Campaign, inputs: Inputs) -> str:
    """A hash of all that decides what is made: where it is as it was, nobody has to plan, or to work out keys."""
    from campaign import images, printing

    beside = sorted(_beside(campaign))
    tools = [printing.TOOLS, *images.codecs(), *beside, *sorted(waiting_places(campaign))]
    return hash_text("\0".join((*_read(campaign, inputs), json.dumps(tools))))


def _read(campaign: Campaign, inputs: Inputs) -> list[str]:
    """What people wrote, and what changes without any file: when an embargo ends; which numbers are old."""
    hashes = [f"{name} {digest}" for name, digest in inputs.hashes.items()]
    return [*hashes, json.dumps([sorted(campaign.pages), campaign.fresh])]


def _beside(campaign: Campaign) -> Iterator[str]:
    """Fonts and profiles of the system, by size and time: they lie in no folder of the campaign."""
    from campaign.printing.scripts import SYSTEM_FOLDERS

    for path in (*campaign.fonts, campaign.identity.profile.file, *SYSTEM_FOLDERS):
        if path.exists() and not path.is_relative_to(campaign.root):
            found = path.stat()
            yield f"{path} {found.st_size} {found.st_mtime_ns}"


def is_in_place(root: Path, key: str) -> bool:
    """Whether what was made of `key` stands in site/ and dist/, each file as it was put there."""
    return _stands(root, _note(root), "key", key)


def is_site_in_place(root: Path, key: str) -> bool:
    """Whether site/ is what was made of `key`, whatever stands in dist/."""
    known = _note(root)
    return known.get("key") == key and bool(known["site"] == snapshot(root / "site"))


def notes_in_place(root: Path, wish: str) -> list[Problem] | None:
    """The notes of the build that put into place what is wished; None where that does not stand there as it did."""
    known = _note(root)
    if not _stands(root, known, "wish", wish):
        return None
    return [Problem(*each) for each in known["notes"]]


def _stands(root: Path, known: dict[str, Any], name: str, hash: str) -> bool:
    return known.get(name) == hash and all(known[each] == snapshot(root / each) for each in ("site", "dist"))


def _note(root: Path) -> dict[str, Any]:
    try:
        known: dict[str, Any] = json.loads((root / WORK / "placed.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return known if known.keys() == {"wish", "key", "notes", "site", "dist"} else {}


def note_placed(root: Path, wish: str, key: str, notes: Iterable[Problem]) -> None:
    """Notes what was put into place, of what, and what was said of it when it was made."""
    said = [[each.id, each.where, each.what, each.fix] for each in notes]
    stands = {each: snapshot(root / each) for each in ("site", "dist")}
    known = {"wish": wish, "key": key, "notes": said, **stands}
    write_whole(work_folder(root) / "placed.json", json.dumps(known).encode())
