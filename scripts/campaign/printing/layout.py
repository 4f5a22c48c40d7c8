"""Describe a piece as a dict with all its words in print order.

It has no pictures or type sizes, so that people can read it; `render_context` adds what a design draws with.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urljoin

from campaign.content.answers import code_target
from campaign.content.design_options import ordered
from campaign.content.known_numbers import doubtful_numbers
from campaign.content.locale_format import format_list, full_stop
from campaign.content.press_envelope import envelope
from campaign.models.campaign import Campaign
from campaign.models.formats import DESIGN_TEXT, SCREEN_REQUIRED_PARTS, Format, is_for_releases
from campaign.models.outputs import ANSWERS, OFFICE, PHOTOCOPY, PRINT_SHOP, Output
from campaign.plan.outputs import CONTACT_SHEET, is_sheet
from campaign.printing.blocks import texts
from campaign.printing.contacts import describe_contact
from campaign.printing.panel_text import contains_kind, describe_panel, panel_title, piece_panels, shared_panels
from campaign.printing.piece import Piece, find_piece
from campaign.printing.services import contacts_block, printed_contacts, sign_contacts
from campaign.printing.small_print import describe_imprint, draft_line, draft_reasons, slug, valid_until_line, watermark
from campaign.printing.spot_art import ink_colours

# The target of the QR code on a piece without a web page.
INDEX = "index.md"
TEXT_FLOOR = 11.0
OVER_LEAD = 2.0
COPY_NUMBER = 1.25
DIGITS = "0123456789"
BULLET = "•"
DEFAULT_SIZES = {"lead": 14, "heading": 17, "title": 27, "number": 40}
POSTER_SIZES = {"poster-text": 34, "poster-title": 104, "poster-number": 150}
# Parts of a description with text.
PRINTED_KEYS = (
    *("place", "campaign", "title", "kicker", "headline", "panels", "contacts", "legend", "letter", "link"),
    *("imprint", "page-of", "draft", "hint", "slug", "check", "partners", "valid"),
)


@dataclass(frozen=True, eq=False)
class Shared:
    """The part of a description that is the same for every place."""

    values: dict[str, Any]  # None for values that differ
    panels: dict[str, dict[str, Any] | None]  # None for panels that may differ
    doubtful: bool = False  # whether its words contain an unverified number

    @cached_property
    def text(self) -> str:
        """Everything as text, for hashing."""
        return json.dumps([self.values, self.panels], sort_keys=True, ensure_ascii=False)

    @cached_property
    def characters(self) -> frozenset[str]:
        """The characters that need a font."""
        return characters({**self.values, "panels": self.panels})


def describe(campaign: Campaign, output: Output) -> dict[str, Any]:
    """Return everything that is printed on an output, as plain JSON.

    Raises:
        LookupError: see find_piece.
    """
    return join(*describe_parts(campaign, output))


# Called for a piece and again for its key.
@lru_cache(maxsize=1)
def describe_parts(campaign: Campaign, output: Output) -> tuple[Shared, dict[str, Any]]:
    """Return the shared part of a description, and the place's own. Both are cached: don't change them.

    Raises:
        LookupError: see find_piece.
    """
    shared = _shared(campaign, replace(output, place=None, path="", public=""))
    return shared, _place_values(find_piece(campaign, output), shared)


def join(shared: Shared, place_part: dict[str, Any]) -> dict[str, Any]:
    """Return both parts as one description."""
    panels = {id: place_part["panels"][id] if panel is None else panel for id, panel in shared.panels.items()}
    imprint = {**shared.values["imprint"], "valid": place_part["valid"]}
    values = {key: value for key, value in place_part.items() if key != "valid"}
    return {**shared.values, **values, "panels": panels, "imprint": imprint}


def for_design(format: Format, description: dict[str, Any]) -> dict[str, Any]:
    """Drop contacts that the design doesn't show.

    Our designs show a number outside of panels. Contact sheets and other people's designs get everything.
    """
    contacts = description["contacts"]
    if not contacts or format.design == CONTACT_SHEET or format.design_text:
        return description
    numbers = [
        {key: contact[key] for key in ("phone", "extension", "dial")}
        for contact in contacts["local"]
        if contact["phone"]
    ]
    block = {"t": contacts["t"], "local-title": contacts["local-title"], "local": numbers[:1]}
    return {**description, "contacts": block}


@lru_cache(maxsize=64)
def _shared(campaign: Campaign, output: Output) -> Shared:
    piece = find_piece(campaign, output)
    format = piece.format
    row = campaign.destinations.get(output.destination)
    is_sheet = row is None or row.keeps_shape or row.is_panels or output.part == ANSWERS
    description, panels, doubtful = _description(campaign, replace(output, kind="", flavour=None, destination=""))
    values = {
        "piece": output.name,
        "kind": format.kind,
        "design": format.design if is_sheet else "screen",
        **({DESIGN_TEXT: format.design_text} if format.design_text and is_sheet else {}),
        "format": output.format,
        "part": output.part,
        "flavour": output.flavour or output.kind,
        "size": [format.width, format.height] if is_sheet or row is None else [row.width, row.height],
        **_marks(piece),
        **({"check": _main_check(piece)} if row and row.is_panels else {}),
        **({"clear": list(row.clear)} if row else {}),
        "small-print": format.small_print,
        "owes": _required_parts(output, format.requires),
        **description,
        "hint": piece.keep_together(_hint(piece, format.turn)),
        "sizes": _sizes(campaign, output),
    }
    return Shared(values, panels, doubtful)


@lru_cache(maxsize=64)
def _description(campaign: Campaign, output: Output) -> tuple[dict[str, Any], dict[str, dict[str, Any] | None], bool]:
    """Return values and panels that are the same for every printer and screen, and Shared.doubtful."""
    piece = find_piece(campaign, output)
    format = piece.format
    panels = shared_panels(piece)
    kicker, headline = _split_title(piece)
    if format.least_text and "cover" in piece_panels(piece):
        # A leaflet's cover text comes before the other words, like a page's title.
        kicker, headline = "", panel_title(piece, piece_panels(piece)["cover"])
    values = {
        "sheets": _sheets(piece),
        "runs": format.runs,
        "language": _language(piece),
        "place": None,
        "campaign": _sender(piece),
        "campaign-language": campaign.fallback_language(piece.language.code),
        "title": piece.page.title,
        "kicker": kicker,
        "headline": headline,
        "alt": piece.page.alt,
        "drawing": format.drawing,
        "art": piece.page.art_of(output.part),
        "inks": _inks(piece) if format.has_spot_inks else [],
        "recolouring": dict(piece.page.options.colours),
        "panels": None,
        "contacts": None,
        "legend": None,
        **({"letter": _letter(piece)} if is_for_releases(format) and piece.page.release else {}),
        "link": _link(piece),
        "imprint": describe_imprint(piece),
        "page-of": piece.words["page-of"] if not format.sides else "",
        "draft": None,
        "again": piece.words["same-again"],
        "slug": None,
        "date": campaign.date.isoformat(),
    }
    return values, panels, bool(doubtful_numbers(campaign, piece.page, piece_panels(piece).values()))


def _place_values(piece: Piece, shared: Shared) -> dict[str, Any]:
    """Return what may differ between places; `valid` belongs to the imprint."""
    output, format = piece.output, piece.format
    sections = piece_panels(piece)
    panels = {id: describe_panel(piece, sections[id]) for id, panel in shared.panels.items() if panel is None}
    is_contact_sheet = format.design == CONTACT_SHEET
    contacts = contacts_block(piece, {}) if format.has_places or is_contact_sheet else {}
    if _ends_in_contacts(piece, panels):
        panels["back"]["blocks"].append(contacts)
    blocks = [block for panel in panels.values() for block in panel["blocks"]]
    reasons = draft_reasons(piece, shared.doubtful, [*blocks, *([contacts] if contacts else [])])
    contact_ids = {contact["id"] for contact in printed_contacts([contacts] if is_contact_sheet else blocks)}
    legend = sign_contacts([*printed_contacts(blocks)])
    if format.least_text and "cover" in panels:
        panels["cover"]["title"] = ""
    return {
        "place": {"code": output.place or "", "name": piece.say(piece.place_name)},
        "panels": panels,
        "contacts": contacts,
        "legend": legend,
        "valid": valid_until_line(piece, contact_ids),
        "draft": {"reasons": reasons, "line": draft_line(piece) if reasons else "", "across": watermark(piece)},
        "slug": slug(piece) if output.flavour == PRINT_SHOP else "",
    }


def _ends_in_contacts(piece: Piece, panels: dict[str, dict[str, Any]]) -> bool:
    """Return whether contacts are added to the back, because no panel has them."""
    format = piece.format
    return bool(
        (format.sheets or format.least_text)
        and "back" in panels
        and not any(contains_kind(panel["blocks"], "contacts") for panel in panels.values())
    )


def _marks(piece: Piece) -> dict[str, Any]:
    """Return the marks on a piece; photocopies print names instead."""
    format, partners = piece.format, piece.campaign.partners
    results: dict[str, Any] = {}
    row = piece.campaign.destinations.get(piece.output.destination)
    if (format.has_campaign_mark or (row and row.is_panels)) and piece.campaign.mark:
        results["mark"] = piece.campaign.mark
    if row and not row.keeps_shape and piece.output.part != ANSWERS:
        return results
    if format.has_partner_marks and partners and "partners" not in piece.page.options.without:
        names = format_list(piece.language, (piece.foreign(partner.title) for partner in partners))
        results["partners"] = {
            "names": piece.say(piece.words["partners"].format(names=names)),
            "marks": [[p.name, p.title, round(p.ratio, 4), p.clear] for p in partners],
        }
    return results


def _main_check(piece: Piece) -> str:
    """Return the verification of the main number, for pictures without room for more."""
    contact = piece.campaign.emergency
    return str(describe_contact(piece.campaign, piece.language, contact)["check"]) if contact else ""


def _sender(piece: Piece) -> str:
    name = piece.campaign.name_in(piece.language.code)
    return piece.foreign(name) if piece.campaign.fallback_language(piece.language.code) else piece.say(name)


def _required_parts(output: Output, of_format: list[str]) -> list[str]:
    """Return what the design has to place; previews show one side only."""
    if output.kind == "preview":
        return []
    return [part for part in of_format if part in SCREEN_REQUIRED_PARTS] if output.destination else of_format


def _split_title(piece: Piece) -> tuple[str, str]:
    """Return `Handout: signs` as a kicker and a headline; without a colon there is only a headline."""
    head, colon, tail = re.sub("：", ": ", piece.page.title).partition(": ")
    if not colon or not tail:
        return "", piece.say(piece.page.title)
    return piece.say(head), piece.say(tail[0].upper() + tail[1:])


def _letter(piece: Piece) -> dict[str, Any]:
    """Return the frame of a release."""
    result = envelope(piece.campaign, piece.page)
    letter = {key: piece.say(getattr(result, key)) for key in ("line", "mark", "headline", "dateline", "end")}
    return {**letter, "contacts": [piece.say(line) for line in result.contacts]}


def _hint(piece: Piece, edge: str) -> str:
    """Return how an office printer turns the paper."""
    if piece.output.flavour not in (OFFICE, PHOTOCOPY) or not edge:
        return ""
    return piece.words["flip-short-edge"] if edge == "short" else piece.words["flip-long-edge"]


def _inks(piece: Piece) -> list[dict[str, Any]]:
    """Return the two inks of a shirt with the printer's names for them. `options: {inks: …, spots: …}`."""
    spots, colours = piece.page.options.spots, ink_colours(piece.campaign, piece.page)
    return [
        {"name": name, "spot": spots[index] if index < len(spots) else name.title()}
        for index, name in enumerate(colours)
    ]


def _language(piece: Piece) -> dict[str, Any]:
    """Return code and direction; `tall` if letters need higher lines."""
    code, _, region = piece.language.code.partition("-")
    region = region if re.fullmatch("[A-Za-z]{2}", region) else ""
    is_tall = _is_tall(piece.page.tree)
    return {
        **{"code": code, "region": region.lower(), "direction": piece.language.direction, "tall": is_tall},
        "stop": full_stop(piece.language),
    }


@lru_cache(maxsize=256)
def _is_tall(text: str) -> bool:
    """Return whether a text is in a script with tall letters."""
    letters = [c for c in text if ord(c) > 0x2FF and c.isalpha()]
    return sum(not unicodedata.name(c, "").startswith(("LATIN", "GREEK", "CYRILLIC", "MODIFIER")) for c in letters) > 20


def _sheets(piece: Piece) -> list[list[list[Any]]]:
    """Return (panel, width) from left to right for each side, in the page's order."""
    sheets = piece.format.sheets
    names = iter(ordered(piece.page, [name for side in sheets for name, _ in side]))
    return [[[next(names), width] for _, width in side] for side in sheets]


def _link(piece: Piece) -> dict[str, Any]:
    """Return the target of the QR code, and shorter addresses to type."""
    path = INDEX if is_sheet(piece.page) else code_target(piece.campaign, piece.page)
    address = f"{piece.output.language}/{path.removesuffix('.md')}.html"
    base = piece.campaign.site_url.rstrip("/")
    url = urljoin(base + "/", address)
    home = base.split("://", 1)[-1]
    return {
        "url": url,
        "typed": url.split("://", 1)[-1].removesuffix("/index.html"),
        "short": f"{home}/{piece.output.language}",
        "home": home,
        "scan": piece.keep_together(piece.words["scan"]),
    }


def _sizes(campaign: Campaign, output: Output) -> dict[str, Any]:
    """Return sizes in points.

    `text` has all to try, from slightly above `lead` to the least for copiers; `usual` is the look's own, or 0.

    Numbers on photocopies are larger, because copies of copies lose detail.
    """
    type_sizes, least = campaign.identity.type, campaign.formats[output.format].least_text
    steps = max(0, int((type_sizes.get("lead", DEFAULT_SIZES["lead"]) + OVER_LEAD - TEXT_FLOOR) * 2))
    sizes: dict[str, Any] = {
        name: float(type_sizes.get(name, size)) for name, size in (DEFAULT_SIZES | POSTER_SIZES).items()
    }
    sizes["number"] *= COPY_NUMBER if output.flavour == PHOTOCOPY else 1
    text_sizes = [TEXT_FLOOR + step / 2 for step in range(steps, -1, -1)]
    sizes |= {"text": text_sizes, "small": float(type_sizes.get("small", 8.5)), "scale": 1.0}
    sizes["usual"] = float(type_sizes.get("text", 0))
    if not least:
        return sizes
    # Everything grows alike, small print to the minimum size.
    scale = least / TEXT_FLOOR
    larger = {name: size * scale for name, size in sizes.items() if isinstance(size, float)}
    return {**larger, "text": [size * scale for size in text_sizes], "small": least}


def characters(description: dict[str, Any]) -> frozenset[str]:
    """Return the characters of a description that need a font."""
    printed = "".join(texts([description.get(key) for key in PRINTED_KEYS]))
    return frozenset(printed + (DIGITS if description.get("page-of") else "") + BULLET)
