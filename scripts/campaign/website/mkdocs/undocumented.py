"""Every undocumented attribute that we use: those of mkdocs-static-i18n.

Written for mkdocs-static-i18n 1.3.1 and MkDocs 1.6.1; all other steps are documented events.
"""

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


def i18n_plugin(config: MkDocsConfig) -> I18nPlugin:
    """mkdocs-static-i18n's plugin, which the campaign's settings always name."""
    return cast(I18nPlugin, config.plugins["i18n"])  # it has no types


def i18n_file(file: File) -> I18nFile:
    """A file, after mkdocs-static-i18n."""
    return cast(I18nFile, file)  # it hangs its attributes on MkDocs' own files
