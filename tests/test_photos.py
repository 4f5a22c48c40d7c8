"""Photos, and pictures for their destinations: consent, redaction, crops, metadata."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from conftest import HERE, copy_campaign, run
from PIL import Image, ImageDraw

from campaign import images as pictures
from campaign.content import load
from campaign.content.picture_metadata import PictureMetadata, to_xmp
from campaign.images import crop
from campaign.images.crop import crop_box
from campaign.images.encode import likeness
from campaign.images.recipes import PictureRequest
from campaign.images.target_size import best_quality
from campaign.models.campaign import Campaign
from campaign.models.formats import DESTINATIONS, Destination
from campaign.models.media import Rights
from campaign.models.outputs import Artifact, Output
from campaign.plan.outputs import catalogue, photo_pictures
from campaign.printing import describe

FACE = (0.25, 0.25, 0.5, 0.5)
YML = """credit: "Ana José"
licence: CC-BY-4.0
taken: 2026-05
consent: {form: "office in Dili, folder 7", scope: [site, social, press], until: 2999-12-31}
focus: {x: 90, y: 50}
redact: [{left: 25, top: 25, right: 50, bottom: 50}]
"""
WORDS = 'well: {caption: "Ang balon – “tráfiku” ñ", alt: "Isang balon"}\n'


def photo(width: int = 1600, height: int = 1200, orientation: int = 1) -> bytes:
    """Grey on the left, green at the right edge, a pure red face; with all metadata of cameras and phones."""
    image = Image.new("RGB", (width, height), "#808080")
    pen = ImageDraw.Draw(image)
    pen.rectangle((int(width * 0.8), 0, width, height), fill="#00a000")
    left, top, right, bottom = (int(share * side) for share, side in zip(FACE, (width, height) * 2, strict=True))
    pen.rectangle((left, top, right - 1, bottom - 1), fill="#ff0000")
    exif = Image.Exif()
    exif[0x112] = orientation
    exif[0x10F] = exif[0x13B] = "PLANTED-MARK"
    exif.get_ifd(0x8825).update({1: "S", 2: (8.0, 33.0, 31.0), 29: "PLANTED-MARK"})
    exif.get_ifd(0x8769).update({0xA431: "PLANTED-MARK", 0x9286: b"ASCII\0\0\0PLANTED-MARK"})
    file = BytesIO()
    turn = {6: Image.Transpose.ROTATE_90, 1: None}[orientation]
    stored = image.transpose(turn) if turn is not None else image
    stored.save(file, "JPEG", quality=95, exif=exif, comment=b"PLANTED-MARK", xmp=b"<x>PLANTED-MARK</x>")
    return file.getvalue() + b"PLANTED-MARK"


@pytest.fixture
def campaign_root(tmp_path: Path) -> Path:
    """The tiny campaign with a photo of people."""
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    (root / "assets/photos/well.jpg").write_bytes(photo())
    (root / "assets/photos/well.yml").write_text(YML, encoding="utf-8")
    with (root / "docs/fil/_photos.yml").open("a", encoding="utf-8") as words:
        words.write(WORDS)
    return root


def stopping(root: Path) -> list[str]:
    return [str(problem) for problem in load(root)[1] if problem.stops]


def make(campaign: Campaign, wanted: list[Output], into: Path) -> dict[str, Artifact]:
    """All pictures of the photo, by destination or ending and width."""
    well = campaign.photos["well"]
    targets = [into / f"{n}.{output.ending}" for n, output in enumerate(wanted)]
    orders = pictures.photo_requests(campaign, well, wanted)
    results = pictures.make_all(campaign.root, well.file, "well", wanted, targets, orders, well.redact)
    assert all(isinstance(result, Artifact) for result in results), results
    return {result.output.destination or f"{result.output.format}-{result.output.width}": result for result in results}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ((YML, ""), "is missing"),
        (("consent: {form", "# {form"), "There is no consent"),
        (("2999-12-31", "2020-01-31"), "ended on 2020-01-31"),
        ((", until: 2999-12-31", ""), "no end date"),
        (("scope: [site, social, press]", "scope: [everything]"), "`everything` is not a use"),
        (("taken: 2026-05", "taken: 2026-05-14"), "not a month"),
        (("left: 25", "left: 250"), "not between 0 and 100"),
        (("left: 25, ", ""), "lacks: left"),
        (("consent:", "shows: nobody\nconsent:"), "shows no one, and that someone agreed"),
        (
            ("taken:", "use: [site, poster, web]\ntaken:"),
            "`poster`, `web` are no uses of photos. Choose from: site, social",
        ),
        (("CC-BY-4.0", "CC-BY-5.0"), "`CC-BY-5.0` is no licence of Creative Commons"),
        (("taken:", "licence_url: the office\ntaken:"), "`the office` is not an address"),
    ],
)
def test_what_a_photo_lacks_stops_it(campaign_root: Path, change: tuple[str, str], told: str) -> None:
    assert stopping(campaign_root) == []
    (campaign_root / "assets/photos/well.yml").write_text(YML.replace(*change) or "a: b\n", encoding="utf-8")
    problems = stopping(campaign_root)
    assert any(told in problem and problem.startswith("assets/photos/well.yml") for problem in problems), problems


def test_a_photo_of_which_nothing_is_said_gives_nothing(campaign_root: Path) -> None:
    (campaign_root / "assets/photos/well.yml").unlink()
    campaign, problems = load(campaign_root)
    assert any("This photo has no record" in problem.message and problem.stops for problem in problems)
    assert not any(output.name in ("well", "photos-well") for output in catalogue(campaign))


def test_a_page_cannot_show_a_photo_that_is_not_for_pages(campaign_root: Path) -> None:
    page = campaign_root / "docs/fil/boil.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n{{ photo name=well }}\n", encoding="utf-8")
    (campaign_root / "assets/photos/well.yml").write_text(YML + "use: [press]\n", encoding="utf-8")
    output = run(campaign_root, "check", code=1)
    assert re.search(r"problem docs/fil/boil.md:\d+ The photo `well` is not for pages", output)
    assert "add `site` to its `use` in assets/photos/well.yml" in " ".join(output.split())
    assert output.count("problem ") == 1


@pytest.mark.parametrize(
    ("licence", "url"),
    [
        ("licence: CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
        ("licence: CC0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("licence: Ask us\nlicence_url: https://example.org/terms", "https://example.org/terms"),
        ("licence: All rights reserved", ""),
    ],
)
def test_each_licence_has_its_address_in_the_picture_too(campaign_root: Path, licence: str, url: str) -> None:
    (campaign_root / "assets/photos/well.yml").write_text(YML.replace("licence: CC-BY-4.0", licence), encoding="utf-8")
    campaign, problems = load(campaign_root)
    assert not any(problem.stops for problem in problems)
    rights = campaign.photos["well"].rights
    assert rights.url == url
    assert (f'xmpRights:WebStatement="{url}"'.encode() in to_xmp(PictureMetadata("fil", rights))) == bool(url)


def test_a_photo_goes_only_where_people_agreed_to(campaign_root: Path) -> None:
    campaign, _ = load(campaign_root)
    result = photo_pictures(campaign, campaign.photos["well"])
    assert {output.destination for output in result} == {""} | {
        name for name, row in DESTINATIONS.items() if row.use != "print" and not row.is_panels
    }
    only_press = replace(campaign.photos["well"].consent, scope=("press",))
    shy = photo_pictures(campaign, replace(campaign.photos["well"], consent=only_press))
    assert {output.destination for output in shy} == {"press", "radio-tv-still"}
    assert all(output.path.isascii() for output in result)
    # The press page shows its offers; nothing is sent unasked.
    for_press = photo_pictures(campaign, replace(campaign.photos["well"], use=("press", "print")))
    assert {output.destination for output in for_press} == {"", "press", "radio-tv-still"}
    assert any(output.public for output in for_press if output.destination == "press")


@pytest.mark.parametrize("orientation", [1, 6])
def test_no_pixel_of_a_face_and_no_mark_of_the_source_is_in_any_picture(
    campaign_root: Path, tmp_path: Path, orientation: int
) -> None:
    (campaign_root / "assets/photos/well.jpg").write_bytes(photo(orientation=orientation))
    campaign, _ = load(campaign_root)
    expected = [
        photo_picture
        for photo_picture in photo_pictures(campaign, campaign.photos["well"])
        if photo_picture.language in (None, "fil")
    ]
    for artifact in make(campaign, expected, tmp_path / "out").values():
        data = artifact.file.read_bytes()
        assert b"PLANTED-MARK" not in data, artifact.output
        assert b"Exif" not in data[:4000], artifact.output
        with Image.open(artifact.file) as image:
            pixels = image.convert("RGB").resize((200, 200), Image.Resampling.NEAREST).getcolors(40000)
        assert all(red < 165 or red - green < 40 for _, (red, green, _) in pixels), artifact.output


def test_a_crop_keeps_its_focus_and_never_grows(campaign_root: Path, tmp_path: Path) -> None:
    campaign, _ = load(campaign_root)
    expected = [
        photo_picture
        for photo_picture in photo_pictures(campaign, campaign.photos["well"])
        if photo_picture.language == "fil"
    ]
    result = make(campaign, expected, tmp_path / "out")
    for name, artifact in result.items():
        row = DESTINATIONS[name]
        with Image.open(artifact.file) as image:
            assert image.size == (artifact.width, artifact.height)
            assert artifact.width <= 1600
            assert artifact.height <= 1200
            if not row.keeps_shape:
                assert abs(artifact.width / artifact.height - row.width / row.height) < 0.01
                assert image.width <= row.width
                # The green edge is at 90 % of the width, where the focus is.
                assert image.convert("RGB").getpixel((int(image.width * 0.9), image.height // 2))[1] > 140, name
            if row.is_baseline:
                assert "progressive" not in image.info
            if row.dpi:
                assert round(image.info["dpi"][0]) == row.dpi
        assert not row.most_bytes or artifact.bytes <= row.most_bytes
    assert crop_box((100, 80), expected[0], PictureRequest(destination=Destination(400, 400), focus=(0, 0))) == (
        100,
        (0, 0, 80, 80),
    )


def test_accents_and_nothing_but_the_allowed_list_are_read_back(campaign_root: Path, tmp_path: Path) -> None:
    campaign, _ = load(campaign_root)
    expected = [
        photo_picture
        for photo_picture in photo_pictures(campaign, campaign.photos["well"])
        if photo_picture.language in (None, "fil")
    ]
    make(campaign, expected, tmp_path / "out")
    text = subprocess.run(
        ["exiftool", "-j", "-G1", "-charset", "utf8", *sorted(map(str, (tmp_path / "out").iterdir()))],
        capture_output=True,
        check=True,
    )
    for tags in json.loads(text.stdout):
        tags = {
            key.removesuffix("-fil"): tags[key]
            for key in tags
            if key.split(":")[0] not in PIXELS and not key.startswith("ICC")
        }
        assert set(tags) - {"SourceFile"} <= ALLOWED_TAGS, (tags["SourceFile"], set(tags) - ALLOWED_TAGS)
        if tags["SourceFile"].endswith(".webp"):
            assert set(tags) == {"SourceFile"}  # a placeholder has no room for words
            continue
        assert tags["XMP-dc:Creator"] == "Ana José"
        if "XMP-dc:Description" in tags:
            assert tags["XMP-dc:Description"] == "Ang balon – “tráfiku” ñ"
        if "IPTC:Caption-Abstract" in tags:
            assert tags["IPTC:Caption-Abstract"] == "Ang balon – “tráfiku” ñ"


# What exiftool tells of the pixels and of the file itself.
PIXELS = (
    "ICC-chrm",
    "ICC-header",
    "ICC_Profile",
    "ExifTool",
    "System",
    "File",
    "Composite",
    "JFIF",
    "PNG",
    "PNG-pHYs",
    "QuickTime",
    "Meta",
    "RIFF",
    "Photoshop",
)
ALLOWED_TAGS = {
    "XMP-dc:Creator",
    "XMP-dc:Description",
    "XMP-dc:Rights",
    "XMP-dc:Title",
    "XMP-photoshop:Credit",
    "XMP-photoshop:DateCreated",
    "XMP-photoshop:Headline",
    "XMP-photoshop:Instructions",
    "XMP-photoshop:Source",
    "XMP-xmpRights:Marked",
    "XMP-xmpRights:UsageTerms",
    "XMP-xmpRights:WebStatement",
    "XMP-iptcCore:AltTextAccessibility",
    "XMP-iptcExt:DigitalSourceType",
    "IPTC:CodedCharacterSet",
    "IPTC:ApplicationRecordVersion",
    "IPTC:Headline",
    "IPTC:Caption-Abstract",
    "IPTC:By-line",
    "IPTC:Credit",
    "IPTC:Source",
    "IPTC:CopyrightNotice",
    "IPTC:SpecialInstructions",
}


# The same, as exiv2 calls them.
EXIV2 = {
    *("Xmp.dc.creator", "Xmp.dc.description", "Xmp.dc.rights", "Xmp.dc.title"),
    *("Xmp.photoshop.Credit", "Xmp.photoshop.DateCreated", "Xmp.photoshop.Headline", "Xmp.photoshop.Source"),
    "Xmp.photoshop.Instructions",
    *("Xmp.xmpRights.Marked", "Xmp.xmpRights.UsageTerms", "Xmp.xmpRights.WebStatement"),
    *("Xmp.iptc.AltTextAccessibility", "Xmp.iptcExt.DigitalSourceType"),
    *("Iptc.Envelope.CharacterSet", "Iptc.Application2.RecordVersion", "Iptc.Application2.Headline"),
    *("Iptc.Application2.Caption", "Iptc.Application2.Byline", "Iptc.Application2.Credit"),
    *("Iptc.Application2.Source", "Iptc.Application2.Copyright", "Iptc.Application2.SpecialInstructions"),
}


def test_every_picture_of_a_built_campaign_says_only_what_is_allowed_and_none_has_a_planted_mark(tiny: Path) -> None:
    """The photo of the tiny campaign holds a place, a serial number, names, comments and a thumbnail, all marked."""
    planted = (tiny / "assets/photos/hills.jpg").read_bytes()
    assert planted.count(b"PLANTED-") >= 9
    files = [path for folder in ("site", "dist", ".build") for path in (tiny / folder).rglob("*") if path.is_file()]
    assert [path for path in files if b"PLANTED-" in path.read_bytes()] == []
    shown = [path for path in files if path.suffix in (".jpg", ".jpeg", ".png", ".avif", ".webp")]
    shown = [str(path) for path in shown if ".build" not in path.parts]
    assert len(shown) > 100
    output = json.loads(subprocess.run(["exiftool", "-j", "-G1", *shown], capture_output=True, check=True).stdout)
    assert len(output) == len(shown)
    for tags in output:
        names = {
            re.sub(r"-(fil|ar|km)$", "", key)
            for key in tags
            if key.split(":")[0] not in PIXELS and not key.startswith("ICC")
        }
        assert names - {"SourceFile"} <= ALLOWED_TAGS, tags["SourceFile"]
    listed = subprocess.run(["exiv2", "-q", "-Pk", *shown], capture_output=True, text=True)
    keys = set(re.findall(r"\b(?:Exif|Iptc|Xmp)\.[\w.]+", listed.stdout))
    assert keys <= EXIV2, keys - EXIV2
    assert "Xmp.dc.creator" in keys


def test_every_poster_is_laid_out_for_every_destination_and_none_is_too_heavy(tiny: Path) -> None:
    campaign, _ = load(tiny)
    sent = [output for output in catalogue(campaign) if output.destination and output.kind == "picture"]
    assert {(output.destination, output.language) for output in sent if output.name == "boil-the-water"} == {
        (name, code) for name, row in DESTINATIONS.items() if not row.is_panels for code in ("fil", "ar", "km")
    }
    for output in sent:
        row, file = DESTINATIONS[output.destination], tiny / "dist" / output.path
        assert not row.most_bytes or file.stat().st_size <= row.most_bytes, output.path
        with Image.open(file) as image:
            assert image.format == output.format.upper()
            # A drawing keeps its size: its colours are reduced first.
            if output.name == "boil-the-water" and not row.keeps_shape and (not row.most_bytes or row.width >= 1080):
                assert image.size == (row.width, row.height)
            if output.destination == "status-story" and output.name == "boil-the-water":
                # Only background where apps show their own words.
                for top, bottom in ((0, 250), (1920 - 340, 1920)):
                    assert len(image.convert("RGB").crop((0, top, 1080, bottom)).getcolors()) == 1
    card = (tiny / "site/ar/index.html").read_text(encoding="utf-8")
    assert "pictures/open-graph/ar/boil-the-water-ar.jpg" in card
    assert (tiny / "site/pictures/open-graph/ar/boil-the-water-ar.jpg").is_file()
    assert not (tiny / "site/pictures/mms").exists()


def test_leaflet_travels_as_six_pictures_that_say_whose_they_are(tiny: Path) -> None:
    campaign, _ = load(tiny)
    for code in ("fil", "ar", "km"):
        panels = [tiny / f"dist/pictures/leaflet-panels/{code}/boil-the-water-{n}-{code}.png" for n in range(1, 7)]
        page = (tiny / f"site/{code}/leaflets/boil-the-water.html").read_text(encoding="utf-8")
        feet = []
        for panel in panels:
            assert panel.name in page
            with Image.open(panel) as image:
                assert image.width == 1080
                assert image.height > 2280
                feet.append(image.convert("RGB").crop((0, 2280, 1080, image.height)))
        # The same below each of them; no panel twice.
        assert min(likeness(feet[0], foot) for foot in feet) > 30
        assert len(feet[0].getcolors(10_000)) > 10
        assert len({panel.read_bytes() for panel in panels}) == 6
        inside = panels[0].with_name(f"boil-the-water-inside-{code}.png")
        assert inside.name in page
        with Image.open(inside) as image:
            assert image.width == 1600
            assert image.height > 1600 * 210 / 297
            # The panel that is read first, 100 mm of 297, is where reading begins.
            wide = round(1600 * 100 / 297)
            corner = image.convert("RGB").crop((0, 0, wide, wide) if code != "ar" else (1600 - wide, 0, 1600, wide))
        with Image.open(panels[2]) as image:
            assert likeness(corner, image.convert("RGB").crop((0, 0, 1080, 1080)).resize(corner.size)) > 20
    panel = next(output for output in catalogue(campaign) if output.part == "panels" and output.language == "fil")
    text = describe(campaign, panel)
    assert text["check"].replace("\u00a0", " ") == campaign.languages["fil"].strings["not-checked"]
    assert text["draft"]["line"].replace("\u00a0", " ") == campaign.languages["fil"].strings["draft-picture"]
    assert text["campaign"] == "Ligtas na tubig"


@pytest.mark.long
def test_tied_words_of_a_poster_stay_beside_its_picture(campaign_root: Path) -> None:
    page = campaign_root / "docs/fil/posters/boil-the-water.md"
    title = re.search(r"## (.+) \{#title\}", page.read_text(encoding="utf-8")).group(0)
    tied = "## Ang tubig\u00a0pakuluan. {#title}"
    page.write_text(page.read_text(encoding="utf-8").replace(title, tied), encoding="utf-8")
    run(campaign_root, "pictures", "--destination", "x-header", "--language", "fil")
    with Image.open(campaign_root / "dist/pictures/x-header/fil/boil-the-water-fil.png") as image:
        # Between the words and the rule beside the picture there is only sky.
        column = [image.convert("L").getpixel((941, y)) for y in range(4, 340)]
    assert max(column) - min(column) < 12


@pytest.mark.long
def test_title_that_does_not_fit_a_picture_names_shape_panel_and_lines(campaign_root: Path) -> None:
    page = campaign_root / "docs/fil/posters/boil-the-water.md"
    whole = page.read_text(encoding="utf-8")
    long = "Pakuluan muna ang tubig, isang minuto, bago inumin ng mga bata at ng matatanda sa bahay, sa paaralan"
    long = " ".join([long] * 8)
    page.write_text(re.sub(r"## .+ \{#title\}", f"## {long} {{#title}}", whole), encoding="utf-8")
    output = run(campaign_root, "pictures", "--destination", "x-header", "--language", "fil", code=1)
    assert re.search(r"The panel `title` is \d+ lines? too long .*\(x-header, 1500 × 500 pixels\)", output)
    page.write_text(re.sub(r"## .+ \{#title\}", f"## {long.replace(' ', '')} {{#title}}", whole), encoding="utf-8")
    output = run(campaign_root, "pictures", "--destination", "x-header", "--language", "fil", code=1)
    assert "is wider than the panel `title` (x-header, 1500 × 500 pixels)" in output


def test_a_page_shows_a_photo_with_its_caption_and_whose_it_is(tiny: Path) -> None:
    html = (tiny / "site/fil/boil.html").read_text(encoding="utf-8")
    figure = next(part for part in html.split("<figure>")[1:] if "photos-hills" in part).split("</figure>")[0]
    assert "Mga burol sa hamog." in figure
    assert "Budgie Desktop Developers" in figure
    placeholder = re.search(r"data:image/webp;base64,([\w+/=]+)", figure).group(1)
    assert len(placeholder) < 400
    assert Image.open(BytesIO(base64.b64decode(placeholder))).width == 16
    assert "<figure class=poster>" in (tiny / "site/fil/boil.html").read_text(encoding="utf-8")


def test_what_is_looked_at_is_painted_over_too(tiny: Path) -> None:
    output = run(tiny, "pictures", "--look", "hills")
    with Image.open(tiny / ".build/look/hills.png") as image:
        assert image.getpixel((int(image.width * 0.44), int(image.height * 0.64))) == (110, 110, 110)
    assert "hills.png" in output
    assert "There is no photo `hill`" in run(tiny, "pictures", "--look", "hill", code=1)
    assert "In assets/photos: hills" in run(tiny, "pictures", "--look", "hill", code=1)


def test_one_bad_photo_stops_one_picture_and_not_the_run(campaign_root: Path) -> None:
    broken = campaign_root / "assets/photos/well.jpg"
    broken.write_bytes(broken.read_bytes()[:9000])
    output = run(campaign_root, "pictures", "--destination", "mms", "--language", "fil", code=1)
    assert "The picture is cut off" in output
    assert "The others are in dist/" in output
    result = sorted(path.name for path in (campaign_root / "dist").rglob("*") if path.is_file())
    assert result == ["boil-the-water-fil.jpg", "hills-fil.jpg"]
    assert re.search(r"mms +640 × 800 +2 +[\d,]+ bytes +100,000 bytes", output)


def test_the_best_quality_that_fits_is_found_in_a_few_tries() -> None:
    tries = []

    def encode(quality: int) -> bytes:
        tries.append(quality)
        return bytes(int(20_000 * 1.04**quality))

    quality, data = best_quality(encode, 400_000, 30, 95)
    assert (quality, len(data) <= 400_000, len(encode(quality + 1)) > 400_000) == (76, True, True)
    assert len(tries) <= 5
    assert best_quality(encode, 1_000, 30, 95) is None


def test_sizes_that_surely_are_too_heavy_are_tried_once(monkeypatch) -> None:
    noise, tries = Image.effect_noise((1080, 1350), 40).convert("RGB"), []
    encode = crop._jpeg

    def recorded(picture: Image.Image, order: PictureRequest, quality: int) -> bytes:
        tries.append((picture.width, quality))
        return encode(picture, order, quality)

    monkeypatch.setattr(crop, "_jpeg", recorded)
    row = DESTINATIONS["whatsapp-telegram"]
    output = Output("picture", "noise", None, None, "jpeg", width=row.width, destination="whatsapp-telegram")
    data, size = crop.encode_request(noise, output, PictureRequest(None, row), "noise.jpg")
    assert len(data) <= row.most_bytes
    between = sorted({width for width, _ in tries} - {1080, size[0]})
    assert between
    assert [entry for entry in tries if entry[0] in between] == [(width, 68) for width in reversed(between)]


def test_a_notice_cannot_break_out_of_its_packet() -> None:
    packet = to_xmp(PictureMetadata("fil", Rights('"><x a="', "CC0-1.0"), caption="</rdf:RDF>&amp;"))
    assert b"<x a" not in packet
    assert b"&lt;/rdf:RDF&gt;&amp;amp;" in packet


def test_a_campaign_adds_changes_and_drops_destinations(campaign_root: Path) -> None:
    settings = campaign_root / "mkdocs.yml"
    raw = settings.read_text(encoding="utf-8")

    def write(rows: str) -> None:
        key = "      audiences:"
        settings.write_text(raw.replace(key, f"      destinations: {rows}\n{key}"), encoding="utf-8")

    write("{town-screen: {width: 1080, height: 1920, ending: png}, mms: {most_bytes: 60000}, x-header: no}")
    campaign, _ = load(campaign_root)
    assert campaign.destinations["town-screen"] == Destination(1080, 1920, ("png", "png"))
    assert campaign.destinations["mms"] == replace(DESTINATIONS["mms"], most_bytes=60000)
    assert "x-header" not in campaign.destinations
    assert list(campaign.destinations) == sorted(campaign.destinations)
    write("{Town: no, cholera-ward: {width: 9, height: 20}, new: {width: 100}, mms: {most_bytes: much}}")
    told = " ".join(stopping(campaign_root))
    for words in ("`Town` is not a plain name", "word to avoid", "`most_bytes` takes a number"):
        assert words in told
