"""What a design draws with, beside the words: colours, pictograms, art, the band, the QR code, the fonts' names."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from campaign.model import PRINT_SHOP, Campaign
from campaign.printing import art
from campaign.printing.tree import texts
from campaign.problems import Problem

# Where the pieces of a sheet that carry a band begin and end (millimetres): within the margins, or past the trim.
BAND_WIDTHS = {"office": 277.0, "print-shop": 303.0, "preview": 297.0}
BAND_HEIGHT = 9.2
SLIM_HEIGHT = 4.6
BLACK = "#000000"
LONG_WORD = 14
CALLS = ("call", "contacts")
BREAKS_ANYWHERE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af]")


def colours(campaign: Campaign) -> dict:
    """The tokens as designs read them."""
    return {
        name: {"hex": colour.hex, "cmyk": list(colour.cmyk), "grey": colour.grey}
        for name, colour in campaign.identity.colours.items()
    }


def inks(campaign: Campaign) -> dict[str, tuple[int, int, int, int]]:
    """Percent of each ink for every '#rrggbb' of the look."""
    return {colour.hex: colour.cmyk for colour in campaign.identity.colours.values()}


def art_path(campaign: Campaign, description: dict) -> Path:
    """The drawing of a piece: a leaflet's cover, a poster's art."""
    name = "art.svg" if description["kind"] == "poster" else "cover.svg"
    return campaign.root / "assets/posters" / description["art"] / name


def _where(campaign: Campaign, path: Path) -> str:
    """A file as problems name it: from the campaign's root."""
    return Path(os.path.relpath(path, campaign.root)).as_posix()


def gather(campaign: Campaign, description: dict, families: list[str]) -> dict | list[Problem]:
    """The description with all that its design needs; or what is wrong with the drawings."""
    problems: list[Problem] = []
    drawing = _art(campaign, description, problems)
    icons = _icons(campaign, description, problems)
    if problems:
        return problems
    screen = {name: colour.hex for name, colour in campaign.identity.colours.items()}
    year, month, day = (int(part) for part in description["date"].split("-"))
    data = {**description, "colours": colours(campaign), "fonts": families, "icons": icons, "day": [year, month, day]}
    data["qr"] = art.qr(description["link"]["url"])
    data["art"] = drawing.svg if drawing else None
    data["long-words"] = {name: _long_words(panel) for name, panel in description["panels"].items()}
    if description["kind"] == "leaflet":
        width = BAND_WIDTHS[description["flavour"]]
        code = description["place"]["code"]
        for name, height in (("band", BAND_HEIGHT), ("slim", SLIM_HEIGHT)):
            data[name] = {**art.band(code, screen, width, height), "width": width}
    elif drawing:
        data["box"] = list(drawing.box)
        data["slots"] = [vars(slot) for slot in drawing.slots]
        problems += _missing_slots(description, drawing, _where(campaign, art_path(campaign, description)))
    return problems or data


def _art(campaign: Campaign, description: dict, problems: list[Problem]) -> art.Drawing | None:
    """A leaflet may go without; a poster may not."""
    path = art_path(campaign, description)
    if description["kind"] == "leaflet" and not path.is_file():
        return None
    found = art.read_drawing(path, _where(campaign, path))
    if isinstance(found, list):
        problems += found
        return None
    return found


def _long_words(panel: dict) -> dict[str, list[str]]:
    """Words that may be wider than a panel: those of scripts that can be broken between letters are not."""

    def long(node: object) -> list[str]:
        words = {word for text in texts(node) for word in re.split(r"[\s\u200b/-]+", text) if len(word) > LONG_WORD}
        return sorted(word for word in words if not BREAKS_ANYWHERE.search(word) and "://" not in word)

    return {
        "title": long(panel["title"]),
        "blocks": long([block for block in panel["blocks"] if block["t"] not in CALLS]),
    }


def _missing_slots(description: dict, drawing: art.Drawing, where: str) -> Iterator[Problem]:
    roles = {slot.role for slot in drawing.slots}
    for name in description["panels"]:
        if name not in roles:
            what = f"The drawing has no slot for `{name}`."
            yield Problem(
                where, what, f'Draw a rectangle `<rect id="slot-{name}" data-role="{name}"/>` where its words go.'
            )


def _icon_names(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("t") in CALLS:
            yield "phone"
        if node.get("icon"):
            yield node["icon"]
        if node.get("t") == "icon":
            yield node["name"]
        for value in node.values():
            yield from _icon_names(value)
    elif isinstance(node, list):
        for value in node:
            yield from _icon_names(value)


def _names(campaign: Campaign, description: dict) -> list[str]:
    return [name for name in sorted(set(_icon_names(description["panels"]))) if name in campaign.pictograms]


def _icons(campaign: Campaign, description: dict, problems: list[Problem]) -> dict[str, str]:
    """Pictograms in the colour of text: one ink in the print shop."""
    night = campaign.identity.colours.get("night")
    colour = BLACK if description["flavour"] == PRINT_SHOP or night is None else night.hex
    icons = {}
    for name in _names(campaign, description):
        path = campaign.pictograms[name]
        found = art.read_drawing(path, _where(campaign, path))
        if isinstance(found, list):
            problems += found
        else:
            icons[name] = art.coloured(found.svg, colour)
    return icons


def hashes(campaign: Campaign, description: dict) -> list[str]:
    """Hashes of the drawings that a piece is made with."""
    paths = [art_path(campaign, description), *(campaign.pictograms[name] for name in _names(campaign, description))]
    return [hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "" for path in paths]
