"""Each component by its example: typed text stays text, pages are accessible, a campaign may bring its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from conftest import HERE, copy_campaign
from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser

from campaign.cache.inputs import Inputs
from campaign.cache.store import Memo
from campaign.content import load
from campaign.website import components
from campaign.website.components.contacts import call_button
from campaign.website.css_purge import parse_sheet, purge
from campaign.website.inline_css import StyleInliner
from campaign.website.theme_css import theme_folders
from campaign.website.view import page_view

# Parts of the others, which are never drawn separately.
PARTS = {"elements", "contacts/contact", "contacts/place", "directory/map"}
EXAMPLES = {
    f"{path.parent.name}/{name}": data
    for path in sorted(components.COMPONENTS_FOLDER.glob("*/examples.yml"))
    for name, data in yaml.safe_load(path.read_text(encoding="utf-8")).items()
}
# Components without typed text.
DRAWINGS = {"imprint/box", "picture/figure"}
CALL = '<div class="call"><a class="call-button" href="tel:1"></a></div>'
WIDTHS = ("(max-width:30em)", "(max-width:18em)", "(min-width:48em)", "print")
HOSTILE = "\"'><img src=x onerror=alert(1)></p>{{ 7 * 7 }}&lt;b&gt; {number}"


@pytest.fixture(scope="module")
def campaign():
    return load(HERE / "campaigns/tiny")[0]


def given(data: Any, text: str | None = None) -> Any:
    """An example as a template gets it. text: replaces every text that isn't HTML and selects nothing."""
    if isinstance(data, dict):
        # The section, and numbers in a drawing, come from us only.
        return {key: value if key == "key" else given(value, text) for key, value in data.items()}
    if isinstance(data, list):
        return [given(item, text) for item in data]
    if isinstance(data, str) and data.startswith("<"):
        return Markup(data)
    return text if text and isinstance(data, str) and data else data


def test_every_template_has_an_example():
    there = {
        path.relative_to(components.COMPONENTS_FOLDER).with_suffix("").as_posix()
        for path in components.COMPONENTS_FOLDER.rglob("*.html")
    }
    assert there - PARTS == set(EXAMPLES)


@pytest.mark.parametrize("template", EXAMPLES)
def test_what_people_type_stays_text(campaign, template):
    plain = LexborHTMLParser(components.draw(campaign, template, given(EXAMPLES[template])))
    drawn = components.draw(campaign, template, given(EXAMPLES[template], HOSTILE))
    spoilt = LexborHTMLParser(drawn)
    assert [node.tag for node in spoilt.css("*")] == [node.tag for node in plain.css("*")]
    assert not spoilt.css("[onerror]")
    assert "49" not in drawn
    shown = [value for node in spoilt.css("*") for value in (node.text(deep=False), *node.attributes.values()) if value]
    assert any(HOSTILE.removesuffix("{number}") in value for value in shown) or template in DRAWINGS


def test_no_component_keeps_anybody_out(campaign, browser):
    drawn = "".join(
        components.draw(campaign, template, given(data))
        for template, data in EXAMPLES.items()
        # Of a list, or of the same thing twice on a page.
        if template
        not in ("copies/list", "downloads/piece", "titles/piece", "titles/place", "sources/source", "recording/small")
    )
    page = browser.new_page()
    page.set_content(f"<!doctype html><html lang=en><title>Components</title><main><h1>Components</h1>{drawn}</main>")
    rules = {"heading-order": {"enabled": False}, "duplicate-id-aria": {"enabled": False}}
    axe = Axe().run(page, options={"rules": rules}).response["violations"]
    assert not [(item["id"], [node["html"] for node in item["nodes"]]) for item in axe]
    page.close()


def test_campaign_brings_a_template_and_a_style_of_its_own(tmp_path):
    root: Path = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    settings = root / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    assert "name: material\n" in text
    settings.write_text(text.replace("name: material\n", "name: material\n  custom_dir: own\n"), encoding="utf-8")
    own = root / "own/components/contacts/call.html"
    own.parent.mkdir(parents=True)
    own.write_text("<p class=ours>{{ call.number }}</p>", encoding="utf-8")
    campaign = load(root)[0]
    view = page_view(campaign, campaign.languages["fil"], "index.md")
    assert call_button(view, lambda _: "") == f"<p class=ours>{campaign.emergency.phone}</p>"
    own.with_name("style.css").write_text(".call-button { border: 7px solid; }", encoding="utf-8")
    look = f'<html dir="ltr"><head><link rel="stylesheet" href="components.css"></head>{CALL}<p class="place"></html>'
    styled = StyleInliner(theme_folders(campaign)).inline(look)
    assert ".call-button{border:7px solid}" in styled
    assert "place{" not in styled
    assert ".place{padding-bottom:1rem}" in StyleInliner([]).inline(look)
    before = Inputs.scan(root, Memo(None)).hashes
    own.write_text("<p class=theirs>{{ call.number }}</p>", encoding="utf-8")
    after = Inputs.scan(root, Memo(None)).hashes
    assert [name for name in after if after[name] != before[name]] == ["own/components/contacts/call.html"]


def test_what_holds_for_a_width_counts_whatever_sheet_it_stands_in():
    rules = [f"@media {width} {{ .a {{ top: {n}px; }} }}" for n, width in enumerate(WIDTHS)]
    result = purge(parse_sheet("".join([*rules[::-1], ".a { top: 9px; }"])), {".a"})
    assert result == ".a{top:9px}" + "".join(f"@media {width}{{.a{{top:{n}px}}}}" for n, width in enumerate(WIDTHS))


# Components that write other files, work on finished HTML, or write the tree of a text.
WRITERS = {"csp", "css_usage", "epub", "feed", "finished_text", "inline_css", "landing_page", "one_file",
           "page_audit", "page_writer", "published_copies", "shortening", "strip_theme",
           "words", "zim"}  # fmt: skip


def test_html_is_written_by_templates():
    tag = re.compile(r"""['"(].*<[a-z/][a-z0-9]*[ >{]""")
    for path in components.COMPONENTS_FOLDER.parent.rglob("*.py"):
        lines = path.read_text(encoding="utf-8").split("\n")
        results = [
            line for line in lines if tag.search(line) and '"""' not in line and not line.lstrip().startswith("#")
        ]
        name = path.parent.name if path.name == "__init__.py" else path.stem
        assert not results or name in WRITERS, f"{path.name}: {results[0]}"


def test_html_of_the_desk_is_written_by_templates():
    """Except a mark for its script, and a field that is put into a finished page."""
    tag = re.compile(r"""['"(].*<(!doctype|html|title|h1|p|div|form|input|textarea|button|a|ul|li|span)[ >{]""")
    for path in (components.COMPONENTS_FOLDER.parent.parent / "desk").rglob("*.py"):
        lines = path.read_text(encoding="utf-8").split("\n")
        results = [line for line in lines if tag.search(line) and '"""' not in line]
        assert not results or path.stem in ("app", "form_filling"), f"{path.name}: {results[0]}"
