"""Keys of pieces, noted from one build to the next: only those are worked out again whose page or surroundings changed.

A piece is made from its own page, from what no page says (words, contacts, look, drawings, fonts, programs), and from
what is known of the numbers in its words: which of them any page names a source for. A test holds printing to it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from campaign.cache.memo import Memo
from campaign.cache.store import hash_text
from campaign.content.known_numbers import calls_of, nearest, sourced_on
from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.models.page import Page

_Piece = tuple[str | None, str]


@dataclass(frozen=True)
class Fingerprint:
    """Of all that pieces are made from beside their pages, as `site_fingerprint` is of pages.

    Attributes:
        hashes: of all of it as it was before anything was read, for the pieces of each language; {} where nobody knows.
        still_holds: whether all of it is so still.
    """

    hashes: Mapping[str | None, str] = field(default_factory=dict)
    still_holds: Callable[[], bool] = lambda: False


UNKNOWN = Fingerprint()


def piece_keys(
    campaign: Campaign,
    outputs: Iterable[Output],
    key: Callable[[Campaign, Output], str],
    fingerprint: Fingerprint,
    memo: Memo,
) -> dict[Output, str]:
    """The key of each output.

    Args:
        campaign: whose they are.
        outputs: what is printed.
        key: works one out.
        fingerprint: of what they are made from beside their pages. A key of something that changed since is not noted.
        memo: that of the campaign.
    """
    pieces: dict[_Piece, list[Output]] = defaultdict(list)
    for output in outputs:
        pieces[output.language, output.name].append(output)
    pages: dict[_Piece, list[Page]] = defaultdict(list)
    for page in campaign.pages.values():
        if page.formats:
            pages[page.language, page.stem].append(page)
    space, found, new = memo.beside("keys"), dict[Output, str](), dict[str, dict[str, str]]()
    is_known = bool(fingerprint.hashes)
    sourced = _sourced_numbers(campaign, memo) if is_known else ""
    for piece, own in pieces.items():
        around = (fingerprint.hashes.get(piece[0], ""), sourced, repr(piece), campaign.preview_for)
        row = hash_text("\0".join((*around, *map(_hash_page, pages[piece]))))
        known = (space.get(row) or {}) if is_known else {}
        keys = {_name(output): known.get(_name(output)) or key(campaign, output) for output in own}
        if is_known and keys.keys() - known.keys():
            new[row] = known | keys
        found |= {output: keys[_name(output)] for output in own}
    if new and fingerprint.still_holds():
        for row, keys in new.items():
            space.put(row, keys)
    return found


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
