"""Lists of what can be downloaded: pictures of it, what it is for, format, size.

The page for it begins with the ways to what somebody wants, then shows the first pieces. All of them stand on pages of
their own (website/file_pages.py): one row for each kind, each audience, and the places that have contacts of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from posixpath import basename

from campaign.content.messages import filled
from campaign.models.campaign import Campaign
from campaign.models.formats import FORMATS, KINDS, PANELS, PHONE
from campaign.models.outputs import Made
from campaign.models.page import Page, address_of
from campaign.plan.finder import Offer, audience_name, kind_path, need_name, needs_of
from campaign.plan.outputs import inside_name, poster_format, preview_stems
from campaign.website.elements import download, heading, link
from campaign.website.parts import packed
from campaign.website.pictures import Shelf
from campaign.website.published_copies import copies_panel
from campaign.website.view import View
from campaign.website.words import size_text

PREVIEW = "(min-width: 40em) 12rem, 5rem"
# On a piece's own page; on a poster's it is what the page shows.
AS_POSTER = "(min-width: 48em) 22rem, 16rem"
# The first page shows so many pieces, if they weigh no more than that: bytes of HTML, gzipped.
FIRST, FIRST_BYTES = 4, 2000
# A piece's own page names its places if they are no more than these; else it leads to the list of all.
FEW_PLACES = 20
MOST_PANELS = max(format.panel_count for format in FORMATS.values())
# The pages that are made, by their paths from the language's folder.
PLACES, IN_PLACES = "files-places.md", "files-in.md"

# The words above each choice.
LABELS = {
    "who": "find-who",
    "need": "need",
    "kind": "find-kind",
    "language": "choose-language",
    "place": "find-place",
    "printer": "find-printer",
}


def audience_path(audience: str) -> str:
    """The page with all pieces for an audience."""
    return f"files-for-{audience}.md"


def need_path(need: str) -> str:
    """The page with all pieces that are wanted for something."""
    return f"files-need-{need}.md"


def download_list(view: View, shelf: Shelf, audience: str | None, level: int) -> str:
    """The finder, the ways to all pieces, and the first of them.

    Args:
        view: the page that it stands on.
        shelf: what the site serves.
        audience: for one audience alone; None for all.
        level: of its headings, from 1 to 6.
    """
    found = shelf.offers(view.campaign)
    code = view.language.code if view.language.code in found else view.page.language
    offers = [offer for offer in found.get(code, []) if audience is None or audience in offer.page.audiences]
    if not offers:
        return ""
    if audience is None:
        above = f"{_finder(view)}{_ways(view, shelf, code, level)}"
        title = heading(view, level, view.language.strings["find-first"])
        return f"{above}{title}{_first(view, shelf, offers, level + 1)}{copies_panel(view, level)}"
    listed, words = _first(view, shelf, offers, level), view.language.strings["everything"]
    way = f'<p class="way-on">{_way(view, code, audience_path(audience), words)}</p>' if len(offers) > 1 else ""
    return f"{listed}{way}"


def _first(view: View, shelf: Shelf, offers: list[Offer], level: int) -> str:
    """As many of the first pieces as a short page holds."""
    shown: list[str] = []
    for offer in offers[:FIRST]:
        facts = len(view.facts)
        item = piece_item(view, shelf, offer, level)
        if shown and packed("".join((*shown, item))) > FIRST_BYTES:
            del view.facts[facts:]
            break
        shown.append(item)
    return f'<ul class="downloads">{"".join(shown)}</ul>'


def _finder(view: View) -> str:
    """Five fields, shown by the script that fills and obeys them. What it finds looks like the pieces on the page.

    Where the campaign says of no piece what it is wanted for, readers choose what it is.
    """
    words = view.language.strings
    names = ("who", "need" if needs_of(view.campaign) else "kind", "language", "place", "printer")
    fields = "".join(
        f'<p><label for="find-{name}">{escape(words[LABELS[name]])}</label>'
        f'<select id="find-{name}" autocomplete="off"></select></p>'
        for name in names
    )
    more = f'<button type="button" class="small-button" hidden>{escape(words["find-more"])}</button>'
    attributes = f'data-base="{view.root}" data-language="{view.language.code}"'
    return (
        f'<form class="choices-of finder" hidden {attributes}>{fields}<p class="said" role="status"></p></form>'
        f'<div class="finds" hidden><ul class="downloads"></ul>{more}</div>'
    )


def _ways(view: View, shelf: Shelf, code: str, level: int) -> str:
    """Links to the lists by audience, need, kind, place and language, as far as there is a choice."""
    words, found = view.language.strings, shelf.offers(view.campaign)
    offers = found[code]
    own = {
        "who": [
            (audience_path(each), audience_name(view.language, each)) for each in audiences_of(view.campaign, offers)
        ],
        "need": [(need_path(each), need_name(view.language, each)) for each in needs_in(view.campaign, offers)],
        "kind": [(kind_path(kind), words[f"pieces-{kind}"]) for kind in kinds_of(offers)],
        "place": [(PLACES, words["for-place"])] if any(offer.places for offer in offers) else [],
    }
    written = []
    for name, ways in own.items():
        if ways:
            title = heading(view, level, words[LABELS[name]])
            written.append(_way_list(title, [_way(view, code, *way) for way in ways]))
    others = [each for each in found if each != code]
    if others:
        title, names = heading(view, level, words[LABELS["language"]]), view.campaign.languages
        first = {each: kind_path(found[each][0].kind) for each in others}
        written.append(_way_list(title, [_way(view, each, to, names[each].name, each) for each, to in first.items()]))
    return "".join(written)


def _way_list(title: str, ways: list[str]) -> str:
    return f'{title}<ul class="ways">{"".join(f"<li>{way}</li>" for way in ways)}</ul>'


def kinds_of(offers: list[Offer]) -> list[str]:
    """The kinds of some pieces, each once."""
    return [kind for kind in KINDS if any(offer.kind == kind for offer in offers)]


def audiences_of(campaign: Campaign, offers: list[Offer]) -> list[str]:
    """Whom some pieces are for, each once."""
    whom = {each for offer in offers for each in offer.page.audiences}
    return [each for each in campaign.audiences if each in whom]


def needs_in(campaign: Campaign, offers: list[Offer]) -> list[str]:
    """What some pieces are wanted for, each once."""
    named = {each for offer in offers for each in offer.needs}
    return [each for each in needs_of(campaign) if each in named]


def _way(view: View, code: str, path: str, words: str, language: str = "") -> str:
    """A link to a page that is made. language: of its words, if they are not the page's."""
    to = view.link(address_of(code, path))
    if not language:
        return link(view, words, to)
    view.show(link=words, to=to)
    return f'<a href="{escape(to)}" lang="{language}" hreflang="{language}">{escape(words)}</a>'


def piece_downloads(view: View, shelf: Shelf) -> str:
    """What a piece's own page offers above its words."""
    offers = shelf.offers(view.campaign).get(view.page.language, [])
    offer = next((offer for offer in offers if offer.page is view.page), None)
    return f'<ul class="downloads">{piece_item(view, shelf, offer, 0)}</ul>' if offer else ""


def piece_item(view: View, shelf: Shelf, offer: Offer, level: int) -> str:
    """A piece with its pictures, its files for the whole country, and the way to those for places.

    Args:
        view: the page that it stands on.
        shelf: what the site serves.
        offer: the piece.
        level: of its heading; 0 for none, where the piece's title is the page's.
    """
    page, stems = offer.page, preview_stems(offer.page)
    alts = (page.alt, view.language.strings["find-inside"].format(title=page.title))
    shown = [shelf.picture(view, stem, alt, _shown(view, level)) for stem, alt in zip(stems, alts, strict=False)]
    above = ""
    if level:
        title = heading(view, level, page.title, to=home_link(view, offer))
        above = title + (f"<p>{escape(page.description)}</p>" if page.description else "")
    links = file_links(view, shelf, offer.by_place.get(None, []))
    # A leaflet may have the name of a poster.
    phone = shelf.sent(PHONE, page.stem, page.language) if poster_format(page) else None
    if phone:
        links.append(_link(view, shelf, phone))
    panels = "" if level else _panels(view, shelf, page) + _message(view, page)
    body = f'{above}<ul class="files">{"".join(links)}</ul>{panels}{_places(view, offer)}'
    return f'<li class="download"><div class="preview">{"".join(shown)}</div><div class="offer">{body}</div></li>'


def home_link(view: View, offer: Offer) -> str:
    """Where the title of a piece leads."""
    return view.page_link(offer.page.path) or view.link(address_of(offer.page.language, offer.home))


def sheet_downloads(view: View, shelf: Shelf, place: str | None) -> str:
    """The contact sheet of a place, or of the whole country; '' where there is none."""
    made = shelf.sheet(view.language.code, place)
    return f'<ul class="files">{_link(view, shelf, made)}</ul>' if made else ""


def _panels(view: View, shelf: Shelf, page: Page) -> str:
    """The panels of what is folded, as pictures for phones: on the piece's own page alone, since they are many."""
    names = (f"{page.stem}-{number}" for number in range(1, MOST_PANELS + 1))
    found = [made for name in names if (made := shelf.sent(PANELS, name, page.language))]
    links = []
    for number, made in enumerate(found if any(FORMATS[name].sheets for name in page.formats) else (), 1):
        label, size = f"{number}/{len(found)}", size_text(view.language, made.bytes)
        links.append(f"<li>{download(view, label, shelf.href(view, made))} <small>{size}</small></li>")
    if not links:
        return ""
    inside = shelf.sent(PANELS, inside_name(page.stem), page.language)
    if inside:
        label, size = (
            view.language.strings["find-inside"].format(title=page.title),
            size_text(view.language, inside.bytes),
        )
        links.append(f"<li>{download(view, label, shelf.href(view, inside))} <small>{size}</small></li>")
    summary = escape(view.language.strings["find-panels"])
    return f'<details><summary>{summary}</summary><ul class="files">{"".join(links)}</ul></details>'


def _message(view: View, page: Page) -> str:
    """The text that goes with the picture, to be copied."""
    message = view.campaign.messages.get((page.language, page.stem))
    if not message or not message.post:
        return ""
    text = filled(view.campaign, page.language, page.stem, message.post)
    view.show(message=text)
    return f"<details><summary>{escape(view.language.strings['find-message'])}</summary><p>{escape(text)}</p></details>"


def place_anchor(place: str) -> str:
    """Where a place's files begin on the pages that list them."""
    return f"in-{place}"


def _places(view: View, offer: Offer) -> str:
    """Each place once, with the way to its files; where they are many, the way to the list of places."""
    if not offer.places:
        return ""
    words, page = view.language.strings["for-place"], offer.page
    if len(offer.places) > FEW_PLACES or view.layout == "page":
        return f"<p>{_way(view, page.language, PLACES, words)}</p>"
    source = view.campaign.source_language.code
    base = view.link(address_of(page.language, PLACES))
    names = ((view.campaign.places[each].name(view.language.code, source), each) for each in offer.places)
    links = "".join(f"<li>{link(view, name, f'{base}#{place_anchor(each)}')}</li>" for name, each in names)
    return f'<details><summary>{escape(words)}</summary><ul class="files">{links}</ul></details>'


def _shown(view: View, level: int) -> str:
    """How wide the picture of a piece stands on the page."""
    return AS_POSTER if view.layout == "poster" and not level else PREVIEW


def file_links(view: View, shelf: Shelf, files: Iterable[Made]) -> list[str]:
    """A list entry for each file; what is said of the file before is not said again."""
    return [_link(view, shelf, made) for made in files]


def _link(view: View, shelf: Shelf, made: Made) -> str:
    words, output = view.language.strings, made.output
    if output.kind == "picture":
        label, kind = words.get("format-picture", output.destination), output.format.upper()
        kind += f", {made.width:.0f} × {made.height:.0f}"
    else:
        name = words.get(f"format-{output.format}", output.format)
        more = words[f"part-{output.part}"] if output.part else words[f"flavour-{output.flavour}"]
        label, kind = f"{name}, {more}", output.ending.upper()
    size = size_text(view.language, made.bytes)
    link = download(view, label, shelf.href(view, made), basename(output.public))
    return f"<li>{link} <small>{kind}, {size}</small></li>"


def page_of(pages: Iterable[Page], shortcode: str = "downloads") -> Page | None:
    """The first page with a shortcode that lists what can be downloaded."""
    return next((page for page in pages if page.outline.has_shortcode(shortcode)), None)
