"""Components of pages: one folder each, with its data, template, examples and style.

A component's function returns a plain dict and records what it shows in the page's view; the template escapes all
text. HTML that is already safe is `Markup`. A campaign overrides templates and styles by files of the same path below
`components/` in its `custom_dir`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from traceback import extract_tb
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from campaign.models.campaign import Campaign, Language
from campaign.models.own_shortcode import TEMPLATE_FIX, OwnShortcode
from campaign.models.problem import failure
from campaign.website.words import number_html, with_number

COMPONENTS_FOLDER = Path(__file__).parent


def draw(campaign: Campaign, template: str, data: Mapping[str, Any]) -> str:
    """Render a component. `template` is `<component>/<name>`; the campaign's own templates come first."""
    return _environment(campaign.templates).get_template(f"{template}.html").render(data)


def draw_own(campaign: Campaign, language: Language, shortcode: OwnShortcode, arguments: Mapping[str, str]) -> str:
    """Render a shortcode of the campaign's own. Raise CampaignError if its template can't be rendered."""
    data: dict[str, Any] = {"arguments": dict(arguments), "language": in_language(language), "words": language.strings}
    data |= {"campaign": campaign.name_in(language.code), "version": campaign.version}
    try:
        return _environment(campaign.templates).from_string(shortcode.html).render(data)
    except Exception as error:  # a template may raise anything
        lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename.endswith("template>")]
        where = f"{shortcode.where}:{lines[-1]}" if lines else shortcode.where
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise failure("shortcode-wrong", where, f"The template stops here: {reason}.", TEMPLATE_FIX) from error


def component_styles(folders: Iterable[Path]) -> str:
    """Return the shared styles, then each component's, by name. The first of `folders` with its own file wins."""
    own_folders = [folder / "components" for folder in folders]
    results = (
        next(top / path for top in (*own_folders, COMPONENTS_FOLDER) if (top / path).is_file())
        for path in _our_styles()
    )
    return "\n".join(path.read_text(encoding="utf-8") for path in results)


@cache
def _our_styles() -> list[Path]:
    """Return the style sheets below this folder, shared ones first."""
    results = sorted(
        path.relative_to(COMPONENTS_FOLDER)
        for path in (*COMPONENTS_FOLDER.glob("*.css"), *COMPONENTS_FOLDER.glob("*/style.css"))
    )
    return sorted(results, key=lambda path: len(path.parts))


def in_language(language: Language) -> dict[str, str]:
    """Return the attributes for words that aren't in the page's language."""
    return {"code": language.code, "direction": language.direction}


@lru_cache(maxsize=4)
def _environment(path: Path | None) -> Environment:
    env = Environment(
        loader=FileSystemLoader([path / "components", COMPONENTS_FOLDER] if path else [COMPONENTS_FOLDER]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["number"] = lambda number: Markup(number_html(number))
    env.filters["with_number"] = lambda sentence, number: Markup(with_number(sentence, number))
    return env
