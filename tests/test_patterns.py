"""Patterns of the bands on pages and prints."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import product

import pytest
from conftest import HERE, REPOSITORY, run

from campaign.content import load
from campaign.models.band import MARGIN, NONE, PATTERNS, REPEAT, ROWS, WOVEN, band_cells
from campaign.plan.outputs import catalogue
from campaign.printing import make
from campaign.website.theme_css import favicon, head_styles


@pytest.mark.parametrize("name", PATTERNS)
def test_pattern_fills_the_band_and_its_light_never_touches_its_core(name):
    rows = PATTERNS[name]
    assert len(rows) == ROWS - 2 * MARGIN
    (width,) = {len(row) for row in rows}
    assert REPEAT % width == 0
    for x, y in product(range(width), range(len(rows))):
        beside = {rows[y][(x + 1) % width], rows[y + 1][x] if y + 1 < len(rows) else "."}
        assert not {rows[y][x]} | beside >= {"o", "e"} or rows[y][x] == ".", (x, y)


def test_twelve_neutral_patterns_and_no_two_are_alike():
    assert len(PATTERNS) >= 12
    cells = {band_cells("", name) for name in (WOVEN, *PATTERNS, NONE)}
    assert len(cells) == len(PATTERNS) + 2


def test_file_takes_the_patterns_that_there_are():
    schema = json.loads((REPOSITORY / "schemas/identity.json").read_text(encoding="utf-8"))
    (names,) = re.findall(r'"pattern": .*?"enum": (\[.*?\])', json.dumps(schema))
    assert {*json.loads(names)} == {WOVEN, *PATTERNS, NONE}


def test_places_have_their_own_colours_in_every_pattern():
    for name in (WOVEN, *PATTERNS, NONE):
        assert len({band_cells(code, name) for code in ("", "baucau", "dili", "lautem")}) > 1, name


@pytest.fixture(scope="module")
def campaign():
    return load(HERE / "campaigns/tiny")[0]


def with_pattern(campaign, name):
    return replace(campaign, identity=replace(campaign.identity, pattern=name))


def test_pages_icon_and_prints_show_the_chosen_pattern(campaign):
    styles = {head_styles(with_pattern(campaign, name)) for name in (WOVEN, "waves", "rings", NONE)}
    icons = {favicon(with_pattern(campaign, name)) for name in (WOVEN, "waves", "rings", NONE)}
    assert (len(styles), len(icons)) == (4, 4)


@pytest.mark.parametrize("name", ["waves", NONE])
def test_every_kind_of_print_is_made_with_another_pattern(campaign, tmp_path, name):
    pieces = {
        (output.format, output.flavour): output for output in catalogue(campaign) if output.public.endswith(".pdf")
    }
    assert {format for format, _ in pieces} >= {"tri-fold", "a3", "release"}
    for kind, output in pieces.items():
        files = [tmp_path / f"{number}.pdf" for number in range(2)]
        make(campaign, output, files[0])
        make(with_pattern(campaign, name), output, files[1])
        # The band of this campaign's poster is part of its drawing.
        assert (files[0].read_bytes() == files[1].read_bytes()) == (output.format == "a3"), kind


def test_new_campaign_has_a_neutral_pattern_and_a_wrong_name_is_refused_with_its_line(tmp_path):
    run(tmp_path, "new", "flood")
    root = tmp_path / "flood"
    assert load(root)[0].identity.pattern == "waves"
    file = root / "assets/identity.yml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("pattern: waves", "pattern: wawes"), "utf-8")
    line = text[: text.index("pattern: waves")].count("\n") + 1
    output = run(root, "check", code=1)
    assert f"assets/identity.yml:{line}" in output
    assert "waves" in output
