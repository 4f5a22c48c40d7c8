"""A shortcode of a campaign or package."""

from __future__ import annotations

from dataclasses import dataclass

TEMPLATE_FIX = "Correct the template; Jinja's documentation explains its language."


@dataclass(frozen=True)
class OwnShortcode:
    """A shortcode as templates."""

    name: str
    html: str  # Jinja: `arguments`, `language`, `words`, `campaign`, `version`
    typst: str = ""  # Typst: `arguments`, `words`; '' to leave it out on paper
    where: str = ""  # the file of the template for the site
