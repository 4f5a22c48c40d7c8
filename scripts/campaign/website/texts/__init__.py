"""Files of the site that aren't pages: host settings, feeds, books, and the pages of copies.

Templates are here and in handover/. Only those of HTML escape automatically.
"""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

TEMPLATE_FOLDER = Path(__file__).parent


def fill(template: str, **values: object) -> str:
    """Return a template with its values."""
    return _templates().get_template(template).render(**values)


@cache
def _templates() -> Environment:
    env = Environment(
        loader=FileSystemLoader([TEMPLATE_FOLDER, TEMPLATE_FOLDER.with_name("handover")]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters["xml"] = escape
    return env
