"""Keep other site generators from publishing a campaign: they'd print `{{ call }}` where a phone number belongs.

Zensical ignores unknown plugins but loads every Markdown extension in mkdocs.yml, so `markdown_extensions: [campaign]`
names the one below.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from campaign.models.problem import Problem
from campaign.schema.yaml_reader import Value

if TYPE_CHECKING:
    from markdown.extensions import Extension  # type: ignore[import-untyped]

EXTENSION = "campaign"
KEY = "markdown_extensions"
OTHER_GENERATORS = ("zensical",)  # generators that read mkdocs.yml without our plugin


def make_extension(**_: object) -> Extension:
    """Return an extension that does nothing. Raise SystemExit if another site generator is running."""
    from markdown.extensions import Extension

    if any(name in sys.modules for name in OTHER_GENERATORS):
        sys.exit("Run `campaign build` instead: only it fills in phone numbers and other shortcodes.")

    class NoExtension(Extension):  # type: ignore[misc]
        """Changes nothing: website/page_writer.py writes the pages."""

        def extendMarkdown(self, md: object) -> None:
            """Register nothing."""

    return NoExtension()


def check_guard(settings: Value, where: str) -> list[Problem]:
    """Return a note if mkdocs.yml doesn't stop other generators."""
    guard = settings.keys.get(KEY) if settings.keys else None
    if guard and any(item.text == EXTENSION for item in guard.items or ()):
        return []
    message = f"`{KEY}: [{EXTENSION}]` is missing: other site generators would publish shortcodes instead of numbers."
    return [Problem("guard-missing", where, message, "Add the line.")]
