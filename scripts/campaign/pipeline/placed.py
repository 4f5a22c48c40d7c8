"""Whether site/ and dist/ are what they should be: by what is made of each file, and before that by the files alone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from campaign.cache.atomic import OUTPUTS, WORK
from campaign.cache.inputs import Inputs
from campaign.cache.memo import Memo
from campaign.cache.program import program_hash
from campaign.cache.standing import SPACE, stands
from campaign.cache.store import hash_text
from campaign.models.outputs import Made
from campaign.models.problem import Problem

if TYPE_CHECKING:
    from campaign.models.campaign import Campaign

# So many outputs are in a row of the memo.
PART = 200


def key_of(campaign: Campaign, made: list[Made], inputs: Inputs) -> str:
    """A hash of all that the website and dist/ are made from."""
    hashes_made = sorted([each.output.path, each.output.public, each.sha256] for each in made)
    return hash_text("\0".join((*_read(campaign, inputs), json.dumps(hashes_made))))


def wish_of(campaign: Campaign, inputs: Inputs) -> str:
    """A hash of all that decides what is made: where it is as it was, nobody has to plan, or to work out keys."""
    from campaign.pipeline.jobs import waiting_places

    around = [*sorted(_beside(campaign)), program_hash(), *sorted(waiting_places(campaign))]
    return hash_text("\0".join((*_read(campaign, inputs), json.dumps(around))))


def around_of(campaign: Campaign, inputs: Inputs) -> str:
    """A hash of all that pieces are made from beside their own pages."""
    files = [f"{name} {digest}" for name, digest in inputs.around().items()]
    return hash_text("\0".join((*files, *sorted(_beside(campaign)), program_hash("keys"), json.dumps(campaign.fresh))))


def _read(campaign: Campaign, inputs: Inputs) -> list[str]:
    """What people wrote, and what changes without any file: when an embargo ends; which numbers are old."""
    hashes = [f"{name} {digest}" for name, digest in inputs.hashes.items()]
    return [*hashes, json.dumps([sorted(campaign.pages), campaign.fresh])]


def beside(campaign: Campaign) -> list[Path]:
    """Fonts and profiles of the system, which lie in no folder of the campaign."""
    from campaign.printing.scripts import SYSTEM_FOLDERS

    paths = (*campaign.fonts, campaign.identity.profile.file, *SYSTEM_FOLDERS)
    return [path for path in paths if not path.is_relative_to(campaign.root)]


def _beside(campaign: Campaign) -> Iterator[str]:
    """Each that is there, by size and time."""
    for path in beside(campaign):
        if path.exists():
            found = path.stat()
            yield f"{path} {found.st_size} {found.st_mtime_ns}"


def is_in_place(root: Path, key: str, memo: Memo) -> bool:
    """Whether what was made of `key` stands in site/ and dist/, each file as it was put there."""
    return _note(memo).get("key") == key and all(stands(root, memo, name) for name in OUTPUTS)


def is_site_in_place(root: Path, key: str, memo: Memo) -> bool:
    """Whether site/ is what was made of `key`, whatever stands in dist/."""
    return _note(memo).get("key") == key and stands(root, memo, "site")


def notes_in_place(root: Path, wish: str, memo: Memo) -> list[Problem] | None:
    """The notes of the build that put into place what is wished; None where that does not stand there as it did."""
    known = _note(memo)
    if known.get("wish") != wish or not all(stands(root, memo, name) for name in OUTPUTS):
        return None
    return [Problem(*each) for each in known["notes"]]


def _note(memo: Memo) -> dict[str, Any]:
    return memo.beside(SPACE).get("placed") or {}


def note_placed(wish: str, key: str, notes: Iterable[Problem], memo: Memo) -> None:
    """Notes of what all that stands was made, and what was said of it then."""
    said = [[each.id, each.where, each.what, each.fix] for each in notes]
    memo.beside(SPACE).put("placed", {"wish": wish, "key": key, "notes": said})
    memo.save(is_last=True)


def note_made(root: Path, made: list[Made], memo: Memo) -> None:
    """Notes what stands in the store, for `read_made`."""
    start = len(str(root / WORK)) + 1
    rows = msgspec.to_builtins(made, enc_hook=lambda path: str(path)[start:].replace("\\", "/"))
    parts = [rows[at : at + PART] for at in range(0, len(rows), PART)]
    space = memo.beside(SPACE)
    for name, part in [("made", len(parts)), *((f"made {number}", part) for number, part in enumerate(parts))]:
        space.put(name, part)
    memo.save()


def read_made(root: Path, memo: Memo) -> list[Made]:
    """What was noted, but for what stands there no more."""
    space = memo.beside(SPACE)
    rows = [row for number in range(space.get("made") or 0) for row in space.get(f"made {number}") or ()]
    made = msgspec.convert(rows, list[Made], dec_hook=lambda _, name: root / WORK / name)
    return [each for each in made if os.path.isfile(each.file)]  # noqa: PTH113  thousands: a Path takes twice as long
