"""A shortcode that a campaign or a package brings along."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OwnShortcode:
    """A shortcode without code of ours.

    Attributes:
        html: a Jinja template for the site: `arguments`, `language`, `words`, `campaign`, `version`.
        typst: Typst markup for paper, with `arguments` and `words`; '' where screens alone show it.
    """

    name: str
    html: str
    typst: str = ""
