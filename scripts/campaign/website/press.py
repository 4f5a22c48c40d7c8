"""What journalists find in one look: the latest release, whom to ask, pictures to publish, the press kit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from posixpath import basename

from campaign.content.press_envelope import contact_lines, envelope
from campaign.content.releases import is_example, releases
from campaign.models.outputs import Made
from campaign.models.page import Page, address_of
from campaign.plan.press_kits import PRESS_KIT, PressPicture, press_pictures
from campaign.website.elements import download, heading, link
from campaign.website.pictures import Shelf
from campaign.website.view import View
from campaign.website.words import size_text

SHOWN = "(min-width: 48em) 19rem, 8rem"


def press_panel(view: View, shelf: Shelf, level: int) -> str:
    """What `{{ press-kit }}` becomes, in the page's language.

    Args:
        view: the page that it stands on.
        shelf: what the site serves.
        level: of its headings.
    """
    return f'<div class="press">{"".join(_parts(view, shelf, level))}</div>'


def _parts(view: View, shelf: Shelf, level: int) -> Iterator[str]:
    found = releases(view.campaign, view.language.code)
    news, examples = [page for page in found if not is_example(page)], [page for page in found if is_example(page)]
    if news:
        yield _section("kit-latest", view, level, lambda: _latest(view, shelf, news[0], level + 1))
    role = found[0].release.contact if found and found[0].release else ""
    lines = [*contact_lines(view.campaign, view.language, role)]
    yield _section("kit-contact", view, level, lambda: _whom_to_ask(view, lines))
    kit = next(
        (each for each in shelf.public if each.output.kind == PRESS_KIT and each.output.language == view.language.code),
        None,
    )
    if kit:
        yield _section("kit-title", view, level, lambda: _kit(view, shelf, kit))
    pictures = press_pictures(view.campaign, view.language.code, shelf.public)
    if pictures:
        yield _section("kit-pictures", view, level, lambda: _pictures(view, shelf, pictures))
    if news[1:]:
        yield _section("kit-releases", view, level, lambda: _further(view, news[1:]))
    if examples:
        yield _section("kit-examples", view, level, lambda: _examples(view, examples))


def _section(key: str, view: View, level: int, write: Callable[[], str]) -> str:
    """write: what follows the heading; called after it is written, so that a page's facts stand in its order."""
    title = heading(view, level, view.language.strings[key], key)
    return f'<section class="{key}">{title}{write()}</section>'


def _whom_to_ask(view: View, lines: list[str]) -> str:
    shown = "<br>".join(map(escape, view.show(press=lines)["press"]))
    return f'<p class="press-contact">{shown}</p>'


def _kit(view: View, shelf: Shelf, kit: Made) -> str:
    words = view.language.strings
    link = download(view, words["kit-title"], shelf.href(view, kit), kind="button")
    size = f"<small>ZIP, {size_text(view.language, kit.bytes)}</small>"
    return f"<p>{escape(words['kit-what'])}</p><p>{link} {size}</p>"


def _pictures(view: View, shelf: Shelf, pictures: list[PressPicture]) -> str:
    items = "".join(_picture(view, shelf, each) for each in pictures)
    help = f"<p>{escape(view.language.strings['kit-pictures-help'])}</p>"
    return f'{help}<ul class="press-pictures">{items}</ul>'


def _further(view: View, pages: list[Page]) -> str:
    items = "".join(f"<li>{_release_link(view, page)}</li>" for page in pages)
    return f'<ul class="titles">{items}</ul>'


def _examples(view: View, pages: list[Page]) -> str:
    """Patterns of releases: without a day, which would make them news."""
    items = "".join(f"<li>{link(view, page.title, _address(view, page))}</li>" for page in pages)
    return f'<p>{escape(view.language.strings["kit-example"])}</p><ul class="titles">{items}</ul>'


def _latest(view: View, shelf: Shelf, page: Page, level: int) -> str:
    around = envelope(view.campaign, page)
    title = heading(view, level, around.headline, to=_address(view, page))
    return (
        f'<p class="release-line">{escape(around.line)}</p>{title}<p class="dateline">{escape(around.dateline)}</p>'
        f"<p>{escape(page.description)}</p>{release_files(view, shelf, page)}"
    )


def _release_link(view: View, page: Page) -> str:
    around = envelope(view.campaign, page)
    return f"{link(view, around.headline, _address(view, page))} <small>{escape(around.dateline)}</small>"


def _address(view: View, page: Page) -> str:
    return view.link(address_of(page.language, page.path))


def release_files(view: View, shelf: Shelf, page: Page) -> str:
    """A release to print, to paste, to edit."""
    words = view.language.strings
    links = []
    for made in shelf.pieces(page.language).get(("release", page.stem), []):
        name = words[f"part-{made.output.part}"] if made.output.part else words["flavour-office"]
        size = f"<small>{made.output.ending.upper()}, {size_text(view.language, made.bytes)}</small>"
        links.append(f"<li>{download(view, name, shelf.href(view, made))} {size}</li>")
    return f'<ul class="files">{"".join(links)}</ul>' if links else ""


def _picture(view: View, shelf: Shelf, shown: PressPicture) -> str:
    words = view.language.strings
    image = shelf.picture(view, shown.stem, shown.alt, SHOWN)
    credit = escape(words["credit"].format(credit=shown.rights.credit, licence=shown.rights.licence))
    links = [_file(view, shelf, shown.large, words["kit-for-print"])]
    if shown.screen:
        links.append(_file(view, shelf, shown.screen, words["kit-for-screen"]))
    title = f"<strong>{escape(shown.title)}.</strong> " if shown.title else ""
    caption = f"{title}{escape(shown.caption)} <span>{credit}</span>"
    return f'<li><figure>{image}<figcaption>{caption}</figcaption></figure><ul class="files">{"".join(links)}</ul></li>'


def _file(view: View, shelf: Shelf, made: Made, label: str) -> str:
    facts = (made.output.format.upper(), f"{made.width:.0f} × {made.height:.0f}", size_text(view.language, made.bytes))
    size = ", ".join(fact.replace(" ", "\u00a0") for fact in facts)
    link = download(view, label, shelf.href(view, made), basename(made.output.public))
    return f"<li>{link} <small>{size}</small></li>"
