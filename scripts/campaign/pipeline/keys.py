"""Keep the keys of pieces between builds: only those whose page or shared inputs changed are computed again.

A piece is built from its page, from shared inputs (strings, national contacts, look, fonts, program), from the doubts
about numbers in its text (whether a page names a source for them), from the answers that its cards show and its code
leads to, from the contacts of its place, and from drawings.
The last two are recorded with its keys, and all contacts if its page needs them. Tests ensure that printing reads
nothing else.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from campaign.cache.memo import Memo
from campaign.cache.store import hash_text
from campaign.content.answers import answers_in, code_target
from campaign.content.known_numbers import NUMBER_NODES, calls_of, nearest, sourced_on
from campaign.content.typed_numbers import DIGIT
from campaign.models.campaign import Campaign, freshness
from campaign.models.contact import Contact
from campaign.models.nodes import walk, words
from campaign.models.outputs import Output
from campaign.models.page import Page
from campaign.printing.art import hash_drawing

KeyOf = Callable[[Campaign, Output], tuple[str, dict[str, str]]]
_Piece = tuple[str | None, str]
# `keys` by place ('' for the whole country): the hash of its contacts, and the key of each output; `drawings` by name:
# the hash of the file and of its visible content; `contacts`: see `contacts_used`.
_Row = dict[str, dict[str, Any]]
# The data that a page may read of the contacts of all places: only their numbers, or everything.
NUMBERS = "numbers"
EVERYTHING = "everything"
# Shortcodes that show no contact of another place unless they have arguments, and those that show no contact.
OWN_CONTACTS = ("call", "contacts")
NO_CONTACTS = ("scene",)


@dataclass(frozen=True)
class Fingerprint:
    """Inputs that all pieces share, like `site_fingerprint` for pages.

    Attributes:
        hashes: of all except drawings and contacts of places before anything was read, by language; {} if unknown.
        files: hash of each file by name, including drawings.
        is_unchanged: returns whether all are unchanged.
    """

    hashes: Mapping[str | None, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    is_unchanged: Callable[[], bool] = lambda: False


NO_FINGERPRINT = Fingerprint()


def piece_keys(
    campaign: Campaign, outputs: Iterable[Output], key: KeyOf, fingerprint: Fingerprint, memo: Memo
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
    keys = _Keys(campaign, key, fingerprint, memo)
    result: dict[Output, str] = {}
    for piece, own_outputs in pieces.items():
        result |= keys.of_piece(piece, own_outputs)
    keys.record()
    return result


class _Keys:
    """The keys of a campaign's pieces: recorded ones, and those that are computed now."""

    def __init__(self, campaign: Campaign, key: KeyOf, fingerprint: Fingerprint, memo: Memo) -> None:
        self._campaign, self._key, self._fingerprint = campaign, key, fingerprint
        self._is_recorded = bool(fingerprint.hashes)
        self._rows, self._new_rows = memo.namespace("keys"), dict[str, _Row]()
        self._contacts = ContactHashes(campaign)
        self._sourced_numbers = _sourced_numbers(campaign, memo) if self._is_recorded else ""
        self._pages: dict[_Piece, list[Page]] = defaultdict(list)
        for page in campaign.pages.values():
            if page.formats:
                self._pages[page.language, page.stem].append(page)

    def of_piece(self, piece: _Piece, outputs: list[Output]) -> dict[Output, str]:
        """Return the keys of a piece's outputs."""
        name = self._row_name(piece)
        row = self._valid_row(name, piece)
        keys: dict[str, dict[str, str]] = defaultdict(dict)
        keys |= {
            place: keys_there
            for place, (digest, keys_there) in row["keys"].items()
            if digest == self._contacts.nearby(place)
        }
        names = {output: _name(output) for output in outputs}
        missing = [output for output in outputs if names[output] not in keys[output.place or ""]]
        drawings: dict[str, list[str]] = {}
        for output in missing:
            keys[output.place or ""][names[output]], hashes = self._key(self._campaign, output)
            drawings |= {drawing: [self._fingerprint.files.get(drawing, ""), hash] for drawing, hash in hashes.items()}
        if missing:
            by_place = {place: [self._contacts.nearby(place), keys_there] for place, keys_there in keys.items()}
            self._new_rows[name] = row | {"keys": by_place, "drawings": row["drawings"] | drawings}
        return {output: keys[output.place or ""][name] for output, name in names.items()}

    def record(self) -> None:
        """Record the computed keys, unless an input changed meanwhile."""
        if self._new_rows and self._is_recorded and self._fingerprint.is_unchanged():
            for name, row in self._new_rows.items():
                self._rows.put(name, row)

    def _row_name(self, piece: _Piece) -> str:
        pages = self._pages[piece]
        shared_parts = (self._fingerprint.hashes.get(piece[0], ""), self._sourced_numbers, repr(piece))
        answers = (_answers_read(self._campaign, page) for page in pages)
        return hash_text("\0".join((*shared_parts, self._campaign.preview_for, *map(_hash_page, pages), *answers)))

    def _valid_row(self, name: str, piece: _Piece) -> _Row:
        """Return a piece's row if contacts and drawings are unchanged, otherwise an empty one."""
        row: _Row = (self._rows.get(name) or {}) if self._is_recorded else {}
        is_same = row and all(self._contacts.every(kind) == digest for kind, digest in row["contacts"].items())
        if is_same and _has_same_drawings(self._campaign.root, row["drawings"], self._fingerprint.files):
            return row
        used_contacts = contacts_used(self._pages[piece]) if self._is_recorded else ()
        return {"keys": {}, "drawings": {}, "contacts": {kind: self._contacts.every(kind) for kind in used_contacts}}


class ContactHashes:
    """Hashes of the contacts that pieces may read, except national ones.

    Attributes:
        nearby: returns the hash of the contacts of a place and its regions; '' for the whole country.
        every: returns the hash of all contacts, or of their numbers; argument: a value of `contacts_used`.
    """

    def __init__(self, campaign: Campaign) -> None:
        def nearby_contacts(place: str) -> str:
            return _hash_contacts(campaign.local_contacts(place)) if place in campaign.places else ""

        def every(name: str) -> str:
            if name == EVERYTHING:
                return _hash_contacts(campaign.all_contacts)
            contacts = (*campaign.whole_register, *campaign.retired)
            return hash_text(repr([freshness(contacts), *((contact.numbers, contact.former) for contact in contacts)]))

        self.nearby, self.every = cache(nearby_contacts), cache(every)


def _hash_contacts(contacts: tuple[Contact, ...]) -> str:
    return hash_text(repr([freshness(contacts), contacts]))


def contacts_used(pages: list[Page]) -> tuple[str, ...]:
    """Return what the pieces of some pages may read of all contacts: NUMBERS, EVERYTHING, both or neither."""
    result = []
    if any(map(_has_digits, pages)):
        result.append(NUMBERS)
    shortcodes = (
        shortcode for page in pages for shortcode in page.outline.shortcodes if shortcode.to not in NO_CONTACTS
    )
    # Contact sheets have no page.
    if not pages or any(shortcode.to not in OWN_CONTACTS or shortcode.pairs for shortcode in shortcodes):
        result.append(EVERYTHING)
    return tuple(result)


def _has_digits(page: Page) -> bool:
    """Return whether the text of a page may contain a typed number."""
    nodes = (item for item in walk((*page.document.blocks, *page.document.notes)) if isinstance(item, NUMBER_NODES))
    texts = (page.title, *(panel.title for panel in page.panels), *(words(node.children) for node in nodes))
    return any(map(DIGIT.search, texts))


def _has_same_drawings(root: Path, drawings: Mapping[str, list[str]], files: Mapping[str, str]) -> bool:
    """Return whether drawings look the same, given by name with the hashes of file and visible content."""
    return all(
        files.get(name, "") == file or hash_drawing(root / name) == drawing_hash
        for name, (file, drawing_hash) in drawings.items()
    )


def _sourced_numbers(campaign: Campaign, memo: Memo) -> str:
    """The numbers that a page of the campaign names a source for: elsewhere too they are in no doubt."""
    namespace, result = memo.namespace("sourced"), []
    for page in campaign.pages.values():
        call_words = calls_of(campaign.languages[page.language])
        key = f"{page.digest} {' '.join(call_words)}"
        cached: dict[str, int] | None = namespace.get(key)
        if cached is None:
            cached = sourced_on(page, call_words)
            namespace.put(key, cached)
        result.append(cached)
    return repr(sorted(nearest(result).items()))


def _name(output: Output) -> str:
    parts = (output.kind, output.place, output.format, output.flavour, output.part, output.destination, output.width)
    return " ".join(map(str, parts))


def _answers_read(campaign: Campaign, page: Page) -> str:
    """Return where a piece's code leads to, and the answers on its cards."""
    has_cards = page.outline.has_shortcode("answers")
    cards = [
        (answer.digest, answer.translation, declared)
        for answer, declared in (answers_in(campaign, page.language) if has_cards else ())
    ]
    return repr((code_target(campaign, page), cards))


def _hash_page(page: Page) -> str:
    page_facts = (page.path, page.audiences, page.needs, page.tested, page.covers, page.options, page.translation)
    return hashlib.sha256(repr((page.digest, page_facts, page.alt, page.layout, page.release)).encode()).hexdigest()
