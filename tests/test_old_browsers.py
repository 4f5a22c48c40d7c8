"""Pages for phones without updates: a fallback precedes everything that Chromium 65 and older browsers lack."""

from __future__ import annotations

import re

import pytest
import tinycss2
from floor import FAULTS, faults_by_keys, on_the_floor, open_on_the_floor

from campaign.website.css_purge import parse_sheet, purge

LOGICAL = re.compile(r"(?:margin|padding|border|inset|block|inline)-(?:inline|block)|inline-size|block-size|inset-")
DRAWING = re.compile(r"<svg\b[^>]*>")
# What only browsers read that know the sides of lines; and a rule, in `@media` too.
SUPPORTED = re.compile(r"@supports[^{]*inline[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
RULE = re.compile(r"[^{}]+\{[^{}]*\}")
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def faults_of(nodes):
    """Declarations of a finished style sheet that an old browser does not know and has nothing else for."""
    for node in nodes:
        if node.type not in ("at-rule", "qualified-rule") or not node.content:
            continue
        text = set()
        for item in tinycss2.parse_declaration_list(node.content):
            if item.type != "declaration" or item.lower_name.startswith("--"):
                continue
            value = tinycss2.serialize(item.value)
            if LOGICAL.match(item.lower_name) or ("var(" in value and item.lower_name not in text):
                yield f"{tinycss2.serialize(node.prelude)} {item.lower_name}: {value}"
            text.add(item.lower_name)


@pytest.mark.parametrize("name", ["help_campaign", "tiny"])
def test_finished_styles_have_sides_and_colours_for_old_browsers_and_drawings_a_size(request, name):
    root, faults, seen = request.getfixturevalue(name), set(), set()
    for path in (root / "site").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        # Each page has the rules that it needs; each rule is checked once.
        rules = {rule for styles in STYLE.findall(text) for rule in RULE.findall(SUPPORTED.sub("", styles))}
        for rule in rules - seen:
            sheet = tinycss2.parse_stylesheet(rule, skip_comments=True, skip_whitespace=True)
            faults |= {(path.name, fault) for fault in faults_of(sheet)}
        seen |= rules
        drawings = DRAWING.findall(STYLE.sub("", text))
        faults |= {(path.name, drawing) for drawing in drawings if not (" width=" in drawing and " height=" in drawing)}
    assert len(seen) > 100
    assert faults == set()


SHEET = ".x { padding: 0; padding-inline-start: 2rem; border-inline-end: 1px solid var(--c); } :root { --c: #123456; }"


@pytest.mark.parametrize(("direction", "start", "end"), [("ltr", "left", "right"), ("rtl", "right", "left")])
def test_start_and_end_are_left_and_right_of_the_page(direction, start, end):
    result = purge(parse_sheet(SHEET), {".x", ":root"}, direction)
    assert f"padding:0;padding-{start}:2rem;border-{end}:1px solid #123456;border-{end}:1px solid var(--a)" in result
    assert "inline" not in result


def test_parts_of_the_other_direction_go_by_their_own_where_the_browser_can():
    result = purge(parse_sheet(SHEET), {".x", ":root"}, "ltr", is_mixed=True)
    old, new = result.split("@supports (margin-inline-start:0){")
    assert ".x{padding:0}@supports not (margin-inline-start:0){.x{padding-left:2rem;border-right:" in old
    assert new.startswith(".x{padding-inline-start:2rem;border-inline-end:")


def test_floor_leaves_what_browsers_of_old_know():
    known = "a{color:#123;float:left!important}@media (max-width:18em){b{margin:0}}:not(.x)>c{display:flex}"
    newer = "d:is(e),f{margin:0}@supports (x:y){g{margin:0}}@media (prefers-color-scheme:dark){h{margin:0}}"
    unknown = known.replace("{color", "{--c:#123;gap:1em;grid-gap:1em;margin-inline-start:1em;color:var(--c);color")
    page = (
        f"<style>{unknown}{newer}@supports not (x:y){{g{{margin:0}}}}</style><script>x</script><source srcset=a.webp>"
    )
    assert on_the_floor(page) == f"<style>{known}g{{margin:0}}</style>"
    assert on_the_floor("<img loading=lazy src=a.png>") == "<img src=a.png>"


# The floor is emulated; `make test-old` looks at more pages of it.
@pytest.mark.parametrize("address", ["tet/index.html", "my/index.html", "en/numbers.html"])
def test_page_without_what_old_browsers_lack_is_read_and_used_by_keys_on_the_smallest_screen(
    help_campaign, browser, address
):
    page = open_on_the_floor(browser, help_campaign / "site", address)
    assert page.evaluate(FAULTS) == []
    assert faults_by_keys(page) == []
    page.context.close()
