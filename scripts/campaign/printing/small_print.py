"""The small print of a piece: imprint, validity of numbers, warnings on drafts, and the line for printers."""

from __future__ import annotations

from typing import Any

from campaign.content.locale_format import format_date
from campaign.content.releases import is_example
from campaign.models.contact import valid_until
from campaign.models.nodes import PLACEHOLDER_START
from campaign.models.page import Page
from campaign.printing.blocks import Node
from campaign.printing.piece import Piece
from campaign.printing.services import printed_contacts


def draft_reasons(piece: Piece, doubtful: bool, blocks: list[Node]) -> list[str]:
    """Return why a piece isn't final. `doubtful`: whether its words contain an unverified number."""
    reasons = [] if piece.campaign.is_published else ["unpublished"]
    is_unreviewed = piece.page.translation is not None and not piece.page.translation.is_reviewed
    if is_unreviewed or any(block.get("is-draft") for block in blocks):
        reasons.append("unreviewed-translation")
    if doubtful or any(not contact["fresh"] for contact in printed_contacts(blocks)):
        reasons.append("unchecked-number")
    if PLACEHOLDER_START in piece.page.tree:
        reasons.append("open-question")
    return reasons


def draft_line(piece: Piece) -> str:
    """Return the warning on drafts; previews are on a page that has it already."""
    if piece.output.kind == "preview":
        return ""
    return piece.keep_together(piece.words["draft-picture" if piece.output.destination else "draft"])


def watermark(piece: Piece) -> str:
    """Return the text across each page of unfinished pieces, or ''.

    These are releases with gaps, and machine translations for trainers, who would teach the errors. Public pieces have
    it in the small print, because readers need their words.
    """
    page, words, format = piece.page, piece.words, piece.format
    if piece.output.kind == "preview":
        return ""
    if is_example(page):
        return piece.say(words["kit-example-short"])
    is_watermarked = (format.is_free or format.is_taught) and not piece.campaign.is_public(page)
    return piece.say(words["machine-translation-short"]) if is_watermarked and _is_by_machine(page) else ""


def _is_by_machine(page: Page) -> bool:
    translation = page.translation
    return translation is not None and not translation.is_reviewed and translation.is_by_machine


def describe_imprint(piece: Piece) -> dict[str, Any]:
    """Return publisher, version, credit and sources; the validity of numbers is each place's own."""
    campaign, words = piece.campaign, piece.words
    is_machine = _is_by_machine(piece.page)
    cited = [campaign.sources[id].localised(piece.language.code) for id in piece.page.cites if id in campaign.sources]
    if "sources" in piece.page.options.without:
        cited = []
    version = words["version"].format(version=_version(piece), date=format_date(piece.language, campaign.date))
    return {
        "issued": piece.keep_together(words["imprint"]),
        "short": piece.say(words["imprint-short"]),
        "version": piece.keep_together(version),
        "translation": piece.keep_together(words["machine-translation-short"]) if is_machine else "",
        "credit": _credit(piece),
        "sources-title": piece.say(words["sources"]) if cited else "",
        "sources": [
            [str(number), piece.foreign(source.short or source.title)] for number, source in enumerate(cited, 1)
        ],
    }


def _version(piece: Piece) -> str:
    """Return the campaign's version, with the letter of a cover being tested."""
    cover = piece.page.cover(piece.output.part)
    return piece.campaign.version + (f"-{cover.letter.upper()}" if cover else "")


def valid_until_line(piece: Piece, contact_ids: set[str]) -> str:
    """Return until when the numbers of some contacts count as verified."""
    day = valid_until(contact for contact in piece.campaign.all_contacts if contact.id in contact_ids)
    if day is None:
        return ""
    return piece.keep_together(piece.words["valid-until"].format(date=format_date(piece.language, day)))


def _credit(piece: Piece) -> str:
    poster = piece.campaign.posters.get(piece.page.art_of(piece.output.part))
    if poster is None or not poster.rights.credit or "credit" in piece.page.options.without:
        return ""
    rights = poster.rights
    return piece.words["credit"].format(credit=piece.foreign(rights.credit), licence=piece.foreign(rights.licence))


def slug(piece: Piece) -> str:
    """Return the line outside the trim for printers: piece, language, place, format, version, date."""
    output, campaign = piece.output, piece.campaign
    place = (output.place or "national") if campaign.formats[output.format].has_places else ""
    parts = (campaign.name, output.name, output.language, place, output.format)
    return " / ".join((*(part for part in parts if part), _version(piece), campaign.date.isoformat()))
