"""Generated pages with all downloads, by kind, audience, need and place. Long lists are split over several pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby

from markupsafe import Markup

from campaign.models.campaign import Campaign, Language
from campaign.models.page import address_of
from campaign.plan.finder import Offer, kind_path
from campaign.website.components import downloads, draw
from campaign.website.elements import Element, link
from campaign.website.parts import GeneratedPage, made_page, spread
from campaign.website.pictures import PublicAssets
from campaign.website.search.normalise import sort_key
from campaign.website.view import View


@dataclass(frozen=True)
class _List:
    """A list on one or more pages."""

    path: str
    title: str
    entries: list[tuple[str, str]]  # (group or '', HTML)
    kind: str  # for style sheets
    names: Mapping[str, str] = field(default_factory=dict)  # headings of groups
    national: Element | None = None  # the link to files for the whole country


def file_pages(campaign: Campaign, language: Language, assets: PublicAssets) -> dict[str, GeneratedPage]:
    """Return the pages of a language by address."""
    offers = assets.offers(campaign)
    # Pages of pieces link to these lists, whether or not a page shows all files.
    if language.code not in offers:
        return {}
    # The row of languages leads to the same list in the others.
    codes: dict[str, list[str]] = defaultdict(list)
    for code, offer in offers.items():
        for path in _first_pages(campaign, campaign.languages[code], offer):
            codes[path].append(code)
    view = View(campaign, language, made_page(language, downloads.PLACES, ""))
    return {
        address_of(language.code, page.path): page
        for item in _lists(view, assets, offers[language.code])
        for page in _pages(view, item, tuple(codes[item.path]))
    }


def _first_pages(campaign: Campaign, language: Language, offers: list[Offer]) -> Iterator[str]:
    """Yield the path of the first page of each list."""
    yield from (path for _, path, _, _ in downloads.lists_of(campaign, language, offers))
    if any(offer.places for offer in offers):
        yield from (downloads.PLACES, downloads.PLACE_FILES_PAGE)


def _lists(view: View, assets: PublicAssets, offers: list[Offer]) -> Iterator[_List]:
    for grouping, path, title, offer_group in downloads.lists_of(view.campaign, view.language, offers):
        draw_item = partial(downloads.piece_item, level=2) if grouping == "kind" else partial(_entry, place=None)
        entries = [("", draw_item(view, assets, item)) for item in offer_group]
        yield _List(path, title, entries, "downloads" if grouping == "kind" else "titles")
    if any(offer.places for offer in offers):
        yield from _place_lists(view, assets, offers)


def _entry(view: View, assets: PublicAssets, offer: Offer, place: str | None) -> str:
    """Return a piece's title with its files for a place."""
    title = link(view, offer.page.title, downloads.home_link(view, offer))
    files = downloads.file_links(view, assets, offer.by_place.get(place, []))
    return draw(view.campaign, "titles/piece", {"title": title, "files": files})


def _place_lists(view: View, assets: PublicAssets, offers: list[Offer]) -> Iterator[_List]:
    """Yield the list of all places, and the lists of those with files."""
    campaign, words = view.campaign, view.language.strings
    source = campaign.source_language.code
    names = {code: place.name(view.language.code, source) for code, place in campaign.places.items()}
    order = sorted(names, key=lambda code: sort_key(names[code]))
    entries = [
        (code, _entry(view, assets, offer, code)) for code in order for offer in offers if code in offer.by_place
    ]

    files = _List(downloads.PLACE_FILES_PAGE, words["for-place"], entries, "titles", names)
    yield files
    prefixes = {code: path for path, offers in reversed(list(_parts(files))) for code, _ in offers}
    national = link(view, words["national"], view.link(address_of(view.language.code, kind_path(offers[0].kind))))
    index = [(code, _place_entry(view, code, names[code], prefixes)) for code in order]
    labels = national | {"before": words["find-national"]}
    yield _List(downloads.PLACES, words["for-place"], index, "titles", national=labels)


def _place_entry(view: View, code: str, name: str, prefixes: Mapping[str, str]) -> str:
    """Return a place with a link to its files or its region's. `prefixes`: the page where each place's files begin."""
    own_label = view.language.strings["find-own"] if view.campaign.places[code].contacts else ""
    place_codes = (code, *(region.code for region in view.campaign.regions_of(code)))
    letter_key = next((item for item in place_codes if item in prefixes), "")
    to = (
        f"{view.link(address_of(view.language.code, prefixes[letter_key]))}#{downloads.place_anchor(letter_key)}"
        if letter_key
        else ""
    )
    if to:
        link(view, name, to)
    return draw(
        view.campaign, "titles/place", {"id": downloads.place_anchor(code), "words": name, "to": to, "own": own_label}
    )


def _parts(file_list: _List) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield (path, entries) of each page."""
    for number, part in enumerate(spread([html for _, html in file_list.entries]), 1):
        path = file_list.path if number == 1 else f"{file_list.path.removesuffix('.md')}-page-{number}.md"
        yield path, file_list.entries[part]


def _pages(base: View, file_list: _List, codes: tuple[str, ...]) -> Iterator[GeneratedPage]:
    """Return a list's pages. `base`: a view in the same folder; `codes`: the languages that have it."""
    seen_pages, code = set[str](), base.language.code
    parts = list(_parts(file_list))
    main = downloads.page_of(page for (locale, _), page in base.campaign.pages.items() if locale == code)
    back = ""
    if main:
        back = draw(base.campaign, "titles/back", {"back": link(base, main.title, base.page_link(main.path))})
    for number, (path, entries) in enumerate(parts, 1):
        title = file_list.title if len(parts) == 1 else f"{file_list.title} ({number}/{len(parts)})"
        sections = []
        for group, group_entries in groupby(entries, key=lambda entry: entry[0] if file_list.names else ""):
            id = downloads.place_anchor(group) if group and group not in seen_pages else ""
            seen_pages.add(group)
            items_html = [Markup(html) for _, html in group_entries]
            sections.append({"id": id, "title": file_list.names.get(group, ""), "entries": items_html})
        next_link = None
        if number < len(parts):
            after = base.link(address_of(code, parts[number][0]))
            next_link = {"to": after, "words": f"{file_list.title} ({number + 1}/{len(parts)})"}
        data = {"national": file_list.national, "kind": file_list.kind, "sections": sections, "on": next_link}
        content = draw(base.campaign, "titles/files", data)
        yield GeneratedPage(code, path, title, codes if number == 1 else (), back, content)
