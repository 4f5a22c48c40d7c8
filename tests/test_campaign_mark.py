"""The campaign's mark and small print on posters and on pictures for screens, and drawings in spot inks on T-shirts."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from conftest import read_help
from PIL import Image, ImageChops

from campaign import printing
from campaign.models.formats import DESTINATIONS
from campaign.plan.outputs import catalogue

MM = 72 / 25.4
# A colour of HELP's mark that isn't elsewhere below the band.
CLOTH = (0x8C, 0x2F, 0x1C)
LEAST_PT = {"a3": 9, "a4": 6.5}


@pytest.fixture(scope="module")
def campaign():
    return read_help()


@pytest.fixture(scope="module")
def outputs(campaign):
    return [output for output in catalogue(campaign) if output.language == "en" and not output.place]


def made(campaign, outputs, tmp_path, page: str, format: str, flavour: str):
    wanted = (page, format, flavour)
    output = next(each for each in outputs if (each.name, each.format, each.flavour) == wanted and not each.part)
    target = tmp_path / "piece.pdf"
    printing.make(campaign, output, target)
    return target


def letters(path) -> list[tuple[float, float]]:
    """(points, millimetres above the trimmed sheet's foot) of each letter on it."""
    with pypdfium2.PdfDocument(path) as document:
        page = document[0]
        _, bottom, *_ = page.get_trimbox()
        text = page.get_textpage()
        signs = [(index, text.get_charbox(index)) for index in range(text.count_chars())]
        return [
            (pdfium.FPDFText_GetFontSize(text, index), (box[1] - bottom) / MM)
            for index, box in signs
            if box[2] > box[0] and box[1] > bottom
        ]


def rendered(path, dpi: int = 60) -> Image.Image:
    """The trimmed sheet."""
    with pypdfium2.PdfDocument(path) as document:
        page = document[0]
        left, bottom, right, top = page.get_trimbox()
        whole = page.render(scale=dpi / 72, may_draw_forms=False).to_pil().convert("RGB")
        scale = dpi / 72
        return whole.crop((left * scale, whole.height - top * scale, right * scale, whole.height - bottom * scale))


@pytest.mark.parametrize(
    ("format", "flavour"), [("a3", "office"), ("a3", "print-shop"), ("a4", "office"), ("a4", "photocopy")]
)
def test_imprint_of_a_poster_is_large_enough_and_on_paper(campaign, outputs, tmp_path, format, flavour):
    path = made(campaign, outputs, tmp_path, "the-loan", format, flavour)
    # Spaces of pictograms are smaller, and invisible.
    assert min(points for points, _ in letters(path) if points > 1) >= LEAST_PT[format]
    sheet = rendered(path)
    lowest = max(height for points, height in letters(path) if points < 9.6)
    strip = sheet.crop((int(sheet.width * 0.5), int(sheet.height * (1 - lowest / (420 if format == "a3" else 297))),
                        int(sheet.width * 0.9), int(sheet.height * 0.985)))  # fmt: skip
    assert max(strip.getcolors(strip.width * strip.height))[1] == (255, 255, 255)


@pytest.mark.parametrize("flavour", ["office", "print-shop", "photocopy"])
def test_mark_stands_before_the_imprint_of_a_poster(campaign, outputs, tmp_path, flavour):
    path = made(campaign, outputs, tmp_path, "the-loan", "a4", flavour)
    sheet = rendered(path, 100)
    corner = sheet.crop((0, int(sheet.height * 0.93), int(sheet.width * 0.16), int(sheet.height * 0.97)))
    dark = corner.convert("L").point(lambda grey: 255 * (grey < 110)).getbbox()
    assert dark[2] - dark[0] > 15, dark


def test_mark_is_on_every_picture_to_send_clear_of_what_apps_cover(campaign, outputs):
    drawn = [output for output in outputs if output.kind == "screen" and output.name == "the-loan" and not output.part]
    assert len(drawn) > 5
    for output in drawn:
        (png,) = printing.draw(campaign, output, 72)
        picture = Image.open(BytesIO(png)).convert("RGB")
        row = DESTINATIONS[output.destination]
        # Below the band, which ends above the call.
        foot = picture.crop((0, int(picture.height * 0.8), picture.width // 2, picture.height))
        mark = only(foot, CLOTH).getbbox()
        assert mark, output.destination
        left, top, right, bottom = mark
        assert right - left >= 8, output.destination
        assert bottom - top >= 8, output.destination
        assert left >= row.clear[3] * picture.width
        assert picture.height - foot.height + bottom <= (1 - row.clear[2]) * picture.height


def only(picture: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """White where a picture has a colour, otherwise black."""
    difference = ImageChops.difference(picture, Image.new("RGB", picture.size, colour)).convert("L")
    return difference.point(lambda step: 255 * (step == 0))


def test_campaign_without_a_mark_has_its_name_there(campaign, outputs, tmp_path):
    bare = replace(campaign, logos={})
    path = made(bare, outputs, tmp_path, "the-loan", "a4", "office")
    with pypdfium2.PdfDocument(path) as document:
        assert "HELP · " in document[0].get_textpage().get_text_range().replace("\xa0", " ")


def test_drawing_of_a_shirt_is_in_its_two_spot_inks(campaign, outputs, tmp_path):
    path = made(campaign, outputs, tmp_path, "ask-first", "t-shirt", "print-shop")
    with pikepdf.open(path) as pdf:
        page = pdf.pages[0]
        content = b"".join(part.read_bytes() for part in pikepdf.Array([page.Contents]))
        spaces = {str(name): str(space[1]) for name, space in page.Resources.ColorSpace.items()}
    used = {name.decode() for name in re.findall(rb"(/Spot\d) cs 1 scn", content)}
    assert {spaces[name] for name in used} == {"/Night", "/Marigold"}
    # Only the job's name beyond the crop marks is in black.
    assert re.findall(rb"[\d. ]+ k\b", content) == [b" 0 0 0 1 k"]
