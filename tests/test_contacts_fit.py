"""A leaflet holds the numbers that an office really has: none is cut, none is small, and each says where it is from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import HERE, copy_campaign
from test_prints import tool

from campaign.content import load
from campaign.models.campaign import Campaign
from campaign.models.contact import order_for
from campaign.plan.outputs import catalogue
from campaign.printing import make

# Numbers that Ofcom keeps for films and plays: nobody answers.
ENTRY = """  - id: {id}
    kind: health
    name: "{name}"
    does: [water]
    phone: "07700 90{n:04}"
    hours: 8:00-17:00
    source: drama-numbers
"""
# How high a line of Andika is, for each point of its size.
LINE = 1.61
NATIONAL = ("Kawanihan ng Malinis na Tubig", "Tanggapan ng Kalusugan", "Samahan ng mga Nanay", "Linya ng Tulong")
LOCAL = ("Klinika ng Baybayin", "Bantay-Tubig")


@pytest.fixture(scope="module")
def leaflets(tmp_path_factory) -> dict[str, Path]:
    """Leaflets of a campaign with five numbers for the whole country and two of a place: name of the file -> file."""
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path_factory.mktemp("numbers") / "campaign")
    for file, names, first in (("national.yml", NATIONAL, 1), ("coast.yml", LOCAL, 11)):
        path = root / "assets/contacts" / file
        entries = (ENTRY.format(id=f"{path.stem}-{n}", name=name, n=n) for n, name in enumerate(names, first))
        text = path.read_text(encoding="utf-8").replace("contacts: []", "contacts:\n")
        path.write_text(text + "".join(entries), encoding="utf-8")
    campaign, problems = load(root)
    assert not [problem for problem in problems if problem.stops], problems
    made = {}
    for output in catalogue(campaign):
        if output.kind == "leaflet" and output.flavour == "office" and output.place in (None, "coast"):
            target = root / Path(output.path).name
            found = make(campaign, output, target)
            assert not isinstance(found, list), found
            made[target.name] = target
    return made


FULL = """  - id: {id}
    kind: health
    name: {{fil: "{name}", ar: "عيادة {n}"}}
    service: {{fil: "Tubig na ligtas at gamot", km: "ទឹកស្អាត"}}
    hours: [{{days: mon-fri, open: [8:00-12:00, 13:30-17:00]}}, {{days: sat, open: [8:00-12:00]}}]
    languages: [fil, ar]
    email: tulong@klinika.example
    messenger: {{Signal: "07700 900199"}}
    source: drama-numbers
    numbers:
      - {{phone: "07700 90{n:04}", extension: "204", free: {free}}}
      - {{phone: "07700 91{n:04}", for: {{fil: "Sa gabi", ar: "ليلًا"}}}}
"""


@pytest.fixture(scope="module")
def crowded(tmp_path_factory) -> tuple[Campaign, dict[str, Path]]:
    """The same with eight contacts of the country and four of a place, of two numbers each."""
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path_factory.mktemp("crowd") / "campaign")
    for file, first, count in (("national.yml", 1, 8), ("coast.yml", 11, 4)):
        path = root / "assets/contacts" / file
        numbers = range(first, first + count)
        entries = (
            FULL.format(id=f"{path.stem}-{n}", name=NATIONAL[n % 4], n=n, free="yes" if n % 2 else "no")
            for n in numbers
        )
        text = path.read_text(encoding="utf-8").replace("contacts: []", "contacts:\n")
        path.write_text(text + "".join(entries), encoding="utf-8")
    page = root / "docs/fil/leaflets/boil-the-water.md"
    page.write_text(page.read_text(encoding="utf-8").replace("[tri-fold]", "[tri-fold, flyer]"), encoding="utf-8")
    campaign, problems = load(root)
    assert not [problem for problem in problems if problem.stops], problems
    made = {}
    for output in catalogue(campaign):
        is_wanted = output.kind in ("leaflet", "flyer", "contact-sheet") and output.place == "coast"
        if is_wanted and output.flavour == "office":
            target = root / Path(output.path).name
            found = make(campaign, output, target)
            assert not isinstance(found, list), found
            made[target.name] = target
    return campaign, made


def heights(path: Path) -> dict[str, float]:
    """Height of each word in points, the largest where it stands more than once."""
    words: dict[str, float] = {}
    said = tool("pdftotext", "-bbox", path, "-")
    for top, bottom, word in re.findall(r'yMin="([\d.]+)"[^>]*yMax="([\d.]+)">([^<]+)<', said):
        word = re.sub("[\u2066-\u2069]", "", word)
        words[word] = max(words.get(word, 0), float(bottom) - float(top))
    return words


def test_every_number_stands_on_each_leaflet_and_none_is_larger_than_the_main_one(leaflets):
    assert len(leaflets) == 6
    for name, path in leaflets.items():
        found = heights(path)
        numbers = [*range(1, 5), *(range(11, 13) if "coast" in name else ())]
        for n in numbers:
            assert f"90{n:04}" in found, (name, n)
        main = found["900112"]
        # Digits of bold Andika and Noto are about as high as their size.
        sizes = [found[f"90{n:04}"] for n in numbers]
        assert (min(sizes) >= 16 * LINE, max(sizes) <= main) == (True, True), (name, sizes, main)


def test_signs_beside_numbers_are_explained_in_the_small_print(leaflets):
    text = " ".join(tool("pdftotext", leaflets["boil-the-water-fil-coast-tri-fold.pdf"], "-").split())
    assert text.count("Numero mula sa:") >= 1
    assert "Wala pang tumitiyak sa numerong ito." in text


def test_what_no_leaflet_holds_is_on_a_sheet_that_the_leaflet_names(crowded):
    campaign, made = crowded
    for code in campaign.languages:
        sheet = heights(made[f"contact-sheet-{code}-coast-contact-sheet.pdf"])
        for n in (*range(1, 9), *range(11, 15)):
            for number in (f"90{n:04}", f"91{n:04}"):
                assert 16 * LINE <= sheet[number] <= sheet["900112"], (code, number)
        leaflet = heights(made[f"boil-the-water-{code}-coast-tri-fold.pdf"])
        numbers = [f"90{n:04}" for n in (*range(1, 9), *range(11, 15))]
        shown = [number for number in numbers if number in leaflet]
        main = leaflet["900112"]
        assert all(16 * LINE <= leaflet[number] <= main for number in shown), (code, shown)
        # The nearest come first.
        assert "900011" in shown, (code, shown)
        if len(shown) < len(numbers):
            title = "".join(campaign.languages[code].strings["contact-sheet"].split())
            text = "".join(tool("pdftotext", made[f"boil-the-water-{code}-coast-tri-fold.pdf"], "-").split())
            assert code != "fil" or title in text, text


def test_nearest_free_and_spoken_come_first_after_the_main_contact(crowded):
    campaign, _ = crowded
    order = [contact.id for contact in order_for(campaign.contacts_for("coast"), campaign.emergency, "fil")]
    assert order[:5] == ["rescue", "coast-11", "coast-13", "coast-12", "coast-14"]
    assert order[5:7] == ["national-1", "national-3"]


def test_sheet_says_all_that_is_known_of_a_contact(crowded):
    _, made = crowded
    text = " ".join(tool("pdftotext", made["contact-sheet-fil-coast-contact-sheet.pdf"], "-").split())
    for said in (
        "lokal",
        "Sa gabi",
        "tulong@klinika.example",
        "Signal: 07700",
        "Tubig na ligtas at gamot",
        "Sab 8:00–12:00",
    ):
        assert said in text.replace("\u00a0", " "), (said, text)


def test_no_word_of_a_flyer_lies_on_another(crowded):
    """Its back stands on the inside of the sheet, by a size of its own."""
    _, made = crowded
    said = tool("pdftotext", "-f", "2", "-bbox", made["boil-the-water-fil-coast-flyer.pdf"], "-")
    boxes = [
        [float(edge) for edge in found]
        for found in re.findall(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)"', said)
    ]
    # Boxes of large digits are higher than these.
    boxes = [box for box in boxes if box[3] - box[1] < 24]
    assert len(boxes) > 50
    for at, (left, top, right, bottom) in enumerate(boxes):
        for x, y, x_end, y_end in boxes[at + 1 :]:
            # Boxes of lines touch; half a line is too much.
            across, down = min(right, x_end) - max(left, x), min(bottom, y_end) - max(top, y)
            assert across < 2 or down < 0.6 * min(bottom - top, y_end - y), (left, top)
