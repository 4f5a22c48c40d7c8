"""Settings of MkDocs, Material and mkdocs-static-i18n that have no effect here, or that don't hold pages back here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from campaign.content.other_generators import check_guard
from campaign.content.settings import FILE, plugin_value
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
    "strict": "Problems always stop a build; for releases, run `campaign build --release`.",
    "not_in_nav": "Pages that `nav` doesn't name are reached from other pages.",
    "i18n.languages.site_name": "Write `names: {pt: …}` below `campaign:`.",
    "i18n.languages.nav": "All languages have the same menu.",
}
DEFAULT = "Delete the line."
# Idle keys of mkdocs.yml; below `theme` all others are idle, and below `extra` all.
IDLE_SETTINGS = (
    *("copyright", "site_author", "repo_url", "repo_name", "edit_uri", "remote_branch", "remote_name"),
    *("strict", "validation", "not_in_nav"),
)
USED_THEME_KEYS = ("name", "custom_dir")
USED_I18N_KEYS = ("docs_structure", "languages")
USED_LANGUAGE_KEYS = ("locale", "name", "default", "build")
# The only values that have an effect.
FIXED_VALUES = {"site_dir": "site", "use_directory_urls": "false", "docs_structure": "folder"}
NO = ("false", "no", "off")  # as MkDocs reads YAML
# Files that are no pages.
HIDDEN_FILES = "_*"


def check_idle_settings(root: Path) -> Iterator[Problem]:
    """Yield a note for each setting without effect."""
    settings = read_yaml(root / FILE, FILE, [])
    yield from check_guard(settings, FILE)
    top = Fields(settings, FILE, []).keys
    for key in IDLE_SETTINGS:
        if key in top:
            yield _idle(key, top[key])
    yield from _fixed("", top)
    for key, value in (top.get("theme", Value(1)).keys or {}).items():
        is_font_off = key == "font" and value.text == "false"
        if key not in USED_THEME_KEYS and not is_font_off:
            yield _idle(f"theme.{key}", value)
    for key, value in (top.get("extra", Value(1)).keys or {}).items():
        yield _idle(f"extra.{key}", value)
    yield from _check_i18n(Fields(plugin_value(Fields(settings, FILE, []), "i18n"), FILE, []))


def check_held_back(root: Path) -> Iterator[Problem]:
    """Yield settings that hold pages back in other MkDocs sites: here those pages would be published."""
    top = Fields(read_yaml(root / FILE, FILE, []), FILE, [])
    rename = f'Begin the names of such files with `_`, and write `exclude_docs: "{HIDDEN_FILES}"` instead.'
    for key in ("draft_docs", "exclude_docs"):
        value = top.keys.get(key)
        if value and (value.text or HIDDEN_FILES).split() != [HIDDEN_FILES]:
            yield _not_held_back(key, value, rename)
    for language in Fields(plugin_value(top, "i18n"), FILE, []).values("languages"):
        value = (language.keys or {}).get("build")
        if value and (value.text or "").lower() in NO:
            yield _not_held_back("build", value, "Delete the line of the language, and move its folder out of docs/.")


def _not_held_back(key: str, value: Value, fix: str) -> Problem:
    message = f"`{key}` doesn't keep pages off the website here: they would be published."
    return Problem("page-not-held-back", f"{FILE}:{value.line}", message, fix)


def _check_i18n(i18n: Fields) -> Iterator[Problem]:
    yield from _fixed("i18n.", i18n.keys)
    for key, value in i18n.keys.items():
        if key not in USED_I18N_KEYS:
            yield _idle(f"i18n.{key}", value)
    for language in i18n.values("languages"):
        for key, value in (language.keys or {}).items():
            if key not in USED_LANGUAGE_KEYS:
                yield _idle(f"i18n.languages.{key}", value)


def _fixed(prefix: str, keys: Mapping[str, Value]) -> Iterator[Problem]:
    for key, wanted in FIXED_VALUES.items():
        if key in keys and (keys[key].text or "").rstrip("/") != wanted:
            fix = f"Write `{key}: {wanted}`."
            yield Problem("setting-idle", f"{FILE}:{keys[key].line}", f"`{prefix}{key}` has no effect here.", fix)


def _idle(name: str, value: Value) -> Problem:
    return Problem(
        "setting-idle", f"{FILE}:{value.line}", f"`{name}` has no effect here.", REPLACEMENTS.get(name, DEFAULT)
    )
