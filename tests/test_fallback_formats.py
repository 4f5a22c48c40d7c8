"""`formats: [tri-fold, or: [tri-fold-a3, booklet]]`: a language whose text doesn't fit gets the next format."""

from __future__ import annotations

import json
import re
import subprocess

import pytest
from conftest import mostly_long, run

from campaign.content import load
from campaign.printing.reductions import reduced_piece, reduction_entry
from campaign.printing.typeset import FORMATS, LAYOUT_QUESTION

SENTENCE = "Soap and water take germs away, and everybody can do it at home, at school and in the camp. "
# Sentences in one panel, and the format that they need.
LENGTHS = {"tri-fold": 0, "tri-fold-a3": 14, "booklet": 40}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("formats")
    run(folder, "new", "campaign", "--readers", "open")
    page = folder / "campaign/docs/en/leaflets/wash-your-hands.md"
    page.write_text(page.read_text("utf-8").replace("[tri-fold]", "[tri-fold, or: [tri-fold-a3, booklet]]"), "utf-8")
    return folder / "campaign"


@pytest.fixture
def leaflet(root):
    page = root / "docs/en/leaflets/wash-your-hands.md"
    before = page.read_text("utf-8")
    yield page
    page.write_text(before, "utf-8")


def lengthen(page, count):
    text = page.read_text("utf-8")
    page.write_text(text.replace("## Why {#flap}\n", f"## Why {{#flap}}\n\n{SENTENCE * count}\n"), "utf-8")


def leaflets(root):
    """The formats of the English leaflet, as `campaign list` has them."""
    files = json.loads(run(root, "list", "--json"))["files"]
    return sorted({row["format"] for row in files if row["language"] == "en" and row["kind"] in ("leaflet", "booklet")})


@pytest.mark.parametrize(("format", "count"), LENGTHS.items())
def test_text_gets_the_first_format_that_it_fits(root, leaflet, format, count):
    lengthen(leaflet, count)
    output = run(root, "check", code=0)
    assert ("(format-replaced)" in output) == (format != "tri-fold")
    assert f"made as `{format}`" in output or format == "tri-fold"
    assert leaflets(root) == [format]


def test_shorter_text_gets_its_first_format_again(root, leaflet):
    before = leaflet.read_text("utf-8")
    lengthen(leaflet, LENGTHS["tri-fold-a3"])
    run(root, "check")
    assert leaflets(root) == ["tri-fold-a3"]
    leaflet.write_text(before, "utf-8")
    # Before anything is typeset, the recorded choice is another text's.
    assert leaflets(root) == ["tri-fold"]
    run(root, "check")
    assert leaflets(root) == ["tri-fold"]


def test_choice_that_the_page_no_longer_names_is_dropped(root, leaflet):
    lengthen(leaflet, LENGTHS["tri-fold-a3"])
    run(root, "check")
    leaflet.write_text(leaflet.read_text("utf-8").replace("or: [tri-fold-a3, booklet]", "or: [booklet]"), "utf-8")
    assert leaflets(root) == ["tri-fold"]


@pytest.mark.parametrize("damaged", mostly_long(["", "[]", "{", '{"en/leaflets/wash-your-hands.md": 3}'], "{"))
def test_record_of_choices_that_is_damaged_is_made_again(root, leaflet, damaged):
    lengthen(leaflet, LENGTHS["tri-fold-a3"])
    run(root, "check")
    assert leaflets(root) == ["tri-fold-a3"]
    (root / ".build/formats.json").write_text(damaged, "utf-8")
    assert leaflets(root) == ["tri-fold"]
    run(root, "check")
    assert leaflets(root) == ["tri-fold-a3"]


@pytest.mark.parametrize(
    "value", ["[tri-fold, or: [tri-fold, tri-fold-a3]]", "[tri-fold, or: [tri-fold-a3], tri-fold-a3]"]
)
def test_format_that_is_named_twice_is_made_once(root, leaflet, value):
    text = leaflet.read_text("utf-8")
    leaflet.write_text(text.replace("[tri-fold, or: [tri-fold-a3, booklet]]", value), "utf-8")
    lengthen(leaflet, LENGTHS["tri-fold-a3"])
    run(root, "check", code=0)
    assert leaflets(root) == ["tri-fold-a3"]
    files = [row["file"] for row in json.loads(run(root, "list", "--language", "en", "--json"))["files"]]
    assert len(files) == len(set(files))


def test_text_that_fits_nothing_is_left_out_of_its_last_format(root, leaflet):
    leaflet.write_text(leaflet.read_text("utf-8").replace("or: [tri-fold-a3, booklet]", "or: tri-fold-a3"), "utf-8")
    lengthen(leaflet, LENGTHS["booklet"])
    output = run(root, "check", code=1)
    assert "(panel-long)" in output
    assert "made as `tri-fold-a3`" in output


WORD_BOX = re.compile(r'xMin="([\d.]+)" yMin="([\d.]+)".*?>item(\d+)<')
PANEL_POINTS = 105 / 25.4 * 72


def test_sections_of_a_z_fold_run_on_from_panel_to_panel(root, leaflet):
    """A long section takes more panels than a short one, and every item is printed once, in its order."""
    text = leaflet.read_text("utf-8").replace("[tri-fold, or: [tri-fold-a3, booklet]]", "[z-fold-4]")
    items = "".join(f"- item{number} and a few more words below which the next one follows\n" for number in range(30))
    leaflet.write_text(text.replace("## When {#left}\n", f"## When {{#left}}\n\n{items}"), "utf-8")
    run(root, "prints", "--language", "en", "--format", "z-fold-4", "--place", "national", "--flavour", "print-shop")
    files = [*(root / "dist/national/en").rglob("wash-your-hands-en-z-fold-4*.pdf")]
    assert len(files) == 1
    for file in files:
        boxes = subprocess.run(["pdftotext", "-f", "2", "-bbox", file, "-"], capture_output=True, text=True, check=True)
        places = {int(number): (float(x) // PANEL_POINTS, float(y)) for x, y, number in WORD_BOX.findall(boxes.stdout)}
        assert [*places] == [*range(30)]
        assert sorted(places, key=places.get) == [*range(30)]
        assert len({panel for panel, _ in places.values()}) >= 2


@pytest.mark.long
def test_build_has_the_chosen_format_everywhere(root, leaflet):
    lengthen(leaflet, LENGTHS["tri-fold-a3"])
    run(root, "build")
    names = {path.name for path in (root / "dist").rglob("wash-your-hands-en-tri-fold*")}
    assert any("tri-fold-a3" in name for name in names)
    assert [name for name in names if "tri-fold-a3" not in name] == []
    page = (root / "site/en/leaflets/wash-your-hands.html").read_text("utf-8")
    assert "wash-your-hands-en-tri-fold-a3.pdf" in page
    assert "wash-your-hands-en-tri-fold.pdf" not in page
    # The next build has nothing to do.
    assert "Nothing to do" in run(root, "build")


@pytest.mark.parametrize(
    "value",
    ["[or: [booklet]]", "[tri-fold, or: []]", "[tri-fold, or: {a: b}]", "[tri-fold, else: [booklet]]", "[[tri-fold]]"],
)
def test_wrong_shape_is_refused_with_its_line(root, leaflet, value):
    text = leaflet.read_text("utf-8")
    leaflet.write_text(text.replace("[tri-fold, or: [tri-fold-a3, booklet]]", value), "utf-8")
    problems = [problem for problem in load(root)[1] if problem.where.startswith("docs/en/leaflets/wash")]
    assert [problem.id for problem in problems] == ["value-not-list"]
    line = text[: text.index("formats:")].count("\n") + 1
    assert problems[0].where.endswith(f":{line}")


def test_unknown_fallback_and_missing_panel_are_named(root, leaflet):
    text = leaflet.read_text("utf-8")
    leaflet.write_text(text.replace("or: [tri-fold-a3, booklet]", "or: [tri-fold-a9, card]"), "utf-8")
    output = run(root, "check", code=1)
    assert "The format `tri-fold-a9` is not known." in output
    assert "(panel-unknown)" in output or "(panel-missing)" in output


@pytest.mark.parametrize(
    ("count", "has_picture", "says"),
    [
        pytest.param(0, False, "", marks=pytest.mark.long),
        (0, True, "picture of the panel `left` is left out"),
        pytest.param(6, False, "is set in 11 pt instead of 11.5", marks=pytest.mark.long),
    ],
)
def test_what_a_leaflet_gives_up_is_told(root, leaflet, count, has_picture, says):
    """A picture for which a panel has no room, and type smaller than the look's."""
    lengthen(leaflet, count)
    if has_picture:
        text = leaflet.read_text("utf-8")
        more = f"{SENTENCE * 7}\n\n{{{{ scene name=wash-your-hands }}}}\n\n## How {{#middle}}"
        leaflet.write_text(text.replace("## How {#middle}", more), "utf-8")
    output = run(root, "prints", "--language", "en", "--format", "tri-fold", "--place", "national")
    assert ("(piece-reduced)" in output) == bool(says)
    assert says in output


def test_what_a_booklet_gives_up_is_told(root, leaflet):
    """It is set smaller rather than getting another page."""
    lengthen(leaflet, 70)
    text = leaflet.read_text("utf-8")
    leaflet.write_text(text.replace("[tri-fold, or: [tri-fold-a3, booklet]]", "[booklet]"), "utf-8")
    output = run(root, "prints", "--language", "en", "--format", "booklet")
    assert "the text is set in 11 pt instead of 11.5" in output


def test_every_design_that_chooses_sizes_tells_what_it_gave_up():
    """Pictures (screen) have no note: each is drawn for its destination."""
    designs = {path.parent.name: path.read_text("utf-8") for path in FORMATS.glob("*/design.typ")}
    choosing = {name for name, text in designs.items() if re.search(r"settle|settled|find\(size =>", text)}
    telling = {name for name, text in designs.items() if LAYOUT_QUESTION in text}
    assert choosing - telling == {"screen"}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([{"part": "text", "panel": "", "size": 9.5, "usual": 10.5}], "the text is set in 9.5 pt instead of 10.5."),
        ([{"part": "version", "panel": ""}], "the version is left out."),
        (
            [
                {"part": "title", "panel": "", "size": 26, "usual": 48},
                *({"part": "picture", "panel": f"p{number}"} for number in range(5)),
            ],
            "the picture of the panels `p0`, `p1`, `p2` and 2 more is left out, "
            "and the title is set in 26 pt instead of 48.",
        ),
    ],
)
def test_note_names_each_loss_once(root, rows, says):
    page = next(iter(load(root)[0].pages.values()))
    assert reduced_piece(page, "card", reduction_entry(rows)).message.endswith(f"format `card`, {says}")
