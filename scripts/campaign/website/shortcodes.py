"""Shortcodes as HTML, named by `site` in document/shortcodes.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from markupsafe import Markup

from campaign.content.locale_format import format_date
from campaign.models.campaign import SAFETY, Campaign, Language
from campaign.website.components import draw
from campaign.website.components.answers import answer_list
from campaign.website.components.contacts import call_button, contact_lists, place_lists
from campaign.website.components.directory import directory as directory_html
from campaign.website.components.downloads import download_list
from campaign.website.components.press import press_panel
from campaign.website.components.recording import small_player
from campaign.website.offline_copy import offline_copy_panel, purge_link
from campaign.website.pictures import TEXT_SIZES, credit
from campaign.website.source_pages import source_list

if TYPE_CHECKING:
    from campaign.website.page_writer import PageWriter

Arguments = Mapping[str, str]


def call(writer: PageWriter, _arguments: Arguments) -> str:
    """Return the button for the main number."""
    return call_button(writer.view, writer.draw)


def contacts(writer: PageWriter, arguments: Arguments) -> str:
    """Return the contacts selected by the arguments."""
    return contact_lists(writer.view, writer.assets, arguments, writer.draw, writer.level + 1)


def places(writer: PageWriter, _arguments: Arguments) -> str:
    """Return the contacts of each place."""
    return place_lists(writer.view, writer.assets, writer.draw, writer.level + 1)


def directory(writer: PageWriter, _arguments: Arguments) -> str:
    """Return the directory of services."""
    return directory_html(writer.view, writer.assets, writer.draw, writer.level + 1)


def answers(writer: PageWriter, arguments: Arguments) -> str:
    """Return the list of answers, or of one group."""
    return answer_list(writer.view, writer.draw, arguments.get("group", ""), writer.level + 1)


def downloads(writer: PageWriter, arguments: Arguments) -> str:
    """Return the downloads for the audience in `for`."""
    return download_list(writer.view, writer.assets, arguments.get("for"), writer.level + 1)


def nothing(_writer: PageWriter, _arguments: Arguments) -> str:
    """Return nothing, for shortcodes of printed pieces."""
    return ""


def saving(writer: PageWriter, _arguments: Arguments) -> str:
    """Return the panel that saves a copy."""
    return offline_copy_panel(writer.campaign, writer.view.language)


def forgetting(writer: PageWriter, _arguments: Arguments) -> str:
    """Return the link that deletes it."""
    to = writer.view.page_link(SAFETY, "forget")
    writer.view.record(link=writer.view.language.strings["forget"], to=to)
    return purge_link(writer.campaign, writer.view.language, to)


def press_kit(writer: PageWriter, _arguments: Arguments) -> str:
    """Return the panel for journalists."""
    return press_panel(writer.view, writer.assets, writer.level + 1)


def imprint(writer: PageWriter, _arguments: Arguments) -> str:
    """Return the imprint in a box."""
    text = imprint_html(writer.campaign, writer.view.language)
    return draw(writer.campaign, "imprint/box", {"imprint": Markup(text)})


def imprint_html(campaign: Campaign, language: Language) -> str:
    """Return the publisher and the version."""
    words = language.strings
    version = words["version"].format(version=campaign.version, date=format_date(language, campaign.date))
    return draw(campaign, "imprint/imprint", {"issued": words["imprint"], "version": version})


def photo(writer: PageWriter, arguments: Arguments) -> str:
    """Return a photo with caption and credit, or '' if no photo has that `name`."""
    result = writer.campaign.photos.get(arguments.get("name", ""))
    return writer.assets.figure(writer.view, result, writer.is_further_picture()) if result else ""


def recording(writer: PageWriter, arguments: Arguments) -> str:
    """Return a player for the recording next to the page, or ''."""
    return small_player(writer.view, arguments.get("name", ""))


def poster(writer: PageWriter, arguments: Arguments) -> str:
    """Return a poster with its credit, '' if it isn't printed."""
    campaign, view, name = writer.campaign, writer.view, arguments.get("name", "")
    page = campaign.page(view.language.code, f"posters/{name}.md")
    if not page or not page.formats:
        return ""
    stem = f"{page.stem}-{page.language}-{page.formats[0]}"
    picture = writer.assets.picture(view, stem, page.alt, TEXT_SIZES, view.is_home)
    poster_art = campaign.posters.get(name)
    if not picture or not poster_art:
        return picture
    return draw(campaign, "picture/poster", {"picture": Markup(picture), "credit": credit(view, poster_art.rights)})


def sources(writer: PageWriter, _arguments: Arguments) -> str:
    """Return the list of sources."""
    return source_list(writer.view)
