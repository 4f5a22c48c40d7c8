"""The directory of services: what people need, a map of the places as tiles, who there is.

Links and lists; a script adds the two choices.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from campaign.models.contact import Contact, Place
from campaign.website.contacts import codes_within, contact_list, has_contacts, no_number, places_without, within
from campaign.website.downloads import sheet_downloads
from campaign.website.elements import heading, link
from campaign.website.pictures import Shelf
from campaign.website.theme_css import place_band
from campaign.website.view import View

Pictogram = Callable[[str], str]
# A tile's sides in units of the drawing; a name of more letters takes two lines.
WIDE, HIGH, GAP = 100, 76, 6
LETTERS_A_LINE = 11


def contact_anchor(contact: Contact) -> str:
    """The id of a contact in the directory."""
    return f"who-{contact.id}"


def place_anchor(code: str) -> str:
    """The id of a place's part of the directory."""
    return f"in-{code}"


def directory(view: View, shelf: Shelf, pictogram: Pictogram, level: int) -> str:
    """What `{{ directory }}` becomes."""
    choices = f"{_choices(view)}{_needs(view, level)}{_where(view, level)}"
    title = heading(view, level, view.language.strings["national"], "in-all")
    national = contact_list(view, view.campaign.contacts, pictogram, is_directory=True)
    national += sheet_downloads(view, shelf, None)
    some = filter(has_contacts, view.campaign.places.values())
    places = "".join(_place(view, shelf, place, pictogram, level) for place in some)
    rest = places_without(view, shelf, place_anchor, ' class="scope" data-place="{code}"')
    whole = f'<section class="scope">{title}{national}</section>'
    return f'<div class="directory">{choices}{whole}<div class="places">{places}</div>{rest}</div>'


def _name(view: View, place: Place) -> str:
    return place.name(view.language.code, view.campaign.source_language.code)


def _needed(view: View) -> list[str]:
    """The services that somebody offers, in the order in which the words for them stand."""
    offered = {code for contact in view.campaign.everybody for code in contact.does}
    ordered = [key.removeprefix("does-") for key in view.campaign.source_language.strings if key.startswith("does-")]
    return [code for code in ordered if code in offered]


def _service(view: View, code: str) -> str:
    return view.language.strings.get(f"does-{code}", code)


def _choices(view: View) -> str:
    """Two fields, shown by the script that obeys them."""
    words = view.language.strings
    everything = escape(words["everything"])

    def field(label: str, name: str, options: list[tuple[str, str]]) -> str:
        listed = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options)
        return (
            f'<p><label for="page-{name}">{escape(words[label])}</label>'
            f'<select id="page-{name}" autocomplete="off"><option value="">{everything}</option>{listed}</select></p>'
        )

    needs = [(code, _service(view, code)) for code in _needed(view)]
    places = [(place.code, _name(view, place)) for place in view.campaign.places.values()]
    found, none = escape(words["search-found"]), escape(words["search-none"])
    return (
        f'<form class="choices-of" hidden data-found="{found}" data-none="{none}">{field("need", "need", needs)}'
        f'{field("where", "where", places) if places else ""}<p class="said" role="status"></p></form>'
    )


def _needs(view: View, level: int) -> str:
    """Each service with those who offer it, as links."""
    items, needed = [], _needed(view)
    title = heading(view, level, view.language.strings["need"], "by-need") if needed else ""
    for code in needed:
        links = []
        for contact in view.campaign.everybody:
            if code in contact.does:
                kind = view.language.strings.get(f"kind-{contact.kind}", contact.kind)
                to = f"#{contact_anchor(contact)}"
                name = (
                    f"<bdi>{escape(view.show(link=contact.name_in(view.language.code) or kind, to=to)['link'])}</bdi>"
                )
                place = view.campaign.places.get(contact.place or "")
                where = f" ({escape(_name(view, place))})" if place else ""
                links.append(f'<li><a href="{to}">{name}</a>{where}</li>')
        items.append(f"<li><strong>{escape(_service(view, code))}</strong><ul>{''.join(links)}</ul></li>")
    if not items:
        return ""
    return f'<section class="by-need">{title}<ul class="needs">{"".join(items)}</ul></section>'


def _where(view: View, level: int) -> str:
    places = list(view.campaign.places.values())
    if not places:
        return ""
    title = heading(view, level, view.language.strings["where"], "by-place")
    tiles = _map(view, places)
    links = "".join(f"<li>{link(view, _name(view, place), f'#{place_anchor(place.code)}')}</li>" for place in places)
    return f'<section class="by-place">{title}{tiles}<ol class="place-names">{links}</ol></section>'


def _map(view: View, places: list[Place]) -> str:
    """The places as tiles, where they say their column and row; '' where none does. It is never mirrored."""
    laid = [(n, place) for n, place in enumerate(places, 1) if place.column and place.row]
    if not laid:
        return ""
    left, top = min(place.column or 0 for _, place in laid), min(place.row or 0 for _, place in laid)
    columns = max(place.column or 0 for _, place in laid) - left + 1
    rows = max(place.row or 0 for _, place in laid) - top + 1
    width, height = columns * WIDE, rows * HIGH
    tiles = "".join(_tile(view, n, place, left, top) for n, place in laid)
    words = view.language.strings
    some = {bool(view.campaign.local_contacts(place.code)) for place in places}
    legend = f'<p class="map-known">{escape(words["map-known"])}</p>' if some == {True, False} else ""
    return (
        f'<nav class="map" aria-label="{escape(words["where"])}">'
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}">{tiles}</svg>'
        f"</nav>{legend}"
    )


def _tile(view: View, n: int, place: Place, left: int, top: int) -> str:
    """A link whose number is that of the list, and whose name shows where there is room."""
    x, y = ((place.column or 0) - left) * WIDE + GAP / 2, ((place.row or 0) - top) * HIGH + GAP / 2
    name, middle = _name(view, place), x + (WIDE - GAP) / 2
    shown = view.show(link=f"{n} {name}", to=f"#{place_anchor(place.code)}")
    kind = "tile known" if view.campaign.local_contacts(place.code) else "tile"
    lines = _lines(name)
    first = y + 48 - (len(lines) - 1) * 4
    spans = "".join(
        f'<tspan x="{middle:g}" y="{first + 15 * i:g}">{escape(line)}</tspan>' for i, line in enumerate(lines)
    )
    return (
        f'<a class="{kind}" href="{shown["to"]}" aria-label="{escape(shown["link"])}">'
        f'<rect x="{x:g}" y="{y:g}" width="{WIDE - GAP}" height="{HIGH - GAP}"/>'
        f'<text class="tile-number" x="{middle:g}" y="{y + 50:g}">{n}</text>'
        f'<text class="tile-short" x="{middle:g}" y="{y + 24:g}">{n}</text>'
        f'<text class="tile-name">{spans}</text></a>'
    )


def _lines(name: str) -> list[str]:
    """A name in one line or two, broken where a space is nearest to its middle."""
    if len(name) <= LETTERS_A_LINE or " " not in name:
        return [name]
    breaks = [at for at, letter in enumerate(name) if letter == " "]
    at = min(breaks, key=lambda at: abs(at - len(name) / 2))
    return [name[:at], name[at + 1 :]]


def _place(view: View, shelf: Shelf, place: Place, pictogram: Pictogram, level: int) -> str:
    band = place_band(view.campaign, place.code)
    title = heading(view, level, _name(view, place), place_anchor(place.code), before=band)
    contacts = contact_list(view, place.contacts, pictogram, is_directory=True)
    if not any(contact.phone for contact in place.contacts):
        contacts += no_number(view)
    contacts += sheet_downloads(view, shelf, place.code) + within(view, place, place_anchor)
    return f'<section class="place scope" data-place="{escape(codes_within(view, place))}">{title}{contacts}</section>'
