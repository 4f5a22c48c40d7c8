"""The data that a design needs in addition to words: colours, pictograms, art, bands, QR code, font names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from campaign.cache.store import hash_content
from campaign.cleaning.svg_pictures import clean_picture
from campaign.models.band import NONE, REPEAT, band_cells, one_ink
from campaign.models.campaign import Campaign
from campaign.models.media import Poster
from campaign.models.outputs import PHOTOCOPY, PRINT_SHOP
from campaign.models.problem import Problem
from campaign.models.theme import Colour
from campaign.printing import art, scenes
from campaign.printing.blocks import texts
from campaign.printing.fonts import Family
from campaign.printing.line_art import COVER_LINES, SHEET_LINES, line_art, one_ink_mark
from campaign.printing.separations import separate_colour
from campaign.printing.spot_art import in_inks
from campaign.printing.views import meaning_key, view_files, views, whole_boxes

# Millimetres by which a band is longer than the piece: it ends at the margins, or past the trim.
BAND_RUNS = {"office": -20.0, "photocopy": -20.0, "print-shop": 6.0, "preview": 0.0, "screen": 0.0}
FRAME_RUNS = dict.fromkeys(BAND_RUNS, -20.0)
CARD_RUNS = {**BAND_RUNS, "office": -10.0}
# Keys are values of a format's `band_ends`.
BAND_ENDS = {"paper": BAND_RUNS, "card": CARD_RUNS, "frame": FRAME_RUNS}
# The band's share of a picture's shorter side.
SCREEN_BAND = 0.065
BLACK = "#000000"
LONG_WORD = 14
CONTACT_SHORTCODES = ("call", "contacts", "places", "needs")
PLACE_BAND = (58.0, 2.4)
BREAKS_ANYWHERE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af]")


def colours(campaign: Campaign) -> dict[str, Any]:
    """Return the colours for designs."""
    return {
        name: {"hex": colour.hex, "cmyk": list(_inks(campaign, colour)), "grey": colour.grey}
        for name, colour in campaign.identity.colours.items()
    }


def inks(campaign: Campaign) -> dict[str, tuple[int, ...]]:
    """Return the percentage of each ink for every '#rrggbb' of the look."""
    return {colour.hex: _inks(campaign, colour) for colour in campaign.identity.colours.values()}


def _inks(campaign: Campaign, colour: Colour) -> tuple[int, ...]:
    """Return the declared inks, otherwise the profile's."""
    return colour.cmyk or tuple(int(part * 100) for part in separate_colour(colour.hex, campaign.identity.profile))


def art_path(campaign: Campaign, description: dict[str, Any]) -> Path:
    """Return the drawing of a piece: a leaflet's cover, a poster's art."""
    art: str = description["art"]
    name: str = description["drawing"] or "art.svg"
    return campaign.root / "assets/posters" / art / name


def _where(campaign: Campaign, path: Path) -> str:
    """Return a file's path from the campaign's root."""
    return Path(os.path.relpath(path, campaign.root)).as_posix()


def render_context(
    campaign: Campaign, description: dict[str, Any], families: list[Family]
) -> dict[str, Any] | list[Problem]:
    """Return the description with everything that its design needs, or the problems of its drawings."""
    problems: list[Problem] = []
    campaign = _with_colours(campaign, description["recolouring"])
    drawing = _art(campaign, description, problems)
    icons = _icons(campaign, description, problems)
    if problems:
        return problems
    year, month, day = (int(part) for part in description["date"].split("-"))
    data = {
        **description,
        "colours": colours(campaign),
        "fonts": [family.name for family in families],
        "icons": icons,
        "day": [year, month, day],
    }
    # Emphasis is bold in scripts without slanted letters.
    data["slanted"] = bool(families) and families[0].is_slanted and not description["language"]["tall"]
    data["qr"] = art.qr(description["link"]["url"], "h" if description["flavour"] == PHOTOCOPY else "q")
    data["art"] = drawing.svg if drawing else None
    data["box"] = list(drawing.box) if drawing else None
    data["long-words"] = {name: _long_words(panel) for name, panel in description["panels"].items()}
    data |= _bands(campaign, description)
    data |= _mark_drawings(campaign, description, problems)
    data["scenes"] = scenes.drawings(campaign, description, problems)
    data["art-views"] = _art_views(campaign, description, drawing, problems)
    data["art-boxes"] = []
    if drawing and not data["art-views"]:
        name = art_path(campaign, description).stem
        data["art-boxes"] = whole_boxes(campaign.posters.get(description["art"]), name, drawing)
    if drawing and campaign.formats[description["format"]].needs_drawing:
        data["slots"] = [vars(slot) for slot in drawing.slots]
        data["grounds"] = art.grounds(drawing)
        problems += _missing_slots(description, drawing, _where(campaign, art_path(campaign, description)))
    return problems or data


def _with_colours(campaign: Campaign, wishes: Mapping[str, str]) -> Campaign:
    """Return the campaign with the colours that a piece replaces."""
    if not wishes:  # caches are keyed by this very object
        return campaign
    own_colours = campaign.identity.colours
    values = {
        name: own_colours[wishes.get(name, name)] for name in own_colours if wishes.get(name, name) in own_colours
    }
    return replace(campaign, identity=replace(campaign.identity, colours=values))


def _bands(campaign: Campaign, description: dict[str, Any]) -> dict[str, Any]:
    """Return the bands of a design: SVG, width and height; for a shirt the squares of its pattern."""
    flavour, code, pattern = description["flavour"], description["place"]["code"], campaign.identity.pattern
    colours = {name: colour.hex for name, colour in campaign.identity.colours.items()}
    if flavour == PHOTOCOPY:
        colours |= one_ink()
    format = campaign.formats[description["format"]]
    if format.has_spot_inks:
        # Pale squares are the cloth itself.
        return {"cells": (REPEAT * "s",) if pattern == NONE else band_cells(code, pattern), "places": {}}
    runs, heights, uprights = BAND_ENDS[format.band_ends], dict(format.bands), dict(format.upright_bands)
    if description["design"] == "screen":
        runs, heights, uprights = BAND_RUNS, {"band": min(description["size"]) * SCREEN_BAND}, {}
    width = description["size"][0] + runs[flavour]
    results = {
        name: {**art.band(code, colours, width, height, pattern), "width": width} for name, height in heights.items()
    }
    codes = {place["code"] for panel in description["panels"].values() for place in _places(panel)}
    results["places"] = {code: art.band(code, colours, *PLACE_BAND, pattern)["svg"] for code in sorted(codes)}
    for name, breadth in uprights.items():
        length = description["size"][1]
        results[name] = {**art.band(code, colours, length, breadth, pattern, is_vertical=True), "width": length}
    if runs is FRAME_RUNS:
        # The frame's sides, of squares about as large, between its top and its foot.
        height = results["band"]["height"]
        length = description["size"][1] + runs[flavour] - 2 * height
        results["upright"] = {**art.band(code, colours, length, height, pattern, is_vertical=True), "width": length}
    return results


def _mark_paths(campaign: Campaign, description: dict[str, Any]) -> dict[str, Path]:
    """Return the files of all marks on a piece by name; '' is the campaign's own. Photocopies name partners instead."""
    own = {"": campaign.logos[description["mark"]]} if "mark" in description else {}
    if description["flavour"] == PHOTOCOPY:
        return {name: path for name, path in own.items() if path.suffix == ".svg"}
    files = {partner.name: partner.file for partner in campaign.partners}
    return {name: files[name] for name, *_ in description.get("partners", {}).get("marks", [])} | own


def _mark_drawings(campaign: Campaign, description: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """Return all marks as SVG, pictures wrapped in one."""
    results = {}
    for name, path in _mark_paths(campaign, description).items():
        if path.suffix == ".png":
            results[name] = art.wrapped_png(clean_picture(path.read_bytes())[0])
            continue
        drawing = art.read_drawing(path, _where(campaign, path))
        if isinstance(drawing, list):
            problems += drawing
        else:
            results[name] = one_ink_mark(drawing.svg) if description["flavour"] == PHOTOCOPY else drawing.svg
    return {"mark-drawings": results} if results else {}


def _places(panel: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for block in panel["blocks"]:
        if block["t"] == "places":
            yield from block["c"]


def _art(campaign: Campaign, description: dict[str, Any], problems: list[Problem]) -> art.Drawing | None:
    """Return the art, which posters require."""
    path = art_path(campaign, description)
    is_needed = campaign.formats[description["format"]].needs_drawing
    if not description["drawing"] or (not is_needed and not path.is_file()):
        return None
    drawing = art.read_drawing(path, _where(campaign, path))
    if isinstance(drawing, list):
        problems += drawing
        return None
    if description["flavour"] == PHOTOCOPY:
        return replace(drawing, svg=line_art(drawing.svg, SHEET_LINES if is_needed else COVER_LINES))
    if ink_names := spots(campaign, description):
        return replace(drawing, svg=in_inks(drawing.svg, [*ink_names]))
    return drawing


def spots(campaign: Campaign, description: dict[str, Any]) -> dict[str, str]:
    """Return the printer's names of a piece's spot inks by '#rrggbb'."""
    return {campaign.identity.colours[ink["name"]].hex: ink["spot"] for ink in description["inks"]}


def _art_views(
    campaign: Campaign, description: dict[str, Any], drawing: art.Drawing | None, problems: list[Problem]
) -> list[dict[str, Any]]:
    """Return the views of a piece's drawing, unless its design shows all of it."""
    poster = _viewed_poster(campaign, description)
    if poster is None or drawing is None:
        return []
    return views(campaign, poster, description["flavour"], problems, _shape_names(campaign, description))


def _viewed_poster(campaign: Campaign, description: dict[str, Any]) -> Poster | None:
    """Return the poster whose drawing a piece shows in part."""
    is_view = description["design"] == "screen" or description["drawing"] == "cover.svg"
    return campaign.posters.get(description["art"]) if is_view else None


def _shape_names(campaign: Campaign, description: dict[str, Any]) -> list[str]:
    """Return the names that a drawing for a shape may have: of its format, or of all destinations of that shape."""
    if description["design"] != "screen":
        return [description["format"]]
    width, height = description["size"]
    rows = campaign.destinations.items()
    return [name for name, row in rows if row.width * height == row.height * width and not row.keeps_shape]


def _long_words(panel: dict[str, Any]) -> dict[str, list[str]]:
    """Return words that may be wider than a panel, except in scripts that break between letters."""

    def long(node: object) -> list[str]:
        words = {word for text in texts(node) for word in re.split(r"[\s\u200b/-]+", text) if len(word) > LONG_WORD}
        return sorted(word for word in words if not BREAKS_ANYWHERE.search(word) and "://" not in word)

    return {
        "title": long(panel["title"]),
        "blocks": long([block for block in panel["blocks"] if block["t"] not in CONTACT_SHORTCODES]),
    }


def _missing_slots(description: dict[str, Any], drawing: art.Drawing, where: str) -> Iterator[Problem]:
    roles = {slot.role for slot in drawing.slots}
    for name in description["panels"]:
        if name not in roles:
            message = f"The drawing has no slot for `{name}`."
            fix = f'Draw a rectangle `<rect id="slot-{name}" data-role="{name}"/>` where its words go.'
            yield Problem("slot-missing", where, message, fix)


def icon_names(node: object) -> frozenset[str]:
    """Return the names of all pictograms in a part of a description."""
    result, pending = set[str](), [node]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if node.get("t") in CONTACT_SHORTCODES or "phone" in node:
                result.add("phone")
            result.add(node.get("icon") or "")
            if node.get("t") == "icon":
                result.add(node["name"])
            pending += [value for value in node.values() if isinstance(value, dict | list)]
        elif isinstance(node, list):
            pending += node
    return frozenset(result)


def _names(campaign: Campaign, names: frozenset[str]) -> list[str]:
    return [name for name in sorted(names) if name in campaign.pictograms]


def _icons(campaign: Campaign, description: dict[str, Any], problems: list[Problem]) -> dict[str, str]:
    """Return pictograms in the text's colour; black for print shops and photocopies."""
    night = campaign.identity.colours.get("night")
    colour = BLACK if description["flavour"] in (PRINT_SHOP, PHOTOCOPY) or night is None else night.hex
    icons = {}
    for name in _names(campaign, icon_names([description["panels"], description["contacts"]])):
        result = _icon(campaign, name, colour)
        if isinstance(result, list):
            problems += result
        else:
            icons[name] = one_ink_mark(result) if description["flavour"] == PHOTOCOPY else result
    return icons


@lru_cache(maxsize=1024)
def _icon(campaign: Campaign, name: str, colour: str) -> str | list[Problem]:
    """Return a pictogram's SVG in one colour, or its problems."""
    path = campaign.pictograms[name]
    drawing = art.read_drawing(path, _where(campaign, path))
    return drawing if isinstance(drawing, list) else art.coloured(drawing.svg, colour)


def drawings(campaign: Campaign, description: dict[str, Any], icons: frozenset[str]) -> dict[str, str]:
    """Return the hashes of a piece's drawings by name."""
    paths = [art_path(campaign, description)] if description["drawing"] else []
    viewed, shown = _viewed_poster(campaign, description), scenes.posters(campaign, description)
    paths += view_files(viewed, _shape_names(campaign, description)).values() if viewed else []
    paths += (path for poster in shown for path in view_files(poster).values())
    paths += _mark_paths(campaign, description).values()
    paths += (campaign.pictograms[name] for name in _names(campaign, icons))
    posters = {poster.name: poster for poster in (campaign.posters.get(description["art"]), *shown) if poster}
    boxes = {poster.where: meaning_key(poster) for poster in posters.values()}
    return {**dict(hash_named(campaign, path) for path in paths), **boxes}


@lru_cache(maxsize=4096)
def hash_named(campaign: Campaign, path: Path) -> tuple[str, str]:
    """Return a drawing's name and hash, computed once for all pieces."""
    return _where(campaign, path), art.hash_drawing(path)


def profile(campaign: Campaign, flavour: str) -> dict[str, str]:
    """Return the inputs from the ICC profile, for print shops only."""
    if flavour != PRINT_SHOP:
        return {}
    profile = campaign.identity.profile
    key = f"{profile.condition}\0{profile.about}\0{profile.ink_limit}"
    return {"profile": key, "file of the profile": hash_profile(campaign, profile.file)}


@lru_cache(maxsize=1)
def hash_profile(campaign: Campaign, path: Path) -> str:  # noqa: ARG001
    """Return the hash of a profile's file, which all pieces for print shops share."""
    return hash_content(path)
