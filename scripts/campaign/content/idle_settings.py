"""Settings of MkDocs and Material that have no effect here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from campaign.content.other_generators import check_guard
from campaign.content.settings import FILE
from campaign.models.problem import Problem
from campaign.schema.yaml_reader import Fields, Value, read_yaml

# Alternatives, by key path in mkdocs.yml; `*` stands for any key.
REPLACEMENTS = {
    "copyright": "Who issues the campaign is a contact of kind `office`.",
    "theme.palette": "Set colours in assets/identity.yml.",
    "theme.logo": "Put the campaign's logos into assets/logos/.",
    "theme.icon": "Put the campaign's logos into assets/logos/.",
    "theme.favicon": "Put the campaign's logos into assets/logos/.",
    "theme.font": "Only `font: false` holds: readers see letters that are on their device.",
    "theme.language": "List languages below `i18n:`.",
    "extra.social": "Link to them from a page.",
    "extra.analytics": "The website sends nothing about its readers to anyone.",
    "extra.consent": "The website stores nothing that needs consent.",
}
DEFAULT = "Delete the line."
# Idle keys of mkdocs.yml; below `theme` all others are idle, and below `extra` all.
IDLE_SETTINGS = ("copyright", "site_author", "repo_url", "repo_name", "edit_uri", "remote_branch", "remote_name")
USED_THEME_KEYS = ("name", "custom_dir")


def check_idle_settings(root: Path) -> Iterator[Problem]:
    """Yield a note for each setting without effect."""
    settings = read_yaml(root / FILE, FILE, [])
    yield from check_guard(settings, FILE)
    top = Fields(settings, FILE, []).keys
    for key in IDLE_SETTINGS:
        if key in top:
            yield _idle(key, top[key])
    for key, value in (top.get("theme", Value(1)).keys or {}).items():
        is_font_off = key == "font" and value.text == "false"
        if key not in USED_THEME_KEYS and not is_font_off:
            yield _idle(f"theme.{key}", value)
    for key, value in (top.get("extra", Value(1)).keys or {}).items():
        yield _idle(f"extra.{key}", value)


def _idle(name: str, value: Value) -> Problem:
    return Problem(
        "setting-idle", f"{FILE}:{value.line}", f"`{name}` has no effect here.", REPLACEMENTS.get(name, DEFAULT)
    )
