"""Wherever an unverified number is shown, the same sentence says so."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from conftest import copy_campaign

from campaign.content import load
from campaign.content.messages import filled
from campaign.content.number_doubts import number_doubt, with_doubts
from campaign.exchange.contacts_out import outward_files
from campaign.plan.press_kits import SCREEN_PICTURE

TINY = Path(__file__).parent / "campaigns/tiny"
ARCHIVES = (".zip", ".epub", ".docx")
# Pieces of the pages, which are compared completely; pictures and fonts, which other tests cover.
WORDLESS = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".woff2", ".zim", ".json")
# Every kind of file that shows the number of the tiny campaign: a kind that is new here has to say the sentence too.
KINDS = {".html", ".htm", ".js", ".pdf", ".txt", ".xhtml", ".xml"}
HIDDEN = re.compile("<[^>]*wbr[^>]*>|[\u200b-\u200f\u2060\u2066-\u2069\u00ad]|\\s+")


def texts_of(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """(name, words) of a file and of each file in an archive."""
    if name.endswith(ARCHIVES):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for inner in archive.namelist():
                yield from texts_of(f"{name}/{inner}", archive.read(inner))
    elif name.endswith(".pdf"):
        pages = pypdfium2.PdfDocument(data)
        yield name, "\n".join(page.get_textpage().get_text_bounded() for page in pages)
    elif not name.endswith(WORDLESS):
        text = data.decode("utf-8", "replace")
        yield name, re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), html.unescape(text))


def plain(text: str) -> str:
    return HIDDEN.sub("", text)


@pytest.fixture(scope="module")
def told(tiny) -> list[tuple[str, str]]:
    """(name, words without spaces) of every file of the built campaign that has words."""
    files = sorted(item for top in ("site", "dist") for item in (tiny / top).rglob("*") if item.is_file())
    return [
        (name, plain(text))
        for path in files
        for name, text in texts_of(path.relative_to(tiny).as_posix(), path.read_bytes())
    ]


def test_every_file_that_shows_an_unchecked_number_says_that_nobody_has_checked_it(tiny, told):
    campaign, _ = load(tiny)
    digits = campaign.emergency.dial
    shows = re.compile(rf"(?<!\d)(?:{digits})(?!\d)")
    sentences = {plain(number_doubt(language, campaign.emergency)) for language in campaign.languages.values()}
    assert len(sentences) == len(campaign.languages)
    showing = [(name, text) for name, text in told if shows.search(text.replace("-", ""))]
    assert [name for name, text in showing if not any(sentence in text for sentence in sentences)] == []
    assert {Path(name).suffix for name, _ in showing} == KINDS


def test_every_file_that_says_that_a_call_is_free_says_who_says_so(tiny, told):
    campaign, _ = load(tiny)
    # A PDF returns the words of one script inside another in a different order.
    source = re.findall(r"\w+", campaign.sources[campaign.emergency.source].short)[0]
    free = [plain(language.strings["free"]).casefold() for language in campaign.languages.values()]
    saying = [(name, text) for name, text in told if any(words in text.casefold() for words in free)]
    assert saying
    assert [name for name, text in saying if source not in text] == []


def test_picture_of_a_poster_in_a_kit_for_screens_bears_its_sender(tiny):
    with zipfile.ZipFile(tiny / "dist/press/fil/press-kit-fil.zip") as kit:
        data = kit.read("press-kit-fil/pictures/screen/boil-the-water-fil.png")
    assert data == (tiny / f"dist/pictures/{SCREEN_PICTURE}/fil/boil-the-water-fil.png").read_bytes()
    assert b"Ligtas na tubig" in data  # in its metadata


def test_message_address_book_and_directory_say_it_too(tmp_path):
    campaign, _ = load(copy_campaign(TINY, tmp_path / "tiny"))
    doubt = number_doubt(campaign.source_language, campaign.emergency)
    assert filled(campaign, "fil", "boil-the-water", "Tumawag: {number}") == f"Tumawag: 07700 900112 ({doubt})"
    assert filled(campaign, "fil", "boil-the-water", "Pakuluan muna.") == "Pakuluan muna."
    files = outward_files(campaign, campaign.source_language)
    assert doubt.removesuffix(".") in files["contacts.vcf"].replace("\r\n ", "")
    services = {service["name"]: service.get("alert") for service in json.loads(files["contacts-hsds.json"])}
    assert services["Emerhensiya"] == doubt
    assert services["Klinika ng Ilog"] is None


def test_sentence_stands_once_and_names_the_number_where_there_are_several(tmp_path):
    campaign, _ = load(copy_campaign(TINY, tmp_path / "tiny"))
    language = campaign.source_language
    doubt = number_doubt(language, campaign.emergency)
    once = with_doubts(campaign, language, "Tumawag sa 07700 900112.")
    assert once == with_doubts(campaign, language, once) == f"Tumawag sa 07700 900112. {doubt}"
    two = with_doubts(campaign, language, "07700 900112 o +44 20 7946 0018")
    assert f"07700 900112: {doubt}" in two
    assert "+44 20 7946 0018: " in two
