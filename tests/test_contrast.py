"""A colour that cannot be read is refused, with its line; the pairs are those that the website really uses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import HERE, REPOSITORY, copy_campaign, run
from test_bad_input import edit

from campaign.content.contrast import SCREEN_PAIRS, contrast, ink_luminance, luminance
from campaign.website import components

IDENTITY = "assets/identity.yml"
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
VARIABLE = re.compile(r"(?<![\w-])(color|background): var\(--([\w-]+)\)")
MADE = {"deep": "night", "on-deep": "paper"}


@pytest.fixture
def root(tmp_path) -> Path:
    return copy_campaign(HERE / "campaigns/tiny", tmp_path / "pale")


def line_of(root: Path, start: str, after: str = "colours:") -> int:
    lines = (root / IDENTITY).read_text(encoding="utf-8").splitlines()
    begin = lines.index(after)
    return 1 + next(index for index, line in enumerate(lines) if index > begin and line.strip().startswith(start))


def test_colours_that_cannot_be_read_are_refused_with_their_lines(root):
    edit(
        root,
        IDENTITY,
        'night:        {hex: "#0c3640", cmyk: [96, 36, 32, 77]',
        'night: {hex: "#eeeeee", cmyk: [2, 0, 0, 0]',
    )
    edit(root, IDENTITY, 'ink-soft:     "#b5cccb"', 'ink-soft: "#20404a"')
    edit(root, IDENTITY, 'edge:         {hex: "#5b7b7c"', 'edge: {hex: "#a0b4b4"')
    output = run(root, "check", code=1)
    day, dark = line_of(root, "night:"), line_of(root, "ink-soft:", "dark:")
    for problem in (
        f"{IDENTITY}:{day} `night` cannot be read on `paper` on light screens and on paper: their contrast is 1.2:1, "
        "and text needs 4.5:1. Make `night` darker or `paper` lighter.",
        f"{IDENTITY}:{day} `night` cannot be read on `paper` in the inks of the print shop",
        f"{IDENTITY}:{dark} `ink-soft` cannot be read on `paper` on dark screens: their contrast is 1.5:1",
        f"{IDENTITY}:{line_of(root, 'edge:')} `edge` cannot be read on `paper` on light screens and on paper: their "
        "contrast is 2.2:1, and large letters, signs and outlines need 3:1.",
    ):
        assert f"problem {problem}" in output
    assert "Nothing was changed" in run(root, "build", code=1)


def test_colours_that_a_piece_exchanges_have_to_be_read_too(root):
    edit(root, "docs/fil/leaflets/boil-the-water.md", "link: boil.md", "link: boil.md, colours: {band: marigold}")
    output = run(root, "check", code=1)
    assert "With `options: colours`, `band` cannot be read on `paper`: their contrast is 1.6:1, and 4.5:1 is" in output


def test_contrast_is_that_of_wcag():
    assert contrast(luminance("#000000"), luminance("#FFFFFF")) == pytest.approx(21)
    assert contrast(luminance("#777777"), luminance("#ffffff")) == pytest.approx(4.48, abs=0.005)
    # FOGRA39 has L* of 36.5 and 18.0 for these, measured with its profile.
    assert ink_luminance((10, 90, 95, 42)) == pytest.approx(0.0927, rel=0.2)
    assert ink_luminance((100, 72, 20, 70)) == pytest.approx(0.0255, rel=0.2)


def test_every_pair_of_the_style_sheets_is_looked_at():
    """Text is on the ground of its rule, otherwise on paper; ground without a text colour has `night` on it."""
    known = {frozenset(pair) for pair in SCREEN_PAIRS}
    results = set()
    sheets = REPOSITORY / "overrides/assets/stylesheets"
    for sheet in [*sheets.glob("*.css"), *components.COMPONENTS_FOLDER.rglob("*.css")]:
        for selector, rule in RULE.findall(
            re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        ):
            set_here = {what: MADE.get(name, name) for what, name in VARIABLE.findall(rule)}
            if set_here and 'content: ""' not in rule and rule.count("height") < 2:
                ground = "marigold" if ":focus" in selector else "paper"
                results.add(frozenset((set_here.get("color", "night"), set_here.get("background", ground))))
    results = {pair for pair in results if len(pair) == 2}
    assert len(results) > 6
    assert results <= known, [sorted(pair) for pair in results - known]
