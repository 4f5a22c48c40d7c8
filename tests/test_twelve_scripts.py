"""A page, a leaflet and a poster in twelve scripts: each letter is printed, copied, and drawn by its script's font."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from conftest import HERE, REPOSITORY, copy_or_link, mostly_long, run
from needed_tools import require
from printed_text import Printed, letters
from system_tools import NOTO_FONTS
from test_copied_text import missing, poppler, words
from test_full import localised, lost_words, strays, wrong_numbers

from campaign.checks.words import measure_languages
from campaign.content import load
from campaign.models.campaign import Campaign
from campaign.plan.outputs import catalogue
from campaign.printing import describe, make

FIXTURE = HERE / "campaigns/twelve-scripts"
SKELETON = REPOSITORY / "scripts/campaign/skeleton"
# The family that draws the letters of each language; Noto Sans has Devanagari and Greek, Andika Cyrillic.
FAMILIES = {
    "am": "NotoSansEthiopic",
    "si": "NotoSansSinhala",
    "ta": "NotoSansTamil",
    "hi": "NotoSans",
    "bn": "NotoSansBengali",
    "lo": "NotoSansLao",
    "ka": "NotoSansGeorgian",
    "hy": "NotoSansArmenian",
    "uk": "Andika",
    "el": "NotoSans",
    "he": "NotoSansHebrew",
    "dv": "NotoSansThaana",
}
# Fonts of the others come with the tests.
IN_DEBIAN = FAMILIES.keys() - {"ta", "hi", "uk", "el"}


def twelve_scripts(root: Path) -> Path:
    """The fixture at `root`, with the skeleton's drawings and numbers."""
    shutil.copytree(SKELETON / "assets", root / "assets", ignore=shutil.ignore_patterns("photos", "print-run.yml"))
    for place in ("north", "south"):
        (root / f"assets/contacts/{place}.yml").unlink()
    shutil.copytree(FIXTURE, root, dirs_exist_ok=True)
    shutil.copy(SKELETON / "docs/_sources.yml", root / "docs")
    return root


@pytest.fixture(scope="module")
def twelve(tmp_path_factory) -> Campaign:
    campaign, problems = load(twelve_scripts(tmp_path_factory.mktemp("twelve") / "campaign"))
    assert not [problem for problem in problems if problem.stops]
    return campaign


def pieces(campaign: Campaign, language: str):
    kinds = ("leaflet", "poster")
    return [o for o in catalogue(campaign) if o.kind in kinds and o.language == language and o.flavour == "office"]


def faults_of(path: Path, described: dict, family: str) -> list[str]:
    """Words that a reader can't copy, letters without a glyph, and a missing family."""
    panels = described["panels"].values()
    texts = [text for panel in panels for text in (panel["title"], *localised(panel["blocks"])) if text]
    read = poppler(path)
    # A comma after bold letters is a word of its own here.
    faults = missing(sum(map(words, texts), Counter()), letters(read), is_spaced=False)
    faults += [f"U+{ord(letter):04X}" for letter in "\0\ufffd" if letter in Printed(path).text + read]
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout
    return faults + ([] if f"+{family}-" in fonts else [fonts])


@pytest.mark.parametrize("language", mostly_long(FAMILIES, "hi"))
def test_each_letter_of_a_script_is_printed_and_copied(twelve, language, tmp_path):
    if language in IN_DEBIAN:
        require(NOTO_FONTS)
    faults = []
    for output in pieces(twelve, language):
        path, described = tmp_path / Path(output.path).name, describe(twelve, output)
        assert not isinstance(result := make(twelve, output, path), list), result
        faults += [*lost_words(Printed(path), described), *faults_of(path, described, FAMILIES[language])]
        if output.kind == "leaflet":
            faults += [*wrong_numbers(Printed(path), described), *strays(path, described)]
    assert faults == []


def test_text_that_is_not_translated_yet_is_isolated_among_letters_from_right_to_left(twelve):
    hebrew, greek = twelve.languages["he"].strings, twelve.languages["el"].strings
    assert hebrew["search-none"] == "\u2068Nothing found. Try another word, or look from A to Z.\u2069"
    assert greek["search-none"] == "Nothing found. Try another word, or look from A to Z."
    assert hebrew["menu"] == "תפריט"


def test_sentences_end_with_the_full_stops_of_their_script(twelve):
    longest = {code: measured.longest for code, measured in measure_languages(twelve).items()}
    # Not those of two sentences together, 21 words in Hindi.
    assert (longest["am"], longest["hi"], longest["hy"]) == (9, 13, 11)


@pytest.mark.long
def test_bold_verb_at_the_end_of_a_sign_stays_in_its_line(twelve, browser, tmp_path):
    """In Hindi, Tamil and others the full stop would be a line of its own."""
    require(NOTO_FONTS)
    root = shutil.copytree(twelve.root, tmp_path / "campaign", copy_function=copy_or_link)
    run(root, "build")
    page = browser.new_page(viewport={"width": 360, "height": 640})
    for language, is_inline in (("hi", True), ("dv", True), ("en", False), ("lo", False)):
        page.goto((root / f"site/{language}/index.html").as_uri())
        display = page.eval_on_selector(".signs strong", "bold => getComputedStyle(bold).display")
        assert (display == "inline") is is_inline, language
    page.close()
