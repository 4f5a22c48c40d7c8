"""The press panel: latest release, contact, pictures to publish, press kit."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename
from typing import Any

from markupsafe import Markup

from campaign.content.press_envelope import contact_lines, envelope
from campaign.content.releases import is_example, releases
from campaign.models.outputs import Made
from campaign.models.page import Page, address_of
from campaign.plan.press_kits import PRESS_KIT, PressPicture, press_pictures
from campaign.website.components import draw
from campaign.website.elements import Element, download, heading, link
from campaign.website.pictures import PublicAssets
from campaign.website.view import View

PREVIEW_SIZES = "(min-width: 48em) 19rem, 8rem"


def press_panel(view: View, shelf: PublicAssets, level: int) -> str:
    """Return the HTML of `{{ press-kit }}` in the page's language."""
    return draw(view.campaign, "press/panel", {"sections": list(_sections(view, shelf, level))})


def _sections(view: View, shelf: PublicAssets, level: int) -> Iterator[dict[str, Any]]:
    """Return the sections in order, each with the `key` of its strings and its title."""
    words = view.language.strings

    def section(key: str) -> dict[str, Any]:
        return {"key": key, "title": heading(view, level, words[key], key)}

    found = releases(view.campaign, view.language.code)
    news, examples = [page for page in found if not is_example(page)], [page for page in found if is_example(page)]
    if news:
        yield section("kit-latest") | _latest(view, shelf, news[0], level + 1)
    role = found[0].release.contact if found and found[0].release else ""
    lines = [*contact_lines(view.campaign, view.language, role)]
    yield section("kit-contact") | {"lines": view.show(press=lines)["press"]}
    kit = next(
        (each for each in shelf.public if each.output.kind == PRESS_KIT and each.output.language == view.language.code),
        None,
    )
    if kit:
        size = f"ZIP, {shelf.size(view.language, kit)}"
        shown = section("kit-title")
        file = download(view, words["kit-title"], shelf.href(view, kit), size, kind="button")
        yield shown | {"about": words["kit-what"], "file": file}
    pictures = press_pictures(view.campaign, view.language.code, shelf.public)
    if pictures:
        shown = section("kit-pictures") | {"about": words["kit-pictures-help"]}
        yield shown | {"pictures": [_picture(view, shelf, picture) for picture in pictures]}
    if news[1:]:
        yield section("kit-releases") | {"about": "", "releases": [_release(view, page) for page in news[1:]]}
    if examples:
        # Release templates have no date, which would make them news.
        shown = section("kit-examples") | {"about": words["kit-example"]}
        named = [link(view, page.title, _address(view, page)) | {"dateline": ""} for page in examples]
        yield shown | {"releases": named}


def _latest(view: View, shelf: PublicAssets, page: Page, level: int) -> dict[str, Any]:
    around = envelope(view.campaign, page)
    return {
        "line": around.line,
        "headline": heading(view, level, around.headline, to=_address(view, page)),
        "dateline": around.dateline,
        "about": page.description,
        "files": _release_files(view, shelf, page),
    }


def _release(view: View, page: Page) -> Element:
    around = envelope(view.campaign, page)
    return link(view, around.headline, _address(view, page)) | {"dateline": around.dateline}


def _address(view: View, page: Page) -> str:
    return view.link(address_of(page.language, page.path))


def release_files(view: View, shelf: PublicAssets, page: Page) -> str:
    """Return the files of a release: PDF, plain text and Word."""
    return draw(view.campaign, "press/files", {"shown": _release_files(view, shelf, page)})


def _release_files(view: View, shelf: PublicAssets, page: Page) -> list[Element]:
    words, found = view.language.strings, []
    for made in shelf.pieces(page.language).get(("release", page.stem), []):
        name = words[f"part-{made.output.part}"] if made.output.part else words["flavour-office"]
        facts = f"{made.output.ending.upper()}, {shelf.size(view.language, made)}"
        found.append(download(view, name, shelf.href(view, made), facts))
    return found


def _picture(view: View, shelf: PublicAssets, shown: PressPicture) -> dict[str, Any]:
    words = view.language.strings
    image = shelf.picture(view, shown.stem, shown.alt, PREVIEW_SIZES)
    files = [_file(view, shelf, shown.large, words["kit-for-print"])]
    if shown.screen:
        files.append(_file(view, shelf, shown.screen, words["kit-for-screen"]))
    return {
        "picture": Markup(image),
        "title": shown.title,
        "caption": shown.caption,
        "credit": words["credit"].format(credit=shown.rights.credit, licence=shown.rights.licence),
        "files": files,
    }


def _file(view: View, shelf: PublicAssets, made: Made, label: str) -> Element:
    facts = (made.output.format.upper(), f"{made.width:.0f} × {made.height:.0f}", shelf.size(view.language, made))
    said = ", ".join(fact.replace(" ", "\u00a0") for fact in facts)
    return download(view, label, shelf.href(view, made), said, basename(made.output.public))
