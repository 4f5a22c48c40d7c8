"""The press panel: latest release, contact, pictures to publish, press kit."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename
from typing import Any

from markupsafe import Markup

from campaign.content.press_envelope import contact_lines, envelope
from campaign.content.releases import is_example, releases
from campaign.models.outputs import PRESS_KIT, Artifact
from campaign.models.page import Page, address_of
from campaign.plan.press_kits import PressPicture, press_pictures
from campaign.website.components import draw
from campaign.website.elements import Element, download, heading, link
from campaign.website.pictures import PublicAssets
from campaign.website.view import View

PREVIEW_SIZES = "(min-width: 48em) 19rem, 8rem"


def press_panel(view: View, assets: PublicAssets, level: int) -> str:
    """Return the HTML of `{{ press-kit }}` in the page's language."""
    return draw(view.campaign, "press/panel", {"sections": list(_sections(view, assets, level))})


def _sections(view: View, assets: PublicAssets, level: int) -> Iterator[dict[str, Any]]:
    """Return the sections in order, each with the `key` of its strings and its title."""
    words = view.language.strings

    def section(key: str) -> dict[str, Any]:
        return {"key": key, "title": heading(view, level, words[key], key)}

    result = releases(view.campaign, view.language.code)
    published, examples = (
        [page for page in result if not is_example(page)],
        [page for page in result if is_example(page)],
    )
    if published:
        yield section("kit-latest") | _latest(view, assets, published[0], level + 1)
    role = result[0].release.contact if result and result[0].release else ""
    lines = [*contact_lines(view.campaign, view.language, role)]
    yield section("kit-contact") | {"lines": view.record(press=lines)["press"]}
    kit = next(
        (
            item
            for item in assets.public
            if item.output.kind == PRESS_KIT and item.output.language == view.language.code
        ),
        None,
    )
    if kit:
        size = f"ZIP, {assets.size(view.language, kit)}"
        kit_title = section("kit-title")
        file = download(view, words["kit-title"], assets.href(view, kit), size, kind="button")
        yield kit_title | {"about": words["kit-what"], "file": file}
    pictures = press_pictures(view.campaign, view.language.code, assets.public)
    if pictures:
        kit_title = section("kit-pictures") | {"about": words["kit-pictures-help"]}
        yield kit_title | {"pictures": [_picture(view, assets, picture) for picture in pictures]}
    if published[1:]:
        yield section("kit-releases") | {"about": "", "releases": [_release(view, page) for page in published[1:]]}
    if examples:
        # Release templates have no date, which would make them news.
        kit_title = section("kit-examples") | {"about": words["kit-example"]}
        links = [link(view, page.title, _address(view, page)) | {"dateline": ""} for page in examples]
        yield kit_title | {"releases": links}


def _latest(view: View, assets: PublicAssets, page: Page, level: int) -> dict[str, Any]:
    frame = envelope(view.campaign, page)
    return {
        "line": frame.line,
        "headline": heading(view, level, frame.headline, to=_address(view, page)),
        "dateline": frame.dateline,
        "about": page.description,
        "files": _release_files(view, assets, page),
    }


def _release(view: View, page: Page) -> Element:
    frame = envelope(view.campaign, page)
    return link(view, frame.headline, _address(view, page)) | {"dateline": frame.dateline}


def _address(view: View, page: Page) -> str:
    return view.link(address_of(page.language, page.path))


def release_files(view: View, assets: PublicAssets, page: Page) -> str:
    """Return the files of a release: PDF, plain text and Word."""
    return draw(view.campaign, "press/files", {"shown": _release_files(view, assets, page)})


def _release_files(view: View, assets: PublicAssets, page: Page) -> list[Element]:
    words, result = view.language.strings, []
    for artifact in assets.pieces(page.language).get(("release", page.stem), []):
        name = words[f"part-{artifact.output.part}"] if artifact.output.part else words["flavour-office"]
        facts = f"{artifact.output.ending.upper()}, {assets.size(view.language, artifact)}"
        result.append(download(view, name, assets.href(view, artifact), facts))
    return result


def _picture(view: View, assets: PublicAssets, press_picture: PressPicture) -> dict[str, Any]:
    words = view.language.strings
    image = assets.picture(view, press_picture.stem, press_picture.alt, PREVIEW_SIZES)
    files = [_file(view, assets, press_picture.large, words["kit-for-print"])]
    if press_picture.screen:
        files.append(_file(view, assets, press_picture.screen, words["kit-for-screen"]))
    return {
        "picture": Markup(image),
        "title": press_picture.title,
        "caption": press_picture.caption,
        "credit": words["credit"].format(credit=press_picture.rights.credit, licence=press_picture.rights.licence),
        "files": files,
    }


def _file(view: View, assets: PublicAssets, artifact: Artifact, label: str) -> Element:
    facts = (
        artifact.output.format.upper(),
        f"{artifact.width:.0f} × {artifact.height:.0f}",
        assets.size(view.language, artifact),
    )
    facts_text = ", ".join(fact.replace(" ", "\u00a0") for fact in facts)
    return download(view, label, assets.href(view, artifact), facts_text, basename(artifact.output.public))
