"""The list of sources, split over generated pages if it is long. The first part is at `{{ sources }}`."""

from __future__ import annotations

from campaign.graph.tracking import derived
from campaign.models.campaign import Campaign, Language, Source
from campaign.models.page import address_of
from campaign.website.components import draw
from campaign.website.parts import GeneratedPage, made_page, spread
from campaign.website.view import SOURCES, View


def source_list(view: View, number: int = 1) -> str:
    """Return a part of the list, from 1, with a link to the next; '' without sources."""
    is_parted = view.is_made or view.page.path == SOURCES
    parts = _parts(view.campaign) if is_parted else [slice(None)]
    sources = [source.localised(view.page.language) for source in [*view.campaign.sources.values()][parts[number - 1]]]
    if not sources:
        return ""
    for source in sources:
        if source.url:
            view.record(link=source.title, to=source.url)
    next_link = None
    if number < len(parts):
        title = view.campaign.pages[view.page.language, SOURCES].title if view.is_made else view.page.title
        to = view.link(address_of(view.language.code, _path(number + 1)))
        next_link = {"to": to, "words": _numbered(title, number + 1, len(parts))}
    start = (parts[number - 1].start or 0) + 1
    return draw(
        view.campaign, "sources/list", {"sources": [*map(_source_context, sources)], "start": start, "on": next_link}
    )


def source_link(view: View, id: str) -> str:
    """Return the link to a source in the list, '' without a page of sources."""
    if not view.sources:
        return ""
    position = list(view.campaign.sources).index(id)
    number = next(number for number, part in enumerate(_parts(view.campaign), 1) if position < part.stop)
    page = view.sources if number == 1 else view.link(address_of(view.language.code, _path(number)))
    return f"{page}#{id}"


def source_pages(campaign: Campaign, language: Language) -> dict[str, GeneratedPage]:
    """Return the other parts by address."""
    main = campaign.page(language.code, SOURCES)
    if not main or not main.outline.has_shortcode("sources"):
        return {}
    # In each language that has a separate page for them, the parts are the same.
    codes = tuple(code for code, path in campaign.pages if path == SOURCES)
    count = len(_parts(campaign))
    pages_html = {}
    for number in range(2, count + 1):
        path, title = _path(number), _numbered(main.title, number, count)
        view = View(campaign, language, made_page(campaign.languages[main.language], path, title))
        back = {"to": view.page_link(SOURCES), "words": main.title}
        lead = draw(campaign, "titles/back", {"back": back})
        pages_html[view.address] = GeneratedPage(main.language, path, title, codes, lead, source_list(view, number))
    return pages_html


@derived
def _parts(campaign: Campaign) -> list[slice]:
    """Return the parts, the same in each language, so that the row of languages leads to the same sources."""
    items = (
        draw(campaign, "sources/source", {"source": _source_context(source)}) for source in campaign.sources.values()
    )
    return spread([*items])


def _source_context(source: Source) -> dict[str, str]:
    """Return the data of a source for its template."""
    return {key: getattr(source, key) for key in ("id", "title", "url", "publisher", "date", "language")}


def _path(number: int) -> str:
    return f"{SOURCES.removesuffix('.md')}-page-{number}.md"


def _numbered(title: str, number: int, count: int) -> str:
    return f"{title} ({number}/{count})"
