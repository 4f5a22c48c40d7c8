"""A leaflet holds the numbers that an office really has: none is cut, none is small, and each says where it is from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import HERE, copy_campaign
from test_prints import tool

from campaign.content import load
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
