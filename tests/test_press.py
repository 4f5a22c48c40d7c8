"""Releases, press kits and embargoes, on what really comes out."""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import lxml.etree
import pytest
from conftest import HERE, built_once, copy_campaign, copy_or_link, run
from edits import smallest_campaign
from PIL import Image, ImageCms
from recorded import mp3

from campaign.content import clock, load
from campaign.content.press_envelope import envelope
from campaign.content.releases import check_releases
from campaign.models.outputs import Artifact
from campaign.packs.plain_text import release_text
from campaign.packs.word_writer import release_document
from campaign.plan.outputs import catalogue
from campaign.plan.press_kits import press_pictures
from campaign.printing import describe
from campaign.website.feed import feed

GOLDEN = HERE / "golden"
# Words of no other text: they identify the release.
SECRET = "Bukas na bubuksan ng alkalde ang unang balon sa Burol"
ISSUED_TIME, LATER_TIME = "1764100000", "4102444800"  # November 2025 and January 2100
ENDS = "2099-01-01T00:00+08:00"


def unpacked(root: Path, code: str) -> dict[str, bytes]:
    with zipfile.ZipFile(root / f"dist/press/{code}/press-kit-{code}.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def golden_files(root: Path) -> dict[str, str]:
    """What a person can read of a kit: the release as text, the captions, the names of all files."""
    kit = unpacked(root, "fil")
    return {
        "release-fil.txt": kit["press-kit-fil/releases/start.txt"].decode(),
        "captions-fil.txt": kit["press-kit-fil/captions.txt"].decode(),
        "press-kit-fil.txt": "".join(f"{name}\n" for name in kit),
    }


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} does not hold {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def pdf_text(data: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


@pytest.mark.parametrize("name", ["release-fil.txt", "captions-fil.txt", "press-kit-fil.txt"])
def test_kit_reads_as_agreed(tiny, name):
    assert golden_files(tiny)[name] == (GOLDEN / name).read_text(encoding="utf-8")


def test_kit_is_opened_and_checked_by_tools_that_everybody_has(tiny, tmp_path):
    for code in ("fil", "ar"):
        zip = tiny / f"dist/press/{code}/press-kit-{code}.zip"
        assert zip.read_bytes() == (tiny / f"site/files/{code}/press-kit-{code}.zip").read_bytes()
        subprocess.run(["unzip", "-q", zip, "-d", tmp_path], check=True)
        done = subprocess.run(
            ["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=tmp_path / f"press-kit-{code}", capture_output=True
        )
        assert done.returncode == 0, done.stderr
        assert "Every file matches the list" in run(tmp_path, "verify", f"press-kit-{code}")
    names = list(unpacked(tiny, "fil"))
    assert names == sorted(names)
    assert all(name.isascii() for name in names)


@pytest.mark.parametrize(("code", "caption"), [("fil", "Mga burol sa hamog."), ("ar", "تلال في الضباب.")])
def test_photo_in_a_kit_is_for_print_and_for_screens_with_its_words_and_clean(tiny, code, caption):
    planted = (tiny / "assets/photos/hills.jpg").read_bytes()
    assert b"PLANTED-" in planted
    kit = {name.removeprefix(f"press-kit-{code}/"): data for name, data in unpacked(tiny, code).items()}
    assert [name for name, data in kit.items() if b"PLANTED-" in data] == []
    large, screen = f"pictures/print/hills-{code}.jpg", "pictures/screen/photos-hills-1280.jpeg"
    with Image.open(io.BytesIO(kit[large])) as print_size, Image.open(io.BytesIO(kit[screen])) as screen_size:
        assert (print_size.size, print_size.info["dpi"], screen_size.size) == ((1500, 1000), (300, 300), (1280, 853))
        # For printing: no colour is coarser than the picture, and its profile says which colours they are.
        assert [layer[1:3] for layer in print_size.layer] == [(1, 1)] * 3
        assert max(print_size.quantization[0]) <= 20
        assert "sRGB" in ImageCms.getProfileDescription(io.BytesIO(print_size.info["icc_profile"]))
    words = next(part for part in kit["captions.txt"].decode().split("\n\n") if large in part)
    assert words.startswith(f"{large}\n{screen}\n{caption}")
    assert words.rstrip().endswith("Budgie Desktop Developers – “tráfiku” ñ. CC0-1.0")
    assert f"hills-{code}.jpg: Budgie Desktop Developers – “tráfiku” ñ, CC0-1.0, https://creativecommons.org/" in (
        kit["licences/pictures.txt"].decode()
    )


@pytest.mark.parametrize(("code", "draft", "sender"), [("fil", "Borador.", "Halimbawang"), ("ar", "مسودة", "حملة")])
def test_pictures_of_a_kit_carry_caption_sender_draft_line_and_credit(tiny, tmp_path, code, draft, sender):
    kit = {name.removeprefix(f"press-kit-{code}/"): data for name, data in unpacked(tiny, code).items()}
    caption = {"fil": "Mga burol sa hamog.", "ar": "تلال في الضباب."}[code]
    shown = {
        "pictures/screen/photos-hills-1280.jpeg": caption,
        f"pictures/print/hills-{code}.jpg": caption,
        "art/boil-the-water.png": "",
        "art/boil-the-water.svg": "",
    }
    for name, words in shown.items():
        file = tmp_path / Path(name).name
        file.write_bytes(kit[name])
        tags = json.loads(subprocess.run(["exiftool", "-j", "-G0", file], capture_output=True, check=True).stdout)[0]
        xmp = {key.removeprefix("XMP:"): value for key, value in tags.items() if key.startswith("XMP:")}
        assert xmp["Description"].startswith(words), name
        assert xmp["AltTextAccessibility"], name
        assert re.search(f"{draft}.* {sender}", xmp["Instructions"]), name
        assert xmp["Source"] == "Ligtas na tubig"
        assert xmp["Creator"] == xmp["Credit"]
        assert xmp["UsageTerms"] == "CC0-1.0"
        if name.endswith(("jpeg", "jpg")):
            assert tags["IPTC:Caption-Abstract"] == xmp["Description"]
            assert tags["IPTC:SpecialInstructions"].startswith(xmp["Instructions"])
    with (
        Image.open(tmp_path / "photos-hills-1280.jpeg") as kept,
        Image.open(tiny / "site/pictures/photos-hills-1280.jpeg") as site,
    ):
        assert kept.tobytes() == site.tobytes()
        assert b"Instructions" not in site.info["xmp"]
    art = (tmp_path / "boil-the-water.svg").read_bytes()
    assert lxml.etree.fromstring(art)[0].tag == "{http://www.w3.org/2000/svg}metadata"


@pytest.mark.long
def test_kits_alone_are_made_without_the_rest_and_are_the_same_bytes(tiny, tmp_path):
    root = copy_campaign(tiny, tmp_path / "again")
    assert "press-kit" in run(root, "press", "--language", "fil")
    result = [path.relative_to(root / "dist").as_posix() for path in (root / "dist").rglob("*") if path.is_file()]
    assert result == ["press/fil/press-kit-fil.zip"]
    assert (root / "dist" / result[0]).read_bytes() == (tiny / "dist" / result[0]).read_bytes()
    assert "Nothing to do" in run(root, "press", "--language", "fil")


def test_release_on_paper_has_the_form_of_the_trade(tiny):
    kit = unpacked(tiny, "fil")
    text = pdf_text(kit["press-kit-fil/releases/start.pdf"])
    order = [
        "MAAARING ILATHALA AGAD",
        "Pakuluan muna: sinimulan",
        "ILOG, Nobyembre 20, 2026 – Sinimulan ngayon",
        "Kontak: Tagapagsalita ng kampanya Wala kaming alam na numero para sa midya.",
        "###",
        "Making Water Safe in an Emergency",
    ]
    places = [text.find(words) for words in order]
    assert -1 not in places, text
    assert places == sorted(places)


@pytest.mark.parametrize(("code", "is_rtl"), [("fil", False), ("ar", True)])
def test_release_for_word_processors_has_headings_lists_and_no_clock(tiny, code, is_rtl):
    from docx import Document

    data = unpacked(tiny, code)[f"press-kit-{code}/releases/start.docx"]
    document = Document(io.BytesIO(data))
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert [styles.count(name) for name in ("Title", "Heading 2", "List Number")] == [1, 3, 3]
    assert len(document.tables[0].rows) == 3
    assert all(paragraph._p.xpath("./w:pPr/w:bidi") for paragraph in document.paragraphs) == is_rtl
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    look = document.styles["Normal"].font.name, str(document.styles["Title"].font.color.rgb)
    assert look == ("Andika", "0C3640")
    about = document.core_properties
    assert (str(about.created), about.language, about.comments) == ("2026-11-25 00:00:00+00:00", code, "")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2026, 11, 25, 0, 0, 0)}


def test_links_of_releases_work_in_word_processors_and_are_spelled_out_in_text(tmp_path):
    from docx import Document

    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    edit(root, "docs/fil/press/start.md", "{{ call }}", "[Tulong](../get-help.md#by-phone).\n\n[Una](../index.md)")
    campaign, _ = load(root)
    page = campaign.pages["fil", "press/start.md"]
    address = "https://water.example/fil/get-help.html#by-phone"
    text = " ".join(release_text(campaign, page).split())
    assert f"Tulong ({address})" in text
    assert "Una" not in text  # a last line of links is for screens
    document = Document(io.BytesIO(release_document(campaign, page)))
    links = {link.text: link.url for paragraph in document.paragraphs for link in paragraph.hyperlinks}
    assert links["Tulong"] == address


def test_machines_read_the_release_and_whom_to_credit(tiny):
    data = re.compile(r'<script type="?application/ld\+json"?>(.*?)</script>', re.DOTALL)
    release, press = (
        json.loads(data.search((tiny / f"site/fil/{name}.html").read_text(encoding="utf-8")).group(1))["@graph"][0]
        for name in ("press/start", "press")
    )
    assert (release["@type"], release["datePublished"]) == ("NewsArticle", "2026-11-20T09:00:00+08:00")
    assert release["image"][0]["caption"].startswith("Isang kaldero")
    for page in (release, press):
        image, photo = page["image"]
        assert (image["@type"], image["creditText"], image["width"]) == ("ImageObject", "Drawn for this fixture", 2480)
        assert "creator" not in image  # whether a person or an organisation drew it is unknown
        assert photo["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
        assert photo["creator"] == {"@type": "Organization", "name": photo["creditText"]}
        assert photo["copyrightNotice"].endswith("ñ · CC0-1.0")
        assert photo["acquireLicensePage"].endswith("press.html")
    feed = (tiny / "site/fil/feed.xml").read_text(encoding="utf-8")
    assert '<published>2026-11-20T09:00:00+08:00</published><category term="release"/>' in feed


def test_journalist_gets_picture_and_fact_in_three_clicks(tiny, browser):
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto((tiny / "site/fil/index.html").as_uri())
    page.click("nav a[href='press.html']")
    assert page.locator("h1").inner_text() == "Para sa midya"
    shown = page.locator(".press-pictures li").first
    assert "Isang kaldero sa apoy" in shown.inner_text()
    assert "Drawn for this fixture. CC0-1.0" in shown.inner_text()
    href = shown.locator("ul.files a").first.get_attribute("href")
    picture = tiny / "site/fil" / href
    text = subprocess.run(
        ["exiftool", "-s3", "-PixelsPerUnitX", "-ImageWidth", "-Credit", picture], capture_output=True, text=True
    ).stdout.split("\n")
    assert text[:3] == ["11811", "2480", "Drawn for this fixture"]  # 11811 to the metre: 300 to the inch
    page.click("li:has-text('pinakatiyak') sup a")
    assert "Making Water Safe" in page.locator(":target").inner_text()
    page.close()


@pytest.fixture(scope="module")
def built_before(tmp_path_factory) -> Path:
    """A small campaign with its release under embargo, built at a moment before that ends."""

    def make(root: Path) -> None:
        smallest_campaign(HERE / "campaigns/tiny", root, ("open-graph", "press"))
        for code in ("fil", "ar"):
            edit(root, f"docs/{code}/press/start.md", 'embargo: ""', f"embargo: {ENDS}")
        words = f"{SECRET}. ![{SECRET}](balon.png) Mananatiling bukas"
        edit(root, "docs/fil/press/start.md", "Mananatiling bukas", words)
        shutil.copyfile(root / "docs/fil/pot-on-the-fire.png", root / "docs/fil/press/balon.png")
        (root / "docs/fil/press/start.mp3").write_bytes(mp3())
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOURCE_DATE_EPOCH", ISSUED_TIME)
            run(root, "build")

    return built_once(tmp_path_factory, "held", make)[0]


@pytest.fixture
def held(built_before, tmp_path, monkeypatch) -> Path:
    """The same at that moment, in a separate folder."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", ISSUED_TIME)
    return shutil.copytree(built_before, tmp_path / "held", copy_function=copy_or_link)


def everything(folder: Path) -> str:
    """Everything below a folder, names too, with archives and PDFs opened, independently of the check."""
    texts = []

    def read(name: str, data: bytes) -> None:
        texts.append(name)
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for inside in archive.namelist():
                    read(inside, archive.read(inside))
        elif data[:5] == b"%PDF-":
            texts.append(pdf_text(data))
        else:
            texts.append(data.decode("utf-8", errors="ignore"))

    for path in folder.rglob("*"):
        if path.is_file():
            read(path.relative_to(folder).as_posix(), path.read_bytes())
    return "\n".join(texts)


def test_second_release_under_embargo_may_share_sentences_with_what_is_public(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", ISSUED_TIME)
    root = tmp_path / "campaign"
    smallest_campaign(HERE / "campaigns/tiny", root, ("open-graph", "press"))
    first = root / "docs/fil/press/start.md"
    text = first.read_text("utf-8").replace('embargo: ""', f"embargo: {ENDS}")
    second = text.replace("languages: [fil, ar]", "languages: [fil]").replace("## Gaano", f"{SECRET}.\n\n## Gaano")
    (root / "docs/fil/press/second.md").write_text(second, "utf-8")
    run(root, "build")
    assert "Mananatiling bukas" in (root / "site/fil/press/start.html").read_text("utf-8")
    assert not (root / "site/fil/press/second.html").exists()
    assert SECRET not in "".join(everything(root / name) for name in ("site", "dist"))


def test_release_under_embargo_is_nowhere_until_its_time(held, monkeypatch):
    output = "".join(everything(held / name) for name in ("site", "dist"))
    for words in (SECRET, "sinimulan sa tatlong bayan", "press/start", "start-fil", "balon.png", "alkalde"):
        assert words not in output, words
    assert not re.search(r"(?<![\w-])start\.(html|pdf|txt|docx|mp3)", output)
    assert "Nothing to do" in run(held, "build")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", LATER_TIME)
    run(held, "build")
    assert SECRET in (held / "site/fil/press/start.html").read_text(encoding="utf-8")
    assert SECRET in unpacked(held, "fil")["press-kit-fil/releases/start.txt"].decode().replace("\n", " ")
    assert (held / "site/fil/press/start.mp3").is_file()


def test_check_finds_what_was_planted_in_every_kind_of_file(held):
    assert "under embargo" not in run(held, "check")
    root, small = held / "site", f"<p>{SECRET[:20]}<b>{SECRET[20:]}</b>"
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.txt", SECRET.upper())
    planted = {
        "site/fil/planted.html": small.encode(),
        "site/planted.json": json.dumps({"text": SECRET.replace("a", "á")}).encode(),
        "site/planted.js.map": json.dumps({"sourcesContent": [SECRET]}).encode(),
        "site/planted.js.gz": gzip.compress(SECRET.replace(" ", "\n").encode()),
        "site/planted.png": (held / "docs/fil/pot-on-the-fire.png").read_bytes() + SECRET.encode(),
        "dist/planted.zip": b"",
        "dist/press/planted.pdf": _release_pdf(held),
    }
    with zipfile.ZipFile(held / "dist/press/planted.zip", "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    del planted["dist/planted.zip"]
    for name, data in planted.items():
        (held / name).write_bytes(data)
    (root / "files/fil/start-fil-release.pdf").write_bytes(b"empty")
    broken = {"broken.zip": b"PK\x03\x04", "broken.gz": b"\x1f\x8b\x08", "broken.pdf": b"%PDF-1.7"}
    for name, data in broken.items():
        (root / name).write_bytes(data)
    output = run(held, "check", code=1)
    results = set(re.findall(r"^problem (\S+) (?:A sentence|The name|The file cannot be opened)", output, re.MULTILINE))
    assert results == {
        *planted,
        "dist/press/planted.zip/inner.zip/a.txt",
        "site/files/fil/start-fil-release.pdf",
        *(f"site/{name}" for name in broken),
    }, output


def _release_pdf(root: Path) -> bytes:
    """The PDF of the release that is under embargo, as a partner gets it."""
    run(root, "press", "--preview", "--for", "Radyo")
    with zipfile.ZipFile(root / "dist/press-preview/radyo/press-preview-fil.zip") as archive:
        return archive.read("press-preview-fil/start.pdf")


def test_preview_is_apart_and_marked_for_whom_it_is(held):
    shutil.rmtree(held / "site")
    output = run(held, "press", "--preview", "--for", "Rádyo Uno", "--for", "TV")
    assert sorted(re.findall(r"^dist/\S+", output, re.MULTILINE)) == [
        f"dist/press-preview/{partner}/press-preview-{code}.zip"
        for partner in ("radyo-uno", "tv")
        for code in ("ar", "fil")
    ]
    with zipfile.ZipFile(held / "dist/press-preview/radyo-uno/press-preview-fil.zip") as archive:
        files = {name.split("/")[-1]: archive.read(name) for name in archive.namelist()}
    assert sorted(files) == ["README.txt", "SHA256SUMS", "start.docx", "start.pdf", "start.txt"]
    with zipfile.ZipFile(io.BytesIO(files["start.docx"])) as archive:
        words = re.sub(r"<[^>]*>", "", archive.read("word/document.xml").decode())
    for text in (pdf_text(files["start.pdf"]), files["start.txt"].decode(), words):
        assert "Rádyo Uno" in text
        assert "enero 1, 2099" in text.lower()
        assert "TV" not in text
    assert not (held / "site").exists()
    run(held, "build")
    assert not (held / "dist/press-preview").exists()


def test_link_to_a_release_under_embargo_is_refused(held):
    edit(held, "docs/fil/press.md", "{{ press-kit }}", "{{ press-kit }}\n\n[Bukas](press/start.md)")
    output = run(held, "build", code=1)
    assert re.search(
        r"problem docs/fil/press.md:\d+ The page links to a release that is under embargo: start.md", output
    )


def test_front_matter_of_a_release_is_read_strictly(tiny, tmp_path):
    root = copy_campaign(tiny, tmp_path / "wrong")
    edit(root, "docs/fil/press/start.md", "release_date: 2026-11-20T09:00+08:00", "release_date: 2026-11-20 09:00")
    edit(root, "docs/fil/press/start.md", "languages: [fil, ar]", "languages: [fil, ar, km, xx]")
    edit(root, "docs/fil/press/start.md", "dateline: ILOG\n", "")
    edit(root, "docs/ar/press/start.md", 'embargo: ""', "embargo: 2026-11-19T09:00+08:00")
    output = run(root, "check", code=1)
    for words in (
        "docs/fil/press/start.md:6 `2026-11-20 09:00` isn't an unambiguous date and time.",
        "docs/fil/press/start.md:2 `dateline` is missing.",
        "docs/fil/press/start.md The release must be issued in `km`, and there is no docs/km/press/start.md.",
        "docs/fil/press/start.md `languages` names `xx`. Choose from: fil, ar, km.",
        "docs/ar/press/start.md:8 The embargo ends before the release is issued.",
        "docs/ar/press/start.md The embargo is not that of the source language.",
    ):
        assert words in output, output


def test_date_ahead_without_an_embargo_is_noted(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "ahead")

    def notes(date):
        edit(root, "docs/fil/press/start.md", "release_date: 20", f"release_date: {date} # 20")
        return [
            check_release.message
            for check_release in check_releases(load(root)[0])
            if check_release.id == "release-ahead"
        ]

    assert notes(f"{clock.now():%Y-%m-%dT23:59+00:00}") == []
    assert notes("2099-01-01T09:00+08:00") == [
        "It is dated 2099-01-01, and has no embargo: the next build publishes it."
    ]


def test_press_contact_is_for_journalists_only(tiny, tmp_path):
    root = copy_campaign(tiny, tmp_path / "asked")
    person = "  - {id: ana, kind: press, name: Ana, phone: 07700 900113, languages: [fil], source: drama-numbers}\n"
    with (root / "assets/contacts/national.yml").open("a", encoding="utf-8") as file:
        file.write(person)
    campaign, problems = load(root)
    assert not problems
    assert envelope(campaign, campaign.pages["fil", "press/start.md"]).contacts == (
        "Kontak: Tagapagsalita ng kampanya",
        "Ana: 07700 900113 · Nagsasalita ng: Filipino · Wala pang tumitiyak sa numerong ito.",
    )
    assert "ana" not in [contact.id for contact in campaign.contacts]


def test_release_with_gaps_is_not_let_out(tiny, tmp_path):
    root = copy_campaign(tiny, tmp_path / "gaps")
    edit(root, "docs/fil/press/start.md", "Mananatiling bukas", "[Pangalan ng samahan] Mananatiling bukas")
    output = run(root, "build", "--release", code=1)
    assert re.search(r"problem docs/fil/press/start.md:\d+ There is a gap to fill in: \[Pangalan ng samahan\]", output)
    assert output.count("There is a gap") == 1
    campaign = load(root)[0]
    language, page = campaign.languages["fil"], campaign.pages["fil", "press/start.md"]
    assert envelope(campaign, page).line == language.strings["kit-example"]
    assert "press/start" not in feed(campaign, language)
    paper = next(o for o in catalogue(campaign) if o.name == "start" and o.kind == "release" and o.language == "fil")
    assert describe(campaign, paper)["draft"]["across"] == language.strings["kit-example-short"]


def test_photo_for_the_press_alone_is_on_no_site_and_in_no_kit(tiny, tmp_path):
    root = copy_campaign(tiny, tmp_path / "photos")
    (root / "assets/photos").mkdir(exist_ok=True)
    words = [
        "well: {caption: Isang balon, alt: Balon sa ilalim ng puno}",
        "pump: {caption: Isang poso, alt: Poso sa plasa}",
    ]
    (root / "docs/fil/_photos.yml").write_text("\n".join(words) + "\n", encoding="utf-8")
    for name, scope in (("well", "press"), ("pump", "press, site")):
        shutil.copyfile(root / "docs/fil/pot-on-the-fire.png", root / f"assets/photos/{name}.png")
        consent = f"{{form: office, scope: [{scope}], until: 2099-01-01}}"
        text = f"credit: Ana\nlicence: CC-BY-4.0\ntaken: 2026-05\nconsent: {consent}\n"
        (root / f"assets/photos/{name}.yml").write_text(text, encoding="utf-8")
    campaign, _ = load(root)
    sent = [
        output for output in catalogue(campaign) if output.destination == "press" and output.name in ("well", "pump")
    ]
    assert {item.name for item in sent if item.public} == {"pump"}
    result = [Artifact(output, root, 1, "", 900, 900) for output in sent]
    (picture,) = press_pictures(campaign, "fil", result)
    assert (picture.caption, picture.alt, picture.rights.credit) == ("Isang poso", "Poso sa plasa", "Ana")


@pytest.fixture
def kit(tiny, tmp_path) -> Path:
    subprocess.run(["unzip", "-q", tiny / "dist/press/fil/press-kit-fil.zip", "-d", tmp_path], check=True)
    return tmp_path / "press-kit-fil"


def test_verify_names_what_is_missing_changed_added_and_what_leads_out(kit):
    (kit / "captions.txt").unlink()
    (kit / "README.txt").write_text("changed")
    (kit / "logos/added.svg").write_text("<svg/>")
    (kit / "link").symlink_to("/etc")
    zeros = "0" * 64
    with (kit / "SHA256SUMS").open("a") as file:
        file.write(f"{zeros}  ../outside\n{zeros}  /etc/hostname\n{zeros}  link/hostname\n{zeros}  c:\\x\nnonsense\n")
    output = run(kit.parent, "verify", "press-kit-fil", code=1)
    for words in (
        "A file is missing: captions.txt.",
        "A file was changed: README.txt.",
        "logos/added.svg The list doesn't name this file",
        "link The list doesn't name this file",
        *(f"outside the folder: {name}." for name in ("../outside", "/etc/hostname", "link/hostname", "c:\\x")),
        "This isn't a line of a list of checksums.",
    ):
        assert words in output, output
    assert output.count("problem") == 9


def test_signature_of_ssh_counts_only_for_the_key_that_was_given(kit, tmp_path):
    for name in ("staff", "thief"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", tmp_path / name]
        subprocess.run(command, check=True)
        public = " ".join((tmp_path / f"{name}.pub").read_text().split()[:2])
        (tmp_path / f"{name}-allowed").write_text(f'{name}@example.org namespaces="file" {public}\n')
    folder = str(kit)
    assert "This list isn't signed" in run(tmp_path, "verify", folder)
    subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-n", "file", "-f", tmp_path / "staff", kit / "SHA256SUMS"], check=True
    )
    assert "no key to check it with" in run(tmp_path, "verify", folder)
    assert 'Good "file" signature for staff@example.org' in run(tmp_path, "verify", folder, "--key", "staff-allowed")
    assert 'Good "file" signature for this-key' in run(tmp_path, "verify", folder, "--key", "staff.pub")
    assert "is not good" in run(tmp_path, "verify", folder, "--key", "thief-allowed", code=1)
    assert "is not good" in run(tmp_path, "verify", folder, "--key", "thief.pub", code=1)
    assert "is not good" in run(
        tmp_path, "verify", folder, "--key", "staff-allowed", "--signer", "boss@example.org", code=1
    )
    (kit / "SHA256SUMS").write_text((kit / "SHA256SUMS").read_text() + "\n")
    assert "is not good" in run(tmp_path, "verify", folder, "--key", "staff-allowed", code=1)


def test_signature_of_a_zip_is_checked_without_unpacking_it(tiny, tmp_path):
    zip = shutil.copy(tiny / "dist/press/fil/press-kit-fil.zip", tmp_path)
    assert "This file isn't signed" in run(tmp_path, "verify", zip, code=1)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "staff"], check=True)
    public = " ".join((tmp_path / "staff.pub").read_text().split()[:2])
    (tmp_path / "allowed").write_text(f'staff@example.org namespaces="file" {public}\n')
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", "file", "-f", tmp_path / "staff", zip], check=True)
    assert "no key to check it with" in run(tmp_path, "verify", zip, code=1)
    output = run(tmp_path, "verify", zip, "--key", "allowed")
    assert 'Good "file" signature for staff@example.org' in output
    assert "The signature is valid." in output
    with Path(zip).open("ab") as file:
        file.write(b"\0")
    assert "is not good" in run(tmp_path, "verify", zip, "--key", "allowed", code=1)


def test_signature_of_minisign_counts_only_for_the_key_that_was_given(kit, tmp_path):
    for name in ("staff", "thief"):
        command = ["minisign", "-G", "-W", "-p", tmp_path / f"{name}.pub", "-s", tmp_path / f"{name}.key"]
        subprocess.run(command, check=True, capture_output=True)
    command = ["minisign", "-S", "-W", "-s", tmp_path / "staff.key", "-m", kit / "SHA256SUMS"]
    subprocess.run(command, check=True, capture_output=True)
    assert "Signature and comment signature verified" in run(tmp_path, "verify", str(kit), "--key", "staff.pub")
    assert "is not good" in run(tmp_path, "verify", str(kit), "--key", "thief.pub", code=1)


def test_signature_of_minisign_without_its_program_says_what_to_install(kit, tmp_path, monkeypatch):
    (kit / "SHA256SUMS.minisig").write_text("untrusted comment: x\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    output = run(tmp_path, "verify", str(kit), "--key", "staff.pub", code=1)
    assert "minisign is not installed" in output
