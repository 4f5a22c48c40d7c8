"""Shortcodes on paper: what `paper` of a row in document/shortcodes.py names."""

from __future__ import annotations

from collections.abc import Mapping

from campaign.printing.blocks import Node
from campaign.printing.contacts import describe_contact
from campaign.printing.piece import Piece
from campaign.printing.services import contacts_block, directory_blocks, places_block

Arguments = Mapping[str, str]


def call(piece: Piece, _arguments: Arguments) -> list[Node]:
    """The button to call the main number."""
    contact = piece.campaign.emergency
    return [{"t": "call", **describe_contact(piece.campaign, piece.language, contact)}] if contact else []


def contacts(piece: Piece, arguments: Arguments) -> list[Node]:
    """The contacts that the arguments choose."""
    return [contacts_block(piece, arguments)]


def places(piece: Piece, _arguments: Arguments) -> list[Node]:
    """The contacts of each place."""
    return [places_block(piece)]


def directory(piece: Piece, _arguments: Arguments) -> list[Node]:
    """Everybody there is, by place."""
    return directory_blocks(piece)


def scene(piece: Piece, arguments: Arguments) -> list[Node]:
    """A picture that repeats no words, so large print goes without; `scenes` adds the drawing."""
    return [] if piece.format.least_text else [{"t": "scene", "name": arguments.get("name", "")}]


def nothing(_piece: Piece, _arguments: Arguments) -> list[Node]:
    """For what stands in the small print of every piece."""
    return []
