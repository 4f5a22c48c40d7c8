"""The desk's templates."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATE_FOLDER = Path(__file__).parent
LOADER = FileSystemLoader(TEMPLATE_FOLDER / "templates")
TEMPLATES = Environment(loader=LOADER, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def bare_page(template: str, **value: object) -> str:
    """Render a page that doesn't need the desk."""
    return TEMPLATES.get_template(template).render(value)
