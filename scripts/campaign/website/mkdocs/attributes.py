"""What objects of MkDocs carry beside what their classes declare.

That is: what the campaign's plugin hangs on them, and what mkdocs-static-i18n does, which brings no types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

from campaign.website.view import View

if TYPE_CHECKING:
    from campaign.website.mkdocs.plugin import SitePlugin


class I18nPlugin(Protocol):
    """What we use of mkdocs-static-i18n's plugin.

    Attributes:
        current_language: None before its first run.
        building: whether it is building a language after the first.
        config: its settings, which it declares at run time.
    """

    current_language: str | None
    default_language: str
    building: bool
    config: Any


class I18nFile(File):
    """A file that mkdocs-static-i18n has been through.

    Attributes:
        locale: code of its language.
        norm_src_uri: its path below the folder of its language.
    """

    locale: str
    norm_src_uri: str


class SitePage(Page):
    """A page that the campaign's plugin has been through.

    Attributes:
        lead: HTML, what stands with the title.
    """

    view: View
    lead: str


def i18n_plugin(config: MkDocsConfig) -> I18nPlugin:
    """mkdocs-static-i18n's plugin, which the campaign's settings always name."""
    return cast(I18nPlugin, config.plugins["i18n"])  # it has no types


def site_plugin(config: MkDocsConfig) -> SitePlugin:
    """The campaign's own plugin."""
    return cast("SitePlugin", config.plugins["campaign"])  # MkDocs finds it by that name: see pyproject.toml


def i18n_file(file: File) -> I18nFile:
    """A file, after mkdocs-static-i18n."""
    return cast(I18nFile, file)  # it hangs its attributes on MkDocs' own files


def site_page(page: Page) -> SitePage:
    """A page, after `SitePlugin.on_pre_page`."""
    return cast(SitePage, page)  # as above: MkDocs makes the pages
