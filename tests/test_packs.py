"""Packs for partners: their contents, their size, and the detection of changed ones."""

from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest
from conftest import copy_campaign, run
from lxml import etree
from PIL import Image
from test_prints import tool

from campaign.content import load
from campaign.models.campaign import Pack
from campaign.packs.correction import kept_corrections
from campaign.plan.packs import pack_name

PACKS = """
      packs:
        clinics: {for: [health-workers]}
        newspapers: {for: [public], press_kit: yes}
        printers: {printers: [print-shop], pictures: []}
"""


@pytest.fixture(scope="module")
def packed(tiny, tmp_path_factory) -> Path:
    """The tiny campaign with three packs."""
    root = copy_campaign(tiny, tmp_path_factory.mktemp("packs") / "tiny", is_warm=True)
    settings = root / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8").replace("\n      version:", f"{PACKS}      version:", 1)
    settings.write_text(text, encoding="utf-8")
    run(root, "packs")
    return root


def names(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {*archive.namelist()}


@pytest.mark.parametrize(
    ("name", "audiences", "text"),
    [
        ("print-shop", ("public",), "Print shop"),
        ("ngos", ("partners", "camps"), "Partners, Camps"),
        ("radio", ("public",), "Radio stations"),
        ("bus-drivers", (), "bus drivers"),
        ("site", (), "site"),
    ],
)
def test_a_pack_is_called_by_words_and_not_by_its_code(name, audiences, text):
    words = {"audience-public": "Everybody", "audience-partners": "Partners", "audience-camps": "Camps"}
    words |= {"flavour-print-shop": "Print shop", "pack-for-radio": "Radio stations", "pack-site": "The site, a zip"}
    assert pack_name(Pack(name, audiences), words) == text


@pytest.mark.long
def test_each_partner_gets_what_is_for_them_and_each_file_once(packed):
    folder = packed / "dist/packs"
    shared, river = names(folder / "clinics/shared.zip"), names(folder / "clinics/river.zip")
    assert "shared/national/ar/office/boil-the-water-ar-a3.pdf" in shared
    assert any(name.startswith("shared/pictures/whatsapp-telegram/fil/") for name in shared)
    assert "river/km/office/boil-the-water-km-river-tri-fold.pdf" in river
    assert not [name for name in (*shared, *river) if "press-kit" in name or "print-shop" in name]
    assert "shared/press/fil/press-kit-fil.zip" in names(folder / "newspapers/shared.zip")
    printed = names(folder / "printers/hill.zip")
    assert {name.split("/")[2] for name in printed if name.endswith(".pdf")} == {"print-shop"}
    # Files that two partners share are stored once.
    assert (folder / "clinics/river.zip").samefile(folder / "newspapers/river.zip")
    with zipfile.ZipFile(folder / "clinics/river.zip") as archive:
        table = list(csv.DictReader(io.StringIO(archive.read("river/manifest.csv").decode())))
        assert {f"river/{row['file']}" for row in table} | {"river/manifest.csv", "river/SHA256SUMS"} == river
        for row in table:
            assert int(row["bytes"]) == archive.getinfo(f"river/{row['file']}").file_size
    assert {(row["version"], row["place"], row["licence"]) for row in table} == {("1", "river", "CC0-1.0")}


def test_site_is_in_each_pack_once_on_the_disk_and_only_as_it_is_now(packed, tiny, tmp_path):
    assert not [*packed.rglob("dist/packs/*/site-*.zip")]  # mkdocs.yml was changed since
    root = copy_campaign(tiny, tmp_path / "now", is_warm=True)
    shutil.copytree(tiny / "site", root / "site")
    output = run(root, "packs", "--place", "hill", "--language", "km", "--language", "fil")
    assert "it is in no pack" not in output
    first, second = sorted((root / "dist/packs").iterdir())
    for code in ("km", "fil"):
        assert (first / f"site-{code}.zip").samefile(second / f"site-{code}.zip")
        inside = names(first / f"site-{code}.zip")
        assert {f"site-{code}/START-HERE.html", f"site-{code}/site/{code}/index.html"} <= inside
    assert "site-*.zip" in tool("pdftotext", first / "start-here-fil-hill.pdf", "-")
    assert "Pages:           1\n" in tool("pdfinfo", first / "start-here-fil-hill.pdf")
    assert "All files in 4 zips" in run(root, "verify", str(first))
    page = root / "docs/fil/boil.md"
    page.write_text(page.read_text("utf-8") + "\nBago.\n", "utf-8")
    output = run(root, "packs", "--place", "hill", "--language", "km")
    assert "The site was not built since something changed, so it is in no pack." in output
    assert not [*(root / "dist/packs").glob("*/site-*.zip")]


def test_cover_says_in_one_page_what_is_inside_and_how_to_use_it(packed):
    covers = sorted((packed / "dist/packs/clinics").glob("*.pdf"))
    assert {path.name for path in covers} == {
        f"start-here-{code}-{place}.pdf" for code in ("fil", "ar") for place in ("river", "hill", "coast")
    }
    for path in covers:
        assert "Pages:           1\n" in tool("pdfinfo", path)
    text = " ".join(tool("pdftotext", packed / "dist/packs/clinics/start-here-fil-hill.pdf", "-").split())
    assert "shared.zip Para sa lahat ng lugar." in text
    assert "hill.zip Para lang sa Burol." in text


@pytest.mark.long
def test_packs_are_the_same_bytes_twice_and_a_later_version_brings_what_is_new(packed, tmp_path):
    root, folder = copy_campaign(packed, tmp_path / "again", is_warm=True), "dist/packs/clinics"
    run(root, "packs", "--audience", "clinics", "--place", "hill")
    alike = ("shared.zip", "hill.zip", "start-here-fil-hill.pdf")
    assert {path.name for path in (root / folder).iterdir()} == {*alike, "start-here-ar-hill.pdf"}
    for name in alike:
        assert (root / folder / name).read_bytes() == (packed / folder / name).read_bytes()
    page = root / "docs/km/leaflets/boil-the-water.md"
    page.write_text(page.read_text(encoding="utf-8").replace("## ", "## ថ្មី ", 1), encoding="utf-8")
    output = run(root, "packs", "--audience", "clinics", "--place", "hill", "--since", "1")
    new = names(root / folder / "hill-since-1.zip")
    assert {name for name in new if name.endswith(".pdf")} == {
        f"hill/km/{printer}/boil-the-water-km-hill-tri-fold{end}.pdf"
        for printer, end in (("office", ""), ("photocopy", "-photocopy"))
    }
    assert "shared-since-1.zip" in output
    wrong = run(root, "packs", "--audience", "nobody", code=1)
    assert "There is no pack `nobody`. Choose from: clinics, newspapers, printers." in wrong
    assert "Version 0 was never packed on this computer." in run(root, "packs", "--since", "0", code=1)
    assert (root / folder / "hill-since-1.zip").is_file()


@pytest.mark.long
def test_packs_are_made_again_only_when_something_changed(packed, tmp_path):
    root = copy_campaign(packed, tmp_path / "again", is_warm=True)
    folder, asked = root / "dist/packs/clinics", ("packs", "--audience", "clinics")
    run(root, *asked)
    written = [path for path in root.rglob("*") if path.is_file() and path.name != "lock"]
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in written}
    output = run(root, *asked)
    assert "Nothing to do" in output
    assert "clinics/hill.zip" in output
    assert {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in written} == before
    # A number of one place: the zip of that place is written, and no other.
    contacts = root / "assets/contacts/hill.yml"
    contacts.write_text(contacts.read_text("utf-8").replace("946 0018", "946 0019"), "utf-8")
    assert "Nothing to do" not in run(root, *asked)
    zips = {path.name: path.stat().st_ino == before[path][1] for path in folder.glob("*.zip")}
    assert zips["hill.zip"] is False
    assert {name for name, is_same in zips.items() if is_same} == {"coast.zip", "river.zip", "shared.zip"}
    # Edited or deleted files are made again.
    whole = (folder / "coast.zip").read_bytes()
    for change in (lambda path: path.write_bytes(b"other"), Path.unlink):
        change(folder / "coast.zip")
        assert "Nothing to do" not in run(root, *asked)
        assert (folder / "coast.zip").read_bytes() == whole


def test_pack_that_somebody_changed_is_found_out_unopened(packed, tmp_path):
    shutil.copytree(packed / "dist/packs/clinics", tmp_path / "stick")
    assert "All files in 4 zips match their lists." in run(tmp_path, "verify", str(tmp_path / "stick"))
    with zipfile.ZipFile(tmp_path / "stick/river.zip", "a") as archive:
        archive.writestr("river/more.pdf", "x")
    data = bytearray((tmp_path / "stick/hill.zip").read_bytes())
    data[data.index(b"%PDF") + 1000] ^= 1
    (tmp_path / "stick/hill.zip").write_bytes(data)
    (tmp_path / "stick/coast.zip").write_bytes(b"PK\x03\x04 no more")
    output = run(tmp_path, "verify", str(tmp_path / "stick"), code=1)
    assert "Its list does not name river/more.pdf: someone added it." in output
    assert "hill.zip" in output
    assert "coast.zip This zip cannot be read" in output


def test_number_that_was_printed_wrong_is_corrected_where_it_hangs(packed, tmp_path):
    root = copy_campaign(packed, tmp_path / "again", is_warm=True)
    (tmp_path / "log").mkdir()
    (tmp_path / "log/march.csv").write_text(
        "day,place,piece,language,version,group,number\n"
        "2026-03-02,river,leaflets/boil-the-water,km,1,public,300\n2026-03-03,hill,leaflets/boil-the-water,km,1,public,50\n"
    )
    # It was typed by hand into a poster of the whole country.
    poster = root / "docs/fil/posters/boil-the-water.md"
    poster.write_text(poster.read_text(encoding="utf-8").replace("{{ call }}", "07700-900199"), encoding="utf-8")
    output = run(root, "correct", "river-clinic", "--was", "07700 900199", "--log", str(tmp_path / "log"))
    folder = root / "dist/corrections/river-clinic-07700900199"
    table = list(csv.DictReader(io.StringIO((folder / "what-bears-it.csv").read_text(encoding="utf-8-sig"))))
    by_hand, table = [row for row in table if row["text to mend"]], [row for row in table if not row["text to mend"]]
    position = poster.read_text(encoding="utf-8").splitlines().index("07700-900199") + 1
    line = f"docs/fil/posters/boil-the-water.md:{position}"
    assert {(row["format"], row["language"], row["text to mend"]) for row in by_hand} >= {("a3", "fil", line)}
    assert f"{line}: the wrong number is typed into this text." in output
    assert {(row["piece"], row["place"], row["format"]) for row in table} == {("boil-the-water", "river", "tri-fold")}
    assert {row["language"]: row["handed out"] for row in table} == {"fil": "0", "ar": "0", "km": "300"}
    assert {row["packed"] for row in table} == {"clinics 1; newspapers 1"}
    assert "300 copies of these were handed out." in output
    # Labels as large as the number on the leaflet, 24 of them; a notice with both numbers; a short text.
    labels = tool("pdftotext", folder / "labels-km.pdf", "-")
    assert labels.count("07700 900143") == 24
    assert float(table[0]["points"]) > 12
    for code in ("fil", "ar", "km"):
        notice = tool("pdftotext", folder / f"correction-{code}.pdf", "-").replace("\u2066", "").replace("\u2069", "")
        assert "07700 900143" in notice
        assert "07700 900199" in notice
        text = (folder / f"correction-{code}.txt").read_text(encoding="utf-8")
        assert "07700 900143" in text
        assert len(text) <= 71
        with Image.open(folder / f"correction-{code}.png") as picture:
            assert picture.width == 1080
    assert "Did you mean `river-clinic`?" in run(root, "correct", "river-clinc", "--was", "07700 900199", code=1)
    still = run(root, "correct", "river-clinic", "--was", "07700-900143", code=1)
    assert "is what assets/contacts/river.yml:11 still says" in still
    # The next build leaves it all in place.
    result = {path.name: path.read_bytes() for path in folder.iterdir()}
    poster.write_text(poster.read_text(encoding="utf-8").replace("07700-900199", "{{ call }}"), encoding="utf-8")
    run(root, "build")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == result
    # Labels with a number that no contact has any longer are gone.
    contact = root / "assets/contacts/river.yml"
    now = contact.read_text(encoding="utf-8")
    contact.write_text(now.replace("07700 900143", "07700 900144"), encoding="utf-8")
    assert kept_corrections(load(root)[0]) == {}
    contact.write_text(now, encoding="utf-8")
    assert len(kept_corrections(load(root)[0])) == len(result)
    # Only a verified number replaces a wrong one.
    contact.write_text(re.sub("    calls: .*\n", "", contact.read_text(encoding="utf-8")), encoding="utf-8")
    unsure = run(root, "correct", "river-clinic", "--was", "07700 900199", "--language", "fil")
    assert "07700 900143 isn't verified" in unsure
    assert not [*folder.glob("labels-*")]
    assert "07700 900143" not in tool("pdftotext", folder / "correction-fil.pdf", "-")


@pytest.mark.long
def test_number_among_several_or_taken_back_is_corrected_and_an_id_leads_nowhere_else(packed, tmp_path):
    root = copy_campaign(packed, tmp_path / "again", is_warm=True)
    folder = root / "dist/corrections/river-clinic-07700900199"
    # Of several numbers, a label must not put one over another.
    contact = root / "assets/contacts/river.yml"
    single = contact.read_text(encoding="utf-8")
    number = re.search("    phone: 07700 900143\n    free: yes\n", single)[0]
    calls = re.search("    calls: .*\n", single)[0]
    each = "      - {{phone: 07700 900{}, {}}}\n"
    both = f"    numbers:\n{each.format(143, calls.strip())}{each.format(144, calls.strip())}"
    contact.write_text(single.replace(number, both, 1).replace(calls, "", 1), encoding="utf-8")
    asked = run(root, "correct", "river-clinic", "--was", "07700 900199", code=1)
    assert "has these numbers: 07700 900143, 07700 900144. Write which of them is the right one: --now." in asked
    run(root, "correct", "river-clinic", "--was", "07700 900199", "--now", "07700-900144", "--language", "fil")
    assert "07700 900144" in tool("pdftotext", folder / "labels-fil.pdf", "-")
    # What an editor typed as an id leads nowhere else.
    contact.write_text(single.replace("id: river-clinic", "id: ../../docs/river"), encoding="utf-8")
    refused = run(root, "correct", "../../docs/river", "--was", "07700 900199", "--language", "fil", code=1)
    assert "`../../docs/river` is not a plain name." in refused
    assert (root / "docs/fil/index.md").is_file()
    contact.write_text(single, encoding="utf-8")
    # A number that is taken back leaves a notice that says so, and no labels.
    contact = root / "assets/contacts/river.yml"
    text = contact.read_text(encoding="utf-8")
    contact.write_text(re.sub("    (phone|free|calls): .*\n", "", text), encoding="utf-8")
    run(root, "correct", "river-clinic", "--was", "07700 900143", "--language", "fil")
    other = folder.with_name("river-clinic-07700900143")  # of each number its own
    assert {path.name for path in other.iterdir()} - {"correction.json"} == {
        "what-bears-it.csv", "correction-fil.pdf", "correction-fil.png", "correction-fil.txt"
    }  # fmt: skip
    assert "Wala kaming alam na numero" in tool("pdftotext", other / "correction-fil.pdf", "-")


@pytest.mark.long
def test_stick_opens_without_a_network_and_no_link_leads_to_what_stays_out(tiny, packed, browser, tmp_path):
    """From a folder whose name has what addresses have to escape. A second time only what changed is written."""
    folder = tmp_path / "ünï 100% #1"
    output = run(tiny, "stick", str(folder), "--language", "fil", "--language", "km")
    assert "all read back" in output
    pages = sorted(folder.rglob("*.html"))
    assert not [name for name in folder.rglob("*") if name.suffix in (".pdf", ".zip") or name.name == "sw.js"]
    assert not (folder / "site/ar").exists()
    assert not (folder / "site/index.html").exists()  # it would send phones on to a language that is not there
    tab = browser.new_page(viewport={"width": 360, "height": 740})
    wrong: list[str] = []
    # What the browser itself gives up when the next page is opened (its icon) is not missing.
    tab.on("requestfailed", lambda item: item.failure == "net::ERR_ABORTED" or wrong.append(item.url))
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    for page in (folder / "START-HERE.html", *(page for page in pages if not {"km", "w"} & {*page.parts[-2:-1]})):
        tab.goto(page.as_uri())
        links = tab.eval_on_selector_all(
            "a[href]", "all => all.map(e => new URL(e.getAttribute('href'), e.baseURI).href)"
        )
        files = [unquote(link.removeprefix("file://").partition("#")[0]) for link in links if link.startswith("file:")]
        wrong += [f"{page.name}: {file}" for file in files if not Path(file).is_file()]
        wrong += tab.eval_on_selector_all(
            "img", "all => all.filter(e => e.complete && !e.naturalWidth).map(e => e.src)"
        )
    assert wrong == []
    for name in ("search", "search-all"):
        result = re.findall(r',"((?:\.\./)?[\w./-]+\.(?:html|pdf))', (folder / f"site/fil/{name}.js").read_text())
        assert result
        assert not [address for address in result if not (folder / "site/fil" / address).exists()]
    tab.close()
    (folder / "site/fil/boil.html").write_text("half")
    assert "problem" in run(tmp_path, "verify", str(folder), code=1)
    assert ", 1 written now" in run(tiny, "stick", str(folder), "--language", "fil", "--language", "km")
    # Pulled out too early, it isn't mistaken for a complete one, though it has packs; withdrawn files still go.
    (folder / "SHA256SUMS").rename(folder / "SHA256SUMS.part")
    shutil.copy(packed / "dist/packs/clinics/hill.zip", folder / "site")
    assert "There is no list of checksums" in run(tmp_path, "verify", str(folder), code=1)
    (folder / "site/hill.zip").unlink()
    run(tiny, "stick", str(folder), "--language", "fil")
    assert not (folder / "site/km").exists()
    assert "Every file matches the list" in run(tmp_path, "verify", str(folder))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/photo.jpg").write_text("mine")
    assert "This folder contains other files." in run(tiny, "stick", str(tmp_path / "mine"), code=1)


def test_one_file_says_the_core_and_leaves_where_no_script_runs(tiny, browser):
    """As Android's viewer shows it: no script, no network, no other file; each link stays in the file or dials."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, offline=True)
    tab, asked = context.new_page(), []
    tab.on("request", lambda request: asked.append(request.url))
    for code, each, pictures in (("fil", 6_000, 50_000), ("ar", 9_000, 60_000), ("km", 14_000, 70_000)):
        for file in sorted((tiny / "dist/copies").glob(f"notes-{code}*.html")):
            tab.goto(file.as_uri())
            # Ten pages have 70 kB in Latin letters, 120 with pictures: 10 kB for the frame.
            most = 10_000 + each * len(tab.query_selector_all("article")) + ("pictures" in file.name) * pictures
            assert file.stat().st_size < most
            ids, links = (
                {*tab.eval_on_selector_all(f"[{name}]", f"all => all.map(each => each.getAttribute('{name}'))")}
                for name in ("id", "href")
            )
            links -= {"data:,"}
            assert all(link[1:] in ids if link[0] == "#" else link.startswith("tel:") for link in links)
            assert not tab.query_selector_all("script, form, link[rel=stylesheet], [src]:not([src^='data:'])")
            assert "tel:07700900112" in links
    tab.click("a[href='#n']")
    box = tab.query_selector("#n").bounding_box()
    assert (box["width"], box["height"]) == (360, 740)
    assert len(asked) > 3
    assert all(url.endswith(".html") for url in asked if not url.startswith("data:"))
    context.close()


@pytest.mark.parametrize("code", ["fil", "ar", "km"])
def test_book_has_every_chapter_and_every_link_leads_within_it(tiny, code):
    """As far as a reader of XML sees; epubcheck looks at it in tests/long."""
    with zipfile.ZipFile(tiny / f"dist/copies/notes-{code}.epub") as book:
        first = book.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        inside = {*book.namelist()}
        trees = {name: etree.fromstring(book.read(name)) for name in inside if name.endswith((".xhtml", ".opf"))}
    ids = {name: {item.get("id") for item in tree.iter() if item.get("id")} for name, tree in trees.items()}
    links = [(name, item.get("href")) for name, tree in trees.items() for item in tree.iter() if item.get("href")]
    assert ("1.xhtml", "tel:07700900112") in links
    for name, link in links:
        path, _, anchor = link.partition("#")
        if not link.startswith("tel:"):
            assert path in inside or not path, link
            assert not anchor or anchor in ids[path or name], link
    assert trees["1.xhtml"].get("dir") == ("rtl" if code == "ar" else "ltr")
    assert not {"script", "form", "img", "iframe"} & {
        etree.QName(item).localname for item in trees["1.xhtml"].iter("*")
    }
