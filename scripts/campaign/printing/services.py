"""Contacts as blocks of a piece: contact lists, the box for a stamp, and the directory by need and place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from string import ascii_lowercase
from typing import Any

from campaign.content.contacts import check_text, number_text
from campaign.content.locale_format import joined, quoted
from campaign.models.campaign import Campaign
from campaign.models.contact import Contact, Place, order_for
from campaign.models.outputs import Output
from campaign.plan.outputs import CONTACT_SHEET
from campaign.printing.blocks import Node
from campaign.printing.contacts import describe_contact, describe_silent, isolate
from campaign.printing.line_breaking import NO_BREAK, foreign
from campaign.printing.piece import Piece, find_piece


def contacts_block(piece: Piece, arguments: Mapping[str, str]) -> Node:
    """Return contacts with a number, national and local ones apart, and a line for those without."""
    block = _contacts_block(
        piece.campaign, piece.language.code, piece.output.place, arguments.get("place"), arguments.get("kind")
    )
    # Reference marks are assigned by `sign_contacts`.
    return {**block, **{key: [{**contact} for contact in block[key]] for key in ("national", "local")}}


# The same on all pieces of a language and place; enough entries for a country's places in two languages.
@lru_cache(maxsize=10_000)
def _contacts_block(
    campaign: Campaign, language: str, place: str | None, chosen: str | None, kind: str | None
) -> dict[str, Any]:
    piece = find_piece(campaign, Output(CONTACT_SHEET, CONTACT_SHEET, language, place, CONTACT_SHEET))
    place = chosen or place
    result = campaign.contacts_for(place, kind)
    ranked = [
        {**described, "rank": rank, "is-local": contact.place is not None}
        for rank, contact in enumerate(order_for(result, campaign.emergency, piece.language.code))
        for described in _described(piece, [contact])
    ]
    sheet = piece.words["contact-sheet"] if campaign.needs_sheet(place) else ""
    return {
        "t": "contacts",
        "national": [contact for contact in ranked if not contact["is-local"]],
        "local": [contact for contact in ranked if contact["is-local"]],
        "more": _more(piece, sheet) if sheet else "",
        "local-title": _local_title(piece),
        "national-title": piece.say(piece.words["national"]),
        "silent": _unprinted_line(piece, result),
        "stamp": _stamp(piece, campaign.places.get(piece.output.place or "")),
    }


def _more(piece: Piece, sheet: str) -> str:
    return piece.keep_together(piece.words["more-contacts"].format(title=quoted(piece.language, sheet)))


def _local_title(piece: Piece) -> str:
    """Return the place of the local contacts: the piece's own or its region."""
    if not piece.output.place:
        return ""
    campaign = piece.campaign
    place = campaign.places[piece.output.place]
    entities = (item for item in (place, *campaign.regions_of(place.code)) if item.contacts)
    names = [_name(piece, item) for item in entities] or [piece.place_name]
    return piece.say(piece.words["in-place"].format(place=joined(piece.language, names)))


def _described(piece: Piece, contacts: Iterable[Contact]) -> list[dict[str, Any]]:
    return [describe_contact(piece.campaign, piece.language, contact) for contact in contacts]


def _unprinted_line(piece: Piece, contacts: Iterable[Contact]) -> str:
    unprinted = [contact for contact in contacts if not contact.is_printed]
    return describe_silent(piece.language, unprinted, piece.campaign.source_language.code)


def sign_contacts(contacts: list[dict[str, Any]]) -> list[list[str]]:
    """Give contacts reference marks for their source and verification, which don't fit next to them.

    Returns [mark, note] for each; contacts with the same note share a mark. A note for all comes last, without a mark.
    """
    shared = {key: _common_value(contact[key] for contact in contacts) for key in ("source", "check")}
    legend: dict[str, str] = {}
    for contact in contacts:
        contact_notes = (contact[key] for key, note in shared.items() if not note)
        note = _sentences((*contact["speaks"], *contact_notes))
        contact["sign"] = legend.setdefault(note, ascii_lowercase[len(legend) % 26]) if note else ""
    of_all = _sentences(shared.values())
    return [*([sign, note] for note, sign in legend.items()), *([["", of_all]] if of_all else [])]


def _common_value(texts: Iterable[str]) -> str:
    """Return the value that all share, or ''."""
    first, *others = {*texts} or {""}
    return "" if others else first


def _sentences(parts: Iterable[str]) -> str:
    return " ".join(part if part.endswith((".", "。", "။")) else f"{part}." for part in parts if part)


def _stamp(piece: Piece, place: Place | None) -> str:
    """Return the text of the box for a stamp, or '' if the place has a verified number."""
    local = piece.campaign.local_contacts(place.code) if place else ()
    if place is None or any(contact.is_printed and contact.is_fresh for contact in local):
        return ""
    return piece.keep_together(piece.words["write-number"])


def directory_blocks(piece: Piece) -> list[Node]:
    """Return the directory: by need, for the whole country, and by place, as on the site."""
    words = piece.words
    return [
        _service_list(piece),
        _heading(piece, words["national"]),
        {**contacts_block(piece, {}), "local": [], "silent": ""},
        _heading(piece, words["where"]),
        places_block(piece),
    ]


def _heading(piece: Piece, words: str) -> Node:
    return {"t": "h", "level": 3, "c": [piece.say(words)]}


def places_block(piece: Piece) -> Node:
    """Return every place with its own contacts, and a box for a stamp if it has no verified number.

    Places with only their region's contacts are listed under the region.
    """
    places = piece.campaign.places
    places_with_contacts = (place for place in places.values() if place.contacts or place.region not in places)
    return {"t": "places", "c": [_place(piece, place) for place in places_with_contacts]}


def _place(piece: Piece, place: Place) -> dict[str, Any]:
    return {
        "code": place.code,
        "name": piece.say(_name(piece, place)),
        "local": _described(piece, (contact for contact in place.contacts if contact.is_printed)),
        "silent": _unprinted_line(piece, place.contacts),
        "stamp": _stamp(piece, place),
    }


def _name(piece: Piece, place: Place) -> str:
    return place.name(piece.language.code, piece.campaign.source_language.code)


def _service_list(piece: Piece) -> Node:
    """Return each service with the contacts that offer it, in the order of the strings."""
    campaign = piece.campaign
    codes = [key.removeprefix("does-") for key in campaign.source_language.strings if key.startswith("does-")]
    rows = []
    for code in codes:
        offers = [_offer(piece, contact) for contact in campaign.all_contacts if code in contact.does]
        if offers:
            rows.append({"need": piece.say(piece.words.get(f"does-{code}", code)), "c": offers})
    return {"t": "needs", "heads": [piece.say(piece.words["need"]), piece.say(piece.words["phone"])], "c": rows}


def _offer(piece: Piece, contact: Contact) -> dict[str, Any]:
    """Return the provider of a service and its place; `check` says whether calls are free and the number unverified."""
    campaign, language = piece.campaign, piece.language
    name = foreign(contact.name_in(language.code), language.direction) or piece.words.get(
        f"kind-{contact.kind}", contact.kind
    )
    place = campaign.places.get(contact.place or "")
    number = next((number for number in contact.numbers if number.is_printed), None)
    doubt = number and not number.is_fresh
    notes = [language.strings["free"]] if number and number.free else []
    notes += [check_text(language, number)] if doubt else []
    return {
        "name": piece.say(name),
        "place": piece.say(_name(piece, place)) if place else "",
        "number": isolate(number_text(language, number)) if number else "",
        "check": piece.say(f"{NO_BREAK}· ".join(notes)),
    }


def printed_contacts(blocks: Iterable[Node]) -> Iterator[dict[str, Any]]:
    """Return the contacts whose numbers are printed in some blocks."""
    for block in blocks:
        if block["t"] == "call":
            yield block
        elif block["t"] == "answer" and block["call"]:
            yield block["call"]
        elif block["t"] == "contacts":
            yield from (*block["national"], *block["local"])
        elif block["t"] == "places":
            yield from (contact for place in block["c"] for contact in place["local"])
