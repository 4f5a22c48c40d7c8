"""Formats that a campaign or a package brings along: one folder each, found wherever ours are."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from conftest import HERE, copy_campaign, run

from campaign.content import languages, load
from campaign.content.formats import SHIPPED, read_formats, shipped_formats
from campaign.content.trust import check_trust
from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.models.problem import Problem
from campaign.plan.outputs import catalogue
from campaign.plan.press_kits import is_in_kit
from campaign.plan.print_queues import PRINT_QUEUE, is_queued, queue_name
from campaign.printing import make

TINY = HERE / "campaigns/tiny"
MM = 72 / 25.4  # points
STICKER = """
formats:
  sticker:
    kind: sticker
    design: poster
    names: {fil: Sticker na bilog, km: ស្ទីគ័រ}
    width: 210
    height: 297
    sides: 1
    panels: [title]
    free: yes
    drawing: art.svg
    waives: {sender: the imprint names who issues it already}
"""


def write(root: Path, text: str = STICKER, folder: str = "sticker", design: str = "") -> None:
    (root / "formats" / folder).mkdir(parents=True, exist_ok=True)
    (root / f"formats/{folder}/format.yml").write_text(text, encoding="utf-8")
    if design:
        (root / f"formats/{folder}/design.typ").write_text(design, encoding="utf-8")


def printed_as(root: Path, formats: str, page: str = "posters/boil-the-water.md") -> None:
    for file in root.glob(f"docs/*/{page}"):
        text = file.read_text("utf-8")
        start = text.index("formats: [")
        file.write_text(f"{text[:start]}formats: [{formats}]{text[text.index(']', start) + 1 :]}", "utf-8")


@pytest.fixture
def root(tmp_path) -> Path:
    return copy_campaign(TINY, tmp_path / "campaign")


def problems_of(root: Path) -> list[Problem]:
    problems: list[Problem] = []
    read_formats(root, problems)
    return problems


def test_every_design_has_one_declaration_next_to_it():
    designs = {path.parent.name for path in SHIPPED.glob("*/design.typ")}
    declared = {path.parent.name for path in SHIPPED.glob("*/format.yml")}
    assert designs - declared == {"screen"}
    assert {format.design for format in shipped_formats().values()} == declared


def test_new_format_is_in_catalogue_queue_kit_and_lists_without_a_line_of_code(root, tmp_path):
    write(root)
    printed_as(root, "a3, a4, sticker")
    page = root / "docs/fil/press/start.md"
    text = page.read_text("utf-8")
    campaign, problems = load(root)
    assert not [problem for problem in problems if problem.stops]
    outputs = catalogue(campaign)
    stickers = [output for output in outputs if output.kind == "sticker"]
    assert {sticker.flavour for sticker in stickers} == {"office", "print-shop", "photocopy"}
    assert {sticker.language for sticker in stickers} == {*campaign.languages}
    office = next(sticker for sticker in stickers if sticker.flavour == "office" and sticker.language == "fil")
    # With the poster on the same paper it makes a queue; neither of them does separately.
    assert queue_name(campaign, office) == "a4-one-side"
    queue = next(output for output in outputs if output.kind == PRINT_QUEUE and output.format == "a4-one-side")
    held = [output for output in outputs if is_queued(campaign, output, queue)]
    assert {item.format for item in held} >= {"a4", "sticker"}
    words = {code: language.strings for code, language in campaign.languages.items()}
    assert (words["fil"]["format-sticker"], words["km"]["pieces-sticker"]) == ("Sticker na bilog", "ស្ទីគ័រ")
    # A language without a name for it has the source's.
    assert words["ar"]["format-sticker"] == "Sticker na bilog"
    notes = [(item.where, item.fix) for item in problems if item.id == "format-nameless"]
    assert notes == [("formats/sticker/format.yml:6", "Add to `names`: ar: …")]
    assert "sticker" in campaign.kinds
    result = make(campaign, office, tmp_path / "sticker.pdf")
    assert not isinstance(result, list), result
    assert (result.width, result.height) == (210, 297)
    # What a page for the press is printed as is in the press kit.
    page.write_text(text.replace("---\n", "---\nformats: [sheet]\n", 1) + "\n## Balita {#news}\n\nTubig.\n", "utf-8")
    write(root, "formats: {sheet: {kind: sheet, design: handout, width: 210, height: 297, free: yes}}", "sheet")
    campaign, problems = load(root)
    sheets = [output for output in catalogue(campaign) if output.kind == "sheet"]
    assert any(is_in_kit(campaign, sheet) for sheet in sheets)


@pytest.mark.long
def test_new_format_is_made_published_and_explained(small, tmp_path):
    root = copy_campaign(small, tmp_path / "campaign", is_warm=True)
    write(root)
    printed_as(root, "a3, a4, sticker")
    run(root, "build")
    assert [*(root / "dist").glob("national/fil/office/*-sticker.pdf")]
    assert [*(root / "dist").glob("national/fil/print-queue/*-a4-one-side.pdf")]
    listed = [path for path in (root / "site/fil").rglob("*.html") if "Sticker na bilog" in path.read_text("utf-8")]
    assert listed
    # A new name, and nothing else, is seen by the next build.
    write(root, STICKER.replace("Sticker na bilog", "Dikit"))
    run(root, "build")
    assert all("Dikit" in path.read_text("utf-8") for path in listed)
    write(root)
    assert run(root, "prints", "--format", "sticker", "--language", "fil")
    assert "The format `banner` is not known." in run(root, "prints", "--format", "banner", code=1)
    assert "sticker" in run(root, "explain", "formats")


def test_declaration_is_data_and_a_design_of_a_campaign_is_a_program(root, tmp_path):
    write(root)
    assert not list(check_trust(root))
    design = (SHIPPED / "poster/design.typ").read_text("utf-8")
    write(root, STICKER.replace("    design: poster\n", ""), design=design)
    (problem,) = check_trust(root)
    assert (problem.id, problem.where) == ("program-refused", "formats/sticker/design.typ")
    assert "(program-refused)" in run(root, "build", code=1)
    printed_as(root, "a3, a4, sticker")
    campaign, _ = load(root)
    output = next(output for output in catalogue(campaign) if output.kind == "sticker" and output.flavour == "office")
    result = make(campaign, output, tmp_path / "sticker.pdf")
    assert not isinstance(result, list), result
    # Its problems name its own file.
    write(root, STICKER.replace("    design: poster\n", ""), design=design + "\n#let pages() = 1 + (")
    campaign, _ = load(root)
    (problem, *_) = make(campaign, output, tmp_path / "sticker.pdf")
    assert "formats/sticker/design.typ" in problem.message


SHEETS = (
    "formats: {{x: {{kind: a, design: folded, width: 210, height: 210, sheets: {}, small_print: back, panels: {}}}}}"
)
CARD = "formats: {{x: {{kind: a, design: card, width: 85, height: 55, {}}}}}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("formats: {Sticker!: {kind: a, design: card, width: 85, height: 55}}", "isn't a plain name"),
        ("formats: {a4: {kind: a, design: card, width: 85, height: 55}}", "The format `a4` exists already"),
        ("formats: {x: {kind: picture, design: card, width: 85, height: 55}}", "can't be the kind of a format"),
        ("formats: {x: {design: card, width: 85, height: 55}}", "`kind` of the format `x` is missing"),
        ("formats: {x: {kind: a, design: card, height: 55}}", "`width` of the format `x` is missing"),
        ("formats: {x: {kind: a, design: card, width: 8500, height: 55}}", "`width` is not a number from 20"),
        ("formats: {x: {kind: a, width: 85, height: 55}}", "no design.typ, and `design` is missing"),
        ("formats: {x: {kind: a, design: /etc/passwd, width: 85, height: 55}}", "`/etc/passwd` isn't a design"),
        ("formats: {x: {kind: a, design: card, width: 85, height: 55, colour: red}}", "The key `colour` is not known"),
        ("formats: {x: {kind: a, design: card, width: 85, height: 55, sheets: [{a: 10}]}}", "aren't as wide"),
        ("formats: {x: {kind: a, design: folded, width: 85, height: 55}}", "`sheets` of the format `x` is missing"),
        (
            "formats: {x: {kind: a, design: card, width: 85, height: 55, printers: [me]}}",
            "isn't a valid value of `printers`",
        ),
        ("formats: 3", "`formats` takes `name: …` lines"),
        ("- a", "key: value"),
        ("formats: {x: 3}", "is missing"),
        (
            "formats: {x: {kind: a, design: folded, width: 85, height: 55, sheets: [{a: 85}], runs: [[a, b]]}}",
            "`b` isn't a panel of `sheets`",
        ),
        ("formats: {x: {kind: ../../etc, design: card, width: 85, height: 55}}", "The kind `../../etc` isn't a plain"),
        (
            SHEETS.format("[{cover: 100, a: 110}, {b: 210}]", "[cover, a, b]"),
            "The design `folded` needs panels: `back`",
        ),
        (SHEETS.format("[{cover: -10, back: 220}, {b: 210}]", "[cover, b, back]"), "have no width: `cover`"),
        (SHEETS.format("[{cover: 0, back: 210}, {b: 210}]", "[cover, b, back]"), "have no width: `cover`"),
        (SHEETS.format("[{cover: nan, back: 210}, {b: 210}]", "[cover, b, back]"), "have no width: `cover`"),
        (SHEETS.format("[{cover: 210}, {back: 210}, {b: 210}]", "[cover, b, back]"), "has 2 sides, and `sheets` has 3"),
        (SHEETS.format("[{back: 210}, {cover: 210}]", "[cover, back]"), "first side of `sheets` lacks panels: `cover`"),
        (SHEETS.format("[{cover: 210}, {back: 210}]", "[cover, back, z]"), "`sheets` lacks panels of `panels`: `z`"),
        (
            SHEETS.format("[{cover: 210}, {back: 210}]", "[cover, back]").replace(
                "small_print: back", "small_print: zz"
            ),
            "`zz`, is missing",
        ),
        (CARD.format("panels: [nose]"), "needs panels: `front`, `back`"),
        (CARD.format("panels: [front, front]"), "`panels` has panels twice: `front`"),
        (CARD.format("panels: [front, back, nose]"), "has no room for panels: `nose`"),
        (CARD.format("sides: 0"), "can't have 0 sides"),
        (CARD.format("bands: {slim: -4}"), "`slim` is not a number from 1 to 100"),
        (CARD.format("bands: {slim: 400}"), "`slim` is not a number from 1 to 100"),
        (CARD.format("bands: {zig: 4}"), "has no `bands`: `zig`"),
        (CARD.format("names: hello"), "`names` takes `name: value` lines"),
        (CARD.format("waives: {nose: no room}"), "`waives` can't contain `nose`"),
        (CARD.format('waives: {sender: ""}'), "`sender` is waived without a reason"),
        ("", "The file declares no format"),
        ("kind: card", "The file declares no format"),
    ],
)
def test_declaration_that_cannot_be_used_is_told_with_its_line(root, text, said):
    write(root, text)
    problems = problems_of(root)
    assert any(said in problem.message for problem in problems), problems
    assert all(problem.where.startswith("formats/sticker/format.yml") for problem in problems)
    assert {*problems} <= {*load(root)[1]}


@pytest.mark.parametrize("text", ["width: 0", "width: wide"])
def test_wrong_value_is_not_called_missing(root, text):
    write(root, f"formats: {{x: {{kind: a, design: card, {text}, height: 55}}}}")
    (problem,) = problems_of(root)
    assert problem.id == "value-not-number"


@pytest.mark.parametrize("name", ["format.yml", "sticker/format.yaml"])
def test_declaration_in_the_wrong_place_is_reported(root, name):
    path = root / "formats" / name
    path.parent.mkdir(parents=True)
    path.write_text(STICKER, "utf-8")
    (problem,) = problems_of(root)
    assert (problem.where, problem.message) == (f"formats/{name}", "No format is read from this file.")


def test_words_that_a_language_lacks_are_the_source_s_and_a_note(root, monkeypatch):
    monkeypatch.setattr(languages, "usable_strings", lambda *_: {})  # as for languages that ship none
    for code in ("km", "ar"):
        file = root / f"docs/{code}/_strings.yml"
        lines = file.read_text("utf-8").splitlines(keepends=True)
        file.write_text("".join(line for line in lines if not line.startswith(("home:", "scan:"))), "utf-8")
    campaign, problems = load(root)
    assert not [problem for problem in problems if problem.stops]
    notes = [problem for problem in problems if problem.id == "words-fallback"]
    assert {note.where for note in notes} == {"docs/km/_strings.yml", "docs/ar/_strings.yml"}
    assert all("home, scan" in note.message for note in notes)
    source = campaign.source_language.strings
    assert campaign.languages["km"].strings["scan"] == source["scan"]
    run(root, "check")


def test_contact_sheet_of_another_size_has_all_numbers(root, tmp_path):
    write(
        root, "formats: {sheet: {kind: sheet, design: contact-sheet, width: 105, height: 148, free: yes, places: yes}}"
    )
    printed_as(root, "a3, sheet")
    campaign, _ = load(root)
    output = next(output for output in catalogue(campaign) if output.kind == "sheet" and output.place)
    result = make(campaign, output, tmp_path / "sheet.pdf")
    assert not isinstance(result, list), result
    with pypdfium2.PdfDocument(tmp_path / "sheet.pdf") as document:
        printed = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    contacts = [contact for contact in campaign.contacts_for(output.place) if contact.numbers]
    assert len(contacts) > 1
    assert all("".join(contact.numbers[0].phone.split()) in printed for contact in contacts)


@pytest.mark.parametrize(("width", "height", "page"), [(120, 90, (210, 297)), (240, 180, (240, 180))])
def test_cards_of_any_size_are_whole_on_office_paper(root, tmp_path, width, height, page):
    write(root, f"formats: {{tag: {{kind: tag, design: card, width: {width}, height: {height}}}}}", "tag")
    text = (SHIPPED / "card/sample.md").read_text("utf-8").replace("[card]", "[tag]")
    (root / "docs/fil/cards").mkdir()
    (root / "docs/fil/cards/tag.md").write_text(text, "utf-8")
    campaign, _ = load(root)
    output = next(output for output in catalogue(campaign) if output.kind == "tag" and output.flavour == "office")
    result = make(campaign, output, tmp_path / "tag.pdf")
    assert not isinstance(result, list), result
    with pypdfium2.PdfDocument(tmp_path / "tag.pdf") as document:
        size = document[0].get_size()
        characters = document[0].get_textpage()
        boxes = [characters.get_charbox(at) for at in range(characters.count_chars())]
    assert tuple(round(length / 72 * 25.4) for length in size) == page
    assert all(left >= 0 and bottom >= 0 and right <= size[0] and top <= size[1] for left, bottom, right, top in boxes)


LONG_NAMES = {
    "usual": "Tubig",
    "long": "Ligtas na tubig para sa lahat ng mga bata sa lahat ng mga paaralan ng ating bayan at sa mga nayon",
    "longest": "Ligtas na tubig para sa lahat ng mga bata at paaralan " * 8,
    "arabic": "ماء نظيف لكل الأطفال في كل المدارس " * 3,
    "khmer": "ទឹកស្អាតសម្រាប់កុមារទាំងអស់នៅគ្រប់សាលារៀន" * 3,
}


def shirt_of(root: Path, width: int, height: int, words: str, option: str = "") -> tuple[Campaign, Output]:
    """A T-shirt of an own size, for the print shop. words: its title and text."""
    shirt = f"kind: shirt, design: t-shirt, width: {width}, height: {height}, names: {{fil: Kamiseta}}"
    write(root, f"formats: {{child-shirt: {{{shirt}}}}}", "child-shirt")
    page = root / "docs/fil/shirts/water.md"
    page.parent.mkdir()
    front = "title: Kamiseta\ndescription: Isang kamiseta.\nfor: [public]\nformats: [child-shirt]\nalt: Isang kamiseta."
    page.write_text(f"---\n{front}\n{option}---\n\n{words}\n", encoding="utf-8")
    campaign, problems = load(root)
    assert not [problem for problem in problems if problem.stops]
    shirts = [output for output in catalogue(campaign, frozenset({None})) if output.format == "child-shirt"]
    return campaign, next(item for item in shirts if item.flavour == "print-shop" and item.part != "picture")


def signs_on(page: pypdfium2.PdfPage) -> list[tuple[float, float, float, float]]:
    """The box of each visible character: left, bottom, right, top."""
    text = page.get_textpage()
    return [text.get_charbox(at) for at in range(text.count_chars()) if not text.get_text_range(at, 1).isspace()]


@pytest.mark.parametrize("width", [90, 280])
@pytest.mark.parametrize("name", LONG_NAMES)
def test_slug_line_stays_on_its_sheet_and_off_the_marks(root, tmp_path, name, width):
    settings = root / "mkdocs.yml"
    text = settings.read_text("utf-8").replace("Ligtas na tubig", LONG_NAMES[name].strip(), 1)
    settings.write_text(text, encoding="utf-8")
    campaign, output = shirt_of(root, width, 120, "## Tubig {#front}\n\nPakuluan.")
    result = make(campaign, output, tmp_path / "shirt.pdf")
    assert not isinstance(result, list), result
    with pypdfium2.PdfDocument(tmp_path / "shirt.pdf") as pdf:
        (sheet,) = pdf
        left, bottom, right, top = sheet.get_mediabox()
        trim, signs = sheet.get_trimbox(), signs_on(sheet)
        assert "2026-11-25" in sheet.get_textpage().get_text_range()
    assert all(left <= box[0] and box[2] <= right and bottom <= box[1] and box[3] <= top for box in signs)
    slug = [box for box in signs if box[3] < trim[1]]
    assert len(slug) > 10
    # The registration mark of a wide sheet is in its middle.
    assert max(box[2] for box in slug) < ((trim[0] + trim[2]) / 2 - 2.4 * MM if width >= 150 else trim[2])


@pytest.mark.parametrize("option", ["", "options: {art: boil-the-water}\n"])
@pytest.mark.parametrize(("width", "height"), [(90, 120), (280, 120), (280, 350), (100, 400), (700, 875)])
def test_words_of_a_shirt_of_any_size_are_on_the_cloth(root, tmp_path, width, height, option):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 60"><path fill="#082a33" d="M0 0h90v60z"/></svg>'
    (root / "assets/posters/boil-the-water/shirt.svg").write_text(drawing, encoding="utf-8")
    campaign, output = shirt_of(root, width, height, "## Ligtas ba? {#front}\n\nPakuluan muna.", option)
    result = make(campaign, output, tmp_path / "shirt.pdf")
    assert not isinstance(result, list), result
    with pypdfium2.PdfDocument(tmp_path / "shirt.pdf") as pdf:
        (sheet,) = pdf
        left, bottom, right, top = sheet.get_trimbox()
        words = [box for box in signs_on(sheet) if box[3] > bottom]
    assert len(words) >= 20
    assert all(left <= box[0] and box[2] <= right and bottom <= box[1] and box[3] <= top for box in words)


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("## Tubig {#front}\n\n" + "Pakuluan muna ang tubig bago inumin. " * 12, "panel-long"),
        ("## " + "Pakuluan muna ang tubig bago inumin. " * 12 + "{#front}", "panel-long"),
        ("## Pinakanakapagpapabagabag-damdamin\u2060ngunitligtasnatubig {#front}", "word-wide"),
    ],
)
def test_words_that_no_shirt_has_room_for_are_refused(root, tmp_path, words, rule):
    campaign, output = shirt_of(root, 90, 120, words)
    result = make(campaign, output, tmp_path / "shirt.pdf")
    assert isinstance(result, list)
    assert {problem.id for problem in result} == {rule}
    assert all(problem.where.startswith("docs/fil/shirts/water.md") for problem in result)


def test_design_of_releases_is_refused_on_another_page(root):
    write(root, "formats: {notice: {kind: notice, design: release, width: 210, height: 297, free: yes}}", "notice")
    printed_as(root, "a3, notice")
    refused = [item for item in load(root)[1] if item.message == "The format `notice` is only for press releases."]
    assert {item.where.rpartition(":")[0] for item in refused} == {
        f"docs/{path.relative_to(root / 'docs').as_posix()}" for path in root.glob("docs/*/posters/boil-the-water.md")
    }
