"""Copies for others to serve: files for Kiwix, and the site for a small board."""

from __future__ import annotations

import gzip
import re
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import copy_campaign, run
from needed_tools import require_package
from recorded import mp3, ogg
from selectolax.lexbor import LexborHTMLParser
from test_prints import tool

from campaign.content import load
from campaign.exchange.recordings import recording_folders
from campaign.models import optional_parts
from campaign.models.problem import CampaignError
from campaign.pipeline import zim
from campaign.website import handover_pages, site_copy
from campaign.website.hotspot import accepted_codes, languages_by_weight
from campaign.website.zim import _page as zim_page

# What phones send, and the language that a board shows them; '' if it lets them choose.
ACCEPT_LANGUAGE_CASES = {
    "": "",
    "km": "km",
    "ar-EG,ar;q=0.9,en-US;q=0.8": "ar",
    "FIL-PH": "fil",
    "de-DE, ar;q=0.5, km;q=0.8": "km",
    "de;q=0.9,km;q=0.85,ar;q=0.7": "km",
    "ar;q=0.4,km;q=1.0": "km",
    "kmr,dear,*": "",  # other languages, whose codes begin or end alike
    "km;q=0,ar;q=0.0": "",
    "km;q=0.000,ar;q=0.001": "ar",
    "de;q=0.8": "",
}


@pytest.fixture(scope="module")
def built(tiny, tmp_path_factory) -> Path:
    """The tiny campaign and its site."""
    root = copy_campaign(tiny, tmp_path_factory.mktemp("copies") / "tiny")
    shutil.copytree(tiny / "site", root / "site")
    return root


def page_text(page: Path) -> str:
    return LexborHTMLParser(page.read_text("utf-8").replace("<wbr>", "")).css_first("main").text(separator=" ")


def found(archive: object, words: str) -> set[str]:
    search = require_package("libzim").search
    results = search.Searcher(archive).search(search.Query().set_query(words))
    return {*results.getResults(0, 100)}


def test_file_for_kiwix_is_whole_found_by_its_words_and_the_same_twice(built):
    libzim = require_package("libzim")
    run(built, "zim", "--language", "km", "--language", "fil")
    files = {code: built / f"dist/copies/notes-{code}.zim" for code in ("fil", "km")}
    before = files["km"].read_bytes()
    zim.make_zims(built, ["km"])
    assert files["km"].read_bytes() == before
    archives = {code: libzim.reader.Archive(path) for code, path in files.items()}
    for code, three in (("fil", "fil"), ("km", "khm")):
        archive = archives[code]
        assert archive.check()
        assert archive.main_entry.get_item().path == f"{code}/index.html"
        assert archive.get_metadata("Language").decode() == three
        assert archive.get_illustration_item(48).mimetype == "image/png"
        assert archive.get_entry_by_path(f"w/{code}.html").get_item().size  # "Leave" leads there
        html = bytes(archive.main_entry.get_item().content)
        assert b"<script" not in html
        assert b"tel:07700900112" in html
    # Words inside text without spaces, two together; capitals and marks as people type them.
    leaflet = "km/leaflets/boil-the-water.html"
    for words in ("អណ្ដូង", "សាប៊ូ", "ធុងស្អាត"):
        assert not re.search(rf"(?<![\u1780-\u17d3]){words}(?![\u1780-\u17d3])", page_text(built / "site" / leaflet))
        assert leaflet in found(archives["km"], words)
    assert found(archives["fil"], "TUBÍG") == found(archives["fil"], "tubig") != set()


def test_without_its_part_or_a_site_a_file_for_kiwix_says_what_to_do(built, tmp_path, monkeypatch):
    root = copy_campaign(built, tmp_path / "tiny")
    assert "No site was built yet. Run: campaign build" in run(root, "zim", code=1)
    monkeypatch.setattr(zim, "find_spec", lambda _: None)
    with pytest.raises(CampaignError, match='pip install "libzim=='):
        zim.make_zims(built)
    monkeypatch.setattr(optional_parts, "sys", SimpleNamespace(version_info=(3, 14, 0)))
    with pytest.raises(CampaignError, match=r"libzim==3\.6\.0\" \(on Python 3\.13 or earlier\)"):
        zim.make_zims(built)


def test_page_of_downloads_names_the_copies_with_their_sizes_and_a_stick_names_none(tiny):
    site, page = tiny / "site", "fil/downloads.html"
    section = LexborHTMLParser((site / page).read_text("utf-8")).css_first("section.copies")
    links = {link.attributes["href"]: link for link in section.css("a")}
    assert [*links] == [
        *(f"../files/fil/notes-fil{end}" for end in (".htm", "-pictures.htm", ".epub")),
        *(f"../files/{code}/notes-{code}.htm" for code in ("ar", "km")),
    ]
    for address, link in links.items():
        file = (site / "fil" / address).resolve()
        assert link.parent.css_first("small").text() == f"{round(file.stat().st_size / 1000)} kB"
        assert file.read_bytes() == (tiny / "dist/copies" / link.attributes["download"]).read_bytes()
    codes = ["fil", "ar", "km"]
    stick, board = (site_copy(site, codes, codes, has_files=True, is_served=is_served) for is_served in (False, True))
    assert "notes-fil" not in stick[page].decode() + "".join(stick)
    assert "notes-fil" in board[page].decode()
    assert "files/fil/notes-fil.epub" in board


def test_recordings_lie_as_radios_play_them(tiny, tmp_path):
    """MP3 first, in the order of the menu, eight ASCII letters, with a title that is ours in every kind."""
    root = copy_campaign(tiny, tmp_path / "tiny")
    assert recording_folders(load(root)[0]) == {}
    marked = {"km/get-help.mp3": mp3(marks=True), "ar/boil.ogg": ogg("vorbis", marks=True)}
    for name, data in {"km/index.mp3": mp3(), "km/get-help.ogg": ogg("vorbis"), **marked}.items():
        (root / "docs" / name).write_bytes(data)
    files = recording_folders(load(root)[0])
    assert [*files] == ["recordings/ar/01-boil.ogg", "recordings/km/01-index.mp3", "recordings/km/02-get-h.mp3"]
    data = files["recordings/km/01-index.mp3"]
    assert data.startswith(b"ID3\x03\x00\x00")
    assert data.endswith(mp3())
    (tmp_path / "01.mp3").write_bytes(data)
    text = tool("exiftool", "-s3", "-Title", "-Track", "-Album", tmp_path / "01.mp3").splitlines()
    assert text == [load(root)[0].pages["km", "index.md"].title, "1/2", load(root)[0].name_in("km")]
    assert "TITLE=" in files["recordings/ar/01-boil.ogg"].decode(errors="ignore")
    assert not [name for name, data in files.items() if b"PLANTED" in data]
    door = handover_pages(load(root)[0], [], {"recordings"})
    assert "<a href=../recordings/>ការថតសំឡេង" in door["finder/km.html"]


def test_copy_for_a_board_holds_the_site_packed_beside_it_and_settings_of_two_servers(built, tmp_path):
    folder = tmp_path / "board"
    run(built, "hotspot", str(folder), "--language", "fil", "--language", "km", "--at", "/srv/our board")
    site = folder / "site"
    packed = {path.relative_to(site).as_posix() for path in site.rglob("*.gz")}
    assert {"index.html.gz", "404.html.gz", "km/index.html.gz", "deferred.js.gz"} <= packed
    for name in packed:
        assert gzip.decompress((site / name).read_bytes()) == (site / name).with_suffix("").read_bytes()
    assert not (site / "ar").exists()
    assert not (site / "sw.js").exists()
    for page, base in (("index.html", ""), ("404.html", "/")):
        tree = LexborHTMLParser((site / page).read_text("utf-8"))
        links = [link.attributes["href"] for link in tree.css("a[hreflang]")]
        assert links == [f"{base}fil/index.html", f"{base}km/index.html"]
    for name in ("nginx.conf", "Caddyfile"):
        assert '"/srv/our board/site"' in (folder / name).read_text("utf-8")
    assert "Every file matches the list" in run(tmp_path, "verify", str(folder))
    assert ", 0 written now" in run(built, "hotspot", str(folder), "--language", "fil", "--language", "km",
                                    "--at", "/srv/our board")  # fmt: skip
    wrong = run(built, "hotspot", str(tmp_path / "x"), "--name", "a;b", "--at", 'x"{', code=1)
    assert "`a;b` is not a name of a computer" in wrong
    assert '`x"{` is not the path of a folder' in wrong


def test_board_takes_the_language_that_a_phone_likes_best_and_asks_where_it_says_little(built):
    languages = [*load(built)[0].languages.values()]
    for said, code in ACCEPT_LANGUAGE_CASES.items():
        found = next(filter(None, (re.search(item, said.lower()) for item in languages_by_weight(languages))), None)
        assert (accepted_codes(languages)[found[1]] if found else "") == code, said
    asked = [replace(language, is_asked=language.code == "km") for language in languages]
    assert "km" not in accepted_codes(asked)


def test_page_for_kiwix_has_the_styles_that_other_pages_get_by_a_script(tiny):
    """Kiwix shows pages without scripts."""
    address = "fil/index.html"
    used_files: set[str] = set()
    page = zim_page(address, (tiny / "site" / address).read_text("utf-8"), used_files)
    tree = LexborHTMLParser(page["text"])
    assert [link.attributes["href"] for link in tree.css("head > link[rel=stylesheet]")] == ["../later.css"]
    assert tree.css("noscript, script") == []
    assert "later.css" in used_files
