"""Copies for others to serve: files for Kiwix."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from conftest import copy_campaign, run
from libzim.reader import Archive
from libzim.search import Query, Searcher
from selectolax.lexbor import LexborHTMLParser

from campaign.models.problem import CampaignError
from campaign.pipeline import zim


@pytest.fixture(scope="module")
def built(tiny, tmp_path_factory) -> Path:
    """The tiny campaign and its site."""
    root = copy_campaign(tiny, tmp_path_factory.mktemp("copies") / "tiny")
    shutil.copytree(tiny / "site", root / "site")
    return root


def page_text(page: Path) -> str:
    return LexborHTMLParser(page.read_text("utf-8").replace("<wbr>", "")).css_first("main").text(separator=" ")


def found(archive: Archive, words: str) -> set[str]:
    results = Searcher(archive).search(Query().set_query(words))
    return {*results.getResults(0, 100)}


def test_file_for_kiwix_is_whole_found_by_its_words_and_the_same_twice(built):
    run(built, "zim", "--language", "km", "--language", "fil")
    files = {code: built / f"dist/copies/notes-{code}.zim" for code in ("fil", "km")}
    before = files["km"].read_bytes()
    zim.make_zims(built, ["km"])
    assert files["km"].read_bytes() == before
    archives = {code: Archive(path) for code, path in files.items()}
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
    # Words within letters without a space, two together; capitals and marks as somebody types them.
    leaflet = "km/leaflets/boil-the-water.html"
    for words in ("អណ្ដូង", "សាប៊ូ", "ធុងស្អាត"):
        assert not re.search(rf"(?<![\u1780-\u17d3]){words}(?![\u1780-\u17d3])", page_text(built / "site" / leaflet))
        assert leaflet in found(archives["km"], words)
    assert found(archives["fil"], "TUBÍG") == found(archives["fil"], "tubig") != set()


def test_without_its_part_or_a_site_a_file_for_kiwix_says_what_to_do(built, tmp_path, monkeypatch):
    root = copy_campaign(built, tmp_path / "tiny")
    assert "No site was built yet. Run: campaign build" in run(root, "zim", code=1)
    monkeypatch.setattr(zim, "find_spec", lambda _: None)
    with pytest.raises(CampaignError, match=r'pip install "campaign\[zim\]"'):
        zim.make_zims(built)
