"""Cards, handouts, slides, certificates, shirts, booklets: pieces that tiny does not print, made from a few pages."""

from __future__ import annotations

import re
import subprocess
from io import BytesIO
from pathlib import Path

import numpy
import pikepdf
import pytest
import zxingcpp
from conftest import HERE, copy_campaign, run
from PIL import Image, ImageFilter
from test_prints import MM, boxes, size, tool

from campaign.printing.imposition import creep, order
from campaign.printing.tree import Reader

CALL = "{{ call }}"
PAGES = {
    "cards/small.md": ("card", f"## Tubig {{#front}}\n\nTawag.\n\n{CALL}\n\n## Sabihin muna {{#back}}\n\nNasaan ka."),
    "lessons/one/sheet.md": (
        "handout",
        "## Tingnan {#look}\n\n| Palatandaan sa inyong bahay | Nakita |\n| --- | --- |\n"
        + "| Maulap ang tubig sa loob ng tapayan. | |\n" * 40
        + f"\n## Tumawag {{#phone}}\n\n{CALL}",
    ),
    "lessons/one/talk.md": ("slides", "## Una {#one}\n\nIsa.\n\n> Sabihin ito.\n\n## Ikalawa {#two}\n\n- Dalawa"),
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


def page(formats: str, body: str, more: str = "") -> str:
    front = f'title: "Papel: isa"\ndescription: Isa.\nfor: [public]\nformats: [{formats}]\nalt: Larawan.\n{more}'
    return f"---\n{front}options: {{art: boil-the-water, link: boil.md}}\n---\n\n{body}\n"


@pytest.fixture(scope="session")
def pieces(tmp_path_factory) -> Path:
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path_factory.mktemp("pieces") / "campaign")
    for name, (formats, body) in PAGES.items():
        path = root / "docs/fil" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(formats, body), encoding="utf-8")
    run(root, "prints", "--language", "fil", "--place", "national", "--place", "coast")
    return root


def made(root: Path, kind: str, name: str, flavour: str = "office") -> Path:
    return root / f"dist/{kind}s/{flavour}/fil/{name}"


def text(path: Path) -> str:
    return " ".join(tool("pdftotext", "-layout", path, "-").split())


def test_ten_cards_stand_on_a_sheet_and_backs_fall_on_fronts(pieces):
    path = made(pieces, "card", "small-fil-coast-card.pdf")
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 2
    assert size(boxes(path)["MediaBox"]) == pytest.approx((210, 297), abs=0.05)
    found = tool("pdftotext", "-bbox", path, "-")
    sides = [set(re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>Tubig<', found))]
    sides.append(set(re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>Sabihin<', found)))
    steps = [{(round(float(x) / MM / 85 - 0.4), round(float(y) / MM / 55 - 0.4)) for x, y in side} for side in sides]
    # The grid is the same from both sides, and symmetric: turned over, each card lies on a card.
    assert len(sides[0]) == len(sides[1]) == 10
    assert steps[0] == steps[1]


def test_single_card_for_the_print_shop_has_bleed_and_two_sides(pieces):
    path = made(pieces, "card", "small-fil-coast-card-print-shop.pdf", "print-shop")
    box = boxes(path)
    assert size(box["TrimBox"]) == pytest.approx((85, 55), abs=0.05)
    assert size(box["BleedBox"]) == pytest.approx((91, 61), abs=0.05)
    assert "Pages:           2" in tool("pdfinfo", path)


def test_handout_runs_over_pages_that_are_counted_and_repeats_the_head_of_its_table(pieces):
    path = made(pieces, "handout", "one-sheet-fil-handout.pdf")
    pages = int(re.search(r"Pages:\s+(\d+)", tool("pdfinfo", path)).group(1))
    words = text(path)
    assert pages >= 2
    assert all(f"Pahina {n} ng {pages}" in words for n in range(1, pages + 1))
    assert words.count("Nakita") >= 2
    assert "112" in words or re.search(r"\d{3}", words)


def test_directory_has_every_place_and_a_box_where_no_number_of_it_is_checked(pieces):
    words = text(made(pieces, "handout", "who-fil-directory.pdf"))
    assert all(place in words for place in ("Ilog", "Burol", "Dalampasigan"))
    assert {"07700 900112", "07700 900143", "+44 20 7946 0018"} <= set(re.findall(r"[+\d][\d ]+\d", words))
    assert words.count("itatak o isulat dito") == 2


def test_slides_keep_what_the_presenter_says_in_a_file_of_its_own(pieces):
    slides, notes = (made(pieces, "slide", f"one-talk-fil-slides{end}.pdf") for end in ("", "-notes"))
    assert size(boxes(slides)["MediaBox"]) == pytest.approx((320, 180), abs=0.05)
    assert "Sabihin ito" not in text(slides)
    assert "Sabihin ito" in text(notes)


def test_shirt_is_two_spot_colours_and_a_clear_picture(pieces):
    path = made(pieces, "shirt", "drops-fil-t-shirt-print-shop.pdf", "print-shop")
    assert size(boxes(path)["TrimBox"]) == pytest.approx((280, 350), abs=0.05)
    with pikepdf.open(path) as pdf:
        spaces = pdf.pages[0].Resources.ColorSpace
        names = {str(space[1]) for space in spaces.values() if str(space[0]) == "/Separation"}
    assert names - {"/All"} == {"/Night", "/Marigold"}
    picture = made(pieces, "shirt", "drops-fil-t-shirt-picture-print-shop.png", "print-shop")
    with Image.open(picture) as image:
        assert image.mode == "RGBA"
        assert image.size == pytest.approx((280 / 25.4 * 300, 350 / 25.4 * 300), abs=1.5)
        assert image.getchannel("A").getextrema() == (0, 255)


def test_booklet_lies_on_sheets_in_the_order_of_folding(pieces):
    assert order(8) == [(8, 1), (2, 7), (6, 3), (4, 5)]
    assert [creep(sheet, 3) for sheet in range(3)] == [0.0, 0.1, 0.2]
    book, sheets = (made(pieces, "booklet", f"one-book-fil-booklet{end}.pdf") for end in ("", "-sheets"))
    press = made(pieces, "booklet", "one-book-fil-booklet-print-shop.pdf", "print-shop")
    with pikepdf.open(book) as reading, pikepdf.open(sheets) as laid, pikepdf.open(press) as single:
        assert "/MarkInfo" in reading.Root
        assert "/MarkInfo" not in laid.Root
        assert len(single.pages) == len(laid.pages) * 2
        assert len(single.pages) % 4 == 0
    assert size(boxes(sheets)["MediaBox"]) == pytest.approx((296, 210), abs=0.05)
    # The second side bears page 2 on its left.
    second = tool("pdftotext", "-f", "2", "-l", "2", "-x", "0", "-y", "0", "-W", "420", "-H", "600", sheets, "-")
    assert "Bahagi 0" in second


def test_other_folds_and_sizes(pieces):
    assert size(boxes(made(pieces, "leaflet", "fold-fil-a5-fold.pdf"))["MediaBox"]) == pytest.approx(
        (297, 210), abs=0.05
    )
    # Two flyers lie side by side on office paper.
    assert size(boxes(made(pieces, "flyer", "one-sheet-fil-flyer.pdf"))["MediaBox"]) == pytest.approx(
        (297, 210), abs=0.05
    )
    a2 = made(pieces, "poster", "hang-fil-a2-print-shop.pdf", "print-shop")
    assert size(boxes(a2)["TrimBox"]) == pytest.approx((420, 594), abs=0.05)
    assert not made(pieces, "poster", "hang-fil-a2.pdf").exists()
    assert made(pieces, "tear-off", "hang-fil-coast-tear-off.pdf").is_file()
    assert made(pieces, "certificate", "one-paper-fil-certificate.pdf").is_file()


def test_same_piece_has_no_places_where_its_page_says_so(tiny):
    from campaign.catalogue import catalogue
    from campaign.content import load

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
    from campaign.content.markdown import to_html

    (block,) = Reader("ltr").read(to_html(table, {}))
    assert "".join("t" if share == 0 else "w" for share in block["columns"]) == columns


def photocopied(image: Image.Image, times: int = 3) -> Image.Image:
    """What a bad copier makes of a page, several times over: 1 bit, 3 % smaller, blurred."""
    for _ in range(times):
        image = image.convert("L").point(lambda value: 255 if value > 140 else 0)
        image = image.resize((round(image.width * 0.97), round(image.height * 0.97)), Image.Resampling.BILINEAR)
        image = image.filter(ImageFilter.GaussianBlur(0.8))
    return image.point(lambda value: 255 if value > 140 else 0)


MASTERS = {
    "leaflet": ("tiny", "leaflets/photocopy/fil/boil-the-water-fil-coast-tri-fold-photocopy.pdf"),
    "poster": ("pieces", "posters/photocopy/fil/hang-fil-a4-photocopy.pdf"),
}


@pytest.mark.parametrize("kind", MASTERS)
def test_master_for_photocopies_is_black_lines_and_its_third_copy_can_be_read(kind, request):
    fixture, name = MASTERS[kind]
    path = request.getfixturevalue(fixture) / "dist" / name
    image = first_page(path, 200)
    levels, pixels = numpy.asarray(image.convert("L")), numpy.asarray(image.convert("RGB")).astype(int)
    copied = photocopied(image)
    # No colour and no tint: only edges of letters are neither black nor white.
    assert (pixels.max(axis=2) - pixels.min(axis=2)).max() <= 2
    assert ((levels > 40) & (levels < 215)).mean() < 0.04
    codes = [code.text for code in zxingcpp.read_barcodes(copied)]
    assert codes == (["https://water.example/fil/boil.html"] if kind == "leaflet" else [])
    assert digits_survive(path, copied, dpi=200 * 0.97**3)


def digits_survive(path: Path, copied: Image.Image, dpi: float) -> bool:
    """Whether the largest number still shows its strokes and its gaps where it had them."""
    words = re.findall(
        r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(\d[\d -]*)<',
        tool("pdftotext", "-bbox", path, "-"),
    )
    x0, y0, x1, y1 = max(
        ((float(a), float(b), float(c), float(d)) for a, b, c, d, _ in words), key=lambda box: box[3] - box[1]
    )
    scale = dpi / 72
    before = first_page(path, 200).crop(tuple(int(edge * 200 / 72) for edge in (x0, y0, x1, y1)))
    after = copied.crop(tuple(int(edge * scale) for edge in (x0, y0, x1, y1))).resize(before.size)
    a, b = (numpy.asarray(picture.convert("L")) < 128 for picture in (before, after))
    return bool((a & b).sum() / max(1, (a | b).sum()) > 0.75)


def first_page(path: Path, dpi: int) -> Image.Image:
    command = ["pdftoppm", "-r", str(dpi), "-f", "1", "-l", "1", "-png", str(path)]
    return Image.open(BytesIO(subprocess.run(command, capture_output=True, check=True).stdout))
