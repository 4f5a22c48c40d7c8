"""The list of sources, split over generated pages if it is long. The first part is at `{{ sources }}`."""

from __future__ import annotations

from collections.abc import Callable

from campaign.graph.tracking import derived
from campaign.models.campaign import Campaign, Language, Source
from campaign.models.page import Page, address_of
from campaign.website.components import draw
from campaign.website.parts import made_page, spread, with_pages
from campaign.website.view import SOURCES, View

Render = Callable[[View, str, str], str]


def source_list(view: View, number: int = 1) -> str:
    """Return a part of the list, from 1, with a link to the next; '' without sources."""
    is_parted = view.is_made or view.page.path == SOURCES
    parts = _parts(view.campaign) if is_parted else [slice(None)]
    sources = [source.said_in(view.page.language) for source in [*view.campaign.sources.values()][parts[number - 1]]]
    if not sources:
        return ""
    for source in sources:
        if source.url:
            view.show(link=source.title, to=source.url)
    on = None
    if number < len(parts):
        title = view.campaign.pages[view.page.language, SOURCES].title if view.is_made else view.page.title
        to = view.link(address_of(view.language.code, _path(number + 1)))
        on = {"to": to, "words": _numbered(title, number + 1, len(parts))}
    start = (parts[number - 1].start or 0) + 1
    return draw(view.campaign, "sources/list", {"sources": [*map(_shown, sources)], "start": start, "on": on})


def source_link(view: View, id: str) -> str:
    """Return the link to a source in the list, '' without a page of sources."""
    if not view.sources:
        return ""
    at = list(view.campaign.sources).index(id)
    number = next(number for number, part in enumerate(_parts(view.campaign), 1) if at < part.stop)
    page = view.sources if number == 1 else view.link(address_of(view.language.code, _path(number)))
    return f"{page}#{id}"


def source_pages(campaign: Campaign, language: Language, render: Render) -> dict[str, str]:
    """Return the other parts by address. `render` makes a page from a view, a lead and a text."""
    main = campaign.page(language.code, SOURCES)
    if not main or not main.outline.has_shortcode("sources"):
        return {}
    count = len(_parts(campaign))
    made = {}
    for number in range(2, count + 1):
        pages = {page.language: page for page in _pages(campaign, number, count)}
        whole = with_pages(campaign, {(code, page.path): page for code, page in pages.items()})
        view = View(whole, language, whole.page(language.code, _path(number)) or pages[main.language])
        back = {"to": view.page_link(SOURCES), "words": main.title}
        lead = draw(campaign, "titles/back", {"back": back})
        made[view.address] = render(view, lead, source_list(view, number))
    return made


def _pages(campaign: Campaign, number: int, count: int) -> list[Page]:
    """Return a part's page in each language with its own list."""
    return [
        made_page(campaign.languages[code], _path(number), _numbered(page.title, number, count))
        for (code, path), page in campaign.pages.items()
        if path == SOURCES
    ]


@derived
def _parts(campaign: Campaign) -> list[slice]:
    """Return the parts, the same in each language, so that the row of languages leads to the same sources."""
    items = (draw(campaign, "sources/source", {"source": _shown(source)}) for source in campaign.sources.values())
    return spread([*items])


def _shown(source: Source) -> dict[str, str]:
    """Return the data of a source for its template."""
    return {key: getattr(source, key) for key in ("id", "title", "url", "publisher", "date", "language")}


def _path(number: int) -> str:
    return f"{SOURCES.removesuffix('.md')}-page-{number}.md"


def _numbered(title: str, number: int, count: int) -> str:
    return f"{title} ({number}/{count})"
