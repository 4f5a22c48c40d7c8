"""Settings in mkdocs.yml: `check` names whatever `build` refuses, and what has no effect."""

from __future__ import annotations

import re
import sys
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

import pytest
from conftest import HERE, copy_campaign, run
from markdown.extensions import Extension

from campaign.cache.inputs import Inputs
from campaign.cache.memo import Memo
from campaign.content import load
from campaign.website.mkdocs.pages_on_demand import PagesOnDemand

REFUSED = {
    "hooks": "hooks: [a.py]\n",
    "extra_css": "extra_css: [a.css]\n",
    "extra_javascript": "extra_javascript: [a.js]\n",
    "extra_templates": "extra_templates: [a.html]\n",
    "INHERIT": "INHERIT: other.yml\n",
}
IDLE = {
    "theme.features": "features: [navigation.tabs]",
    "theme.palette": "palette: {primary: red}",
    "theme.logo": "logo: a.png",
    "theme.icon": "icon: {logo: a}",
    "theme.favicon": "favicon: a.png",
    "theme.language": "language: fil",
}
IDLE_AT_TOP = {
    "copyright": "copyright: Ana",
    "repo_url": "repo_url: https://code.example/",
    "edit_uri": "edit_uri: edit/main",
    "extra.social": "extra: {social: []}",
    "extra.analytics": "extra: {analytics: {provider: google}}",
}


@pytest.fixture
def root(tmp_path) -> Path:
    return copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")


def change(root: Path, old: str, new: str) -> None:
    path = root / "mkdocs.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def refusals(said: str) -> set[str]:
    return {line for line in said.splitlines() if "(program-refused)" in line}


@pytest.mark.parametrize("name", [*REFUSED, "extensions", "plugins", "templates"])
def test_check_names_what_build_refuses(root, name):
    if name == "extensions":
        change(root, "markdown_extensions: [campaign]", "markdown_extensions: [campaign, admonition]")
    elif name == "plugins":
        change(root, "plugins:\n", "plugins:\n  - search\n")
    elif name == "templates":
        change(root, "nav:\n", "theme: {name: material, custom_dir: own}\nnav:\n")
        (root / "own").mkdir()
        (root / "own/main.html").write_text("{{ 1 }}", encoding="utf-8")
    else:
        change(root, "nav:\n", f"{REFUSED[name]}nav:\n")
    said = refusals(run(root, "check", "--quiet", code=1))
    assert said
    assert said == refusals(run(root, "build", "--quiet", code=1))
    assert not refusals(run(root, "check", "--trust"))


def test_settings_without_effect_are_noted(root):
    change(root, "nav:\n", "\n  ".join(["theme:", "name: material", "font: false", *IDLE.values()]) + "\nnav:\n")
    lines = [line for name, line in IDLE_AT_TOP.items() if name != "extra.analytics"]
    change(root, "nav:\n", "\n".join([*lines, "nav:\n"]))
    found = re.findall(r"`([\w.]+)` has no effect here", run(root, "check", "--quiet"))
    assert {*found} == {"theme", *IDLE, *IDLE_AT_TOP} - {"extra.analytics"}


def test_other_site_generators_are_stopped(root, monkeypatch):
    """Zensical loads the extension that mkdocs.yml names; our own build is not in its way."""
    found = entry_points(group="markdown.extensions", name="campaign")
    make = next(iter(found)).load()
    assert isinstance(make(), Extension)
    monkeypatch.setitem(sys.modules, "zensical", ModuleType("zensical"))
    with pytest.raises(SystemExit, match="campaign build"):
        make()
    change(root, "markdown_extensions: [campaign]", "# none")
    assert "(guard-missing)" in run(root, "check", "--quiet")


def test_settings_of_our_own_campaigns_all_have_an_effect(root):
    assert "has no effect" not in run(root, "check", "--quiet")


def test_pages_are_the_same_whichever_theme_is_named_and_need_none(root, monkeypatch):
    """Material for MkDocs ends in May 2027; a campaign that names it is built without its package."""
    monkeypatch.setattr("mkdocs.config.config_options.utils.get_theme_names", lambda: [])
    settings = root / "mkdocs.yml"
    plain, found = settings.read_text(encoding="utf-8"), set()
    for theme in ("", "theme: material", "theme: {name: material, font: false}", "theme: {name: mkdocs}", "theme:"):
        settings.write_text(f"{plain}\n{theme}\n", encoding="utf-8")
        pages, campaign = PagesOnDemand(), load(root)[0]
        assert not pages.take(campaign, [], Inputs.look(root, Memo(None)))
        found.add(tuple(pages.html(address) for address in pages.files()))
    assert len(found) == 1
    assert "md-" not in "".join(found.pop())
