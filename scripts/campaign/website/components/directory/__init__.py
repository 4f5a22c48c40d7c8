"""The directory of services: needs, a tile map of places, and contacts.

It consists of links and lists; a script adds two filters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from campaign.content.locale_format import comma
from campaign.models.contact import Contact, Place
from campaign.website.components import draw
from campaign.website.components.contacts import has_contacts, listed, name_of, place_data, places_without
from campaign.website.components.downloads import sheet_files
from campaign.website.elements import heading, link
from campaign.website.pictures import PublicAssets
from campaign.website.view import View

Pictogram = Callable[[str], str]
# Tile size in units of the drawing, and the longest name on one line, in characters.
TILE_WIDTH = 100
TILE_HEIGHT = 76
TILE_GAP = 6
LETTERS_A_LINE = 11


def contact_anchor(contact: Contact) -> str:
    """Return the id of a contact in the directory."""
    return f"who-{contact.id}"


def place_anchor(code: str) -> str:
    """Return the id of a place in the directory."""
    return f"in-{code}"


def directory(view: View, assets: PublicAssets, pictogram: Pictogram, level: int) -> str:
    """Return the HTML of `{{ directory }}`."""
    data = {
        "comma": comma(view.language),
        "choices": _choices(view),
        "needs": _service_links(view, level),
        "where": _where(view, level),
        "title": heading(view, level, view.language.strings["national"], "in-all"),
        "national": listed(view, view.campaign.contacts, pictogram, is_directory=True),
        "sheet": sheet_files(view, assets, None),
        "places": [
            place_data(view, assets, place, pictogram, level, place_anchor)
            for place in filter(has_contacts, view.campaign.places.values())
        ],
        "without": places_without(view, assets, place_anchor),
    }
    return draw(view.campaign, "directory/directory", data)


def _offered_services(view: View) -> list[str]:
    """Return the services that contacts offer, in the order of the strings."""
    offered = {code for contact in view.campaign.all_contacts for code in contact.does}
    ordered = [key.removeprefix("does-") for key in view.campaign.source_language.strings if key.startswith("does-")]
    return [code for code in ordered if code in offered]


def _service(view: View, code: str) -> str:
    return view.language.strings.get(f"does-{code}", code)


def _choices(view: View) -> dict[str, Any]:
    """Return the two filters, shown by the script that handles them."""
    words = view.language.strings
    needs = [(code, _service(view, code)) for code in _offered_services(view)]
    places = [(place.code, name_of(view, place)) for place in view.campaign.places.values()]
    fields = [{"name": "need", "label": words["need"], "options": needs}]
    if places:
        fields.append({"name": "where", "label": words["where"], "options": places})
    results = {"found": words["search-found"], "none": words["search-none"]}
    return {"fields": fields, "everything": words["everything"], **results}


def _service_links(view: View, level: int) -> dict[str, Any]:
    """Return each service with links to its contacts, or {}."""
    needs = _offered_services(view)
    if not needs:
        return {}
    title = heading(view, level, view.language.strings["need"], "by-need")
    return {
        "title": title,
        "services": [{"name": _service(view, code), "who": _providers(view, code)} for code in needs],
    }


def _providers(view: View, code: str) -> list[dict[str, str]]:
    results = []
    for contact in view.campaign.all_contacts:
        if code in contact.does:
            kind = view.language.strings.get(f"kind-{contact.kind}", contact.kind)
            name = contact.name_in(view.language.code) or kind
            place = view.campaign.places.get(contact.place or "")
            provider_link = link(view, name, f"#{contact_anchor(contact)}")
            results.append(provider_link | {"place": name_of(view, place) if place else ""})
    return results


def _where(view: View, level: int) -> dict[str, Any]:
    """Return the places as a map and as a list, or {}."""
    places, words = list(view.campaign.places.values()), view.language.strings
    if not places:
        return {}
    return {
        "title": heading(view, level, words["where"], "by-place"),
        "label": words["where"],
        "map": _map(view, places),
        "names": [link(view, name_of(view, place), f"#{place_anchor(place.code)}") for place in places],
    }


def _map(view: View, places: list[Place]) -> dict[str, Any]:
    """Return the tile map of places that have a column and row, never mirrored; {} if none has."""
    numbered_places = [(n, place) for n, place in enumerate(places, 1) if place.column and place.row]
    if not numbered_places:
        return {}
    left, top = (
        min(place.column or 0 for _, place in numbered_places),
        min(place.row or 0 for _, place in numbered_places),
    )
    columns = max(place.column or 0 for _, place in numbered_places) - left + 1
    rows = max(place.row or 0 for _, place in numbered_places) - top + 1
    states = {bool(view.campaign.local_contacts(place.code)) for place in places}
    return {
        "width": columns * TILE_WIDTH,
        "height": rows * TILE_HEIGHT,
        "tiles": [_tile(view, n, place, left, top) for n, place in numbered_places],
        "known": view.language.strings["map-known"] if states == {True, False} else "",
    }


def _tile(view: View, n: int, place: Place, left: int, top: int) -> dict[str, Any]:
    """Return a tile: a link with the place's number in the list, and its name if it fits."""
    x = ((place.column or 0) - left) * TILE_WIDTH + TILE_GAP / 2
    y = ((place.row or 0) - top) * TILE_HEIGHT + TILE_GAP / 2
    name = name_of(view, place)
    label, lines = link(view, f"{n} {name}", f"#{place_anchor(place.code)}"), _lines(name)
    first = y + 40 - (len(lines) - 1) * 8
    return label | {
        "number": n,
        "is_known": bool(view.campaign.local_contacts(place.code)),
        "x": f"{x:g}",
        "y": f"{y:g}",
        "width": TILE_WIDTH - TILE_GAP,
        "height": TILE_HEIGHT - TILE_GAP,
        "middle": f"{x + (TILE_WIDTH - TILE_GAP) / 2:g}",
        "number_y": f"{y + 50:g}",
        "lines": [{"words": line, "y": f"{first + 15 * i:g}"} for i, line in enumerate(lines)],
    }


def _lines(name: str) -> list[str]:
    """Return a name on one or two lines, broken at the space nearest to the middle."""
    if len(name) <= LETTERS_A_LINE or " " not in name:
        return [name]
    breaks = [break_index for break_index, letter in enumerate(name) if letter == " "]
    break_index = min(breaks, key=lambda break_index: abs(break_index - len(name) / 2))
    return [name[:break_index], name[break_index + 1 :]]
