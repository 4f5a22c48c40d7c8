"""Settings in mkdocs.yml: `check` names those that `build` refuses, and those without an effect."""

from __future__ import annotations

import re
import sys
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

import pytest
from conftest import HERE, copy_campaign, mostly_long, run
from jinja2 import BaseLoader, ChoiceLoader, DictLoader, Environment, TemplateNotFound
from markdown.extensions import Extension

from campaign.content import load
from campaign.content.idle_settings import check_held_back, check_idle_settings
from campaign.content.trust import check_trust
from campaign.models.shipped import shipped_folder
from campaign.website.mkdocs.incremental import Work, open_plugin
from campaign.website.mkdocs.runner import check_settings, open_config

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


# Settings that MkDocs refuses, and the line of their value.
INVALID = {
    "use_directory_urls": ("use_directory_urls: false", "use_directory_urls: maybe"),
    "exclude_docs": ('exclude_docs: "_*"', "exclude_docs: [a]"),
    "theme": ("  font: false\n", "  custom_dir: nowhere\n"),
    "dev_addr": ("nav:\n", "dev_addr: abc\nnav:\n"),
    "edit_uri": ("nav:\n", "edit_uri: 5\nnav:\n"),
    "plugins": ("docs_structure: folder", "docs_structure: alphabet"),
}
NOT_HELD_BACK = {
    "draft_docs": ("nav:\n", "draft_docs: boil.md\nnav:\n"),
    "exclude_docs": ('exclude_docs: "_*"', "exclude_docs: boil.md"),
    "build": ("{locale: km,", "{locale: km, build: no,"),
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


@pytest.mark.parametrize(
    "name", mostly_long([*REFUSED_SETTINGS, "extensions", "plugins", "templates"], "hooks", "extra_css", "templates")
)
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


def test_check_names_settings_that_mkdocs_refuses_with_their_line(root):
    campaign, _ = load(root)
    text = (root / "mkdocs.yml").read_text("utf-8")
    assert not check_settings(campaign)
    for name, (old, new) in INVALID.items():
        (root / "mkdocs.yml").write_text(text, "utf-8")
        change(root, old, new)
        lines = (root / "mkdocs.yml").read_text("utf-8").splitlines()
        (problem,) = check_settings(campaign)
        assert (problem.id, problem.message.split(":")[0]) == ("mkdocs-error", f"`{name}`")
        number = int(problem.where.removeprefix("mkdocs.yml:"))
        # A mapping begins on the line after its key.
        assert any(line.startswith(f"{name}:") for line in lines[number - 2 : number])
    assert "`plugins`: Plugin 'i18n'" in run(root, "check", "--quiet", code=1)
    # Plugins of others run as soon as their settings are read.
    change(root, "plugins:\n", "plugins:\n  - search\n")
    assert "mkdocs-error" not in run(root, "check", "--quiet", code=1)


def test_strict_stops_no_build(root):
    change(root, "nav:\n", "strict: true\nnav:\n")
    assert not open_config(load(root)[0], [], root / "site").strict


def test_settings_that_would_not_hold_a_page_back_stop_a_build(root):
    for key, (old, new) in NOT_HELD_BACK.items():
        change(root, old, new)
        (problem,) = check_held_back(root)
        assert (problem.id, problem.message.split(" ")[0], problem.stops) == ("page-not-held-back", f"`{key}`", True)
        change(root, new, old)
    assert not [*check_held_back(root)]
    change(root, *NOT_HELD_BACK["draft_docs"])
    assert "(page-not-held-back)" in run(root, "check", "--quiet", code=1)


def test_settings_with_one_useful_value_are_noted(root):
    for old, new in (
        ("site_dir: site", "site_dir: public"),
        ("use_directory_urls: false", "use_directory_urls: true"),
        ("docs_structure: folder", "docs_structure: suffix\n      fallback_to_default: yes"),
        ("{locale: km,", "{locale: km, site_name: x,"),
    ):
        change(root, old, new)
    named = [re.findall("`(.*?)`", problem.message)[0] for problem in check_idle_settings(root)]
    wanted = ("site_dir", "use_directory_urls", "docs_structure", "fallback_to_default", "languages.site_name")
    assert [name.removeprefix("i18n.") for name in named] == [*wanted]


@pytest.mark.parametrize("entry", ["Title: boil.md", "https://water.example/", "[boil.md]"])
def test_menu_takes_names_of_pages(root, entry):
    change(root, "  - boil.md\n", f"  - {entry}\n")
    problems = load(root)[1]
    (problem,) = [problem for problem in problems if "`nav`" in problem.message]
    line = (root / "mkdocs.yml").read_text("utf-8").splitlines()[int(problem.where.rpartition(":")[2]) - 1]
    assert line == f"  - {entry}"


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


def test_page_missing_from_the_menu_is_reported_on_its_line(tiny, tmp_path):
    root = copy_campaign(tiny, tmp_path / "campaign")
    settings = root / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8").replace("nav:\n", "nav:\n  - abuot.md\n", 1), "utf-8")
    line = settings.read_text("utf-8").splitlines().index("  - abuot.md") + 1
    assert f"mkdocs.yml:{line} `nav` names a page that doesn't exist: `abuot.md`." in run(root, "check", code=1)


def test_hint_for_markdown_extensions_keeps_the_guard(tiny, tmp_path):
    root = copy_campaign(tiny, tmp_path / "campaign")
    settings = root / "mkdocs.yml"
    lines = [line for line in settings.read_text("utf-8").splitlines() if not line.startswith("markdown_extensions")]
    settings.write_text("\n".join([*lines, "markdown_extensions: [campaign, tables]", ""]), "utf-8")
    (problem,) = check_trust(root)
    assert problem.fix.startswith("Write `markdown_extensions: [campaign]`.")
