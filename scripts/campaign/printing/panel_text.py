"""The sections of a page as panels of a piece: titles and blocks, with shortcodes filled in."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from campaign.content.design_options import ordered
from campaign.content.links import folder_address, without_navigation
from campaign.document.shortcodes import SCREEN_ONLY, SHORTCODES, load_form
from campaign.models.nodes import Block
from campaign.models.page import Panel
from campaign.printing.blocks import BlockReader, Node
from campaign.printing.piece import Piece


def piece_panels(piece: Piece) -> dict[str, Panel]:
    """Return the printed sections by name, in the page's order if the design is sequential."""
    page = piece.page
    panels_by_id = {panel.id: panel for panel in page.panels if panel.id not in page.options.without}
    is_folded = bool(piece.format.sheets)
    return {id: panels_by_id[id] for id in (panels_by_id if is_folded else ordered(page, [*panels_by_id]))}


def shared_panels(piece: Piece) -> dict[str, dict[str, Any] | None]:
    """Return the sections; None for those with shortcodes or added contacts."""
    format = piece.format
    place_panels = {"back"} if format.sheets else {"back", "cover"} if format.least_text else set()
    return {
        id: None
        if id in place_panels or contains_kind(_blocks(piece, panel)[0], "shortcode")
        else describe_panel(piece, panel)
        for id, panel in piece_panels(piece).items()
    }


def describe_panel(piece: Piece, panel: Panel) -> dict[str, Any]:
    """Return title and blocks with shortcodes filled; `unprintable` is what paper can't show."""
    read, pictures = _blocks(piece, panel)
    unprintable = [*pictures]
    blocks = [filled for block in read for filled in _fill(piece, block, unprintable)]
    return {"title": panel_title(piece, panel), "blocks": blocks, "unprintable": unprintable, "line": panel.line}


def panel_title(piece: Piece, panel: Panel) -> str:
    """Return a title; only those above a panel's text have lines to balance."""
    if piece.format.sheets and panel.id != "cover":
        return piece.keep_together(panel.title)
    return piece.title(panel.title)


def _blocks(piece: Piece, panel: Panel) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    folder = folder_address(piece.campaign, piece.page) if piece.format.tells_addresses else ""
    blocks = without_navigation(panel.blocks)
    return _read(blocks, piece.language.direction, piece.language.terms, piece.page.cites, folder)


@lru_cache(maxsize=1024)
def _read(
    blocks: tuple[Block, ...], direction: str, terms: tuple[str, ...], cites: tuple[str, ...], folder: str
) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    """Return a panel's blocks, and what paper can't show. They are the same for every place and flavour."""
    reader = BlockReader(direction, terms, cites, folder=folder)
    return tuple(reader.read(blocks)), tuple(reader.unprintable)


def _fill(piece: Piece, block: Node, unprintable: list[str]) -> list[Node]:
    if block["t"] != "shortcode":
        return [block]
    if own_shortcode := piece.campaign.shortcodes.get(str(block["shortcode"])):
        arguments = {key: str(value) for key, value in block.items() if key not in ("t", "shortcode")}
        return [{"t": "own", "typst": own_shortcode.typst, "arguments": arguments}] if own_shortcode.typst else []
    row = SHORTCODES[str(block["shortcode"])]
    is_printed = row.paper != SCREEN_ONLY and (not row.needs or row.needs in piece.format.shows)
    if is_printed:
        nodes: list[Node] = load_form(row.paper)(piece, block)
        return nodes
    unprintable.append(f"the shortcode `{row.name}`")
    return []


def contains_kind(blocks: tuple[Node, ...], kind: str) -> bool:
    """Return whether one of the blocks is of a kind."""
    return any(block["t"] == kind for block in blocks)
