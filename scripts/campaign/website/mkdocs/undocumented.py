"""Undocumented attributes of mkdocs-static-i18n 1.3.1 (MkDocs 1.6.1). Everything else we use is documented."""

from __future__ import annotations

import re
from typing import Any, Protocol, cast

import mkdocs_static_i18n.folder  # noqa: F401  reads the strict pattern before we loosen it: `img/` is no language
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs_static_i18n import config as i18n_config

# Three-letter codes too: goes when ultrabug/mkdocs-static-i18n#348 is released.
i18n_config.RE_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")


class I18nPlugin(Protocol):
    """The attributes of mkdocs-static-i18n's plugin that we use."""

    current_language: str | None  # None before its first run
    default_language: str
    building: bool  # whether it builds a language after the first
    config: Any  # declared at run time


class I18nFile(File):
    """A file of mkdocs-static-i18n."""

    locale: str
    norm_src_uri: str  # path below its language's folder


def i18n_plugin(config: MkDocsConfig) -> I18nPlugin:
    """Return mkdocs-static-i18n's plugin."""
    return cast(I18nPlugin, config.plugins["i18n"])  # it has no types


def i18n_file(file: File) -> I18nFile:
    """Return a file with mkdocs-static-i18n's attributes."""
    return cast(I18nFile, file)  # it adds attributes to MkDocs' own files
