"""Lists of what can be downloaded: a picture of it, what it is for, format, size."""

from __future__ import annotations

from html import escape
from posixpath import basename

from campaign.content.releases import FORMAT as RELEASE
from campaign.models.outputs import Made
from campaign.models.page import Page
from campaign.website.elements import download, heading
from campaign.website.pictures import Shelf
from campaign.website.view import View
from campaign.website.words import size_text

PREVIEW = "(min-width: 40em) 12rem, 40vw"
# On a piece's own page; on a poster's it is what the page shows.
ON_ITS_PAGE, AS_POSTER = "(min-width: 48em) 22rem, 40vw", "(min-width: 48em) 22rem, 16rem"


def download_list(view: View, shelf: Shelf, audience: str | None, level: int) -> str:
    """Every piece in the page's language.

    Args:
        view: the page that it stands on.
        shelf: what the site serves.
        audience: for one audience alone; None for all.
        level: of its headings, from 1 to 6.
    """
    language = view.language.code if shelf.pieces(view.language.code) else view.page.language
    found: dict[str, tuple[Page, list[Made]]] = {}
    for files in shelf.pieces(language).values():
        page = _page_of(view, files[0])
        # Releases are for the press, on the page that is for it.
        is_release = page is not None and RELEASE in page.formats
        if page and not is_release and (audience is None or audience in page.audiences):
            found.setdefault(page.path, (page, []))[1].extend(files)
    items = [_item(view, shelf, page, files, level) for page, files in found.values()]
    return f'<ul class="downloads">{"".join(items)}</ul>' if items else ""


def piece_downloads(view: View, shelf: Shelf) -> str:
    """What a piece's own page offers above its words."""
    pieces = shelf.pieces(view.page.language).values()
    files = [made for files in pieces if _page_of(view, files[0]) is view.page for made in files]
    return f'<ul class="downloads">{_item(view, shelf, view.page, files, 0)}</ul>' if files else ""


def _page_of(view: View, made: Made) -> Page | None:
    """The page that a piece was made from."""
    pages = (page for page in view.campaign.pages.values() if page.language == made.output.language)
    return next((page for page in pages if page.stem == made.output.name and made.output.format in page.formats), None)


def _item(view: View, shelf: Shelf, page: Page, files: list[Made], level: int) -> str:
    """level: of the piece's heading; 0 for none, where the piece's title is the page's."""
    national = [made for made in files if made.output.place is None]
    local = [made for made in files if made.output.place is not None]
    stem = f"{page.stem}-{page.language}-{page.formats[0]}"
    picture = shelf.picture(view, stem, page.alt, _shown(view, level))
    above = ""
    if level:
        title = heading(view, level, page.title, to=view.page_link(page.path))
        above = f"{title}<p>{escape(page.description)}</p>"
    links = [_link(view, shelf, made) for made in national]
    widest = shelf.widest(stem)
    if widest:
        links.append(_link(view, shelf, widest))
    body = f'{above}<ul class="files">{"".join(links)}</ul>{_places(view, shelf, local)}'
    return f'<li class="download"><div class="preview">{picture}</div><div class="offer">{body}</div></li>'


def _shown(view: View, level: int) -> str:
    """How wide the picture of a piece stands on the page."""
    return PREVIEW if level else AS_POSTER if view.layout == "poster" else ON_ITS_PAGE


def _places(view: View, shelf: Shelf, files: list[Made]) -> str:
    if not files:
        return ""
    source = view.campaign.source_language.code
    links = []
    for made in files:
        name = view.campaign.places[made.output.place or ""].name(view.language.code, source)
        size = size_text(view.language, made.bytes)
        links.append(f"<li>{download(view, name, shelf.href(view, made))} <small>PDF, {size}</small></li>")
    summary = escape(view.language.strings["for-place"])
    return f'<details><summary>{summary}</summary><ul class="files">{"".join(links)}</ul></details>'


def _link(view: View, shelf: Shelf, made: Made) -> str:
    words, output = view.language.strings, made.output
    if output.kind == "picture":
        label, kind = words["format-picture"], output.format.upper()
        kind += f", {made.width:.0f} × {made.height:.0f}"
    else:
        name = words.get(f"format-{output.format}", output.format)
        more = words[f"part-{output.part}"] if output.part else words[f"flavour-{output.flavour}"]
        label, kind = f"{name}, {more}", output.ending.upper()
    size = size_text(view.language, made.bytes)
    link = download(view, label, shelf.href(view, made), basename(output.public))
    return f"<li>{link} <small>{kind}, {size}</small></li>"
