"""Patterns of the bands on pages and prints."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import product

import pytest
from conftest import HERE, REPOSITORY, mostly_long, run

from campaign.content import load
from campaign.models.band import MARGIN, NONE, PATTERNS, REPEAT, ROWS, WOVEN, band_cells
from campaign.plan.outputs import catalogue
from campaign.printing import art, make
from campaign.website.theme_css import favicon, head_styles, place_band


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


def test_editors_are_told_the_patterns_that_there_are():
    schema = json.loads((REPOSITORY / "schemas/identity.json").read_text(encoding="utf-8"))
    text = schema["$defs"]["IdentityFile"]["properties"]["pattern"]["description"]
    assert [name for name in (WOVEN, *PATTERNS, NONE) if not re.search(rf"\b{name}\b", text)] == []


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


def test_no_pattern_is_no_band_and_no_space_for_one(campaign):
    plain = with_pattern(campaign, NONE)
    assert ".band{display:none}" in head_styles(plain)
    assert ".band{" not in head_styles(campaign)
    assert place_band(plain, "dili") == ""
    drawn = art.band("dili", {}, 200, 10, NONE)
    assert drawn["height"] == 0
    assert "path" not in drawn["svg"]


@pytest.mark.parametrize("name", mostly_long(["waves", NONE], "waves"))
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


SQUARES = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 70">{shapes}</svg>'
LIGHT = '<rect x="10" y="0" width="20" height="10" fill="#ffcc00"/>'
DARK = '<rect x="0" y="50" width="10" height="20" style="stroke:none;fill:#112233"/>'


@pytest.fixture(scope="module")
def flood(tmp_path_factory):
    """A new campaign."""
    folder = tmp_path_factory.mktemp("patterns")
    run(folder, "new", "flood", "--readers", "open")
    return folder / "flood"


@pytest.fixture
def name_pattern(flood):
    """Write the name of the campaign's pattern, and read the campaign."""
    file = flood / "assets/identity.yml"
    before = file.read_text("utf-8")

    def name(pattern):
        file.write_text(before.replace("pattern: waves", f"pattern: {pattern}"), "utf-8")
        return load(flood)

    yield name
    file.write_text(before, "utf-8")


@pytest.fixture
def own_pattern(flood, name_pattern):
    """Draw the campaign's own pattern, and read the campaign."""

    def draw(svg):
        (flood / "assets/tide.svg").write_text(svg, "utf-8")
        return name_pattern("tide.svg")

    yield draw
    (flood / "assets/tide.svg").unlink()


def test_drawing_of_squares_is_the_pattern_on_everything(own_pattern, tmp_path):
    campaign, problems = own_pattern(SQUARES.format(width=40, shapes=f"<title>Tide</title><g>{LIGHT}{DARK}</g>"))
    assert [str(problem) for problem in problems if problem.stops] == []
    assert campaign.identity.pattern.split("\n") == [".oo.", "....", "....", "....", "....", "e...", "e..."]
    cells = band_cells("", campaign.identity.pattern)
    assert (len(cells), {len(row) for row in cells}) == (ROWS, {REPEAT})
    assert head_styles(campaign) != head_styles(with_pattern(campaign, "waves"))
    output = next(output for output in catalogue(campaign) if output.format == "tri-fold" and output.public)
    files = [tmp_path / "own.pdf", tmp_path / "waves.pdf"]
    make(campaign, output, files[0])
    make(with_pattern(campaign, "waves"), output, files[1])
    assert files[0].read_bytes() != files[1].read_bytes()


@pytest.mark.parametrize(
    ("width", "shapes", "says"),
    [
        (50, LIGHT, "5 squares wide"),
        (42, LIGHT, "doesn't end on the grid"),
        (40, '<circle cx="5" cy="5" r="5"/>', "`circle` isn't a rectangle"),
        (40, LIGHT.replace('x="10"', 'x="13"'), "doesn't end on the grid"),
        (40, f'<g transform="scale(2)">{LIGHT}</g>', "`transform`"),
        (40, LIGHT.replace("#ffcc00", "url(#a)"), "isn't a colour such as"),
        (40, LIGHT + DARK.replace('y="50"', 'y="0"'), "touch in column 1, row 1"),
        (40, "<rect", "can't be read"),
        (40, '<rect width="1e999" height="nan"/>', "doesn't end on the grid"),
    ],
)
def test_what_is_no_pattern_is_refused_and_says_why(own_pattern, width, shapes, says):
    _, problems = own_pattern(SQUARES.format(width=width, shapes=shapes))
    (problem,) = [problem for problem in problems if problem.id == "pattern-wrong"]
    assert problem.where == "assets/tide.svg"
    assert says in problem.message


@pytest.mark.parametrize("name", ["tide.svg", "../../secret.svg", "C:/a.svg", "tide.png"])
def test_pattern_that_is_not_there_is_named_with_its_line(flood, name_pattern, name):
    (flood.parent / "secret.svg").write_text(SQUARES.format(width=40, shapes=LIGHT), "utf-8")
    (problem,) = [problem for problem in name_pattern(name)[1] if problem.id == "value-unknown"]
    assert re.fullmatch(r"assets/identity.yml:\d+", problem.where)
