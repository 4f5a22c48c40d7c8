"""Leaflets and posters as a printer gets them: opened with the tools that read PDFs."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import zxingcpp
from conftest import HERE, OFFICE
from PIL import Image

from campaign import printing
from campaign.content import load
from campaign.models.campaign import Campaign
from campaign.models.outputs import Artifact
from campaign.models.page import Translation
from campaign.plan.outputs import catalogue
from campaign.plan.print_queues import PRINT_QUEUE

MM = 72 / 25.4
LANGUAGES = ("en", "tet")


def tool(*arguments) -> str:
    return subprocess.run([str(argument) for argument in arguments], capture_output=True, text=True, check=True).stdout


def boxes(path: Path) -> dict[str, list[float]]:
    """Page 1's boxes in millimetres."""
    result = re.findall(r"Page\s+1 (\w+):\s+([-\d. ]+)", tool("pdfinfo", "-box", "-f", "1", "-l", "1", path))
    return {name: [float(number) / MM for number in numbers.split()] for name, numbers in result}


def size(box: list[float]) -> tuple[float, float]:
    return box[2] - box[0], box[3] - box[1]


def separation(file: Path, box: dict[str, list[float]], dpi: int) -> bytes:
    """One ink's pixels inside the bleed (marks outside it are in all inks, on purpose): 0 is full ink."""
    scale, height = dpi / 25.4, box["MediaBox"][3]
    left, bottom, right, top = box["BleedBox"]
    with Image.open(file) as picture:
        area = (left * scale + 1, (height - top) * scale + 1, right * scale - 1, (height - bottom) * scale - 1)
        return picture.crop(tuple(int(edge) for edge in area)).tobytes()


def leaflet(root: Path, language: str, flavour: str, place: str = "", name: str = "know-the-signs") -> Path:
    end = "" if flavour == "office" else "-print-shop"
    where = f"-{place}" if place else ""
    return root / f"dist/{place or 'national'}/{language}/{flavour}/{name}-{language}{where}-tri-fold{end}.pdf"


def ticks(path: Path, page: int) -> set[float]:
    """x of vertical hairlines outside the trim, in millimetres from its left edge: marks of folds and crops."""
    with pikepdf.open(path) as pdf:
        sheet = pdf.pages[page]
        left, bottom, _, top = [float(number) for number in sheet.TrimBox]
        result, stack, matrix, point = set(), [], pikepdf.Matrix(), None
        for operands, operator in pikepdf.parse_content_stream(sheet):
            name = str(operator)
            if name == "q":
                stack.append(matrix)
            elif name == "Q":
                matrix = stack.pop()
            elif name == "cm":
                matrix = pikepdf.Matrix(*operands) @ matrix
            elif name == "m":
                point = matrix.transform((float(operands[0]), float(operands[1])))
            elif name == "l" and point:
                end = matrix.transform((float(operands[0]), float(operands[1])))
                outside = max(point[1], end[1]) <= bottom + 0.1 or min(point[1], end[1]) >= top - 0.1
                if abs(point[0] - end[0]) < 0.01 and abs(point[1] - end[1]) > 1 and outside:
                    result.add(round((end[0] - left) / MM, 2))
                point = end
        return result


@pytest.fixture(scope="module")
def campaign(help_campaign) -> Campaign:
    return load(help_campaign)[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flavour", ["office", "print-shop"])
def test_leaflet_is_a4_two_sides_all_fonts_embedded_and_its_words_can_be_read(
    help_campaign, campaign, language, flavour
):
    path = leaflet(help_campaign, language, flavour, "viqueque")
    box = boxes(path)
    assert size(box["TrimBox"]) == pytest.approx((297, 210), abs=0.05)
    assert "Pages:           2" in tool("pdfinfo", path)
    fonts = tool("pdffonts", path).splitlines()[2:]
    assert fonts
    assert all(re.search(r"\s(yes)\s+(yes)\s+(yes)\s+\d+\s+\d+$", line) for line in fonts), fonts
    subprocess.run(["qpdf", "--check", str(path)], check=True, capture_output=True)
    words = " ".join(tool("pdftotext", path, "-").split())
    page = campaign.pages[language, "leaflets/know-the-signs.md"]
    for panel in page.panels:
        assert panel.title in words
    assert "112" in words
    if page.translation and not page.translation.is_reviewed:
        strings = campaign.languages[language].strings
        assert strings["machine-translation-short"] in words
        assert strings["draft"] in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_print_shop_gets_bleed_marks_and_ink_alone(help_campaign, language):
    path = leaflet(help_campaign, language, "print-shop")
    box = boxes(path)
    assert size(box["BleedBox"]) == pytest.approx((303, 216), abs=0.05)
    assert size(box["MediaBox"])[0] > 310
    assert {97.0, 197.0} <= ticks(path, 0)
    assert {100.0, 200.0} <= ticks(path, 1)
    with pikepdf.open(path) as pdf:
        assert pdf.Root.OutputIntents[0].OutputConditionIdentifier == "FOGRA39"
        assert "/Annots" not in pdf.pages[0]
        assert str(pdf.docinfo["/GTS_PDFXVersion"]) == "PDF/X-4"
        streams = b"".join(
            page.Contents.read_bytes()
            if not isinstance(page.Contents, pikepdf.Array)
            else b"".join(part.read_bytes() for part in page.Contents)
            for page in pdf.pages
        )
        assert not re.search(rb"\s(rg|RG)\s", streams)
    data = path.read_bytes()
    table = int(data.rpartition(b"startxref")[2].split()[0])
    assert data[table : table + 4] == b"xref"  # a packed table may end in a byte that JHOVE takes for a line's end


def test_office_leaflet_is_tagged_and_says_its_language(help_campaign):
    for language in LANGUAGES:
        path = leaflet(help_campaign, language, "office")
        with pikepdf.open(path) as pdf:
            assert str(pdf.Root.Lang).split("-")[0] == language
            assert pdf.Root.MarkInfo.Marked
            with pdf.open_metadata() as metadata:
                assert metadata["pdfuaid:part"] == "1"
                assert metadata["pdfaid:part"] == "2"


def test_no_heading_list_or_table_lies_in_a_paragraph(help_campaign, campaign):
    """Who listens to a piece would hear it as one paragraph. Every office design, in one language."""
    outputs = [
        output
        for output in catalogue(campaign)
        if (output.flavour, output.language, output.place, output.ending) == ("office", "en", None, "pdf")
        and output.kind != PRINT_QUEUE
    ]
    made = [output for output in outputs if (help_campaign / "dist" / output.path).is_file()]
    designs = {output.format + output.part: output.path for output in made}
    assert designs.keys() == {output.format + output.part for output in outputs}
    assert len(designs) > 8
    for name in designs.values():
        with pikepdf.open(help_campaign / "dist" / name) as pdf:
            tags = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one and "/K" in one]
            within = [kid.S for tag in tags if tag.S == "/P" for kid in kids(tag) if "/S" in kid]
        assert not {str(tag) for tag in within} & {"/H1", "/H2", "/H3", "/L", "/Table", "/P"}, name


def kids(tag: pikepdf.Dictionary) -> list[pikepdf.Dictionary]:
    result = tag.K if isinstance(tag.K, pikepdf.Array) else [tag.K]
    return [kid for kid in result if isinstance(kid, pikepdf.Dictionary)]


def test_ink_of_the_print_shop_stays_under_the_papers_limit(help_campaign, tmp_path):
    """Total ink of the separations that Ghostscript makes, in percent; FOGRA39 coated paper takes 300."""
    path = leaflet(help_campaign, "tet", "print-shop")
    tool("gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=tiffsep", "-r40", f"-sOutputFile={tmp_path}/s%d.tif", path)
    for page in (1, 2):
        inks = [
            separation(file, boxes(path), 40)
            for file in sorted(tmp_path.glob(f"s{page}(*.tif"))
            if "(All)" not in file.name
        ]
        assert len(inks) == 4
        total = max(sum(255 - value for value in values) for values in zip(*inks, strict=True))
        assert total / 255 * 100 <= 300


def test_qr_code_on_paper_leads_to_the_page(help_campaign, tmp_path):
    path = leaflet(help_campaign, "tet", "office")
    tool("pdftoppm", "-r", "150", "-png", path, tmp_path / "page")
    read = [
        code.text for file in sorted(tmp_path.glob("page*.png")) for code in zxingcpp.read_barcodes(Image.open(file))
    ]
    assert read == [f"{OFFICE}tet/signs.html"]


@pytest.mark.parametrize("flavour", ["office", "print-shop"])
def test_poster_is_a3_in_every_language(help_campaign, flavour):
    end = "" if flavour == "office" else "-print-shop"
    for language in LANGUAGES:
        path = help_campaign / f"dist/national/{language}/{flavour}/know-the-signs-{language}-a3{end}.pdf"
        assert size(boxes(path)["TrimBox"]) == pytest.approx((297, 420), abs=0.05)
        assert "112" in tool("pdftotext", path, "-")


def describe_golden(root: Path) -> str:
    """Everything printed on one leaflet of one place, as readable JSON."""
    campaign, _ = load(root)
    expected = ("leaflet", "fil", "coast", "office")
    output = next(o for o in catalogue(campaign) if (o.kind, o.language, o.place, o.flavour) == expected)
    described = printing.describe(campaign, output)
    return json.dumps(described, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def test_what_goes_on_a_leaflet_can_be_read_by_a_person():
    """Renew the golden file with tests/renew_golden.py, then read the change."""
    golden = (HERE / "golden/leaflet-fil-coast.json").read_text(encoding="utf-8")
    assert describe_golden(HERE / "campaigns/tiny") == golden


REVIEWED = {"reviewed_by": "Amal", "reviewed_on": date(2026, 11, 1)}


@pytest.mark.parametrize(
    ("translation", "is_draft", "is_named"),
    [
        (Translation("abc", "machine"), True, True),
        (Translation("abc", "machine", **REVIEWED), False, False),
        (Translation("abc", "machine", **REVIEWED, is_outdated=True), True, True),
        (Translation("abc", "Amal"), True, False),
    ],
    ids=["machine's", "reviewed", "outdated since", "a person's"],
)
def test_translation_that_nobody_reviewed_as_it_is_now_is_a_draft_on_paper(translation, is_draft, is_named):
    """Also where the campaign has a real address and every number was checked. is_named: as a machine's."""
    tiny, _ = load(HERE / "campaigns/tiny")
    key = "ar", "leaflets/boil-the-water.md"
    pages = {**tiny.pages, key: replace(tiny.pages[key], translation=translation)}
    checked = tuple(
        replace(contact, numbers=tuple(replace(number, is_fresh=True) for number in contact.numbers))
        for contact in tiny.contacts
    )
    campaign = replace(tiny, pages=pages, contacts=checked, site_url="https://water.org/")
    expected = ("leaflet", "ar", None, "office")
    output = next(o for o in catalogue(campaign) if (o.kind, o.language, o.place, o.flavour) == expected)
    described, words = printing.describe(campaign, output), campaign.languages["ar"].strings
    assert described["draft"]["reasons"] == (["unreviewed-translation"] if is_draft else [])
    assert words["draft"].removesuffix(".") in described["draft"]["line"] or not is_draft
    assert bool(described["draft"]["line"]) == is_draft
    assert not described["draft"]["across"], "public pieces say it small"
    taught = replace(pages[key], audiences=("teachers",), formats=("handout",))
    paper = replace(output, kind="handout", format="handout")
    across = printing.describe(replace(campaign, pages={**pages, key: taught}), paper)["draft"]["across"]
    assert bool(across) == is_named
    assert bool(described["imprint"]["translation"]) == is_named


def test_words_across_and_above_a_page_stand_in_short_rows(tmp_path):
    """A long line would touch its words, and a check of the reading order would take it for them."""
    tiny, _ = load(HERE / "campaigns/tiny")
    key = "km", "leaflets/boil-the-water.md"
    page, title = (
        replace(tiny.pages[key], translation=Translation("", "machine")),
        "I say what my child ate and drank each day",
    )
    taught = replace(page, title=title, audiences=("teachers",), formats=("handout",))
    words = {**tiny.languages["km"].strings, "machine-translation-short": "Made by a machine, and by nobody looked at"}
    languages = {**tiny.languages, "km": replace(tiny.languages["km"], strings=words)}
    campaign = replace(tiny, pages={**tiny.pages, key: taught}, languages=languages)
    paper = next(output for output in catalogue(campaign) if output.format == "handout" and output.flavour == "office")
    file = tmp_path / "handout.pdf"
    assert isinstance(printing.make(campaign, paper, file), Artifact)
    with pypdfium2.PdfDocument(file) as pdf:
        rows = [
            get_object
            for get_object in pdf[0].get_objects([pdfium.FPDF_PAGEOBJ_TEXT])
            if get_object.get_matrix().b > 0.1
        ]
    assert len(rows) == 2
    head = tool("pdftotext", "-f", "2", "-l", "2", file, "-").split("\n\n")[0].strip()
    assert head.replace("\n", " ") == title
    assert all(len(row.split()) < 8 for row in head.splitlines())


def test_number_reads_from_left_to_right_inside_arabic(tiny):
    """The digits of a number are printed in dialling order."""
    path = leaflet(tiny, "ar", "office", name="boil-the-water")
    number = next(contact.phone for contact in load(tiny)[0].contacts if contact.phone)
    words = tool("pdftotext", "-bbox", path, "-")
    placed = [(float(x), word) for x, word in re.findall(r'<word xMin="([\d.]+)"[^>]*>([^<]*)</word>', words)]
    digits = [re.sub(r"\D", "", word) for _, word in sorted(placed, key=lambda item: item[0])]
    assert re.sub(r"\D", "", number) in "".join(filter(None, digits)) or number in tool("pdftotext", path, "-")


def test_fold_order_is_mirrored_for_arabic(tiny):
    path = leaflet(tiny, "ar", "print-shop", name="boil-the-water")
    assert {100.0, 200.0} <= ticks(path, 0)
    assert {97.0, 197.0} <= ticks(path, 1)


@pytest.mark.parametrize(("flavour", "grounds"), [("office", 2), ("print-shop", 3), ("photocopy", 1)])
def test_panels_inside_stand_on_grounds(tiny, flavour, grounds):
    """White at the beginning; all of a master for photocopies is."""
    end = "" if flavour == "office" else f"-{flavour}"
    path = tiny / f"dist/national/fil/{flavour}/boil-the-water-fil-tri-fold{end}.pdf"
    ppm = subprocess.run(["pdftoppm", "-r", "25.4", "-f", "2", "-l", "2", path], capture_output=True, check=True).stdout
    with Image.open(BytesIO(ppm)) as page:
        results = [page.getpixel((page.width // 2 + shift, page.height - 22)) for shift in (-80, 0, 80)]
    assert results[0] == (255, 255, 255)
    assert len(set(results)) == grounds
