"""The components of pages: a folder for each, with its data, template, examples and style.

A component's module returns its data as a plain dict and records it in the page's view; its template renders it. All
text is escaped; HTML such as drawings is passed as `Markup`. A campaign can override a template or style sheet with
one of the same path below `components/` in its `custom_dir`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from campaign.models.campaign import Campaign, Language
from campaign.models.own_shortcode import OwnShortcode
from campaign.website.words import number_html, with_number

HERE = Path(__file__).parent


def draw(campaign: Campaign, template: str, data: Mapping[str, Any]) -> str:
    """A component as HTML.

    Args:
        campaign: whose templates are asked first.
        template: `<component>/<name>`.
        data: what it shows.
    """
    return _environment(campaign.templates).get_template(f"{template}.html").render(data)


def draw_own(campaign: Campaign, language: Language, shortcode: OwnShortcode, arguments: Mapping[str, str]) -> str:
    """A shortcode of the campaign's own as HTML."""
    data = {"arguments": dict(arguments), "language": in_language(language), "words": language.strings}
    template = _environment(campaign.templates).from_string(shortcode.html)
    return template.render(data, campaign=campaign.name_in(language.code), version=campaign.version)


def component_styles(folders: Iterable[Path]) -> str:
    """The styles of what components share, then of each, by name.

    Args:
        folders: where a campaign may have its own below `components/`; the first that has one counts.
    """
    own = [folder / "components" for folder in folders]
    found = (next(top / path for top in (*own, HERE) if (top / path).is_file()) for path in _our_styles())
    return "\n".join(path.read_text(encoding="utf-8") for path in found)


@cache
def _our_styles() -> list[Path]:
    """Those of components, from here on, what they share first."""
    found = sorted(path.relative_to(HERE) for path in (*HERE.glob("*.css"), *HERE.glob("*/style.css")))
    return sorted(found, key=lambda path: len(path.parts))


def in_language(language: Language) -> dict[str, str]:
    """What marks words that are not in the page's language."""
    return {"code": language.code, "direction": language.direction}


@lru_cache(maxsize=4)
def _environment(own: Path | None) -> Environment:
    env = Environment(
        loader=FileSystemLoader([own / "components", HERE] if own else [HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["number"] = lambda number: Markup(number_html(number))
    env.filters["with_number"] = lambda sentence, number: Markup(with_number(sentence, number))
    return env
