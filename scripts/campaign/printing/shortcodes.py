"""Shortcodes on paper, named by `paper` in document/shortcodes.py."""

from __future__ import annotations

from collections.abc import Mapping

from campaign.printing.blocks import Node
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
