"""Files broken on purpose: each fault is found, and a whole file has none."""

from __future__ import annotations

import base64
import io
import itertools
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from conftest import HERE, copy_campaign, run
from pikepdf import Array, Dictionary, Name
from PIL import Image

from campaign.checks.painted import read_painted
from campaign.checks.prints import _inks, check_print
from campaign.content import load
from campaign.content.formats import shipped_formats
from campaign.content.identity import SHIPPED_PROFILES
from campaign.desk.poster_picture import pixels_needed
from campaign.models.outputs import Output
from campaign.models.theme import Profile
from campaign.plan.outputs import catalogue
from campaign.printing import make
from campaign.printing.art import read_drawing
from campaign.printing.finishing import finish, thicken
from campaign.printing.line_art import line_art


def leaflet(root: Path, flavour: str) -> tuple[Path, Output]:
    expected = ("leaflet", "fil", "coast", flavour)
    outputs = catalogue(load(root)[0])
    output = next(
        output for output in outputs if (output.kind, output.language, output.place, output.flavour) == expected
    )
    return root / "dist" / output.path, output


def faults(path: Path, output: Output, profile: Profile = SHIPPED_PROFILES["FOGRA39"]) -> list[str]:
    return [problem.message for problem in check_print(path, output, shipped_formats()[output.format], "fil", profile)]


def paint(operators: bytes) -> Callable[[pikepdf.Pdf], None]:
    """Adds operators to the first page."""
    return lambda pdf: pdf.pages[0].contents_add(operators)


def without(*names: Name) -> Callable[[pikepdf.Pdf], None]:
    def take(pdf: pikepdf.Pdf) -> None:
        for name in names:
            del pdf.Root[name]

    return take


def trim_short(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].trimbox = [0, 0, 500, 500]


def bleed_short(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].bleedbox = pdf.pages[0].trimbox


def unembed(pdf: pikepdf.Pdf) -> None:
    for one in pdf.objects:
        if isinstance(one, Dictionary) and one.get(Name.Type) == Name.FontDescriptor:
            for name in (Name.FontFile2, Name.FontFile3):
                if name in one:
                    del one[name]
            return


def embed_whole(pdf: pikepdf.Pdf) -> None:
    for one in pdf.objects:
        if isinstance(one, Dictionary) and one.get(Name.Type) == Name.FontDescriptor:
            one.FontName = Name("/" + str(one.FontName).partition("+")[2])


def add_link(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])])


def blend_in_rgb(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Group = Dictionary(Type=Name.Group, S=Name.Transparency, CS=Name.DeviceRGB)


def group_in_rgb(pdf: pikepdf.Pdf) -> None:
    """A drawing inside the page blends in screen colours."""
    form = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    form.Group = Dictionary(Type=Name.Group, S=Name.Transparency, CS=Name.DeviceRGB)
    show(pdf, form, 9)


def mask_in_rgb(pdf: pikepdf.Pdf) -> None:
    form = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    form.Group = Dictionary(Type=Name.Group, S=Name.Transparency, CS=Name.DeviceRGB)
    set_state(pdf, SMask=Dictionary(Type=Name.Mask, S=Name.Luminosity, G=pdf.make_indirect(form)))


def set_state(pdf: pikepdf.Pdf, **state: object) -> None:
    resources = pdf.pages[0].Resources
    resources.ExtGState = Dictionary(**{"broken": Dictionary(**state)})
    pdf.pages[0].contents_add(b"/broken gs")


def print_over(pdf: pikepdf.Pdf) -> None:
    paint(b"1 0.7 0.2 0.7 k 0 0 9 9 re f")(pdf)
    set_state(pdf, OP=True, op=True, OPM=1)


def multiply(pdf: pikepdf.Pdf) -> None:
    paint(b"1 0.7 0.2 0.7 k 0 0 9 9 re f")(pdf)
    set_state(pdf, BM=Name.Multiply)


def show(pdf: pikepdf.Pdf, drawing: pikepdf.Object, points: float) -> None:
    """Place a drawing on the first page, with a picture of this width and height in points."""
    resources = pdf.pages[0].Resources
    if Name.XObject not in resources:
        resources.XObject = Dictionary()
    resources.XObject.broken = pdf.make_indirect(drawing)
    pdf.pages[0].contents_add(b"q %.3f 0 0 %.3f 0 0 cm /broken Do Q" % (points, points))


def picture(dot: bytes, points: float) -> Callable[[pikepdf.Pdf], None]:
    """A picture of 100 by 100 dots of four inks, of this width in points."""

    def put(pdf: pikepdf.Pdf) -> None:
        image = pdf.make_stream(dot * 10_000, Type=Name.XObject, Subtype=Name.Image, Width=100, Height=100)
        image.ColorSpace, image.BitsPerComponent = Name.DeviceCMYK, 8
        show(pdf, image, points)

    return put


def coarse_picture_in_drawing(pdf: pikepdf.Pdf) -> None:
    """100 dots on 14.4 points are 500 dpi; their drawing is shown three times as large."""
    image = pdf.make_stream(bytes(40_000), Type=Name.XObject, Subtype=Name.Image, Width=100, Height=100)
    image.ColorSpace, image.BitsPerComponent = Name.DeviceCMYK, 8
    form = pdf.make_stream(b"14.4 0 0 14.4 0 0 cm /inner Do", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 99, 99])
    form.Resources = Dictionary(XObject=Dictionary(inner=pdf.make_indirect(image)))
    show(pdf, form, 3)


def gradient(space: Name, end: list[float]) -> Callable[[pikepdf.Pdf], None]:
    def put(pdf: pikepdf.Pdf) -> None:
        function = Dictionary(FunctionType=2, Domain=[0, 1], N=1, C0=[0] * len(end), C1=end)
        shading = Dictionary(ShadingType=2, ColorSpace=space, Coords=[0, 0, 9, 9], Function=function)
        pdf.pages[0].Resources.Shading = Dictionary(broken=shading)
        pdf.pages[0].contents_add(b"/broken sh")

    return put


def other_press(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OutputIntents[0].OutputConditionIdentifier = pikepdf.String("FOGRA47")


def bleed_cut(pdf: pikepdf.Pdf) -> None:
    left, bottom, right, top = (float(edge) for edge in pdf.pages[0].mediabox)
    pdf.pages[0].mediabox = [left, bottom + 25, right, top]


def say_other_language(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Lang = pikepdf.String("xx")


def letter_paper(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].mediabox = [0, 0, 612, 792]


def thin_stroke_in_drawing(pdf: pikepdf.Pdf) -> None:
    """A point wide in the drawing, which is shown at a fifth of its size."""
    line = b"q .2 0 0 .2 0 0 cm/x gs 1 w 0 0 m 9 9 l S Q"
    form = pdf.make_stream(line, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    show(pdf, form, 1)


THIN = b"q .5 0 0 .5 0 0 cm/x gs %b w 4 M 0 0 m 9 9 l S Q"
PRESS = [
    ("0.45 points wide at its size: 0.5", paint(THIN % b"0.9")),
    ("0.20 points wide", thin_stroke_in_drawing),
    ("is trimmed to", trim_short),
    ("does not reach 3 mm", bleed_short),
    ("is cut off by the page", bleed_cut),
    ("(OutputIntent)", without(Name.OutputIntents)),
    ("meant for FOGRA39", other_press),
    ("screen colours", paint(b"1 0 0 rg 0 0 9 9 re f")),
    ("screen colours", gradient(Name.DeviceRGB, [1, 0, 0])),
    ("screen colours", blend_in_rgb),
    ("screen colours", group_in_rgb),
    ("screen colours", mask_in_rgb),
    ("400 % of ink", paint(b"1 1 1 1 k 0 0 9 9 re f")),
    ("360 % of ink", gradient(Name.DeviceCMYK, [0.9, 0.9, 0.9, 0.9])),
    ("320 % of ink", picture(b"\xcc\xcc\xcc\xcc", 20)),
    ("Overprinted inks", print_over),
    ("Overprinted inks", multiply),
    ("100 dots to an inch", picture(b"\0\0\0\xff", 72)),
    ("167 dots to an inch", coarse_picture_in_drawing),
    ("several inks", paint(b"q 0.7 0.7 0.6 0.9 k BT () Tj ET Q")),
    ("is not embedded", unembed),
    ("embedded whole", embed_whole),
    ("holds links", add_link),
    ("not in the file: sunset", paint(b"/sunset sh")),
    ("not in the file: sunset", paint(b"/Pattern cs /sunset scn 0 0 9 9 re f")),
]
OFFICE = {
    "0.70 points wide at its size: 0.75": paint(THIN % b"1.4"),
    "0.00 points wide": paint(THIN % b"0"),
    "has no tags": without(Name.MarkInfo),
    "language is `fil`": say_other_language,
    "PDF/UA-1": without(Name.Metadata),
    "no office printer": letter_paper,
    "is not embedded": unembed,
}
BROKEN = [("print-shop", *each) for each in PRESS] + [("office", *each) for each in OFFICE.items()]
BROKEN.append(("photocopy", "a colour or a tint", paint(b"0.8 g 0 0 9 9 re f")))
BROKEN.append(("photocopy", "a colour or a tint", picture(b"\0\0\0\x80", 20)))
BROKEN.append(("photocopy", "0.23 points wide", paint(THIN % b"0.46")))


LOST = '<rect width="9" height="9" fill="url(#sunset)"/>'
PLANTED_DRAWINGS = {
    "contains text": '<text x="1" y="5" fill="#c00000">Boil</text>',
    "The drawing contains text": '<g fill="#c00000"><text><tspan fill="#00aa00">Boil</tspan></text></g>',
    "`#sunset`, which it does not hold": LOST,
    "with `#sunset`": '<style>.sky { fill: url("#sunset") }</style>',
    "paints with `#sunset`": '<path d="M0 0h9v9z" style="stroke:url(#sunset)"/>',
    "paints with `#sun`": '<use href="#sun"/>',
}


@pytest.mark.parametrize("text", PLANTED_DRAWINGS)
def test_coloured_words_and_lost_gradients_of_a_drawing_are_named(text, tmp_path):
    """Words would have an arbitrary colour and font; objects without paint aren't printed."""
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">\n<linearGradient id="sky"/>'
    (tmp_path / "art.svg").write_text(f'{head}<path fill="url(#sky)"/></svg>', encoding="utf-8")
    assert not isinstance(read_drawing(tmp_path / "art.svg", "art.svg"), list)
    (tmp_path / "broken.svg").write_text(f"{head}\n{PLANTED_DRAWINGS[text]}</svg>", encoding="utf-8")
    (problem,) = read_drawing(tmp_path / "broken.svg", "broken.svg")
    assert text in problem.message
    assert problem.where == "broken.svg:3"


@pytest.mark.parametrize("drawing", ["posters/boil-the-water/cover.svg", "pictograms/boil.svg", "partners/health.svg"])
def test_lost_gradient_is_found_in_every_drawing_of_a_leaflet(drawing, tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    (root / "assets/partners").mkdir()
    shutil.copy(root / "assets/logos/water.svg", root / "assets/partners/health.svg")
    (root / "assets/partners/health.yml").write_text("name: Health\ncredit: Us\nlicence: CC0-1.0\n", encoding="utf-8")
    settings, path = root / "mkdocs.yml", root / "assets" / drawing
    text = settings.read_text(encoding="utf-8").replace(
        "      audiences:", "      partners: [health]\n      audiences:"
    )
    settings.write_text(text, encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace("</svg>", f"{LOST}</svg>"), encoding="utf-8")
    campaign, _ = load(root)
    expected = ("leaflet", "fil", "coast", "print-shop")
    output = next(o for o in catalogue(campaign) if (o.kind, o.language, o.place, o.flavour) == expected)
    (problem,) = make(campaign, output, tmp_path / "leaflet.pdf")
    assert problem.id == "drawing-lost"
    assert problem.where.startswith(f"assets/{drawing}:")


@pytest.mark.parametrize("flavour", ["office", "print-shop", "photocopy"])
def test_file_as_it_was_made_has_no_fault(tiny, flavour):
    assert faults(*leaflet(tiny, flavour)) == []


@pytest.mark.parametrize(
    ("flavour", "text", "break_it"), BROKEN, ids=[f"{flavour}: {said}" for flavour, said, _ in BROKEN]
)
def test_fault_is_named(tiny, tmp_path, flavour, text, break_it):
    path, output = leaflet(tiny, flavour)
    with pikepdf.open(path) as pdf:
        break_it(pdf)
        pdf.save(tmp_path / "broken.pdf")
    result = faults(tmp_path / "broken.pdf", output)
    assert any(text in what for what in result), result


@pytest.mark.parametrize(
    ("state", "inks", "is_too_much"),
    [
        # Three layers of 125 % at most: no two of them come to 300 %, all three do.
        ({"BM": Name.Multiply}, (b"1 .2 0 0", b"0 1 .25 0", b"0 0 1 .2"), True),
        ({"OP": True, "op": True, "OPM": 1}, (b"1 .2 0 0", b"0 1 .25 0", b"0 0 1 .2"), True),
        ({"BM": Name.Darken}, (b"1 .2 0 0", b"0 1 .25 0", b"0 0 .9 0"), False),
        # Many layers of one ink count as one.
        ({"BM": Name.Multiply}, (b".5 0 0 0",) * 9, False),
        # What shines through leaves a mixture, lighter than the heavier of two.
        ({"ca": 0.5}, (b"1 1 .9 0", b"0 1 1 .9", b"1 .9 0 1"), False),
    ],
)
def test_inks_laid_over_one_another_count_together(state, inks, is_too_much):
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(99, 99))
        page.Resources = Dictionary(ExtGState=Dictionary(lay=Dictionary(**state)))
        page.contents_add(b"/lay gs " + b"".join(ink + b" k 9 9 50 50 re f " for ink in inks))
        assert bool([*_inks(read_painted(pdf), 3.0)]) == is_too_much


def test_paper_takes_no_more_ink_than_its_profile_says(tiny):
    path, output = leaflet(tiny, "print-shop")
    limits = {limit: replace(SHIPPED_PROFILES["FOGRA39"], ink_limit=limit) for limit in (300, 200)}
    assert faults(path, output, limits[300]) == []
    assert any("more than the paper takes (200 %)" in what for what in faults(path, output, limits[200]))


def test_release_is_refused_with_every_cause_named(tiny, tmp_path):
    root = copy_campaign(tiny, tmp_path / "release")
    output = run(root, "build", "--release", code=1)
    assert "docs/ar/boil.md This translation hasn't been reviewed" in output
    assert "docs/ar/_strings.yml This translation hasn't been reviewed" in output
    assert "`site_url` leads nowhere" in output
    assert not (root / "dist").exists()


def test_number_that_nobody_checked_stops_a_release(tiny):
    from campaign.checks.release import check_release

    campaign, _ = load(tiny)
    unchecked = tuple(
        replace(contact, numbers=tuple(replace(number, checked=None, is_due=True) for number in contact.numbers))
        for contact in campaign.contacts
    )
    results = [problem.message for problem in check_release(replace(campaign, contacts=unchecked))]
    assert any("has never been checked" in what for what in results)


def test_a_sheet_that_is_looked_at_from_further_away_needs_fewer_dots(tiny, tmp_path):
    path, output = leaflet(tiny, "print-shop")
    with pikepdf.open(path) as pdf:
        picture(b"\0\0\0\xff", 60)(pdf)
        pdf.save(tmp_path / "sheet.pdf")
    told = {
        name: [what for what in faults(tmp_path / "sheet.pdf", replace(output, format=name)) if "dots to" in what]
        for name in ("a3", "a2", "a1")
    }
    assert [len(item) for item in told.values()] == [1, 1, 0]
    assert "120 dots to an inch at its size: 150" in told["a2"][0]
    formats = shipped_formats()
    # A photo of 6,000 x 4,000 pixels even fills a whole upright sheet.
    assert max(pixels_needed([formats["a2"]]), pixels_needed([formats["a1"]])) < 4000 * 307 / 430
    assert pixels_needed([formats["a1"], formats["a3"]]) == pixels_needed([formats["a3"]]), (
        "the sheet that asks for the most"
    )


def test_a_photo_on_a_master_for_photocopies_is_made_of_dots():
    file = io.BytesIO()
    Image.linear_gradient("L").resize((90, 90)).convert("RGB").save(file, "jpeg")
    href = f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image width="9" height="9" href="{href}"/></svg>'
    match = re.search(r'data:image/png;base64,([^"]+)', line_art(svg, 60))
    dots = Image.open(io.BytesIO(base64.b64decode(match[1]))).convert("L")
    assert {tone for _, tone in dots.getcolors()} == {0, 255}
    rows = [dots.resize((1, 9), Image.Resampling.BOX).getpixel((0, index)) for index in range(9)]
    assert rows == sorted(rows)
    assert 5 < rows[0] < 60 < rows[4] < 230 < rows[8]
    # Few, large dots: dark and light areas are some points wide.
    middle = dots.crop((0, dots.height // 2, dots.width, dots.height // 2 + 1)).tobytes()
    assert sum(a != b for a, b in itertools.pairwise(middle)) < len(middle) / 2


def test_strokes_of_a_drawing_are_as_wide_as_a_copier_needs():
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(99, 99))
        paint(THIN % b"0.4")(pdf)
        paint(THIN % b"3")(pdf)
        pdf.pages[0].contents_coalesce()
        thicken(pdf, 0.75)
        assert re.findall(rb"([\d.]+) w", pdf.pages[0].Contents.read_bytes()) == [b"1.5001", b"3"]


@pytest.mark.parametrize(
    ("format", "pages", "told"),
    [
        ("tri-fold", 2, {"/PrintScaling": "/None", "/Duplex": "/DuplexFlipShortEdge"}),
        ("card", 2, {"/PrintScaling": "/None", "/Duplex": "/DuplexFlipLongEdge"}),
        ("a4", 1, {"/PrintScaling": "/None", "/Duplex": "/Simplex"}),
        ("handout", 3, {"/Duplex": "/DuplexFlipLongEdge"}),
        ("handout", 1, {}),
    ],
)
def test_print_dialog_opens_as_the_piece_needs_it(format, pages, told):
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        out = io.BytesIO()
        pdf.save(out)
    with pikepdf.open(io.BytesIO(finish(out.getvalue(), 0.75, shipped_formats()[format]))) as pdf:
        result = pdf.Root.get("/ViewerPreferences", Dictionary())
        assert {key: str(value) for key, value in result.items()} == told


def test_line_through_words_is_found_and_one_below_them_is_not(tiny, tmp_path):
    path, output = leaflet(tiny, "office")
    document = pypdfium2.PdfDocument(path)
    texts = document[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
    left, bottom, right, top = next(box for box in (item.get_bounds() for item in texts) if box[2] - box[0] > 40)
    document.close()
    for share, is_struck in ((0.5, True), (-0.1, False)):
        line = f"q 0 g {left} {bottom + share * (top - bottom)} {right - left} 0.5 re f Q".encode()
        with pikepdf.open(path) as pdf:
            pdf.pages[0].contents_add(line, prepend=True)
            pdf.save(tmp_path / "lined.pdf")
        assert ("A line runs through words on page 1." in faults(tmp_path / "lined.pdf", output)) is is_struck


def test_coloured_pictogram_is_black_and_white_on_a_photocopy(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    shapes = (
        '<path d="M0 0h24v24H0z" fill="#f4a91f"/><path d="M4 4h16v9H4z" fill="#14213d" fill-opacity="0.5"/>'
        '<path d="M6 14h9v6H6z" fill="red" opacity=".3"/>'
    )
    for name in ("boil", "cup", "hands", "cool", "strain", "jar"):
        path = root / f"assets/pictograms/{name}.svg"
        path.write_text(path.read_text("utf-8").replace("</svg>", f"{shapes}</svg>"), "utf-8")
    run(root, "leaflets", "--language", "fil", "--place", "national", "--flavour", "photocopy")
    assert [*(root / "dist").rglob("*tri-fold-photocopy.pdf")]
