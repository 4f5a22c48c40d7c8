"""Whether site/ and dist/ are what they should be: by what is made of each file, and before that by the files alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from campaign.cache.atomic import OUTPUTS, WORK, snapshot
from campaign.cache.inputs import Inputs
from campaign.cache.memo import Memo
from campaign.cache.store import hash_text
from campaign.models.campaign import Campaign
from campaign.models.outputs import Made
from campaign.models.problem import Problem
from campaign.pipeline.jobs import waiting_places

# The space of the memo with what the last build put into place; so many outputs are in a row of it.
SPACE, PART = "placed", 200


def key_of(campaign: Campaign, made: list[Made], inputs: Inputs) -> str:
    """A hash of all that the website and dist/ are made from."""
    hashes_made = sorted([each.output.path, each.output.public, each.sha256] for each in made)
    return hash_text("\0".join((*_read(campaign, inputs), json.dumps(hashes_made))))


def wish_of(campaign: Campaign, inputs: Inputs) -> str:
    """A hash of all that decides what is made: where it is as it was, nobody has to plan, or to work out keys."""
    beside = [*sorted(_beside(campaign)), *sorted(waiting_places(campaign))]
    return hash_text("\0".join((*_read(campaign, inputs), json.dumps(beside))))


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


def is_in_place(root: Path, key: str, memo: Memo) -> bool:
    """Whether what was made of `key` stands in site/ and dist/, each file as it was put there."""
    return _stands(root, _note(memo), "key", key)


def is_site_in_place(root: Path, key: str, memo: Memo) -> bool:
    """Whether site/ is what was made of `key`, whatever stands in dist/."""
    known = _note(memo)
    return known.get("key") == key and bool(known["site"] == snapshot(root / "site"))


def notes_in_place(root: Path, wish: str, memo: Memo) -> list[Problem] | None:
    """The notes of the build that put into place what is wished; None where that does not stand there as it did."""
    known = _note(memo)
    if not _stands(root, known, "wish", wish):
        return None
    return [Problem(*each) for each in known["notes"]]


def _stands(root: Path, known: dict[str, Any], name: str, hash: str) -> bool:
    return known.get(name) == hash and all(known[each] == snapshot(root / each) for each in OUTPUTS)


def _note(memo: Memo) -> dict[str, Any]:
    return memo.beside(SPACE).get("placed") or {}


def note_placed(root: Path, wish: str, key: str, notes: Iterable[Problem], memo: Memo) -> None:
    """Notes what was put into place, of what, and what was said of it when it was made."""
    said = [[each.id, each.where, each.what, each.fix] for each in notes]
    stands = {each: snapshot(root / each) for each in OUTPUTS}
    memo.beside(SPACE).put("placed", {"wish": wish, "key": key, "notes": said, **stands})
    memo.save()


def note_made(root: Path, made: list[Made], memo: Memo) -> None:
    """Notes what stands in the store, for `read_made`."""
    rows = msgspec.to_builtins(made, enc_hook=lambda path: path.relative_to(root / WORK).as_posix())
    parts = [rows[at : at + PART] for at in range(0, len(rows), PART)]
    space = memo.beside(SPACE)
    for name, part in [("made", len(parts)), *((f"made {number}", part) for number, part in enumerate(parts))]:
        if space.get(name) != part:
            space.put(name, part)
    memo.save()


def read_made(root: Path, memo: Memo) -> list[Made]:
    """What was noted, but for what stands there no more."""
    space = memo.beside(SPACE)
    rows = [row for number in range(space.get("made") or 0) for row in space.get(f"made {number}") or ()]
    made = msgspec.convert(rows, list[Made], dec_hook=lambda _, name: root / WORK / name)
    return [each for each in made if each.file.is_file()]
