"""Download lists: previews, purpose, format and size.

The downloads page starts with links to the lists, then shows the first pieces. The lists are pages generated for each
kind, each audience, and the places with their own contacts (website/file_pages.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import basename
from typing import Any

from markupsafe import Markup

from campaign.content.messages import filled
from campaign.models.campaign import Campaign, Language
from campaign.models.formats import PANELS, PHONE
from campaign.models.outputs import Artifact
from campaign.models.page import Page, address_of
from campaign.plan.finder import Offer, audience_name, kind_path, need_name, needs_of
from campaign.plan.outputs import inside_name, poster_format, preview_stems
from campaign.website.components import draw
from campaign.website.elements import Element, download, heading, link
from campaign.website.parts import packed
from campaign.website.pictures import PublicAssets
from campaign.website.published_copies import copies_panel
from campaign.website.view import View

PREVIEW = "(min-width: 40em) 12rem, 5rem"
# Width of previews on a piece's page, and on a poster's.
POSTER_SIZES = "(min-width: 48em) 22rem, 16rem"
# Maximum number of pieces on the first page, and their maximum size in bytes of gzipped HTML.
MAX_FIRST_PIECES = 4
MAX_FIRST_BYTES = 2000
# A piece's page lists up to this many places, otherwise it links to the list.
FEW_PLACES = 20
# Generated pages, by path from the language's folder.
PLACES = "files-places.md"
PLACE_FILES_PAGE = "files-in.md"

# The heading of each filter.
LABELS = {
    "who": "find-who",
    "need": "need",
    "kind": "find-kind",
    "language": "choose-language",
    "place": "find-place",
    "printer": "find-printer",
}

# A list without the rest of the downloads page.
EMPTY_CONTEXT: dict[str, Any] = {"finder": None, "choices": [], "title": None, "way_on": None, "copies": ""}


def audience_path(audience: str) -> str:
    """Return the page with all pieces for an audience."""
    return f"files-for-{audience}.md"


def download_list(view: View, assets: PublicAssets, audience: str | None, level: int) -> str:
    """Return the finder, links to all lists, and the first pieces; with an audience only its first pieces."""
    result = assets.offers(view.campaign)
    code = view.language.code if view.language.code in result else view.page.language
    offers = [offer for offer in result.get(code, []) if audience is None or audience in offer.page.audiences]
    if not offers:
        return ""
    data = dict(EMPTY_CONTEXT)
    if audience is None:
        data |= {"finder": _finder(view), "choices": list(_choices(view, assets, code, level))}
        data["title"] = heading(view, level, view.language.strings["find-first"])
        data["pieces"] = _first(view, assets, offers, level + 1)
        data["copies"] = Markup(copies_panel(view, level))
    else:
        data["pieces"], words = _first(view, assets, offers, level), view.language.strings["everything"]
        data["way_on"] = _download_link(view, code, audience_path(audience), words) if len(offers) > 1 else None
    return draw(view.campaign, "downloads/list", data)


def _first(view: View, assets: PublicAssets, offers: list[Offer], level: int) -> list[Markup]:
    """Return as many of the first pieces as a short page can hold."""
    markups: list[Markup] = []
    for offer in offers[:MAX_FIRST_PIECES]:
        facts = len(view.facts)
        item = piece_item(view, assets, offer, level)
        if markups and packed("".join((*markups, item))) > MAX_FIRST_BYTES:
            del view.facts[facts:]
            break
        markups.append(Markup(item))
    return markups


def _finder(view: View) -> dict[str, Any]:
    """Return the five filters, shown by the script that handles them; results look like the pieces on the page.

    If no piece declares a need, readers choose its kind instead.
    """
    words = view.language.strings
    names = ("who", "need" if needs_of(view.campaign) else "kind", "language", "place", "printer")
    return {
        "base": view.root,
        "language": view.language.code,
        "fields": [{"name": name, "label": words[LABELS[name]]} for name in names],
        "more": words["find-more"],
    }


def _choices(view: View, assets: PublicAssets, code: str, level: int) -> Iterator[dict[str, Any]]:
    """Return links to the lists by audience, need, kind, place and language, if there is more than one."""
    words, result = view.language.strings, assets.offers(view.campaign)
    offers = result[code]
    lists = [*lists_of(view.campaign, view.language, offers)]
    lists += [("place", PLACES, words["for-place"], offers)] if any(offer.places for offer in offers) else []
    for name in ("who", "need", "kind", "place"):
        if ways := [(path, title) for grouping, path, title, _ in lists if grouping == name]:
            title = heading(view, level, words[LABELS[name]])
            yield {"title": title, "ways": [_download_link(view, code, *way) for way in ways]}
    alternatives = [item for item in result if item != code]
    if alternatives:
        title, names = heading(view, level, words[LABELS["language"]]), view.campaign.languages
        first = {item: kind_path(result[item][0].kind) for item in alternatives}
        yield {
            "title": title,
            "ways": [_download_link(view, item, to, names[item].name, item) for item, to in first.items()],
        }


def lists_of(
    campaign: Campaign, language: Language, offers: list[Offer]
) -> Iterator[tuple[str, str, str, list[Offer]]]:
    """Yield (filter, path, title, its pieces) for the list of each kind, audience and need that has some."""
    for kind in campaign.kinds:
        if selected_offers := [offer for offer in offers if offer.kind == kind]:
            yield "kind", kind_path(kind), language.strings[f"pieces-{kind}"], selected_offers
    for audience in campaign.audiences:
        if selected_offers := [offer for offer in offers if audience in offer.page.audiences]:
            yield "who", audience_path(audience), audience_name(language, audience), selected_offers
    for need in needs_of(campaign):
        if selected_offers := [offer for offer in offers if need in offer.needs]:
            yield "need", f"files-need-{need}.md", need_name(language, need), selected_offers


def _download_link(view: View, code: str, path: str, words: str, language: str = "") -> Element:
    """Return a link to a generated page; `language` is that of its text if it differs from the page's."""
    return link(view, words, view.link(address_of(code, path))) | {"language": language}


def piece_downloads(view: View, assets: PublicAssets) -> str:
    """Return the downloads at the top of a piece's page."""
    offers = assets.offers(view.campaign).get(view.page.language, [])
    offer = next((offer for offer in offers if offer.page is view.page), None)
    if not offer:
        return ""
    pieces = [Markup(piece_item(view, assets, offer, 0))]
    return draw(view.campaign, "downloads/list", EMPTY_CONTEXT | {"pieces": pieces})


def piece_item(view: View, assets: PublicAssets, offer: Offer, level: int) -> str:
    """Return a piece with previews, its files for the whole country, and a link to those for places.

    `level` is 0 on the piece's own page, whose title is the piece's.
    """
    page, words, stems = offer.page, view.language.strings, preview_stems(view.campaign, offer.page)
    alts = (page.alt, words["find-inside"].format(title=page.title))
    width = POSTER_SIZES if view.layout == "poster" and not level else PREVIEW
    pictures = [assets.picture(view, stem, alt, width) for stem, alt in zip(stems, alts, strict=False)]
    title = heading(view, level, page.title, to=home_link(view, offer)) if level else None
    files = file_links(view, assets, offer.by_place.get(None, []))
    # A leaflet and a poster may have the same name.
    phone = assets.sent(PHONE, page.stem, page.language) if poster_format(view.campaign, page) else None
    if phone:
        files.append(_file(view, assets, phone))
    data = {
        "pictures": [Markup(item) for item in pictures],
        "title": title,
        "about": page.description if level else "",
        "files": files,
        "panels": [] if level else _panels(view, assets, page),
        "panels_title": words["find-panels"],
        "message": "" if level else _message(view, page),
        "message_title": words["find-message"],
        "places_title": words["for-place"],
        **_places(view, offer),
    }
    return draw(view.campaign, "downloads/piece", {"piece_shown": data})


def home_link(view: View, offer: Offer) -> str:
    """Return the link of a piece's title."""
    return view.page_link(offer.page.path) or view.link(address_of(offer.page.language, offer.home))


def sheet_files(view: View, assets: PublicAssets, place: str | None) -> list[Element]:
    """Return the contact sheet of a place or the country, or []."""
    artifacts = assets.sheet(view.language.code, place)
    return [_file(view, assets, artifacts)] if artifacts else []


def _panels(view: View, assets: PublicAssets, page: Page) -> list[Element]:
    """Return pictures of a folded piece's panels for phones, only on its own page because there are many."""
    max_panels = max(row.panel_count for row in view.campaign.formats.values())
    names = (f"{page.stem}-{number}" for number in range(1, max_panels + 1))
    results = [artifacts for name in names if (artifacts := assets.sent(PANELS, name, page.language))]
    if not results or not any(view.campaign.formats[name].sheets for name in page.formats):
        return []
    numbered = [(artifacts, f"{number}/{len(results)}") for number, artifacts in enumerate(results, 1)]
    inside_panels = assets.sent(PANELS, inside_name(page.stem), page.language)
    if inside_panels:
        numbered.append((inside_panels, view.language.strings["find-inside"].format(title=page.title)))
    return [
        download(view, words, assets.href(view, artifacts), assets.size(view.language, artifacts))
        for artifacts, words in numbered
    ]


def _message(view: View, page: Page) -> str:
    """Return the text to copy and share with the picture."""
    message = view.campaign.messages.get((page.language, page.stem))
    if not message or not message.post:
        return ""
    text = filled(view.campaign, page.language, page.stem, message.post)
    view.record(message=text)
    return text


def place_anchor(place: str) -> str:
    """Return the anchor of a place's files on list pages."""
    return f"in-{place}"


def _places(view: View, offer: Offer) -> dict[str, Any]:
    """Return a link to each place's files, or to the list if there are many places."""
    if not offer.places:
        return {"places": [], "all_places": None}
    page = offer.page
    if len(offer.places) > FEW_PLACES or view.layout == "page":
        return {
            "places": [],
            "all_places": _download_link(view, page.language, PLACES, view.language.strings["for-place"]),
        }
    source = view.campaign.source_language.code
    base = view.link(address_of(page.language, PLACES))
    names = ((view.campaign.places[item].name(view.language.code, source), item) for item in offer.places)
    return {"places": [link(view, name, f"{base}#{place_anchor(item)}") for name, item in names], "all_places": None}


def file_links(view: View, assets: PublicAssets, files: Iterable[Artifact]) -> list[Element]:
    """Return files as list items, without repeating what applies to the previous file."""
    return [_file(view, assets, artifact) for artifact in files]


def _file(view: View, assets: PublicAssets, artifact: Artifact) -> Element:
    words, output = view.language.strings, artifact.output
    if output.kind == "picture":
        label, kind = words.get("format-picture", output.destination), output.format.upper()
        kind += f", {artifact.width:.0f} × {artifact.height:.0f}"
    else:
        name = words.get(f"format-{output.format}", output.format)
        detail = words[f"part-{output.part}"] if output.part else words[f"flavour-{output.flavour}"]
        label, kind = f"{name}, {detail}", output.ending.upper()
    facts = f"{kind}, {assets.size(view.language, artifact)}"
    return download(view, label, assets.href(view, artifact), facts, basename(output.public))


def page_of(pages: Iterable[Page], shortcode: str = "downloads") -> Page | None:
    """Return the first page with a shortcode that lists downloads."""
    return next((page for page in pages if page.outline.has_shortcode(shortcode)), None)
