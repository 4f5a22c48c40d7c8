"""Boxes of posters' drawings at the desk: drawn by pointer or typed, and saved with everything else left as it was."""

from __future__ import annotations

import pytest
from conftest import HERE, REPOSITORY
from opened_desk import check_access
from playwright.sync_api import expect
from test_desk_photos import drag

from campaign.content import load
from campaign.content.meaning import hidden_meaning
from campaign.desk.box_list import BoxList, area_edits
from campaign.desk.fix_urls import fix_url
from campaign.desk.poster_picture import Origin, Shapes, credited
from campaign.models.media import Rights
from campaign.models.problem import Problem
from campaign.printing.art import read_drawing
from campaign.schema.yaml_splice import parse, remove, set_value

FILE = "assets/posters/boil-the-water/poster.yml"
WRITTEN = """# Who drew it.
credit: Ana José  # asked on 3 May
licence: CC0-1.0
scene: {x: 0, y: 10, width: 100, height: 70}
meaning:
  # The point of it.
  - {label: pot, x: 25, y: 42, width: 50, height: 22}
  - {label: pot, drawing: cover, x: 22, y: 44, width: 56, height: 34}
  - {label: fire, x: 29, y: 58, width: 42, height: 12}  # below the pot
maker: person
"""


def edited(drawing: str, rows: list[list[str]]) -> str:
    text = WRITTEN
    for edit in BoxList.read(parse(text), "meaning", drawing).edits(rows):
        text = remove(text, edit.key_path) if edit.value is None else set_value(text, edit.key_path, edit.value)
    return text


POT, FIRE = ["pot", "25", "42", "50", "22"], ["fire", "29", "58", "42", "12"]


@pytest.mark.parametrize(
    ("drawing", "rows", "old", "new"),
    [
        ("art", [POT, ["fire", "29", "58", "42", "12,5"]], "height: 12}", "height: 12.5}"),
        ("art", [POT], "  - {label: fire, x: 29, y: 58, width: 42, height: 12}  # below the pot\n", ""),
        (
            "cover",
            [["pot", "22", "44", "56", "34"], ["fire", "1", "2", "3", "4"]],
            "# below the pot\n",
            "# below the pot\n  - {label: fire, drawing: cover, x: 1, y: 2, width: 3, height: 4}\n",
        ),
        ("cover", [], "  - {label: pot, drawing: cover, x: 22, y: 44, width: 56, height: 34}\n", ""),
    ],
)
def test_only_the_boxes_of_one_drawing_change(drawing, rows, old, new):
    assert edited(drawing, rows) == WRITTEN.replace(old, new)


def test_new_picture_keeps_scene_and_boxes():
    drawing = read_drawing(REPOSITORY / "assets/posters/know-the-signs/cover.svg", "x")
    now = credited(WRITTEN, Shapes(drawing, Origin(Rights("Rui", "CC-BY-4.0", maker="person"))))
    assert now == WRITTEN.replace("Ana José", "Rui").replace("CC0-1.0", "CC-BY-4.0")


@pytest.mark.parametrize(
    ("row", "old", "new"),
    [
        (["0", "10", "100", "75"], "height: 70}", "height: 75}"),
        ([""] * 4, "scene: {x: 0, y: 10, width: 100, height: 70}\n", ""),
    ],
)
def test_only_the_scene_changes(row, old, new):
    text = WRITTEN
    for edit in area_edits(parse(text), "scene", row):
        text = remove(text, edit.key_path) if edit.value is None else set_value(text, edit.key_path, edit.value)
    assert text == WRITTEN.replace(old, new)


def test_problems_of_boxes_lead_to_their_drawing():
    campaign = load(HERE / "campaigns/tiny")[0]
    (hero, *_) = campaign.posters["boil-the-water"].boxes("hero")
    address = "/poster-boxes/boil-the-water"
    assert fix_url(hidden_meaning("Front page", "pot", 0.5, hero.where), campaign) == f"{address}/hero"
    assert fix_url(Problem("meaning-undeclared", FILE, "", ""), campaign) == f"{address}/art"
    assert fix_url(Problem("meaning-wrong", f"{FILE}:4", "", ""), campaign) == f"/file/{FILE}?line=4"


@pytest.fixture
def poster_file(opened):
    path = opened.root / FILE
    whole = (HERE / "campaigns/tiny" / FILE).read_bytes()
    yield path
    path.write_bytes(whole)


def test_box_is_drawn_on_a_drawing_labelled_checked_and_taken_away(opened, home, poster_file):
    page, base = home
    before = poster_file.read_text("utf-8")
    page.goto(f"{base}texts/fil/posters/boil-the-water.md")
    page.get_by_role("link", name="What the picture has to show").click()
    expect(page.locator("svg .meaning")).to_have_count(2)
    page.get_by_role("link", name="Front page of the website").click()
    page.wait_for_url("**/hero")
    expect(page.locator("svg .meaning")).to_have_count(2)
    drag(page, (0.1, 0.2), (0.3, 0.6))
    expect(page.locator("[name='meaning.label']").nth(2)).to_be_focused()
    page.keyboard.type("house")
    expect(page.locator("svg .meaning")).to_have_count(3)
    page.click("main .form > .save button")
    expect(page.locator("#saved")).to_contain_text("boxes changed")
    text = poster_file.read_text("utf-8")
    assert text.startswith(before)
    added = parse(text)["meaning"][-1]
    assert list(added) == ["label", "drawing", "x", "y", "width", "height"]
    assert (added["label"], added["drawing"]) == ("house", "hero")
    # Rounded outwards.
    assert [float(added[side]) for side in ("x", "y", "width", "height")] == pytest.approx([10, 20, 20, 40], abs=2)
    assert load(opened.root)[0].posters["boil-the-water"].boxes("hero")[-1].label == "house"
    # By keyboard only: a box outside the drawing is refused, and the input is kept.
    page.locator("[name='meaning.width']").nth(2).fill("95")
    page.keyboard.press("Enter")
    expect(page.locator(".problems")).to_contain_text("partly outside")
    expect(page.locator("[name='meaning.width']").nth(2)).to_have_value("95")
    assert poster_file.read_text("utf-8") == text
    # Over another person's change nothing is written.
    poster_file.write_text(f"{text}# theirs\n", "utf-8")
    page.locator("[name='meaning.width']").nth(2).fill("30")
    page.click("main .form > .save button")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was overwritten")
    assert poster_file.read_text("utf-8") == f"{text}# theirs\n"
    poster_file.write_text(text, "utf-8")
    page.goto(f"{base}poster-boxes/boil-the-water/hero")
    page.get_by_label("Remove: Box 3").click()
    page.click("main .form > .save button")
    expect(page.locator("svg .meaning")).to_have_count(2)
    assert poster_file.read_text("utf-8") == before


@pytest.mark.long
def test_part_for_other_shapes_is_drawn_and_has_to_hold_the_boxes(home, poster_file):
    page, base = home
    page.set_viewport_size({"width": 1280, "height": 1600})  # all of the drawing
    page.goto(f"{base}poster-boxes/boil-the-water/art")
    page.get_by_label("Mark the part for other shapes").check()
    for corner, is_refused in ((0.5, True), (0.9, False)):
        drag(page, (0, 0.3), (1, corner))
        expect(page.locator("svg .scene")).to_have_count(1)
        page.click("main .form > .save button")
        expect(page.locator(".problems")).to_have_count(int(is_refused))
        assert ("scene" in parse(poster_file.read_text("utf-8"))) != is_refused
        if is_refused:
            expect(page.locator(".problems")).to_contain_text("is partly outside")
            page.get_by_label("Mark the part for other shapes").check()
    page.get_by_label("Remove: The part for other shapes").click()
    expect(page.locator("svg .scene")).to_have_count(0)
    page.click("main .form > .save button")
    expect(page.locator("#saved")).to_be_visible()
    assert "scene" not in parse(poster_file.read_text("utf-8"))


def test_boxes_of_unknown_drawings_are_missing_pages(home):
    page, base = home
    for path in ("boil-the-water/x", "boil-the-water/..%2f..%2fidentity", "x/art", "boil-the-water/x/picture"):
        assert page.request.get(f"{base}poster-boxes/{path}").status == 404, path
    picture = page.request.get(f"{base}poster-boxes/boil-the-water/hero/picture")
    assert "sandbox" in picture.headers["content-security-policy"]


@pytest.mark.long
def test_everybody_can_use_the_boxes_of_a_drawing(home):
    page, base = home
    check_access(page, f"{base}poster-boxes/boil-the-water/art?check=1")
