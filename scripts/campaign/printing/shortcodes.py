"""Shortcodes on paper, named by `paper` in document/shortcodes.py."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from campaign.content.answers import answers_on_cards, contact_of, parts_of, without_notes
from campaign.models.page import Answer, Page
from campaign.printing.blocks import BlockReader, Node
from campaign.printing.contacts import describe_contact
from campaign.printing.piece import Piece
from campaign.printing.services import contacts_block, directory_blocks, places_block

Arguments = Mapping[str, str]


def call(piece: Piece, _arguments: Arguments) -> list[Node]:
    """Return the button for the main number."""
    contact = piece.campaign.emergency
    return [{"t": "call", **describe_contact(piece.campaign, piece.language, contact)}] if contact else []


def contacts(piece: Piece, arguments: Arguments) -> list[Node]:
    """Return the contacts selected by the arguments."""
    return [contacts_block(piece, arguments)]


def answers(piece: Piece, arguments: Arguments) -> list[Node]:
    """Return a card for each answer."""
    pairs = answers_on_cards(piece.campaign, piece.language.code, arguments.get("group", ""))
    return [_card(piece, page, answer) for page, answer in pairs]


def _card(piece: Piece, page: Page, answer: Answer) -> Node:
    reader = BlockReader(piece.language.direction, piece.language.terms)
    parts, contact = parts_of(page), contact_of(piece.campaign, answer)
    return {
        "t": "answer",
        "icon": answer.pictogram,
        "title": piece.title(page.title),
        "lead": reader.read(replace(without_notes(block), classes=()) for block in parts.lead),
        "steps": reader.read(map(without_notes, parts.steps)),
        "call": describe_contact(piece.campaign, piece.language, contact) if contact else None,
        "is-draft": bool(page.translation and not page.translation.is_reviewed),
    }


def places(piece: Piece, _arguments: Arguments) -> list[Node]:
    """Return the contacts of each place."""
    return [places_block(piece)]


def directory(piece: Piece, _arguments: Arguments) -> list[Node]:
    """Return all contacts by place."""
    return directory_blocks(piece)


def scene(piece: Piece, arguments: Arguments) -> list[Node]:
    """Return a scene, except in large print, since it repeats no text; `scenes` adds the drawing."""
    return [] if piece.format.least_text else [{"t": "scene", "name": arguments.get("name", "")}]


def nothing(_piece: Piece, _arguments: Arguments) -> list[Node]:
    """Return nothing, for texts that are in the small print of every piece."""
    return []
