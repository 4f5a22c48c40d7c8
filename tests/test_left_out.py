"""An output with a problem of its own is left out, and everything else is delivered."""

from __future__ import annotations

import filecmp
import re
import shutil
from pathlib import Path

import pytest
from conftest import copy_campaign, mostly_long, run
from needed_tools import require
from selectolax.lexbor import LexborHTMLParser
from system_tools import NOTO_FONTS

from campaign import printing
from campaign.checks.rules import REASONS
from campaign.cli import console
from campaign.content import load
from campaign.desk.new_page import LEAFLET as NEW_LEAFLET
from campaign.desk.new_page import POSTER as NEW_POSTER
from campaign.desk.new_page import NewPage, files_of
from campaign.desk.words import languages
from campaign.models.rules import load_rules
from campaign.pipeline.build import build, check
from campaign.pipeline.misfits import REMEMBERED
from campaign.pipeline.reading import read
from campaign.pipeline.stick import make_stick
from campaign.plan.outputs import catalogue

POSTER, LEAFLET = "docs/km/posters/boil-the-water.md", "docs/km/leaflets/boil-the-water.md"
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenantrag"


@pytest.fixture
def root(small, tmp_path) -> Path:
    """The small campaign, built."""
    root = copy_campaign(small, tmp_path / "campaign", is_warm=True)
    for name in ("site", "dist"):
        shutil.copytree(small / name, root / name)
    return root


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def write_long_title(root: Path) -> None:
    path = root / POSTER
    lines = path.read_text("utf-8").splitlines(keepends=True)
    lines = [f"## {LONG_WORD} {{#title}}\n" if "{#title}" in line else line for line in lines]
    path.write_text("".join(lines), "utf-8")


def test_outputs_that_do_not_fit_are_left_out_and_come_back_once_they_fit(root):
    before, title = files(root / "dist"), (root / POSTER).read_bytes()
    write_long_title(root)
    assert "a sentence that appears online" not in (root / "site/km/get-help.html").read_text("utf-8")
    help_page = root / "docs/km/get-help.md"
    help_text = help_page.read_text("utf-8")
    help_page.write_text(f"{help_text}\n\na sentence that appears online\n", "utf-8")
    output = run(root, "build", code=1)
    assert "(word-wide)" in output
    assert "(panel-long)" in output
    assert "Open dist/problems.html" in output
    assert "Nothing was changed" not in output
    assert "a sentence that appears online" in (root / "site/km/get-help.html").read_text("utf-8")
    after = files(root / "dist")
    moved = {name.removeprefix("outdated/") for name in after if name.startswith("outdated/")}
    assert {name for name in moved if "/km/" not in name and "-km-" not in name} == set()
    assert any(name.endswith("boil-the-water-km-a3.pdf") for name in moved)
    assert any(name.startswith("pictures/open-graph/km/") for name in moved)
    assert {name: after[f"outdated/{name}"] for name in moved} == {name: before[name] for name in moved}
    # Nothing else is missing: not the leaflet in Khmer, nor the poster in other languages.
    left_out = before.keys() - after.keys()
    assert left_out <= moved
    assert not any("tri-fold" in name or "-ar-" in name or "-fil-" in name for name in left_out)
    downloads = (root / "site/km/downloads.html").read_text("utf-8")
    assert "boil-the-water-km-a3" not in downloads
    assert "boil-the-water-km-tri-fold" in downloads
    # The state stays the same, and is reported again.
    again = run(root, "build", code=1)
    assert "(word-wide)" in again
    assert files(root / "dist") == after
    (root / POSTER).write_bytes(title)
    help_page.write_text(help_text, "utf-8")
    run(root, "build")
    assert files(root / "dist") == before


@pytest.mark.long
def test_page_lists_each_problem_with_its_files_and_a_drawing_of_the_excess(root):
    write_long_title(root)
    leaflet = root / LEAFLET
    leaflet.write_text(leaflet.read_text("utf-8") + "\nដាំទឹកឱ្យពុះមុនពេលផឹក។" * 60 + "\n", "utf-8")
    report = build(root)
    assert report.has_problems
    assert not report.stops
    html = LexborHTMLParser((root / "dist/problems.html").read_text("utf-8"))
    listed = {node.text() for node in html.css("li code")}
    assert listed >= set(report.refused)
    assert str(len(report.refused)) in html.css_first("h1").text()
    sections = html.css("section")
    assert {node.css_first("h2").text().split()[0] for node in sections} == {"The"}
    for section in sections:
        assert section.css("img[src^='data:image/png']"), section.text()
        assert section.css_first("strong").text()
    sizes = [len(section.css("li code")) for section in sections]
    assert sizes == sorted(sizes, reverse=True)
    assert len((root / "dist/problems.html").read_bytes()) < 500_000


def test_problem_of_the_source_stops_everything_although_outputs_are_left_out(root):
    before = {name: files(root / name) for name in ("site", "dist")}
    write_long_title(root)
    page = root / "docs/km/get-help.md"
    page.write_text(page.read_text("utf-8") + "\n[dead](nowhere.md)\n", "utf-8")
    assert "Nothing was changed" in run(root, "build", code=1)
    assert {name: files(root / name) for name in before} == before


@pytest.mark.long
def test_incremental_build_with_left_out_outputs_equals_a_clean_one(root, tmp_path):
    write_long_title(root)
    build(root)
    clean = copy_campaign(root, tmp_path / "clean")
    build(clean)
    for name in ("site", "dist"):
        old = {path: data for path, data in files(root / name).items() if not path.startswith("outdated/")}
        assert old == files(clean / name)


@pytest.mark.long
def test_stick_has_no_outdated_files_and_no_list_of_problems(root, tmp_path):
    write_long_title(root)
    build(root)
    assert (root / "dist/outdated").is_dir()
    stick = tmp_path / "stick"
    make_stick(root, str(stick), has_prints=True)
    names = {path.relative_to(stick / "print").parts[0] for path in (stick / "print").rglob("*") if path.is_file()}
    assert "national" in names
    assert not names & {"outdated", "problems.html"}
    assert not filecmp.dircmp(root / "site", stick / "site").diff_files


def test_safety_and_sources_are_never_problems_of_one_output():
    """A site with holes, or with a wrong number, is worse than the one of yesterday."""
    levels = {id: rule.level for id, rule in load_rules().items()}
    of_outputs = {id for id, level in levels.items() if level == "output"}
    assert of_outputs >= {"panel-long", "word-wide", "address-long", "character-no-font", "image-heavy"}
    parts = ("number", "embargo", "consent", "link", "front-matter", "shortcode", "help-page", "source", "photo")
    assert not [id for id in of_outputs if id.startswith(parts)]


def test_log_gets_a_line_of_progress_every_ten_seconds(monkeypatch, capsys):
    now = 0.0
    monkeypatch.setattr(console.time, "monotonic", lambda: now)
    with console.show_progress() as show:
        for now in range(25):
            show("print", now, 1200)
    assert capsys.readouterr().err.splitlines() == ["Printing: 10 of 1,200", "Printing: 20 of 1,200"]


@pytest.mark.long
def test_check_predicts_every_misfit_before_the_first_build(root):
    """All shapes and languages at once, with the build's own words; and what it has tried isn't tried again."""
    write_long_title(root)
    leaflet = root / "docs/ar/leaflets/boil-the-water.md"
    leaflet.write_text(leaflet.read_text("utf-8") + "\nاغلِ الماء قبل الشرب." * 80 + "\n", "utf-8")
    for name in ("site", "dist", ".build"):
        shutil.rmtree(root / name)
    _, predicted = check(root)
    _, again = check(root)
    assert again == predicted
    assert not (root / "dist").exists()
    report = build(root)
    told = {problem for problem in report.problems if problem.id in REMEMBERED}
    expected = {problem for problem in predicted if problem.id in REMEMBERED}
    assert {problem.id for problem in expected} == {"word-wide", "panel-long"}
    assert {problem.where.rpartition(":")[0] for problem in expected} == {POSTER, "docs/ar/leaflets/boil-the-water.md"}
    assert any("(hill)" in problem.message for problem in expected)
    assert expected == told
    assert not [output for output in report.left_out if output.language not in ("km", "ar")]


@pytest.mark.long
def test_remembered_misfit_names_the_line_of_today(root):
    write_long_title(root)
    build(root)
    page = root / POSTER
    text = page.read_text("utf-8")
    line = text.splitlines().index(f"## {LONG_WORD} {{#title}}") + 1
    page.write_text(text.replace("formats: [a3]", "formats: [a3]  # one line\n# more", 1), "utf-8")
    (problem, *_) = [problem for problem in build(root).problems if problem.id == "word-wide"]
    assert problem.where == f"{POSTER}:{line + 1}"


def test_nothing_is_predicted_of_a_campaign_that_fits(root):
    assert not [problem for problem in check(root)[1] if not problem.is_note]


@pytest.mark.parametrize("kept_bytes", [20_000, 200, 0])
def test_check_predicts_a_photo_that_cannot_be_read(root, kept_bytes):
    photo = root / "assets/photos/hills.jpg"
    photo.write_bytes(photo.read_bytes()[:kept_bytes])
    assert [problem.id for problem in check(root)[1] if problem.where == "assets/photos/hills.jpg"] == ["image-damaged"]


@pytest.mark.long
def test_check_predicts_art_under_the_words_of_a_poster(root):
    drawing = root / "assets/posters/boil-the-water/art.svg"
    text = drawing.read_text("utf-8")
    slot = re.search(r'<rect id="slot-title"[^>]* x="([\d.]+)" y="([\d.]+)"', text) or pytest.fail(text)
    x, y = map(float, slot.groups())
    branch = f'<path d="M{x - 20} {y + 10}h80v6h-80z" fill="#14213d"/>'
    drawing.write_text(text.replace("</svg>", f"{branch}</svg>"), "utf-8")
    (problem,) = [problem for problem in check(root)[1] if problem.id == "art-under-words"]
    assert problem.is_note
    assert "`slot-title`" in problem.message


LONG_WORDS = {
    "German": ("Unverantwortlich", "Trinkwasseraufbereitung", "Hochwasserschutzmaßnahmen"),
    "Finnish": ("vedenpuhdistus", "tulvavaroitusjärjestelmä"),
    "Malayalam": ("ജലശുദ്ധീകരണത്തിന്", "വെള്ളപ്പൊക്കത്തിൽനിന്ന്", "ദുരിതാശ്വാസക്യാമ്പുകളിൽ"),
    "Burmese": ("ရေကြီးရေလျှံမှုအန္တရာယ်", "သန့်ရှင်းသောသောက်ရေ"),
    "Tamil": ("வெள்ளப்பெருக்கினால்", "நிவாரணமுகாம்களிலிருந்து"),
    "Khmer": ("ការពារពីគ្រោះទឹកជំនន់",),
}


@pytest.mark.parametrize("language", mostly_long(LONG_WORDS, "German", "Tamil"))
def test_words_of_twelve_to_twenty_five_letters_fit_in_every_shape(tiny, tmp_path, language):
    if language in ("Burmese", "Malayalam"):
        require(NOTO_FONTS)
    root = copy_campaign(tiny, tmp_path / "campaign", is_warm=True)
    page = root / "docs/fil/posters/boil-the-water.md"
    text = page.read_text("utf-8")
    for word in LONG_WORDS[language]:
        page.write_text(re.sub(r"^## .*\{#title\}$", f"## {word} {{#title}}", text, flags=re.MULTILINE), "utf-8")
        campaign, _ = read(root)
        shapes = {item for item in catalogue(campaign, frozenset({None})) if item.kind == "screen" and not item.part}
        shapes = {item for item in shapes if (item.language, item.name) == ("fil", "boil-the-water")}
        assert len(shapes) >= 8
        assert [problem for item in shapes for problem in printing.measure(campaign, item)] == []


@pytest.fixture(scope="module")
def skeleton(tmp_path_factory) -> Path:
    """A new campaign, built."""
    folder = tmp_path_factory.mktemp("new")
    run(folder, "new", "campaign")
    run(folder / "campaign", "build")
    return folder / "campaign"


@pytest.mark.parametrize("kind", [NEW_LEAFLET, NEW_POSTER])
def test_new_piece_made_at_the_desk_stops_neither_the_build_nor_the_printing_of_others(skeleton, tmp_path, kind):
    root = shutil.copytree(skeleton, tmp_path / "campaign")
    new_page = NewPage(kind, title="Clean cups", name="clean-cups", audience="public", art="wash-your-hands")
    for name, data in files_of(load(root)[0], new_page, languages()["en"]).items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(data)
    before = files(root / "dist")
    output = run(root, "build", code=None)
    assert "Nothing was changed" not in output
    assert not re.search(r"\((?:key|page)-needed\)", output)
    after = files(root / "dist")
    assert not [name for name in before if name not in after]
    (root / "dist/national/en/office/wash-your-hands-en-tri-fold.pdf").unlink()
    run(root, "leaflets", code=None)
    assert (root / "dist/national/en/office/wash-your-hands-en-tri-fold.pdf").is_file()


# A mistake on each kind of page, and the pages that it leaves out.
MISTAKES_OF_PAGES = {
    "a code that leads to no answer": (
        "docs/en/answers/clean-hands.md",
        "leaflets/wash-your-hands.md]",
        "]",
        "leaflets/wash-your-hands",
    ),
    "a panel that is missing": (
        "docs/en/leaflets/wash-your-hands.md",
        "{#flap}",
        "{#falp}",
        "leaflets/wash-your-hands",
    ),
    "a dead link": ("docs/en/about.md", "\n## ", "\n[Us](nowhere.md)\n\n## ", "about"),
    "a key that is unknown": ("docs/en/about.md", "title:", "titel: x\ntitle:", "about"),
    "front matter without an end": ("docs/en/about.md", "\n---\n", "\n", "about"),
    "a drawing with text": (
        "assets/posters/wash-your-hands/art.svg",
        "</svg>",
        "<text>Soap</text></svg>",
        "posters/wash-your-hands",
    ),
}


@pytest.mark.parametrize("mistake", mostly_long(MISTAKES_OF_PAGES, "a code that leads to no answer", "a dead link"))
def test_page_with_a_mistake_is_left_out_and_the_rest_is_built(skeleton, tmp_path, mistake):
    name, old, new, page = MISTAKES_OF_PAGES[mistake]
    root = shutil.copytree(skeleton, tmp_path / "campaign")
    text = (root / name).read_text("utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new, 1), "utf-8")
    (root / "docs/en/sources.md").write_text((root / "docs/en/sources.md").read_text("utf-8") + "\nA new sentence.\n")
    output = run(root, "build", code=1)
    assert page in output
    assert "Nothing was changed" not in output
    assert "A new sentence." in (root / "site/en/sources.html").read_text("utf-8")
    assert not (root / f"site/en/{page}.html").exists()
    for path in (root / "site").rglob("*.html"):
        assert f"{page.rsplit('/')[-1]}.html" not in re.findall(r'href="(?:[^"]*/)?([^"/]+)"', path.read_text("utf-8"))
    # The build says so again, and everything comes back.
    assert page in run(root, "build", code=1)
    (root / name).write_text(text, "utf-8")
    run(root, "build")
    assert (root / f"site/en/{page}.html").exists()


def test_translation_with_a_mistake_gives_way_to_its_source(skeleton, tmp_path):
    root = shutil.copytree(skeleton, tmp_path / "campaign")
    path = root / "docs/pt/about.md"
    path.write_text(path.read_text("utf-8") + "\n[Nós](nowhere.md)\n", "utf-8")
    run(root, "build", code=1)
    title = re.search(r"^title: (.*)$", (root / "docs/en/about.md").read_text("utf-8"), re.MULTILINE)
    assert title
    assert title[1] in (root / "site/pt/about.html").read_text("utf-8")


@pytest.mark.parametrize("name", ["index.md", "get-help.md", "safety.md", "answers/clean-hands.md"])
def test_pages_for_people_in_danger_are_never_left_out(skeleton, tmp_path, name):
    root = shutil.copytree(skeleton, tmp_path / "campaign")
    before = files(root / "site")
    for code in ("en", "pt"):
        path = root / f"docs/{code}/{name}"
        text = path.read_text("utf-8")
        path.write_text(f"{text}\n[Us](nowhere.md)\n", "utf-8")
        output = run(root, "build", code=1)
        assert "(page-needed)" in output
        assert files(root / "site") == before
        path.write_text(text, "utf-8")


def test_every_problem_that_stops_a_build_has_a_reason():
    levels = {rule.level for rule in load_rules().values()}
    assert levels == {*REASONS, "page", "output", "note"}
