"""Keep the keys of pieces between builds: only those whose page or shared inputs changed are computed again.

A piece is built from its page, from shared inputs (strings, contacts, look, fonts, program), from the doubts about
numbers in its text (whether a page names a source for them), and from drawings, which are recorded with its keys. A
test ensures that printing reads nothing else.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from campaign.cache.memo import Memo
from campaign.cache.store import hash_text
from campaign.content.known_numbers import calls_of, nearest, sourced_on
from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.models.page import Page
from campaign.printing.art import hash_drawing

_Piece = tuple[str | None, str]
# `keys` by output; `drawings` by name: the hash of the file and of its visible content.
_Row = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Fingerprint:
    """Inputs that all pieces share, like `site_fingerprint` for pages.

    Attributes:
        hashes: of all except drawings before anything was read, by language; {} if unknown.
        files: hash of each file by name, including drawings.
        still_holds: returns whether all are unchanged.
    """

    hashes: Mapping[str | None, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    still_holds: Callable[[], bool] = lambda: False


NO_FINGERPRINT = Fingerprint()


def piece_keys(
    campaign: Campaign,
    outputs: Iterable[Output],
    key: Callable[[Campaign, Output], tuple[str, dict[str, str]]],
    fingerprint: Fingerprint,
    memo: Memo,
) -> dict[Output, str]:
    """Return the key of each output.

    Args:
        campaign: the campaign.
        outputs: pieces to print.
        key: computes a key; returns also its drawings by name with their hashes.
        fingerprint: of the shared inputs. Keys of inputs that changed since aren't recorded.
        memo: the campaign's database.
    """
    pieces: dict[_Piece, list[Output]] = defaultdict(list)
    for output in outputs:
        pieces[output.language, output.name].append(output)
    pages: dict[_Piece, list[Page]] = defaultdict(list)
    for page in campaign.pages.values():
        if page.formats:
            pages[page.language, page.stem].append(page)
    space, found, new = memo.beside("keys"), dict[Output, str](), dict[str, _Row]()
    is_known = bool(fingerprint.hashes)
    sourced = _sourced_numbers(campaign, memo) if is_known else ""
    for piece, own in pieces.items():
        around = (fingerprint.hashes.get(piece[0], ""), sourced, repr(piece), campaign.preview_for)
        row = hash_text("\0".join((*around, *map(_hash_page, pages[piece]))))
        known: _Row = (space.get(row) or {}) if is_known else {}
        if not known or not _is_drawn_so(campaign.root, known["drawings"], fingerprint.files):
            known = {"keys": {}, "drawings": {}}
        names = {output: _name(output) for output in own}
        made = {output: key(campaign, output) for output, name in names.items() if name not in known["keys"]}
        if made:
            drawn = {
                name: [fingerprint.files.get(name, ""), each] for _, all in made.values() for name, each in all.items()
            }
            keys = known["keys"] | {names[output]: each for output, (each, _) in made.items()}
            known = new[row] = {"keys": keys, "drawings": known["drawings"] | drawn}
        found |= {output: known["keys"][name] for output, name in names.items()}
    if new and is_known and fingerprint.still_holds():
        for row, known in new.items():
            space.put(row, known)
    return found


def _is_drawn_so(root: Path, drawings: Mapping[str, list[str]], files: Mapping[str, str]) -> bool:
    """Return whether drawings look the same, given by name with the hashes of file and visible content."""
    return all(
        files.get(name, "") == file or hash_drawing(root / name) == drawn for name, (file, drawn) in drawings.items()
    )


def _sourced_numbers(campaign: Campaign, memo: Memo) -> str:
    """The numbers that a page of the campaign names a source for: elsewhere too they are in no doubt."""
    space, found = memo.beside("sourced"), []
    for page in campaign.pages.values():
        asked = calls_of(campaign.languages[page.language])
        key = f"{page.digest} {' '.join(asked)}"
        known: dict[str, int] | None = space.get(key)
        if known is None:
            known = sourced_on(page, asked)
            space.put(key, known)
        found.append(known)
    return repr(sorted(nearest(found).items()))


def _name(output: Output) -> str:
    parts = (output.kind, output.place, output.format, output.flavour, output.part, output.destination, output.width)
    return " ".join(map(str, parts))


def _hash_page(page: Page) -> str:
    own = (page.path, page.audiences, page.needs, page.tested, page.covers, page.options, page.translation)
    return hashlib.sha256(repr((page.digest, own, page.alt, page.layout, page.release)).encode()).hexdigest()
