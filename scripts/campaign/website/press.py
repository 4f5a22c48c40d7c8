"""What journalists find in one look: the latest release, whom to ask, pictures to publish, the press kit."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from posixpath import basename

from campaign.content.press_envelope import contact_lines, letter
from campaign.content.releases import releases
from campaign.models.outputs import Made
from campaign.models.page import Page
from campaign.plan.press_kits import PRESS_KIT, PressPicture, press_pictures
from campaign.website.pictures import Shelf
from campaign.website.view import View, address_of
from campaign.website.words import size_text

SHOWN = "(min-width: 40em) 18rem, 92vw"


def press_panel(view: View, shelf: Shelf, level: int) -> str:
    """What `{{ press-kit }}` becomes, in the page's language.

    Args:
        view: the page that it stands on.
        shelf: what the site serves.
        level: of its headings.
    """
    return f'<div class="press">{"".join(_parts(view, shelf, level))}</div>'


def _parts(view: View, shelf: Shelf, level: int) -> Iterator[str]:
    words, found = view.language.strings, releases(view.campaign, view.language.code)
    if found:
        yield _section("kit-latest", view, level, _latest(view, shelf, found[0], level + 1))
    role = found[0].release.contact if found and found[0].release else ""
    lines = "<br>".join(escape(line) for line in contact_lines(view.campaign, view.language, role))
    yield _section("kit-contact", view, level, f'<p class="press-contact">{lines}</p>')
    kit = next(
        (each for each in shelf.public if each.output.kind == PRESS_KIT and each.output.language == view.language.code),
        None,
    )
    if kit:
        link = f'<a class="button" href="{shelf.href(view, kit)}" download>{escape(words["kit-title"])}</a>'
        size = f"<small>ZIP, {size_text(view.language, kit.bytes)}</small>"
        yield _section("kit-title", view, level, f"<p>{escape(words['kit-what'])}</p><p>{link} {size}</p>")
    pictures = press_pictures(view.campaign, view.language.code, shelf.public)
    if pictures:
        items = "".join(_picture(view, shelf, each) for each in pictures)
        help = f"<p>{escape(words['kit-pictures-help'])}</p>"
        yield _section("kit-pictures", view, level, f'{help}<ul class="press-pictures">{items}</ul>')
    if found[1:]:
        items = "".join(f"<li>{_release_link(view, page)}</li>" for page in found[1:])
        yield _section("kit-releases", view, level, f'<ul class="titles">{items}</ul>')


def _section(key: str, view: View, level: int, inner: str) -> str:
    return (
        f'<section class="{key}"><h{level} id="{key}">{escape(view.language.strings[key])}</h{level}>{inner}</section>'
    )


def _latest(view: View, shelf: Shelf, page: Page, level: int) -> str:
    around = letter(view.campaign, page)
    heading = f"<h{level}>{_link(view, page, around.headline)}</h{level}>"
    return (
        f'<p class="release-line">{escape(around.line)}</p>{heading}<p class="dateline">{escape(around.dateline)}</p>'
        f"<p>{escape(page.description)}</p>{release_files(view, shelf, page)}"
    )


def _release_link(view: View, page: Page) -> str:
    around = letter(view.campaign, page)
    return f"{_link(view, page, around.headline)} <small>{escape(around.dateline)}</small>"


def _link(view: View, page: Page, text: str) -> str:
    return f'<a href="{view.link(address_of(page.language, page.path))}">{escape(text)}</a>'


def release_files(view: View, shelf: Shelf, page: Page) -> str:
    """A release to print, to paste, to edit."""
    words = view.language.strings
    links = []
    for made in shelf.pieces(page.language).get(("release", page.stem), []):
        name = words[f"part-{made.output.part}"] if made.output.part else words["flavour-office"]
        size = f"<small>{made.output.ending.upper()}, {size_text(view.language, made.bytes)}</small>"
        links.append(f'<li><a href="{shelf.href(view, made)}" download>{escape(name)}</a> {size}</li>')
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
    name = escape(basename(made.output.public))
    return f'<li><a href="{shelf.href(view, made)}" download="{name}">{escape(label)}</a> <small>{size}</small></li>'
