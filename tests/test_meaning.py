"""What carries the meaning of drawings and photos stays visible in every shape, or the output is left out."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from conftest import HERE, copy_campaign, mostly_long, read_help, run
from PIL import Image
from test_photos import photo

from campaign import printing
from campaign.cache.memo import Memo
from campaign.checks.meaning import check_contrast, check_crops, check_undeclared
from campaign.content import load
from campaign.content.meaning import MIN_VISIBLE_SHARE
from campaign.desk.poster_picture import Origin, Pixels
from campaign.images.crop import crop_box, hidden_boxes, visible_shares
from campaign.images.recipes import PictureRequest
from campaign.models.campaign import Campaign
from campaign.models.formats import DESTINATIONS, Destination
from campaign.models.media import MeaningBox, Rights
from campaign.models.outputs import PHOTOCOPY, Output
from campaign.pipeline.build import check
from campaign.pipeline.meaning import Measured
from campaign.plan.outputs import catalogue, screens
from campaign.website.hero import check_heroes, hero_pictures

POSTER = "assets/posters/boil-the-water"
SIGN = MeaningBox("sign", (0.7, 0.1, 0.9, 0.3), "x.yml:4")
SQUARE = Destination(1080, 1080)


def tiny_copy(folder: Path, *boxes: str) -> Path:
    """The tiny campaign with other boxes."""
    root = copy_campaign(HERE / "campaigns/tiny", folder)
    file = root / POSTER / "poster.yml"
    text = file.read_text("utf-8").partition("meaning:")[0]
    file.write_text("\n".join((f"{text}meaning:", *(f"  - {{{box}}}" for box in boxes), "")), "utf-8")
    return root


def crop(row: Destination, size=(1600, 1000), focus=(0.5, 0.5), boxes=(SIGN,)):
    """The crop of a photo, and the visible part of its boxes."""
    output, order = Output("picture", "x", "en", None, "jpeg"), PictureRequest(None, row, focus, meaning=tuple(boxes))
    return crop_box(size, output, order)[1], [share for _, share in visible_shares(size, output, order)]


@pytest.mark.parametrize("name", [name for name, row in DESTINATIONS.items() if not row.is_panels])
@pytest.mark.parametrize("focus", [(0.0, 1.0), (0.5, 0.5), (1.0, 0.0)])
def test_crop_of_a_photo_moves_until_its_box_is_in_the_part_that_apps_leave_free(name, focus):
    boxes = (SIGN, MeaningBox("hand", (0.75, 0.35, 0.95, 0.6), "x.yml:5"))
    if name == "status-story":
        boxes = (MeaningBox("hand", (0.7, 0.35, 0.9, 0.6), "x.yml:5"),)
    assert crop(DESTINATIONS[name], focus=focus, boxes=boxes)[1] == pytest.approx([1] * len(boxes), abs=0.001)


def test_what_apps_cover_is_not_shown():
    covered = Destination(1600, 1000, clear=(0.2, 0.1, 0.3, 0.1))
    hand = MeaningBox("hand", (0.3, 0.1, 0.5, 0.3), "x.yml:5")
    assert crop(covered, boxes=(hand,))[1] == pytest.approx([0.5], abs=0.01)
    assert crop(replace(covered, clear=(0, 0, 0, 0)), boxes=(hand,))[1] == [1]
    order = PictureRequest(None, covered, meaning=(hand,))
    assert [*hidden_boxes((1600, 1000), Output("picture", "x", "en", None, "jpeg", destination="feed"), order)]


def test_focus_decides_among_crops_that_show_all_boxes():
    left, middle, right = (crop(SQUARE, focus=(x, 0.5))[0] for x in (0, 0.65, 1))
    assert left[0] < middle[0] < right[0]
    assert middle == crop(SQUARE, focus=(0.65, 0.5), boxes=())[0]


def test_photo_in_a_poster_keeps_its_box():
    # Red where the box is, far from the focus.
    image = Image.new("RGB", (1600, 1000), "#808080")
    image.paste("#ff0000", (1500, 400, 1590, 600))
    box = MeaningBox("sign", (1500 / 1600, 0.4, 1590 / 1600, 0.6), "x.yml:4")
    shown = {}
    for meaning in ((), (box,)):
        picture = Pixels(image, Origin(Rights("x")), (0.1, 0.5), meaning).inside((0, 0, 100, 100), 0)
        file = BytesIO(base64.b64decode(re.search(r"base64,([^\"]+)", picture)[1]))
        colours = Image.open(file).convert("RGB").getcolors(1 << 20)
        shown[bool(meaning)] = any(red > 200 and green < 50 for _, (red, green, _) in colours)
    assert shown == {False: False, True: True}


def test_box_wider_than_a_crop_is_refused_with_its_label_share_and_line():
    wide = MeaningBox("two people", (0.1, 0.2, 0.9, 0.8), "assets/photos/x.yml:7")
    order = PictureRequest(None, SQUARE, meaning=(wide,))
    (problem,) = hidden_boxes((1600, 1000), Output("picture", "x", "en", None, "jpeg", destination="square"), order)
    assert str(problem).startswith(
        "assets/photos/x.yml:7: square: *two people* 78 % visible; 95 % are needed. Take a picture with more"
    )
    assert problem.id == "meaning-hidden"


def campaign_with_a_wide_photo(folder: Path) -> Path:
    root = copy_campaign(HERE / "campaigns/tiny", folder)
    (root / "assets/photos/well.jpg").write_bytes(photo())
    box = "meaning: [{label: the well, x: 6, y: 40, width: 88, height: 20}]"
    text = f"credit: Ana\nlicence: CC-BY-4.0\nmaker: person\nshows: nobody\n{box}\n"
    (root / "assets/photos/well.yml").write_text(text, "utf-8")
    captions = root / "docs/fil/_photos.yml"
    captions.write_text(captions.read_text("utf-8") + "well: {caption: Ang balon, alt: Isang balon}\n", "utf-8")
    return root


def test_crop_of_a_photo_that_loses_its_point_is_predicted(tmp_path):
    campaign = load(campaign_with_a_wide_photo(tmp_path / "tiny"))[0]
    predicted = {problem.message.partition(":")[0]: problem for problem in check_crops(campaign)}
    assert {"whatsapp-telegram", "feature-phone", "facebook-instagram-square"} <= predicted.keys()
    assert not {"press", "open-graph", "projector"} & predicted.keys()
    assert predicted["whatsapp-telegram"].where == "assets/photos/well.yml:5"


@pytest.mark.long
def test_crop_of_a_photo_that_loses_its_point_is_left_out(tmp_path):
    root = campaign_with_a_wide_photo(tmp_path / "tiny")
    output = run(root, "pictures", "--destination", "whatsapp-telegram", "--destination", "open-graph", code=1)
    assert "*the well*" in output
    assert "Not made: dist/pictures/whatsapp-telegram/fil/well-fil.jpg" in output
    assert list(root.glob("dist/pictures/open-graph/*/well-*"))
    assert not list(root.glob("dist/pictures/whatsapp-telegram/*/well-*"))


BOXES = {
    "corner": "label: pot, x: 2, y: 32, width: 12, height: 12",
    "whole width": "label: pot, x: 2, y: 50, width: 96, height: 15",
    "high": "label: pot, x: 40, y: 24, width: 15, height: 45",
}


@pytest.mark.parametrize("name", mostly_long(BOXES, "corner"))
def test_every_shape_of_a_poster_shows_a_box_wherever_it_is(name, tmp_path):
    root = tiny_copy(tmp_path / "tiny", BOXES[name])
    (root / POSTER / "cover.svg").unlink()
    campaign = load(root)[0]
    shares = {screen: shares_of(campaign, screen) for screen in screens(campaign) if not screen.part}
    assert len({screen.destination for screen in shares}) >= 6
    assert all(len(found) == 1 and found[0] >= MIN_VISIBLE_SHARE for found in shares.values()), shares


def shares_of(campaign: Campaign, output: Output) -> list[float]:
    return [row["share"] for row in printing.measure_meaning(campaign, output)]


def test_view_without_a_box_is_taken_only_if_nothing_else_shows_it(tmp_path):
    # The cover doesn't have the box of the art, so all shapes show a part of the art; with a drawing for one shape that
    # doesn't have it either, that shape is refused.
    root = tiny_copy(tmp_path / "tiny", BOXES["corner"])
    story = root / POSTER / "status-story.svg"
    story.write_text((root / POSTER / "cover.svg").read_text("utf-8"), "utf-8")
    campaign = load(root)[0]
    found = {
        screen.destination: shares_of(campaign, screen) for screen in screens(campaign) if screen.language == "fil"
    }
    assert found.pop("status-story") == [0]
    del found["leaflet-panels"]
    assert [share for (share,) in found.values()] == pytest.approx([1] * len(found))
    refused = next(screen for screen in screens(campaign) if screen.destination == "status-story")
    (problem,) = printing.measure(campaign, refused)
    assert problem.message == "status-story: *pot* 0 % visible; 95 % are needed."
    assert problem.where == f"{POSTER}/poster.yml:4"


RAIN = "label: rain, x: 20, y: 10, width: 30, height: 8"


def test_box_below_the_words_of_a_poster_is_refused(tmp_path):
    campaign = load(tiny_copy(tmp_path / "tiny", RAIN))[0]
    sheet = next(output for output in catalogue(campaign) if output.kind == "poster")
    (problem,) = printing.make(campaign, sheet, tmp_path / "x.pdf")
    assert re.search(r"posters/boil-the-water.md \(a3\): \*rain\* 0 % visible", problem.message), problem.message
    assert problem.where == f"{POSTER}/poster.yml:4"
    assert not (tmp_path / "x.pdf").exists()


@pytest.mark.long
def test_check_predicts_what_a_build_leaves_out(tmp_path):
    problems = check(tiny_copy(tmp_path / "tiny", RAIN))[1]
    hidden = [problem for problem in problems if problem.id == "meaning-hidden"]
    assert hidden
    assert {problem.where for problem in hidden} == {f"{POSTER}/poster.yml:4"}


def test_drawing_without_boxes_and_pale_boxes_are_notes(tmp_path):
    root = tiny_copy(tmp_path / "tiny", "label: sky, x: 2, y: 3, width: 9, height: 9")
    campaign = load(root)[0]
    (hero,) = check_undeclared(campaign)
    assert "but not of hero.svg" in hero.message
    (pale, copied) = check_contrast(campaign, Memo(None))
    assert re.fullmatch(r"\*sky\* has a contrast of only 1\.\d\d to 1\.", pale.message)
    assert copied.message == "*sky* has a contrast of only 1.00 to 1 on photocopies."
    posters = {name: replace(poster, meaning=()) for name, poster in campaign.posters.items()}
    (undeclared,) = check_undeclared(replace(campaign, posters=posters))
    assert (undeclared.id, undeclared.where) == ("meaning-undeclared", f"{POSTER}/poster.yml")


def test_list_shows_the_share_and_size_of_each_box(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    output = run(root, "list", "--verbose", "--language", "fil", "--piece", "boil-the-water")
    assert re.search(r"\n    whatsapp-telegram: boiling pot 100 %, \d{3} × \d{2,3} px\n", output)
    assert re.search(r"\n    a3: boiling pot 100 %, \d{3} × \d{2} mm\n", output)


def with_shirt(folder: Path, box: str, title: str = "Malinis na tubig.", drawing: str = "") -> Campaign:
    """The tiny campaign with a T-shirt of its poster."""
    root = tiny_copy(folder, BOXES["corner"], box)
    page = root / "docs/fil/shirts/boil-the-water.md"
    page.parent.mkdir()
    front = "title: Kamiseta\ndescription: Sa dibdib.\nfor: [public]\nformats: [t-shirt]\nalt: Kaldero."
    front += "\noptions: {art: boil-the-water}"
    page.write_text(f"---\n{front}\n---\n\n## {title} {{#front}}\n\nPakuluan.\n", "utf-8")
    drawing = drawing or '<path d="M10 10h80v40h-80z" fill="#0a3d40"/><path d="M20 20h9v9h-9z" fill="#ffc83d"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 60">{drawing}</svg>'
    (root / POSTER / "shirt.svg").write_text(svg, "utf-8")
    return load(root)[0]


def shirt_of(campaign: Campaign) -> Output:
    return next(output for output in catalogue(campaign) if output.kind == "shirt" and not output.part)


SHIRT = "label: coin, drawing: shirt, x: 20, y: 33, width: 10, height: 20"


def test_shirt_shows_its_own_boxes_in_millimetres(tmp_path):
    campaign = with_shirt(tmp_path / "tiny", SHIRT)
    (row,) = Measured(campaign, ()).shown(shirt_of(campaign))
    assert (row.label, row.share, row.unit, row.where) == ("coin", pytest.approx(1), "mm", f"{POSTER}/poster.yml:5")
    # 86 % of the film is as wide as a drawing gets.
    assert row.width == pytest.approx(280 * 0.86 / 10, abs=0.5)
    assert not [note for note in check_undeclared(campaign) if "shirt.svg" in note.message]


def test_shirt_whose_words_leave_no_room_for_its_drawing_is_refused(tmp_path):
    campaign = with_shirt(tmp_path / "tiny", SHIRT, "tubig na malinis " * 233)
    (problem,) = printing.make(campaign, shirt_of(campaign), tmp_path / "x.pdf")
    assert re.fullmatch(r"The panel `front` is \d+ lines too long at the smallest text size\.", problem.message)
    assert (problem.where, problem.fix) == ("docs/fil/shirts/boil-the-water.md:10", "Shorten its words.")
    assert not (tmp_path / "x.pdf").exists()


def test_box_is_pale_in_the_inks_of_a_shirt_and_a_shirt_without_boxes_is_a_note(tmp_path):
    two_darks = '<path d="M0 0h99v60h-99z" fill="#0a3d40"/><path d="M20 20h9v9h-9z" fill="#5a1020"/>'
    campaign = with_shirt(tmp_path / "tiny", SHIRT, drawing=two_darks)
    (pale,) = [note for note in check_contrast(campaign, Memo(None)) if "*coin*" in note.message]
    assert pale.message == "*coin* has a contrast of only 1.00 to 1 on cloth."
    posters = {
        name: replace(poster, meaning=tuple(box for box in poster.meaning if box.drawing != "shirt"))
        for name, poster in campaign.posters.items()
    }
    messages = [note.message for note in check_undeclared(replace(campaign, posters=posters))]
    assert [re.search(r"of (\w+)\.svg\.$", message)[1] for message in messages] == ["hero", "shirt"]


@pytest.mark.parametrize(("x", "windows"), [(45, []), (85, ["phone", "laptop", "computer"])])
def test_front_page_leaves_out_a_picture_whose_point_it_would_cut(x, windows, tmp_path):
    box = f"label: pot, drawing: hero, x: {x}, y: 40, width: 14, height: 20"
    campaign = load(tiny_copy(tmp_path / "tiny", BOXES["corner"], box))[0]
    problems = list(check_heroes(campaign))
    assert [problem.message.split(":")[0] for problem in problems] == [f"Front page on a {name}" for name in windows]
    assert {problem.where for problem in problems} <= {f"{POSTER}/poster.yml:5"}
    assert bool(hero_pictures(campaign)) == (not windows)


@pytest.fixture(scope="module")
def help_boxes() -> Campaign:
    return read_help()


def hidden_in(campaign: Campaign, outputs: list[Output]) -> dict[str, list[str]]:
    measured = Measured(campaign, outputs)
    return {
        f"{output.name} {output.language} {output.destination or output.format}": [str(box) for box in boxes]
        for output in outputs
        if (boxes := [box for box in measured.shown(output) if box.share < MIN_VISIBLE_SHARE])
    }


def test_every_drawing_of_help_declares_what_it_means(help_boxes):
    assert not [name for name, poster in help_boxes.posters.items() if not poster.meaning]
    assert not list(check_undeclared(help_boxes))
    assert not list(check_heroes(help_boxes))


@pytest.mark.parametrize("count", [3, pytest.param(9, marks=pytest.mark.long)])
def test_every_shape_of_help_s_posters_shows_all_boxes(help_boxes, count):
    layouts = [screen for screen in screens(help_boxes) if screen.language == "tet" and not screen.part]
    names = sorted({layout.name for layout in layouts})
    assert len(names) == 9
    shares = {layout: shares_of(help_boxes, layout) for layout in layouts if layout.name in names[:count]}
    assert all(shares.values())
    assert {layout: each for layout, each in shares.items() if min(each) < MIN_VISIBLE_SHARE} == {}


@pytest.mark.long
def test_every_picture_print_and_photocopy_of_help_shows_all_boxes(help_boxes):
    outputs = catalogue(help_boxes, frozenset({None}))
    assert {PHOTOCOPY, "print-shop", "office"} <= {output.flavour for output in outputs}
    assert hidden_in(help_boxes, outputs) == {}


@pytest.mark.long
@pytest.mark.parametrize("name", BOXES)
def test_as_much_of_a_box_is_drawn_as_was_measured(name, tmp_path):
    # The box is painted in a colour that nothing else has, and its pixels are counted.
    root = tiny_copy(tmp_path / "tiny", BOXES[name])
    (root / POSTER / "cover.svg").unlink()
    x, y, width, height = (float(side) for side in re.findall(r": (\d+)", BOXES[name]))
    art = root / POSTER / "art.svg"
    sides = f'x="{-5 + x * 3.07}" y="{-5 + y * 4.3}" width="{width * 3.07}" height="{height * 4.3}"'
    art.write_text(art.read_text("utf-8").replace("</svg>", f'<rect {sides} fill="#ff00fe"/></svg>'), "utf-8")
    campaign = load(root)[0]
    for screen in screens(campaign):
        if screen.language != "fil" or screen.part:
            continue
        (row,) = printing.measure_meaning(campaign, screen)
        (page,) = printing.draw(campaign, screen, 72)
        picture = Image.open(BytesIO(page)).convert("RGB")
        painted = sum(pixel == (255, 0, 254) for pixel in picture.get_flattened_data())
        area, smoothed_edge = row["width"] * row["height"], 2 * (row["width"] + row["height"])
        assert area - smoothed_edge < painted < area + smoothed_edge, screen.destination
