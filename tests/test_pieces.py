"""Cards, handouts, slides, certificates, shirts, booklets: pieces that tiny does not print, made from a few pages."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy
import pikepdf
import pypdfium2
import pypdfium2.raw as raw
import pytest
import zxingcpp
from conftest import HERE, copy_campaign, run
from pikepdf import Name
from PIL import Image, ImageFilter
from test_prints import MM, boxes, size, tool

from campaign import printing
from campaign.content import load
from campaign.content.formats import shipped_formats
from campaign.content.languages import as_built
from campaign.document.reader import read_document
from campaign.models.outputs import Artifact
from campaign.pipeline.image_jobs import is_page_of
from campaign.pipeline.keys import ContactHashes, contacts_used
from campaign.pipeline.makers import key_of
from campaign.plan.outputs import catalogue
from campaign.printing.art import hash_drawing
from campaign.printing.blocks import BlockReader, cell_use
from campaign.printing.fonts import families
from campaign.printing.imposition import creep, impose, order
from campaign.printing.line_breaking import keep_last_words, set_text

CALL = "{{ call }}"
PAGES = {
    "cards/small.md": ("card", f"## Tubig {{#front}}\n\nTawag.\n\n{CALL}\n\n## Sabihin muna {{#back}}\n\nNasaan ka."),
    "lessons/one/sheet.md": (
        "handout",
        "## Tingnan {#look}\n\n| Palatandaan sa inyong bahay | Nakita |\n| --- | --- |\n"
        + "| Maulap ang tubig sa loob ng tapayan. | |\n" * 40
        + f"\n## Tumawag {{#phone}}\n\n{CALL}",
    ),
    "lessons/one/talk.md": (
        "slides",
        "## Una {#one}\n\nIsa.\n\n> Sabihin ito.\n\n## Ikalawa {#two}\n\n- **25** tao\n- **7** bahay",
    ),
    "lessons/one/paper.md": (
        "certificate",
        "## Katibayan {#title}\n\n## Tubig {#text}\n\n| Pangalan | Petsa |\n| --- | --- |\n| | |\n\n"
        "## Lagda {#sign}\n\n| Guro |\n| --- |\n| |",
    ),
    "lists/who.md": ("directory", "## Sino {#who}\n\n{{ directory }}"),
    "shirts/drops.md": ("t-shirt", "## Pakuluan muna. {#front}\n\nTubig."),
    "lessons/one/book.md": (
        "booklet",
        "\n\n".join(f"## Bahagi {n} {{#part-{n}}}\n\n{'Tubig. ' * 160}" for n in range(6)),
    ),
    "leaflets/fold.md": (
        "a5-fold",
        "## Tubig {#cover}\n\nUna.\n\n## Kaliwa {#left}\n\nA.\n\n## Kanan {#right}\n\nB.\n\n## Tawag {#back}\n\nC.",
    ),
    "leaflets/one-sheet.md": ("flyer", "## Tubig {#cover}\n\nUna.\n\n## Tawag {#back}\n\nC."),
    "posters/hang.md": (
        "a4, a2, tear-off",
        f"## Pakuluan {{#title}}\n\n## Bago inumin {{#text}}\n\n## Tawag {{#call}}\n\n{CALL}",
    ),
}

# So many rows that the signatures, or one row, would be the only content of the next page.
ROWS = (24, 28)
ROW = "| Bahay {} | Malinaw |\n"
PAGES |= {
    f"lessons/{rows}/pact.md": (
        "handout",
        f"## Tubig {{#water}}\n\n| Bahay | Tubig |\n| --- | --- |\n{''.join(map(ROW.format, range(10, 10 + rows)))}\n"
        "## Wakas {#end}\n\nHanggang dito.\n\n"
        "## Lagda {#sign}\n\n| Pangalan | Petsa |\n| --- | --- |\n" + "| | |\n" * 5,
    )
    for rows in ROWS
}


def page(formats: str, body: str, more: str = "") -> str:
    front = f'title: "Papel: isa"\ndescription: Isa.\nfor: [public]\nformats: [{formats}]\nalt: Larawan.\n{more}'
    link = ", link: boil.md" if "link" in shipped_formats()[formats.split(",")[0]].options else ""
    return f"---\n{front}options: {{art: boil-the-water{link}}}\n---\n\n{body}\n"


@pytest.fixture(scope="session")
def pieces(tmp_path_factory) -> Path:
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path_factory.mktemp("pieces") / "campaign")
    for name, (formats, body) in PAGES.items():
        path = root / "docs/fil" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(formats, body), encoding="utf-8")
    run(root, "prints", "--language", "fil", "--place", "national", "--place", "coast")
    return root


def made(root: Path, name: str, flavour: str = "office") -> Path:
    return root / f"dist/{'coast' if '-coast-' in name else 'national'}/fil/{flavour}/{name}"


def text(path: Path) -> str:
    return " ".join(tool("pdftotext", "-layout", path, "-").split())


@pytest.mark.long
def test_ten_cards_stand_on_a_sheet_and_backs_fall_on_fronts(pieces):
    path = made(pieces, "small-fil-coast-card.pdf")
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 2
    assert size(boxes(path)["MediaBox"]) == pytest.approx((210, 297), abs=0.05)
    result = tool("pdftotext", "-bbox", path, "-")
    sides = [set(re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>Tubig<', result))]
    sides.append(set(re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>Sabihin<', result)))
    steps = [{(round(float(x) / MM / 85 - 0.4), round(float(y) / MM / 55 - 0.4)) for x, y in side} for side in sides]
    # The grid is the same from both sides, and symmetric: turned over, each card covers a card.
    assert len(sides[0]) == len(sides[1]) == 10
    assert steps[0] == steps[1]


def tags(path: Path) -> list[tuple[str, str, bool]]:
    """(name, its alternative text, whether it has contents) of each tag, in reading order."""

    def below(node: pikepdf.Object):
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield str(kid.S)[1:], str(kid.get("/Alt", "")), "/K" in kid and kid.K != []
                yield from below(kid)

    with pikepdf.open(path) as pdf:
        return [*below(pdf.Root.StructTreeRoot)]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("card", "small-fil-coast-card"), ("tear-off", "hang-fil-coast-tear-off"), ("flyer", "one-sheet-fil-coast-flyer")],
)
def test_who_listens_hears_once_what_stands_on_a_sheet_many_times(pieces, kind, name):
    result = tags(made(pieces, f"{name}.pdf"))
    assert sum(said == "Pareho ulit, para gupitin." for _, said, _ in result) == (1 if kind == "tear-off" else 2)
    assert sum(name == "H1" for name, _, _ in result) == 1


def test_nothing_empty_is_read_out(pieces):
    """Neither the label of a list whose items have signs, nor the cells of a form: those are no table then."""
    handout = tags(made(pieces, "one-sheet-fil-handout.pdf"))
    assert "Table" not in {name for name, _, _ in handout}
    for path in sorted(pieces.glob("dist/*/fil/office/*.pdf")):
        if "sheets" not in path.stem:
            empty = {name for name, _, is_full in tags(path) if not is_full}
            assert not empty & {"Lbl", "LBody", "P", "H1", "H2", "H3", "H4"}, path.name


def test_single_card_for_the_print_shop_has_bleed_and_two_sides(pieces):
    path = made(pieces, "small-fil-coast-card-print-shop.pdf", "print-shop")
    box = boxes(path)
    assert size(box["TrimBox"]) == pytest.approx((85, 55), abs=0.05)
    assert size(box["BleedBox"]) == pytest.approx((91, 61), abs=0.05)
    assert "Pages:           2" in tool("pdfinfo", path)


def test_handout_runs_over_pages_that_are_counted_and_repeats_the_head_of_its_table(pieces):
    path = made(pieces, "one-sheet-fil-handout.pdf")
    pages = int(re.search(r"Pages:\s+(\d+)", tool("pdfinfo", path)).group(1))
    words = text(path)
    assert pages >= 2
    assert all(f"Pahina {n} ng {pages}" in words for n in range(1, pages + 1))
    assert words.count("Nakita") >= 2
    assert "112" in words or re.search(r"\d{3}", words)


@pytest.mark.parametrize("rows", ROWS)
def test_no_row_of_a_table_and_no_signature_stands_alone_on_a_page(pieces, rows):
    path = made(pieces, f"{rows}-pact-fil-handout.pdf")
    pages = tool("pdftotext", "-layout", path, "-").split("\f")
    assert all(len(re.findall(r"Bahay \d", page)) != 1 for page in pages)
    assert sum(len(re.findall(r"Bahay \d", page)) for page in pages) == rows
    assert all("Hanggang dito" in page for page in pages if "Lagda" in page)


def test_directory_has_every_place_and_a_box_where_no_number_of_it_is_checked(pieces):
    words = text(made(pieces, "who-fil-directory.pdf"))
    assert all(place in words for place in ("Ilog", "Burol", "Dalampasigan"))
    assert {"07700 900112", "07700 900143", "+44 20 7946 0018"} <= set(re.findall(r"[+\d][\d ]+\d", words))
    assert words.count("itatak o isulat dito") == 2


def test_slides_keep_what_the_presenter_says_in_a_file_of_its_own(pieces):
    slides, notes = (made(pieces, f"one-talk-fil-slides{end}.pdf") for end in ("", "-notes"))
    assert size(boxes(slides)["MediaBox"]) == pytest.approx((320, 180), abs=0.05)
    assert "Sabihin ito" not in text(slides)
    assert "Sabihin ito" in text(notes)
    # Figures that a list begins with are far larger than its words.
    said = tool("pdftotext", "-bbox", slides, "-")
    figure, words = (
        max(
            float(bottom) - float(top)
            for top, bottom in re.findall(rf'yMin="([\d.]+)"[^>]*yMax="([\d.]+)">{word}<', said)
        )
        for word in ("25", "tao")
    )
    assert figure > 1.5 * words
    # A presenter who listens hears the title, what to say, and what the slide says.
    assert [name for name, _, _ in tags(notes) if name.startswith("H")] == ["H1", "H2", "H2"]


def test_shirt_is_two_spot_colours_and_a_clear_picture(pieces):
    path = made(pieces, "drops-fil-t-shirt-print-shop.pdf", "print-shop")
    assert size(boxes(path)["TrimBox"]) == pytest.approx((280, 350), abs=0.05)
    with pikepdf.open(path) as pdf:
        spaces = pdf.pages[0].Resources.ColorSpace
        names = {str(space[1]) for space in spaces.values() if str(space[0]) == "/Separation"}
    assert names - {"/All"} == {"/Night", "/Marigold"}
    picture = made(pieces, "drops-fil-t-shirt-picture-print-shop.png", "print-shop")
    with Image.open(picture) as image:
        assert image.mode == "RGBA"
        assert image.size == pytest.approx((280 / 25.4 * 300, 350 / 25.4 * 300), abs=1.5)
        assert image.getchannel("A").getextrema() == (0, 255)


def test_booklet_lies_on_sheets_in_the_order_of_folding(pieces):
    assert order(8) == [(8, 1), (2, 7), (6, 3), (4, 5)]
    assert [creep(sheet, 3) for sheet in range(3)] == [0.0, 0.1, 0.2]
    book, sheets = (made(pieces, f"one-book-fil-booklet{end}.pdf") for end in ("", "-sheets"))
    press = made(pieces, "one-book-fil-booklet-print-shop.pdf", "print-shop")
    with pikepdf.open(book) as reading, pikepdf.open(sheets) as laid, pikepdf.open(press) as single:
        assert "/MarkInfo" in reading.Root
        assert "/MarkInfo" not in laid.Root
        assert laid.Root.ViewerPreferences.Duplex == Name.DuplexFlipShortEdge
        assert laid.Root.ViewerPreferences.PrintScaling == Name("/None")
        assert not {"/Duplex", "/PrintScaling"} & {*reading.Root.get("/ViewerPreferences", {}).keys()}
        assert len(single.pages) == len(laid.pages) * 2
        assert len(single.pages) % 4 == 0
    assert size(boxes(sheets)["MediaBox"]) == pytest.approx((296, 210), abs=0.05)
    # The second side bears page 2 on its left.
    second = tool("pdftotext", "-f", "2", "-l", "2", "-x", "0", "-y", "0", "-W", "420", "-H", "600", sheets, "-")
    assert "Bahagi 0" in second


def sides(rtl: bool) -> list[list[tuple[str, float]]]:
    """For each side of 12 pages, from left to right: (page, millimetres to the right of its position without creep).

    Each page says its number as the width of a line.
    """
    with pikepdf.new() as book, BytesIO() as file:
        for number in range(1, 13):
            book.add_blank_page(page_size=(100, 200))
            book.pages[-1].contents_add(f"{number} w".encode())
        book.save(file)
        sheets = impose(file.getvalue(), rtl)
    results = []
    with pikepdf.open(BytesIO(sheets)) as laid:
        for page in laid.pages:
            placed = re.findall(r"1 0 0 1 (\S+) 0 cm (/P\d)", page.Contents.read_bytes().decode())
            drawn = [(page.Resources.XObject[name].read_bytes().decode().split()[0], float(x)) for x, name in placed]
            results.append([(number, round((x - 100 * index) / MM, 2)) for index, (number, x) in enumerate(drawn)])
    return results


def test_pages_of_inner_sheets_of_a_booklet_move_towards_its_fold():
    moved = [[x for _, x in side] for side in sides(rtl=False)]
    assert moved == [[0, 0], [0, 0], [0.1, -0.1], [0.1, -0.1], [0.2, -0.2], [0.2, -0.2]]


def test_booklet_that_is_read_from_right_to_left_has_its_spine_on_the_other_side():
    left_to_right, right_to_left = ([[page for page, _ in side] for side in sides(rtl)] for rtl in (False, True))
    assert left_to_right[:2] == [["12", "1"], ["2", "11"]]
    assert right_to_left == [side[::-1] for side in left_to_right]


def test_arabic_booklet_begins_on_the_left_half_of_its_first_sheet(pieces, tmp_path):
    root = copy_campaign(pieces, tmp_path / "campaign")
    path = root / "docs/ar/lessons/one/book.md"
    path.parent.mkdir(parents=True)
    more = "translation: {source: '', by: machine, reviewed: no}\n"
    path.write_text(page("booklet", "## Bahagi 1 {#part-1}\n\nماء.", more), encoding="utf-8")
    campaign, _ = load(root)
    sheets = {o.language: o for o in catalogue(campaign) if o.kind == "booklet" and o.part == "sheets" and not o.place}
    first = {}
    for code, output in sheets.items():
        assert isinstance(printing.make(campaign, output, tmp_path / "sheets.pdf"), Artifact)
        halves = ("-x", "0"), ("-x", "420")
        read = (*("-f", "1", "-l", "1", "-y", "0", "-W", "420", "-H", "600"), tmp_path / "sheets.pdf", "-")
        first[code] = ["Isa" in tool("pdftotext", *half, *read) for half in halves]
    assert first == {"fil": [False, True], "ar": [True, False]}


def test_other_folds_and_sizes(pieces):
    assert size(boxes(made(pieces, "fold-fil-a5-fold.pdf"))["MediaBox"]) == pytest.approx((297, 210), abs=0.05)
    # Two flyers lie side by side on office paper.
    assert size(boxes(made(pieces, "one-sheet-fil-flyer.pdf"))["MediaBox"]) == pytest.approx((297, 210), abs=0.05)
    a2 = made(pieces, "hang-fil-a2-print-shop.pdf", "print-shop")
    assert size(boxes(a2)["TrimBox"]) == pytest.approx((420, 594), abs=0.05)
    assert not made(pieces, "hang-fil-a2.pdf").exists()
    assert made(pieces, "hang-fil-coast-tear-off.pdf").is_file()
    assert made(pieces, "one-paper-fil-certificate.pdf").is_file()


def test_same_piece_has_no_places_where_its_page_says_so(tiny):
    root = copy_campaign(tiny, tiny.parent / "no-places")
    path = root / "docs/fil/leaflets/boil-the-water.md"
    path.write_text(path.read_text(encoding="utf-8").replace("{art:", "{places: no, art:"), encoding="utf-8")
    places = {o.place for o in catalogue(load(root)[0]) if (o.kind, o.language) == ("leaflet", "fil")}
    assert places == {None}


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("| One sentence about a sign | Seen |\n| --- | --- |\n| They do not know where they go. | |", "wt"),
        ("| What | Write here |\n| --- | --- |\n| Begins on | |", "ww"),
        ("| Task | Who | By when |\n| --- | --- | --- |\n| Interpreter | | |\n| Health | | |", "www"),
        ("| A | B |\n| --- | --- |\n| | |", "ww"),
    ],
)
def test_empty_cells_are_for_ticks_beside_sentences_and_for_words_elsewhere(table, columns):
    (block,) = BlockReader("ltr").read(read_document(table).blocks)
    assert "".join("t" if share == 0 else "w" for share in block["columns"]) == columns


def test_empty_cells_are_what_their_heads_or_they_themselves_say():
    table = "| Risk | How likely {.number} | Said | Ask |\n|-|-|-|-|\n| A long question that somebody asks? | | | |\n"
    table += "| Another one | | | {.tick} |\n"
    (block,) = BlockReader("ltr").read(read_document(table).blocks)
    assert block["c"][0][1] == ["How likely"]
    assert [[cell_use(cell) for cell in row] for row in block["c"][1:]] == [
        ["", "number", "", ""],
        ["", "number", "", "tick"],
    ]
    assert block["columns"][1] == 0
    assert [fault.rule for fault in read_document("| A {.box} |\n|-|\n| |\n").faults] == ["class-unknown"]


@pytest.mark.parametrize(
    ("text", "direction", "printed"),
    [
        ("See [the guide](https://www.who.int/a/b/).", "ltr", "See the guide (who.int/a/b)."),
        ("See [who.int/a](https://who.int/a).", "ltr", "See who.int/a."),
        ("Call [112](tel:112).", "ltr", "Call 112."),
        ("See [signs](../signs.md#one), [signs](../signs.md#two).", "ltr", "See signs (a.org/en/signs.html), signs."),
        ("انظر [الدليل](https://who.int/a).", "rtl", "انظر الدليل (\u2066who.int/a\u2069)."),
    ],
)
def test_link_on_paper_is_followed_by_its_address_where_nobody_can_press_it(text, direction, printed):

    def text_for(tells: bool) -> str:
        folder = "https://a.org/en/law/" if tells else ""
        (block,) = BlockReader(direction, folder=folder).read(read_document(text).blocks)
        flat = "".join(item if isinstance(item, str) else "".join(item["c"]) for item in block["c"])
        return re.sub("[\u2060\u200b]", "", flat).replace("\u00a0", " ")

    assert text_for(True) == printed
    assert (text_for(False) == printed) == ("(" not in printed)


def photocopied(image: Image.Image, times: int = 3) -> Image.Image:
    """What a bad copier makes of a page, several times over: 1 bit, 3 % smaller, blurred."""
    for _ in range(times):
        image = image.convert("L").point(lambda value: 255 if value > 140 else 0)
        image = image.resize((round(image.width * 0.97), round(image.height * 0.97)), Image.Resampling.BILINEAR)
        image = image.filter(ImageFilter.GaussianBlur(0.8))
    return image.point(lambda value: 255 if value > 140 else 0)


# Copied pieces: the masters, and pieces of the office printer, in three scripts.
COPIED_PIECES = {
    "leaflet": ("tiny", "coast/fil/photocopy/boil-the-water-fil-coast-tri-fold-photocopy.pdf", "fil/boil.html"),
    "poster": ("pieces", "national/fil/photocopy/hang-fil-a4-photocopy.pdf", "fil/boil.html"),
    "flyer": ("pieces", "coast/fil/photocopy/one-sheet-fil-coast-flyer-photocopy.pdf", "fil/boil.html"),
    "office leaflet": ("tiny", "coast/fil/office/boil-the-water-fil-coast-tri-fold.pdf", "fil/boil.html"),
    "Arabic leaflet": ("tiny", "coast/ar/photocopy/boil-the-water-ar-coast-tri-fold-photocopy.pdf", "ar/boil.html"),
    "Khmer leaflet": ("tiny", "coast/km/office/boil-the-water-km-coast-tri-fold.pdf", "km/boil.html"),
}


@pytest.mark.long
@pytest.mark.parametrize("kind", COPIED_PIECES)
def test_third_copy_of_a_copy_can_be_read(kind, request):
    fixture, name, code = COPIED_PIECES[kind]
    path = request.getfixturevalue(fixture) / "dist" / name
    page = 2 if kind == "flyer" else 1
    image = drawn(path, 200, page)
    copied = photocopied(image)
    if "photocopy" in name:
        # No colour and no tint: only edges of letters are neither black nor white.
        levels, pixels = numpy.asarray(image.convert("L")), numpy.asarray(image.convert("RGB")).astype(int)
        assert (pixels.max(axis=2) - pixels.min(axis=2)).max() <= 2
        assert ((levels > 40) & (levels < 215)).mean() < 0.04
    codes = {code.text for code in zxingcpp.read_barcodes(copied)}
    assert codes == {f"https://water.example/{code}"}
    assert digits_survive(path, copied, 200 * 0.97**3, page)


@pytest.mark.long
def test_codes_of_cards_are_read_in_the_third_copy(pieces):
    copied = photocopied(drawn(pieces / "dist/coast/fil/office/small-fil-coast-card.pdf", 300, 2))
    codes = [code.text for code in zxingcpp.read_barcodes(copied)]
    assert len(codes) >= 9
    assert len({*codes}) == 1


def test_code_on_a_master_is_25_mm_wide_and_of_the_highest_level(tiny):
    path = tiny / "dist" / COPIED_PIECES["leaflet"][1]
    (code,) = zxingcpp.read_barcodes(drawn(path, 200, 1))
    corners = code.position
    width = (corners.top_right.x - corners.top_left.x) / 200 * 25.4
    assert code.ec_level == "H"
    assert width == pytest.approx(25, abs=0.4)


def digits_survive(path: Path, copied: Image.Image, dpi: float, page: int) -> bool:
    """Whether the largest number keeps its strokes and gaps."""
    words = re.findall(
        r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(\d[\d -]*)<',
        tool("pdftotext", "-bbox", "-f", str(page), "-l", str(page), path, "-"),
    )
    x0, y0, x1, y1 = max(
        ((float(a), float(b), float(c), float(d)) for a, b, c, d, _ in words), key=lambda box: box[3] - box[1]
    )
    scale = dpi / 72
    before = drawn(path, 200, page).crop(tuple(int(edge * 200 / 72) for edge in (x0, y0, x1, y1)))
    after = copied.crop(tuple(int(edge * scale) for edge in (x0, y0, x1, y1))).resize(before.size)
    a, b = (numpy.asarray(picture.convert("L")) < 128 for picture in (before, after))
    return bool((a & b).sum() / max(1, (a | b).sum()) > 0.75)


def drawn(path: Path, dpi: int, page: int) -> Image.Image:
    command = ["pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), "-png", str(path)]
    return Image.open(BytesIO(subprocess.run(command, capture_output=True, check=True).stdout))


@pytest.mark.parametrize(
    ("text", "tied"),
    [
        ("Go home now.", "Go home~now."),
        ("Ask three people you trust.", "Ask three people you~trust."),
        ("Somebody says: responsibilities.", "Somebody says: responsibilities."),
        ("I am at (the harbour …)", "I am at (the harbour~…)"),
        ("Is it so ? Ask.", "Is it so~?~Ask."),
        ("Call 77 12 34 today", "Call 77~12~34~today"),
        ("In Timor-Leste: a self-contained town.", "In Timor-^Leste: a self-contained town."),
        ("Prison: 8 a 20 anos e 3 meses.", "Prison: 8~a~20 anos e 3~meses."),
        ("不要印出来分发。", "不要印出来^分^发^。"),
    ],
)
def test_no_line_ends_in_a_runt_a_lone_mark_or_half_a_number(text, tied):
    assert keep_last_words(set_text(text, "ltr")).replace("\u00a0", "~").replace("\u2060", "^") == tied


@pytest.mark.parametrize("name", ["hang-fil-a2-print-shop.pdf", "one-sheet-fil-flyer-print-shop.pdf"])
def test_art_reaches_past_the_trim(pieces, name):
    """Between the trim and the bleed of an edge that art touches there is ink, not paper."""
    path = made(pieces, name, "print-shop")
    box, image = boxes(path), drawn(path, 100, 1)
    scale = 100 / 25.4
    left, top = box["TrimBox"][0] * scale, (box["MediaBox"][3] - box["TrimBox"][3]) * scale
    strip = image.crop((int(left + 20), int(top - 2.5 * scale), int(left + 200), int(top - 0.5 * scale))).convert("L")
    assert strip.getextrema()[1] < 250


OFFICE = [
    "small-fil-coast-card.pdf",
    "one-sheet-fil-coast-flyer.pdf",
    "fold-fil-coast-a5-fold.pdf",
    "hang-fil-coast-tear-off.pdf",
    "one-sheet-fil-handout.pdf",
    "one-book-fil-booklet-sheets.pdf",
    "one-paper-fil-certificate.pdf",
    "hang-fil-a4.pdf",
]


@pytest.mark.parametrize("name", OFFICE)
def test_office_printer_clips_nothing(pieces, name):
    """No office printer prints closer to the edge than 5 mm; ticks for folding and cutting are in the margin."""
    path = made(pieces, name)
    with pikepdf.open(path) as pdf:
        count = len(pdf.pages)
    for number in range(1, count + 1):
        page = drawn(path, 100, number).convert("L")
        clipped = int(4.9 / 25.4 * 100)
        kept = page.crop((clipped, clipped, page.width - clipped, page.height - clipped))
        page.paste(255, (clipped, clipped, page.width - clipped, page.height - clipped))
        assert page.getextrema()[0] > 250, f"page {number}"
        assert kept.getextrema()[0] < 50


def test_no_font_comes_from_the_system(pieces, tiny):
    """Only families that the package ships, or whose wheels are installed."""
    known = {name.replace(" ", "") for name in families(())}
    files = [*(pieces / "dist").rglob("*.pdf"), *(tiny / "dist").rglob("*-coast-*.pdf")]
    listed = "".join(tool("pdffonts", path) for path in files[::4])
    used = {name.split("-")[0] for name in re.findall(r"^[A-Z]{6}\+(\S+)", listed, re.MULTILINE)}
    assert used
    assert used <= known, used - known


QUEUE = "print-queue/print-queue-fil-national-a4-{}.pdf"


def test_print_queue_keeps_tags_language_and_bookmarks(pieces):
    queue = pieces / "dist/national/fil" / QUEUE.format("long-edge")
    singles = [made(pieces, f"{name}-fil-handout.pdf") for name in ("one-sheet", "24-pact", "28-pact")]
    singles += [made(pieces, "small-fil-card.pdf"), made(pieces, "who-fil-directory.pdf")]
    with pikepdf.open(queue) as pdf:
        root = pdf.Root
        (whole,) = [root.StructTreeRoot.K]
        assert (whole.S, {str(part.Lang) for part in whole.K}) == (Name.Document, {"fil"})
        assert (root.Lang, root.ViewerPreferences.Duplex) == ("fil", Name.DuplexFlipLongEdge)
        assert root.ViewerPreferences.PrintScaling == Name("/None")
        with pdf.open_outline() as outline:
            marks = {mark.title: mark.destination[0] for mark in outline.root}
            numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        # Each piece begins in front, and each mark on a page leads back to the tags of that page.
        assert len(marks) == len(singles)
        assert all(numbers[place.objgen] % 2 == 0 for place in marks.values())
        tree = pikepdf.NumberTree(root.StructTreeRoot.ParentTree)
        for page in pdf.pages:
            result = tree[int(page.obj.StructParents)] if Name.StructParents in page.obj else []
            assert {tag.Pg.objgen for tag in result if Name.Pg in tag} <= {page.obj.objgen}
        named = [
            str(tag.ID)
            for tag in pdf.objects
            if isinstance(tag, pikepdf.Dictionary) and Name.ID in tag and Name.S in tag
        ]
        assert len(named) == len({*named})
    heard = [said for path in singles for name, said, _ in tags(path) if name == "H1"]
    assert sorted(said for name, said, _ in tags(queue) if name == "H1") == sorted(heard)
    assert sorted(text(queue).split()) == sorted(word for path in singles for word in text(path).split())


def test_print_queue_from_before_lies_apart_once_a_piece_of_it_is_new(pieces, tmp_path):
    root = copy_campaign(pieces, tmp_path / "again")
    shutil.copytree(pieces / "dist", root / "dist", dirs_exist_ok=True)
    file = root / "docs/fil/leaflets/fold.md"
    file.write_text(file.read_text(encoding="utf-8").replace("## ", "## Bago: ", 1), encoding="utf-8")
    output = run(root, "leaflets", "--language", "fil", "--place", "national")
    short = f"national/fil/{QUEUE.format('short-edge')}"
    assert "dist/outdated/" in output
    assert not (root / "dist" / short).exists()
    assert (root / "dist/outdated" / short).is_file()
    assert (root / "dist/national/fil" / QUEUE.format("long-edge")).is_file()


class Refused(dict):
    """The words of another language: which there are, and those that name kinds of contacts.

    By `call` and `phone` numbers are found that a page names a source for, which keys of pieces include anyway.
    """

    def __getitem__(self, key):
        return self.get(key)

    def get(self, key, default=None):
        assert key.startswith("kind-") or key in ("call", "phone"), key
        return super().get(key, default)

    def values(self):
        raise AssertionError

    items = values


@pytest.mark.parametrize("name", ["tiny", "full"])
def test_piece_is_made_of_the_words_of_its_own_language(name):
    """Builds look again at the pieces of the language whose words changed, and at no others."""
    campaign = as_built(load(HERE / "campaigns" / name)[0])
    for code, own in campaign.languages.items():
        others = {
            language.code: replace(language, strings=Refused(language.strings))
            for language in campaign.languages.values()
        }
        alone = replace(campaign, languages={**others, code: own})
        outputs = [
            output
            for output in catalogue(campaign)
            if output.language == code and (output.is_piece or output.is_drawn_from)
        ]
        assert outputs
        assert [key_of(alone, output) for output in outputs] == [key_of(campaign, output) for output in outputs]


def test_key_of_a_card_depends_on_the_number_of_its_place_and_not_on_whose_it_is():
    campaign = as_built(load(HERE / "campaigns/full")[0])
    place = next(
        place.code for place in campaign.places.values() if any(contact.is_printed for contact in place.contacts)
    )
    formats = {"card", "tri-fold"}
    pieces = [
        replace(output, place=place) for output in catalogue(campaign) if output.format in formats and output.is_piece
    ]
    places = {
        code: replace(
            place, contacts=tuple(replace(contact, name="Another name", names={}) for contact in place.contacts)
        )
        for code, place in campaign.places.items()
    }
    other = replace(campaign, places=places)
    stale = [piece for piece in pieces if key_of(campaign, piece) != key_of(other, piece)]
    assert {piece.format for piece in pieces} == formats
    assert {item.format for item in stale} == {"tri-fold"}


@pytest.mark.parametrize("name", ["tiny", "full"])
def test_piece_is_made_of_the_contacts_of_its_own_place_unless_its_page_needs_others(name):
    """Builds look again at the pieces of the place whose contacts changed, and at those that name this dependency."""
    campaign = as_built(load(HERE / "campaigns" / name)[0])
    outputs = [output for output in catalogue(campaign) if output.is_piece or output.is_drawn_from]
    keys = {output: key_of(campaign, output) for output in outputs}
    stale = set()
    for code, place in campaign.places.items():
        changed = [replace(contact, name="Another", names={}, hours="8:00-9:00") for contact in place.contacts]
        own = {code: replace(place, contacts=(*changed, *_with_numbers(changed)))}
        other = replace(campaign, places=campaign.places | own)
        before, now = ContactHashes(campaign), ContactHashes(other)
        for item in (output for output in outputs if key_of(other, output) != keys[output]):
            pages = [page for page in campaign.pages.values() if is_page_of(page, item)]
            is_near = before.nearby(item.place or "") != now.nearby(item.place or "")
            assert is_near or any(before.every(used) != now.every(used) for used in contacts_used(pages)), item
            stale.add(item)
    assert any(item.place for item in stale)
    assert len(stale) < len(outputs)


def _with_numbers(contacts):
    """The same as other contacts, with the number of another one."""
    return [replace(contact, id=f"{contact.id}-more", numbers=contact.numbers[:1], does=()) for contact in contacts]


DRAWN = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}<rect {} width="5" height="5" fill="#aabbcc"/></svg>'
)


@pytest.mark.parametrize(
    ("notes", "attributes"),
    [
        ("<!-- saved -->", ""),
        ("<title>Water</title><desc id='desc1'>A well</desc>", ""),
        ("\n  <metadata><r:RDF xmlns:r='urn:rdf'>Ana</r:RDF></metadata>\n", ""),
        ("", "xmlns:e='urn:editor' e:zoom='2'"),
    ],
)
def test_hash_of_a_drawing_says_nothing_of_its_notes(tmp_path, notes, attributes):
    (tmp_path / "plain.svg").write_text(DRAWN.format("", ""), "utf-8")
    (tmp_path / "noted.svg").write_text(DRAWN.format(notes, attributes), "utf-8")
    (tmp_path / "other.svg").write_text(DRAWN.format(notes, "x='1' " + attributes), "utf-8")
    plain, noted, other = (hash_drawing(tmp_path / f"{name}.svg") for name in ("plain", "noted", "other"))
    assert noted == plain != other


def test_hash_of_a_drawing_tells_what_notes_hold_for_its_shapes(tmp_path):
    for name, colour in (("one", "red"), ("two", "blue")):
        style = f"<metadata><style>rect {{fill: {colour}}}</style></metadata>"
        (tmp_path / f"{name}.svg").write_text(DRAWN.format(style, ""), "utf-8")
    assert hash_drawing(tmp_path / "one.svg") != hash_drawing(tmp_path / "two.svg")


def test_hash_of_a_drawing_that_is_none_is_that_of_its_file(tmp_path):
    (tmp_path / "broken.svg").write_text("<svg", "utf-8")
    assert hash_drawing(tmp_path / "broken.svg") == sha256(b"<svg").hexdigest()
    assert hash_drawing(tmp_path / "gone.svg") == ""


@pytest.mark.parametrize("name", ["hang-fil-tear-off.pdf", "hang-fil-coast-tear-off.pdf"])
def test_number_on_a_strip_is_at_least_34_points(pieces, name):
    with pypdfium2.PdfDocument(made(pieces, name)) as pdf:
        read = pdf[0].get_textpage()
        sizes = {
            round(raw.FPDFText_GetFontSize(read, index))
            for index in range(read.count_chars())
            if chr(raw.FPDFText_GetUnicode(read, index)).isdigit() and raw.FPDFText_GetCharAngle(read, index) > 1
        }
    assert sizes
    assert min(sizes) >= 34
