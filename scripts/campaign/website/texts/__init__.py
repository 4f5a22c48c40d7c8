"""Files for machines from templates in this folder: host settings, feeds, books. They escape nothing by themselves."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def fill(template: str, **values: object) -> str:
    """Return a template with its values."""
    return _templates().get_template(template).render(**values)


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent)
    env = Environment(
        loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    env.filters["xml"] = escape
    return env
