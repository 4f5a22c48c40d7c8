"""Settings in mkdocs.yml: `check` names those that `build` refuses, and those without an effect."""

from __future__ import annotations

import re
import sys
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

import pytest
from conftest import HERE, copy_campaign, run
from jinja2 import BaseLoader, ChoiceLoader, DictLoader, Environment, TemplateNotFound
from markdown.extensions import Extension

from campaign.content import load
from campaign.models.shipped import shipped_folder
from campaign.website.mkdocs.incremental import Work, open_plugin

REFUSED_SETTINGS = {
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


@pytest.mark.parametrize("name", [*REFUSED_SETTINGS, "extensions", "plugins", "templates"])
def test_check_names_what_build_refuses(root, name):
    if name == "extensions":
        change(root, "markdown_extensions: [campaign]", "markdown_extensions: [campaign, admonition]")
    elif name == "plugins":
        change(root, "plugins:\n", "plugins:\n  - search\n")
    elif name == "templates":
        change(root, "  font: false\n", "  font: false\n  custom_dir: own\n")
        (root / "own").mkdir()
        (root / "own/main.html").write_text("{{ 1 }}", encoding="utf-8")
    else:
        change(root, "nav:\n", f"{REFUSED_SETTINGS[name]}nav:\n")
    text = refusals(run(root, "check", "--quiet", code=1))
    assert text
    assert text == refusals(run(root, "build", "--quiet", code=1))
    assert not refusals(run(root, "check", "--trust"))


def test_settings_without_effect_are_noted(root):
    change(root, "  font: false\n", "".join(f"  {line}\n" for line in ("font: false", *IDLE.values())))
    lines = [line for name, line in IDLE_AT_TOP.items() if name != "extra.analytics"]
    change(root, "nav:\n", "\n".join([*lines, "nav:\n"]))
    result = re.findall(r"`([\w.]+)` has no effect here", run(root, "check"))
    assert {*result} == {*IDLE, *IDLE_AT_TOP} - {"extra.analytics"}


def test_other_site_generators_are_stopped(root, monkeypatch):
    """Zensical loads the extension that mkdocs.yml names; our own build is not in its way."""
    result = entry_points(group="markdown.extensions", name="campaign")
    make = next(iter(result)).load()
    assert isinstance(make(), Extension)
    monkeypatch.setitem(sys.modules, "zensical", ModuleType("zensical"))
    with pytest.raises(SystemExit, match="campaign build"):
        make()
    change(root, "markdown_extensions: [campaign]", "# none")
    assert "(guard-missing)" in run(root, "check")
    assert run(root, "check", "--quiet") == ""


def test_settings_of_our_own_campaigns_all_have_an_effect(root):
    assert "has no effect" not in run(root, "check", "--quiet")


class WithoutMaterial(BaseLoader):
    """Finds no template of Material's."""

    def get_source(self, environment: Environment, template: str):
        if template == "base.html":
            raise TemplateNotFound(template)
        return self.inner.get_source(environment, template)


def test_material_is_replaced_by_deleting_a_line(root):
    """It ends on 5 May 2027; pages stay the same to the byte."""
    campaign, line = load(root)[0], '{% extends "base.html" %}\n'
    plugin = open_plugin(Work(campaign, [], root / "site", "none"))
    before = [plugin.finished(*page) for page in campaign.pages]
    text = (shipped_folder("overrides") / "main.html").read_text(encoding="utf-8")
    assert text.count(line) == 1
    loader = WithoutMaterial()
    loader.inner = ChoiceLoader([DictLoader({"main.html": text.replace(line, "")}), plugin.env.loader])
    plugin.env.loader, plugin.env.cache = loader, None
    assert [plugin.finished(*page) for page in campaign.pages] == before
    assert len(before) > 20
