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
    namespace, result, new = memo.namespace("keys"), dict[Output, str](), dict[str, _Row]()
    is_recorded = bool(fingerprint.hashes)
    contacts = ContactHashes(campaign)
    sourced_numbers = _sourced_numbers(campaign, memo) if is_recorded else ""
    for piece, own_outputs in pieces.items():
        shared_parts = (fingerprint.hashes.get(piece[0], ""), sourced_numbers, repr(piece), campaign.preview_for)
        answer_parts = (_answers_read(campaign, page) for page in pages[piece])
        row = hash_text("\0".join((*shared_parts, *map(_hash_page, pages[piece]), *answer_parts)))
        stored_row: _Row = (namespace.get(row) or {}) if is_recorded else {}
        is_same = stored_row and all(contacts.every(name) == digest for name, digest in stored_row["contacts"].items())
        if not is_same or not _has_same_drawings(campaign.root, stored_row["drawings"], fingerprint.files):
            used_contacts = contacts_used(pages[piece]) if is_recorded else ()
            stored_row = {
                "keys": {},
                "drawings": {},
                "contacts": {name: contacts.every(name) for name in used_contacts},
            }
        keys: dict[str, dict[str, str]] = defaultdict(dict)
        keys |= {
            place: numbers
            for place, (digest, numbers) in stored_row["keys"].items()
            if digest == contacts.nearby(place)
        }
        names = {output: _name(output) for output in own_outputs}
        new_keys = {
            output: key(campaign, output) for output in own_outputs if names[output] not in keys[output.place or ""]
        }
        if new_keys:
            drawing_hashes = {
                name: [fingerprint.files.get(name, ""), piece_digest]
                for _, all in new_keys.values()
                for name, piece_digest in all.items()
            }
            for output, (piece_digest, _) in new_keys.items():
                keys[output.place or ""][names[output]] = piece_digest
            place_inputs = {place: [contacts.nearby(place), numbers] for place, numbers in keys.items() if is_recorded}
            new[row] = stored_row | {"keys": place_inputs, "drawings": stored_row["drawings"] | drawing_hashes}
        result |= {output: keys[output.place or ""][name] for output, name in names.items()}
    if new and is_recorded and fingerprint.is_unchanged():
        for row, stored_row in new.items():
            namespace.put(row, stored_row)
    return result


class ContactHashes:
    """Hashes of the contacts that pieces may read, except national ones.

    Attributes:
        nearby_contacts: returns the hash of the contacts of a place and its regions; '' for the whole country.
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
