"""Unintended publication: stray files, metadata, hidden layers, originals of photos. The test searches for marks."""

from __future__ import annotations

import base64
import io
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pikepdf
import planted
import pptx
import pytest
import recorded
from conftest import HERE, built_once, copy_campaign, copy_or_link, mostly_long, run
from edits import smallest_campaign
from lxml import etree
from needed_tools import require_package
from PIL import Image
from plant_campaign import LEFTOVERS, RELEASE, STRAYS, copy_planted
from searched import marks_in

from campaign.cache.archive import unzip, zip_bytes
from campaign.cache.memo import Memo
from campaign.checks.embargo import check_linked
from campaign.checks.files import check_files
from campaign.checks.photos import check_photos
from campaign.cleaning.icc import clean_profile
from campaign.cleaning.pdf import clean_pdf
from campaign.cleaning.photo import clean_photo, traces
from campaign.cleaning.recording import clean_recording
from campaign.cleaning.svg import clean_svg, parse_svg
from campaign.cleaning.svg_boxes import matrix_of, points_box
from campaign.content import load
from campaign.content.adopting import copy_written
from campaign.content.clean_files import clean_data, cleaned_file
from campaign.content.public_files import public_files
from campaign.images.stored import is_covered, stored_photo
from campaign.models.leftovers import is_leftover

TINY = HERE / "campaigns/tiny"
# Of pictures: for pages, newspapers, phones with little memory, packs, and one of each panel.
SHAPES = ("open-graph", "press", "mms", "whatsapp-telegram", "leaflet-panels")
PRIVATE = (
    *("victims.csv", "interviews.xlsx", "wa-chat.txt", "id_rsa", "VICTIMS.XLS", "mail.eml", "box.mbox", "people.vcf"),
    *(
        "deep/down/report.docx",
        "slides.pptx",
        "host.pem",
        "keys.kdbx",
        ".git-credentials",
        "way-to-the-house.gpx",
        "houses.kml",
        "cases.gsheet",
        "notes.odt",
        "result.json",
        "backup.zip",
        ".env",
        "ＶＩＣＴＩＭＳ．ＣＳＶ",
        "victims.csv ",
    ),
)


@pytest.fixture(scope="module")
def marked(tmp_path_factory) -> Path:
    """The tiny campaign in two languages, with one place and a picture of each kind, marked everywhere, and built."""

    def make(root: Path) -> None:
        source = smallest_campaign(TINY, root.with_name(f"{root.name} source"), SHAPES, has_leaflet=True)
        copy_planted(source, root)
        shutil.rmtree(source)
        run(root, "build")

    shared, own = built_once(tmp_path_factory, "marked", make)
    return own if own.exists() else shutil.copytree(shared, own, copy_function=copy_or_link)


@pytest.fixture
def tiny_copy(tmp_path) -> Path:
    return copy_campaign(TINY, tmp_path / "campaign")


def found_in(root: Path) -> dict[str, str]:
    """file -> id of its problem, from checks of files only."""
    return {check_file.where: check_file.id for check_file in check_files(load(root)[0])}


def test_no_mark_is_in_the_site_or_in_what_is_handed_over(marked):
    assert marks_in(marked / "site") == []
    assert marks_in(marked / "dist") == []
    # All marks were planted.
    ours = (".html", ".json", ".js", ".xml")
    assert {path.name for path in (marked / "site/fil").glob("*.*") if path.suffix not in ours} == {
        "boil.mp3",
        "boil.opus",
        "table.pdf",
    }
    assert (marked / "site/ar/boil.ogg").is_file()
    for name in ("hills", "river", "well", "field", "coast"):
        assert list((marked / "site/pictures").glob(f"photos-{name}-*.jpeg")), name
    assert (marked / "site/pictures/boil-the-water-hero.svg").is_file()


@pytest.mark.parametrize("command", mostly_long(["packs", "stick", "hotspot", "zim"], "packs", "stick"))
def test_no_mark_is_in_copies_that_are_carried(marked, tmp_path, command):
    target = tmp_path / "out"
    if command == "zim":
        require_package("libzim")
    words = {"packs": [], "zim": []}.get(command, [str(target)])
    run(marked, command, *words)
    assert marks_in(marked / "dist" if command in ("packs", "zim") else target) == []
    assert any((marked / "dist" if command in ("packs", "zim") else target).rglob("*"))


def test_no_mark_is_in_files_that_offices_change(marked, tmp_path):
    root = shutil.copytree(
        marked, tmp_path / "campaign", ignore=shutil.ignore_patterns("site", "dist"), copy_function=copy_or_link
    )
    scene, cells = "{{ scene name=boil-the-water }}", "| Tubig | |\n| --- | --- |\n| Tubig | |"
    for name in ("handout", "slides"):
        text = (
            f"---\ntitle: Tubig\nformats: [{name}]\n---\n\n## Tubig {{#a}}\n\n## Tubig {{#b}}\n\n{scene}\n\n{cells}\n"
        )
        (root / f"docs/fil/{name}.md").write_text(text, encoding="utf-8")
    run(root, "editable", "--language", "fil")
    assert {path.suffix for path in (root / "dist/editable/fil").iterdir()} == {".docx", ".pdf", ".pptx"}
    assert marks_in(root / "dist") == []


def test_plain_mkdocs_publishes_no_more_than_our_own_build(marked, tmp_path):
    root = shutil.copytree(
        marked, tmp_path / "campaign", ignore=shutil.ignore_patterns("site", "dist"), copy_function=copy_or_link
    )
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q"], cwd=root, check=True, capture_output=True)
    assert marks_in(root / "site") == []
    assert not [name for name in STRAYS if (root / "site/fil" / name).exists()]


def test_what_an_office_gets_has_no_leftovers_and_no_originals(marked, tmp_path):
    root = shutil.copytree(marked, tmp_path / "campaign", ignore=shutil.ignore_patterns("site", "dist", ".build"))
    run(root, "tidy", "--yes")
    assert (root / "originals/hills.jpg").is_file()
    copy_written(root, tmp_path / "office", ("docs", "assets", "public", "handed-out"))
    names = {path.name for path in (tmp_path / "office").rglob("*")}
    assert not names & {*LEFTOVERS}
    assert not (tmp_path / "office/originals").exists()
    texts = [mark for mark in marks_in(tmp_path / "office/assets/photos") if "yaml" not in mark]
    assert texts == []


@pytest.mark.parametrize("name", PRIVATE)
def test_private_files_among_pages_stop_the_build(tiny_copy, name):
    path = tiny_copy / "docs/fil" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"PLANTED")
    assert found_in(tiny_copy)[f"docs/fil/{name}"] == "file-private"


@pytest.mark.parametrize(
    ("link", "text"),
    [
        ("[x](press/embargoed.mp3)", {"embargo-linked"}),
        ("[x](press/%65mbargoed.mp3)", {"embargo-linked"}),
        ("[x](press/chart.pdf)", {"embargo-file"}),
        ("", set()),
    ],
)
def test_files_of_a_release_under_embargo_are_known_on_other_pages(tiny_copy, link, text):
    press = tiny_copy / "docs/fil/press"
    (press / "embargoed.md").write_text(f"{RELEASE}\n[Chart](chart.pdf)\n", "utf-8")
    (press / "embargoed.mp3").write_bytes(recorded.mp3())
    (press / "chart.pdf").write_bytes(planted.pdf())
    page = tiny_copy / "docs/fil/boil.md"
    page.write_text(f"{page.read_text('utf-8')}\n{link}\n", "utf-8")
    assert {item.id for item in check_linked(load(tiny_copy)[0])} == text


@pytest.mark.parametrize(
    "data",
    [
        b"-----BEGIN OPENSSH PRIVATE KEY-----\nx",
        b"PK\x03\x04 a workbook",
        b"\xd0\xcf\x11\xe0 an old document",
        b"Received: from x\nFrom: Ana\n\nHi",
        b"SQLite format 3\0",
        b"[12/05/2026, 10:22:13] Ana: I am afraid\n[12/05/2026, 10:23:01] Rui: Call me\n",
        b"12/05/26, 10:22 - Ana: I am afraid\n12/05/26, 10:23 - Rui: Call me\n",
    ],
)
def test_private_files_are_known_by_what_they_hold(tiny_copy, data):
    (tiny_copy / "docs/fil/about.dat").write_bytes(data)
    assert found_in(tiny_copy)["docs/fil/about.dat"] == "file-private"


@pytest.mark.parametrize(
    "name",
    [
        *("id_rsa", ".env", ".env.local", ".git/config", "old/.svn/entries", ".ssh/x", "KEY.PEM", "people.sqlite3"),
        *(
            "box.mbox",
            "mail.eml",
            "WhatsApp Chat with Ana.txt",
            "wa-chat.zip",
            "dump.SQL",
            ".netrc",
            "credentials.json",
        ),
    ],
)
def test_keys_and_messages_in_public_stop_the_build(tiny_copy, name):
    path = tiny_copy / "public" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"PLANTED")
    assert found_in(tiny_copy) == {f"public/{name}": "file-private"}


@pytest.mark.parametrize(
    "data",
    [
        b"-----BEGIN OPENSSH PRIVATE KEY-----\nx",
        b"-----BEGIN RSA PRIVATE KEY-----\nx",
        b"#!/bin/sh\nexport KEY=AKIAABCDEFGHIJKLMNOP\n",
        b"Received: from x\nFrom: Ana\n\nHi",
        b"SQLite format 3\0",
        "\ufeff12/05/26, 10:22 - Ana: I am afraid\n12/05/26, 10:23 - Rui: Call me\n".encode(),
    ],
)
def test_keys_and_messages_in_public_are_known_by_what_they_hold(tiny_copy, data):
    (tiny_copy / "public").mkdir()
    (tiny_copy / "public/about.txt").write_bytes(data)
    assert found_in(tiny_copy) == {"public/about.txt": "file-private"}


def test_what_a_host_or_a_reader_wants_in_public_is_published(tiny_copy):
    expected = {
        "CNAME": b"help.example\n",
        "robots.txt": b"User-agent: *\n",
        ".well-known/security.txt": b"Contact: mailto:a@b.example\n",
        ".well-known/assetlinks.json": b"[]",
        "pgp.asc": b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n",
        "prices.xlsx": planted.office("xlsx"),
        "prices.csv": b"a,b\n",
        ".nojekyll": b"",
        "form.docx": planted.office("docx"),
        "phone.jpg": planted.jpeg(),
        ".well-known/openpgpkey/hu/k": b"\x99\x01\x0d\x04\0",
        "google0123456789abcdef.html": b"google-site-verification: google0123456789abcdef.html",
    }
    for name, data in expected.items():
        path = tiny_copy / "public" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    assert found_in(tiny_copy) == {}
    published = dict(public_files(tiny_copy))
    assert published.keys() == expected.keys()
    unchanged = {name for name in expected if published[name].read_bytes() == expected[name]}
    assert unchanged == expected.keys() - {"prices.xlsx", "form.docx", "phone.jpg"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("film.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0"),
        ("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1"),
        ("letter.rtf", rb"{\rtf1{\info{\author Ana}}}"),
        ("notes.odt", b"PK\x03\x04"),
        ("photo.txt", planted.jpeg()),
        ("photo", planted.jpeg()),
        ("drawing.txt", planted.svg()),
        ("rules.text", b"\n%PDF-1.4 (Ana)"),
        (".well-known/photo", planted.jpeg()),
        ("page.html", b'<html xmlns:o="urn:schemas-microsoft-com:office:office"><o:Author>Ana</o:Author>'),
        ("data.bin", b"Ana\0"),
        ("form.docx", b"PK\x03\x04 cut off"),
    ],
)
def test_files_of_public_that_cannot_be_cleaned_stop_the_build(tiny_copy, name, data):
    path = tiny_copy / "public" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    assert found_in(tiny_copy) == {f"public/{name}": "file-not-cleanable"}


def office_file(kind: str, **parts: str) -> bytes:
    """An office file with `{part}` written before the end of its main part, or as a part of its own."""
    members = unzip(clean_data(planted.office(kind), f"x.{kind}"))
    for name, text in parts.items():
        name = name.replace("__", "/")
        head, end, rest = members.get(f"{name}.xml", b"<x></x>").rpartition(b"</")
        members[f"{name}.xml"] = head + text.encode() + end + rest
    return zip_bytes(members, date(2026, 1, 1))


@pytest.mark.parametrize(
    ("kind", "parts", "words"),
    [
        ("docx", {"word__document": '<w:p><w:ins w:author="A"><w:r><w:t>x</w:t></w:r></w:ins></w:p>'}, "tracked"),
        ("docx", {"word__document": "<w:p><w:pPr><w:pPrChange/></w:pPr></w:p>"}, "tracked changes"),
        ("docx", {"word__document": "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r></w:p>"}, "hidden text"),
        ("docx", {"word__document": r"<w:instrText>INCLUDETEXT C:\\ana.docx</w:instrText>"}, "names a file"),
        ("docx", {"word__document": '<a:srcRect xmlns:a="a" l="20000"/>'}, "cropped"),
        ("docx", {"word__comments": "Ana"}, "comments"),
        ("docx", {"word__embeddings__a": "x"}, "an embedded file"),
        ("docx", {"word__new__a": "x"}, "`word/new/a.xml`"),
        ("xlsx", {"xl__workbook": '<sheet state="veryHidden"/>'}, "hidden sheets"),
        ("xlsx", {"xl__worksheets__sheet1": '<row hidden="1"><c r="A1"><v>1</v></c></row>'}, "hidden rows"),
        (
            "xlsx",
            {"xl__worksheets__sheet1": '<col min="27" max="30" hidden="1"/><row><c r="AB1"><v>1</v></c></row>'},
            "columns",
        ),
        ("xlsx", {"xl__externalLinks__externalLink1": "x"}, "links to other files"),
        ("pptx", {"ppt__notesSlides__notesSlide1": "x"}, ""),
        ("pptx", {"ppt__presentation": '<sld show="0"/>'}, "hidden slides"),
        ("docx", {"word__document": "<w:p><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>x</w:t></w:r></w:p>"}, ""),
        ("docx", {"word__document": '<a:srcRect xmlns:a="a" l="-20000" t="0"/>'}, ""),
        ("xlsx", {"xl__worksheets__sheet1": '<col min="27" max="16384" hidden="1"/>'}, ""),
    ],
)  # fmt: skip
def test_hidden_parts_of_office_files_are_named_and_stop_the_build(tiny_copy, kind, parts, words):
    path = tiny_copy / f"public/form.{kind}"
    path.parent.mkdir()
    path.write_bytes(office_file(kind, **parts))
    problems = [item for item in check_files(load(tiny_copy)[0]) if item.id == "file-not-cleanable"]
    assert len(problems) == bool(words)
    assert words in "".join(item.message for item in problems)


def test_cleaned_office_files_open_and_show_the_same():
    document = docx.Document(io.BytesIO(clean_data(planted.office("docx"), "form.docx")))
    assert len(document.inline_shapes) == 1
    workbook = openpyxl.load_workbook(io.BytesIO(clean_data(planted.office("xlsx"), "prices.xlsx")))
    assert workbook.active["A1"].value == "Tubig"
    assert len(workbook.active._images) == 1
    talk = pptx.Presentation(io.BytesIO(clean_data(planted.office("pptx"), "talk.pptx")))
    assert [shape.shape_type.name for shape in talk.slides[0].shapes] == ["PICTURE"]


@pytest.mark.parametrize("orientation", [1, 6])
def test_photos_of_public_stay_turned(orientation):
    exif, file = Image.Exif(), io.BytesIO()
    exif[0x112] = orientation
    Image.new("RGB", (16, 8)).save(file, "jpeg", exif=exif)
    cleaned = Image.open(io.BytesIO(clean_data(file.getvalue(), "phone.jpg")))
    assert cleaned.getexif().get(0x112, 1) == orientation


def test_other_strays_are_named_once_and_published_nowhere(tiny_copy):
    for name in (
        "docs/fil/old.png",
        "docs/fil/sheet.css",
        "docs/note.pdf",
        "assets/list.csv",
        "assets/posters/x/brief.docx",
        "docs/fil/page.MD",
        "assets/contacts/north.YML",
    ):
        (tiny_copy / name).parent.mkdir(exist_ok=True)
        (tiny_copy / name).write_bytes(b"x")
    result = found_in(tiny_copy)
    assert result == dict.fromkeys(result, "file-stray")
    assert len(result) == 7
    fixes = [check_file.fix for check_file in check_files(load(tiny_copy)[0]) if check_file.where == "docs/fil/page.MD"]
    assert fixes == ["If it belongs to the campaign, rename it to `docs/fil/page.md`."]


def test_a_page_links_to_a_pdf_beside_it_and_to_any_file_of_public(small, tmp_path):
    root = copy_campaign(small, tmp_path / "campaign", is_warm=True)
    (root / "docs/fil/table.pdf").write_bytes(planted.pdf())
    (root / "public").mkdir()
    (root / "public/prices.csv").write_text("a,b\n")
    page = root / "docs/fil/boil.md"
    page.write_text(page.read_text("utf-8") + "\n[Isa](table.pdf) [Dalawa](/prices.csv)\n", "utf-8")
    run(root, "build")
    html = (root / "site/fil/boil.html").read_text("utf-8")
    assert 'href="table.pdf"' in html.replace("href=table.pdf", 'href="table.pdf"')
    assert "../prices.csv" in html
    assert (root / "site/prices.csv").is_file()
    assert marks_in(root / "site") == []
    page.write_text(page.read_text("utf-8") + "\n[Tatlo](prices.xlsx)\n", "utf-8")
    (root / "docs/fil/prices.xlsx").write_bytes(b"PK\x03\x04")
    output = run(root, "check", code=1)
    assert "(link-to-file)" in output


@pytest.mark.parametrize(
    "name",
    [
        "Thumbs.db",
        "thumbs.DB",
        ".DS_Store",
        "desktop.ini",
        "._page.md",
        "~$page.docx",
        "page.md~",
        "page.bak",
        "x.part",
        ".page.md.swp",
        "page.md.orig",
        "page.md.rej",
        "#page.md#",
        ".#page.md",
        ".~lock.page.odt#",
        "page.tmp",
        "page.sync-conflict-20261130-101500-ABCDEFG.md",
        "page (Ana's conflicted copy 2026-11-30).md",
        "page (Konfliktkopie von Ana 2026-11-30).md",
        "page (copie en conflit de Ana).md",
        "page (cópia em conflito).md",
        "page (copia in conflitto).md",
        "page (конфликтующая копия).md",
        "page (冲突副本).md",
        "page (salinan konflik).md",
        "page_conflict-20261130-101500.md",
        "page-DESKTOP-AB12CD3.md",
        "page.Conflict.md",
        "page (SFConflict ana@x).md",
        "@eaDir/page.md",
        "__MACOSX/._page.md",
        ".Trashes/page.md",
    ],
)
def test_leftovers_are_known_by_their_names(name):
    assert is_leftover(f"docs/en/{name}")


@pytest.mark.parametrize(
    "name",
    [
        "conflict.md",
        "armed-conflict.md",
        "about.md",
        "_strings.yml",
        "part.md",
        "backup-plan.md",
        ".well-known/security.txt",
        ".gitignore",
        "robots.txt",
        "desktop.md",
        "CNAME",
    ],
)
def test_ordinary_names_are_no_leftovers(name):
    assert not is_leftover(f"docs/en/{name}")


def test_leftovers_stop_nothing_are_told_in_one_note_and_cleared_when_asked(tiny_copy):
    before = {(item.id, item.where) for item in load(tiny_copy)[1]}
    folders = (
        "docs",
        "docs/fil",
        "docs/fil/press",
        "assets",
        "assets/photos",
        "assets/posters",
        "assets/logos",
        "assets/pictograms",
        "assets/contacts",
        "assets/posters/boil-the-water",
        "public",
    )
    (tiny_copy / "public").mkdir()
    for folder in folders:
        for name in LEFTOVERS:
            (tiny_copy / folder / name).write_bytes(b"\xff\xfe not a text")
    (tiny_copy / "docs/fil/.#boil.md").symlink_to("ana@host.123")
    (tiny_copy / "docs/fil/@eaDir").mkdir()
    (tiny_copy / "docs/fil/@eaDir/x.md").write_text("no page")
    assert {(item.id, item.where) for item in load(tiny_copy)[1]} == before
    results = list(check_files(load(tiny_copy)[0]))
    assert results[0].id == "file-leftover"
    assert "campaign tidy" in results[0].fix
    second_versions = {item.where for item in results[1:]}
    assert {item.id for item in results[1:]} == {"file-second-version"}
    assert {name.rpartition("/")[0] for name in second_versions} == {"docs/fil"}  # where there is a boil.md
    output = run(tiny_copy, "tidy", "--dry-run")
    assert "delete docs/fil/Thumbs.db" in output
    assert (tiny_copy / "docs/fil/Thumbs.db").exists()
    run(tiny_copy, "tidy", "--yes")
    assert {item.where for item in check_files(load(tiny_copy)[0])} == second_versions
    assert not (tiny_copy / "docs/fil/@eaDir").exists()


@pytest.mark.parametrize(
    "name",
    [
        *("boil.md~", "boil.md.orig", "boil.docx.bak", ".boil.md.swp", "#boil.md#", "boil.md.part", "~$boil.docx"),
        *("._boil.md", ".stversions/boil.md", ".Trash-1000/files/boil.md"),
    ],
)
def test_tidying_deletes_nothing_that_may_be_the_only_copy_of_a_text(tiny_copy, name):
    path = tiny_copy / "docs/fil" / name
    for words in (b"first", b"second"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(words)
        assert "tidied/" in run(tiny_copy, "tidy", "--yes")
        assert not path.exists()
    kept = [item.read_bytes() for item in (tiny_copy / "tidied").rglob("*") if item.name == path.name]
    assert sorted(kept) == [b"first", b"second"]
    assert (tiny_copy / "tidied/.gitignore").read_text() == "*\n"


@pytest.mark.parametrize(
    "name", ["hill.sync-conflict-20261130-101500-ABCDEFG.yml", "hill (Ana's conflicted copy).yml", "hill.Conflict.yml"]
)
def test_hours_of_a_colleague_in_a_second_version_are_told_and_not_cleared_away(tiny_copy, name):
    first, second = tiny_copy / "assets/contacts/hill.yml", tiny_copy / "assets/contacts" / name
    second.write_text(first.read_text("utf-8") + "# Ana's\n", "utf-8")
    (told,) = check_files(load(tiny_copy)[0])
    assert (told.id, told.where) == ("file-second-version", f"assets/contacts/{name}")
    assert "put what is right into `hill.yml`" in told.fix
    run(tiny_copy, "tidy", "--yes")
    assert second.exists()
    second.write_bytes(first.read_bytes())
    run(tiny_copy, "tidy", "--yes")
    assert not second.exists()


@pytest.mark.parametrize("name", ["Thumbs.db", ".DS_Store", "desktop.ini", "@eaDir/x.jpg"])
def test_tidying_deletes_what_systems_write_for_themselves(tiny_copy, name):
    path = tiny_copy / "docs/fil" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    run(tiny_copy, "tidy", "--yes")
    assert not path.exists()
    assert not (tiny_copy / "tidied").exists()


# Drawings


def drawing(inside: str) -> str:
    """Something, and a shape that is seen."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{inside}<path d="M2 2h3v3z"/></svg>'


def test_drawing_keeps_what_is_seen_and_nothing_that_was_said(tmp_path):
    svg = clean_svg(parse_svg(planted.svg()))
    (tmp_path / "a.svg").write_text(svg)
    assert marks_in(tmp_path) == []
    root = etree.fromstring(svg.encode())
    tags = {etree.QName(item).localname for item in root.iter()}
    assert tags == {"svg", "defs", "linearGradient", "stop", "path", "image"}
    assert clean_svg(parse_svg(svg.encode())).count("<path") == svg.count("<path") == 2


@pytest.mark.parametrize(
    "hidden",
    [
        '<g display="none">{}</g>',
        '<g style="display : none">{}</g>',
        '<g visibility="hidden">{}</g>',
        '<g visibility="collapse">{}</g>',
        '<g opacity="0">{}</g>',
        '<g opacity="0%">{}</g>',
        '<g style="opacity:0.0">{}</g>',
        "<defs>{}</defs>",
        '<symbol id="s">{}</symbol>',
        '<clipPath id="c">{}</clipPath>',
        '<mask id="m">{}</mask>',
        '<g transform="translate(500 500)">{}</g>',
        '<g fill="none">{}</g>',
        '<g fill-opacity="0">{}</g>',
        '<style>.x{{display:none}}</style><g class="x">{}</g>',
        "<style>g path{{visibility:hidden}}</style><g>{}</g>",
        '<style>#a{{opacity:0}}</style><g id="a">{}</g>',
        '<switch display="none">{}</switch>',
    ],
)
def test_hidden_objects_are_not_in_what_is_published(hidden):
    secret = '<path d="M1 1h7.777v7z"/>'
    whole = drawing(hidden.format(secret))
    svg = clean_svg(parse_svg(whole.encode()))
    assert "7.777" not in svg
    assert "M2 2h3v3z" in svg


@pytest.mark.parametrize(
    "shape",
    [
        '<path d="M1 1h7z" {}/>',
        '<use href="#u" {}/>',
        '<g {}><rect width="3" height="3"/></g>',
        '<image width="9" height="9" {} href="http://host.example/x.png"/>',
        '<a {} href="http://host.example/">x</a>',
    ],
)
def test_what_names_other_hosts_or_people_is_left_out(shape):
    text = 'fill="url(http://host.example/#x)" onclick="x" data-a="PLANTED" style="background:url(//host.example/y)"'
    whole = drawing(shape.format(text))
    svg = clean_svg(parse_svg(whole.encode()))
    assert not any(item in svg for item in ("host.example", "PLANTED", "onclick"))


def photo_of(width: int, height: int, kind: str = "jpeg") -> str:
    """Four fields: red and green above, blue and white below. As an address that a drawing embeds."""
    image = Image.new("RGB", (width, height), "white")
    for colour, at in (("red", (0, 0)), ("lime", (width // 2, 0)), ("blue", (0, height // 2))):
        image.paste(colour, (*at, at[0] + width // 2, at[1] + height // 2))
    file = io.BytesIO()
    image.save(file, kind)
    return f"data:image/{kind};base64,{base64.b64encode(file.getvalue()).decode()}"


def picture_in(svg: str) -> tuple[Image.Image, dict[str, str]]:
    """The only embedded picture of a drawing, and its element's attributes."""
    element = next(etree.fromstring(svg.encode()).iter("{*}image"))
    data = base64.b64decode(element.get("href").partition(",")[2])
    return Image.open(io.BytesIO(data)).convert("RGB"), dict(element.attrib)


def cleaned(inside: str, box: str = "0 0 100 100", kind: str = "jpeg") -> str:
    inside = inside.replace("PHOTO", f'href="{photo_of(80, 80, kind)}"')
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{inside}<path d="M2 2h3v3z"/></svg>'
    return clean_svg(parse_svg(svg.encode()))


HALF = '<clipPath id="c"><rect x="0" y="0" width="50" height="100"/></clipPath>'


@pytest.mark.parametrize(
    ("inside", "box"),
    [
        ('<image width="100" height="100" PHOTO/>', "0 0 50 100"),
        ('<image x="-50" width="100" height="100" transform="translate(50)" PHOTO/>', "0 0 50 100"),
        (HALF + '<image width="100" height="100" clip-path="url(#c)" PHOTO/>', "0 0 100 100"),
        (HALF + '<g clip-path="url(#c)"><g><image width="100" height="100" PHOTO/></g></g>', "0 0 100 100"),
        (HALF + '<image width="100" height="100" style="clip-path:url(#c)" PHOTO/>', "0 0 100 100"),
        (
            HALF + '<g transform="scale(.5)" clip-path="url(#c)"><image width="100" height="100" PHOTO/></g>',
            "0 0 99 99",
        ),
        ('<g transform="rotate(90)"><image y="-100" width="100" height="100" PHOTO/></g>', "0 0 100 50"),
        ('<image width="50" height="100" preserveAspectRatio="xMinYMid slice" PHOTO/>', "0 0 100 100"),
    ],
)
def test_what_a_clip_or_the_edge_crops_of_an_embedded_photo_is_not_published(inside, box):
    photo, text = picture_in(cleaned(inside, box))
    assert photo.size == (40, 80)
    assert photo.getpixel((20, 20))[0] > 200 > photo.getpixel((20, 20))[2] + 100
    assert photo.getpixel((20, 60))[2] > 200
    assert float(text["width"]) == pytest.approx(50)
    assert text["preserveAspectRatio"] == "none"


def test_embedded_photo_that_is_clipped_away_is_not_published_at_all():
    clip = '<clipPath id="c"><rect x="60" y="60" width="9" height="9"/></clipPath>'
    assert "<image" not in cleaned(f'{clip}<g clip-path="url(#c)"><image width="50" height="50" PHOTO/></g>')
    assert "<image" in cleaned(f'{clip}<g clip-path="url(#c)"><image width="80" height="80" PHOTO/></g>')


@pytest.mark.parametrize("kind", ["jpeg", "png"])
@pytest.mark.parametrize(
    "cover",
    [
        '<rect width="50" height="50"/>',
        '<rect width="50" height="50" rx="9" fill="#000"/>',
        '<g fill="black"><rect width="25" height="25" transform="scale(2)"/></g>',
        '<circle cx="25" cy="25" r="25" fill="rgb(0,0,0)"/>',
        '<style>rect[data-x]{fill:black}</style><rect data-x="1" fill="none" width="50" height="50"/>',
    ],
)
def test_what_an_opaque_shape_covers_of_an_embedded_photo_is_not_published(kind, cover):
    svg = cleaned(f'<image width="100" height="100" PHOTO/>{cover}', kind=kind)
    photo, _ = picture_in(svg)
    assert photo.size == (80, 80)
    assert max(photo.getpixel((20, 20))) < 60
    assert photo.getpixel((60, 20))[1] > 200
    assert photo.getpixel((60, 60))[1] > 200


@pytest.mark.parametrize(
    "shape",
    [
        '<rect width="50" height="50" fill-opacity=".5"/>',
        '<g opacity=".5"><rect width="50" height="50"/></g>',
        '<rect width="50" height="50" fill="none" stroke="red"/>',
        '<rect width="50" height="50" style="mix-blend-mode:multiply"/>',
        '<rect width="50" height="50" fill="rgba(0,0,0,.4)"/>',
        '<g clip-path="url(#k)"><rect width="50" height="50"/></g><clipPath id="k"><path d="M0 0h1v1z"/></clipPath>',
    ],
)
def test_what_shows_through_stays(shape):
    photo, _ = picture_in(cleaned(f'<image width="100" height="100" PHOTO/>{shape}'))
    assert photo.getpixel((20, 20))[0] > 200


@pytest.mark.parametrize(
    ("inside", "id"),
    [
        ('<clipPath id="c"><circle r="9"/></clipPath><image width="9" height="9" clip-path="url(#c)" PHOTO/>', "hides"),
        (
            '<mask id="c"><rect width="9" height="9"/></mask><g mask="url(#c)"><image width="9" height="9" PHOTO/></g>',
            "hides",
        ),
        ('<image width="100" height="100" PHOTO/><path d="M3 3h9v9h-9z"/>', "hides"),
        (
            '<image width="99" height="99" PHOTO/><rect transform="rotate(9)" x="20" y="20" width="9" height="9"/>',
            "hides",
        ),
        ('<defs><image id="p" width="9" height="9" PHOTO/></defs><use href="#p"/>', "hides"),
        ("<style>g:nth-child(1) {display:none}</style>", "style"),
        ("<style>@media print { g {display:none} }</style>", "style"),
        ("<style>a + g {display:none}</style>", "style"),
        ('<g style="fill:var(--ink)"/>', "style"),
    ],
)
def test_what_a_drawing_hides_or_loses_without_our_knowing_is_reported(tiny_copy, inside, id):
    art = tiny_copy / "assets/posters/boil-the-water/art.svg"
    inside = inside.replace("PHOTO", f'href="{photo_of(80, 80)}"')
    art.write_text(art.read_text("utf-8").replace("</svg>", f"\n{inside}</svg>"), "utf-8")
    line = len(art.read_text("utf-8").splitlines())
    assert found_in(tiny_copy) == {f"assets/posters/boil-the-water/art.svg:{line}": f"drawing-{id}"}


def test_drawing_for_an_office_keeps_its_slots_and_nothing_else_that_is_not_seen():
    svg = planted.svg(
        inside='<g display="none"><rect id="slot-x" data-role="words" width="9" height="9" fill="none"/></g>'
    )
    clean = clean_svg(parse_svg(svg), "slot-")
    assert 'id="slot-x" data-role="words"' in clean
    assert "PLANTED" not in clean
    assert "slot-x" not in clean_svg(parse_svg(svg))


# Photos, recordings, PDFs


def jpeg_with_a_preview_in_jfif() -> bytes:
    """A JPEG whose JFIF header holds a picture of 4 × 8 pixels: often of before a region was covered."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "#306090").save(file, "JPEG")
    data, preview = file.getvalue(), b"PLANTED-preview".ljust(4 * 8 * 3, b"\0")
    header = data[6:18] + bytes((4, 8)) + preview
    return b"\xff\xd8\xff\xe0" + (len(header) + 2).to_bytes(2) + header + data[20:]


def test_preview_inside_a_jfif_header_is_removed():
    data = jpeg_with_a_preview_in_jfif()
    assert Image.open(io.BytesIO(data)).info["jfif"] == 257
    assert traces(data) == ["a preview"]
    clean = clean_photo(data)
    assert traces(clean) == []
    assert b"PLANTED" not in clean
    assert Image.open(io.BytesIO(clean)).tobytes() == Image.open(io.BytesIO(data)).tobytes()


@pytest.mark.parametrize("make", [planted.jpeg, planted.png, planted.webp])
def test_photo_loses_what_it_says_and_no_pixel(tmp_path, make):
    data = make()
    assert traces(data)
    clean = clean_photo(data)
    (tmp_path / "photo").write_bytes(clean)
    assert marks_in(tmp_path) == []
    assert traces(clean) == []
    assert clean_photo(clean) == clean
    before, after = (Image.open(io.BytesIO(item)) for item in (data, clean))
    assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()
    assert after.info["icc_profile"]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photo_stays_turned_as_it_was(tmp_path, orientation):
    exif = Image.Exif()
    exif[0x112] = orientation
    for kind in ("jpeg", "png", "webp"):
        file = tmp_path / f"photo.{kind}"
        planted.picture(90, 60).save(file, kind, exif=exif.tobytes())
        data, _ = stored_photo(tmp_path, file)
        with Image.open(io.BytesIO(data)) as stored:
            assert stored.getexif().get(0x112, 1) == orientation


@pytest.mark.parametrize("make", [planted.tiff, planted.heic])
def test_photo_of_other_kinds_becomes_a_jpeg_that_says_nothing(tmp_path, make):
    (tmp_path / "photo.tif").write_bytes(make())
    data, suffix = stored_photo(tmp_path, tmp_path / "photo.tif")
    (tmp_path / "photo.tif").write_bytes(data)
    assert suffix == ".jpg"
    assert marks_in(tmp_path) == []


def test_profile_of_nonsense_is_left_out():
    for data in (b"", bytes(200), planted.profile()[:140], planted.profile()[:128] + b"\xff" * 8):
        assert clean_profile(data) == b""


@pytest.mark.parametrize("name", ["a.mp3", "a.opus", "a.ogg"])
def test_recording_keeps_its_sound_and_gets_our_title(tmp_path, name):
    make = {"a.mp3": recorded.mp3, "a.opus": recorded.ogg, "a.ogg": lambda **given: recorded.ogg("vorbis", **given)}[
        name
    ]
    clean = clean_recording(make(marks=True), name)
    (tmp_path / name).write_bytes(clean + clean_recording(make(marks=True), name, {"TITLE": "Tubig"}))
    assert marks_in(tmp_path) == []
    bare = make()
    assert clean[-500:] == bare[-500:]
    assert clean_recording(clean, name) == clean
    with pytest.raises(ValueError, match="no "):
        clean_recording(b"ID3\x03\0\0\0\0\0\0" + bytes(90), name)


def test_mp3_keeps_what_a_decoder_reads_and_nothing_else():
    """LAME writes its name into every frame that has bytes left."""
    frames = [
        recorded.mp3_frame(b"A" * 10 + b"LAME3.100" + b"B" * 64, bits=80),
        recorded.mp3_frame(b"C" * 3 + b"LAME3.100" + b"D" * 71, back=64, bits=8 * 67),
        recorded.mp3_frame(b"LAME3.100" + b"E" * 74, back=71, bits=3),
    ]
    kept = [
        recorded.mp3_frame(b"A" * 10 + bytes(9) + b"B" * 64, bits=80),
        recorded.mp3_frame(b"C" * 3 + bytes(9) + b"D", back=64, bits=8 * 67),
        recorded.mp3_frame(b"", back=71, bits=3),
    ]
    assert clean_recording(b"".join(frames), "a.mp3") == b"".join(kept)


@pytest.mark.parametrize("size", [0, 1, 253, 254, 255, 600])
def test_padding_of_opus_is_emptied_and_its_sound_kept(size):
    packet, empty = (recorded.opus_with_padding(b"sound" * 60, byte * size) for byte in (b"P", b"\0"))
    pages = [
        recorded._page(2, 0, b"CAMP", 0, [b"OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0"]),
        recorded._page(0, 0, b"CAMP", 1, [b"OpusTags" + bytes(8)]),
    ]
    made, wanted = (
        b"".join([*pages, recorded._page(0, 960, b"CAMP", 2, [b"\xfc" + bytes(60), item, b"\xff\x41"])])
        for item in (packet, empty)
    )
    assert clean_recording(made, "a.opus") == wanted


def test_opus_of_more_than_two_channels_is_refused():
    head = b"OpusHead\x01\x06\0\0\x80\xbb\0\0\0\0\1\4\2\0\4\1\2\3\5"
    pages = [recorded._page(2, 0, b"CAMP", 0, [head]), recorded._page(0, 0, b"CAMP", 1, [b"OpusTags" + bytes(8)])]
    with pytest.raises(ValueError, match="more than two channels"):
        clean_recording(b"".join(pages), "a.opus")


def test_pdf_keeps_its_page_and_loses_all_else(tmp_path):
    (tmp_path / "a.pdf").write_bytes(clean_pdf(planted.pdf()))
    assert marks_in(tmp_path) == []
    with pytest.raises(ValueError, match="damaged"):
        clean_pdf(b"%PDF-1.7 nothing")


def test_pdf_with_a_layer_that_is_switched_off_is_not_published(tiny_copy):
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(planted.pdf())) as pdf:
        pdf.Root.OCProperties.D.OFF = [pdf.Root.OCProperties.OCGs[0]]
        pdf.save(file)
    (tiny_copy / "docs/fil/table.pdf").write_bytes(file.getvalue())
    page = tiny_copy / "docs/fil/boil.md"
    page.write_text(page.read_text("utf-8") + "\n[Isa](table.pdf)\n", "utf-8")
    assert found_in(tiny_copy) == {"docs/fil/table.pdf": "file-not-cleanable"}


# Originals


def test_tidy_covers_what_is_redacted_and_keeps_the_original_apart(tiny_copy):
    photo, yml = tiny_copy / "assets/photos/hills.jpg", tiny_copy / "assets/photos/hills.yml"
    photo.write_bytes(planted.jpeg("jpeg", 1500))
    (tiny_copy / ".git").mkdir()
    region = (0.4, 0.52, 0.48, 0.66)
    assert {item.id for item in check_photos(load(tiny_copy)[0], Memo(None))} == {"photo-metadata", "photo-uncovered"}
    assert not is_covered(tiny_copy, photo, (region,))
    original = photo.read_bytes()
    run(tiny_copy, "tidy", "--yes")
    assert is_covered(tiny_copy, photo, (region,))
    assert (tiny_copy / "originals/hills.jpg").read_bytes() == original
    assert (tiny_copy / "originals/.gitignore").read_text() == "*\n"
    assert list(check_photos(load(tiny_copy)[0], Memo(None))) == []
    assert b"PLANTED" not in photo.read_bytes()
    assert "redact" in yml.read_text("utf-8")
    assert "Nothing to tidy" in run(tiny_copy, "tidy", "--yes")


def test_originals_that_would_be_pushed_or_packed_stop_it(tiny_copy, tmp_path):
    (tiny_copy / "assets/photos/hills.jpg").write_bytes(planted.jpeg("jpeg", 1500))
    output = run(tiny_copy, "desk", "--pack", str(tmp_path / "office"), "--system", "windows-x64", code=1)
    assert "(original-exposed)" in output
    assert not (tmp_path / "office").exists()
    run(tiny_copy, "tidy", "--yes")
    shutil.copy(tiny_copy / "originals/hills.jpg", tiny_copy / "assets/logos/hills.jpg")
    assert "original-exposed" in {item.id for item in check_photos(load(tiny_copy)[0], Memo(None))}
    (tiny_copy / "assets/logos/hills.jpg").unlink()
    for command in (["init", "-q"], ["add", "--force", "originals/hills.jpg"]):
        subprocess.run(["git", *command], cwd=tiny_copy, check=True, capture_output=True)
    output = run(tiny_copy, "publish", str(tmp_path / "www"), code=1)
    assert "originals/hills.jpg" in output
    assert "(original-exposed)" in output


@pytest.mark.parametrize("inside", ["A", "1 A", "1e999", "nan", "", "1, , 2", "L10"])
@pytest.mark.parametrize("step", ["rotate", "translate", "scale", "matrix", "skewX"])
def test_transform_that_is_no_transform_is_read_as_unknown(step, inside):
    """The fuzzer of drawings found `rotate(A)`, which ended in a traceback."""
    assert matrix_of(f"{step}({inside})") is None or "1" in inside
    assert points_box(inside) is None or inside == "1, , 2"


@pytest.mark.parametrize("damage", [b"", b"\xff\x00{]", None])
def test_cleaned_copy_that_was_damaged_is_made_again(tmp_path, damage):
    """An emptied copy in .build/ went into press kits."""
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    name = "assets/posters/boil-the-water/art.svg"
    copy = cleaned_file(root, name)
    expected = copy.read_bytes()
    copy.unlink() if damage is None else copy.write_bytes(damage)
    assert cleaned_file(root, name).read_bytes() == expected != b""
    assert cleaned_file(root, name) == cleaned_file(root, name)
